"""What happened in this room, as values in the past tense."""

from __future__ import annotations

from libops.inventory.events.stocktake import (
    CorrectionsApplied,
    CorrectionsUndone,
    CountingClosed,
    CountingReopened,
    ExpectedItemsFrozen,
    ScansRecorded,
    StocktakeAccepted,
    StocktakeCanceled,
    StocktakeOpened,
    StocktakeUndone,
)

__all__ = [
    "CorrectionsApplied",
    "CorrectionsUndone",
    "CountingClosed",
    "CountingReopened",
    "ExpectedItemsFrozen",
    "ScansRecorded",
    "StocktakeAccepted",
    "StocktakeCanceled",
    "StocktakeOpened",
    "StocktakeUndone",
]
