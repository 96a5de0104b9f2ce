"""What circulation keeps: open and closed loans, holds and their places in queues, items on the way, item states."""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.circulation.model.closings import AnnouncedClosing, closing_key
    from libops.circulation.model.holds import (
        ClosedHold,
        Hold,
        HoldEnding,
        HoldLevel,
        HoldPlace,
        HoldState,
        HoldTarget,
        ReadyHold,
        ShelfClearance,
        TargetRefusal,
        places_of,
        retitled,
    )
    from libops.circulation.model.in_house import InHouseUse, in_house_key
    from libops.circulation.model.loans import DUE_ENDS_WITH, ClosedLoan, Closing, Loan, Waived
    from libops.circulation.model.losses import ClaimResolution, LostItem
    from libops.circulation.model.policy_version import PolicyVersion
    from libops.circulation.model.states import (
        TRANSITIONS,
        ItemAct,
        ItemState,
        OpenRecords,
        RequestKind,
        Transition,
        item_state,
        requests_allowed,
    )
    from libops.circulation.model.transits import Transit, TransitReason
else:
    __getattr__ = offering(
        __name__, "closings", "holds", "in_house", "loans", "losses", "policy_version", "states", "transits"
    )

__all__ = [
    "DUE_ENDS_WITH",
    "AnnouncedClosing",
    "ClaimResolution",
    "LostItem",
    "TRANSITIONS",
    "ClosedHold",
    "ClosedLoan",
    "Closing",
    "Hold",
    "HoldEnding",
    "HoldLevel",
    "HoldPlace",
    "HoldState",
    "HoldTarget",
    "ItemAct",
    "ItemState",
    "Loan",
    "OpenRecords",
    "InHouseUse",
    "PolicyVersion",
    "in_house_key",
    "ReadyHold",
    "TargetRefusal",
    "RequestKind",
    "ShelfClearance",
    "Transit",
    "TransitReason",
    "Transition",
    "Waived",
    "closing_key",
    "item_state",
    "places_of",
    "retitled",
    "requests_allowed",
]
