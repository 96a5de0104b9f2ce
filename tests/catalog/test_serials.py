"""Serials: the next issues follow from the pattern and the last ones; what has not come is late, then claimed."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libops.base.errors import InvalidValue
from libops.catalog.marc import MarcField, MarcRecord
from libops.catalog.serials import (
    Frequency,
    Issue,
    IssueKind,
    NumberLevel,
    SerialPattern,
    Standing,
    SupplyTerms,
    chronology_text,
    expected_issues,
    issue_from,
    outstanding,
    pattern_from,
    runs_in,
    standing,
)
from libops.testing.strategies.serials import issues_at_hand, serial_patterns

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


def dated(*subfields: tuple[str, str], after: str, count: int) -> list[str]:
    """The dates to expect after a day, combined ones with a slash."""
    pattern = pattern_from(field("853", *subfields))
    found = expected_issues(pattern, [Issue((1,) * len(pattern.levels), date.fromisoformat(after))], count=count)
    return [f"{issue.published}/{issue.until}" if issue.until else str(issue.published) for issue in found]


@pytest.mark.parametrize(
    ("subfields", "after", "expected"),
    [
        ([("w", "m"), ("y", "om08")], "2026-06-15", ["2026-07-15", "2026-09-15"]),
        ([("w", "m"), ("y", "cm07/08")], "2026-06-01", ["2026-07-01/2026-08-01", "2026-09-01"]),
        ([("w", "m"), ("y", "cm12/01")], "2026-11-01", ["2026-12-01/2027-01-01", "2027-02-01"]),
        ([("w", "q"), ("y", "cs22/23")], "2026-03-01", ["2026-06-01/2026-09-01", "2026-12-01"]),
        ([("w", "d"), ("y", "odsu")], "2026-03-06", ["2026-03-07", "2026-03-09"]),
        ([("w", "d"), ("y", "od1224,1225")], "2026-12-23", ["2026-12-26"]),
        ([("w", "s"), ("y", "pd01,15"), ("y", "od0115")], "2026-12-15", ["2027-01-01", "2027-02-01"]),
        ([("w", "m"), ("y", "pw02we"), ("y", "pw0402th"), ("y", "ow0402we")],
         "2026-03-11", ["2026-04-09", "2026-05-13"]),
        ([("w", "w"), ("y", "pw99fr")], "2026-01-30", ["2026-02-27", "2026-03-27"]),
        ([("w", "w"), ("y", "pw00th"), ("y", "ow1299")], "2026-12-24", ["2027-01-07"]),
        ([("w", "4"), ("y", "ps21,22,23,24")], "2026-09-01", ["2026-12-01", "2027-03-01"]),
        ([("w", "4"), ("y", "ps24,21,22,23")], "2026-09-01", ["2027-01-01", "2027-03-01"]),
        ([("w", "3"), ("y", "ps21,22/23,24")], "2026-03-01", ["2026-06-01/2026-09-01", "2026-12-01"]),
        ([("y", "pm02")], "2024-02-29", ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        ([("w", "b"), ("y", "pm02,04,10,12"), ("y", "cm06/08")], "2026-04-01", ["2026-06-01/2026-08-01", "2026-10-01"]),
        ([("w", "a"), ("y", "oy2028")], "2027-05-01", ["2029-05-01"]),
        ([("w", "w"), ("y", "ow27")], "2026-06-25", ["2026-07-09"]),
    ],
)  # fmt: skip
def test_regularity_codes_say_what_comes_and_what_does_not(
    subfields: list[tuple[str, str]], after: str, expected: list[str]
) -> None:
    """853 $y: published, omitted, combined, by day, week, month, season and year."""
    assert expected == dated(*subfields, after=after, count=len(expected))


def numbered(*subfields: tuple[str, str], last: Issue, count: int) -> list[str]:
    pattern = pattern_from(field("853", *subfields))
    return [pattern.text(issue) for issue in expected_issues(pattern, [last], count=count)]


VOLUMES = (("a", "v."), ("b", "no."))


@pytest.mark.parametrize(
    ("rest", "last", "expected"),
    [
        ((("u", "12"), ("w", "m"), ("x", "07")), Issue((3, 11), date(2026, 5, 1)), ["v.3:no.12", "v.4:no.1"]),
        ((("u", "6"), ("w", "m"), ("x", "01,07")), Issue((3, 5), date(2026, 5, 1)), ["v.3:no.6", "v.4:no.1"]),
        ((("v", "c"), ("w", "w"), ("x", "01,07")), Issue((9, 430), date(2026, 6, 26)), ["v.10:no.431", "v.10:no.432"]),
        ((("u", "52"), ("w", "w"), ("x", "01")), Issue((9, 52), date(2026, 12, 24)), ["v.9:no.53", "v.10:no.1"]),
        ((("u", "var"), ("w", "d"), ("x", "0701")), Issue((9, 181), date(2026, 6, 30)), ["v.10:no.1"]),
        ((("u", "12"), ("w", "m"), ("y", "cm07/08"), ("y", "ce27/8")), Issue((9, 6), date(2026, 6, 1)),
         ["v.9:no.7/8", "v.9:no.9"]),
        ((("u", "12"), ("w", "m"), ("y", "cm11/12"), ("y", "ce211/12")), Issue((9, 10), date(2026, 10, 1)),
         ["v.9:no.11/12", "v.10:no.1"]),
        ((("u", "11"), ("w", "m"), ("y", "cm07/08")), Issue((9, 6), date(2026, 6, 1)), ["v.9:no.7", "v.9:no.8"]),
        ((("u", "6"), ("w", "b"), ("y", "pe21,3,5,7,9,11")), Issue((9, 9), date(2026, 9, 1)),
         ["v.9:no.11", "v.10:no.1"]),
        ((("u", "14"), ("w", "m"), ("y", "oe213")), Issue((9, 12), date(2026, 12, 1)), ["v.9:no.14", "v.10:no.1"]),
        ((("u", "4"), ("c", "pt."), ("u", "2"), ("w", "m")), Issue((9, 4, 1), date(2026, 6, 1)),
         ["v.9:no.4:pt.2", "v.10:no.1:pt.1"]),
    ],
)  # fmt: skip
def test_numbers_follow_calendar_change_and_regularity(
    rest: tuple[tuple[str, str], ...], last: Issue, expected: list[str]
) -> None:
    """853 $x raises the volume at a point of the year; $y combines, omits or picks numbers of a level."""
    assert expected == numbered(*VOLUMES, *rest, last=last, count=len(expected))


@pytest.mark.parametrize(
    ("name", "code"),
    [("y", "xm07"), ("y", "om13"), ("y", "cm07"), ("y", "ce28/7"), ("y", "e"), ("y", "oe9"), ("y", "pd32"),
     ("y", "oe41"), ("x", "13"), ("x", "summer"), ("u", "many")],
)  # fmt: skip
def test_a_pattern_that_cannot_be_read_says_so(name: str, code: str) -> None:
    """No guess: the code is shown."""
    with pytest.raises(InvalidValue, match=f"853 \\${name}"):
        pattern_from(field("853", ("a", "v."), (name, code), ("w", "m")))


def test_a_pattern_of_days_that_never_come_ends_with_words() -> None:
    """30 February: said, not waited for."""
    with pytest.raises(InvalidValue, match="names no date"):
        dated(("y", "pd0230"), after="2026-01-01", count=1)
    with pytest.raises(InvalidValue, match="omits all"):
        dated(("w", "w"), ("y", "odmo,tu,we,th,fr,sa,su"), after="2026-01-01", count=1)


def test_the_calendar_ends_with_the_year_9999() -> None:
    """What comes after cannot be expected, and is no error."""
    assert 2 == len(dated(("w", "q"), after="9999-06-01", count=9))


def test_a_record_tells_its_patterns_and_the_last_issue_of_each() -> None:
    """853 and 863 are joined by $8; the latest pattern counts, and ranges and combined issues are read to their end."""
    record = MarcRecord(
        "00000nas a2200000 a 4500",
        (
            field("853", ("8", "1"), ("a", "v."), ("w", "a")),
            field("853", ("8", "2"), *VOLUMES, ("u", "12"), ("i", "(year)"), ("j", "(month)"), ("w", "m")),
            field("854", ("8", "1"), ("a", "suppl."), ("i", "(year)"), ("w", "x")),
            field("855", ("8", "1"), ("a", "(year)"), ("y", "pm02")),
            field("863", ("8", "1.1"), ("a", "1-9"), ("i", "2011-2019")),
            field("863", ("8", "2.10"), ("a", "11"), ("b", "7/8"), ("i", "2021"), ("j", "07/08")),
            field("863", ("8", "2.9"), ("a", "11"), ("b", "1-6"), ("i", "2021"), ("j", "01-06")),
            field("863", ("8", "2.11"), ("a", "twelve"), ("i", "2022")),
            field("865", ("8", "1.3"), ("a", "2025")),
        ),
    )
    latest, earlier, index = runs_in(record)
    assert (2, 1) == (latest.link, earlier.link)
    assert Issue((11, 7), date(2021, 7, 1), 8, date(2021, 8, 1)) == latest.last
    assert Issue((9,), date(2019, 1, 1)) == earlier.last
    assert (IssueKind.INDEX, Issue((), date(2025, 1, 1))) == (index.kind, index.last)
    (following,) = expected_issues(latest.pattern, [latest.last], count=1)
    assert "v.11:no.9" == latest.pattern.text(following)


@pytest.mark.parametrize(
    ("captions", "frequency", "issue", "expected"),
    [
        (("(year)", "(month)", "(day)"), "d", Issue((), date(2026, 3, 2)), "2026:Mar. 2"),
        (("(year)", "(month)", "(day)"), "w", Issue((), date(2026, 12, 24), until=date(2026, 12, 31)),
         "2026:Dec. 24/31"),
        (("(year)", "(season)"), "q", Issue((), date(2027, 1, 1)), "2027:Winter"),
        (("(year)", "(season)"), "q", Issue((), date(2026, 9, 1)), "2026:Autumn"),
        (("(year)", "(week)"), "w", Issue((), date(2026, 3, 2)), "2026:10"),
        ((), "a", Issue((), date(2026, 3, 2)), "2026"),
        ((), "w", Issue((), date(2026, 3, 2)), "2026:Mar. 2"),
        (("(year)",), "m", Issue((), date(2026, 12, 1), until=date(2027, 1, 1)), "2026/2027"),
    ],
)  # fmt: skip
def test_the_date_on_the_label_has_the_parts_that_the_pattern_names(
    captions: tuple[str, ...], frequency: str, issue: Issue, expected: str
) -> None:
    """As 853 $i to $k say; where they say nothing, as much as the frequency needs."""
    assert expected == chronology_text(SerialPattern(Frequency(frequency), chronology=captions), issue)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_expected_issues_are_ordered_and_free_of_gaps(data: st.DataObject) -> None:
    """Whatever is omitted or combined: dates go up, a number follows the one before it or begins again, the highest
    level goes up by one at most, and asking for fewer gives the beginning of the same."""
    pattern = data.draw(serial_patterns())
    at_hand = data.draw(issues_at_hand(pattern))
    try:
        found = expected_issues(pattern, [at_hand], count=15)
    except InvalidValue:
        # Codes that contradict each other leave no date.
        return
    assert found[:7] == expected_issues(pattern, [at_hand], count=7)
    for one, other in pairwise((at_hand, *found)):
        assert one.last_date < other.published
        assert all(number >= 1 for number in other.numbers)
        if pattern.levels:
            assert other.numbers[0] - one.numbers[0] in ((1,) if len(pattern.levels) == 1 else (0, 1))
            assert other.numbers > one.numbers
    assert len(found) == len({issue.published for issue in found})
