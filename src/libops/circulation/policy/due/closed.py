"""Closed days and closing time: where a due date goes when the library is not open then (A2, A3, A4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from libops.base.calendars import SEARCH_DAYS
from libops.base.periods import Period
from libops.circulation.policy.due.course import Course
from libops.circulation.policy.due.terms import ClosedDays, ClosingTime

__all__ = ["count_days", "heeds_calendar", "settle_day", "settle_hours"]

STAYING = (ClosedDays.IGNORE_CALENDAR, ClosedDays.KEEP_END_OF_DAY, ClosedDays.KEEP_DATETIME)
WEEK = timedelta(7)


def heeds_calendar(course: Course) -> bool:
    """Whether the terms ask for an open day or hour at all."""
    if course.timed:
        return course.terms.closing is not ClosingTime.IGNORE_CALENDAR
    return course.terms.closed_days not in STAYING


def count_days(course: Course, period: Period) -> date:
    """The day that a period of days, weeks or months leads to, counting open days only where the terms say so."""
    if course.terms.closed_days is not ClosedDays.COUNT_OPEN_DAYS or period.days is None:
        return period.after(course.start)
    day = course.calendar.add_open_days(course.start, period.days)
    if day is None:
        course.never_open()
        return period.after(course.start)
    return day


def settle_day(course: Course) -> None:
    """Move the due day off a closed day, the way the terms say."""
    strategy = course.terms.closed_days
    if strategy not in STAYING and not course.calendar.is_open_day(course.day):
        DAY_MOVES.get(strategy, _push)(course)


def _push(course: Course) -> None:
    day = course.calendar.next_open_day(course.day)
    if day is None:
        course.never_open()
    else:
        course.leave(course.day, day, "next open day")


def _push_weeks(course: Course) -> None:
    period = course.terms.period
    weekly = course.calendar.weekly.days[course.day.weekday()]
    if not weekly or period is None or not period.days or period.days % 7:
        _push(course)
        return
    day, closed = course.day, course.day
    for _ in range(SEARCH_DAYS // 7):
        day += WEEK
        if course.calendar.is_open_day(day):
            course.leave(closed, day, "same weekday, later week")
            return
    _push(course)


def _previous(course: Course) -> None:
    day = course.calendar.previous_open_day(course.day)
    if day is None or day < course.earliest:
        _push(course)
    else:
        course.leave(course.day, day, "last open day before")


DAY_MOVES: dict[ClosedDays, Callable[[Course], None]] = {
    ClosedDays.PUSH_SAME_WEEKDAY: _push_weeks,
    ClosedDays.PREVIOUS_OPEN_DAY_END: _previous,
}


def settle_hours(course: Course) -> None:
    """Move the due moment of a loan by minutes or hours out of closed hours, the way the terms say."""
    move = HOUR_MOVES.get(course.terms.closing)
    if move is not None:
        move(course)


def _end_of_hours(course: Course, closing: datetime) -> datetime:
    """The closing itself, or a later one up to the due moment when the library does not really close then.

    Hours that meet at midnight, as those of a library open around the clock, have no closing between them.
    """
    while closing <= course.due and (span := course.calendar.span_at(closing)):
        closing = span.closes
    return closing


def _closing_after(course: Course) -> datetime | None:
    """The last closing of the day of the loan, or of the next open day when the loan is made after it."""
    closing = course.calendar.closing_of(course.start)
    if closing is None or closing <= course.at:
        day = course.calendar.next_open_day(course.start)
        closing = None if day is None else course.calendar.closing_of(day)
    return None if closing is None else _end_of_hours(course, closing)


def _clamp(course: Course) -> None:
    closing = _closing_after(course)
    if closing is None:
        course.never_open()
    elif course.due > closing:
        course.move("closing time", closing, "runs past closing on {0}", closing)


def _extend(course: Course) -> None:
    closing = _closing_after(course)
    if closing is None:
        course.never_open()
    elif course.due >= closing:
        _to_opening(course, closing, timedelta(0))
    elif not course.calendar.is_open(course.due):
        _to_opening(course, course.due, timedelta(0))


def _to_opening(course: Course, since: datetime, offset: timedelta) -> None:
    opening = course.calendar.next_opening(since)
    if opening is None:
        course.never_open()
        return
    due = min(opening.opens + offset, opening.closes)
    course.move("closing time", due, "closed at {0}{2}; next opening {1}", course.due, opening.opens, course.noted())


def _end_of_current_hours(course: Course) -> None:
    if course.calendar.is_open(course.due):
        return
    span = course.calendar.span_at(course.at) or course.calendar.next_opening(course.at)
    if span is None:
        course.never_open()
    else:
        course.move(
            "closing time",
            _end_of_hours(course, span.closes),
            "closed at {0}{1}; end of the hours of the loan",
            course.due,
            course.noted(),
        )


def _next_opening_start(course: Course) -> None:
    if not course.calendar.is_open(course.due):
        offset = course.terms.opening_offset
        _to_opening(course, course.due, timedelta(minutes=0 if offset is None else offset.minutes()))


HOUR_MOVES: dict[ClosingTime, Callable[[Course], None]] = {
    ClosingTime.CLAMP_TO_CLOSING: _clamp,
    ClosingTime.EXTEND_TO_OPENING: _extend,
    ClosingTime.END_OF_CURRENT_HOURS: _end_of_current_hours,
    ClosingTime.NEXT_OPENING_START: _next_opening_start,
}
