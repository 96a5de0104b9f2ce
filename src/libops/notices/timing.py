"""When notices are due: pure functions of a policy, a due date, a calendar and the time.

>>> from datetime import UTC
>>> from libops.notices.model import Trigger
>>> overdue = Notice(
...     template="overdue", trigger=Trigger.DUE, timing=Timing.AFTER,
...     period=Period.parse("7 days"), every=Period.parse("7 days"), times=3,
... )
>>> due = datetime(2026, 3, 2, 22, 59, tzinfo=UTC)
>>> found = moments(overdue, due, Calendar.always_open("UTC"), until=datetime(2026, 3, 20, tzinfo=UTC))
>>> [(number, f"{moment:%d %B}") for number, moment in found]
[(1, '09 March'), (2, '16 March')]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from libops.base.calendars import Calendar
from libops.base.periods import Period
from libops.notices.policy import Counted, Digest, Notice, NoticePolicy, OnClosedDays, Timing

__all__ = ["falls", "may_fall", "may_go", "moments", "reach", "send_time"]

MIDNIGHT = time(0)
DAY = timedelta(1)
SLACK = timedelta(days=2)
"""By how much the date of a library may differ from plain counting."""


def moments(notice: Notice, anchor: datetime, calendar: Calendar, *, until: datetime) -> Iterator[tuple[int, datetime]]:
    """Each time that a notice falls due by `until`, numbered from 1; `anchor` is what it is counted from, in UTC."""
    number, moment = 1, _first(notice, anchor, calendar)
    while moment <= until:
        yield number, moment
        if notice.every is None or number == (notice.times or 0):
            return
        number, moment = number + 1, _later(moment, notice.every, notice.counted, calendar)
        if notice.timing is Timing.BEFORE and moment >= anchor:
            return


def _first(notice: Notice, anchor: datetime, calendar: Calendar) -> datetime:
    if notice.period is None or notice.timing is Timing.UPON:
        return anchor
    if notice.timing is Timing.AFTER:
        return max(_later(anchor, notice.period, notice.counted, calendar), anchor)
    if notice.period.days is None:
        return notice.period.before_instant(anchor, calendar.zone_info)
    day = calendar.service_day(anchor)
    found = _open_days_before(day, notice.period.days, calendar) if _open(notice) else notice.period.before(day)
    return calendar.instant(found, MIDNIGHT)


def _open(notice: Notice) -> bool:
    return notice.counted is Counted.OPEN_DAYS


def _later(moment: datetime, period: Period, counted: Counted, calendar: Calendar) -> datetime:
    if period.is_timed:
        return period.after_instant(moment, calendar.zone_info)
    day = calendar.service_day(moment)
    found: date | None = period.after(day)
    if counted is Counted.OPEN_DAYS and period.days is not None:
        found = calendar.add_open_days(day, period.days)
    return calendar.instant(found or period.after(day), MIDNIGHT)


def _open_days_before(day: date, count: int, calendar: Calendar) -> date:
    for _ in range(count):
        before = calendar.previous_open_day(day - DAY)
        if before is None:
            return day
        day = before
    return day


def send_time(policy: NoticePolicy, notice: Notice, moment: datetime, calendar: Calendar) -> datetime:
    """When a notice that is due at `moment` may go out: after the session's pause, on an open day, not at night."""
    if notice.digest is Digest.SESSION:
        moment = policy.session_pause.after_instant(moment, calendar.zone_info)
    return may_go(policy, moment, calendar)


def may_go(policy: NoticePolicy, moment: datetime, calendar: Calendar) -> datetime:
    """The first instant from `moment` on at which the policy lets a message go: on an open day, not at night."""
    moment = _after_quiet_hours(policy, moment, calendar)
    if policy.on_closed_days is OnClosedDays.NEXT_OPEN_DAY:
        day = calendar.local(moment).date()
        if not calendar.is_open_day(day):
            following = calendar.next_open_day(day)
            if following is not None:
                moment = _after_quiet_hours(policy, calendar.instant(following, MIDNIGHT), calendar)
    return moment


def _after_quiet_hours(policy: NoticePolicy, moment: datetime, calendar: Calendar) -> datetime:
    start, end = policy.quiet_from, policy.quiet_until
    if start is None or end is None or start == end:
        return moment
    local = calendar.local(moment)
    clock, day = local.time(), local.date()
    if start < end:
        return calendar.instant(day, end) if start <= clock < end else moment
    if clock >= start:
        return calendar.instant(day + DAY, end)
    return calendar.instant(day, end) if clock < end else moment


def may_fall(notice: Notice, due: datetime, since: datetime, at: datetime) -> bool:
    """Whether a notice could fall due in `since < moment <= at`: a quick look that may say yes too often, never no.

    >>> from datetime import UTC
    >>> from libops.notices.model import Trigger
    >>> courtesy = Notice(
    ...     template="due_soon", trigger=Trigger.DUE, timing=Timing.BEFORE, period=Period.parse("3 days")
    ... )
    >>> due, now = datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 3, 17, 12, tzinfo=UTC)
    >>> [may_fall(courtesy, due + timedelta(days), now - DAY, now) for days in (0, 30)]
    [True, False]
    """
    span = timedelta(0) if notice.period is None else timedelta(minutes=notice.period.minutes())
    if notice.timing is Timing.BEFORE:
        slack = SLACK if notice.counted is Counted.ALL_DAYS else SLACK + span * 7
        return due > at and due - span - slack <= at
    if due + span - SLACK > at:
        return False
    return notice.every is not None or notice.counted is Counted.OPEN_DAYS or due + span + SLACK > since


def falls(notices: Iterable[Notice], anchor: datetime, calendar: Calendar, *, since: datetime, until: datetime) -> bool:
    """Whether any of these notices falls due in `since < moment <= until`; none before the anchor does once that is by.

    >>> from libops.notices.model import Trigger
    >>> overdue = Notice(
    ...     template="overdue", trigger=Trigger.DUE, timing=Timing.AFTER, period=Period.parse("7 days")
    ... )
    >>> due, calendar = datetime.fromisoformat("2026-03-02T23:00Z"), Calendar.always_open("UTC")
    >>> [falls([overdue], due, calendar, since=due + days * DAY, until=due + (days + 1) * DAY) for days in (5, 6, 7)]
    [False, True, False]
    """
    return any(
        moment > since
        for notice in notices
        if may_fall(notice, anchor, since, until) and (notice.timing is not Timing.BEFORE or until < anchor)
        for _, moment in moments(notice, anchor, calendar, until=until)
    )


def reach(notices: Iterable[Notice]) -> timedelta:
    """How far ahead of its moment any of these notices may come at most; open days are counted generously.

    >>> from libops.notices.model import Trigger
    >>> reach([Notice(template="due_soon", trigger=Trigger.DUE, timing=Timing.BEFORE, period=Period.parse("3 days"))])
    datetime.timedelta(days=4)
    >>> reach([])
    datetime.timedelta(0)
    """
    return max((_reach(notice) for notice in notices if notice.timing is Timing.BEFORE), default=timedelta(0))


def _reach(notice: Notice) -> timedelta:
    if notice.period is None:
        return timedelta(0)
    return timedelta(minutes=notice.period.minutes()) * (7 if _open(notice) else 1) + DAY
