"""Terms as data: what a stocktake corrects."""

from __future__ import annotations

from libops.inventory.policy.stocktake import (
    STANDARD_CORRECTIONS,
    CorrectionTerms,
    Treatment,
    corrections_for,
    propose_corrections,
)

__all__ = ["STANDARD_CORRECTIONS", "CorrectionTerms", "Treatment", "corrections_for", "propose_corrections"]
