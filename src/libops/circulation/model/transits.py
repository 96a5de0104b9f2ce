"""Items on the way between libraries. A transit is stored under its item, so that an item is on one way at a time."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import frozen

from libops.base.errors import InvalidValue
from libops.base.ids import BibId, HoldId, ItemId, LibraryCode
from libops.circulation.model.states import ItemState

__all__ = ["Transit", "TransitReason"]


class TransitReason(Enum):
    """Why an item travels."""

    HOLD = "hold"
    """To where a patron picks it up."""
    HOME = "home"
    """Back to the library that owns or keeps it."""
    MANUAL = "manual"
    """Staff sent it."""
    ROTATION = "rotation"
    """With a collection that travels between libraries."""


@frozen(weakref_slot=False)
class Transit:
    """An item on the way. `restores` is the state it has again on arrival, unless a hold claims it.

    Raises `InvalidValue` when source and destination are one.
    """

    item_id: ItemId
    bib_id: BibId
    source: LibraryCode
    destination: LibraryCode
    reason: TransitReason
    sent_at: datetime
    restores: ItemState = ItemState.AVAILABLE
    hold_id: HoldId | None = None

    def __attrs_post_init__(self) -> None:
        if self.source == self.destination:
            raise InvalidValue(f"a transit from {self.source!r} to {self.destination!r} goes nowhere")
