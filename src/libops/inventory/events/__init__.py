"""What happened in this room, as values in the past tense."""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
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
else:
    __getattr__ = offering(__name__, "displays", "stocktake", "weeding")

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
