"""Giving money back and undoing lines: to whom, how much, and when the library may end up owing."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from libops.base.decisions import Decision, Override, Permit, Refuse
from libops.base.errors import InvalidValue
from libops.base.ids import AccountLineId, LibraryCode
from libops.base.money import Money
from libops.base.periods import Period
from libops.fees import (
    AccountPlan,
    AccountPolicy,
    Cause,
    LineKind,
    NegativeBalance,
    Overpayment,
    RefundTo,
    RuleLibrary,
    charge_histories,
    count_fine,
    credit,
    may_end_in_credit,
    pay_out,
    refund,
    rule_library,
    transfer_outside,
    void,
    waive,
)
from libops.testing.strategies.fees import OPENED, AccountBook

KEEP = AccountPolicy(overpayment=Overpayment.KEPT_AS_CREDIT)


def eur(text: str) -> Money:
    return Money.parse(f"{text} EUR")


def codes(answer: Decision[AccountPlan]) -> list[str]:
    assert isinstance(answer, Refuse)
    return [reason.code for reason in answer.reasons]


def still_open(book: AccountBook) -> dict[str, str]:
    return {str(each.id): str(each.open) for each in book.facts().charges}


# --- Refunds


def refunded(book: AccountBook, line: AccountLineId, policy: AccountPolicy, amount: str = "") -> Decision[AccountPlan]:
    some = eur(amount) if amount else None
    return refund(book.facts(), book.act(), charge=line, ids=book.ids, amount=some, policy=policy)


def test_refund_stays_on_the_account_and_settles_other_charges() -> None:
    """Refund to `account` (Koha): the credit pays what is open, the rest remains."""
    book = AccountBook()
    lost = book.charge("9.00")
    book.pay("9.00")
    book.charge("2.00")
    book.write(refunded(book, lost, AccountPolicy()))
    assert {} == still_open(book)
    assert -700 == book.facts().standing.balance


def test_refund_goes_to_each_payer() -> None:
    """Refund to `payer` (FOLIO): the parent gets the parent's part, the patron the patron's."""
    book = AccountBook()
    lost = book.charge("9.00")
    book.pay("6.00", payer="parent")
    book.pay("3.00")
    lines = book.write(refunded(book, lost, AccountPolicy(refund_to=RefundTo.PAYER)))
    payouts = [(line.payer, str(line.amount)) for line in lines if line.kind is LineKind.PAYOUT]
    assert [("parent", "6.00 EUR"), ("", "3.00 EUR")] == payouts
    assert 0 == book.facts().standing.balance


def test_debt_taken_over_outside_is_refunded_there() -> None:
    """What the bursar settled goes back to the bursar, also where refunds stay on the account."""
    book = AccountBook()
    lost = book.charge("9.00")
    book.write(transfer_outside(book.facts(), book.act(), ids=book.ids, to="bursar", charges=(lost,)))
    lines = book.write(refunded(book, lost, AccountPolicy(refund_to=RefundTo.ACCOUNT)))
    assert [("bursar", LineKind.REFUND), ("bursar", LineKind.PAYOUT)] == [(line.payer, line.kind) for line in lines]
    assert 0 == book.facts().standing.balance


def test_only_what_was_paid_is_refunded_and_only_once() -> None:
    """F4 `refund-only-what-was-paid`: a waived part is no money."""
    book = AccountBook()
    lost = book.charge("9.00")
    book.write(waive(book.facts(), book.act(), ids=book.ids, amount=eur("4.00")))
    book.pay("5.00")
    assert ["refund.exceeds_paid"] == codes(refunded(book, lost, AccountPolicy(), "5.01"))
    book.write(refunded(book, lost, AccountPolicy(), "3.00"))
    assert ["refund.exceeds_paid"] == codes(refunded(book, lost, AccountPolicy(), "2.01"))
    book.write(refunded(book, lost, AccountPolicy(), "2.00"))
    assert ["amount.not_positive"] == codes(refunded(book, lost, AccountPolicy()))


def test_refund_of_an_unknown_charge_is_refused() -> None:
    """A payment is no charge."""
    book = AccountBook()
    book.charge("1.00")
    payment = book.pay("1.00")
    assert ["line.unknown"] == codes(refunded(book, payment, AccountPolicy()))


def paid_charge(cause: Cause = Cause.LOST_ITEM, other: str = "2.00") -> tuple[AccountBook, AccountLineId]:
    book = AccountBook()
    line = book.charge("9.00", cause)
    book.pay("9.00")
    book.charge(other, Cause.CARD)
    return book, line


def test_negative_balance_allowed() -> None:
    """F3 `negative-balance-allowed`: 9 euros back against a debt of 2 leave a credit of 7."""
    book, line = paid_charge()
    book.write(refunded(book, line, AccountPolicy(negative_balance=NegativeBalance.ALLOWED)))
    assert -700 == book.facts().standing.balance


def test_no_negative_balance() -> None:
    """F3 `no-negative-balance`: only the debt of 2 euros can be settled; staff with the right may go further."""
    book, line = paid_charge()
    never = AccountPolicy(negative_balance=NegativeBalance.NEVER)
    assert ["balance.would_be_negative"] == codes(refunded(book, line, never))
    lifted = Override({"balance.would_be_negative"}, "head", "goodwill", {"fees.negative_balance"})
    answer = refund(book.facts(), book.act(override=lifted), charge=line, ids=book.ids, policy=never)
    assert isinstance(answer, Permit)
    event = answer.result.events[0]
    assert (("balance.would_be_negative",), "head", "goodwill") == (
        event.overridden,
        event.override_by,
        event.override_why,
    )
    book.write(answer)
    assert -700 == book.facts().standing.balance
    book, line = paid_charge()
    assert isinstance(refunded(book, line, never, "2.00"), Permit)


def test_no_negative_balance_by_charge_kind() -> None:
    """F3 `no-negative-balance-by-charge-kind`: not for a lost item, but for a deposit."""
    policy = AccountPolicy(negative_balance=NegativeBalance.NOT_FOR_SOME_CAUSES, never_negative_for=(Cause.LOST_ITEM,))
    assert ["balance.would_be_negative"] == codes(refunded(*paid_charge(Cause.LOST_ITEM), policy))
    assert isinstance(refunded(*paid_charge(Cause.DEPOSIT), policy), Permit)


def test_negative_balance_within_interval_of_payment() -> None:
    """F3 `negative-balance-within-interval`: the last instant of the interval still counts."""
    policy = AccountPolicy(negative_balance=NegativeBalance.WITHIN_INTERVAL, negative_within=Period.parse("30 days"))
    book, line = paid_charge()
    paid_at = next(each.at for each in book.facts().lines if each.kind is LineKind.PAYMENT)
    book.now = paid_at + timedelta(days=30)
    assert isinstance(refunded(book, line, policy), Permit)
    book.now += timedelta(seconds=1)
    assert ["balance.would_be_negative"] == codes(refunded(book, line, policy))
    terms = {"cause": Cause.LOST_ITEM, "at": OPENED, "zone": ZoneInfo("UTC")}
    assert not may_end_in_credit(policy, paid_at=None, **terms)  # type: ignore[arg-type]


@pytest.mark.parametrize(("option", "may"), [(NegativeBalance.ALLOWED, True), (NegativeBalance.NEVER, False)])
def test_interval_of_negative_balance_counts_for_its_own_option_only(option: NegativeBalance, may: bool) -> None:
    """F3: a number of days left over in the settings neither allows nor forbids what the option decides alone."""
    policy = AccountPolicy(negative_balance=option, negative_within=Period.parse("30 days"))
    for passed in (timedelta(0), timedelta(days=31)):
        terms = {"cause": Cause.LOST_ITEM, "paid_at": OPENED, "at": OPENED + passed, "zone": ZoneInfo("UTC")}
        assert may is may_end_in_credit(policy, **terms)  # type: ignore[arg-type]


def test_interval_of_negative_balance_must_be_given() -> None:
    """The option without its interval would be a guess."""
    with pytest.raises(InvalidValue, match="give the interval"):
        AccountPolicy(negative_balance=NegativeBalance.WITHIN_INTERVAL)


def test_credit_that_is_no_payment_needs_a_debt_where_no_negative_balance_is_allowed() -> None:
    """Goodwill of 3 euros on a debt of 2."""
    book = AccountBook()
    book.charge("2.00")
    never = AccountPolicy(negative_balance=NegativeBalance.NEVER)
    give = {"amount": eur("3.00"), "ids": book.ids}
    assert ["balance.would_be_negative"] == codes(credit(book.facts(), book.act(), policy=never, **give))
    book.write(credit(book.facts(), book.act(), **give))
    assert -100 == book.facts().standing.balance


def test_payout_hands_out_the_oldest_credit_first_and_never_more_than_there_is() -> None:
    """A patron leaves town with a credit of 5 euros."""
    book = AccountBook()
    book.charge("2.00")
    book.pay("4.00", policy=KEEP)
    book.write(credit(book.facts(), book.act(), amount=eur("3.00"), ids=book.ids))
    assert ["credit.insufficient"] == codes(pay_out(book.facts(), book.act(), amount=eur("5.01"), ids=book.ids))
    book.write(pay_out(book.facts(), book.act(), amount=eur("2.50"), ids=book.ids))
    assert [(LineKind.CREDIT, eur("2.50"))] == [(each.kind, each.open) for each in book.facts().credits]


# --- Voids


def test_voided_payment_is_owed_again() -> None:
    """The check bounced: the charge is open as before, with its own date."""
    book = AccountBook()
    line = book.charge("2.00")
    before = book.facts().charges
    payment = book.pay("2.00")
    book.write(void(book.facts(), book.act(), line=payment, ids=book.ids))
    assert before == book.facts().charges
    assert 200 == book.facts().standing.balance
    assert (0, False) == (len(charge_histories(book.facts().lines)[line].paid), bool(book.facts().credits))


def test_voided_charge_sets_its_payment_free_but_not_what_was_waived() -> None:
    """9 charged by mistake, 4 waived, 5 paid: the 5 are the patron's again."""
    book = AccountBook()
    line = book.charge("9.00")
    book.write(waive(book.facts(), book.act(), ids=book.ids, amount=eur("4.00")))
    book.pay("5.00")
    book.write(void(book.facts(), book.act(), line=line, ids=book.ids))
    assert -500 == book.facts().standing.balance
    assert [(LineKind.PAYMENT, eur("5.00"))] == [(each.kind, each.open) for each in book.facts().credits]


def test_line_is_voided_once_and_a_void_never() -> None:
    """Undoing the undoing would hide what happened."""
    book = AccountBook()
    line = book.charge("2.00")
    [undoing] = book.write(void(book.facts(), book.act(), line=line, ids=book.ids))
    assert ["line.already_voided"] == codes(void(book.facts(), book.act(), line=line, ids=book.ids))
    assert ["line.is_void"] == codes(void(book.facts(), book.act(), line=undoing.id, ids=book.ids))
    assert ["line.unknown"] == codes(void(book.facts(), book.act(), line=AccountLineId("line-99"), ids=book.ids))


def test_charge_and_payment_under_a_refund_cannot_be_voided() -> None:
    """The money would go back twice."""
    book = AccountBook()
    line = book.charge("2.00")
    payment = book.pay("2.00")
    book.write(refunded(book, line, AccountPolicy()))
    assert ["line.refunded"] == codes(void(book.facts(), book.act(), line=line, ids=book.ids))
    assert ["line.refunded"] == codes(void(book.facts(), book.act(), line=payment, ids=book.ids))


def test_charge_given_up_as_a_whole_has_nothing_to_void() -> None:
    """Void the waiver instead."""
    book = AccountBook()
    line = book.charge("2.00")
    [waiver] = book.write(waive(book.facts(), book.act(), ids=book.ids))
    assert ["charge.not_open"] == codes(void(book.facts(), book.act(), line=line, ids=book.ids))
    book.write(void(book.facts(), book.act(), line=waiver.id, ids=book.ids))
    assert {line: "2.00 EUR"} == still_open(book)


# --- Whose rule


def test_fine_rule_is_that_of_the_library_the_option_names() -> None:
    """B10 `fine-rule-branch-home`, `-holding`, `fines-by-checkout-library`; F8 `lost-return-rule-by-*`."""
    places = {
        "item_home": LibraryCode("home"),
        "item_holding": LibraryCode("holding"),
        "check_out": LibraryCode("lender"),
        "check_in": LibraryCode("counter"),
    }
    asked = {option: rule_library(option, **places) for option in RuleLibrary}
    assert ["home", "holding", "lender", "counter"] == list(asked.values())


@pytest.mark.parametrize("option", list(RuleLibrary))
def test_unknown_library_falls_back_to_the_home_of_the_item(option: RuleLibrary) -> None:
    """F8: Koha takes the item's home library when the check-in library is not known."""
    assert rule_library(option, item_home=LibraryCode("home")) == "home"


def test_refund_of_a_part_does_not_pay_the_rest_of_the_same_charge() -> None:
    """9 charged, 6 paid, 2 given back: 3 are still owed of the charge, and 2 are credit."""
    book = AccountBook()
    lost = book.charge("9.00")
    book.pay("6.00")
    book.write(refunded(book, lost, AccountPolicy(), "2.00"))
    facts = book.facts()
    assert ([300], [200]) == (
        [each.open.amount for each in facts.charges],
        [each.open.amount for each in facts.credits],
    )


def test_voided_refund_can_be_given_again() -> None:
    """The refund went to the wrong charge: undone, the payment is refundable as before."""
    book = AccountBook()
    lost = book.charge("9.00")
    book.pay("9.00")
    [back] = book.write(refunded(book, lost, AccountPolicy()))
    assert () == charge_histories(book.facts().lines)[lost].refundable
    book.write(void(book.facts(), book.act(), line=back.id, ids=book.ids))
    assert [900] == [part.amount for part in charge_histories(book.facts().lines)[lost].refundable]


def test_voided_fine_does_not_set_free_what_was_taken_off_it() -> None:
    """Charged 9, lowered to 5, then voided: the 4 taken off were no money."""
    book = AccountBook()
    for minor in (900, 500):
        book.write(count_fine(book.fine_facts("L-1"), book.act(), fine=Money(minor, "EUR")))
    book.write(void(book.facts(), book.act(), line=AccountLineId("L-1-fine-1"), ids=book.ids))
    assert (0, (), ()) == (book.facts().standing.balance, book.facts().charges, book.facts().credits)
