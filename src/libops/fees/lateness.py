"""How late a loan is: time that counts, after closed time and grace are taken out.

All functions are pure: due and returned are UTC instants, the library's calendar comes as an argument. "Counted time"
is a `timedelta` in which a day is 24 hours, whatever a day late means under the policy: one date, one open date, or
1440 open minutes.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from libops.base.calendars import Calendar
from libops.base.periods import ElapsedTime, Intervals, MonthLength, Period, Unit, elapsed, intervals_between
from libops.fees.policy.fines import ChargeAt, ClosedTime, Counting, GraceKind, GraceOverClosed

__all__ = ["LatenessTerms", "beyond_grace", "counted_time", "intervals_in"]

PLAIN = ZoneInfo("UTC")
DAY = timedelta(1)
MINUTE = timedelta(minutes=1)
NONE = timedelta(0)


class LatenessTerms(Protocol):
    """What fine and suspension policies have in common."""

    @property
    def counting(self) -> Counting: ...
    @property
    def closed(self) -> ClosedTime: ...
    @property
    def month(self) -> MonthLength: ...
    @property
    def charge_at(self) -> ChargeAt: ...
    @property
    def grace(self) -> Period | None: ...
    @property
    def grace_kind(self) -> GraceKind: ...
    @property
    def grace_over_closed(self) -> GraceOverClosed: ...


def counted_time(
    closed: ClosedTime, counting: Counting, *, due: datetime, at: datetime, calendar: Calendar
) -> timedelta:
    """The time late that counts from `due` to `at`; none when `at` is not after `due`."""
    if at <= due:
        return NONE
    if closed is ClosedTime.EXCLUDE_CLOSED_MINUTES:
        return timedelta(minutes=calendar.open_minutes(due, at))
    if counting is Counting.DATES:
        first, last = calendar.service_day(due), calendar.service_day(at)
        if closed is ClosedTime.COUNT:
            return last - first
        # Due on Monday and back on Wednesday, Tuesday closed: Wednesday is the one day late.
        return timedelta(calendar.open_days_between(first + DAY, last + DAY))
    span = _passed(due, at, calendar, counting)
    return span if closed is ClosedTime.COUNT else max(span - _closed_days(due, at, calendar, counting), NONE)


def _passed(start: datetime, end: datetime, calendar: Calendar, counting: Counting) -> timedelta:
    """The time from one moment to another, by the wall clock or as it really passed; never less than none.

    While the clock on the wall shows an hour for the second time in autumn, wall-clock time stands still, so that a
    fine never falls while time goes on.
    """
    if counting is not Counting.WALL_CLOCK:
        return end - start
    if calendar.local(end).fold:
        end = end.replace(second=59, microsecond=999_999)
        while calendar.local(end).fold:
            end -= MINUTE
    return max(elapsed(start, end, calendar.zone_info, ElapsedTime.WALL_CLOCK), NONE)


def _closed_days(due: datetime, at: datetime, calendar: Calendar, counting: Counting) -> timedelta:
    """How much of the time between lies on closed dates (Koha takes 24 hours off for each whole one)."""
    total = NONE
    day, last = calendar.local(due).date(), calendar.local(at).date()
    while day <= last:
        if not calendar.is_open_day(day):
            begins = max(due, calendar.instant(day, time(0)))
            ends = min(at, calendar.instant(day + DAY, time(0)))
            total += _passed(begins, ends, calendar, counting)
        day += DAY
    return total


def beyond_grace(
    terms: LatenessTerms, counting: Counting, *, due: datetime, at: datetime, calendar: Calendar
) -> timedelta:
    """The counted time that is charged when grace has been seen to: none within grace, its last instant included.

    Grace of minutes or hours is measured in time that passed; grace of days in the days of `terms`.
    """
    late = counted_time(terms.closed, counting, due=due, at=at, calendar=calendar)
    grace = terms.grace
    if grace is None or grace.amount == 0 or late == NONE:
        return late
    deducted = terms.grace_kind is GraceKind.DEDUCTED
    ends = _stretched_end(terms.grace_over_closed, grace, due, calendar)
    if ends is not None:
        if at <= ends or (counting is Counting.DATES and calendar.service_day(at) <= calendar.service_day(ends)):
            return NONE
        given = counted_time(terms.closed, counting, due=due, at=ends, calendar=calendar)
        return late - given if deducted else late
    length = timedelta(minutes=grace.minutes(months=terms.month, since=calendar.service_day(due)))
    if grace.is_timed and counting is Counting.DATES:
        passed = counted_time(terms.closed, Counting.ELAPSED, due=due, at=at, calendar=calendar)
        if passed <= length:
            return NONE
        given = length // DAY * DAY
        return max(late - given, NONE) if deducted else late
    if late <= length:
        return NONE
    return late - length if deducted else late


def _stretched_end(option: GraceOverClosed, grace: Period, due: datetime, calendar: Calendar) -> datetime | None:
    """When grace that has an end of its own ends; None when it is as long as counted time, or there is no open day."""
    if option is GraceOverClosed.NO or grace.is_timed or calendar.never_opens:
        return None
    start = calendar.service_day(due)
    end = _last_day(option, start, grace.after(start), calendar)
    local = calendar.local(due)
    return None if end is None else calendar.instant(local.date() + (end - start), local.time())


def _last_day(option: GraceOverClosed, start: date, end: date, calendar: Calendar) -> date | None:
    if option is GraceOverClosed.CALENDAR_DAYS:
        return end
    if option is GraceOverClosed.OPEN_DAYS_ONLY:
        return calendar.add_open_days(start, (end - start).days)
    if option is GraceOverClosed.EXTENDS_IF_ENDS_CLOSED:
        return end if calendar.is_open_day(end) else calendar.next_open_day(end)
    following = calendar.next_open_day(end)
    return None if following is None else following - DAY


def intervals_in(late: timedelta, every: Period, month: MonthLength, *, due: datetime, calendar: Calendar) -> Intervals:
    """How often an interval fits into counted time; a calendar month is counted from the due date."""
    if every.unit is Unit.MONTHS and month is MonthLength.CALENDAR:
        begins = calendar.local(due).replace(tzinfo=UTC)
        return intervals_between(begins, begins + late, every, zone=PLAIN, months=month)
    whole, rest = divmod(late, timedelta(minutes=every.minutes(months=month)))
    return Intervals(whole, rest > NONE)
