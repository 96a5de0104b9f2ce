"""What this room decides and reckons; decisions return `Permit(InventoryPlan)` or `Refuse` with every reason."""

from __future__ import annotations

from libops.inventory.decide.accept import UndoFacts, accept_stocktake, undo_stocktake
from libops.inventory.decide.order import in_place
from libops.inventory.decide.plan import InventoryPlan
from libops.inventory.decide.reading import Explain, grade_exercise, make_exercise, read_shelf
from libops.inventory.decide.reckon import ReckonFacts, reckon
from libops.inventory.decide.stocktake import (
    OpenStocktakeFacts,
    ScanBatchFacts,
    cancel_stocktake,
    close_counting,
    open_stocktake,
    record_scans,
    reopen_counting,
)

__all__ = [
    "Explain",
    "InventoryPlan",
    "OpenStocktakeFacts",
    "ReckonFacts",
    "ScanBatchFacts",
    "UndoFacts",
    "accept_stocktake",
    "cancel_stocktake",
    "close_counting",
    "grade_exercise",
    "in_place",
    "make_exercise",
    "open_stocktake",
    "read_shelf",
    "reckon",
    "record_scans",
    "reopen_counting",
    "undo_stocktake",
]
