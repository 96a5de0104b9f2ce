"""What displays and rotations share: items get a place for a while, and go home from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from attrs import frozen

from libops.base.answers import Asked
from libops.base.events import Event
from libops.base.ids import ItemId
from libops.inventory.events import ItemsPlaced, ItemsRestored
from libops.inventory.model import (
    Display,
    PlacementCause,
    Rotation,
    ShelfItem,
    ShelfStatus,
    TemporaryPlacement,
)
from libops.inventory.reasons import PLACEMENT_AWAY, PLACEMENT_GONE, PLACEMENT_MOVED_SINCE, PLACEMENT_TAKEN

__all__ = ["PlacingFacts", "asked_to_place", "items_placed", "moved_since", "not_there", "sent_home", "split_by_place"]

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


def items_placed(facts: PlacingFacts, thing: Display | Rotation, at: datetime, by: str) -> tuple[Event, ...]:
    """Every item at the place of its display or rotation, each once."""
    until = thing.ends if isinstance(thing, Display) else thing.next_move
    placements = tuple(
        TemporaryPlacement(
            item_id=item.item_id,
            cause=cause_of(thing),
            cause_id=thing.id,
            home=item.place,
            now=thing.place_of(item.place),
            since=at,
            until=until,
        )
        for item in {one.item_id: one for one in facts.items}.values()
    )
    return (ItemsPlaced(at=at, by=by, placements=placements),) if placements else ()


def sent_home(facts: PlacingFacts, thing: Display | Rotation, at: datetime, by: str) -> tuple[Asked, tuple[Event, ...]]:
    """The items of a display or rotation back in their own places; said of those that were moved elsewhere since."""
    standing, left = split_by_place(facts, thing.id)
    event = ItemsRestored(at=at, by=by, cause=cause_of(thing), cause_id=thing.id, placements=standing, left=left)
    return moved_since(left), (event,) if standing or left else ()


def not_there(facts: PlacingFacts, thing: Display | Rotation) -> tuple[ItemId, ...]:
    """The items asked about that this display or rotation does not have."""
    return tuple(
        item.item_id
        for item in facts.items
        if item.item_id not in facts.placements or facts.placements[item.item_id].cause_id != thing.id
    )


def cause_of(thing: Display | Rotation) -> PlacementCause:
    return PlacementCause.DISPLAY if isinstance(thing, Display) else PlacementCause.ROTATION
