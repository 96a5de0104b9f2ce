"""Rotating collections: set out, moved on stop by stop, brought home."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from attrs import evolve

from libops.base.answers import Asked, answer
from libops.base.decisions import Decision, Override
from libops.base.events import Event
from libops.inventory.decide.placing import (
    PlacingFacts,
    asked_to_place,
    items_placed,
    moved_since,
    not_there,
    sent_home,
    split_by_place,
)
from libops.inventory.decide.plan import InventoryPlan
from libops.inventory.events import ItemsPlaced, ItemsRestored, RotationEnded, RotationMoved, RotationStarted
from libops.inventory.model import (
    ROTATION_TRANSITIONS,
    PlacementCause,
    Rotation,
    RotationAct,
    RotationState,
)
from libops.inventory.reasons import (
    ROTATION_AT_END,
    ROTATION_EXISTS,
    ROTATION_ITEM_NOT_IN_IT,
    ROTATION_NOT_DUE,
    ROTATION_STATE,
)

__all__ = [
    "add_to_rotation",
    "end_rotation",
    "move_rotation_on",
    "remove_from_rotation",
    "rotations_due",
    "start_rotation",
]


def _legal(rotation: Rotation, act: RotationAct) -> Asked:
    legal = act in ROTATION_TRANSITIONS[rotation.state]
    no = None if legal else ROTATION_STATE(rotation=rotation.id, state=rotation.state.value, act=act.value)
    return ("rotation is in the right state", no)


def start_rotation(
    rotation: Rotation, facts: PlacingFacts, *, same_id: Rotation | None = None, explain: bool = False
) -> Decision[InventoryPlan]:
    """Send a collection on its way to its first stop; `same_id` is what is stored under its identifier."""
    asked: list[Asked] = [
        ("rotation is new", ROTATION_EXISTS(rotation=rotation.id) if same_id else None),
        *asked_to_place(facts),
    ]
    at, by = rotation.started_at, rotation.started_by
    plan = InventoryPlan((RotationStarted(at=at, by=by, rotation=rotation), *items_placed(facts, rotation, at, by)))
    return answer(asked, lambda verdict: plan, explain=explain)


def add_to_rotation(
    rotation: Rotation, facts: PlacingFacts, *, at: datetime, by: str, explain: bool = False
) -> Decision[InventoryPlan]:
    """Let more items travel along, from the stop where the collection is."""
    plan = InventoryPlan(items_placed(facts, rotation, at, by))
    return answer([_legal(rotation, RotationAct.ADD), *asked_to_place(facts)], lambda verdict: plan, explain=explain)


def remove_from_rotation(
    rotation: Rotation, facts: PlacingFacts, *, at: datetime, by: str, explain: bool = False
) -> Decision[InventoryPlan]:
    """Send items home before the collection does."""
    (said, events), strange = sent_home(facts, rotation, at, by), not_there(facts, rotation)
    asked: list[Asked] = [
        _legal(rotation, RotationAct.REMOVE),
        ("items travel with it", ROTATION_ITEM_NOT_IN_IT(rotation=rotation.id, items=strange) if strange else None),
        said,
    ]
    return answer(asked, lambda verdict: InventoryPlan(events), explain=explain)


def move_rotation_on(
    rotation: Rotation,
    facts: PlacingFacts,
    *,
    on: date,
    at: datetime,
    by: str,
    override: Override | None = None,
    explain: bool = False,
) -> Decision[InventoryPlan]:
    """Move a collection to its next stop; the desk sends its items there. Items keep the home they came from.

    One that is on loan follows when it comes back; one that was given another place meanwhile leaves the collection.
    """
    standing, left = split_by_place(facts, rotation.id)
    following = rotation.next_stop
    early = on < rotation.next_move
    asked: list[Asked] = [
        _legal(rotation, RotationAct.MOVE_ON),
        ("another stop follows", ROTATION_AT_END(rotation=rotation.id) if following is None else None),
        ("its days here are over", ROTATION_NOT_DUE(rotation=rotation.id, due=rotation.next_move) if early else None),
        moved_since(left),
    ]
    there = evolve(rotation, stop=following or 0, arrived=on)
    placements = tuple(evolve(one, now=there.place_of(one.home), since=at, until=there.next_move) for one in standing)
    events: list[Event] = [RotationMoved(at=at, by=by, rotation_id=rotation.id, stop=there.stop, arrived=on)]
    if placements:
        events.append(ItemsPlaced(at=at, by=by, placements=placements))
    if left:
        events.append(
            ItemsRestored(at=at, by=by, cause=PlacementCause.ROTATION, cause_id=rotation.id, placements=(), left=left)
        )
    return answer(asked, lambda verdict: InventoryPlan(tuple(events)), override=override, explain=explain)


def end_rotation(
    rotation: Rotation, facts: PlacingFacts, *, at: datetime, by: str, explain: bool = False
) -> Decision[InventoryPlan]:
    """Bring a collection home: every item to the place it came from."""
    said, events = sent_home(facts, rotation, at, by)
    plan = InventoryPlan((*events, RotationEnded(at=at, by=by, rotation_id=rotation.id)))
    return answer([_legal(rotation, RotationAct.END), said], lambda verdict: plan, explain=explain)


def rotations_due(rotations: Iterable[Rotation], *, on: date) -> tuple[Rotation, ...]:
    """The collections whose days at their stop are over on a day, the longest overdue first."""
    due = [one for one in rotations if one.state is RotationState.RUNNING and one.next_move <= on]
    return tuple(sorted(due, key=lambda one: (one.next_move, one.id)))
