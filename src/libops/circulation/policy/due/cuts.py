"""Ceilings: what keeps a due date from being later than the library, the patron's card or a booking allows."""

from __future__ import annotations

from datetime import date, datetime

from libops.circulation.policy.due.closed import heeds_calendar
from libops.circulation.policy.due.course import Course
from libops.circulation.policy.due.terms import AfterCut, DueTerms, ExpiryCut

__all__ = ["cut_at_booking", "cut_at_day", "cut_at_expiry", "schedule_day"]


def cut_at_day(course: Course, last: date, why: str) -> None:
    """Due on `last` or before."""
    _cut(course, course.end_of(last), last, why, _moves_back(course))


def cut_at_expiry(course: Course, expiry: date | datetime) -> None:
    """Due no later than the patron's expiry: the end of a date, or an instant to the second (A6)."""
    cut = course.terms.expiry_cut
    if cut is ExpiryCut.NONE:
        return
    back = cut is ExpiryCut.CUT_AND_MOVE_BACK
    if not isinstance(expiry, datetime):
        _cut(course, course.end_of(expiry), expiry, "patron expires on {0}", back)
    elif course.keeps_time:
        _cut(course, expiry, None, "patron expires at {0}", back)
    else:
        day = course.calendar.service_day(expiry)
        _cut(course, course.end_of(day), day, "patron expires on {0}", back)


def cut_at_booking(course: Course, booked: datetime) -> None:
    """Due no later than the lead before the next booking begins."""
    lead = course.terms.booking_lead
    limit = booked if lead is None else lead.before_instant(booked, course.calendar.zone_info)
    _cut(course, limit, None, "must be back for a booking by {0}", _moves_back(course))


def _moves_back(course: Course) -> bool:
    return course.terms.after_cut is AfterCut.MOVE_BACK and heeds_calendar(course)


def _cut(course: Course, limit: datetime, day: date | None, why: str, back: bool) -> None:
    """Cut at `limit`, which ends `day` when it is a ceiling by date; then move back to an open day or hour."""
    if course.due <= limit:
        return
    course.move("ceiling", limit, why, limit if day is None else day)
    if not back:
        return
    if course.timed:
        _back_to_hours(course, limit)
    elif day is None:
        if not course.calendar.is_open(limit):
            _back_to_day(course, course.calendar.service_day(limit), limit)
    elif not course.calendar.is_open_day(day):
        _back_to_day(course, day, limit)


def _back_to_hours(course: Course, limit: datetime) -> None:
    if course.calendar.is_open(limit):
        return
    span = course.calendar.previous_closing(limit)
    if span is not None and span.closes > course.at:
        course.move("moved back", span.closes, "closed at {0}; last closing before", limit)


def _back_to_day(course: Course, day: date, limit: datetime) -> None:
    """To the last open day that ends by the limit, if the loan is not younger than that."""
    closed: date | None = day
    while closed is not None and (not course.calendar.is_open_day(closed) or course.moment(closed) > limit):
        closed = course.calendar.previous_open_day(closed)
    if closed is None:
        course.never_open()
    elif closed >= course.start:
        course.move("moved back", course.moment(closed), "closed on {0}; last open day before", day)


def schedule_day(terms: DueTerms, day: date) -> date | None:
    """The date of the first schedule line that covers the day of the loan; None when none does."""
    for line in terms.schedule:
        if line.covers(day):
            return line.due
    return None
