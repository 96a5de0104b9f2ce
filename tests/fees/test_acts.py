"""Acts at the fees desk: what is allowed, what is refused, and where the money goes."""

from __future__ import annotations

from libops.base.decisions import Decision, Outcome, Refuse
from libops.base.ids import LibraryCode
from libops.base.money import Money
from libops.fees import (
    AccountPlan,
    AccountPolicy,
    AllocationOrder,
    Cause,
    Overpayment,
    charge,
    charge_histories,
    pay,
    transfer_outside,
    transfer_to_patron,
    use_credit,
    void,
    waive,
    write_off,
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


# --- Charges and payments


def test_payment_settles_the_oldest_charge_first() -> None:
    """Allocation `oldest-first`: 3 euros go on the first charge, the rest on the second."""
    book = AccountBook()
    first, second = book.charge("2.00"), book.charge("4.00", Cause.LOST_ITEM)
    book.pay("3.00")
    assert {second: "3.00 EUR"} == still_open(book)
    assert first not in still_open(book)
    assert 300 == book.facts().standing.balance


def test_payment_settles_the_causes_the_library_puts_first() -> None:
    """Allocation `by-cause`: the replacement is paid before the older fine; other causes follow by age."""
    book = AccountBook()
    fine, lost, card = book.charge("2.00"), book.charge("4.00", Cause.LOST_ITEM), book.charge("1.00", Cause.CARD)
    policy = AccountPolicy(allocation=AllocationOrder.BY_CAUSE, causes_first=(Cause.LOST_ITEM,))
    book.pay("5.00", policy=policy)
    assert {fine: "1.00 EUR", card: "1.00 EUR"} == still_open(book)
    assert lost not in still_open(book)


def test_payment_for_named_charges_leaves_the_others_alone() -> None:
    """A patron may pay for one thing and dispute another; the order named is the order settled."""
    book = AccountBook()
    fine, lost, card = book.charge("2.00"), book.charge("4.00"), book.charge("1.00")
    book.pay("4.50", charges=(lost, card))
    assert {fine: "2.00 EUR", card: "0.50 EUR"} == still_open(book)


def test_more_than_the_debt_is_not_taken() -> None:
    """Overpayment `refused`: the desk is told what is open."""
    book = AccountBook()
    book.charge("2.00")
    answer = pay(book.facts(), book.act(), amount=eur("2.01"), ids=book.ids)
    assert ["payment.exceeds_debt"] == codes(answer)
    assert isinstance(answer, Refuse)
    assert {"amount": eur("2.01"), "open": eur("2.00")} == answer.reasons[0].data


def test_more_than_the_debt_is_kept_for_later() -> None:
    """Overpayment `kept-as-credit`: the rest is the patron's credit, spent on later charges if the policy says so."""
    book = AccountBook()
    book.charge("2.00")
    book.pay("5.00", policy=KEEP)
    assert -300 == book.facts().standing.balance
    book.charge("1.00")
    assert 1 == len(book.facts().charges), "not spent unless the policy says so"
    spend = AccountPolicy(spend_credit=True)
    book.write(charge(book.facts(), book.act(), amount=eur("2.50"), cause=Cause.CARD, ids=book.ids, policy=spend))
    assert [eur("0.50")] == [each.open for each in book.facts().credits]
    assert ["1.00 EUR"] == list(still_open(book).values())


def test_amount_must_be_above_zero_and_in_the_currency_of_the_account() -> None:
    """All reasons are given at once, in the order of the checks."""
    book = AccountBook()
    answer = charge(book.facts(), book.act(), amount=Money(0, "CHF"), cause=Cause.CARD, ids=book.ids)
    assert ["amount.not_positive", "account.currency_mismatch"] == codes(answer)
    assert ["account.currency_mismatch"] == codes(pay(book.facts(), book.act(), amount=Money(1, "CHF"), ids=book.ids))


def test_settled_charge_cannot_be_paid_waived_or_moved_again() -> None:
    """Each charge named that has nothing open is shown."""
    book = AccountBook()
    line = book.charge("2.00")
    book.pay("2.00")
    facts, act = book.facts(), book.act()
    named = {"ids": book.ids, "charges": (line,)}
    assert ["charge.not_open", "payment.exceeds_debt"] == codes(pay(facts, act, amount=eur("1.00"), **named))
    assert ["charge.not_open"] == codes(waive(facts, act, **named))
    assert ["charge.not_open"] == codes(write_off(facts, act, **named))
    assert ["charge.not_open"] == codes(transfer_outside(facts, act, to="bursar", **named))
    to = book.facts("ben")
    assert ["charge.not_open"] == codes(transfer_to_patron(facts, act, charge=line, to=to, ids=book.ids))


def test_explained_answer_lists_every_check() -> None:
    """A permit shows the checks that passed, not only those that fail."""
    book = AccountBook()
    line = book.charge("2.00")
    answer = pay(book.facts(), book.act(explain=True), amount=eur("1.00"), ids=book.ids, charges=(line,))
    assert answer.trace is not None
    assert {Outcome.PASSED} == {check.outcome for check in answer.trace.checks}
    names = ["amount above zero", "currency of the account", f"charge {line} open", "payment within debt"]
    assert names == [check.name for check in answer.trace.checks]


def test_line_keeps_who_where_and_why() -> None:
    """The ledger is its own audit."""
    book = AccountBook()
    act = book.act(library=LibraryCode("main"), note="cover torn")
    [line] = book.write(charge(book.facts(), act, amount=eur("7.00"), cause=Cause.DAMAGE, ids=book.ids))
    assert ("desk", "main", "cover torn", OPENED) == (line.by, line.library, line.note, line.at)


def test_credit_is_used_for_what_is_open() -> None:
    """A voided charge leaves a credit of 2 euros beside a charge of 4: the balance stays, 2 euros remain open."""
    book = AccountBook()
    assert ["credit.insufficient"] == codes(use_credit(book.facts(), book.act(), ids=book.ids))
    first, second = book.charge("2.00"), book.charge("4.00")
    assert ["credit.insufficient"] == codes(use_credit(book.facts(), book.act(), ids=book.ids))
    book.pay("2.00", charges=(first,))
    book.write(void(book.facts(), book.act(), line=first, ids=book.ids))
    before = book.facts().standing
    book.write(use_credit(book.facts(), book.act(), ids=book.ids))
    assert before == book.facts().standing
    assert ({second: "2.00 EUR"}, ()) == (still_open(book), book.facts().credits)


# --- Giving up and moving debt


def test_waived_and_written_off_parts_are_told_apart() -> None:
    """A favor and a bad debt both settle a charge, and statistics keep them apart."""
    book = AccountBook()
    line = book.charge("9.00")
    book.write(waive(book.facts(), book.act(), ids=book.ids, charges=(line,), amount=eur("2.00")))
    book.write(write_off(book.facts(), book.act(), ids=book.ids, charges=(line,)))
    history = charge_histories(book.facts().lines)[line]
    assert (900, 0, 200, 700) == (history.charged, history.open, history.waived, history.written_off)


def test_more_than_is_open_cannot_be_waived() -> None:
    """A waiver never turns into a gift."""
    book = AccountBook()
    book.charge("2.00")
    assert ["charge.open_less"] == codes(waive(book.facts(), book.act(), ids=book.ids, amount=eur("2.01")))


def test_waiver_without_anything_open_is_refused() -> None:
    """Nothing to forgive."""
    book = AccountBook()
    assert ["amount.not_positive"] == codes(waive(book.facts(), book.act(), ids=book.ids))


def test_debt_moves_to_another_patron_for_the_same_cause() -> None:
    """A guarantor takes over: settled here, owed there, and the two accounts point at each other."""
    book = AccountBook()
    line = book.charge("9.00", Cause.LOST_ITEM)
    to = book.facts("ben")
    here, there = book.write(
        transfer_to_patron(book.facts(), book.act(), ids=book.ids, charge=line, to=to, amount=eur("5.00"))
    )
    assert (400, 500) == (book.facts().standing.balance, book.facts("ben").standing.balance)
    assert (Cause.LOST_ITEM, "ada") == (there.cause, there.other_patron)
    assert 500 == charge_histories(book.facts().lines)[line].moved
    assert ["line.shared"] == codes(void(book.facts(), book.act(), line=here.id, ids=book.ids))


def test_debt_does_not_move_to_the_same_patron_nor_to_another_currency() -> None:
    """Both are shown."""
    book, swiss = AccountBook(), AccountBook("ada", currency="CHF")
    line = book.charge("9.00")
    answer = transfer_to_patron(book.facts(), book.act(), ids=book.ids, charge=line, to=swiss.facts())
    assert ["transfer.to_same_patron", "account.currency_mismatch"] == codes(answer)
