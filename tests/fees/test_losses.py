"""Lost items: what they cost, and what goes back when they return."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from libops.base.errors import InvalidValue
from libops.base.ids import ItemId, LoanId
from libops.base.money import Money
from libops.base.periods import Period
from libops.fees import (
    AccountPolicy,
    LineKind,
    LoanAfterLoss,
    Loss,
    LossCause,
    LostCharges,
    LostCost,
    LostPolicy,
    LostRefund,
    NegativeBalance,
    NewFine,
    OverdueOnLostReturn,
    OverdueWhenLost,
    ProcessingFeeOnReturn,
    RefundClock,
    RefundTo,
    bill_actual_cost,
    charge_histories,
    charge_loss,
    count_fine,
    loan_ends,
    lost_charges,
    return_lost,
    transfer_outside,
    waive,
    write_off,
)
from libops.testing.strategies.fees import OPENED, AccountBook

LOSS = Loss(LoanId("L-1"), ItemId("item-of-L-1"), OPENED)
COSTS = LostCharges(Money(2000, "EUR"), Money(500, "EUR"))


def eur(text: str) -> Money:
    return Money.parse(f"{text} EUR")


def lost(policy: LostPolicy | None = None, charges: LostCharges = COSTS, fine: int = 0) -> AccountBook:
    """An account with loan L-1 lost, perhaps after a fine of so many cents."""
    book = AccountBook()
    if fine:
        book.write(count_fine(book.fine_facts("L-1"), book.act(), fine=Money(fine, "EUR")))
    book.write(charge_loss(book.facts(), book.act(), loss=LOSS, charges=charges, policy=policy or LostPolicy()))
    return book


def returned(book: AccountBook, policy: LostPolicy, **terms: object) -> list[tuple[str, int, str]]:
    """The lines a return writes: kind, cents, payer."""
    plan = return_lost(book.facts(), book.act(), loss=LOSS, policy=policy, ids=book.ids, **terms)  # type: ignore[arg-type]
    return [(line.kind.value, line.amount.amount, line.payer) for line in book.write(plan)]


# --- What it costs


@pytest.mark.parametrize(
    ("policy", "price", "default", "cost"),
    [
        (LostPolicy(cost=LostCost.NOTHING), "18.90", "10.00", None),
        (LostPolicy(cost=LostCost.SET_AMOUNT, set_amount=eur("25.00")), "18.90", "10.00", "25.00"),
        (LostPolicy(cost=LostCost.PRICE), "18.90", "10.00", "18.90"),
        (LostPolicy(cost=LostCost.PRICE), "0.00", "10.00", "10.00"),
        (LostPolicy(cost=LostCost.PRICE), None, "10.00", "10.00"),
        (LostPolicy(cost=LostCost.PRICE), "0.00", None, None),
        (LostPolicy(cost=LostCost.ACTUAL_COST), "18.90", "10.00", None),
    ],
)
def test_cost_of_a_lost_item(policy: LostPolicy, price: str | None, default: str | None, cost: str | None) -> None:
    """Set amount, replacement price, the type's default where there is no price, or the real cost later."""
    found = lost_charges(
        policy,
        cause=LossCause.DECLARED,
        price=None if price is None else eur(price),
        default_price=None if default is None else eur(default),
    )
    assert (None if cost is None else eur(cost)) == found.item
    assert (policy.cost is LostCost.ACTUAL_COST) == found.cost_to_follow


def test_processing_fee_depends_on_how_the_item_was_lost() -> None:
    """A patron who says so pays no fee, one whom the library had to chase does."""
    policy = LostPolicy(processing_fees={LossCause.AGED: eur("5.00")})
    assert eur("5.00") == lost_charges(policy, cause=LossCause.AGED).processing
    assert lost_charges(policy, cause=LossCause.DECLARED).processing is None


def test_set_amount_must_be_given() -> None:
    """The option without its amount would be a guess."""
    with pytest.raises(InvalidValue, match="give the amount"):
        LostPolicy(cost=LostCost.SET_AMOUNT)
    with pytest.raises(InvalidValue, match=r"-1\.00 EUR"):
        LostPolicy(processing_fees={LossCause.AGED: eur("-1.00")})


def test_loss_is_charged_once() -> None:
    """Aging to lost may run twice."""
    book = lost()
    again = charge_loss(book.facts(), book.act(), loss=LOSS, charges=COSTS, policy=LostPolicy())
    assert () == again.events
    assert {"L-1-lost-1": 2000, "L-1-processing-1": 500} == {each.id: each.open.amount for each in book.facts().charges}


def test_item_lost_again_is_charged_again() -> None:
    """Found, lent on by the same loan, lost again: the loss has number 2."""
    book = lost()
    returned(book, LostPolicy())
    second = Loss(LOSS.loan_id, LOSS.item_id, book.now, number=2)
    book.write(charge_loss(book.facts(), book.act(), loss=second, charges=COSTS, policy=LostPolicy()))
    assert 2500 == book.facts().standing.balance


def test_actual_cost_is_billed_once_when_known() -> None:
    """The book dealer's price comes a week later; a cost of 0 writes nothing."""
    book = lost(charges=LostCharges(cost_to_follow=True))
    assert () == bill_actual_cost(book.facts(), book.act(), loss=LOSS, cost=eur("0.00")).events
    book.write(bill_actual_cost(book.facts(), book.act(), loss=LOSS, cost=eur("31.20")))
    assert () == bill_actual_cost(book.facts(), book.act(), loss=LOSS, cost=eur("31.20")).events
    assert 3120 == book.facts().standing.balance


@pytest.mark.parametrize(("option", "owed"), [(OverdueWhenLost.KEPT, 2800), (OverdueWhenLost.DROPPED, 2500)])
def test_overdue_fine_at_the_loss(option: OverdueWhenLost, owed: int) -> None:
    """`overdue-kept-when-lost`, `overdue-dropped-when-lost`: a fine of 3 euros beside the 25 for the loss."""
    assert owed == lost(LostPolicy(overdue_when_lost=option), fine=300).facts().standing.balance


def test_fines_of_other_loans_are_kept_when_an_item_is_lost() -> None:
    """`overdue-dropped-when-lost` drops the fine of the lost item: two euros for another loan are owed as before."""
    book = AccountBook()
    book.write(count_fine(book.fine_facts("L-2"), book.act(), fine=eur("2.00")))
    policy = LostPolicy(overdue_when_lost=OverdueWhenLost.DROPPED)
    book.write(charge_loss(book.facts(), book.act(), loss=LOSS, charges=COSTS, policy=policy))
    assert 2700 == book.facts().standing.balance


# --- F5: does the loan end


@pytest.mark.parametrize(
    ("option", "charges", "still_open", "ends"),
    [
        (LoanAfterLoss.CLOSED, COSTS, True, True),
        (LoanAfterLoss.OPEN_UNTIL_SETTLED, COSTS, True, False),
        (LoanAfterLoss.OPEN_UNTIL_SETTLED, COSTS, False, True),
        (LoanAfterLoss.OPEN_UNTIL_SETTLED, LostCharges(cost_to_follow=True), False, False),
        (LoanAfterLoss.OPEN_UNTIL_SETTLED, LostCharges(), False, True),
    ],
)
def test_end_of_a_lost_loan(option: LoanAfterLoss, charges: LostCharges, still_open: bool, ends: bool) -> None:
    """F5 `lost-closes-loan`, `lost-keeps-loan-open`: until the charges are settled, known ones and those to follow."""
    assert ends == loan_ends(LostPolicy(loan=option), charges, still_open=still_open)


def test_loan_without_charges_may_stay_open() -> None:
    """The option `close_if_nothing_charged` off: the library wants to see the item again."""
    assert not loan_ends(LostPolicy(close_if_nothing_charged=False), LostCharges(), still_open=False)


# --- F1, F4: what a return gives back


@pytest.mark.parametrize(
    ("option", "balance"),
    [(LostRefund.NONE, 1200), (LostRefund.UNPAID_PART, 0), (LostRefund.FULL, -800)],
)
def test_lost_item_comes_back(option: LostRefund, balance: int) -> None:
    """F1 `lost-return-none`, `lost-return-refund-unpaid-part`, `lost-return-refund`: 8 of 20 euros were paid."""
    book = lost(charges=LostCharges(eur("20.00")))
    book.pay("8.00")
    returned(book, LostPolicy(refund=option))
    assert balance == book.facts().standing.balance


def test_return_gives_back_once() -> None:
    """A second check-in of the same item finds nothing left."""
    book = lost()
    book.pay("25.00")
    assert [("refund", -2000, ""), ("refund", -500, "")] == returned(book, LostPolicy())
    assert [] == returned(book, LostPolicy())


def test_each_payer_gets_back_what_it_paid() -> None:
    """F1 (FOLIO): the parent, the bursar and the patron each paid a part of 20 euros."""
    book = lost(charges=LostCharges(eur("20.00")))
    book.pay("5.00", payer="parent")
    outside = transfer_outside(book.facts(), book.act(), ids=book.ids, to="bursar", amount=eur("7.00"))
    book.now += timedelta(minutes=1)
    book.write(outside)
    book.pay("8.00")
    lines = returned(book, LostPolicy(), accounts=AccountPolicy(refund_to=RefundTo.PAYER))
    payouts = {payer: amount for kind, amount, payer in lines if kind == "payout"}
    assert {"parent": 500, "bursar": 700, "": 800} == payouts
    assert 0 == book.facts().standing.balance


@pytest.mark.parametrize("give_up", [waive, write_off])
def test_what_was_given_up_is_not_given_back(give_up) -> None:
    """F4 `refund-only-what-was-paid`: 12 of 20 euros were written off (or waived), 8 paid."""
    book = lost(charges=LostCharges(eur("20.00")))
    book.write(give_up(book.facts(), book.act(), ids=book.ids, amount=eur("12.00")))
    book.pay("8.00")
    assert [("refund", -800, "")] == returned(book, LostPolicy())


@pytest.mark.parametrize(
    ("option", "back"), [(ProcessingFeeOnReturn.KEPT, 2000), (ProcessingFeeOnReturn.REFUNDED, 2500)]
)
def test_processing_fee_when_the_item_comes_back(option: ProcessingFeeOnReturn, back: int) -> None:
    """F2 `processing-fee-kept` (Koha), `processing-fee-refunded` (FOLIO)."""
    book = lost()
    book.pay("25.00")
    returned(book, LostPolicy(processing_on_return=option))
    assert -back == book.facts().standing.balance


def test_refund_within_period_of_the_loss() -> None:
    """F1, F7 `refund-within-period`: the last instant refunds, a second later nothing is taken off nor given back."""
    policy = LostPolicy(refund_within=Period.parse("30 days"), refund_clock=RefundClock.LOSS)
    book = lost()
    book.pay("10.00")
    book.now = OPENED + timedelta(days=30, seconds=1)
    assert [] == returned(book, policy)
    book.now = OPENED + timedelta(days=30)
    assert [("credit", -1000, ""), ("credit", -500, ""), ("refund", -1000, "")] == returned(book, policy)
    assert -1000 == book.facts().standing.balance


def test_refund_within_period_of_the_payment() -> None:
    """F1, F3: a payment too long ago stays, a younger one goes back; what is open is taken off at any time."""
    policy = LostPolicy(refund_within=Period.parse("30 days"), refund_clock=RefundClock.PAYMENT)
    book = lost(charges=LostCharges(eur("20.00")))
    book.pay("6.00")
    book.now += timedelta(days=40)
    book.pay("4.00")
    paid_at = book.now
    book.now = paid_at + timedelta(days=30)
    assert [("credit", -1000, ""), ("refund", -400, "")] == returned(book, policy)
    assert -400 == book.facts().standing.balance
    late = lost(charges=LostCharges(eur("20.00")))
    late.pay("4.00")
    late.now += timedelta(days=30, seconds=1)
    assert [("credit", -1600, "")] == returned(late, policy)


def test_period_of_refund_counts_the_days_of_the_library() -> None:
    """F7: thirty days over the change to summer time end at the same time of day."""
    policy = LostPolicy(refund_within=Period.parse("30 days"))
    zone = ZoneInfo("Europe/Berlin")
    book = lost()
    book.now = OPENED + timedelta(days=30, hours=-1)
    assert 2 == len(returned(book, policy, zone=zone))
    book = lost()
    book.now = OPENED + timedelta(days=30)
    assert [] == returned(book, policy, zone=zone)


def test_return_may_not_end_in_a_credit() -> None:
    """F3 `no-negative-balance`: the refund settles what else is open, and no more."""
    book = lost(charges=LostCharges(eur("20.00")))
    book.pay("20.00")
    book.charge("3.00")
    returned(book, LostPolicy(), accounts=AccountPolicy(negative_balance=NegativeBalance.NEVER))
    assert 0 == book.facts().standing.balance


def test_return_leaves_other_loans_and_charges_alone() -> None:
    """Only the charges for this loss are taken back."""
    book = lost()
    card = book.charge("3.00")
    other = Loss(LoanId("L-2"), ItemId("I-2"), OPENED)
    book.write(charge_loss(book.facts(), book.act(), loss=other, charges=COSTS, policy=LostPolicy()))
    returned(book, LostPolicy())
    assert {card, "L-2-lost-1", "L-2-processing-1"} == {each.id for each in book.facts().charges}


# --- F1: the overdue fine of a lost item that comes back


@pytest.mark.parametrize(
    ("option", "owed"),
    [
        (OverdueOnLostReturn.NOTHING, 0),
        (OverdueOnLostReturn.RESTORED, 300),
        (OverdueOnLostReturn.RECOMPUTED, 450),
    ],
)
def test_overdue_fine_of_a_lost_item_that_comes_back(option: OverdueOnLostReturn, owed: int) -> None:
    """F1 `lost-return-restores-overdue`, `-charges-new-overdue`: 3 euros dropped at the loss, 4.50 by the return."""
    policy = LostPolicy(overdue_when_lost=OverdueWhenLost.DROPPED, overdue_on_return=option)
    book = lost(policy, fine=300)
    new = NewFine(Money(450, "EUR"), so_far=book.fine_facts("L-1").so_far)
    returned(book, policy, new_fine=new)
    assert owed == book.facts().standing.balance
    returned(book, policy, new_fine=NewFine(Money(450, "EUR"), so_far=book.fine_facts("L-1").so_far))
    assert owed == book.facts().standing.balance


def test_restored_fine_keeps_its_charge() -> None:
    """The patron sees the old fine again, not a second one."""
    policy = LostPolicy(overdue_when_lost=OverdueWhenLost.DROPPED, overdue_on_return=OverdueOnLostReturn.RESTORED)
    book = lost(policy, fine=300)
    returned(book, policy)
    assert ["L-1-fine-1"] == [each.id for each in book.facts().charges]
    history = charge_histories(book.facts().lines)[book.facts().charges[0].id]
    assert (300, 300, 0) == (history.charged, history.open, history.lowered)
    assert LineKind.VOID in {line.kind for line in book.facts().lines}


def test_refund_settles_the_fine_that_is_owed_again() -> None:
    """20 euros paid for the loss, a fine of 3 restored: 17 remain as credit and nothing is open."""
    policy = LostPolicy(overdue_when_lost=OverdueWhenLost.DROPPED, overdue_on_return=OverdueOnLostReturn.RESTORED)
    book = lost(policy, charges=LostCharges(eur("20.00")), fine=300)
    book.pay("20.00")
    returned(book, policy)
    assert () == book.facts().charges
    assert -1700 == book.facts().standing.balance
