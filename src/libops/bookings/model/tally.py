"""Counters of open bookings, by which decisions are guarded that depend on all of them."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from libops.base.ids import ItemId, PatronId
from libops.bookings.model.booking import Booking

__all__ = ["BookingTally", "tally_key", "tally_keys"]


@frozen
class BookingTally:
    """How many bookings of one patron, or of one item that is lent too, are open; gone when none is.

    Whoever asks how many bookings a patron has, or until when an item may be lent, reads this record first. Every
    booking that is made, moved or over writes it anew, so that of two desks which answer at the same moment one has to
    ask again: limits hold exactly across resources, and no loan runs into a booking made meanwhile.
    """

    key: str
    open: int


def tally_key(*, patron: PatronId | None = None, item: ItemId | None = None) -> str:
    """The key of `BookingTally`.

    >>> tally_key(patron=PatronId("P-9")), tally_key(item=ItemId("I-31"))
    ('patron:P-9', 'item:I-31')
    """
    return f"patron:{patron}" if item is None else f"item:{item}"


def tally_keys(booking: Booking) -> Iterator[str]:
    """The tallies in which a booking is counted."""
    yield tally_key(patron=booking.patron_id)
    if booking.item_id is not None:
        yield tally_key(item=booking.item_id)
