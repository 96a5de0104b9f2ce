"""What happens at the desk and between libraries."""

from libops.circulation.events.closings import ClosingAnnounced, ClosingUndone
from libops.circulation.events.holds import (
    HoldCancelled,
    HoldExpired,
    HoldFilled,
    HoldMoved,
    HoldPickupChanged,
    HoldPlaced,
    HoldReady,
    HoldReleased,
    HoldResumed,
    HoldShipped,
    HoldSuspended,
    ShelfEndMoved,
)
from libops.circulation.events.in_house import ItemUsedInHouse
from libops.circulation.events.loans import (
    DueDateChanged,
    ItemCheckedIn,
    ItemCheckedOut,
    ItemReturnScanned,
    LoanRecalled,
    LoanRenewed,
    RenewedBy,
)
from libops.circulation.events.losses import (
    ClaimSetBack,
    ItemLost,
    LoanEnded,
    LossBilled,
    LostItemFound,
    ReturnClaimed,
)
from libops.circulation.events.transits import ItemArrived, ItemSentInTransit, ItemStayed, TransitCancelled

__all__ = [
    "ClaimSetBack",
    "ItemLost",
    "LoanEnded",
    "LossBilled",
    "LostItemFound",
    "ReturnClaimed",
    "ClosingAnnounced",
    "ClosingUndone",
    "DueDateChanged",
    "HoldCancelled",
    "HoldExpired",
    "HoldFilled",
    "HoldMoved",
    "HoldPickupChanged",
    "HoldPlaced",
    "HoldReady",
    "HoldReleased",
    "HoldResumed",
    "HoldShipped",
    "HoldSuspended",
    "ItemArrived",
    "ItemCheckedIn",
    "ItemCheckedOut",
    "ItemReturnScanned",
    "ItemSentInTransit",
    "ItemStayed",
    "ItemUsedInHouse",
    "LoanRecalled",
    "LoanRenewed",
    "RenewedBy",
    "ShelfEndMoved",
    "TransitCancelled",
]
