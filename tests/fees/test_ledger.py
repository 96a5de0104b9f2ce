"""A patron's account: every line counts once, and every cent can be followed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libops.base.errors import InvalidValue
from libops.base.ids import AccountLineId, PatronId
from libops.base.money import Money
from libops.fees import CHANGES, AccountLine, Allocation, Cause, LineKind, LoanFine, charge_histories, statement
from libops.patrons.standing import Standing
from libops.testing.notebook import Notebook
from libops.testing.strategies.fees import OPENED, AccountBook, account_acts

EUR = "EUR"


def life(acts: list) -> AccountBook:
    book = AccountBook()
    for act in acts:
        book.write(act(book))
    return book


@given(st.lists(account_acts(), min_size=4, max_size=14))
def test_sum_of_the_ledger_is_the_balance_after_every_act(acts: list) -> None:
    """Reference invariant 5: sum of ledger = balance, and both = open charges less open credits."""
    book = AccountBook()
    for act in acts:
        book.write(act(book))
        facts = book.facts()
        balance = sum(line.amount.amount for line in facts.lines)
        assert balance == facts.standing.balance
        assert balance == sum(each.open.amount for each in facts.charges) - sum(
            each.open.amount for each in facts.credits
        )
        assert all(each.open.amount > 0 for each in (*facts.charges, *facts.credits))


@given(st.lists(account_acts(), min_size=4, max_size=14))
def test_nothing_is_refunded_that_was_not_paid(acts: list) -> None:
    """Reference invariant 5: refund is at most what was paid, for each charge and each payer."""
    for key, history in charge_histories(life(acts).facts().lines).items():
        paid: dict[str, int] = {}
        for part in history.paid:
            paid[part.payer] = paid.get(part.payer, 0) + part.amount
        assert all(back <= paid.get(payer, 0) for payer, back in history.refunded.items()), key


@given(st.lists(account_acts(), min_size=4, max_size=14))
def test_history_of_each_charge_adds_up(acts: list) -> None:
    """What was charged is open, paid, or given up in one way or another; nothing is settled twice."""
    facts = life(acts).facts()
    open_now = {each.id: each.open.amount for each in facts.charges}
    for key, history in charge_histories(facts.lines).items():
        assert open_now.get(key, 0) == history.open
        settled = [history.waived, history.written_off, history.lowered, history.credited, history.moved]
        assert min(settled) >= 0
        if not history.voided:
            assert history.charged == history.open + sum(settled) + sum(part.amount for part in history.paid)


@given(st.lists(account_acts(), min_size=4, max_size=14))
def test_rebuilding_from_the_events_gives_the_same_records(acts: list) -> None:
    """Reference invariant 9: state is the fold of events."""
    book = life(acts)
    again = Notebook(CHANGES, {Standing: "patron_id", LoanFine: "loan_id"})
    again.write(book.notebook.log)
    assert book.notebook.records == again.records


@given(st.lists(account_acts(), min_size=1, max_size=10))
def test_planned_account_is_the_account_that_is_written(acts: list) -> None:
    """Deciding one act on top of another sees the same account as writing in between."""
    book = AccountBook()
    for act in acts:
        before = book.facts()
        lines = book.write(act(book))
        planned, written = before.after(lines), book.facts()
        assert {(each.id, each.open) for each in written.charges} == {(each.id, each.open) for each in planned.charges}
        assert {(each.id, each.open) for each in written.credits} == {(each.id, each.open) for each in planned.credits}
        assert written.standing == planned.standing


def test_statement_shows_the_balance_after_each_line() -> None:
    """A patron can follow the account line by line."""
    lines = [
        AccountLine(AccountLineId("line-2"), PatronId("ada"), OPENED, "desk", LineKind.PAYMENT, Money(-200, EUR)),
        AccountLine(
            AccountLineId("line-1"), PatronId("ada"), OPENED, "desk", LineKind.CHARGE, Money(350, EUR), Cause.OVERDUE
        ),
    ]
    shown = statement(PatronId("ada"), lines, currency=EUR)
    assert [Money(350, EUR), Money(150, EUR)] == [row.balance for row in shown.rows]
    expected = """\
2026-03-02  charge: overdue          3.50 EUR  3.50 EUR
2026-03-02  payment                 -2.00 EUR  1.50 EUR
balance 1.50 EUR"""
    assert expected == str(shown)
    assert Money(0, EUR) == statement(PatronId("ada"), [], currency=EUR).balance


def test_statement_is_of_one_patron() -> None:
    """Another patron's line on a statement would be a breach of privacy."""
    line = AccountLine(AccountLineId("line-1"), PatronId("ben"), OPENED, "desk", LineKind.CHARGE, Money(350, EUR))
    with pytest.raises(InvalidValue, match="'ben', not of 'ada'"):
        statement(PatronId("ada"), [line], currency=EUR)


@pytest.mark.parametrize(
    ("kind", "amount"),
    [
        (LineKind.CHARGE, -1),
        (LineKind.PAYOUT, -1),
        (LineKind.PAYMENT, 1),
        (LineKind.WAIVER, 1),
        (LineKind.REFUND, 1),
        (LineKind.VOID, 0),
        (LineKind.TRANSFER, 0),
    ],
)
def test_line_on_the_wrong_side_is_refused(kind: LineKind, amount: int) -> None:
    """A payment can never raise what a patron owes."""
    with pytest.raises(InvalidValue, match=f"a {kind.value} of"):
        AccountLine(AccountLineId("line-1"), PatronId("ada"), OPENED, "desk", kind, Money(amount, EUR))


def test_allocation_is_above_zero_and_within_its_line() -> None:
    """A cent is never used twice."""
    with pytest.raises(InvalidValue, match="above zero"):
        Allocation(AccountLineId("line-1"), AccountLineId("line-2"), 0)
    part = Allocation(AccountLineId("line-1"), AccountLineId("line-2"), 101)
    with pytest.raises(InvalidValue, match="allocates 101"):
        AccountLine(
            AccountLineId("line-2"),
            PatronId("ada"),
            OPENED,
            "desk",
            LineKind.PAYMENT,
            Money(-100, EUR),
            allocations=(part,),
        )


def test_random_lives_write_lines_of_every_kind() -> None:
    """A property over empty accounts would prove nothing."""
    seen: set[LineKind] = set()

    @settings(max_examples=100, deadline=None, database=None, derandomize=True)
    @given(st.lists(account_acts(), min_size=6, max_size=12))
    def look(acts: list) -> None:
        seen.update(line.kind for line in life(acts).facts().lines)

    look()
    assert set(LineKind) == seen
