"""What comes next, and what has not come.

>>> from libops.catalog.serials.pattern import Frequency, NumberLevel
>>> pattern = SerialPattern(Frequency.MONTHLY, (NumberLevel("v."), NumberLevel("no.", units=12)))
>>> [pattern.text(issue) for issue in expected_issues(pattern, [Issue((7, 11), date(2026, 11, 1))], count=3)]
['v.7:no.12', 'v.8:no.1', 'v.8:no.2']
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from enum import Enum
from itertools import islice

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.catalog.serials.dates import combined_dates
from libops.catalog.serials.numbering import next_numbers
from libops.catalog.serials.pattern import Issue, SerialPattern

__all__ = [
    "Standing",
    "SupplyTerms",
    "expected_issues",
    "issues_after",
    "outstanding",
    "standing",
]


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
    """How many days after its date an issue is late, and how many after that it is claimed.

    `arrives_after` is how many days after its date an issue usually arrives: below 0 for magazines dated ahead. A
    claim is repeated after `claim_again_after` days, at most `most_claims` times in all.
    """

    late_after: int = field(default=14)
    claim_after: int = field(default=30)
    arrives_after: int = 0
    claim_again_after: int = 30
    most_claims: int = 3

    def __attrs_post_init__(self) -> None:
        if min(self.late_after, self.claim_after, self.claim_again_after) < 0:
            raise InvalidValue(
                f"late after {self.late_after}, claim after {self.claim_after} and again after "
                f"{self.claim_again_after} days: 0 or more"
            )
        if self.most_claims < 1:
            raise InvalidValue(f"{self.most_claims} claims at most: 1 or more")


def standing(issue: Issue, *, today: date, terms: SupplyTerms) -> Standing:
    """How an issue stands that has not come yet."""
    waited = (today - issue.published).days - terms.arrives_after
    if waited <= terms.late_after:
        return Standing.EXPECTED
    return Standing.LATE if waited <= terms.late_after + terms.claim_after else Standing.CLAIM


def outstanding(
    pattern: SerialPattern, first: Issue, received: Sequence[Issue], *, today: date, terms: SupplyTerms
) -> tuple[tuple[Issue, Standing], ...]:
    """The issues after `first`, dated today or before, that have not come, with how each stands.

    An issue has come when one of the same numbers was received, whatever its date.
    """
    come = {issue.numbers for issue in received}
    missing = []
    for issue in issues_after(pattern, [first]):
        if issue.published > today:
            break
        if issue.numbers not in come:
            missing.append(issue)
    return tuple((issue, standing(issue, today=today, terms=terms)) for issue in missing)


def expected_issues(pattern: SerialPattern, received: Sequence[Issue], *, count: int) -> tuple[Issue, ...]:
    """The next issues after those received, oldest first; the last few tell the days of the week or month.

    Raises `InvalidValue` when none was received, or the last has not as many numbers as the pattern has levels.
    """
    return tuple(islice(issues_after(pattern, received), count))


def issues_after(pattern: SerialPattern, received: Sequence[Issue]) -> Iterator[Issue]:
    """All issues after those received, oldest first, without end (or to the end of the calendar, the year 9999).

    Raises `InvalidValue` when none was received, or the last has not as many numbers as the pattern has levels.
    """
    if not received:
        raise InvalidValue("no issue was received: give the one at hand, it says where the count begins")
    known = sorted(received, key=lambda issue: issue.published)
    if len(known[-1].numbers) != len(pattern.levels):
        raise InvalidValue(f"issue {known[-1].numbers} has not the {len(pattern.levels)} levels of its pattern")
    return _following(pattern, known)


def _following(pattern: SerialPattern, known: Sequence[Issue]) -> Iterator[Issue]:
    last = known[-1]
    days = [issue.published for issue in known[:-1]] + [last.last_date]
    for day, until in combined_dates(pattern, days):
        numbers, to_number = next_numbers(pattern, last, day)
        last = Issue(numbers, day, to_number, until)
        yield last
