"""What the bookings room has to know before it answers, and what it answers with."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from libops.base.calendars import Calendar
from libops.base.decisions import Reason
from libops.base.events import Event
from libops.base.ids import PatronId
from libops.bookings.model import (
    BookedSlot,
    Booking,
    Certification,
    Job,
    Material,
    PlannedCharge,
    Resource,
    RunningJob,
    WaitingEntry,
)

__all__ = ["BookingFacts", "BookingPlan", "BookingRequest", "JobFacts", "LifeFacts"]


@frozen
class BookingPlan:
    """What will be said to have happened, and the charges for the patron's account."""

    events: tuple[Event, ...]
    charges: tuple[PlannedCharge, ...] = ()


@frozen(kw_only=True)
class BookingRequest:
    """Who wants a resource from when to when, in UTC, and what for."""

    patron_id: PatronId
    start: datetime
    end: datetime
    purpose: str = ""


@frozen(kw_only=True)
class BookingFacts:
    """For a new booking or another time: the resource, what is taken around the span, and the patron's side.

    `taken` are the stored slots of the resource over the span with lead and trail. `held_by` are the tickets that hold
    the resource, its asset or its item out of service. `loan_due` is when its item is due if it is on loan now.
    `open_bookings` are the patron's open bookings under the same terms. `patron_reasons` are the reasons the patron's
    blocks give against booking.
    """

    resource: Resource
    calendar: Calendar
    taken: tuple[BookedSlot, ...] = ()
    held_by: tuple[str, ...] = ()
    loan_due: datetime | None = None
    open_bookings: tuple[Booking, ...] = ()
    certifications: tuple[Certification, ...] = ()
    patron_reasons: tuple[Reason, ...] = ()


@frozen(kw_only=True)
class LifeFacts:
    """For an act on a booking: the booking, its resource, and who waits for it.

    `taken` are the stored slots of the resource over the spans of those who wait, those of this booking included.
    `at_limit` are those who wait and may have no further booking.
    """

    booking: Booking
    resource: Resource
    held_by: tuple[str, ...] = ()
    certifications: tuple[Certification, ...] = ()
    waiting: tuple[WaitingEntry, ...] = ()
    taken: tuple[BookedSlot, ...] = ()
    at_limit: frozenset[PatronId] = frozenset()


@frozen(kw_only=True)
class JobFacts:
    """For a makerspace job: its material, the patron's certifications, the machine and what runs on it."""

    job: Job
    material: Material
    certifications: tuple[Certification, ...] = ()
    machine: Resource | None = None
    running: RunningJob | None = None
    held_by: tuple[str, ...] = ()
    patron_reasons: tuple[Reason, ...] = ()
