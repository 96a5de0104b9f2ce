"""What each event of displays and rotations changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from libops.base.errors import NotFound
from libops.base.events import Change, Changes, Drop, Put, Records
from libops.inventory.events import (
    DisplayEnded,
    DisplayExtended,
    DisplayOpened,
    ItemsPlaced,
    ItemsRestored,
    RotationEnded,
    RotationMoved,
    RotationStarted,
)
from libops.inventory.model import Display, DisplayState, Rotation, RotationState, TemporaryPlacement

__all__ = ["DISPLAY_CHANGES"]


def _display(records: Records, event: DisplayExtended | DisplayEnded) -> Display:
    display = records.get(Display, event.display_id)
    if display is None:
        raise NotFound(f"no display {event.display_id!r}: its opening must be applied first")
    return display


def _rotation(records: Records, event: RotationMoved | RotationEnded) -> Rotation:
    rotation = records.get(Rotation, event.rotation_id)
    if rotation is None:
        raise NotFound(f"no rotation {event.rotation_id!r}: its start must be applied first")
    return rotation


def opened(event: DisplayOpened, records: Records) -> Iterable[Change]:
    return (Put(event.display),)


def extended(event: DisplayExtended, records: Records) -> Iterator[Change]:
    yield Put(evolve(_display(records, event), ends=event.ends))
    for item_id in event.items:
        placement = records.get(TemporaryPlacement, item_id)
        if placement is None:
            raise NotFound(f"no temporary placement of item {item_id!r}: it must be applied first")
        yield Put(evolve(placement, until=event.ends))


def ended(event: DisplayEnded, records: Records) -> Iterable[Change]:
    return (Put(evolve(_display(records, event), state=DisplayState.ENDED, ended_at=event.at)),)


def placed(event: ItemsPlaced, records: Records) -> Iterable[Change]:
    return [Put(placement) for placement in event.placements]


def restored(event: ItemsRestored, records: Records) -> Iterator[Change]:
    for placement in event.placements:
        yield Drop(TemporaryPlacement, placement.item_id)
    for item_id in event.left:
        yield Drop(TemporaryPlacement, item_id)


def started(event: RotationStarted, records: Records) -> Iterable[Change]:
    return (Put(event.rotation),)


def moved(event: RotationMoved, records: Records) -> Iterable[Change]:
    return (Put(evolve(_rotation(records, event), stop=event.stop, arrived=event.arrived)),)


def went_home(event: RotationEnded, records: Records) -> Iterable[Change]:
    return (Put(evolve(_rotation(records, event), state=RotationState.ENDED, ended_at=event.at)),)


DISPLAY_CHANGES: Changes = {
    DisplayOpened: opened,
    DisplayExtended: extended,
    DisplayEnded: ended,
    ItemsPlaced: placed,
    ItemsRestored: restored,
    RotationStarted: started,
    RotationMoved: moved,
    RotationEnded: went_home,
}
