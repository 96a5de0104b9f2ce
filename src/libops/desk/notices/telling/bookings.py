"""Bookings: made, approved, changed, given up; what came free for those who wait; and that it begins soon."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from libops.base.events import Event
from libops.bookings.events import (
    BookingApproved,
    BookingCancelled,
    BookingChanged,
    BookingEvent,
    BookingMade,
    BookingRejected,
    WaitingLeft,
    WaitingOffered,
)
from libops.bookings.model import BookedSlot, Booking, BookingState, Resource, WaitingEntry
from libops.desk.notices.telling.terms import Tale, TellingTerms
from libops.desk.reads import Reads
from libops.notices.model import Occasion, Trigger
from libops.notices.planner import Telling
from libops.patrons.model import Patron
from libops.storage.kinds import kind_of
from libops.storage.port import Find

__all__ = [
    "STANDS_AS",
    "booking_ended",
    "booking_tale",
    "booking_stands",
    "changed",
    "made",
    "moved_on",
    "offered",
    "still_free",
]


def booking_tale(
    terms: TellingTerms,
    reads: Reads,
    booking: Booking,
    at: datetime,
    trigger: Trigger = Trigger.BOOKING,
    note: str = "",
) -> Tale | None:
    """What is told of a booking, by the terms of its resource; None where those name no notices."""
    resource = reads.get(Resource, booking.resource_id)
    return _tale(terms, reads, trigger, booking.id, resource, booking.patron_id, booking.start, booking.end, note)


def _tale(
    terms: TellingTerms,
    reads: Reads,
    trigger: Trigger,
    subject: str,
    resource: Resource | None,
    patron_id: str,
    start: datetime,
    end: datetime,
    note: str = "",
) -> Tale | None:
    policy = None if resource is None else terms.notices.of_resource(resource)
    if resource is None or policy is None:
        return None
    patron = reads.get(Patron, patron_id)
    if patron is None:
        return None
    occasion = Occasion(
        "",
        trigger,
        subject,
        resource.item_id,
        resource.name,
        stands_while=start,
        start=start,
        end=end,
        note=note,
    )
    return Tale(Telling(occasion, patron, resource.library, start, f"{start:%Y%m%dT%H%M%S}"), policy)


def made(event: Event, events: Sequence[Event], reads: Reads, terms: TellingTerms) -> Iterator[Tale]:
    """A booking is there: confirmed, waiting for approval, or made for the first who waited."""
    assert isinstance(event, BookingMade)
    trigger = Trigger.BOOKING_REQUESTED
    if event.booking.state is BookingState.CONFIRMED:
        waited = any(isinstance(other, WaitingLeft) for other in events)
        trigger = Trigger.BOOKING_PROMOTED if waited else Trigger.BOOKING_CONFIRMED
    return _found(booking_tale(terms, reads, event.booking, event.at, trigger))


def changed(event: Event, events: Sequence[Event], reads: Reads, terms: TellingTerms) -> Iterator[Tale]:
    """A booking has another time."""
    assert isinstance(event, BookingChanged)
    booking = reads.get(Booking, event.booking_id)
    resource = None if booking is None else reads.get(Resource, booking.resource_id)
    if booking is None or (event.start, event.end) == (booking.start, booking.end):
        return iter(())
    return _found(
        _tale(
            terms,
            reads,
            Trigger.BOOKING_CHANGED,
            booking.id,
            resource,
            booking.patron_id,
            event.start,
            event.end,
        )
    )


def moved_on(trigger: Trigger) -> Callable[[Event, Sequence[Event], Reads, TellingTerms], Iterator[Tale]]:
    """What is told when a booking goes into another state; what was said about it goes along as the note."""

    def told(event: Event, events: Sequence[Event], reads: Reads, terms: TellingTerms) -> Iterator[Tale]:
        assert isinstance(event, BookingEvent)
        booking = reads.get(Booking, event.booking_id)
        note = getattr(event, "why", "")
        return _found(None if booking is None else booking_tale(terms, reads, booking, event.at, trigger, note))

    return told


def offered(event: Event, events: Sequence[Event], reads: Reads, terms: TellingTerms) -> Iterator[Tale]:
    """A span came free, and the patron who waited longest is told."""
    assert isinstance(event, WaitingOffered)
    entry = reads.get(WaitingEntry, event.entry_id)
    if entry is None:
        return iter(())
    resource, trigger = reads.get(Resource, entry.resource_id), Trigger.BOOKING_OFFERED
    return _found(_tale(terms, reads, trigger, entry.id, resource, entry.patron_id, entry.start, entry.end))


def _found(tale: Tale | None) -> Iterator[Tale]:
    return iter(() if tale is None else (tale,))


STANDS_AS = {
    Trigger.BOOKING: BookingState.CONFIRMED,
    Trigger.BOOKING_CONFIRMED: BookingState.CONFIRMED,
    Trigger.BOOKING_APPROVED: BookingState.CONFIRMED,
    Trigger.BOOKING_PROMOTED: BookingState.CONFIRMED,
    Trigger.BOOKING_REQUESTED: BookingState.REQUESTED,
}
"""The state a booking must still be in when the message goes out."""


def booking_stands(occasion: Occasion, reads: Reads) -> bool:
    """The booking still begins when it did, in the state that is told of."""
    booking = reads.get(Booking, occasion.subject)
    if booking is None or booking.start != occasion.stands_while:
        return False
    wanted = STANDS_AS.get(occasion.trigger)
    return booking.state.is_open if wanted is None else booking.state is wanted


def booking_ended(occasion: Occasion, reads: Reads) -> bool:
    """The booking is not open any more."""
    booking = reads.get(Booking, occasion.subject)
    return booking is not None and not booking.state.is_open


def still_free(occasion: Occasion, reads: Reads) -> bool:
    """The patron still waits, and nobody was faster."""
    entry = reads.get(WaitingEntry, occasion.subject)
    if entry is None or entry.offered_at is None:
        return False
    slots = kind_of(BookedSlot)
    asked = Find(slots, "by_resource", (entry.resource_id,), low=entry.start, high=entry.end, limit=1)
    return not reads.load(asked)[0]


BOOKING_EVENTS = {
    BookingMade: made,
    BookingChanged: changed,
    BookingApproved: moved_on(Trigger.BOOKING_APPROVED),
    BookingRejected: moved_on(Trigger.BOOKING_REJECTED),
    BookingCancelled: moved_on(Trigger.BOOKING_CANCELLED),
    WaitingOffered: offered,
}
"""What is told of each event of the bookings room."""
