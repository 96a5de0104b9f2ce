"""Serials: the next issues follow from the pattern and the last ones; what has not come is late, then claimed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libops.base.errors import InvalidValue
from libops.catalog.marc import MarcField
from libops.catalog.serials import (
    Frequency,
    Issue,
    NumberLevel,
    SerialPattern,
    Standing,
    SupplyTerms,
    expected_issues,
    issue_from,
    outstanding,
    pattern_from,
    standing,
)

VOLUME, NUMBER = NumberLevel("v."), NumberLevel("no.", 12)


def field(tag: str, *subfields: tuple[str, str]) -> MarcField:
    return MarcField(tag, "20", subfields=subfields)


def days(frequency: Frequency, *received: date, count: int = 4) -> list[date]:
    known = [Issue((), day) for day in received]
    return [issue.published for issue in expected_issues(SerialPattern(frequency), known, count=count)]


def test_a_monthly_goes_on_with_the_next_volume_after_twelve() -> None:
    """853 $u 12 $v r: the number starts again, the volume goes on; read from MARC."""
    pattern = pattern_from(
        field("853", ("a", "v."), ("b", "no."), ("u", "12"), ("v", "r"), ("i", "(year)"), ("j", "(month)"), ("w", "m"))
    )
    last = issue_from(field("863", ("a", "41"), ("b", "11"), ("i", "2026"), ("j", "11")))
    found = expected_issues(pattern, [last], count=3)
    assert ["v.41:no.12", "v.42:no.1", "v.42:no.2"] == [pattern.text(issue) for issue in found]
    assert [date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)] == [issue.published for issue in found]


def test_numbers_that_run_on_do_not_start_again() -> None:
    """853 $v c: after no.144 of volume 12 comes no.145 of volume 13."""
    pattern = SerialPattern(Frequency.MONTHLY, (VOLUME, NumberLevel("no.", 12, restarts=False)))
    (issue,) = expected_issues(pattern, [Issue((12, 144), date(2026, 12, 1))], count=1)
    assert (13, 145) == issue.numbers


def test_where_nobody_says_how_many_the_year_decides() -> None:
    """A weekly has 52 or 53 numbers: the new volume begins with the new year."""
    pattern = SerialPattern(Frequency.WEEKLY, (VOLUME, NumberLevel("no.")))
    found = expected_issues(pattern, [Issue((5, 52), date(2026, 12, 24))], count=2)
    assert [(5, 53), (6, 1)] == [issue.numbers for issue in found]


@pytest.mark.parametrize(
    ("code", "following"),
    [
        ("d", "2026-03-03"), ("w", "2026-03-09"), ("e", "2026-03-16"), ("m", "2026-04-02"), ("b", "2026-05-02"),
        ("q", "2026-06-02"), ("t", "2026-07-02"), ("f", "2026-09-02"), ("a", "2027-03-02"), ("g", "2028-03-02"),
        ("h", "2029-03-02"), ("c", "2026-03-05"), ("i", "2026-03-04"), ("j", "2026-03-12"), ("s", "2026-03-16"),
    ],
)  # fmt: skip
def test_each_frequency_has_its_next_day(code: str, following: str) -> None:
    """The codes of 853 $w, after an issue of Monday 2 March 2026."""
    assert [date.fromisoformat(following)] == days(Frequency(code), date(2026, 3, 2), count=1)


def test_the_days_of_the_week_are_learned_from_the_last_issues() -> None:
    """A paper of Tuesdays and Saturdays stays one of Tuesdays and Saturdays."""
    found = days(Frequency.SEMIWEEKLY, date(2026, 3, 3), date(2026, 3, 7))
    assert [date(2026, 3, 10), date(2026, 3, 14), date(2026, 3, 17), date(2026, 3, 21)] == found
    found = days(Frequency.SEMIMONTHLY, date(2026, 3, 1), date(2026, 3, 15), count=3)
    assert [date(2026, 4, 1), date(2026, 4, 15), date(2026, 5, 1)] == found


def test_the_last_day_of_the_month_is_not_lost_in_february() -> None:
    """Dated the 31st: 28 February, and 31 March again."""
    found = days(Frequency.MONTHLY, date(2026, 1, 31), count=2)
    assert [date(2026, 2, 28), date(2026, 3, 31)] == found


@pytest.mark.parametrize("code", ["x", "k", "", "10"])
def test_what_cannot_be_counted_ahead_is_refused(code: str) -> None:
    """Irregular, continuously updated, not given, or a plain number of issues a year."""
    with pytest.raises(InvalidValue, match="853"):
        pattern_from(field("853", ("a", "v."), ("w", code)))


def test_an_863_that_cannot_be_read_says_what_is_wrong() -> None:
    """No guess."""
    with pytest.raises(InvalidValue, match="12a"):
        issue_from(field("863", ("a", "12a"), ("i", "2026")))
    with pytest.raises(InvalidValue, match="no date"):
        issue_from(field("863", ("a", "12"), ("i", "2026"), ("j", "13")))
    with pytest.raises(InvalidValue, match="levels"):
        expected_issues(SerialPattern(Frequency.MONTHLY, (VOLUME, NUMBER)), [Issue((1,), date(2026, 1, 1))], count=1)
    with pytest.raises(InvalidValue, match="at hand"):
        expected_issues(SerialPattern(Frequency.MONTHLY), [], count=1)


@pytest.mark.parametrize(
    ("today", "stands"),
    [("2026-03-15", Standing.EXPECTED), ("2026-03-16", Standing.LATE), ("2026-04-15", Standing.CLAIM)],
)
def test_an_issue_is_late_after_14_days_and_claimed_after_30_more(today: str, stands: Standing) -> None:
    """To the day, and both are the library's to set."""
    issue = Issue((41, 3), date(2026, 3, 1))
    assert stands is standing(issue, today=date.fromisoformat(today), terms=SupplyTerms())
    with pytest.raises(InvalidValue):
        SupplyTerms(late_after=-1)


def test_what_has_not_come_is_listed_with_how_it_stands() -> None:
    """January is to be claimed, April is late, May may still come; February and March are here, one of them late."""
    pattern = SerialPattern(Frequency.MONTHLY, (VOLUME, NUMBER))
    here = [Issue((41, 2), date(2026, 2, 1)), Issue((41, 3), date(2026, 3, 9))]
    found = outstanding(pattern, Issue((40, 12), date(2025, 12, 1)), here, today=date(2026, 5, 4), terms=SupplyTerms())
    assert [((41, 1), Standing.CLAIM), ((41, 4), Standing.LATE), ((41, 5), Standing.EXPECTED)] == [
        (issue.numbers, stands) for issue, stands in found
    ]


def test_a_long_absence_keeps_the_day_of_the_month() -> None:
    """Five years of a monthly dated the 31st: sixty issues, the last of them of the 31st."""
    pattern = SerialPattern(Frequency.MONTHLY, (VOLUME, NUMBER))
    start = Issue((1, 12), date(2020, 12, 31))
    found = outstanding(pattern, start, [], today=date(2025, 12, 31), terms=SupplyTerms())
    assert 60 == len(found)
    assert (Issue((6, 12), date(2025, 12, 31)), Standing.EXPECTED) == found[-1]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(list(Frequency)),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.integers(1, 24),
    st.booleans(),
)
def test_expected_issues_only_go_forward(frequency: Frequency, first: date, units: int, restarts: bool) -> None:
    """Each is dated after the one before; continuing later gives the same issues."""
    pattern = SerialPattern(frequency, (VOLUME, NumberLevel("no.", units, restarts)))
    start = Issue((1, 1), first.replace(day=min(first.day, 28)))
    found = expected_issues(pattern, [start], count=12)
    dates = [start.published, *[issue.published for issue in found]]
    assert sorted(set(dates)) == dates
    assert len({issue.numbers for issue in found}) == 12
    assert found[6:] == expected_issues(pattern, [start, *found[:6]], count=6)
