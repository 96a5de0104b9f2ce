"""A tool library open twice a week: what its counter answers."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

WEDNESDAY = "2026-03-04 17:00"


@pytest.fixture
def tools(library):
    """The tool library's rules."""
    return library("tool-library")


@pytest.mark.parametrize(
    ("category", "item_type", "at", "given", "answer"),
    [
        pytest.param("member", "hand-tool", WEDNESDAY, {}, "until Wed 11 Mar 20:00", id="a week"),
        pytest.param("member", "garden-tool", "2026-12-12 10:00", {}, "until Sat 09 Jan 20:00", id="closed in winter"),
        pytest.param("member", "manual", WEDNESDAY, {}, "until Wed 18 Mar 20:00", id="manuals two weeks"),
        pytest.param("group", "party", WEDNESDAY, {}, "until Wed 11 Mar 20:00", id="a tent over the weekend"),
        pytest.param("member", "power-tool", WEDNESDAY, {}, "no: loan.rental_fee", id="power tools cost a fee"),
        pytest.param("member", "hand-tool", WEDNESDAY, {"pieces": 12}, "no: item.parts_to_count", id="count the bits"),
        pytest.param(
            "member", "hand-tool", WEDNESDAY, {"birth_date": None}, "no: patron.age_not_allowed", id="show an id"
        ),
        pytest.param("member", "bench-tool", WEDNESDAY, {}, "no: policy.on_site_only", id="the bench grinder stays"),
        pytest.param(
            "member",
            "bench-tool",
            "2026-03-04 18:30",
            {"on_site": True},
            "until Wed 04 Mar 20:00",
            id="used until closing",
        ),
    ],
)
def test_until_when(tools, category: str, item_type: str, at: str, given: dict, answer: str) -> None:
    """By kind of tool."""
    assert answer == tools.lends(category, item_type, at, **given)


@pytest.mark.parametrize(
    ("category", "item_type", "given", "answer"),
    [
        pytest.param("member", "machine", {}, "until Sat 07 Mar 20:00", id="three days with a motor"),
        pytest.param("member", "machine", {"birth_date": date(2006, 1, 1)}, "no: patron.age_not_allowed", id="from 21"),
        pytest.param("group", "machine", {}, "no: loan.type_limit_reached", id="never for groups"),
        pytest.param(
            "member",
            "power-tool",
            {"open_loans": 2, "by_type": {"power-tool@SHED": 1, "machine@SHED": 1}},
            "no: loan.type_limit_reached",
            id="a machine is a power tool, too",
        ),
        pytest.param(
            "supporter",
            "power-tool",
            {"open_loans": 2, "by_type": {"power-tool@SHED": 1, "machine@SHED": 1}},
            "until Wed 11 Mar 20:00",
            id="supporters take four",
        ),
    ],
)
def test_machines(tools, category: str, item_type: str, given: dict, answer: str) -> None:
    """With the fee agreed to and the parts counted."""
    assert answer == tools.lends(category, item_type, WEDNESDAY, confirmed=True, **given)


@pytest.mark.parametrize(
    ("category", "item_type", "back", "cost"),
    [
        pytest.param("member", "hand-tool", "2026-03-18 17:00", "2.00 USD", id="two open days at a dollar"),
        pytest.param("member", "machine", "2026-03-11 17:00", "30.00 USD", id="machines by the day, and dearer later"),
        pytest.param("volunteer", "machine", "2026-03-11 17:00", "1.00 USD", id="volunteers repair what they borrow"),
    ],
)
def test_what_lateness_costs(tools, category: str, item_type: str, back: str, cost: str) -> None:
    """Lent on a Wednesday."""
    assert cost == tools.fines(category, item_type, WEDNESDAY, back)


def test_a_booking_ends_the_loan_a_day_before(tools) -> None:
    """Booked from Tuesday, the drill is due on Saturday, the last open day before Monday; nor renewed past that."""
    booked = datetime(2026, 3, 10, 16, tzinfo=UTC)
    assert "until Sat 07 Mar 20:00" == tools.lends("member", "hand-tool", WEDNESDAY, next_booking=booked)
    for day, answer in [(18, "no: renewal.booked"), (20, "until Wed 18 Mar 20:00")]:
        waiting = {"next_booking": datetime(2026, 3, day, 16, tzinfo=UTC)}
        assert answer == tools.renews("member", "hand-tool", WEDNESDAY, "2026-03-11 17:00", waiting=waiting)
