"""What an overdue loan costs: the terms of a fine, of reminders, and of a suspension in place of money."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from itertools import pairwise
from typing import Any

from attrs import Attribute, field, frozen

from libops.base.bounds import money_at_least_zero
from libops.base.errors import InvalidValue
from libops.base.money import Money, Rounding
from libops.base.periods import MonthLength, Period, Unit

__all__ = [
    "AtRenewal",
    "BackdatedFine",
    "ChargeAt",
    "ClaimFound",
    "ClosedTime",
    "Counting",
    "FinePolicy",
    "FineStep",
    "GraceKind",
    "GraceOverClosed",
    "Reminder",
    "Several",
    "SuspensionPolicy",
]

ONE_DAY = Period(1, Unit.DAYS)


class ChargeAt(Enum):
    """Whether an interval that has begun is charged (B3)."""

    END_OF_INTERVAL = "charge-at-end-of-interval"
    """Only whole intervals (Koha's floor)."""
    START_OF_INTERVAL = "charge-at-start-of-interval"
    """The one that has begun, too (Koha's ceiling; FOLIO always)."""


class ClosedTime(Enum):
    """Whether time in which the library is closed counts as late (B1, B2)."""

    COUNT = "count-closed-time"
    """All time counts."""
    EXCLUDE_CLOSED_DAYS = "exclude-closed-days"
    """Dates without opening hours do not; a day late is one open calendar day (Koha, Evergreen, rero)."""
    EXCLUDE_CLOSED_MINUTES = "exclude-closed-minutes"
    """Only open minutes count; a day late is 1440 of them, at ten open hours a day 2.4 calendar days (FOLIO)."""


class Counting(Enum):
    """How days late are counted (A8); intervals of minutes or hours always take the time that really passed."""

    DATES = "dates"
    """By dates: due on Monday at any time and returned on Tuesday at any time is one day late (Koha, rero)."""
    WALL_CLOCK = "wall-clock-difference"
    """By what the clock on the wall shows, 24 hours a day, also over a change of the clocks."""
    ELAPSED = "elapsed"
    """By the time that really passed (FOLIO)."""


class GraceKind(Enum):
    """What is charged when grace is over (B4)."""

    ALL_OR_NOTHING = "grace-all-or-nothing"
    """Everything from the due date on (FOLIO, Evergreen; Koha's fines, with `FinesIncludeGracePeriod`)."""
    DEDUCTED = "grace-days-deducted"
    """Only the time after grace (Koha's suspensions, and its fines without that preference)."""


class GraceOverClosed(Enum):
    """Whether grace of a day or more stretches over closed days (B5; Evergreen has three settings, or none is set)."""

    NO = "no"
    """It is measured as lateness is: in all days, or in open days or minutes where `closed` counts only these (Koha,
    FOLIO)."""
    CALENDAR_DAYS = "grace-counts-calendar-days"
    """Its days are those of the calendar, also where `closed` leaves closed days out (Evergreen, none of the three)."""
    EXTENDS_IF_ENDS_CLOSED = "grace-extends-if-it-ends-closed"
    """When its last day is closed, the next open day is its last."""
    OPEN_DAYS_ONLY = "grace-counts-open-days-only"
    """Its days are open days."""
    SWALLOWS_TRAILING_CLOSED = "grace-swallows-trailing-closed-days"
    """Closed days that follow its last day belong to it; the open day after them does not."""


class AtRenewal(Enum):
    """What a renewal of an overdue loan does to its fine (B9)."""

    CHARGED = "fine-charged-on-renewal"
    FORGIVEN = "fine-forgiven-on-renewal"


class ClaimFound(Enum):
    """What an item costs in money or days that was claimed returned, and that the library found on its shelf (B12)."""

    WAIVED = "claim-found-by-library-waives-fine"
    CHARGED = "claim-found-by-library-charges-fine"


class BackdatedFine(Enum):
    """What a check-in dated back does to a fine that was already counted (F6)."""

    RECALCULATED = "backdate-recalculates-fine"
    """The fine is that of the effective date; what was paid too much becomes credit (Koha)."""
    VOIDED_AFTER_ONE_INTERVAL = "backdate-voids-after-one-interval"
    """What was charged later than the effective date and one interval is taken back (Evergreen)."""
    KEPT = "backdate-keeps-fine"
    """The fine counted so far stays."""


def _positive(_: object, attribute: Attribute[Any], period: Any) -> None:
    if period is not None and period.amount == 0:
        raise InvalidValue(f"{attribute.name} of {period}: give at least 1")


@frozen
class FineStep:
    """`amount` for each interval from number `first` to number `last` (None: from there on), the first being 1.

    Intervals between two steps, or before the first, cost nothing (B8; rero's steps by open day, gaps allowed).
    """

    first: int
    amount: Money = field(validator=money_at_least_zero)
    last: int | None = None

    def __attrs_post_init__(self) -> None:
        if self.first < 1 or (self.last is not None and self.last < self.first):
            raise InvalidValue(f"a step from interval {self.first} to {self.last}: count from 1, last not before first")


def _in_order(_: object, __: object, steps: tuple[FineStep, ...]) -> None:
    for before, after in pairwise(steps):
        if before.last is None or after.first <= before.last:
            raise InvalidValue(
                f"fine steps overlap: one ends at {before.last or 'no interval'}, the next begins at {after.first}; "
                "give them in order, each after the end of the one before"
            )


@frozen(kw_only=True)
class FinePolicy:
    """The terms of an overdue fine. None in a cap means no cap; a cap of 0 means no fine is ever charged.

    `amount` is charged per `interval`; `steps` take its place where given. `month` says how long a month is when it is
    an interval or grace. A recalled loan takes `recall_amount`, `recall_interval` and `recall_cap` where they are set
    (B6). `cap_percent` is a share of the item's replacement price, `cap_at_price` is the price itself; of all caps the
    lowest wins, and a price of 0 stands for the default price of the item type (B7).
    """

    amount: Money = field(validator=money_at_least_zero)
    interval: Period = field(default=ONE_DAY, validator=_positive)
    charge_at: ChargeAt = ChargeAt.START_OF_INTERVAL
    steps: tuple[FineStep, ...] = field(default=(), converter=tuple, validator=_in_order)
    counting: Counting = Counting.DATES
    closed: ClosedTime = ClosedTime.COUNT
    month: MonthLength = MonthLength.DAYS_31
    grace: Period | None = None
    grace_kind: GraceKind = GraceKind.ALL_OR_NOTHING
    grace_over_closed: GraceOverClosed = GraceOverClosed.NO
    grace_ignored_for_recalled: bool = False
    recall_amount: Money | None = field(default=None, validator=money_at_least_zero)
    recall_interval: Period | None = field(default=None, validator=_positive)
    recall_cap: Money | None = field(default=None, validator=money_at_least_zero)
    cap: Money | None = field(default=None, validator=money_at_least_zero)
    cap_percent: int | Decimal | None = None
    cap_at_price: bool = False
    rounding: Rounding = Rounding.HALF_UP
    at_renewal: AtRenewal = AtRenewal.CHARGED
    claim_found: ClaimFound = ClaimFound.WAIVED
    backdated: BackdatedFine = BackdatedFine.RECALCULATED

    def __attrs_post_init__(self) -> None:
        for money in self._amounts():
            if money.currency != self.amount.currency:
                raise InvalidValue(f"a fine of {self.amount} with an amount of {money}: give all in one currency")
        if self.cap_percent is not None and self.cap_percent < 0:
            raise InvalidValue(f"cap_percent of {self.cap_percent}: give 0 or more")

    def _amounts(self) -> Iterator[Money]:
        yield from (step.amount for step in self.steps)
        yield from (money for money in (self.recall_amount, self.recall_cap, self.cap) if money is not None)


@frozen
class Reminder:
    """A reminder that costs a fee: `after` the due date or the reminder before, with the `notice` to send (Koha)."""

    after: Period = field(validator=_positive)
    fee: Money = field(validator=money_at_least_zero)
    notice: str = ""


class Several(Enum):
    """What a second suspension does to one that still runs (B11)."""

    LONGEST_WINS = "suspensions-longest-wins"
    ADD_UP = "suspensions-add-up"


@frozen(kw_only=True)
class SuspensionPolicy:
    """Days without borrowing in place of money: `days` for each `per` that the loan was late (B11, Koha).

    Grace is deducted or all-or-nothing as for fines; `max_days` None is no limit. `skips_closed_days` counts the days
    of the suspension as open days.
    """

    days: int
    per: Period = field(default=ONE_DAY, validator=_positive)
    charge_at: ChargeAt = ChargeAt.END_OF_INTERVAL
    counting: Counting = Counting.DATES
    closed: ClosedTime = ClosedTime.COUNT
    month: MonthLength = MonthLength.DAYS_31
    grace: Period | None = None
    grace_kind: GraceKind = GraceKind.DEDUCTED
    grace_over_closed: GraceOverClosed = GraceOverClosed.NO
    max_days: int | None = None
    skips_closed_days: bool = False
    several: Several = Several.LONGEST_WINS
    claim_found: ClaimFound = ClaimFound.WAIVED

    def __attrs_post_init__(self) -> None:
        if self.days < 0 or (self.max_days is not None and self.max_days < 0):
            raise InvalidValue(f"a suspension of {self.days} days, at most {self.max_days}: give 0 or more")
