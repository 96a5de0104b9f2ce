"""Terms as data: what a stocktake corrects, what is weeded and what guards it."""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.inventory.policy.displays import (
        STANDARD_DISPLAYS,
        DisplayTerms,
        EndDate,
        RotationMoves,
    )
    from libops.inventory.policy.stocktake import (
        STANDARD_CORRECTIONS,
        CorrectionTerms,
        Treatment,
        corrections_for,
        propose_corrections,
    )
    from libops.inventory.policy.weeding import (
        FactorsNeeded,
        LastCopyGuard,
        UnknownAge,
        WeedingRule,
        WeedingTerms,
        copies_guarded,
        find_rule,
        reasons_to_weed,
        uses_counted_since,
    )
    from libops.inventory.policy.weeding_table import (
        RangeOf,
        read_weeding_table,
    )
    from libops.inventory.policy.whole import (
        InventoryPolicy,
    )
else:
    __getattr__ = offering(__name__, "displays", "stocktake", "weeding", "weeding_table", "whole")

__all__ = [
    "CorrectionTerms",
    "DisplayTerms",
    "EndDate",
    "FactorsNeeded",
    "InventoryPolicy",
    "LastCopyGuard",
    "RangeOf",
    "RotationMoves",
    "STANDARD_CORRECTIONS",
    "STANDARD_DISPLAYS",
    "Treatment",
    "UnknownAge",
    "WeedingRule",
    "WeedingTerms",
    "copies_guarded",
    "corrections_for",
    "find_rule",
    "propose_corrections",
    "read_weeding_table",
    "reasons_to_weed",
    "uses_counted_since",
]
