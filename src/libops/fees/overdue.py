"""Overdue fines: what a loan has cost by a moment, counted from facts alone.

The same facts give the same fine, so a sweep that runs twice counts the same; what is charged is the difference to
what was charged before (`libops.fees.decide.count_fine`).

>>> from datetime import UTC, datetime
>>> from libops.base.money import Money
>>> policy = FinePolicy(amount=Money.parse("0.25 EUR"), cap=Money.parse("10.00 EUR"))
>>> due, returned = datetime(2026, 3, 2, 22, 59, tzinfo=UTC), datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
>>> print(fine(policy, due=due, at=returned, calendar=Calendar.always_open("Europe/Berlin")).amount)
0.75 EUR
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from attrs import frozen

from libops.base.calendars import Calendar
from libops.base.decisions import Step
from libops.base.money import Money
from libops.fees.lateness import beyond_grace, counted_time, intervals_in
from libops.fees.policy.fines import AtRenewal, BackdatedFine, ChargeAt, ClaimFound, Counting, FinePolicy

__all__ = ["Ended", "Fine", "effective_return", "fine"]

NONE = timedelta(0)


class Ended(Enum):
    """How the time that a fine is counted for came to its end, or that it has not."""

    RETURNED = "returned"
    STILL_OUT = "still-out"
    RENEWED = "renewed"
    CLAIM_FOUND = "claim-found"
    """The item was claimed returned and the library found it."""


@frozen
class Fine:
    """A fine as counted: its amount, the intervals and the counted time it stands for, and how it came about."""

    amount: Money
    intervals: int = 0
    late: timedelta = NONE
    capped: bool = False
    steps: tuple[Step, ...] = ()


def effective_return(*, at: datetime, backdated_to: datetime | None = None) -> datetime:
    """When an item checked in at `at` counts as returned. A date in the future is ignored (F6, as Evergreen does)."""
    return at if backdated_to is None or backdated_to > at else backdated_to


def fine(
    policy: FinePolicy,
    *,
    due: datetime,
    at: datetime,
    calendar: Calendar,
    price: Money | None = None,
    default_price: Money | None = None,
    recalled: bool = False,
    ended: Ended = Ended.RETURNED,
    backdated_to: datetime | None = None,
    explain: bool = False,
) -> Fine:
    """The overdue fine of a loan due at `due`, by the moment `at` (its return, its renewal, or now); both are UTC.

    `price` is the item's replacement price, `default_price` that of its type; `calendar` is that of the library whose
    hours count; `backdated_to` is when a check-in made at `at` counts as returned. With `explain` the steps are
    listed. Never raises for facts.
    """
    steps: list[Step] | None = [] if explain else None
    nothing = Money(0, policy.amount.currency)
    every = (policy.recall_interval if recalled else None) or policy.interval
    counting = Counting.ELAPSED if every.is_timed else policy.counting
    lateness = _Lateness(policy, counting, due, calendar, recalled)
    until = _until(lateness, at, backdated_to, steps)
    why = _why_free(policy, due, until, ended)
    if why:
        _note(steps, "fine", nothing, nothing, why)
        return Fine(nothing, steps=tuple(steps or ()))
    late = lateness.by(until, steps)
    if late == NONE:
        return Fine(nothing, steps=tuple(steps or ()))
    fit = intervals_in(late, every, policy.month, due=due, calendar=calendar)
    count = fit.begun if policy.charge_at is ChargeAt.START_OF_INTERVAL else fit.whole
    if steps is not None:
        _note(steps, "intervals", _length(late), count, f"{policy.charge_at.value}, each of {every}")
    full = _by_rate(policy, count, recalled, steps)
    cap, which = _lowest_cap(policy, price, default_price, recalled)
    if cap is None or full <= cap:
        return Fine(full, count, late, False, tuple(steps or ()))
    _note(steps, "cap", full, cap, which)
    return Fine(cap, count, late, True, tuple(steps or ()))


def _why_free(policy: FinePolicy, due: datetime, at: datetime, ended: Ended) -> str:
    if at <= due:
        return "not after the due time"
    if ended is Ended.RENEWED and policy.at_renewal is AtRenewal.FORGIVEN:
        return str(AtRenewal.FORGIVEN.value)
    if ended is Ended.CLAIM_FOUND and policy.claim_found is ClaimFound.WAIVED:
        return str(ClaimFound.WAIVED.value)
    return ""


@frozen
class _Lateness:
    """What lateness is counted from, so that it can be asked for more than one moment."""

    policy: FinePolicy
    counting: Counting
    due: datetime
    calendar: Calendar
    recalled: bool

    def by(self, at: datetime, steps: list[Step] | None = None) -> timedelta:
        """The counted time to charge by a moment; each thing that shortened it is noted."""
        policy, counting = self.policy, self.counting
        has_grace = policy.grace is not None and policy.grace.amount > 0
        ignored = has_grace and self.recalled and policy.grace_ignored_for_recalled
        late = counted_time(policy.closed, counting, due=self.due, at=at, calendar=self.calendar)
        left = late
        if has_grace and not ignored:
            left = beyond_grace(policy, counting, due=self.due, at=at, calendar=self.calendar)
        if steps is not None:
            why = f"{policy.closed.value}, counted by {counting.value}"
            _note(steps, "late", _length(at - self.due), _length(late), why)
            if has_grace:
                why = f"{policy.grace}, {policy.grace_kind.value}, over closed days: {policy.grace_over_closed.value}"
                why = "grace-ignored-for-recalled-loans" if ignored else why
                _note(steps, "grace", _length(late), _length(left), why)
        return left


def _until(lateness: _Lateness, at: datetime, backdated_to: datetime | None, steps: list[Step] | None) -> datetime:
    """The moment the fine is counted to: the check-in, or what its backdating makes of it (F6)."""
    effective = effective_return(at=at, backdated_to=backdated_to)
    if effective == at:
        return at
    policy = lateness.policy
    until = effective
    if policy.backdated is BackdatedFine.KEPT:
        until = at
    elif policy.backdated is BackdatedFine.VOIDED_AFTER_ONE_INTERVAL and lateness.by(effective) > NONE:
        until = min(at, policy.interval.after_instant(effective, lateness.calendar.zone_info))
    if steps is not None:
        _note(steps, "backdated", at, until, policy.backdated.value)
    return until


def _by_rate(policy: FinePolicy, count: int, recalled: bool, steps: list[Step] | None) -> Money:
    rate = policy.recall_amount if recalled else None
    if rate is None and policy.steps:
        total = 0
        for step in policy.steps:
            times = max(min(count, step.last or count) - step.first + 1, 0)
            total += times * step.amount.amount
            if steps is not None:
                why = f"{step.amount} each from interval {step.first} to {step.last or 'the last'}"
                _note(steps, "step", times, step.amount * times, why)
        return Money(total, policy.amount.currency)
    rate = rate or policy.amount
    full = rate * count
    if steps is not None:
        _note(steps, "rate", count, full, f"{rate} each" + (", the rate for recalled loans" if recalled else ""))
    return full


def _lowest_cap(
    policy: FinePolicy, price: Money | None, default_price: Money | None, recalled: bool
) -> tuple[Money | None, str]:
    """The lowest cap that applies and its name. A price that is unknown, also as default, sets no cap."""
    caps: list[tuple[Money, str]] = []
    fixed = policy.recall_cap if recalled and policy.recall_cap is not None else policy.cap
    if fixed is not None:
        caps.append((fixed, "the cap for recalled loans" if fixed is policy.recall_cap else "the cap"))
    known = price if price is not None and price.amount > 0 else default_price
    if known is not None and known.amount > 0:
        if policy.cap_at_price:
            caps.append((known, "the replacement price"))
        if policy.cap_percent is not None:
            share = known.percent(policy.cap_percent, rounding=policy.rounding)
            caps.append((share, f"{policy.cap_percent} % of the replacement price {known}"))
    return min(caps, key=lambda cap: cap[0].amount, default=(None, ""))


def _note(steps: list[Step] | None, name: str, before: object, after: object, why: str) -> None:
    if steps is not None:
        steps.append(Step(name, before, after, why))


def _length(time: timedelta) -> str:
    """Counted time in words: "3 days", "2 days 4 h 30 min"."""
    minutes = time // timedelta(minutes=1)
    days, minutes = divmod(minutes, 1440)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{days} day{'' if days == 1 else 's'}" if days else "", f"{hours} h" if hours else ""]
    parts.append(f"{minutes} min" if minutes else "")
    return " ".join(part for part in parts if part) or "none"
