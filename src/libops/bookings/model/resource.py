"""What can be booked, and the slots its time is cut into."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.base.ids import AssetId, BookingId, ItemId, LibraryCode, ResourceId
from libops.base.texts import an_identifier, not_blank

__all__ = ["EPOCH", "BookedSlot", "Resource", "slot_key", "slots_between"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""Where the counting of slots begins."""


def _fits_a_day(_: object, __: object, minutes: int) -> None:
    if not (minutes > 0 and 1440 % minutes == 0):
        raise InvalidValue(f"slots of {minutes} minutes do not fill a day: give 5, 10, 15, 30, 60 or the like")


@frozen(kw_only=True)
class Resource:
    """A room, a machine or a piece of equipment that is booked by time slot.

    `slot_minutes` is the grain of its time; bookings are kept apart by slots, so it stays as it is while bookings are
    ahead. Slots are counted in UTC: choose a length that divides the zone's offset (30 in India, 15 in Nepal).
    `terms` names the booking terms; empty means those of its kind. A resource that is lent too names its item, one of
    the equipment register its asset.
    """

    id: ResourceId = field(validator=an_identifier)
    name: str = field(validator=not_blank)
    kind: str = field(validator=not_blank)
    library: LibraryCode
    slot_minutes: int = field(default=15, validator=_fits_a_day)
    terms: str = ""
    item_id: ItemId | None = None
    asset_id: AssetId | None = None
    capacity: int | None = None
    features: tuple[str, ...] = ()
    bookable: bool = True


@frozen
class BookedSlot:
    """One slot of a resource, taken by one booking.

    Keyed by resource and start: no store lets two records share a key, so no two bookings ever overlap, however many
    desks book at once. Lead and trail of a booking take slots as well.
    """

    key: str
    resource_id: ResourceId
    start: datetime
    booking_id: BookingId


def slot_key(resource_id: ResourceId, start: datetime) -> str:
    """The key of `BookedSlot`.

    >>> slot_key(ResourceId("R-1"), datetime(2026, 3, 2, 9, 15, tzinfo=UTC))
    'R-1:2026-03-02T09:15Z'
    """
    return f"{resource_id}:{start:%Y-%m-%dT%H:%M}Z"


def slots_between(start: datetime, end: datetime, minutes: int) -> Iterator[datetime]:
    """The starts of all slots that a span touches, in order; none for an empty span.

    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> [f"{slot:%H:%M}" for slot in slots_between(nine, nine + timedelta(minutes=40), 15)]
    ['09:00', '09:15', '09:30']
    """
    step = timedelta(minutes=minutes)
    slot = EPOCH + (start - EPOCH) // step * step
    while slot < end and start < end:
        yield slot
        slot += step
