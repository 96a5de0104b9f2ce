"""What holds for every return of a lost item, under all options of refund."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from libops.base.ids import ItemId, LoanId
from libops.base.money import Money
from libops.base.periods import Period, Unit
from libops.fees import (
    AccountPolicy,
    LineKind,
    Loss,
    LostCharges,
    LostPolicy,
    LostRefund,
    NegativeBalance,
    NewFine,
    OverdueOnLostReturn,
    OverdueWhenLost,
    ProcessingFeeOnReturn,
    RefundClock,
    RefundTo,
    charge_histories,
    charge_loss,
    count_fine,
    return_lost,
    waive,
)
from libops.testing.strategies.base import periods
from libops.testing.strategies.fees import OPENED, AccountBook, account_policies, amounts

LOSS = Loss(LoanId("L-1"), ItemId("item-of-L-1"), OPENED)

lost_policies = st.builds(
    LostPolicy,
    overdue_when_lost=st.sampled_from(OverdueWhenLost),
    refund=st.sampled_from(LostRefund),
    refund_within=st.one_of(st.none(), periods(units=(Unit.DAYS,), longest=6)),
    refund_clock=st.sampled_from(RefundClock),
    processing_on_return=st.sampled_from(ProcessingFeeOnReturn),
    overdue_on_return=st.sampled_from(OverdueOnLostReturn),
)
settlements = st.lists(st.tuples(st.sampled_from(["", "parent", "waived"]), st.integers(1, 900)), max_size=5)


def life(policy: LostPolicy, costs: LostCharges, fine: int, settled: list[tuple[str, int]]) -> AccountBook:
    """A loan fined, lost, and partly settled by payments and waivers, a day apart."""
    book = AccountBook()
    book.write(count_fine(book.fine_facts("L-1"), book.act(), fine=Money(fine, "EUR")))
    book.write(charge_loss(book.facts(), book.act(), loss=LOSS, charges=costs, policy=policy))
    for how, most in settled:
        book.now += timedelta(days=1)
        owed = book.facts().standing.balance
        if owed and how == "waived":
            amount = Money(min(most, owed), "EUR")
            book.write(waive(book.facts(), book.act(), ids=book.ids, amount=amount))
        elif owed:
            book.pay(f"{min(most, owed) / 100:.2f}", payer=how)
    return book


@given(lost_policies, account_policies(), amounts(), amounts(), st.integers(0, 900), settlements, st.integers(0, 900))
def test_return_of_a_lost_item_gives_back_no_more_than_was_paid(
    policy: LostPolicy, accounts: AccountPolicy, item: Money, processing: Money, fine: int, settled: list, new: int
) -> None:
    """Reference invariant 5: refund is at most what was paid, for each payer, and a second check-in changes nothing."""
    book = life(policy, LostCharges(item, processing), fine, settled)
    paid = -sum(line.amount.amount for line in book.facts().lines if line.kind is LineKind.PAYMENT)
    for _ in range(2):
        before = book.facts().standing
        counted = NewFine(Money(new, "EUR"), so_far=book.fine_facts("L-1").so_far)
        plan = return_lost(
            book.facts(), book.act(), loss=LOSS, policy=policy, ids=book.ids, accounts=accounts, new_fine=counted
        )
        book.write(plan)
    assert before == book.facts().standing
    refunded = 0
    for history in charge_histories(book.facts().lines).values():
        for payer, back in history.refunded.items():
            assert back <= sum(part.amount for part in history.paid if part.payer == payer)
            refunded += back
    assert refunded <= paid


@given(amounts(), amounts(), settlements, st.sampled_from(RefundTo))
def test_full_refund_leaves_the_patron_with_what_was_paid(
    item: Money, processing: Money, settled: list, refund_to: RefundTo
) -> None:
    """F1 `lost-return-refund`: nothing is open; what was paid is the patron's credit, or has been handed out."""
    book = life(LostPolicy(), LostCharges(item, processing), 0, settled)
    paid = -sum(line.amount.amount for line in book.facts().lines if line.kind is LineKind.PAYMENT)
    accounts = AccountPolicy(refund_to=refund_to)
    book.write(return_lost(book.facts(), book.act(), loss=LOSS, policy=LostPolicy(), ids=book.ids, accounts=accounts))
    assert () == book.facts().charges
    assert (-paid if refund_to is RefundTo.ACCOUNT else 0) == book.facts().standing.balance


@given(lost_policies, amounts(), amounts(), settlements, st.integers(0, 900))
def test_return_never_ends_in_a_credit_where_none_is_allowed(
    policy: LostPolicy, item: Money, processing: Money, settled: list, fine: int
) -> None:
    """F3 `no-negative-balance` holds under every option of refund."""
    book = life(policy, LostCharges(item, processing), fine, settled)
    accounts = AccountPolicy(negative_balance=NegativeBalance.NEVER)
    book.write(return_lost(book.facts(), book.act(), loss=LOSS, policy=policy, ids=book.ids, accounts=accounts))
    assert 0 <= book.facts().standing.balance


def test_period_of_zero_days_refunds_at_the_very_moment_only() -> None:
    """Zero is a value: not "no limit"."""
    policy = LostPolicy(refund_within=Period.parse("0 days"))
    book = life(policy, LostCharges(Money(900, "EUR")), 0, [])
    at_once = return_lost(book.facts(), book.act(), loss=LOSS, policy=policy, ids=book.ids)
    book.now += timedelta(seconds=1)
    later = return_lost(book.facts(), book.act(), loss=LOSS, policy=policy, ids=book.ids)
    assert (1, 0) == (len(at_once.lines), len(later.lines))
