"""What use in the house changes: the count of that item and day."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from libops.base.events import Change, Changes, Put, Records
from libops.circulation.events.in_house import ItemUsedInHouse
from libops.circulation.model.in_house import InHouseUse, in_house_key

__all__ = ["IN_HOUSE_CHANGES"]


def used(event: ItemUsedInHouse, records: Records) -> Iterable[Change]:
    key = in_house_key(event.item_id, event.library, event.day)
    known = records.get(InHouseUse, key)
    if known is not None:
        yield Put(evolve(known, uses=known.uses + event.uses))
        return
    yield Put(
        InHouseUse(
            key,
            event.item_id,
            event.bib_id,
            event.library,
            event.day,
            event.item_type,
            event.shelving_location,
            event.uses,
        )
    )


IN_HOUSE_CHANGES: Changes = {ItemUsedInHouse: used}
