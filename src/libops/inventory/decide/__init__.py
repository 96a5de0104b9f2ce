"""What this room decides and reckons; decisions return `Permit(InventoryPlan)` or `Refuse` with every reason."""

from __future__ import annotations

from libops.inventory.decide.accept import (
    UndoFacts,
    accept_stocktake,
    undo_stocktake,
)
from libops.inventory.decide.candidates import (
    weeding_candidates,
)
from libops.inventory.decide.collection import (
    collection_report,
)
from libops.inventory.decide.displays import (
    add_to_display,
    displays_due,
    end_display,
    extend_display,
    open_display,
    remove_from_display,
)
from libops.inventory.decide.order import (
    in_place,
)
from libops.inventory.decide.placing import (
    PlacingFacts,
)
from libops.inventory.decide.plan import (
    InventoryPlan,
)
from libops.inventory.decide.reading import (
    Explain,
    grade_exercise,
    make_exercise,
    read_shelf,
)
from libops.inventory.decide.reckon import (
    ReckonFacts,
    reckon,
)
from libops.inventory.decide.rotation import (
    add_to_rotation,
    end_rotation,
    move_rotation_on,
    remove_from_rotation,
    rotations_due,
    start_rotation,
)
from libops.inventory.decide.stocktake import (
    OpenStocktakeFacts,
    ScanBatchFacts,
    cancel_stocktake,
    close_counting,
    open_stocktake,
    record_scans,
    reopen_counting,
)
from libops.inventory.decide.weeding import (
    WeedingFacts,
    complete_step,
    dispose_item,
    keep_item,
    propose_weeding,
    protect,
    reinstate_item,
    unprotect,
    withdraw_item,
)

__all__ = [
    "Explain",
    "InventoryPlan",
    "OpenStocktakeFacts",
    "PlacingFacts",
    "ReckonFacts",
    "ScanBatchFacts",
    "UndoFacts",
    "WeedingFacts",
    "accept_stocktake",
    "add_to_display",
    "add_to_rotation",
    "cancel_stocktake",
    "close_counting",
    "collection_report",
    "complete_step",
    "displays_due",
    "dispose_item",
    "end_display",
    "end_rotation",
    "extend_display",
    "grade_exercise",
    "in_place",
    "keep_item",
    "make_exercise",
    "move_rotation_on",
    "open_display",
    "open_stocktake",
    "propose_weeding",
    "protect",
    "read_shelf",
    "reckon",
    "record_scans",
    "reinstate_item",
    "remove_from_display",
    "remove_from_rotation",
    "reopen_counting",
    "rotations_due",
    "start_rotation",
    "undo_stocktake",
    "unprotect",
    "weeding_candidates",
    "withdraw_item",
]
