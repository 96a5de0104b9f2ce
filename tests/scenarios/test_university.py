"""A university library with hourly reserves and service points: what its desks answer."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from libops.circulation.events import RenewedBy

THURSDAY = "2026-03-05 11:00"


@pytest.fixture
def university(library):
    """The university's rules."""
    return library("university")


@pytest.mark.parametrize(
    ("category", "item_type", "at", "place", "answer"),
    [
        pytest.param("faculty", "book", THURSDAY, "CENTRAL", "until Mon 15 Jun 23:59", id="faculty until mid-June"),
        pytest.param(
            "faculty", "book", "2026-06-01 01:30", "CENTRAL", "until Mon 15 Jun 23:59", id="half past one is still May"
        ),
        pytest.param("graduate", "book", THURSDAY, "CENTRAL", "until Thu 16 Apr 23:59", id="graduates six weeks"),
        pytest.param("undergraduate", "book", THURSDAY, "CENTRAL", "until Thu 26 Mar 23:59", id="others three"),
        pytest.param("undergraduate", "reserve-2h", THURSDAY, "CENTRAL", "until Thu 05 Mar 13:00", id="two hours"),
        pytest.param(
            "undergraduate",
            "reserve-2h",
            "2026-03-06 19:00",
            "CENTRAL",
            "until Fri 06 Mar 20:00",
            id="to closing at most",
        ),
        pytest.param(
            "undergraduate",
            "reserve-overnight",
            "2026-03-05 22:00",
            "CENTRAL",
            "until Fri 06 Mar 08:30",
            id="overnight until an hour after opening",
        ),
        pytest.param(
            "undergraduate", "reserve-3d", "2026-05-22 11:00", "CENTRAL", "until Tue 26 May 23:59", id="open days only"
        ),
        pytest.param(
            "undergraduate",
            "laptop",
            "2026-03-06 18:00",
            "CENTRAL",
            "until Fri 06 Mar 20:00",
            id="laptops stay in hours",
        ),
        pytest.param("faculty", "rare", THURSDAY, "CENTRAL", "no: policy.on_site_only", id="rare books stay"),
        pytest.param("faculty", "journal", THURSDAY, "LAW", "no: policy.not_loanable", id="law journals not even here"),
        pytest.param(
            "guest", "reserve-2h", THURSDAY, "CENTRAL", "no: loan.type_limit_reached", id="no reserves for guests"
        ),
    ],
)
def test_until_when(university, category: str, item_type: str, at: str, place: str, answer: str) -> None:
    """By item, patron, hour and library."""
    assert answer == university.lends(category, item_type, at, library=place)


def test_a_loan_ends_with_the_card(university) -> None:
    """Three weeks, but the card ends on the fifteenth."""
    expires = date(2026, 3, 15)
    answer = university.lends("undergraduate", "book", THURSDAY, library="CENTRAL", expires=expires)
    assert "until Sun 15 Mar 23:59" == answer


def test_three_reserves_of_any_kind(university) -> None:
    """A limit on the group counts the two-hour, the overnight and the three-day ones."""
    out = {"open_loans": 3, "by_type": {"reserve-3d@LAW": 2, "reserve-overnight@CENTRAL": 1}}
    refused = university.lends("undergraduate", "reserve-2h", THURSDAY, library="CENTRAL", **out)
    assert "no: loan.type_limit_reached" == refused


@pytest.mark.parametrize(
    ("item_type", "lent", "back", "cost"),
    [
        pytest.param("reserve-2h", THURSDAY, "2026-03-05 13:14", "0.00 USD", id="a quarter of an hour of grace"),
        pytest.param("reserve-2h", THURSDAY, "2026-03-05 13:16", "1.00 USD", id="then an hour begun is an hour"),
        pytest.param("reserve-2h", "2026-03-05 23:00", "2026-03-06 08:31", "3.00 USD", id="the night does not count"),
        pytest.param("book", THURSDAY, "2026-03-29 11:00", "0.00 USD", id="three days of grace"),
        pytest.param("book", THURSDAY, "2026-03-30 11:00", "1.00 USD", id="then all four"),
    ],
)
def test_what_lateness_costs(university, item_type: str, lent: str, back: str, cost: str) -> None:
    """To an undergraduate at the Central Library."""
    assert cost == university.fines("undergraduate", item_type, lent, back, library="CENTRAL")


def test_a_recalled_book_has_no_grace_and_costs_more(university) -> None:
    """Two days late, two dollars each."""
    recalled = {"recalled_at": datetime(2026, 3, 10, tzinfo=UTC)}
    back = "2026-03-28 11:00"
    assert "4.00 USD" == university.fines("undergraduate", "book", THURSDAY, back, library="CENTRAL", changed=recalled)


def test_reserves_are_renewed_for_half_an_hour_while_others_wait(university) -> None:
    """Otherwise for two."""
    asked = ("undergraduate", "reserve-2h", THURSDAY, "2026-03-05 12:50")
    assert "until Thu 05 Mar 14:50" == university.renews(*asked, library="CENTRAL")
    assert "until Thu 05 Mar 13:20" == university.renews(*asked, library="CENTRAL", waiting={"holds": 2})


def test_graduates_renew_by_themselves_two_days_before(university) -> None:
    """From the old due date, so nothing is lost; undergraduates with anything overdue renew nothing."""
    by_night = {"library": "CENTRAL", "renewed_by": RenewedBy.AUTOMATIC}
    assert "no: renewal.too_early" == university.renews("graduate", "book", THURSDAY, "2026-04-13 11:00", **by_night)
    assert "until Thu 28 May 23:59" == university.renews("graduate", "book", THURSDAY, "2026-04-15 11:00", **by_night)
    late = university.renews("undergraduate", "book", THURSDAY, "2026-03-28 11:00", library="CENTRAL")
    assert "no: renewal.overdue" == late
