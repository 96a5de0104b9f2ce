"""Bookings, the waiting list, and how a booking and a loan respect each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from types import MappingProxyType

from attrs import frozen

from libops.base.errors import InvalidValue
from libops.base.ids import BookingId, ItemId, PatronId, ResourceId
from libops.base.money import Money
from libops.bookings.model.resource import BookedSlot, slot_key, slots_between

__all__ = [
    "BOOKING_LEGAL",
    "Booking",
    "BookingAct",
    "BookingState",
    "ChargeCause",
    "PlannedCharge",
    "WaitingEntry",
    "first_waiting",
    "next_booking_start",
]


class BookingState(Enum):
    """Where a booking stands."""

    REQUESTED = "requested"
    """Waits for approval; its slots are taken already."""
    CONFIRMED = "confirmed"
    STARTED = "started"
    """The patron is there, or has the equipment."""
    ENDED = "ended"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    NO_SHOW = "no_show"

    @property
    def is_open(self) -> bool:
        """Whether it still holds, or will hold, the resource."""
        return self in (BookingState.REQUESTED, BookingState.CONFIRMED, BookingState.STARTED)


class BookingAct(Enum):
    """What moves a booking from state to state."""

    APPROVE = "approve"
    REJECT = "reject"
    CHANGE = "change"
    START = "start"
    END = "end"
    CANCEL = "cancel"
    MARK_NO_SHOW = "mark_no_show"


def _legal() -> Mapping[BookingState, Mapping[BookingAct, BookingState]]:
    state, act = BookingState, BookingAct
    table = {
        state.REQUESTED: {
            act.APPROVE: state.CONFIRMED,
            act.REJECT: state.REJECTED,
            act.CANCEL: state.CANCELLED,
            act.CHANGE: state.REQUESTED,
        },
        state.CONFIRMED: {
            act.START: state.STARTED,
            act.CANCEL: state.CANCELLED,
            act.CHANGE: state.CONFIRMED,
            act.MARK_NO_SHOW: state.NO_SHOW,
        },
        state.STARTED: {act.END: state.ENDED, act.CHANGE: state.STARTED},
        state.ENDED: {},
        state.CANCELLED: {},
        state.REJECTED: {},
        state.NO_SHOW: {},
    }
    return MappingProxyType({before: MappingProxyType(acts) for before, acts in table.items()})


BOOKING_LEGAL: Mapping[BookingState, Mapping[BookingAct, BookingState]] = _legal()
"""Every legal move of a booking: state -> act -> next state."""


@frozen(kw_only=True)
class Booking:
    """A resource promised to a patron from `start` to `end`.

    `blocked_from` and `blocked_until` add lead and trail, the time before and after that nobody else may book; when a
    booking ends early `blocked_until` moves, and the slots behind it are free again. `patron_id` is empty once it is
    forgotten whose it was.
    """

    id: BookingId
    resource_id: ResourceId
    patron_id: PatronId
    start: datetime
    end: datetime
    blocked_from: datetime
    blocked_until: datetime
    slot_minutes: int
    state: BookingState = BookingState.CONFIRMED
    purpose: str = ""
    made_at: datetime
    item_id: ItemId | None = None
    series: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    flag: str = ""
    """Why staff should look at it, empty for nothing: the library closes meanwhile."""

    def __attrs_post_init__(self) -> None:
        if not self.start < self.end:
            raise InvalidValue(f"a booking from {self.start} to {self.end} has no length: it ends after it starts")
        if self.blocked_from > self.start:
            raise InvalidValue(f"blocked from {self.blocked_from}, after the start {self.start}: lead comes before it")

    @property
    def minutes(self) -> int:
        """Its length in minutes."""
        return int((self.end - self.start).total_seconds()) // 60

    def slots(self) -> Iterator[BookedSlot]:
        """The slots it takes, lead and trail included."""
        for slot in slots_between(self.blocked_from, self.blocked_until, self.slot_minutes):
            yield BookedSlot(slot_key(self.resource_id, slot), self.resource_id, slot, self.id)


@frozen
class WaitingEntry:
    """A patron who waits for a span of a resource that is taken; `offered_at` once it came free for them."""

    id: str
    resource_id: ResourceId
    patron_id: PatronId
    start: datetime
    end: datetime
    since: datetime
    offered_at: datetime | None = None


class ChargeCause(Enum):
    """What a planned charge is for."""

    DEPOSIT = "deposit"
    DEPOSIT_BACK = "deposit_back"
    """A deposit that is paid back; the amount is below zero."""
    RENT = "rent"
    LATE_END = "late_end"
    LATE_CANCELLATION = "late_cancellation"
    NO_SHOW = "no_show"
    JOB = "job"


@frozen
class PlannedCharge:
    """A charge the desk hands to the patron's account in the same step; `about` is the booking or job."""

    cause: ChargeCause
    amount: Money
    patron_id: PatronId
    about: str


def first_waiting(
    entries: Iterable[WaitingEntry], is_free: Callable[[WaitingEntry], bool], *, now: datetime
) -> WaitingEntry | None:
    """Who waited longest for a span that is free and has not begun; None when nobody fits.

    Entries that were offered a place already are passed over.
    """
    for entry in sorted(entries, key=lambda entry: (entry.since, entry.id)):
        if entry.offered_at is None and entry.start >= now and is_free(entry):
            return entry
    return None


def next_booking_start(
    bookings: Iterable[Booking], after: datetime, *, except_patron: PatronId | None = None
) -> datetime | None:
    """When the next booking of a resource, or of an item, needs it: the end of any loan made `after` this moment.

    The start includes the lead, and may lie before `after` when a booking runs now. Bookings of `except_patron`, the
    one who borrows, are not in the way. None: nothing is ahead. A loan's due date is the earlier of the two.
    """
    starts = (
        booking.blocked_from
        for booking in bookings
        if booking.state.is_open and booking.blocked_until > after and booking.patron_id != except_patron
    )
    return min(starts, default=None)
