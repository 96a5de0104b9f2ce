"""Until when an item waits on the hold shelf."""

from __future__ import annotations

from datetime import date, datetime, time

from libops.base.calendars import Calendar
from libops.circulation.policy.due import ClosingTime, DueTerms, due_date
from libops.circulation.policy.holds.terms import HoldPolicy

__all__ = ["shelf_end"]

LAST_SECOND = time(23, 59, 59)


def shelf_end(
    policy: HoldPolicy, *, at: datetime, calendar: Calendar, wanted_until: date | None = None
) -> datetime | None:
    """The last instant at which an item set aside at `at` can be picked up; None for no end.

    A shelf time in days ends with the library's day, one in minutes or hours on the instant, closed or not. An
    earlier limit of the patron's own is kept (D5).

    >>> from datetime import UTC
    >>> from libops.base.periods import Period
    >>> policy = HoldPolicy(shelf_time=Period.parse("7 days"))
    >>> town = Calendar.always_open("Europe/Berlin")
    >>> shelf_end(policy, at=datetime(2026, 3, 2, 12, tzinfo=UTC), calendar=town).isoformat()
    '2026-03-09T22:59:59+00:00'
    """
    ends: list[datetime] = []
    if policy.shelf_time is not None:
        terms = DueTerms(
            period=policy.shelf_time,
            due_time=LAST_SECOND,
            closed_days=policy.shelf_closed_days,
            closing=ClosingTime.IGNORE_CALENDAR,
        )
        end = due_date(terms, at=at, calendar=calendar).at
        if end is not None:
            ends.append(end)
    if wanted_until is not None:
        ends.append(max(at, calendar.service_instant(wanted_until, LAST_SECOND)))
    return min(ends, default=None)
