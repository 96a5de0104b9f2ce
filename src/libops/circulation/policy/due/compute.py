"""From the moment of a loan to the moment it is due."""

from __future__ import annotations

from datetime import date, datetime

from libops.base.calendars import Calendar
from libops.base.errors import InvalidValue
from libops.base.periods import Period
from libops.circulation.policy.due.closed import count_days, settle_day, settle_hours
from libops.circulation.policy.due.course import Course
from libops.circulation.policy.due.cuts import cut_at_booking, cut_at_day, cut_at_expiry, schedule_day
from libops.circulation.policy.due.reasons import BEFORE_LOAN, OUTSIDE_SCHEDULE
from libops.circulation.policy.due.terms import (
    END_OF_DAY,
    ClosedDays,
    Demand,
    Due,
    DueTerms,
    ExpiryCut,
    Profile,
    ScheduleUse,
)

__all__ = ["compute_due", "due_date"]


NO_DUE_DATE = Due(None)
NO_CUT = ExpiryCut.NONE


def due_date(
    terms: DueTerms,
    *,
    at: datetime,
    calendar: Calendar,
    patron_expiry: date | datetime | None = None,
    next_booking: datetime | None = None,
    demand: Demand | None = None,
    day: date | None = None,
    explain: bool = False,
) -> Due:
    """When a loan made at `at` is due.

    `at` and `next_booking` are UTC instants; `patron_expiry` is the last day of the patron's card, or an instant;
    `demand` says how wanted the title is; `day` is the calendar's service day of `at`, where the caller knows it. The
    due date is never before the loan. With `explain` every step that moved it is in the answer.

    Raises `InvalidValue` when `at` has no time zone or there is no calendar: a loan whose calendar could not be
    found must not go out with a guess (A13).

    >>> from datetime import UTC, datetime
    >>> from libops.base.calendars import Calendar, WeeklyHours
    >>> from libops.base.periods import Period
    >>> town = Calendar("Europe/Berlin", WeeklyHours(tuesday="10:00-18:00", friday="14:00-18:00"))
    >>> terms = DueTerms(period=Period.parse("2 days"))
    >>> due_date(terms, at=datetime(2026, 3, 3, 9, 30, tzinfo=UTC), calendar=town).at
    datetime.datetime(2026, 3, 6, 22, 59, tzinfo=datetime.timezone.utc)
    """
    cut = (
        (patron_expiry is not None and terms.expiry_cut is not NO_CUT)
        or next_booking is not None
        or (demand is not None and terms.demand is not None)
    )
    if cut or explain or not terms.day_decides:
        day = None
    elif day is None:
        day = _service_day(at, calendar)
    if day is not None:
        known = terms.known(calendar, day)
        if known is not None and known.at is not None and known.at >= at:
            return known
    due = compute_due(
        terms,
        since=at,
        now=at,
        calendar=calendar,
        patron_expiry=patron_expiry,
        next_booking=next_booking,
        demand=demand,
        explain=explain,
    )
    # A date with a warning, or put off because the loan came late in its day, is that loan's alone.
    if day is not None and due.at is not None and not due.warnings and calendar.local(at).date() == day:
        terms.keep(calendar, day, due)
    return due


def _service_day(at: datetime, calendar: Calendar) -> date:
    """The day of the loan, once it is sure that there is a calendar and a time zone."""
    if at.tzinfo is None:
        raise InvalidValue(f"{at} lacks a time zone: give an aware UTC datetime")
    if not isinstance(calendar, Calendar):
        raise InvalidValue(f"{calendar!r} is not a calendar: a due date needs the one of the library")
    return calendar.service_day(at)


def compute_due(
    terms: DueTerms,
    *,
    since: datetime,
    now: datetime,
    calendar: Calendar,
    patron_expiry: date | datetime | None,
    next_booking: datetime | None,
    demand: Demand | None,
    explain: bool,
) -> Due:
    """The due date counted from `since`, and never before `now`."""
    start = _service_day(since, calendar)
    if now.tzinfo is None:
        raise InvalidValue(f"{now} lacks a time zone: give an aware UTC datetime")
    if terms.profile is Profile.INDEFINITE:
        return NO_DUE_DATE
    timed = terms.period is not None and terms.period.is_timed and terms.profile is Profile.ROLLING
    course = Course(terms, since, start, calendar, timed, explain)
    scheduled = schedule_day(terms, course.start) if terms.schedule else None
    if terms.profile is Profile.FIXED:
        if scheduled is None:
            return Due(None, (), (OUTSIDE_SCHEDULE(day=course.start),))
        _fix(course, scheduled, settle=True)
    elif scheduled is not None and terms.schedule_use is ScheduleUse.EXACTLY:
        _fix(course, scheduled, settle=False)
    elif terms.period is None:
        return Due(None, (), (OUTSIDE_SCHEDULE(day=course.start),))
    else:
        _roll(course, terms.period, scheduled, demand)
    if terms.ceiling is not None:
        cut_at_day(course, terms.ceiling, "no loan beyond {0}")
    if patron_expiry is not None:
        cut_at_expiry(course, patron_expiry)
    if next_booking is not None:
        cut_at_booking(course, next_booking)
    if course.due < now:
        course.warnings += (BEFORE_LOAN(due=course.due),)
        course.move("not before the loan", now, "due at once")
    return Due(course.due, tuple(course.steps) if course.steps else (), course.warnings)


def _fix(course: Course, day: date, *, settle: bool) -> None:
    """Due on the schedule's date, at the due time or the end of that day."""
    terms = course.terms
    course.timed = False
    kept = terms.closed_days is ClosedDays.KEEP_DATETIME
    course.clock = END_OF_DAY if kept or terms.due_time is None else terms.due_time
    course.move_day("schedule", day, "fixed date for loans made on {0}", course.start)
    if settle:
        settle_day(course)
    course.due = course.moment(course.day)


def _roll(course: Course, period: Period, scheduled: date | None, demand: Demand | None) -> None:
    """Due a period after the loan, within the schedule."""
    terms = course.terms
    if scheduled is not None and terms.schedule_use is ScheduleUse.AFTER:
        course.earliest = max(course.start, scheduled)
    shorter = _shortened(terms, period, demand)
    if shorter is None or demand is None:
        _count(course, "period", period, "{0} from {1}", period, course.at)
    else:
        if course.steps is not None:
            _count(course, "period", period, "{0} from {1}", period, course.at)
            course.warnings = ()
        _count(course, "demand", shorter, "{0} holds on {1} items: {2}", demand.holds, demand.items, shorter)
    if course.timed:
        if course.earliest > course.start and course.due < course.moment(course.earliest):
            due = course.moment(course.earliest)
            course.move("schedule", due, "schedule: due on {0} or after", course.earliest)
        settle_hours(course)
    else:
        if course.day < course.earliest:
            course.move_day("schedule", course.earliest, "schedule: due on {0} or after", course.earliest)
        settle_day(course)
        course.due = course.moment(course.day)
    if scheduled is not None and terms.schedule_use is ScheduleUse.BEFORE:
        cut_at_day(course, scheduled, "schedule: due by {0}")


def _shortened(terms: DueTerms, period: Period, demand: Demand | None) -> Period | None:
    """The shorter period that the demand for the title leaves, if it does."""
    if terms.demand is None or demand is None or not terms.demand.applies(demand):
        return None
    shorter = terms.demand.shorten_to
    return shorter if shorter.minutes() < period.minutes() else None


def _count(course: Course, name: str, period: Period, why: str, *facts: object) -> None:
    """Count the period from the loan, by the clock or by days."""
    course.go_by(timed=period.is_timed)
    if course.timed:
        course.move(name, period.after_instant(course.at, course.calendar.zone_info), why, *facts)
        return
    day = count_days(course, period)
    if course.steps is not None and day != period.after(course.start):
        why += ", closed days not counted"
    course.move_day(name, day, why, *facts)
