"""What happened to displays and rotating collections."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from libops.base.events import Event
from libops.base.ids import DisplayId, ItemId, RotationId
from libops.inventory.model import Display, PlacementCause, Rotation, TemporaryPlacement

__all__ = [
    "DisplayEnded",
    "DisplayExtended",
    "DisplayOpened",
    "ItemsPlaced",
    "ItemsRestored",
    "RotationEnded",
    "RotationMoved",
    "RotationStarted",
]


@frozen(kw_only=True)
class DisplayOpened(Event):
    """A display was opened."""

    display: Display


@frozen(kw_only=True)
class DisplayExtended(Event):
    """A display's last day was changed; the placements of its items follow."""

    display_id: DisplayId
    ends: date | None
    items: tuple[ItemId, ...]


@frozen(kw_only=True)
class DisplayEnded(Event):
    """A display was taken down."""

    display_id: DisplayId


@frozen(kw_only=True)
class ItemsPlaced(Event):
    """Items stand elsewhere for a while. The desk changes the items' places in the same step."""

    placements: tuple[TemporaryPlacement, ...]


@frozen(kw_only=True)
class ItemsRestored(Event):
    """Items went home. Those in `left` were given another place meanwhile, which they keep."""

    cause: PlacementCause
    cause_id: str
    placements: tuple[TemporaryPlacement, ...]
    left: tuple[ItemId, ...] = ()


@frozen(kw_only=True)
class RotationStarted(Event):
    """A rotating collection set out."""

    rotation: Rotation


@frozen(kw_only=True)
class RotationMoved(Event):
    """A rotating collection moved on to its next stop."""

    rotation_id: RotationId
    stop: int
    arrived: date


@frozen(kw_only=True)
class RotationEnded(Event):
    """A rotating collection went home."""

    rotation_id: RotationId
