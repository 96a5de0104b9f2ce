"""What the neighbors of circulation say about lending an item: the repair shop, the bookings, the back room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from attrs import frozen

from libops.base.ids import ItemId
from libops.base.makers import maker
from libops.desk.reads import Place, Reads
from libops.equipment.model.asset import OutOfService, subject_key
from libops.storage.kinds import kind_named, kind_of
from libops.storage.port import Find, Get

if TYPE_CHECKING:
    from libops.bookings.model import Resource
    from libops.processing.policy import ProcessingPolicy

__all__ = ["Neighbors", "Said", "ticket_on"]

INSTANT = timedelta(microseconds=1)


@frozen
class Said:
    """Whether a ticket holds the item, whether it is still in processing, and when somebody else has it booked."""

    out_of_service: bool
    in_processing: bool
    next_booking: datetime | None


NOTHING = Said(False, False, None)
new_find = maker(Find)


class Neighbors:
    """Asks the other rooms, in the same round trip as the other facts. Processing is asked where it is used."""

    def __init__(self, clock: Callable[[], datetime], processing: ProcessingPolicy | None) -> None:
        self.clock = clock
        self.processing = processing
        self.resources = kind_named("resource")
        self.preparations = kind_named("preparation")

    def asked(self, item_id: str) -> tuple[Place, ...]:
        """The kinds and keys of the records to read along with others about this item."""
        held = ticket_on(item_id)
        return (held,) if self.processing is None else (held, (self.preparations, item_id))

    def booked(self, item_id: str) -> Find:
        """What of this item can be booked."""
        return new_find(self.resources, "by_item", (item_id,))

    def said(self, reads: Reads, patron_id: str, answers: Sequence[Any], resources: Sequence[Resource]) -> Said:
        """What the answers to `asked` and `booked` mean for lending to this patron."""
        held, *preparations = answers
        if held is None and not resources and not preparations:
            return NOTHING
        waits = self.processing is not None and waiting(preparations[0], self.processing)
        starts = [start for resource in resources if (start := self.booked_from(reads, resource, patron_id))]
        return Said(held is not None, waits, min(starts, default=None))

    def booked_from(self, reads: Reads, resource: Resource, patron_id: str) -> datetime | None:
        """When the next booking of somebody else begins, its lead included; read off the slots, which are few."""
        from libops.bookings.model import BookedSlot, Booking, BookingTally, tally_key

        # Read before the slots, so that a booking made in between is a conflict and the loan is looked at again.
        reads.get(BookingTally, tally_key(item=resource.item_id))
        low = self.clock() - timedelta(minutes=resource.slot_minutes) + INSTANT
        while True:
            (slots,) = reads.load(Find(kind_of(BookedSlot), "by_resource", (resource.id,), low=low, limit=1))
            if not slots:
                return None
            booking = reads.get(Booking, slots[0].booking_id)
            assert booking is not None, f"slot {slots[0].key!r} is of no booking"
            if booking.patron_id != patron_id:
                return booking.blocked_from
            low = booking.blocked_until


def ticket_on(item_id: str) -> Get:
    """What says that a ticket of the repair shop holds the item."""
    return Get(kind_of(OutOfService), subject_key(item=ItemId(item_id)))


def waiting(preparation: Any, policy: ProcessingPolicy) -> bool:
    """Whether processing still has the item."""
    from libops.processing.decide import lending_reasons

    return bool(lending_reasons(preparation, policy=policy))
