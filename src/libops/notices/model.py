"""Messages to patrons, and the outbox in which they wait for their channel."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import frozen

from libops.base.ids import PatronId

__all__ = ["Message", "OutboxEntry", "OutboxState"]


@frozen
class Message:
    """What goes out to one patron through one channel.

    `key` is the same for every attempt at the same message, so that a channel can refuse to send it twice; `kind`
    names the template (`overdue`, `hold_ready`), `channel` the kind of channel (`email`, `sms`, `letter`), and `to`
    the address in that channel's own form.
    """

    key: str
    patron_id: PatronId
    kind: str
    channel: str
    to: str
    subject: str
    body: str
    language: str
    made_at: datetime


class OutboxState(Enum):
    """Where a message stands."""

    WAITING = "waiting"
    FAILED = "failed"
    """Given up after the last attempt; visible until somebody deals with it."""


@frozen
class OutboxEntry:
    """A message that was committed together with what it tells, and has not been handed over yet."""

    key: str
    message: Message
    state: OutboxState
    next_try: datetime
    attempts: int = 0
    error: str = ""
