"""The values of this room: the shelf, stocktakes and their results, weeding, displays and rotations."""

from __future__ import annotations

from libops.inventory.model.reading import ExerciseGrade, Misplacement, ShelfExercise, ShelfReading
from libops.inventory.model.result import ALARMS, Finding, FindingKind, Neighbors, Seen, StocktakeResult
from libops.inventory.model.shelf import Place, ShelfItem, ShelfMovement, ShelfStatus
from libops.inventory.model.stocktake import (
    STANDARD_TERMS,
    STOCKTAKE_TRANSITIONS,
    Correction,
    CorrectionKind,
    CorrectionState,
    ExpectedItem,
    LateScans,
    OrderCheck,
    RepeatedScan,
    Stocktake,
    StocktakeAct,
    StocktakeDevice,
    StocktakeRange,
    StocktakeScan,
    StocktakeState,
    StocktakeTerms,
)

__all__ = [
    "ALARMS",
    "STANDARD_TERMS",
    "STOCKTAKE_TRANSITIONS",
    "Correction",
    "CorrectionKind",
    "CorrectionState",
    "ExerciseGrade",
    "ExpectedItem",
    "Finding",
    "FindingKind",
    "LateScans",
    "Misplacement",
    "Neighbors",
    "OrderCheck",
    "Place",
    "RepeatedScan",
    "Seen",
    "ShelfExercise",
    "ShelfItem",
    "ShelfMovement",
    "ShelfReading",
    "ShelfStatus",
    "Stocktake",
    "StocktakeAct",
    "StocktakeDevice",
    "StocktakeRange",
    "StocktakeResult",
    "StocktakeScan",
    "StocktakeState",
    "StocktakeTerms",
]
