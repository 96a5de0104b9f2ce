"""Due dates of loans that are already out: renewed, recalled, or caught by a change of the calendar."""

from __future__ import annotations

from datetime import date, datetime

from attrs import evolve, frozen

from libops.base.calendars import Calendar
from libops.base.periods import Period
from libops.circulation.policy.due.closed import settle_day, settle_hours
from libops.circulation.policy.due.compute import compute_due
from libops.circulation.policy.due.course import Course
from libops.circulation.policy.due.terms import CalendarChange, Demand, Due, DueTerms, Profile

__all__ = ["RecallTerms", "due_after_calendar_change", "recall_due", "renewal_due", "renewal_gains"]


def renewal_due(
    terms: DueTerms,
    *,
    now: datetime,
    calendar: Calendar,
    counted_from: datetime | None = None,
    period: Period | None = None,
    patron_expiry: date | datetime | None = None,
    next_booking: datetime | None = None,
    demand: Demand | None = None,
    explain: bool = False,
) -> Due:
    """When a loan renewed `now` is due.

    `counted_from` is the base date (C1): the old due date, or None for the moment of the renewal. `period` is the
    renewal's own, 0 days included; None takes that of the loan (C3). Never before `now`.

    >>> from datetime import UTC
    >>> now, old = datetime(2026, 3, 2, 12, tzinfo=UTC), datetime(2026, 3, 4, 22, 59, tzinfo=UTC)
    >>> town, week = Calendar.always_open("Europe/Berlin"), DueTerms(period=Period.parse("1 week"))
    >>> renewal_due(week, now=now, calendar=town).at.date(), renewal_due(
    ...     week, now=now, calendar=town, counted_from=old
    ... ).at.date()
    (datetime.date(2026, 3, 9), datetime.date(2026, 3, 11))
    """
    return compute_due(
        terms if period is None else evolve(terms, period=period),
        since=now if counted_from is None else counted_from,
        now=now,
        calendar=calendar,
        patron_expiry=patron_expiry,
        next_booking=next_booking,
        demand=demand,
        explain=explain,
    )


def renewal_gains(due: datetime | None, renewed: datetime | None) -> bool:
    """Whether a renewal moves the due date later (C2); none at all is later than any.

    >>> from datetime import UTC
    >>> due = datetime(2026, 3, 4, 22, 59, tzinfo=UTC)
    >>> renewal_gains(due, due), renewal_gains(due, None), renewal_gains(None, due)
    (False, True, False)
    """
    return due is not None and (renewed is None or renewed > due)


@frozen(kw_only=True)
class RecallTerms:
    """How a recall shortens the loan it asks for (D9).

    `guaranteed` is the time from check-out that no recall takes away, `return_within` the time the patron has to bring
    the item back once recalled. None of either is no such right: the item is due at once.
    """

    guaranteed: Period | None = None
    return_within: Period | None = None
    extends_overdue: bool = False
    """An overdue loan gets a new due date, later than the old one (FOLIO's option). Its fine counts from the new date
    alone, as after any due date that is moved: what was charged for the days before goes back when the item does."""


def recall_due(
    recall: RecallTerms,
    terms: DueTerms,
    *,
    due: datetime | None,
    loaned_at: datetime,
    now: datetime,
    calendar: Calendar,
    explain: bool = False,
) -> Due:
    """When a loan recalled `now` is due: the later of guarantee and return interval, and never later than it was.

    Only an overdue loan can get a later date, where the terms allow it. The new date moves out of closed time as the
    loan's own terms say.
    """
    if due is not None and due < now and not recall.extends_overdue:
        return Due(due)
    zone = calendar.zone_info
    promised = [now]
    if recall.guaranteed is not None:
        promised.append(recall.guaranteed.after_instant(loaned_at, zone))
    if recall.return_within is not None:
        promised.append(recall.return_within.after_instant(now, zone))
    course = _settled(terms, now, max(promised), calendar, "recall", explain)
    if due is not None and due >= now and course.due > due:
        return Due(due)
    return Due(course.due, tuple(course.steps or ()), course.warnings)


def _settled(terms: DueTerms, at: datetime, moment: datetime, calendar: Calendar, name: str, explain: bool) -> Course:
    """A moment moved out of closed days or hours by the terms of a loan, never before `at`."""
    timed = terms.profile is Profile.ROLLING and terms.period is not None and terms.period.is_timed
    course = Course(terms, at, calendar.service_day(at), calendar, timed, explain)
    if timed:
        course.move(name, moment, "due {0}", moment)
        settle_hours(course)
    else:
        day = calendar.service_day(moment)
        course.move_day(name, day, "due {0}", day)
        settle_day(course)
        course.due = course.moment(course.day)
    if course.due < at:
        course.move("not before now", at, "due at once")
    return course


def due_after_calendar_change(
    terms: DueTerms,
    *,
    due: datetime | None,
    counted_from: datetime,
    now: datetime,
    calendar: Calendar,
    patron_expiry: date | datetime | None = None,
    next_booking: datetime | None = None,
    explain: bool = False,
) -> Due:
    """When an open loan is due under the changed `calendar` (A11): as before, or computed anew and never earlier.

    `counted_from` is what the present due date was counted from. Loans that are overdue already stay as they are.
    """
    if terms.on_calendar_change is CalendarChange.LEAVE or due is None or due < now:
        return Due(due)
    anew = compute_due(
        terms,
        since=counted_from,
        now=counted_from,
        calendar=calendar,
        patron_expiry=patron_expiry,
        next_booking=next_booking,
        demand=None,
        explain=explain,
    )
    return anew if anew.at is not None and anew.at > due else Due(due)
