"""How a library keeps accounts: what a payment settles first, and whether it ever owes its patrons."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.base.ids import LibraryCode
from libops.base.periods import Period
from libops.fees.model import Cause

__all__ = [
    "AccountPolicy",
    "AllocationOrder",
    "FinesInClosing",
    "NegativeBalance",
    "Overpayment",
    "RefundTo",
    "RuleLibrary",
    "may_end_in_credit",
    "rule_library",
]


class AllocationOrder(Enum):
    """Which open charge a payment or credit settles first, unless charges are named."""

    OLDEST_FIRST = "oldest-first"
    """By the time the charge arose."""
    BY_CAUSE = "by-cause"
    """By the order of `AccountPolicy.causes_first`, other causes after them; within a cause the oldest first."""


class Overpayment(Enum):
    """What happens when more is paid than is open."""

    REFUSED = "refused"
    """The payment is not taken."""
    KEPT_AS_CREDIT = "kept-as-credit"
    """The rest stays on the account for later charges."""


class NegativeBalance(Enum):
    """Whether a patron may end with a credit when a charge that was paid is taken back (Evergreen's options).

    A charge that is voided, as it should never have been, gives back what was paid under any of them.
    """

    ALLOWED = "negative-balance-allowed"
    """The patron keeps the whole credit (Koha: what was paid)."""
    NEVER = "no-negative-balance"
    """Only as much as the patron owes otherwise."""
    NOT_FOR_SOME_CAUSES = "no-negative-balance-by-charge-kind"
    """Not for charges of the causes in `AccountPolicy.never_negative_for`."""
    WITHIN_INTERVAL = "negative-balance-within-interval"
    """Only within `AccountPolicy.negative_within` after the payment, its last instant included."""


class FinesInClosing(Enum):
    """What an announced closing does to fines that were charged for its days already."""

    LEAVE = "leave-fines"
    """Nothing."""
    FORGIVE = "forgive-fines"
    """What they would not have cost: taken off where the fine policy leaves closed days out, waived where it counts
    them."""


class RefundTo(Enum):
    """Where a refund goes."""

    ACCOUNT = "account"
    """It stays as credit, other open charges settled first (Koha)."""
    PAYER = "payer"
    """It is paid out at once to whoever paid (FOLIO)."""


class RuleLibrary(Enum):
    """Whose rule is asked, and so whose money it is."""

    ITEM_HOME = "item-home"
    ITEM_HOLDING = "item-holding"
    CHECK_OUT = "check-out"
    """The library of the checkout, also when the loan was renewed elsewhere (rero)."""
    CHECK_IN = "check-in"


@frozen
class AccountPolicy:
    """The terms of a library's accounts. `spend_credit` settles a new charge from credit the patron has."""

    allocation: AllocationOrder = AllocationOrder.OLDEST_FIRST
    causes_first: tuple[Cause, ...] = field(default=(), converter=tuple)
    overpayment: Overpayment = Overpayment.REFUSED
    negative_balance: NegativeBalance = NegativeBalance.ALLOWED
    never_negative_for: tuple[Cause, ...] = field(default=(), converter=tuple)
    negative_within: Period | None = None
    refund_to: RefundTo = RefundTo.ACCOUNT
    spend_credit: bool = False
    fines_in_closing: FinesInClosing = FinesInClosing.LEAVE

    def __attrs_post_init__(self) -> None:
        if self.negative_balance is NegativeBalance.WITHIN_INTERVAL and self.negative_within is None:
            raise InvalidValue(
                "negative_balance is 'negative-balance-within-interval' and negative_within is None: "
                "give the interval, such as '30 days'"
            )


def may_end_in_credit(
    policy: AccountPolicy,
    *,
    cause: Cause | None,
    paid_at: datetime | None,
    at: datetime,
    zone: ZoneInfo,
) -> bool:
    """Whether taking back a charge of this cause, paid at `paid_at`, may leave the patron a credit at `at`.

    `paid_at` is None for a credit that stands for no payment: an interval after the payment then allows nothing.
    """
    option = policy.negative_balance
    if option is NegativeBalance.NOT_FOR_SOME_CAUSES:
        return cause not in policy.never_negative_for
    if option is NegativeBalance.WITHIN_INTERVAL and policy.negative_within is not None:
        return paid_at is not None and at <= policy.negative_within.after_instant(paid_at, zone)
    return option is NegativeBalance.ALLOWED


def rule_library(
    option: RuleLibrary,
    *,
    item_home: LibraryCode,
    item_holding: LibraryCode | None = None,
    check_out: LibraryCode | None = None,
    check_in: LibraryCode | None = None,
) -> LibraryCode:
    """The library whose rule counts; the item's home where the one asked for is not known (as Koha does).

    >>> rule_library(RuleLibrary.CHECK_IN, item_home=LibraryCode("main"), check_in=LibraryCode("north"))
    'north'
    >>> rule_library(RuleLibrary.CHECK_IN, item_home=LibraryCode("main"))
    'main'
    """
    known = {
        RuleLibrary.ITEM_HOME: item_home,
        RuleLibrary.ITEM_HOLDING: item_holding,
        RuleLibrary.CHECK_OUT: check_out,
        RuleLibrary.CHECK_IN: check_in,
    }
    return known[option] or item_home
