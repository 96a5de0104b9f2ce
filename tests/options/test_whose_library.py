"""Whose library counts: for the loan's length, its fine, and for what a lost item gives back."""

from __future__ import annotations

from datetime import date

import pytest

NORTH_ITEM = {"home_library": "NORTH"}
ROLES = ("transaction", "patron-home", "item-home", "item-holding")


def places(here) -> None:
    """A book of NORTH that is kept at MAIN, and a patron of MAIN."""
    here.change("book", home_library="NORTH", holding_library="MAIN")


@pytest.mark.parametrize(
    ("role", "fields", "due"),
    [
        ("transaction", {}, "2026-03-17"),
        ("patron-home", {"patron": "NORTH"}, "2026-03-16"),
        ("patron-home", {}, "2026-03-17"),
        ("item-home", {"home_library": "NORTH"}, "2026-03-16"),
        ("item-home", {"holding_library": "NORTH"}, "2026-03-17"),
        ("item-holding", {"holding_library": "NORTH"}, "2026-03-16"),
        ("item-holding", {"home_library": "NORTH"}, "2026-03-17"),
    ],
)
def test_due_dates_follow_the_calendar_of_the_library_that_counts(town, role, fields, due) -> None:
    """`control.loan`: thirteen days end on a Monday, on which only the north branch is open."""
    here = town(control={"loan": role}, loan_policies={"standard": {"due": {"period": "13 days"}}})
    if "patron" in fields:
        here.patron("Ada", home_library=fields["patron"])
    else:
        here.change("book", **fields)
    assert here.lend("book")
    assert f"{due} 23:59:00" == here.due("book")


@pytest.mark.parametrize(("role", "due"), [("transaction", "2026-03-24"), ("item-home", "2026-03-23")])
def test_a_renewal_follows_the_same_calendar(town, role, due) -> None:
    """Renewed for thirteen days on a Tuesday."""
    terms = {"due": {"period": "1 week"}, "renewals": {"period": "13 days"}}
    here = town(control={"loan": role}, loan_policies={"standard": terms})
    here.change("book", **NORTH_ITEM)
    assert here.lend("book")
    here.clock.forward(days=7)
    assert here.renew("book")
    assert f"{due} 23:59:00" == here.due("book")


@pytest.mark.parametrize(("role", "moved"), [("transaction", []), ("item-home", ["2026-03-19 23:59:00"])])
def test_a_closing_moves_the_loans_that_its_library_counts_for(town, role, moved) -> None:
    """The north branch closes on the 17th and 18th: only where the item's home counts, its book is due later."""
    here = town(control={"loan": role})
    here.change("book", **NORTH_ITEM)
    assert here.lend("book")
    closing = here.ops.closings.announce("NORTH", date(2026, 3, 17), date(2026, 3, 18))
    assert here.ops.closings.apply(closing, why="burst pipe").done == len(moved)
    assert (moved or ["2026-03-17 23:59:00"]) == [here.due("book")]


@pytest.mark.parametrize("returned", [False, True])
@pytest.mark.parametrize(
    ("role", "fields", "owed"),
    [
        ("transaction", {}, "0.20 EUR"),
        ("item-home", {"home_library": "NORTH"}, "0.60 EUR"),
        ("item-holding", {"holding_library": "NORTH"}, "0.60 EUR"),
        ("patron-home", {"patron": "NORTH"}, "0.60 EUR"),
    ],
)
def test_days_late_are_those_on_which_the_library_that_counts_is_open(town, role, fields, owed, returned) -> None:
    """`control.fine`: from Saturday to Tuesday the north branch opens three times; the night counts alike."""
    terms = {"amount": "0.20 EUR", "closed": "exclude-closed-days"}
    due = {"due": {"period": "11 days"}}
    here = town(control={"fine": role}, fine_policies={"standard": terms}, loan_policies={"standard": due})
    if "patron" in fields:
        here.patron("Ada", home_library=fields["patron"])
    else:
        here.change("book", **fields)
    assert here.lend("book")
    here.until("2026-03-17 12:00")
    assert here.bring_back("book") if returned else here.night()
    assert owed == here.owed("Ada")


@pytest.mark.parametrize(("role", "until"), [("transaction", "2026-03-26"), ("item-home", "2026-03-24")])
def test_a_suspension_is_counted_by_the_library_that_counts_for_it(town, role, until) -> None:
    """`control.suspension`: five days late, five open days without borrowing."""
    terms = {"days": 1, "skips_closed_days": True, "closed": "count-closed-time"}
    here = town(
        control={"suspension": role},
        suspension_policies={"standard": terms},
        fallback={"suspension": "standard"},
        loan_policies={"standard": {"due": {"period": "11 days"}}},
    )
    here.change("book", **NORTH_ITEM)
    assert here.lend("book")
    here.until("2026-03-19 12:00")
    assert here.bring_back("book")
    (block,) = here.ops.patrons.get("21234000000017").blocks
    assert until == f"{block.until:%Y-%m-%d}"


@pytest.mark.parametrize(
    ("option", "owed"),
    [("check-out", "0.00 EUR"), ("check-in", "25.00 EUR"), ("item-home", "25.00 EUR"), ("item-holding", "0.00 EUR")],
)
@pytest.mark.parametrize("role", ROLES)
def test_whose_rule_says_what_a_lost_item_gives_back(town, role, option, owed) -> None:
    """`returns.lost_rule` (F8): the main library takes the charge back, the north branch leaves it, whoever counts."""
    here = town(
        control={"lost": role},
        lost_policies={"strict": {"refund": "lost-return-none"}},
        rules=[{"id": "north", "library": "NORTH", "lost": "strict"}],
        precedence={"strategy": "fixed-weights", "inherit": True},
        returns={"lost_rule": option},
    )
    assert here.lend("book")
    places(here)
    assert here.ops.losses.declare_lost("31234000000014")
    assert "25.00 EUR" == here.owed("Ada")
    assert here.bring_back("book", library="NORTH")
    assert owed == here.owed("Ada")
