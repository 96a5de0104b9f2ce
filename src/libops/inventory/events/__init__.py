"""What happened in this room, as values in the past tense."""

from __future__ import annotations

from libops.inventory.events.displays import (
    DisplayEnded,
    DisplayExtended,
    DisplayOpened,
    ItemsPlaced,
    ItemsRestored,
    RotationEnded,
    RotationMoved,
    RotationStarted,
)
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
from libops.inventory.events.weeding import (
    ItemDisposed,
    ProtectionEnded,
    ProtectionGiven,
    WeedingKept,
    WeedingProposed,
    WithdrawalDecided,
    WithdrawalReversed,
    WithdrawalStepDone,
)

__all__ = [
    "CorrectionsApplied",
    "CorrectionsUndone",
    "CountingClosed",
    "CountingReopened",
    "DisplayEnded",
    "DisplayExtended",
    "DisplayOpened",
    "ExpectedItemsFrozen",
    "ItemDisposed",
    "ItemsPlaced",
    "ItemsRestored",
    "ProtectionEnded",
    "ProtectionGiven",
    "RotationEnded",
    "RotationMoved",
    "RotationStarted",
    "ScansRecorded",
    "StocktakeAccepted",
    "StocktakeCanceled",
    "StocktakeOpened",
    "StocktakeUndone",
    "WeedingKept",
    "WeedingProposed",
    "WithdrawalDecided",
    "WithdrawalReversed",
    "WithdrawalStepDone",
]
