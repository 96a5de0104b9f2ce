"""Titles in demand, fees settled from credit, and what is used in the house."""

from __future__ import annotations

from datetime import date

import pytest

from libops.circulation.model import InHouseUse
from libops.cli.main import main
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every

ADA = "21234000000017"
BOOK = "31234000000014"
DEMAND = {"shorten_to": "1 week", "measure": "holds", "threshold": 0}


def lending(**demand):
    """Two weeks, one week for titles in demand."""
    return {"loan_policies": {"standard": {"due": {"period": "2 weeks", "demand": DEMAND | demand}}}}


@pytest.mark.parametrize(
    ("terms", "holds", "due"),
    [
        ({}, 0, "2026-03-17"),
        ({}, 1, "2026-03-10"),
        ({"threshold": 1}, 1, "2026-03-17"),
        ({"threshold": 1}, 2, "2026-03-10"),
        ({"minimum_holds": 3}, 2, "2026-03-17"),
        ({"measure": "holds-above-items"}, 2, "2026-03-17"),
        ({"measure": "holds-above-items"}, 3, "2026-03-10"),
        ({"measure": "holds-per-item"}, 2, "2026-03-17"),
        ({"measure": "holds-per-item", "threshold": 1}, 2, "2026-03-17"),
        ({"measure": "holds-per-item", "threshold": 1}, 3, "2026-03-10"),
    ],
)
def test_a_title_in_demand_is_lent_for_less_time(town, terms, holds, due) -> None:
    """`due.demand` counts holds of others, or holds against the two items of the title that can go out."""
    if terms.get("measure") == "holds-per-item" and "threshold" not in terms:
        terms = terms | {"threshold": 2}
    here = town(**lending(**terms), hold_policies={"standard": {"per_record": 5}})
    reference = "31234000000055"
    assert here.ops.items.change(reference, not_for_loan="reading room")
    for number in range(holds):
        card = f"2123400000010{number}"
        assert here.ops.patrons.register(name=f"Reader {number}", category="adult", card=card)
        assert here.ops.holds.place(patron=card, bib=here.ops.items.get(BOOK).bib_id)
    assert here.lend("book", override=here.allow("hold.wanted_by_others", "item.held_for_others"))
    assert f"{due} 23:59:00" == here.due()


def test_ones_own_hold_and_a_suspended_one_are_no_demand(town) -> None:
    """Ada's hold is filled by the loan; Ben's sleeps until summer."""
    here = town(**lending())
    assert here.hold("book", by="Ada")
    assert here.hold("book", by="Ben", suspended=True)
    assert here.lend("book", to="Ada")
    assert "2026-03-17 23:59:00" == here.due()


def test_a_renewal_of_a_title_in_demand_is_shorter_too(town) -> None:
    """Where holds do not stop it."""
    changes = lending()
    changes["loan_policies"]["standard"]["renewals"] = {"holds": "ignore"}
    here = town(**changes)
    assert here.lend("book")
    assert here.hold("book")
    here.clock.forward(days=14)
    assert here.renew("book")
    assert "2026-03-24 23:59:00" == here.due()


def test_demand_costs_nothing_where_no_policy_asks(town) -> None:
    """The book of rules knows once and for all that nothing more needs reading."""
    assert (False, True) == (town().ops.book.asks_more, town(**lending()).ops.book.asks_more)


RENTAL = {"due": {"period": "2 weeks"}, "rental": {"amount": "2.00 EUR", "ask": "allow"}, "renewals": {"count": 5}}


@pytest.mark.parametrize(("spend", "open_charges", "balance"), [(True, 0, "-1.00 EUR"), (False, 1, "-1.00 EUR")])
def test_a_fee_for_the_loan_is_settled_from_credit(town, spend, open_charges, balance) -> None:
    """`accounts.spend_credit`: three euros of credit, a loan for two; the balance is the same, what is open is not."""
    here = town(accounts={"spend_credit": spend}, loan_policies={"standard": RENTAL})
    assert here.ops.fees.credit(patron=ADA, amount="3.00 EUR", why="overpaid last year")
    assert here.lend("book")
    assert (open_charges, balance) == (len(here.ops.fees.open_charges(ADA)), here.owed())


def test_a_renewal_spends_what_is_left_and_charges_the_rest(town) -> None:
    """One euro of credit is left for a fee of two."""
    here = town(accounts={"spend_credit": True}, loan_policies={"standard": RENTAL})
    assert here.ops.fees.credit(patron=ADA, amount="3.00 EUR", why="overpaid last year")
    assert here.lend("book")
    here.clock.forward(days=7)
    assert here.renew("book")
    assert ["1.00 EUR"] == [str(charge.open) for charge in here.ops.fees.open_charges(ADA)]
    assert "1.00 EUR" == here.owed()


# --- used in the house ----------------------------------------------------------------------------------------------


def test_what_lay_on_the_tables_is_counted_by_day(town) -> None:
    """Twice on Tuesday, once on Wednesday; nobody is named, and nothing is on loan."""
    here = town()
    count = here.ops.in_house.count
    assert [1, 2] == [count(item=BOOK).result for _ in range(2)]
    here.clock.forward(days=1)
    assert 3 == count(item=BOOK, uses=3).result
    assert [2, 3] == sorted(use.uses for use in every(here.ops.storage, kind_of(InHouseUse)))
    assert here.loan() is None


def test_the_report_says_what_was_used_where(town) -> None:
    """By type, shelf and day, in one library and span of days."""
    here = town()
    here.change("film", shelving_location="reading room")
    for item, uses in (("book", 1), ("film", 4)):
        assert here.ops.in_house.count(
            item=here.ops.items.get({"book": BOOK, "film": "31234000000030"}[item]).id, uses=uses
        )
    assert here.ops.in_house.count(item=BOOK, library="NORTH")
    report = here.ops.in_house.report(date(2026, 3, 1), date(2026, 3, 3))
    assert (5, {"dvd": 4, "book": 1}) == (report.uses, report.by_item_type)
    assert {"reading room": 4, "": 1} == report.by_shelving_location
    assert {date(2026, 3, 3): 5} == report.by_day
    assert 0 == here.ops.in_house.report(date(2026, 3, 4), date(2026, 3, 9)).uses
    assert 1 == here.ops.in_house.report(date(2026, 3, 3), date(2026, 3, 3), library="NORTH").uses


def test_what_is_on_loan_is_taken_back_first(town) -> None:
    """An item that somebody has out was not used from the shelf."""
    here = town()
    assert here.lend("book")
    assert ["item.on_loan"] == here.codes(here.ops.in_house.count(item=BOOK))
    assert ["barcode.no_item"] == here.codes(here.ops.in_house.count(item="no such barcode"))


@pytest.mark.parametrize(("option", "uses"), [(False, 0), (True, 1)])
def test_a_scan_at_the_return_desk_may_count_as_use(town, option, uses) -> None:
    """`returns.count_use_at_return`: of what nobody had out; a return, or an item that was missing, does not count."""
    here = town(returns={"count_use_at_return": option})
    assert here.bring_back("book")
    assert here.lend("second book")
    assert here.bring_back("second book")
    here.change("film", missing_since=here.clock())
    assert here.bring_back("film")
    assert uses == here.ops.in_house.report(date(2026, 3, 3), date(2026, 3, 3)).uses


def test_use_in_the_house_at_the_command_line(tmp_path, capsys) -> None:
    """Count, then report; a barcode that is not there makes exit code 1."""
    store = ["--db", str(tmp_path / "town.db")]
    assert 0 == main(["init", *store])
    assert 1 == main(["in-house", "count", "31234000000014", *store])
    capsys.readouterr()
    assert 0 == main(["in-house", "report", "2026-03-01", "2026-03-31", *store])
    assert "0 uses in MAIN, 2026-03-01 to 2026-03-31\n" == capsys.readouterr().out
