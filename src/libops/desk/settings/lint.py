"""What is wrong with settings that can be read: rules that never win, terms that contradict each other.

>>> from libops.desk.settings.loading import default_settings
>>> lint_settings(default_settings(), today=date(2026, 1, 2))
()
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from itertools import combinations
from typing import Any, Final

from libops.base.barcodes.profiles import BarcodeProfile
from libops.base.calendars import Calendar
from libops.base.periods import Period, Unit
from libops.circulation.policy.due import DueTerms, FixedDue, Profile, ScheduleUse
from libops.circulation.policy.holds import HoldPolicy, HoldScope
from libops.circulation.policy.limits import Boundary, LimitPolicy, OnSiteCounting
from libops.circulation.policy.lint import Finding, FindingKind, lint_rules
from libops.circulation.policy.rules import Concern
from libops.circulation.policy.terms import LoanPolicy, RenewFrom, WithoutGain
from libops.desk.settings.effectless import (
    Problem,
    account_problems,
    fine_problems,
    limit_problems,
    loan_problems,
    lost_problems,
    return_problems,
)
from libops.desk.settings.loading import Settings
from libops.fees.policy import FinePolicy, GraceOverClosed, SuspensionPolicy

__all__ = ["lint_settings"]

NAMED: Final = {
    Concern.LOAN: "loan_policies",
    Concern.FINE: "fine_policies",
    Concern.LOST: "lost_policies",
    Concern.SUSPENSION: "suspension_policies",
    Concern.REMINDERS: "reminder_policies",
    Concern.LIMITS: "limit_policies",
    Concern.HOLDS: "hold_policies",
    Concern.RECALL: "recall_policies",
}
"""Where the policies of each concern stand in the settings."""

MIDNIGHT: Final = time(0)
MINUTES: Final = {Unit.MINUTES: 1, Unit.HOURS: 60, Unit.DAYS: 1440, Unit.WEEKS: 10080, Unit.MONTHS: 43800}


def lint_settings(settings: Settings, *, today: date) -> tuple[Finding, ...]:
    """Everything that is wrong with the settings; `today` tells which fixed dates have passed."""
    file = settings.file
    return (
        *lint_rules(settings.rules),
        *unused(settings),
        *(found for name, policy in file.loan_policies.items() for found in loan_findings(name, policy, today)),
        *(found for name, fine in file.fine_policies.items() for found in fine_findings(name, fine)),
        *(found for name, terms in file.suspension_policies.items() for found in suspension_findings(name, terms)),
        *(found for name, limits in file.limit_policies.items() for found in limit_findings(name, limits)),
        *(found for name, holds in file.hold_policies.items() for found in hold_findings(name, holds)),
        *effectless(settings),
        *calendar_findings(settings),
        *juvenile_findings(settings),
        *barcode_findings(file.barcodes),
    )


def contradiction(path: str, text: str) -> Finding:
    return Finding(FindingKind.CONTRADICTION, text, path=path)


def effectless(settings: Settings) -> Iterator[Finding]:
    """Options that another option takes the effect from."""
    file = settings.file
    tables: tuple[tuple[str, Mapping[str, Any], Callable[[Any], Iterator[Problem]]], ...] = (
        ("loan_policies", file.loan_policies, loan_problems),
        ("limit_policies", file.limit_policies, limit_problems),
        ("fine_policies", file.fine_policies, fine_problems),
        ("lost_policies", file.lost_policies, lost_problems),
        ("", {"accounts": file.accounts}, account_problems),
        ("", {"returns": file.returns}, return_problems),
    )
    for table, policies, problems in tables:
        for name, policy in policies.items():
            path = f"{table}.{name}".lstrip(".")
            yield from (contradiction(f"{path}.{key}", text) for key, text in problems(policy))


def minutes(period: Period) -> int:
    """About how many minutes: enough to say which of two periods is longer."""
    return period.amount * MINUTES[period.unit]


def unused(settings: Settings) -> Iterator[Finding]:
    rules = [*settings.file.rules, *([settings.file.fallback] if settings.file.fallback else [])]
    for concern, table in NAMED.items():
        named = {getattr(rule, concern.value) for rule in rules} | named_elsewhere(settings, concern)
        for name in getattr(settings.file, table):
            if name not in named:
                yield Finding(FindingKind.UNUSED, "no rule names this policy", path=f"{table}.{name}")


def named_elsewhere(settings: Settings, concern: Concern) -> set[str | None]:
    """Fine and lost policies may be named by a loan policy."""
    if concern not in (Concern.FINE, Concern.LOST):
        return set()
    return {getattr(policy, concern.value) for policy in settings.file.loan_policies.values()}


def loan_findings(name: str, policy: LoanPolicy, today: date) -> Iterator[Finding]:
    path = f"loan_policies.{name}"
    due, renewals = policy.due, policy.renewals
    if due.ceiling is not None and due.ceiling < today:
        yield contradiction(f"{path}.due.ceiling", f"{due.ceiling} has passed: no loan can be made")
    yield from schedule_findings(f"{path}.due.schedule", due, today)
    if renewals.allowed and renewals.count != 0:
        yield from renewal_findings(path, policy)
    automatic = renewals.automatic
    if automatic is not None and not renewals.allowed:
        yield contradiction(f"{path}.renewals.automatic", "has no effect where renewals are not allowed")
    if automatic is not None and automatic.no_more_after_date is not None and automatic.no_more_after_date <= today:
        text = f"{automatic.no_more_after_date} has passed: no loan is renewed automatically"
        yield contradiction(f"{path}.renewals.automatic.no_more_after_date", text)


def schedule_findings(path: str, due: DueTerms, today: date) -> Iterator[Finding]:
    """Fixed dates that have passed for loans made now or later, lines never read, and days without a line."""
    lines = due.schedule
    if not lines or due.profile is Profile.INDEFINITE:
        return
    if all(line.due < today for line in lines):
        latest = max(line.due for line in lines)
        yield contradiction(path, f"the last fixed date, {latest}, has passed: give new lines")
        return
    floor = due.profile is Profile.ROLLING and due.schedule_use is ScheduleUse.AFTER
    for place, line in enumerate(lines):
        first, last = line.first or date.min, line.last or date.max
        if uncovered_day(first, last, lines[:place]) is None:
            yield contradiction(f"{path}[{place}]", "never read: lines before it cover all of its days")
        elif not floor and (line.due < first or (line.last is not None and line.due < line.last)):
            text = f"a loan made after {line.due} would be due at once: end the line on that day, or give a later due"
            yield contradiction(f"{path}[{place}]", text)
        elif not floor and line.due < today <= last:
            yield contradiction(f"{path}[{place}]", f"{line.due} has passed, and loans made today fall under it")
    if due.profile is Profile.FIXED or due.period is None:
        first, last = min(line.first or date.min for line in lines), max(line.last or date.max for line in lines)
        day = uncovered_day(first, last, lines)
        if day is not None:
            yield contradiction(path, f"no line covers loans made on {day}: they are refused")


def uncovered_day(first: date, last: date, lines: Sequence[FixedDue]) -> date | None:
    """The first day of a range that no line covers."""
    day = first
    while True:
        reached = max((line.last or date.max for line in lines if line.covers(day)), default=None)
        if reached is None:
            return day
        if reached >= last:
            return None
        day = reached + timedelta(1)


def hold_findings(name: str, policy: HoldPolicy) -> Iterator[Finding]:
    """A hold shelf without time, and holds that can never be placed."""
    path = f"hold_policies.{name}"
    if policy.shelf_time is not None and policy.shelf_time.amount == 0:
        yield contradiction(f"{path}.shelf_time", "an item would have to be picked up at once: leave it out for no end")
    if policy.allowed is not HoldScope.NOWHERE and 0 in (policy.per_record, policy.per_day, policy.in_all):
        yield contradiction(path, "a limit of 0 takes no hold at all: say allowed = 'nowhere'")
    if policy.pickup_libraries == ():
        yield contradiction(f"{path}.pickup_libraries", "names no library: leave it out for all of them")


def renewal_findings(path: str, policy: LoanPolicy) -> Iterator[Finding]:
    """Renewals that are allowed but can never give more time."""
    due, renewals = policy.due, policy.renewals
    if due.profile is Profile.INDEFINITE:
        yield contradiction(f"{path}.renewals", "a loan without a due date cannot be renewed: set allowed = false")
        return
    refuses = renewals.without_gain is WithoutGain.REFUSE
    if due.profile is Profile.FIXED and refuses and len({line.due for line in due.schedule}) == 1:
        yield contradiction(f"{path}.renewals", "cannot gain: the schedule has one date only")
    period = renewals.period or due.period
    if period is None:
        return
    if refuses and period.amount == 0:
        yield contradiction(f"{path}.renewals.period", f"a renewal for {period} cannot gain any time")
    elif refuses and renewals.renew_from is RenewFrom.NOW:
        earliest = {"not_before": renewals.not_before}
        if renewals.automatic is not None:
            earliest["automatic.not_before"] = renewals.automatic.not_before
        for key, before in earliest.items():
            if before is not None and minutes(before) >= minutes(period):
                text = f"cannot gain: {period} from {before} before the due date is not later than it"
                yield contradiction(f"{path}.renewals.{key}", text)
    longest, loan = renewals.no_more_after, due.period
    if longest is not None and loan is not None and minutes(longest) <= minutes(loan):
        text = f"{longest} is over before the loan of {loan} is: no renewal is possible"
        yield contradiction(f"{path}.renewals.no_more_after", text)


def fine_findings(name: str, fine: FinePolicy) -> Iterator[Finding]:
    """A cap below one step, and steps or intervals that lie within grace."""
    path = f"fine_policies.{name}"
    smallest = min([step.amount for step in fine.steps] or [fine.amount])
    if fine.cap is not None and fine.cap < smallest:
        yield contradiction(f"{path}.cap", f"{fine.cap} is below one step of {smallest}: no step is ever charged whole")
    recall = fine.recall_amount or smallest
    if fine.recall_cap is not None and fine.recall_cap < recall:
        yield contradiction(f"{path}.recall_cap", f"{fine.recall_cap} is below one step of {recall}")
    if fine.grace is None:
        return
    first = fine.steps[0] if fine.steps else None
    if first is not None and first.last is not None and minutes(fine.grace) >= first.last * minutes(fine.interval):
        text = f"{fine.grace} is longer than the first step, which ends after {first.last} x {fine.interval}"
        yield contradiction(f"{path}.grace", text)
    if fine.grace_over_closed is not GraceOverClosed.NO and fine.grace.is_timed:
        yield contradiction(f"{path}.grace_over_closed", f"has no effect on grace of {fine.grace}: it is below a day")


def suspension_findings(name: str, terms: SuspensionPolicy) -> Iterator[Finding]:
    path = f"suspension_policies.{name}"
    if terms.days == 0:
        yield contradiction(f"{path}.days", "0 days are no suspension: leave the policy out")
    elif terms.max_days is not None and terms.max_days < terms.days:
        text = f"{terms.max_days} is below one step of {terms.days}: no step is ever counted whole"
        yield contradiction(f"{path}.max_days", text)


def limit_findings(name: str, limits: LimitPolicy) -> Iterator[Finding]:
    path = f"limit_policies.{name}"
    on_site, together = limits.on_site_items, limits.on_site is OnSiteCounting.TOGETHER
    if limits.items_out is not None and on_site is not None and together and on_site > limits.items_out:
        text = f"{on_site} is more than items_out = {limits.items_out}, which stops before"
        yield contradiction(f"{path}.on_site_items", text)
    for place, by_type in enumerate(limits.by_item_type):
        if limits.items_out is not None and by_type.limit > limits.items_out:
            text = f"{by_type.limit} is more than items_out = {limits.items_out}, which stops before"
            yield contradiction(f"{path}.by_item_type[{place}].limit", text)
    per_library = limits.items_out_per_library
    if limits.items_out is not None and per_library is not None and per_library > limits.items_out:
        text = f"{per_library} is more than items_out = {limits.items_out}, which stops before"
        yield contradiction(f"{path}.items_out_per_library", text)
    for block in ("overdue", "overdue_recalls", "lost", "claims_returned"):
        found = getattr(limits, block)
        if found is not None and found.limit == 0 and found.boundary is Boundary.REACHED:
            text = "0 is always reached, so that everybody is stopped: write 1, or boundary = 'passed'"
            yield contradiction(f"{path}.{block}", text)
    if limits.debt is not None and limits.debt.limit.amount == 0 and limits.debt.boundary is Boundary.REACHED:
        text = "a debt of 0 is always reached, so that everybody is stopped: write boundary = 'passed'"
        yield contradiction(f"{path}.debt", text)


def barcode_findings(barcodes: BarcodeProfile) -> Iterator[Finding]:
    """Cards and items that nobody could tell apart."""
    for one, other in combinations(barcodes.rules, 2):
        lengths = {one.length, other.length}
        alike = one.prefix == other.prefix and (len(lengths) == 1 or None in lengths)
        checked_alike = one.check is other.check and one.digits_only is other.digits_only
        if one.kind is not other.kind and alike and checked_alike:
            text = f"a {one.kind.value} and an {other.kind.value} look alike: give them prefixes or lengths that differ"
            yield contradiction("barcodes.rules", text)


def juvenile_findings(settings: Settings) -> Iterator[Finding]:
    """Rules about juveniles, where no library says below which age a patron is one."""
    if settings.book.juvenile_below:
        return
    for rule in settings.file.rules:
        if rule.juvenile:
            text = "no patron is a juvenile: give a library, or the unit above all, its juvenile_below"
            yield contradiction(f"rules.{rule.id}.juvenile", text)


def calendar_findings(settings: Settings) -> Iterator[Finding]:
    file = settings.file
    for code in file.libraries:
        if code not in settings.calendars:
            text = "keeps no calendar, and none is above it: every day counts as closed"
            yield contradiction(f"libraries.{code}.calendar", text)
    kept = {library.calendar for library in file.libraries.values()}
    for name, calendar in file.calendars.items():
        if calendar.never_opens:
            yield contradiction(f"calendars.{name}", "has no opening hours at all")
        if name not in kept:
            yield Finding(FindingKind.UNUSED, "no library keeps this calendar", path=f"calendars.{name}")
        for text in day_problems(calendar):
            yield contradiction(f"calendars.{name}.day_starts", text)


def day_problems(calendar: Calendar) -> Iterator[str]:
    """Hours past midnight that belong to the next day, and hours of the morning that belong to the day before."""
    hours = {span for day in (*calendar.weekly.days, *(each.hours for each in calendar.special)) for span in day}
    starts = calendar.day_starts
    latest = max((span.closes for span in hours if span.past_midnight), default=MIDNIGHT)
    if starts < latest:
        yield (
            f"a loan after midnight, before the library closes at {latest:%H:%M}, counts to the next day: "
            f"write '{latest:%H:%M}' or later"
        )
        return
    # Hours from midnight on go on from those of the day before, as at a library open around the clock.
    earliest = min((span.opens for span in hours if span.opens != MIDNIGHT), default=starts)
    if earliest < starts:
        yield f"{starts:%H:%M} is after the library opens at {earliest:%H:%M}: until then loans count to the day before"
