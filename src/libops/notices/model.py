"""Messages to patrons, what they tell of, and the outbox in which they wait for their channel."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import frozen

from libops.base.ids import ItemId, LibraryCode, PatronId
from libops.base.money import Money

__all__ = ["Message", "NoticeTrack", "Occasion", "OutboxEntry", "OutboxState", "Trigger"]


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


class Trigger(Enum):
    """What a notice is about, and what its time is counted from."""

    CHECK_OUT = "check-out"
    CHECK_IN = "check-in"
    RENEWAL = "renewal"
    DUE = "due"
    """The moment a loan is due: before it a courtesy notice, after it an overdue notice."""
    REMINDER = "reminder"
    """A reminder that costs a fee; its times are those of the reminder schedule."""
    RECALL = "recall"
    LOST = "lost"
    HOLD_READY = "hold-ready"


@frozen
class Occasion:
    """One thing that a message tells of: one loan at one moment, once and for all.

    `key` names it for good (`overdue:LOAN:0:1`), so that a second run finds it done. `subject` is the loan or the
    hold, `stands_while` the due date that must still hold when the message goes out (None: nothing to ask again).
    """

    key: str
    trigger: Trigger
    subject: str
    item_id: ItemId | None = None
    title: str = ""
    barcode: str = ""
    call_number: str = ""
    due: datetime | None = None
    stands_while: datetime | None = None
    fee: Money | None = None


@frozen
class NoticeTrack:
    """Which occasions of a loan or hold have been told already. It names no patron."""

    subject: str
    told: tuple[str, ...] = ()


class OutboxState(Enum):
    """Where a message stands."""

    WAITING = "waiting"
    FAILED = "failed"
    """Given up after the last attempt; visible until somebody deals with it."""


@frozen
class OutboxEntry:
    """A message that was committed together with what it tells, and has not been handed over yet.

    An entry with `occasions` is put into words when it is handed over, from those that still stand. While it is in a
    `group` more occasions for the same patron may join it; it leaves the group when a channel takes it up.
    """

    key: str
    message: Message
    state: OutboxState
    next_try: datetime
    attempts: int = 0
    error: str = ""
    patron_id: PatronId | None = None
    library: LibraryCode | None = None
    group: str | None = None
    occasions: tuple[Occasion, ...] = ()
