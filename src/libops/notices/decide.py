"""May this message go to this patron, through which channel and to which address?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from attrs import frozen

from libops.base.decisions import Decision, Permit, Refuse
from libops.base.events import Event
from libops.notices import reasons
from libops.notices.model import Message, OutboxEntry, OutboxState
from libops.notices.policy import Notice
from libops.patrons.model import Patron

__all__ = ["NO_NOTICES", "MessagePlan", "address_of", "channel_for", "write"]

NO_NOTICES = "none"
"""What a patron who wants no notices has in place of channels; only required ones are sent then."""


@frozen
class MessagePlan:
    """A message on its way into the outbox. It changes no record of the library, so there are no events."""

    entry: OutboxEntry
    events: tuple[Event, ...] = ()


def address_of(patron: Patron, channel: str) -> str:
    """Where a kind of channel reaches a patron; empty when it does not."""
    return {"email": patron.email, "sms": patron.phone, "letter": patron.address}.get(channel, "")


def channel_for(patron: Patron, notice: Notice) -> str | None:
    """The kind of channel by which a patron gets a notice.

    The patron's own wishes come first, in their order, then the notice's channels. Empty when no channel reaches the
    patron; None when the patron wants no notices and this one is not required.
    """
    if NO_NOTICES in patron.channels and not notice.required:
        return None
    for channel in _wanted(patron.channels, notice.channels):
        if channel == "letter" and patron.bad_address:
            continue
        if address_of(patron, channel):
            return channel
    return ""


def _wanted(own: Sequence[str], usual: Sequence[str]) -> list[str]:
    return [channel for channel in dict.fromkeys((*own, *usual)) if channel != NO_NOTICES]


def write(
    patron: Patron, *, key: str, kind: str, channel: str, subject: str, body: str, at: datetime
) -> Decision[MessagePlan]:
    """Write a message to a patron; `key` stays the same for every attempt to send it."""
    to = address_of(patron, channel)
    if not to:
        return Refuse((reasons.NO_ADDRESS(patron=patron.name, channel=channel),))
    message = Message(key, patron.id, kind, channel, to, subject, body, patron.language, at)
    return Permit(MessagePlan(OutboxEntry(key, message, OutboxState.WAITING, at, patron_id=patron.id)))
