"""Suspension in place of money: days without borrowing for days late (Koha).

>>> from datetime import UTC
>>> from libops.fees.policy.fines import SuspensionPolicy
>>> due, returned = datetime(2026, 3, 2, 22, 59, tzinfo=UTC), datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
>>> served = suspension(SuspensionPolicy(days=2), due=due, at=returned, calendar=Calendar.always_open("Europe/Berlin"))
>>> served.days, served.until
(6, datetime.date(2026, 3, 11))
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from attrs import frozen

from libops.base.calendars import Calendar
from libops.base.decisions import Step
from libops.fees.lateness import beyond_grace, intervals_in
from libops.fees.policy.fines import ChargeAt, Counting, Several, SuspensionPolicy

__all__ = ["Suspension", "suspension"]


@frozen
class Suspension:
    """Days without borrowing: how many this loan earned, and the last of them (None when the patron is not suspended).

    `until` includes what an earlier suspension adds; borrowing is possible again on the day after it.
    """

    days: int
    until: date | None
    steps: tuple[Step, ...] = ()


def suspension(
    policy: SuspensionPolicy,
    *,
    due: datetime,
    at: datetime,
    calendar: Calendar,
    running_until: date | None = None,
    explain: bool = False,
) -> Suspension:
    """The suspension for a loan due at `due` and returned at `at` (UTC).

    `running_until` is the last day of a suspension that the patron already serves; one that is over counts for
    nothing. A library that never opens counts calendar days.
    """
    counting = Counting.ELAPSED if policy.per.is_timed else policy.counting
    late = beyond_grace(policy, counting, due=due, at=at, calendar=calendar)
    fit = intervals_in(late, policy.per, policy.month, due=due, calendar=calendar)
    count = fit.begun if policy.charge_at is ChargeAt.START_OF_INTERVAL else fit.whole
    earned = count * policy.days
    days = earned if policy.max_days is None else min(earned, policy.max_days)
    today = calendar.service_day(at)
    running = running_until if running_until is not None and running_until >= today else None
    until = running
    if days:
        start = running if running is not None and policy.several is Several.ADD_UP else today
        until = _counted_on(start, days, policy.skips_closed_days, calendar)
        if running is not None:
            until = max(until, running)
    steps: tuple[Step, ...] = ()
    if explain:
        steps = (
            Step("suspension", count, earned, f"{policy.days} days for each {policy.per} late"),
            Step("maximum", earned, days, f"at most {policy.max_days} days" if policy.max_days is not None else "none"),
            Step("until", running, until, policy.several.value),
        )
    return Suspension(days, until, steps)


def _counted_on(start: date, days: int, skips_closed_days: bool, calendar: Calendar) -> date:
    """The last of so many days after `start`."""
    reached = calendar.add_open_days(start, days) if skips_closed_days else None
    return start + timedelta(days) if reached is None else reached
