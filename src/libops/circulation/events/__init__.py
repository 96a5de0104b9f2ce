"""What happens at the desk and between libraries."""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.circulation.events.closings import ClosingAnnounced, ClosingUndone
    from libops.circulation.events.holds import (
        HoldCancelled,
        HoldExpired,
        HoldFilled,
        HoldForgotten,
        HoldMoved,
        HoldPickupChanged,
        HoldPlaced,
        HoldReady,
        HoldReleased,
        HoldResumed,
        HoldRetitled,
        HoldShipped,
        HoldSuspended,
        ItemLeftOnHoldShelf,
        ItemTakenOffHoldShelf,
        ShelfEndMoved,
    )
    from libops.circulation.events.in_house import ItemUsedInHouse
    from libops.circulation.events.loans import (
        DueDateChanged,
        ItemCheckedIn,
        ItemCheckedOut,
        ItemReturnScanned,
        LoanForgotten,
        LoanRecalled,
        LoanRenewed,
        LoanRetitled,
        RenewedBy,
    )
    from libops.circulation.events.losses import (
        ClaimSetBack,
        ItemLost,
        LoanEnded,
        LossBilled,
        LossEnded,
        LostItemFound,
        ReturnClaimed,
    )
    from libops.circulation.events.transits import (
        ItemArrived,
        ItemSentInTransit,
        ItemStayed,
        TransitCancelled,
        TransitRetitled,
    )
else:
    __getattr__ = offering(__name__, "closings", "holds", "in_house", "loans", "losses", "transits")

__all__ = [
    "ClaimSetBack",
    "ItemLost",
    "LoanEnded",
    "LossBilled",
    "LossEnded",
    "LostItemFound",
    "ReturnClaimed",
    "ClosingAnnounced",
    "ClosingUndone",
    "DueDateChanged",
    "HoldCancelled",
    "HoldExpired",
    "HoldFilled",
    "HoldForgotten",
    "HoldMoved",
    "HoldPickupChanged",
    "HoldPlaced",
    "HoldReady",
    "HoldReleased",
    "HoldRetitled",
    "HoldResumed",
    "HoldShipped",
    "HoldSuspended",
    "ItemArrived",
    "ItemCheckedIn",
    "ItemCheckedOut",
    "ItemLeftOnHoldShelf",
    "ItemReturnScanned",
    "ItemSentInTransit",
    "ItemStayed",
    "ItemTakenOffHoldShelf",
    "ItemUsedInHouse",
    "LoanForgotten",
    "LoanRecalled",
    "LoanRenewed",
    "LoanRetitled",
    "RenewedBy",
    "ShelfEndMoved",
    "TransitCancelled",
    "TransitRetitled",
]
