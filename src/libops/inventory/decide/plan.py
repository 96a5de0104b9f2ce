"""What this room's decisions answer with."""

from __future__ import annotations

from attrs import frozen

from libops.base.events import Event

__all__ = ["InventoryPlan"]


@frozen
class InventoryPlan:
    """What will be said to have happened, in order; `changes` turns it into records."""

    events: tuple[Event, ...]
