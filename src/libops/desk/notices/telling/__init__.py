"""What patrons are told of: for each event that may be told, what is said, to whom and by which policy.

`UPON` names the events that are told when they happen, `STANDS` how each is asked again just before its message goes
out. To tell of something new, write a function that yields the `Tale` of an event and put it into `UPON`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from libops.base.events import Event
from libops.circulation.events import (
    DueDateChanged,
    HoldCancelled,
    HoldExpired,
    HoldReady,
    ItemCheckedIn,
    ItemCheckedOut,
    ItemLost,
    LoanRecalled,
    LoanRenewed,
    LossBilled,
    ShelfEndMoved,
)
from libops.desk.notices.telling import bookings, holds, loans, people
from libops.desk.notices.telling.terms import Tale, TellingTerms
from libops.desk.reads import Reads
from libops.equipment.events import TicketResolved
from libops.notices.model import Occasion, Trigger

__all__ = ["STANDS", "UPON", "Tale", "TellingTerms", "stands"]

Told = Callable[[Event, Sequence[Event], Reads, TellingTerms], Iterator[Tale]]

UPON: Mapping[type[Event], Told] = {
    ItemCheckedOut: loans.lent,
    LoanRenewed: loans.renewed,
    ItemCheckedIn: loans.returned,
    LoanRecalled: loans.recalled,
    ItemLost: loans.lost,
    LossBilled: loans.billed,
    DueDateChanged: loans.due_moved,
    HoldReady: holds.ready,
    ShelfEndMoved: holds.shelf_moved,
    HoldCancelled: holds.cancelled,
    HoldExpired: holds.expired,
    TicketResolved: people.repaired,
    **bookings.BOOKING_EVENTS,
}
"""Events that patrons may be told of when they happen. Each function gets the event, all events of the act, what the
act has read (the records as they were before it) and the terms."""

STANDS: Mapping[Trigger, Callable[[Occasion, Reads], bool]] = {
    Trigger.DUE: loans.loan_still_late,
    Trigger.REMINDER: loans.loan_still_late,
    Trigger.RECALL: loans.loan_still_late,
    Trigger.DUE_MOVED: loans.still_due_then,
    Trigger.HOLD_READY: holds.still_on_hold_shelf,
    Trigger.SHELF_MOVED: holds.still_on_hold_shelf,
    **dict.fromkeys((*bookings.STANDS_AS, Trigger.BOOKING_CHANGED), bookings.booking_stands),
    Trigger.BOOKING_REJECTED: bookings.booking_ended,
    Trigger.BOOKING_CANCELLED: bookings.booking_ended,
    Trigger.BOOKING_OFFERED: bookings.still_free,
    Trigger.TICKET_RESOLVED: people.still_repaired,
    Trigger.MEMBERSHIP: people.membership_stands,
    Trigger.CERTIFICATION: people.certification_stands,
}
"""How an occasion is asked again just before its message goes out; what is not here stands for good."""


def stands(occasion: Occasion, reads: Reads) -> bool:
    """Whether what a message tells is still so."""
    ask = STANDS.get(occasion.trigger)
    return ask is None or ask(occasion, reads)
