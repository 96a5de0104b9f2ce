"""May this message go to this patron, and to which address?"""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from libops.base.decisions import Decision, Permit, Refuse
from libops.base.events import Event
from libops.notices import reasons
from libops.notices.model import Message, OutboxEntry, OutboxState
from libops.patrons.model import Patron

__all__ = ["MessagePlan", "address_of", "write"]


@frozen
class MessagePlan:
    """A message on its way into the outbox. It changes no record of the library, so there are no events."""

    entry: OutboxEntry
    events: tuple[Event, ...] = ()


def address_of(patron: Patron, channel: str) -> str:
    """Where a kind of channel reaches a patron; empty when it does not."""
    return {"email": patron.email, "sms": patron.phone, "letter": patron.address}.get(channel, "")


def write(
    patron: Patron, *, key: str, kind: str, channel: str, subject: str, body: str, at: datetime
) -> Decision[MessagePlan]:
    """Write a message to a patron; `key` stays the same for every attempt to send it."""
    to = address_of(patron, channel)
    if not to:
        return Refuse((reasons.NO_ADDRESS(patron=patron.name, channel=channel),))
    message = Message(key, patron.id, kind, channel, to, subject, body, patron.language, at)
    return Permit(MessagePlan(OutboxEntry(key, message, OutboxState.WAITING, at)))
