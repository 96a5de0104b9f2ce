"""What comes next, and what has not come.

>>> pattern = SerialPattern(Frequency.MONTHLY, (NumberLevel("v."), NumberLevel("no.", units=12)))
>>> [pattern.text(issue) for issue in expected_issues(pattern, [Issue((7, 11), date(2026, 11, 1))], count=3)]
['v.7:no.12', 'v.8:no.1', 'v.8:no.2']
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from enum import Enum

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.catalog.serials.pattern import Frequency, Issue, NumberLevel, SerialPattern

__all__ = ["Standing", "SupplyTerms", "expected_issues", "outstanding", "standing"]

MONTHS = {
    Frequency.MONTHLY: 1,
    Frequency.BIMONTHLY: 2,
    Frequency.QUARTERLY: 3,
    Frequency.THREE_TIMES_A_YEAR: 4,
    Frequency.SEMIANNUAL: 6,
    Frequency.ANNUAL: 12,
    Frequency.BIENNIAL: 24,
    Frequency.TRIENNIAL: 36,
}
DAYS = {Frequency.DAILY: 1, Frequency.WEEKLY: 7, Frequency.BIWEEKLY: 14}
CYCLES = {
    Frequency.SEMIWEEKLY: (3, 4),
    Frequency.THREE_TIMES_A_WEEK: (2, 2, 3),
    Frequency.SEMIMONTHLY: (14,),
    Frequency.THREE_TIMES_A_MONTH: (10, 10),
}
"""Days to the next issue while the cycle of a week or month is not yet known; then it repeats."""


class Standing(Enum):
    """How an expected issue stands."""

    EXPECTED = "expected"
    """Not due yet, or within the days it usually takes."""
    LATE = "late"
    """It should have come."""
    CLAIM = "claim"
    """It is time to ask the vendor."""


@frozen(kw_only=True)
class SupplyTerms:
    """How many days after its date an issue is late, and how many after that it is claimed."""

    late_after: int = field(default=14)
    claim_after: int = field(default=30)

    def __attrs_post_init__(self) -> None:
        if self.late_after < 0 or self.claim_after < 0:
            raise InvalidValue(f"late after {self.late_after} and claim after {self.claim_after} days: 0 or more")


def standing(issue: Issue, *, today: date, terms: SupplyTerms) -> Standing:
    """How an issue stands that has not come yet."""
    waited = (today - issue.published).days
    if waited <= terms.late_after:
        return Standing.EXPECTED
    return Standing.LATE if waited <= terms.late_after + terms.claim_after else Standing.CLAIM


def outstanding(
    pattern: SerialPattern, first: Issue, received: Sequence[Issue], *, today: date, terms: SupplyTerms
) -> tuple[tuple[Issue, Standing], ...]:
    """The issues after `first`, dated today or before, that have not come, with how each stands.

    An issue has come when one of the same numbers was received, whatever its date.
    """
    come, count = {issue.numbers for issue in received}, 32
    while (found := expected_issues(pattern, [first], count=count))[-1].published <= today:
        count *= 2
    missing = [issue for issue in found if issue.published <= today and issue.numbers not in come]
    return tuple((issue, standing(issue, today=today, terms=terms)) for issue in missing)


def expected_issues(pattern: SerialPattern, received: Sequence[Issue], *, count: int) -> tuple[Issue, ...]:
    """The next issues after those received, oldest first; the last few tell the days of the week or month.

    Raises `InvalidValue` when none was received, or the last has not as many numbers as the pattern has levels.
    """
    if not received:
        raise InvalidValue("no issue was received: give the one at hand, it says where the count begins")
    if len(received[-1].numbers) != len(pattern.levels):
        raise InvalidValue(f"issue {received[-1].numbers} has not the {len(pattern.levels)} levels of its pattern")
    known = sorted(received, key=lambda issue: issue.published)
    anchor = known[-1].published.day
    for _ in range(count):
        last = known[-1]
        day = _next_day(pattern.frequency, [issue.published for issue in known], anchor)
        known.append(Issue(_next_numbers(pattern.levels, last, day), day))
    return tuple(known[len(received) :])


def _next_day(frequency: Frequency, days: list[date], anchor: int) -> date:
    last = days[-1]
    if frequency in MONTHS:
        return _months_later(last, MONTHS[frequency], anchor)
    if frequency in DAYS:
        return last + timedelta(DAYS[frequency])
    steps = CYCLES[frequency]
    weekly = frequency in (Frequency.SEMIWEEKLY, Frequency.THREE_TIMES_A_WEEK)
    cycle = len(steps) if weekly else len(steps) + 1
    if len(days) >= cycle:
        first = days[-cycle]
        following = first + timedelta(7) if weekly else _months_later(first, 1, first.day)
        # A gap in what was received says nothing about the days of the cycle.
        if following > last:
            return following
    return last + timedelta(steps[(len(days) - 1) % len(steps)])


def _months_later(day: date, months: int, anchor: int) -> date:
    """The same day of a later month, its last where the month is shorter: 31 January, 28 February, 31 March."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(anchor, monthrange(year, month + 1)[1]))


def _next_numbers(levels: tuple[NumberLevel, ...], last: Issue, day: date) -> tuple[int, ...]:
    """One further on the lowest level; what is full carries over, as a new year does where nothing says how many."""
    numbers = list(last.numbers)
    for place in range(len(levels) - 1, -1, -1):
        level, number = levels[place], numbers[place]
        top = place == 0
        full = not top and (number % level.units == 0 if level.units else day.year > last.published.year)
        numbers[place] = 1 if full and level.restarts else number + 1
        if not full:
            break
    return tuple(numbers)
