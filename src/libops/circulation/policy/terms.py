"""Loan policies as data: what a rule grants once it has won.

A `LoanPolicy` says whether an item goes out at all, how long (`due`), how often it may be renewed (`renewals`) and
what the desk must confirm first. Every question on which libraries differ is an option with a name.

>>> RenewalTerms(count=2).count, RenewalTerms(count=0).count, RenewalTerms().count
(2, 0, None)
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum

from attrs import field, frozen

from libops.base.bounds import at_least_zero
from libops.base.money import Money
from libops.base.periods import Period
from libops.circulation.policy.due import DueTerms

__all__ = [
    "AgeTerms",
    "AutomaticRenewalTerms",
    "HoldsAndRenewal",
    "Loanable",
    "MissingRenewalPeriod",
    "LoanPolicy",
    "OverdueAndRenewal",
    "Question",
    "ReasonOrder",
    "RenewFrom",
    "RenewalTerms",
    "RentalTerms",
    "UnknownAge",
    "WithoutGain",
    "WithoutNotBefore",
    "ZeroRenewalPeriod",
]


class Loanable(Enum):
    """Whether items go out."""

    YES = "yes"
    NO = "no"
    ON_SITE_ONLY = "on-site-only"
    """Read here: the loan must be made as an on-site loan."""


class Question(Enum):
    """What happens at the desk when a condition is met."""

    ALLOW = "allow"
    """Nothing is said."""
    ALERT = "alert"
    """Said to the desk; stops nothing."""
    CONFIRM = "confirm"
    """Stops until the desk confirms."""
    REFUSE = "refuse"
    """Stops unless a right lifts it."""


class RenewFrom(Enum):
    """What a renewal counts from."""

    DUE_DATE = "due-date"
    """The old due date (Koha's and FOLIO's option); an early renewal loses nothing."""
    NOW = "now"
    """The moment of the renewal (rero; Koha's and FOLIO's other option)."""


class WithoutGain(Enum):
    """A renewal that would not move the due date later."""

    REFUSE = "refuse"
    """Refused (FOLIO)."""
    ALLOW = "allow"
    """Allowed: the due date stays and the count goes up (inv)."""


class MissingRenewalPeriod(Enum):
    """What holds when a policy names no period for renewals."""

    USE_LOAN_PERIOD = "use-loan-period"
    """The loan period serves (Koha)."""
    ERROR = "error"
    """Such settings are refused (rero)."""


class ZeroRenewalPeriod(Enum):
    """Whether a period of nothing is one (C3): 0 days, with the loan due on the day it counts from."""

    VALID = "valid"
    """It is (Koha)."""
    ERROR = "error"
    """Such settings are refused (FOLIO)."""


class HoldsAndRenewal(Enum):
    """Whether holds of others stop a renewal. A recall always does."""

    IGNORE = "ignore"
    """Holds do not matter (FOLIO, unless its policy says so)."""
    BLOCK = "block"
    """Any hold that this item could fill stops it (Koha)."""
    BLOCK_UNLESS_OTHERS_FILL = "block-unless-others-fill"
    """Only when the free items cannot fill all holds; a hold on this very item always stops it (Koha's option)."""


class OverdueAndRenewal(Enum):
    """Whether overdue items stop a renewal (Koha's three answers)."""

    ALLOW = "allow"
    BLOCK_OVERDUE_ITEM = "block-overdue-item"
    """An overdue loan cannot be renewed; others can."""
    BLOCK_ALL = "block-all"
    """Any overdue loan of the patron stops every renewal."""


class ReasonOrder(Enum):
    """Which reasons come first when an automatic renewal is refused. All reasons are always given."""

    IN_CHECK_ORDER = "in-check-order"
    AUTOMATIC_FIRST = "automatic-first"
    """Those about automatic renewal before limits and holds (Koha)."""


class WithoutNotBefore(Enum):
    """When an automatic renewal may run first if `not_before` is absent."""

    ON_DUE_DATE = "on-due-date"
    """On the due date (Koha's batch job)."""
    ANY_TIME = "any-time"
    """As for people at the desk."""


class UnknownAge(Enum):
    """A patron without a birth date, where a policy asks for an age."""

    PASSES = "passes"
    """As if old enough (Koha)."""
    CONFIRM = "confirm"
    """The desk confirms."""
    REFUSE = "refuse"


ANY_LOAN = timedelta(days=36_500)
"""Further ahead than any loan is due."""


@frozen(kw_only=True)
class AutomaticRenewalTerms:
    """Renewals the library makes by itself, in a nightly run."""

    count: int | None = field(default=None, validator=at_least_zero)
    """How many of them at most, in place of the count for all renewals; absent: the count for all."""
    not_before: Period | None = None
    """How long before the due date at the earliest; 0 days means on the due date."""
    without_not_before: WithoutNotBefore = WithoutNotBefore.ON_DUE_DATE
    no_more_after: Period | None = None
    """No automatic renewal when this long has passed since check-out."""
    no_more_after_date: date | None = None
    """No automatic renewal from this date on."""
    debt_limit: Money | None = None
    """No automatic renewal while the patron owes more than this; exactly this is allowed (Koha)."""
    patron_must_opt_in: bool = False
    expired_blocks: bool = True
    """A patron past expiry is not renewed automatically (Koha's option); this alone decides, not what an expired card
    stops at the desk."""

    @property
    def reach(self) -> timedelta:
        """How far ahead of its due date a loan may be renewed: no run need look at loans that are due later.

        A due date counts with its whole day in the library, which may begin before the day of UTC or end after it.
        """
        if self.not_before is not None:
            return timedelta(minutes=self.not_before.minutes()) + timedelta(days=2)
        return ANY_LOAN if self.without_not_before is WithoutNotBefore.ANY_TIME else timedelta(days=2)


@frozen(kw_only=True)
class RenewalTerms:
    """Whether, how often and for how long a loan may be renewed.

    `count` absent is no limit and 0 is none. `period` absent follows `missing_period`; a period of 0 days is a
    period: the loan would be due on the day it counts from.
    """

    allowed: bool = True
    count: int | None = field(default=None, validator=at_least_zero)
    unseen_count: int | None = field(default=None, validator=at_least_zero)
    """How many renewals in a row without the item being seen (Koha); a seen renewal starts the count again."""
    period: Period | None = None
    missing_period: MissingRenewalPeriod = MissingRenewalPeriod.USE_LOAN_PERIOD
    zero_period: ZeroRenewalPeriod = ZeroRenewalPeriod.VALID
    period_with_holds: Period | None = None
    """Another period while others hold the title (FOLIO's alternate period)."""
    renew_from: RenewFrom = RenewFrom.NOW
    without_gain: WithoutGain = WithoutGain.REFUSE
    not_before: Period | None = None
    """How long before the due date at the earliest; 0 days: on the due date; absent: any time."""
    no_more_after: Period | None = None
    """No renewal that lets the loan last longer than this from check-out."""
    holds: HoldsAndRenewal = HoldsAndRenewal.BLOCK
    overdue: OverdueAndRenewal = OverdueAndRenewal.ALLOW
    restriction_blocks: bool = True
    booking_blocks: bool = True
    """A booking of the item within the new period stops the renewal; false: the due date is cut to it."""
    automatic: AutomaticRenewalTerms | None = None
    """Absent: the library makes no automatic renewals under this policy."""
    reason_order: ReasonOrder = ReasonOrder.IN_CHECK_ORDER


@frozen(kw_only=True)
class AgeTerms:
    """The age a patron must have, in full years."""

    at_least: int | None = field(default=None, validator=at_least_zero)
    at_most: int | None = field(default=None, validator=at_least_zero)
    unknown: UnknownAge = UnknownAge.PASSES
    otherwise: Question = Question.REFUSE
    """What happens when the age does not fit."""


@frozen(kw_only=True)
class RentalTerms:
    """A fee for the loan itself, which the patron agrees to before the item goes out."""

    amount: Money
    per: Period | None = None
    """Charged for every such period begun; absent: once for the loan."""
    at_renewal: bool = True
    """Charged again at every renewal."""
    ask: Question = Question.CONFIRM


@frozen(kw_only=True)
class LoanPolicy:
    """What a patron gets when a circulation rule names this policy.

    `fine` and `lost` name the policies for lateness and loss that come with the loan, unless the rule itself names
    others.
    """

    loanable: Loanable = Loanable.YES
    due: DueTerms
    renewals: RenewalTerms = RenewalTerms()
    held_for_others: Question = Question.CONFIRM
    """The title is wanted by others and this item could fill a hold; an item set aside for one is always refused."""
    one_per_title: Question = Question.ALLOW
    """The patron already has an item of the same bibliographic record out."""
    had_before: Question = Question.ALLOW
    """The patron has borrowed the title before (a warning some readers ask for)."""
    age: AgeTerms = AgeTerms()
    parts: Question = Question.CONFIRM
    """The item has parts, to be counted before it goes out."""
    parts_at_return: Question = Question.ALERT
    """The item has parts, to be counted when it comes back."""
    rental: RentalTerms | None = None
    recallable: bool = True
    """Whether a recall may shorten such a loan, where recalls are allowed."""
    fine: str | None = None
    lost: str | None = None
