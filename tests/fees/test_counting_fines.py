"""Fines come to the account by difference: a sweep that runs twice charges once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libops.base.decisions import Refuse
from libops.base.errors import InvalidValue
from libops.base.ids import LoanId
from libops.base.money import Money
from libops.fees import (
    AccountFacts,
    AccountPolicy,
    FineFacts,
    LineKind,
    LoanFine,
    NegativeBalance,
    charge_histories,
    count_fine,
    void,
    waive,
)
from libops.testing.strategies.fees import AccountBook


def counted(book: AccountBook, minor: int, *, period: int = 0, **terms: object) -> list[tuple[str, int]]:
    """The lines written when the fine of loan L-1 is counted as so many cents."""
    plan = count_fine(book.fine_facts("L-1", period), book.act(), fine=Money(minor, "EUR"), **terms)  # type: ignore[arg-type]
    return [(line.kind.value, line.amount.amount) for line in book.write(plan)]


def test_sweep_that_runs_twice_charges_once() -> None:
    """The second run finds nothing to write."""
    book = AccountBook()
    assert [("charge", 25)] == counted(book, 25)
    assert [] == counted(book, 25)
    assert 1 == len(book.facts().lines)


def test_fine_of_zero_writes_nothing() -> None:
    """A loan within grace leaves no trace on the account."""
    book = AccountBook()
    assert [] == counted(book, 0)
    assert book.notebook.get(LoanFine, "L-1") is None


def test_fine_grows_by_lines_of_one_charge() -> None:
    """Day after day a line is added, but the patron sees one open charge."""
    book = AccountBook()
    assert [("charge", 25), ("charge", 25), ("charge", 50)] == [
        *counted(book, 25),
        *counted(book, 50),
        *counted(book, 100),
    ]
    assert [("L-1-fine-1", Money(100, "EUR"))] == [(each.id, each.open) for each in book.facts().charges]
    refused = void(book.facts(), book.act(), line=book.facts().lines[1].id, ids=book.ids)
    assert isinstance(refused, Refuse)
    assert ["line.part_of_charge"] == [reason.code for reason in refused.reasons]


def test_two_sweeps_at_once_want_the_same_line() -> None:
    """Line ids are made from the loan, so that of two machines one finds the key taken."""
    book = AccountBook()
    facts = book.fine_facts("L-1")
    plans = [count_fine(facts, book.act(by=by), fine=Money(25, "EUR")) for by in ("sweep-1", "sweep-2")]
    assert ["L-1-fine-1", "L-1-fine-1"] == [plan.lines[0].id for plan in plans]


@given(st.lists(st.tuples(st.integers(0, 900), st.sampled_from(["", "pay", "again"])), max_size=10))
def test_account_follows_the_fine_up_and_down(counts: list[tuple[int, str]]) -> None:
    """However often a fine is counted and paid in between, the patron is charged the fine as counted last."""
    book = AccountBook()
    minor = 0
    for minor, then in counts:
        counted(book, minor)
        if then == "pay" and book.facts().charges:
            book.pay(str(book.facts().charges[0].open)[:-4])
        if then == "again":
            assert [] == counted(book, minor)
    paid = -sum(line.amount.amount for line in book.facts().lines if line.kind is LineKind.PAYMENT)
    assert minor - paid == book.facts().standing.balance


def test_fine_lowered_by_a_backdated_check_in_takes_off_what_is_open_and_gives_back_what_was_paid() -> None:
    """F6: charged 6 euros, paid 4 of them, rightly 3: the open 2 are taken off, 1 becomes credit."""
    book = AccountBook()
    counted(book, 600)
    book.pay("4.00")
    assert [("credit", -200), ("refund", -100)] == counted(book, 300)
    assert -100 == book.facts().standing.balance
    assert [] == counted(book, 300)


def test_fine_lowered_after_a_waiver_gives_nothing_back() -> None:
    """What was forgiven was not paid."""
    book = AccountBook()
    counted(book, 600)
    book.write(waive(book.facts(), book.act(), ids=book.ids))
    assert [] == counted(book, 300)
    assert 0 == book.facts().standing.balance


def test_waived_fine_is_not_charged_again_but_grows_from_there() -> None:
    """A waiver on Monday does not come back on Tuesday; the next day does."""
    book = AccountBook()
    counted(book, 600)
    book.write(waive(book.facts(), book.act(), ids=book.ids))
    assert [] == counted(book, 600)
    assert [("charge", 25)] == counted(book, 625)
    assert 25 == book.facts().standing.balance


def test_voided_fine_is_not_charged_again_and_grows_on_a_new_charge() -> None:
    """A void takes the charge away for good."""
    book = AccountBook()
    counted(book, 600)
    book.write(void(book.facts(), book.act(), line=book.facts().charges[0].id, ids=book.ids))
    assert [] == counted(book, 600)
    assert [("charge", 25)] == counted(book, 625)
    assert ["L-1-fine-2"] == [each.id for each in book.facts().charges]


def test_renewal_closes_the_fine_before_it() -> None:
    """Reference invariant 3: renewal never removes a fine already due; the next overdue time starts from zero."""
    book = AccountBook()
    counted(book, 300, period=0)
    assert [] == counted(book, 0, period=1)
    assert [("charge", 100)] == counted(book, 100, period=1)
    assert {"L-1-fine-1": 300, "L-1-fine-2": 100} == {each.id: each.open.amount for each in book.facts().charges}
    assert [] == counted(book, 100, period=1)


def test_fine_forgiven_at_renewal_takes_off_what_is_open_only() -> None:
    """B9 `fine-forgiven-on-renewal`: what the patron has paid already stays paid."""
    book = AccountBook()
    counted(book, 300)
    book.pay("1.00")
    assert [("credit", -200)] == counted(book, 0, give_back=False)
    assert 0 == book.facts().standing.balance


def test_lowered_fine_respects_the_negative_balance_option() -> None:
    """F3 `no-negative-balance`: what was paid too much settles other charges and ends with them."""
    book = AccountBook()
    counted(book, 300)
    book.pay("3.00")
    book.charge("0.50")
    never = AccountPolicy(negative_balance=NegativeBalance.NEVER)
    assert [("refund", -50)] == counted(book, 100, policy=never)
    assert 0 == book.facts().standing.balance


def test_history_of_a_fine_counts_all_its_lines() -> None:
    """Charged 4.00 in two lines, 1.00 taken off."""
    book = AccountBook()
    counted(book, 250)
    counted(book, 400)
    counted(book, 300)
    [history] = charge_histories(book.facts().lines).values()
    assert (400, 100, 300) == (history.charged, history.lowered, history.open)


def test_lowering_a_settled_fine_needs_the_lines_of_the_account() -> None:
    """Without them nobody knows what was paid."""
    book = AccountBook()
    counted(book, 300)
    book.pay("3.00")
    full = book.fine_facts("L-1")
    blind = FineFacts(AccountFacts(full.account.standing, "EUR"), full.loan_id, full.item_id, 0, full.so_far)
    with pytest.raises(InvalidValue, match="load them"):
        count_fine(blind, book.act(), fine=Money(100, "EUR"))


def test_each_loan_has_its_own_fine() -> None:
    """Two loans of one patron never share a charge."""
    book = AccountBook()
    counted(book, 300)
    book.now += timedelta(days=1)
    book.write(count_fine(book.fine_facts("L-2"), book.act(), fine=Money(100, "EUR")))
    assert {LoanId("L-1"): 300, LoanId("L-2"): 100} == {each.loan_id: each.open.amount for each in book.facts().charges}
