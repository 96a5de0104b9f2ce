"""One question, three answers: as Koha, FOLIO and rero give them, each from its own settings file.

The same loan of a book made on Thursday 5 March 2026 at eleven, asked about in the same words.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve

AT = "2026-03-05 11:00"
SYSTEMS = {
    "as-koha": ("PT", "BK", "CPL"),
    "as-folio": ("undergrad", "book", "main"),
    "as-rero": ("standard", "standard", "aosta"),
}


@pytest.fixture
def three(library):
    """The three libraries, each with its ordinary patron, book and place."""
    return [(library(name), *case) for name, case in SYSTEMS.items()]


def lends(three, **given) -> list[str]:
    """The three answers to lending the book."""
    return [desk.lends(category, kind, AT, library=place, **given) for desk, category, kind, place in three]


def renews(three, at: str, **given) -> list[str]:
    """The three answers to renewing it."""
    return [desk.renews(category, kind, AT, at, library=place, **given) for desk, category, kind, place in three]


def test_the_closed_day(three) -> None:
    """A2: counted in open days; moved to the end of the next open day (a Sunday and the weekend); it was open."""
    assert ["until Mon 30 Mar 23:59", "until Mon 06 Apr 23:59", "until Sat 04 Apr 23:59"] == lends(three)


def test_the_card_that_ends_first(three) -> None:
    """A6: back to an open day before the expiry; the expiry itself, a Sunday; not at all."""
    expected = ["until Sat 14 Mar 23:59", "until Sun 15 Mar 23:59", "until Sat 04 Apr 23:59"]
    assert expected == lends(three, expires=date(2026, 3, 15))


def test_from_when_a_renewal_counts(three) -> None:
    """C1: from the due date, from the due date, from today."""
    expected = ["until Thu 23 Apr 23:59", "until Wed 06 May 23:59", "until Wed 29 Apr 23:59"]
    assert expected == renews(three, "2026-03-30 11:00")


def test_a_renewal_on_the_day_of_the_loan(three) -> None:
    """C2 and C6: too early before the last three days; allowed; nothing gained from today."""
    expected = ["no: renewal.too_early", "until Wed 06 May 23:59", "no: renewal.without_gain"]
    assert expected == renews(three, "2026-03-05 15:00")


def test_a_hold_of_somebody_else(three) -> None:
    """C4: blocks; does not, but the period is shorter; blocks."""
    expected = ["no: renewal.wanted_by_others", "until Mon 13 Apr 23:59", "no: renewal.wanted_by_others"]
    assert expected == renews(three, "2026-03-30 11:00", waiting={"holds": 1})


def test_a_recall_stops_everywhere(three) -> None:
    """C4: here they agree."""
    recalled = {"recalled_at": datetime(2026, 3, 20, tzinfo=UTC)}
    assert ["no: renewal.recalled"] * 3 == renews(three, "2026-03-30 11:00", changed=recalled)


@pytest.mark.parametrize(
    ("days", "fines"),
    [
        (1, ["0.25 USD", "0.00 USD", "0.00 CHF"]),
        (3, ["0.75 USD", "0.50 USD", "0.20 CHF"]),
        (8, ["1.75 USD", "0.75 USD", "1.00 CHF"]),
        (15, ["3.25 USD", "1.25 USD", "2.80 CHF"]),
    ],
)
def test_days_late(three, days: int, fines: list[str]) -> None:
    """B1 to B4 and B8: open dates; open minutes, 1440 of them a day, after a day of grace; steps by open day, the first
    free for good."""
    found = []
    for desk, category, kind, place in three:
        _, loan = desk.loan(category, kind, AT, place, {})
        back = loan.due.astimezone(desk.book.calendar(place).zone_info) + timedelta(days)
        found.append(desk.fines(category, kind, AT, f"{back:%Y-%m-%d} 11:00", library=place))
    assert fines == found


@pytest.mark.parametrize(("under", "stopped"), [(0, [False, False, True]), (1, [False] * 3), (-1, [True] * 3)])
def test_a_debt_at_the_limit(three, under: int, stopped: list[bool]) -> None:
    """E4: exactly the limit is allowed by Koha and FOLIO, and refused by rero."""
    found = []
    for (desk, category, kind, place), limit in zip(three, (500, 10_000, 5_000), strict=True):
        found.append(desk.lends(category, kind, AT, library=place, balance=limit - under))
    assert stopped == [answer == "no: patron.debt_limit" for answer in found]


@pytest.mark.parametrize(
    ("late", "stopped"),
    [(1, [True, False, False]), (3, [True, False, True]), (10, [True, False, True]), (11, [True] * 3)],
)
def test_overdue_items(three, late: int, stopped: list[bool]) -> None:
    """E9 and D8: Koha asks at one, rero refuses at three, FOLIO above ten."""
    found = []
    for desk, category, kind, place in three:
        _, loan = desk.loan(category, kind, AT, place, {})
        found.append(desk.lends(category, kind, AT, library=place, overdue=(loan,) * late))
    assert stopped == [answer == "no: patron.overdue_limit" for answer in found]


def test_a_claim_leaves_room_or_not(three) -> None:
    """E7: at the limit with one item claimed returned, only FOLIO lends another."""
    found = []
    for (desk, category, kind, place), limit in zip(three, (20, 50, 40), strict=True):
        _, loan = desk.loan(category, kind, AT, place, {})
        other = evolve(loan, bib_id="bib-2")
        claimed = evolve(other, claimed_returned_at=datetime(2026, 3, 1, tzinfo=UTC))
        loans = (*(other,) * (limit - 1), claimed)
        found.append(desk.lends(category, kind, AT, library=place, open_loans=limit, loans=loans))
    assert ["no: loan.limit_reached", "until Mon 06 Apr 23:59", "no: loan.limit_reached"] == found


def test_loans_in_the_house_count_or_not(three) -> None:
    """E6: at the limit with three of them on site, Koha lends another."""
    found = []
    for (desk, category, kind, place), limit in zip(three, (20, 50, 40), strict=True):
        _, loan = desk.loan(category, kind, AT, place, {})
        loans = (evolve(loan, bib_id="bib-2"),) * limit
        found.append(desk.lends(category, kind, AT, library=place, open_loans=limit, on_site_loans=3, loans=loans))
    assert ["until Mon 30 Mar 23:59", "no: loan.limit_reached", "no: loan.limit_reached"] == found
