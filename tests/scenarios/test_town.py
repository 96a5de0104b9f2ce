"""A town library with branches and a book bus: what its desk answers."""

from __future__ import annotations

from datetime import date

import pytest

from libops.circulation.events import RenewedBy

THURSDAY = "2026-03-05 11:00"


@pytest.fixture
def town(library):
    """The town's rules."""
    return library("town-with-branches")


@pytest.mark.parametrize(
    ("category", "item_type", "at", "place", "answer"),
    [
        pytest.param("adult", "book", THURSDAY, "MAIN", "until Thu 02 Apr 23:59", id="books go for four weeks"),
        pytest.param("adult", "dvd", THURSDAY, "MAIN", "until Thu 19 Mar 23:59", id="films for two"),
        pytest.param("institution", "book", THURSDAY, "MAIN", "until Thu 28 May 23:59", id="to schools for twelve"),
        pytest.param("adult", "reference", THURSDAY, "MAIN", "no: policy.on_site_only", id="reference works stay"),
        pytest.param(
            "adult",
            "book",
            "2026-11-28 11:00",
            "MAIN",
            "until Sat 02 Jan 23:59",
            id="not due while closed at Christmas",
        ),
        pytest.param(
            "adult",
            "book",
            "2026-07-14 11:00",
            "NORTH",
            "until Tue 11 Aug 23:59",
            id="the branch is open again by then",
        ),
        pytest.param(
            "adult",
            "book",
            "2026-07-01 11:00",
            "NORTH",
            "until Mon 10 Aug 23:59",
            id="nor in the branch's summer closing",
        ),
        pytest.param(
            "adult", "book", "2026-03-04 14:00", "BUS", "until Wed 01 Apr 23:59", id="the bus comes on Wednesdays"
        ),
        pytest.param("adult", "bestseller", THURSDAY, "MAIN", "no: loan.rental_fee", id="bestsellers cost two euros"),
    ],
)
def test_until_when(town, category: str, item_type: str, at: str, place: str, answer: str) -> None:
    """By item, patron and place."""
    assert answer == town.lends(category, item_type, at, library=place)


@pytest.mark.parametrize(
    ("category", "item_type", "given", "answer"),
    [
        pytest.param(
            "child", "console-game", {"birth_date": date(2015, 1, 1)}, "no: patron.age_not_allowed", id="at 11"
        ),
        pytest.param("child", "console-game", {"birth_date": None}, "no: patron.age_unknown", id="age not known"),
        pytest.param(
            "teen",
            "dvd",
            {"open_loans": 10, "by_type": {"cd@MAIN": 4, "board-game@NORTH": 6}},
            "no: loan.type_limit_reached",
            id="ten of media and games together for the young",
        ),
        pytest.param(
            "adult",
            "dvd",
            {"open_loans": 10, "by_type": {"cd@MAIN": 4, "board-game@NORTH": 6}},
            "until Thu 19 Mar 23:59",
            id="fifteen for adults",
        ),
        pytest.param("adult", "book", {"balance": 1500}, "until Thu 02 Apr 23:59", id="fifteen euros are let be"),
        pytest.param("adult", "book", {"balance": 1501}, "no: patron.debt_limit", id="a cent more is not"),
        pytest.param("child", "book", {"balance": 501}, "no: patron.debt_limit", id="for the young it is five"),
        pytest.param("adult", "book", {"expires": date(2026, 3, 4)}, "no: patron.expired", id="expired yesterday"),
        pytest.param("staff", "book", {"expires": date(2026, 3, 4)}, "until Thu 02 Apr 23:59", id="staff never expire"),
    ],
)
def test_who_may(town, category: str, item_type: str, given: dict, answer: str) -> None:
    """By age, number, debt and card."""
    assert answer == town.lends(category, item_type, THURSDAY, library="MAIN", **given)


@pytest.mark.parametrize(
    ("category", "item_type", "back", "cost"),
    [
        pytest.param("adult", "book", "2026-04-03 11:00", "0.00 EUR", id="a day of grace"),
        pytest.param("adult", "book", "2026-04-04 11:00", "0.40 EUR", id="then both days count"),
        pytest.param("child", "book", "2026-04-10 11:00", "0.30 EUR", id="six open days for a child"),
        pytest.param("institution", "book", "2026-09-10 11:00", "0.00 EUR", id="schools pay none"),
        pytest.param("adult", "magazine", "2026-12-10 11:00", "5.00 EUR", id="never more than the magazine costs"),
    ],
)
def test_what_lateness_costs(town, category: str, item_type: str, back: str, cost: str) -> None:
    """Lent on 5 March."""
    assert cost == town.fines(category, item_type, THURSDAY, back, library="MAIN")


def test_books_renew_by_themselves_and_bestsellers_never(town) -> None:
    """On the morning of the due date; a bestseller is not renewed by anybody."""
    by_night = {"library": "MAIN", "renewed_by": RenewedBy.AUTOMATIC}
    assert "no: renewal.too_early" == town.renews("adult", "book", THURSDAY, "2026-04-01 04:00", **by_night)
    assert "until Thu 30 Apr 23:59" == town.renews("adult", "book", THURSDAY, "2026-04-02 04:00", **by_night)
    refused = town.renews("adult", "bestseller", THURSDAY, "2026-03-10 11:00", library="MAIN")
    assert "no: renewal.not_allowed" == refused
