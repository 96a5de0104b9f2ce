"""A fee per reminder: which reminders a loan has earned by a moment (Koha, and many German town libraries).

>>> from datetime import UTC
>>> from libops.base.money import Money
>>> from libops.base.periods import Period
>>> schedule = (
...     Reminder(Period.parse("7 days"), Money.parse("1.00 EUR"), "first"),
...     Reminder(Period.parse("14 days"), Money.parse("2.50 EUR"), "second"),
... )
>>> due, now = datetime(2026, 3, 2, 22, 59, tzinfo=UTC), datetime(2026, 3, 24, 6, tzinfo=UTC)
>>> earned = reminders_due(schedule, due=due, at=now, calendar=Calendar.always_open("UTC"))
>>> [(reminder.number, str(reminder.fee)) for reminder in earned]
[(1, '1.00 EUR'), (2, '2.50 EUR')]
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from attrs import frozen

from libops.base.calendars import Calendar
from libops.base.money import Money
from libops.base.periods import Period
from libops.fees.policy.fines import Reminder

__all__ = ["EarnedReminder", "reminders_due"]


@frozen
class EarnedReminder:
    """A reminder that is due: its number from 1, the moment it was earned, its fee and the notice to send."""

    number: int
    earned: datetime
    fee: Money
    notice: str


def reminders_due(
    schedule: Sequence[Reminder],
    *,
    due: datetime,
    at: datetime,
    calendar: Calendar,
    sent: int = 0,
    open_days: bool = False,
) -> tuple[EarnedReminder, ...]:
    """The reminders of a loan due at `due` that are earned by `at` beyond the `sent` first ones, in order.

    Each is counted from the one before, the first from the due instant; exactly at its moment it is earned. With
    `open_days` periods of days count open days only.
    """
    earned = []
    moment = due
    for number, reminder in enumerate(schedule, 1):
        moment = _later(moment, reminder.after, calendar, open_days)
        if moment > at:
            break
        if number > sent:
            earned.append(EarnedReminder(number, moment, reminder.fee, reminder.notice))
    return tuple(earned)


def _later(moment: datetime, period: Period, calendar: Calendar, open_days: bool) -> datetime:
    plain = period.after_instant(moment, calendar.zone_info)
    if not open_days or period.days is None:
        return plain
    local = calendar.local(moment)
    day = calendar.add_open_days(local.date(), period.days)
    return plain if day is None else calendar.instant(day, local.time())
