"""The money side of a library's rules: accounts, overdue fines, lost items."""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.fees.policy.account import (
        AccountPolicy,
        AllocationOrder,
        FinesInClosing,
        NegativeBalance,
        Overpayment,
        RefundTo,
        RuleLibrary,
        may_end_in_credit,
        rule_library,
    )
    from libops.fees.policy.fines import (
        AtRenewal,
        BackdatedFine,
        ChargeAt,
        ClaimFound,
        ClosedTime,
        Counting,
        FinePolicy,
        FineStep,
        GraceKind,
        GraceOverClosed,
        Reminder,
        Several,
        SuspensionPolicy,
    )
    from libops.fees.policy.lost import (
        LoanAfterLoss,
        LossCause,
        LossEnd,
        LostCost,
        LostPolicy,
        LostRefund,
        OverdueOnLostReturn,
        OverdueWhenLost,
        ProcessingFeeOnReturn,
        RefundClock,
    )
else:
    __getattr__ = offering(__name__, "account", "fines", "lost")

__all__ = [
    "AccountPolicy",
    "AllocationOrder",
    "AtRenewal",
    "BackdatedFine",
    "ChargeAt",
    "ClaimFound",
    "ClosedTime",
    "Counting",
    "FinePolicy",
    "FineStep",
    "FinesInClosing",
    "GraceKind",
    "GraceOverClosed",
    "LoanAfterLoss",
    "LossCause",
    "LossEnd",
    "LostCost",
    "LostPolicy",
    "LostRefund",
    "NegativeBalance",
    "OverdueOnLostReturn",
    "OverdueWhenLost",
    "Overpayment",
    "ProcessingFeeOnReturn",
    "RefundClock",
    "RefundTo",
    "Reminder",
    "RuleLibrary",
    "Several",
    "SuspensionPolicy",
    "may_end_in_credit",
    "rule_library",
]
