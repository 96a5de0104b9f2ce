"""Options of sections D and F that were only held by pure functions, told apart by what the desk answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import libops
from libops.base.decisions import Override
from libops.circulation.policy.holds import PositionView
from libops.desk.settings.loading import default_settings
from libops.storage.rebuild import log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import sample_library

ADA, BEN, BOOK, OTHER = "21234000000017", "21234000000025", "31234000000014", "31234000000063"


def town(*, lost=None, fine=None, accounts=None, recall=None):
    """The sample library; Ada has a book of 18.00, lent on Tuesday, 3 March, and due on Tuesday, 31 March."""
    plain = default_settings().canonical()
    plain["lost_policies"]["replacement"] = {"cost": "price", **(lost or {})}
    plain["fine_policies"]["standard"] = {"amount": "1.00 EUR", "cap": "30.00 EUR", **(fine or {})}
    plain["accounts"] = accounts or {}
    if recall is not None:
        plain["recall_policies"] = {"standard": {"terms": recall}}
        plain["fallback"]["recall"] = "standard"
    ops = libops.open(settings=plain, clock=FrozenClock(), ids=CountingIds())
    sample_library(ops)
    assert ops.items.change(BOOK, price=libops.Money.parse("18.00 EUR"))
    assert ops.circulation.check_out(patron=ADA, item=BOOK)
    return ops


def owed(ops, card: str = ADA) -> str:
    """What the patron owes; below zero the library does. The log says the same as the records."""
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))
    return str(ops.fees.balance(card))


# --- F1 and F3: what goes back for what was paid --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "balance"), [("within-period-of-loss", "0.00 EUR"), ("within-period-of-payment", "-18.00 EUR")]
)
def test_the_period_of_a_refund_counts_from_the_loss_or_from_the_payment(clock, balance) -> None:
    """F1, `refund_clock`: lost on day 1, paid on day 12, back on day 15: ten days are over for one."""
    ops = town(lost={"refund_within": "10 days", "refund_clock": clock})
    assert ops.losses.declare_lost(BOOK)
    ops.clock.forward(days=11)
    assert ops.fees.pay(patron=ADA, amount="18.00 EUR")
    ops.clock.forward(days=3)
    ops.circulation.check_in(item=BOOK)
    assert balance == owed(ops)


@pytest.mark.parametrize(
    ("accounts", "balance"),
    [
        ({"negative_balance": "negative-balance-allowed"}, "-18.00 EUR"),
        ({"negative_balance": "no-negative-balance"}, "0.00 EUR"),
        (
            {"negative_balance": "no-negative-balance-by-charge-kind", "never_negative_for": ["lost-item"]},
            "0.00 EUR",
        ),
        (
            {"negative_balance": "no-negative-balance-by-charge-kind", "never_negative_for": ["overdue"]},
            "-18.00 EUR",
        ),
        ({"negative_balance": "negative-balance-within-interval", "negative_within": "10 days"}, "-18.00 EUR"),
        ({"negative_balance": "negative-balance-within-interval", "negative_within": "9 days"}, "0.00 EUR"),
    ],
)
def test_whether_a_patron_may_end_with_a_credit(accounts, balance) -> None:
    """F3: lost and paid on one day, back ten days later to the minute."""
    ops = town(accounts=accounts)
    assert ops.losses.declare_lost(BOOK)
    assert ops.fees.pay(patron=ADA, amount="18.00 EUR")
    ops.clock.forward(days=10)
    ops.circulation.check_in(item=BOOK)
    assert balance == owed(ops)


# --- F6: returns dated back -----------------------------------------------------------------------------------------

TENTH = datetime(2026, 4, 10, 10, tzinfo=UTC)
THIRD = datetime(2026, 4, 3, 10, tzinfo=UTC)
ON_TIME = datetime(2026, 3, 31, 21, 59, tzinfo=UTC)
"""23:59 on the due date in Berlin."""


@pytest.mark.parametrize(
    ("option", "returned_at", "balance"),
    [
        ("backdate-recalculates-fine", None, "10.00 EUR"),
        ("backdate-recalculates-fine", THIRD, "3.00 EUR"),
        ("backdate-voids-after-one-interval", THIRD, "4.00 EUR"),
        ("backdate-keeps-fine", THIRD, "10.00 EUR"),
        ("backdate-recalculates-fine", ON_TIME, "0.00 EUR"),
        ("backdate-recalculates-fine", TENTH + timedelta(days=3), "10.00 EUR"),
    ],
)
def test_a_return_dated_back_and_the_fine(option, returned_at, balance) -> None:
    """F6: ten days late, fined by the nightly run; it came back on the third, on time, or in the future."""
    ops = town(fine={"backdated": option})
    ops.clock.at = TENTH
    ops.run_due(only=["fines"])
    assert "10.00 EUR" == owed(ops)
    assert ops.circulation.check_in(item=BOOK, returned_at=returned_at)
    assert balance == owed(ops)


def test_what_was_paid_too_much_becomes_credit() -> None:
    """F6, Koha: the fine was paid before staff found that the book had been in the drop box for a week."""
    ops = town()
    ops.clock.at = TENTH
    ops.run_due(only=["fines"])
    assert ops.fees.pay(patron=ADA, amount="10.00 EUR")
    assert ops.circulation.check_in(item=BOOK, returned_at=THIRD)
    assert "-7.00 EUR" == owed(ops)


# --- D3, D9, D10 ----------------------------------------------------------------------------------------------------


def test_both_views_of_a_queue_at_the_desk() -> None:
    """D3: one hold is ready, two wait; Koha counts those that wait, FOLIO all."""
    ops = town()
    bib = ops.items.get(BOOK).bib_id
    assert ops.circulation.check_out(patron=BEN, item=OTHER, override=Override(["item.held_for_others"]))
    cards = [f"299990000000{number}" for number in range(3)]
    for number, card in enumerate(cards):
        assert ops.patrons.register(name=f"Reader {number}", category="adult", card=card)
        assert ops.holds.place(patron=card, item=BOOK)
        ops.clock.forward(minutes=1)
    assert ops.circulation.check_in(item=BOOK)
    views = {view: [number for number, _ in ops.holds.queue_of(bib, view=view)] for view in PositionView}
    assert {PositionView.READY_UNNUMBERED: [0, 1, 2], PositionView.ALL_NUMBERED: [1, 2, 3]} == views


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        ({"guaranteed": "3 weeks", "return_within": "7 days"}, "2026-03-24"),
        ({"guaranteed": "1 week", "return_within": "10 days"}, "2026-03-17"),
    ],
)
def test_a_recall_takes_the_later_of_guarantee_and_return_interval(terms, due) -> None:
    """D9: recalled on 7 March; three weeks were promised from the 3rd, or ten days to bring it back are left."""
    ops = town(recall=terms)
    ops.clock.forward(days=4)
    placed = ops.holds.place(patron=BEN, item=BOOK, recall=True)
    assert due == placed.result.recalled_due.date().isoformat()


@pytest.mark.parametrize(("extends", "balance"), [(False, "10.00 EUR"), (True, "0.00 EUR")])
def test_the_fine_of_an_overdue_loan_that_a_recall_lengthens(extends, balance) -> None:
    """D9: due on 31 March, recalled on 8 April with a week to return, back two days later.

    A fine counts from the due date that holds: what was charged for eight days goes back with the new one (FOLIO).
    """
    ops = town(recall={"return_within": "7 days", "extends_overdue": extends})
    ops.clock.at = datetime(2026, 4, 8, 10, tzinfo=UTC)
    ops.run_due(only=["fines"])
    assert "8.00 EUR" == owed(ops)
    assert ops.holds.place(patron=BEN, item=BOOK, recall=True)
    ops.clock.forward(days=2)
    assert ops.circulation.check_in(item=BOOK)
    assert balance == owed(ops)


@pytest.mark.parametrize(
    ("fine", "balance"),
    [
        ({"grace": "5 days"}, "0.00 EUR"),
        ({"grace": "5 days", "grace_ignored_for_recalled": True}, "3.00 EUR"),
        ({"recall_amount": "2.00 EUR"}, "6.00 EUR"),
        ({"recall_amount": "2.00 EUR", "recall_cap": "5.00 EUR"}, "5.00 EUR"),
    ],
)
def test_a_recalled_loan_has_a_fine_and_a_grace_of_its_own(fine, balance) -> None:
    """D9 and B6, Koha's recall rate and cap, FOLIO's grace: three days after the recalled due date."""
    ops = town(fine=fine, recall={"guaranteed": "1 week", "return_within": "7 days"})
    placed = ops.holds.place(patron=BEN, item=BOOK, recall=True)
    ops.clock.at = placed.result.recalled_due + timedelta(days=3)
    ops.run_due(only=["fines"])
    assert balance == owed(ops)


def test_a_forecast_counts_who_is_served_before() -> None:
    """D10: two items out for four weeks, three holds; who has suspended theirs does not count, and all is said."""
    ops = town()
    bib = ops.items.get(BOOK).bib_id
    copies = [item.barcode for item in ops.items.of_bib(bib) if item.item_type == "book" and item.barcode != BOOK]
    for label in copies:
        assert ops.circulation.check_out(patron=BEN, item=label, override=Override(["loan.same_title_out"]))
    holds = []
    for number in range(len(copies) + 2):
        card = f"299990000000{number}"
        assert ops.patrons.register(name=f"Reader {number}", category="adult", card=card)
        holds.append(ops.holds.place(patron=card, bib=bib).result.hold.id)
        ops.clock.forward(minutes=1)
    first, last = ops.holds.forecast(holds[0]), ops.holds.forecast(holds[-1])
    assert (0, len(holds) - 1) == (first.ahead, last.ahead)
    assert first.worst <= last.typical <= last.worst
    assert first.items == last.items
    assert any(str(last.ahead) in each for each in last.assumptions)
    assert ops.holds.suspend(holds[0])
    assert len(holds) - 2 == ops.holds.forecast(holds[-1]).ahead
