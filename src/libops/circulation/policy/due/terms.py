"""How a library sets due dates, as data: period, time of day, closed days, closing time, schedules and ceilings.

>>> DueTerms(period=Period.parse("3 weeks")).due_time
datetime.time(23, 59)
>>> DueTerms(period=Period.parse("2 hours"), closing=ClosingTime.NEXT_OPENING_START).closing.value
'next-opening-start'
>>> DueTerms()
Traceback (most recent call last):
...
libops.base.errors.InvalidValue: a rolling loan without a period: give one such as '3 weeks', or a schedule
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from enum import Enum

from attrs import field, frozen

from libops.base.calendars import Calendar
from libops.base.decisions import Reason, Step
from libops.base.errors import InvalidValue
from libops.base.periods import Period

__all__ = [
    "END_OF_DAY",
    "AfterCut",
    "CalendarChange",
    "ClosedDays",
    "ClosingTime",
    "Demand",
    "DemandMeasure",
    "DemandTerms",
    "Due",
    "DueTerms",
    "ExpiryCut",
    "FixedDue",
    "Profile",
    "ScheduleUse",
]

END_OF_DAY = time(23, 59, 59)
KEPT_DAYS = 500


class Profile(Enum):
    """What a due date comes from."""

    ROLLING = "rolling"
    """A period from the loan."""
    FIXED = "fixed"
    """The schedule's date for the day of the loan, moved over closed days like any other (FOLIO)."""
    INDEFINITE = "indefinite"
    """None: the loan has no due date."""


class ClosedDays(Enum):
    """Where the due date of a loan by days goes when the library is closed on it (A2)."""

    IGNORE_CALENDAR = "ignore-calendar"
    """It stays (Koha, "calendar ignored")."""
    PUSH_ONE_DAY_AT_A_TIME = "push-one-day-at-a-time"
    """To the next open day, at the same time of day (Koha "Datedue", rero)."""
    COUNT_OPEN_DAYS = "count-open-days"
    """Closed days are not counted at all: 7 days are 7 open days (Koha "Days"). Months cannot be counted so: pushed."""
    PUSH_SAME_WEEKDAY = "push-same-weekday"
    """By whole weeks (Koha "Dayweek"); day by day when the period is no multiple of 7 days, or when the library is
    closed on that day of every week (A3)."""
    PREVIOUS_OPEN_DAY_END = "previous-open-day-end"
    """Back to the end of the last open day (FOLIO); to the next one when that would be before the day of the loan."""
    NEXT_OPEN_DAY_END = "next-open-day-end"
    """To the end of the next open day (FOLIO)."""
    KEEP_END_OF_DAY = "keep-end-of-day"
    """It stays, at the end of that day (FOLIO)."""
    KEEP_DATETIME = "keep-datetime"
    """It stays, at the time of day of the loan, whatever `due_time` says (FOLIO)."""


class ClosingTime(Enum):
    """Where the due moment of a loan by minutes or hours goes when it runs past closing (A4)."""

    IGNORE_CALENDAR = "ignore-calendar"
    """It stays (Koha, opening hours ignored)."""
    CLAMP_TO_CLOSING = "clamp-to-closing"
    """To the last closing of the day of the loan, whenever it lies after that (Koha "close")."""
    EXTEND_TO_OPENING = "extend-to-opening"
    """To the first opening of the next open day, whenever it lies after the last closing of today (Koha "open"); in a
    break of today, to the end of the break."""
    END_OF_CURRENT_HOURS = "end-of-current-hours"
    """If the library is closed then: to the end of the hours in which the loan began; a midday break ends them
    (FOLIO). For a loan begun while closed: to the end of the next hours."""
    NEXT_OPENING_START = "next-opening-start"
    """If the library is closed then: to its next opening, plus `opening_offset`, at most to the end of those hours
    (FOLIO)."""


class ScheduleUse(Enum):
    """What a schedule's date means to a loan with a period of its own."""

    BEFORE = "before"
    """A ceiling: due on that date or before (Koha's hard due date "before", FOLIO's limit on rolling loans)."""
    EXACTLY = "exactly"
    """The due date itself, as it stands, closed or not (Koha's hard due date "exactly on")."""
    AFTER = "after"
    """A floor: due on that date or after (Koha's hard due date "after")."""


class ExpiryCut(Enum):
    """What the expiry of the patron does to a later due date (A6)."""

    NONE = "none"
    """Nothing (Koha, switched off)."""
    CUT = "cap-at-patron-expiry"
    """Cut to the expiry, open or not (FOLIO)."""
    CUT_AND_MOVE_BACK = "cap-at-patron-expiry-move-back-over-closed-days"
    """Cut to the expiry, then back to an open day (Koha, switched on)."""


class AfterCut(Enum):
    """What happens when a ceiling or a booking cuts the due date to a moment when the library is closed."""

    STAY = "stay"
    """It stays at the ceiling (Koha's hard due date)."""
    MOVE_BACK = "move-back-over-closed-days"
    """Back to the last open day, or the last closing for a loan by hours (FOLIO's limit on rolling loans)."""


class CalendarChange(Enum):
    """What a change of the calendar does to open loans (A11)."""

    LEAVE = "leave-open-loans"
    """Their due dates stay (Koha, FOLIO, Evergreen)."""
    RECOMPUTE = "recompute-open-loans-on-calendar-change"
    """They are computed anew, never to an earlier date (rero)."""


class DemandMeasure(Enum):
    """How demand for a title is measured against the threshold."""

    HOLDS = "holds"
    """The number of holds (Koha "static")."""
    HOLDS_ABOVE_ITEMS = "holds-above-items"
    """The holds that are left when every item that can fill one has done so (Koha "dynamic")."""
    HOLDS_PER_ITEM = "holds-per-item"
    """Holds divided by the items that can fill them, a ratio; without any item it is above every threshold."""


@frozen
class Demand:
    """How wanted a title is: its `holds`, and the `items` that can fill them."""

    holds: int
    items: int


@frozen
class DemandTerms:
    """A shorter loan for titles in demand.

    The loan is for `shorten_to`, if that is shorter, when the measure is above `threshold` and there are at least
    `minimum_holds`, so that a ratio over a single item does not shorten for one waiting patron.
    """

    shorten_to: Period
    threshold: int = 0
    measure: DemandMeasure = DemandMeasure.HOLDS
    minimum_holds: int = 1

    def applies(self, demand: Demand) -> bool:
        """Whether the title is wanted so much that the loan is shortened.

        >>> ratio = DemandTerms(Period.parse("7 days"), 2, DemandMeasure.HOLDS_PER_ITEM, minimum_holds=4)
        >>> ratio.applies(Demand(holds=3, items=1)), ratio.applies(Demand(holds=5, items=2))
        (False, True)
        """
        if demand.holds < self.minimum_holds:
            return False
        if self.measure is DemandMeasure.HOLDS_PER_ITEM:
            return demand.items == 0 or demand.holds > self.threshold * demand.items
        above = demand.items if self.measure is DemandMeasure.HOLDS_ABOVE_ITEMS else 0
        return demand.holds - above > self.threshold


@frozen
class FixedDue:
    """One line of a schedule: loans made from `first` to `last` (both included, None for open) concern date `due`."""

    due: date
    first: date | None = None
    last: date | None = None

    def __attrs_post_init__(self) -> None:
        if self.first and self.last and self.last < self.first:
            raise InvalidValue(f"a schedule line from {self.first} to {self.last} ends before it begins: swap the two")

    def covers(self, day: date) -> bool:
        """Whether a loan made on `day` falls under this line."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def _lines(schedule: Iterable[FixedDue]) -> tuple[FixedDue, ...]:
    return tuple(schedule)


@frozen(weakref_slot=False)
class Due:
    """When a loan is due: a UTC instant, or None when it has no due date.

    `steps` say how it came about, in the library's time, when asked for; `warnings` are reasons for the decision to
    weigh: alerts for the desk, and one that refuses a loan for which the schedule gives no date.
    """

    at: datetime | None
    steps: tuple[Step, ...] = field(default=(), eq=False)
    warnings: tuple[Reason, ...] = ()


@frozen(kw_only=True)
class DueTerms:
    """How the due date of a loan comes about. Each option names the systems that do it so; defaults suit most.

    Raises `InvalidValue` when the profile lacks what it counts from.
    """

    period: Period | None = None
    """How long; 0 days is "until the end of the day". A rolling loan needs one, unless its schedule says exactly."""
    profile: Profile = Profile.ROLLING
    due_time: time | None = time(23, 59)
    """When on the day a loan by days is due (A1): 23:59:00 (Koha, rero), 23:59:59 (FOLIO), any other; None keeps the
    time of day of the loan (Evergreen)."""
    closed_days: ClosedDays = ClosedDays.PUSH_ONE_DAY_AT_A_TIME
    closing: ClosingTime = ClosingTime.END_OF_CURRENT_HOURS
    opening_offset: Period | None = None
    """How long after opening a loan by hours is due, with `next-opening-start`."""
    schedule: tuple[FixedDue, ...] = field(default=(), converter=_lines)
    """Fixed due dates; the first line that covers the day of the loan counts."""
    schedule_use: ScheduleUse = ScheduleUse.BEFORE
    """What the schedule means to a rolling loan."""
    ceiling: date | None = None
    """No loan is due after this date."""
    expiry_cut: ExpiryCut = ExpiryCut.NONE
    booking_lead: Period | None = None
    """How long before the next booking the item must be back."""
    after_cut: AfterCut = AfterCut.MOVE_BACK
    """What a schedule as ceiling, the ceiling and a booking do on closed days; the expiry has an option of its own."""
    demand: DemandTerms | None = None
    on_calendar_change: CalendarChange = CalendarChange.LEAVE
    day_decides: bool = field(init=False, eq=False, repr=False)
    """Whether all loans of one service day are due together, unless patron, booking or demand make a difference."""
    # What was found before, by calendar and service day: the terms stay the same, only their answers come faster.
    _known: dict[tuple[Calendar, date], Due] = field(init=False, eq=False, repr=False, factory=dict)

    @day_decides.default
    def _day_decides(self) -> bool:
        by_day = self.profile is Profile.FIXED or self.period is None or not self.period.is_timed
        return by_day and self.due_time is not None and self.closed_days is not ClosedDays.KEEP_DATETIME

    def known(self, calendar: Calendar, day: date) -> Due | None:
        """When a loan of that service day is due, if it was found before."""
        return self._known.get((calendar, day))

    def keep(self, calendar: Calendar, day: date, due: Due) -> None:
        """Remember the due date that all loans of a service day share."""
        if len(self._known) >= KEPT_DAYS:
            self._known.clear()
        self._known[calendar, day] = due

    def __attrs_post_init__(self) -> None:
        if self.profile is Profile.FIXED and not self.schedule:
            raise InvalidValue("a fixed loan without a schedule: give at least one line with its due date")
        exactly = self.schedule and self.schedule_use is ScheduleUse.EXACTLY
        if self.profile is Profile.ROLLING and self.period is None and not exactly:
            raise InvalidValue("a rolling loan without a period: give one such as '3 weeks', or a schedule")
        if self.opening_offset is not None and not self.opening_offset.is_timed:
            raise InvalidValue(f"an opening offset of {self.opening_offset}: give minutes or hours")
