"""What displays and rotations share: may these items stand elsewhere for a while, and which of them go home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from libops.base.answers import Asked
from libops.base.ids import ItemId
from libops.inventory.model import ShelfItem, ShelfStatus, TemporaryPlacement
from libops.inventory.reasons import PLACEMENT_AWAY, PLACEMENT_GONE, PLACEMENT_MOVED_SINCE, PLACEMENT_TAKEN

__all__ = ["PlacingFacts", "asked_to_place", "moved_since", "split_by_place"]

GONE = (ShelfStatus.WITHDRAWN, ShelfStatus.DECLARED_LOST, ShelfStatus.AGED_TO_LOST, ShelfStatus.MISSING)


@frozen(kw_only=True)
class PlacingFacts:
    """The items asked about as they are now, and the temporary placements they have."""

    items: Sequence[ShelfItem]
    placements: Mapping[ItemId, TemporaryPlacement] = {}


def asked_to_place(facts: PlacingFacts) -> list[Asked]:
    """Whether items can be given a temporary place: none has one already, and all are there to be placed."""
    taken = tuple(item.item_id for item in facts.items if item.item_id in facts.placements)
    gone = tuple(item.item_id for item in facts.items if item.status in GONE)
    away = tuple(item.item_id for item in facts.items if not item.on_shelf and item.item_id not in gone)
    return [
        ("items have their own places", PLACEMENT_TAKEN(items=taken) if taken else None),
        ("items are in the collection", PLACEMENT_GONE(items=gone) if gone else None),
        ("items are in the house", PLACEMENT_AWAY(items=away) if away else None),
    ]


def split_by_place(facts: PlacingFacts, cause_id: str) -> tuple[tuple[TemporaryPlacement, ...], tuple[ItemId, ...]]:
    """The placements of one display or rotation among the items: those still standing, those moved elsewhere since."""
    standing, left = [], []
    for item in facts.items:
        placement = facts.placements.get(item.item_id)
        if placement is None or placement.cause_id != cause_id:
            continue
        if item.place == placement.now:
            standing.append(placement)
        else:
            left.append(item.item_id)
    return tuple(standing), tuple(left)


def moved_since(left: Sequence[ItemId]) -> Asked:
    """Said, not stopped: items with another place meanwhile keep it."""
    return ("items stand where they were put", PLACEMENT_MOVED_SINCE(items=tuple(left)) if left else None)
