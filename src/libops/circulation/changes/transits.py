"""What each event about transits changes: the item's transit, and where the item is kept."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from libops.base.errors import NotFound
from libops.base.events import Change, Changes, Drop, Put, Records
from libops.circulation.events.transits import (
    ItemArrived,
    ItemSentInTransit,
    ItemStayed,
    TransitCancelled,
    TransitRetitled,
)
from libops.circulation.model.transits import Transit
from libops.items.model import Item

__all__ = ["TRANSIT_CHANGES"]


def sent(event: ItemSentInTransit, records: Records) -> Iterable[Change]:
    return (Put(event.transit),)


def ended(event: ItemArrived | TransitCancelled, records: Records) -> Iterable[Change]:
    return (Drop(Transit, event.item_id),)


def retitled(event: TransitRetitled, records: Records) -> Iterable[Change]:
    transit = records.get(Transit, event.item_id)
    # The log may tell no more of a way that an item was sent on for a hold, once the hold is forgotten.
    if transit is not None:
        yield Put(evolve(transit, bib_id=event.bib_id))


def stayed(event: ItemStayed, records: Records) -> Iterable[Change]:
    item = records.get(Item, event.item_id)
    if item is None:
        raise NotFound(f"no item {event.item_id!r}: the log is not in order")
    yield Put(evolve(item, holding_library=event.library))


TRANSIT_CHANGES: Changes = {
    ItemSentInTransit: sent,
    ItemArrived: ended,
    TransitCancelled: ended,
    ItemStayed: stayed,
    TransitRetitled: retitled,
}
