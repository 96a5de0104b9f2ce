"""Periods: how long a library gives, in minutes, hours, days, weeks or months, and how such lengths are counted.

A period of minutes or hours moves along the instants of the clock; one of days, weeks or months moves along the
dates of the library's wall calendar, and the end of a month clamps: a month after 30 January is 28 February (A10).

>>> Period.parse("3 weeks")
Period(amount=3, unit=<Unit.WEEKS: 'weeks'>)
>>> print(Period.parse("1 day"), Period.parse("1 year"))
1 day 12 months
>>> Period.parse("1 month").after(date(2026, 1, 30))
datetime.date(2026, 2, 28)
>>> Period.parse("soon")
Traceback (most recent call last):
...
libops.base.errors.InvalidValue: 'soon' is not a period: write a number and a unit, such as '3 weeks' or '90 minutes'
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from attrs import field, frozen

from libops.base.errors import InvalidValue

__all__ = [
    "ElapsedTime",
    "Intervals",
    "MonthLength",
    "Period",
    "Unit",
    "add_months",
    "elapsed",
    "intervals_between",
    "months_between",
]


class Unit(Enum):
    """The unit a period counts in."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


class MonthLength(Enum):
    """How long a month is as an interval (A9: of a fine, of grace); due dates always take the calendar."""

    CALENDAR = "calendar"
    """From a day to the same day of the next month, clamped at its end (Evergreen with a date to start from)."""
    DAYS_31 = "31-days"
    """31 days, 44,640 minutes (FOLIO)."""
    TWELFTH_OF_YEAR = "a-twelfth-of-a-year"
    """A twelfth of 365 days, 43,800 minutes or 2,628,000 seconds (Evergreen without a date)."""


class ElapsedTime(Enum):
    """What lies between two moments when the clocks change in between."""

    WALL_CLOCK = "wall-clock"
    """What the clock on the wall shows: noon to noon is 24 hours even on the night of the change (Koha)."""
    ELAPSED = "elapsed"
    """What really passed: 23 or 25 hours on the night of the change (FOLIO, which counts instants)."""


MINUTES_IN = {Unit.MINUTES: 1, Unit.HOURS: 60, Unit.DAYS: 1440, Unit.WEEKS: 10080}
MONTH_MINUTES = {MonthLength.DAYS_31: 44_640, MonthLength.TWELFTH_OF_YEAR: 43_800}
LONGEST = {Unit.MINUTES: 52_596_000, Unit.HOURS: 876_600, Unit.DAYS: 36_525, Unit.WEEKS: 5_217, Unit.MONTHS: 1_200}
YEARS = ("year", "years")


@frozen
class Period:
    """A length of time that a rule gives: `amount` of `unit`, from 0 up to a hundred years.

    Zero is a real value: zero days means "until the end of the day". Raises `InvalidValue` for anything else.
    """

    amount: int
    unit: Unit = field()

    @unit.validator
    def _within_bounds(self, _: object, unit: Unit) -> None:
        if type(unit) is not Unit:
            raise InvalidValue(f"{unit!r} is not a unit: one of {', '.join(known.value for known in Unit)}")
        if type(self.amount) is not int or self.amount < 0:
            raise InvalidValue(f"a period of {self.amount!r} {unit.value}: give a whole number from 0 up")
        if self.amount > LONGEST[unit]:
            raise InvalidValue(f"a period of {self.amount} {unit.value}: at most {LONGEST[unit]}, a hundred years")

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period that a text such as "3 weeks", "90 minutes", "1 day" or "1 year" (12 months) names."""
        number, _, word = text.strip().lower().partition(" ")
        word = word.strip()
        if number.isascii() and number.isdigit():
            if word in YEARS:
                return cls(int(number) * 12, Unit.MONTHS)
            for unit in Unit:
                if word in (unit.value, unit.value[:-1]):
                    return cls(int(number), unit)
        raise InvalidValue(f"{text!r} is not a period: write a number and a unit, such as '3 weeks' or '90 minutes'")

    def __str__(self) -> str:
        return f"{self.amount} {self.unit.value[:-1] if self.amount == 1 else self.unit.value}"

    @property
    def is_timed(self) -> bool:
        """Whether it moves along the clock (minutes, hours) and not along the dates."""
        return self.unit is Unit.MINUTES or self.unit is Unit.HOURS

    @property
    def days(self) -> int | None:
        """Its number of days where that is fixed: days and weeks; None for the other units."""
        if self.unit is Unit.DAYS:
            return self.amount
        return self.amount * 7 if self.unit is Unit.WEEKS else None

    def after(self, day: date) -> date:
        """The date this many days, weeks or months after `day`; a month's end clamps.

        Raises `InvalidValue` for minutes and hours, which have no meaning on a date.
        """
        days = self.days
        if days is not None:
            return day + timedelta(days)
        if self.unit is Unit.MONTHS:
            return add_months(day, self.amount)
        raise InvalidValue(f"{self} cannot be added to a date: give days, weeks or months")

    def before(self, day: date) -> date:
        """The date this many days, weeks or months before `day`; a month's end clamps."""
        days = self.days
        if days is not None:
            return day - timedelta(days)
        if self.unit is Unit.MONTHS:
            return add_months(day, -self.amount)
        raise InvalidValue(f"{self} cannot be taken from a date: give days, weeks or months")

    def after_instant(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The instant this period after `at` (UTC in, UTC out).

        Minutes and hours are real ones. Days, weeks and months keep the wall-clock time in `zone`; a time that the
        spring change skips moves forward, one that the autumn change repeats is the first of the two.
        """
        if self.is_timed:
            return at + timedelta(minutes=self.amount * MINUTES_IN[self.unit])
        local = at.astimezone(zone)
        return datetime.combine(self.after(local.date()), local.time(), zone).astimezone(UTC)

    def before_instant(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The instant this period before `at`, by the same rules as `after_instant`."""
        if self.is_timed:
            return at - timedelta(minutes=self.amount * MINUTES_IN[self.unit])
        local = at.astimezone(zone)
        return datetime.combine(self.before(local.date()), local.time(), zone).astimezone(UTC)

    def minutes(self, *, months: MonthLength = MonthLength.DAYS_31, since: date | None = None) -> int:
        """Its length in minutes, a day being 1,440; `since` is the start that a calendar month is counted from.

        Raises `InvalidValue` for a calendar month without a start.

        >>> Period.parse("1 month").minutes(), Period.parse("1 month").minutes(months=MonthLength.TWELFTH_OF_YEAR)
        (44640, 43800)
        """
        if self.unit is not Unit.MONTHS:
            return self.amount * MINUTES_IN[self.unit]
        if months is not MonthLength.CALENDAR:
            return self.amount * MONTH_MINUTES[months]
        if since is None:
            raise InvalidValue(f"{self} by the calendar has no length of its own: give the date it starts from")
        return (add_months(since, self.amount) - since).days * 1440


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later (or earlier); the last day where that month is shorter.

    Clamping is what FOLIO does; Koha's date library overflows into the next month, which libops does not offer.

    >>> add_months(date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    except (ValueError, IndexError):
        raise InvalidValue(f"{months} months from {day} is outside the years 1 to 9999") from None


def months_between(start: date, end: date) -> int:
    """How many whole calendar months fit between two dates, counted the way `add_months` adds them.

    >>> months_between(date(2026, 1, 31), date(2026, 2, 28)), months_between(date(2026, 1, 15), date(2026, 3, 14))
    (1, 1)
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


def elapsed(start: datetime, end: datetime, zone: ZoneInfo, how: ElapsedTime = ElapsedTime.ELAPSED) -> timedelta:
    """The time from `start` to `end` (both UTC), as it really passed or as the clock on the library's wall shows it."""
    if how is ElapsedTime.ELAPSED:
        return end - start
    return end.astimezone(zone).replace(tzinfo=None) - start.astimezone(zone).replace(tzinfo=None)


@frozen
class Intervals:
    """How often an interval fits into a stretch of time: the `whole` ones, and whether a part is left over."""

    whole: int
    partial: bool

    @property
    def begun(self) -> int:
        """The whole intervals and the one that has begun."""
        return self.whole + self.partial


def intervals_between(
    start: datetime,
    end: datetime,
    every: Period,
    *,
    zone: ZoneInfo,
    months: MonthLength = MonthLength.DAYS_31,
    how: ElapsedTime = ElapsedTime.ELAPSED,
) -> Intervals:
    """How many intervals of `every` lie between two UTC instants; none when `end` is not after `start`.

    `whole` is what a fine charged at the end of each interval counts, `begun` what one charged at its start counts.
    Raises `InvalidValue` for an interval of length zero.

    >>> due, returned = datetime(2026, 3, 2, 17, tzinfo=UTC), datetime(2026, 3, 4, 18, tzinfo=UTC)
    >>> intervals_between(due, returned, Period.parse("1 day"), zone=ZoneInfo("UTC"))
    Intervals(whole=2, partial=True)
    """
    if every.amount == 0:
        raise InvalidValue(f"an interval of {every} never ends: give at least 1 {every.unit.value[:-1]}")
    if end <= start:
        return Intervals(0, False)
    if every.unit is Unit.MONTHS and months is MonthLength.CALENDAR:
        return _calendar_intervals(start.astimezone(zone), end.astimezone(zone), every.amount)
    span = elapsed(start, end, zone, how)
    # When the clocks go back, an end after the start can show an earlier time on the wall: nothing has passed then.
    whole, rest = divmod(max(span, timedelta(0)), timedelta(minutes=every.minutes(months=months)))
    return Intervals(whole, rest > timedelta(0))


def _calendar_intervals(start: datetime, end: datetime, months: int) -> Intervals:
    last = end.date() if end.time() >= start.time() else end.date() - timedelta(1)
    whole = months_between(start.date(), last) // months
    reached = datetime.combine(add_months(start.date(), whole * months), start.time())
    return Intervals(whole, reached < end.replace(tzinfo=None))
