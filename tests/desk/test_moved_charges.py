"""A charge goes over to another patron's account: what each of them owes, what is given back, what is forgotten."""

from __future__ import annotations

import json

import pytest

import libops
from libops.circulation.model import ClosedLoan
from libops.cli.main import main
from libops.fees import Cause, LineKind
from libops.fees.model import AccountLine
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.sample_library import sample_library
from libops.testing.watched_town import ADA, BEN, BOOK, Town

WHY = "pays for the child"


@pytest.fixture(params=["memory:", "sqlite:///{}/town.db"])
def town(request, tmp_path):
    made = Town("until-return", request.param.format(tmp_path))
    with made.ops:
        yield made


def owing(town: Town, amount: str = "9.00 EUR", cause: Cause = Cause.DAMAGE) -> str:
    """Ada is charged; the identifier of the charge."""
    town.do(town.ops.fees.charge, patron=ADA, amount=amount, cause=cause)
    (charge,) = town.ops.fees.open_charges(ADA)
    return charge.id


def owed(town: Town) -> tuple[str, str]:
    return str(town.ops.fees.balance(ADA)), str(town.ops.fees.balance(BEN))


def codes(answer) -> list[str]:
    return [reason.code for reason in answer.reasons]


def test_a_part_goes_over_as_previewed(town) -> None:
    """Both accounts add up before and after; a preview writes nothing, and names no balance but the patron's own."""
    asked = {"patron": ADA, "charge": owing(town), "to": BEN, "why": WHY, "amount": "5.00 EUR"}
    foreseen = town.ops.fees.preview_transfer_to_patron(**asked).result
    assert ("9.00 EUR", "0.00 EUR") == owed(town)
    receipt = town.do(town.ops.fees.transfer_to_patron, **asked, preview=foreseen.preview).result
    assert ("4.00 EUR", "5.00 EUR") == owed(town)
    assert ("damage", "5.00 EUR", "4.00 EUR") == (*map(str, receipt.credited[0]), str(receipt.balance))
    assert "Okafor" not in str(receipt)
    assert (foreseen.balance, foreseen.credited) == (receipt.balance, receipt.credited)
    assert [Cause.DAMAGE] == [charge.cause for charge in town.ops.fees.open_charges(BEN)]
    assert stored(town.ops.storage) == rebuilt(log_of(town.ops.storage))


def test_a_preview_that_is_no_longer_true_moves_nothing(town) -> None:
    """The parent's account counts as much as the child's: somebody charged it in between."""
    asked = {"patron": ADA, "charge": owing(town), "to": BEN, "why": WHY}
    foreseen = town.ops.fees.preview_transfer_to_patron(**asked).result
    town.do(town.ops.fees.charge, patron=BEN, amount="1.00 EUR")
    assert ["preview.stale"] == codes(town.ops.fees.transfer_to_patron(**asked, preview=foreseen.preview))
    assert ("9.00 EUR", "1.00 EUR") == owed(town)


def test_what_cannot_move_says_why(town) -> None:
    """Every reason: the account it is on, more than is open, a charge that is paid, cards that nobody has."""
    charge, move = owing(town), town.ops.fees.transfer_to_patron
    same = move(patron=ADA, charge=charge, to=ADA, why=WHY, amount="9.01 EUR")
    assert ["charge.open_less", "transfer.to_same_patron"] == codes(same)
    assert ["barcode.no_patron"] * 2 == codes(move(patron="nobody", charge=charge, to="no one", why=WHY))
    assert ["charge.not_open"] == codes(move(patron=BEN, charge=charge, to=ADA, why=WHY))
    assert ["amount.not_positive"] == codes(move(patron=ADA, charge=charge, to=BEN, why=WHY, amount="0.00 EUR"))


def test_who_paid_gets_it_back(town) -> None:
    """What Ben paid for Ada is refunded to Ben; of Ada's charge nothing was paid. Neither line can be voided alone."""
    charge, fees = owing(town), town.ops.fees
    town.do(fees.transfer_to_patron, patron=ADA, charge=charge, to=BEN, why=WHY)
    (theirs,) = fees.open_charges(BEN)
    town.do(fees.pay, patron=BEN, amount="9.00 EUR")
    assert ["refund.exceeds_paid"] == codes(fees.refund(patron=ADA, charge=charge, amount="1.00 EUR", why="found"))
    back = town.do(fees.refund, patron=BEN, charge=theirs.id, why="it was not broken")
    assert "0.00 EUR" == str(back.result.balance)
    moved = [row.line.id for row in fees.statement(ADA).rows if row.line.kind is LineKind.TRANSFER]
    assert ["line.shared"] == codes(fees.void(patron=ADA, line=moved[0], why="a slip"))
    assert ["line.shared", "line.refunded"] == codes(fees.void(patron=BEN, line=theirs.id, why="a slip"))


def test_a_charge_goes_back_where_it_came_from(town) -> None:
    """In place of a void; then the first owes it, and it may be waived or paid there."""
    fees = town.ops.fees
    town.do(fees.transfer_to_patron, patron=ADA, charge=owing(town), to=BEN, why=WHY)
    (theirs,) = fees.open_charges(BEN)
    town.do(fees.transfer_to_patron, patron=BEN, charge=theirs.id, to=ADA, why="a slip")
    assert ("9.00 EUR", "0.00 EUR") == owed(town)
    (again,) = fees.open_charges(ADA)
    town.do(fees.waive, patron=ADA, why="old", charges=[again.id])
    assert ("0.00 EUR", "0.00 EUR") == owed(town)


def overdue_and_moved(town: Town) -> None:
    """Ada brings a book back too late; Ben takes the fine over."""
    town.do(town.ops.circulation.check_out, patron=ADA, item=BOOK)
    town.clock.forward(days=40)
    town.do(town.ops.circulation.check_in, item=BOOK)
    (fine,) = town.ops.fees.open_charges(ADA)
    town.do(town.ops.fees.transfer_to_patron, patron=ADA, charge=fine.id, to=BEN, why=WHY)


def test_the_other_account_does_not_tell_which_book_it_was(town) -> None:
    """What a child reads is the child's matter: the parent owes an overdue fine."""
    overdue_and_moved(town)
    (theirs,) = town.ops.fees.open_charges(BEN)
    assert (Cause.OVERDUE, None, None) == (theirs.cause, theirs.loan_id, theirs.item_id)


def test_a_loan_is_kept_until_whoever_took_its_fine_over_has_paid(town) -> None:
    """So long it must be clear what the money is for; then the loan is forgotten, and so is who paid for whom."""
    overdue_and_moved(town)
    town.night()
    (loan,) = every(town.ops.storage, kind_of(ClosedLoan))
    assert loan.patron_id is not None
    town.settle(BEN)
    town.night()
    (loan,) = every(town.ops.storage, kind_of(ClosedLoan))
    assert loan.patron_id is None
    ada, ben = (town.ops.patrons.get(card).id for card in (ADA, BEN))
    moved = [line for line in every(town.ops.storage, kind_of(AccountLine)) if line.kind is LineKind.TRANSFER]
    assert {(ada, "", ""), (ben, "", "")} == {(line.patron_id, line.other_patron, line.note) for line in moved}
    assert not [text for text in town.texts() if ada in text and ben in text]
    assert set() == town.joined(ADA, BOOK)
    assert ("0.00 EUR", "0.00 EUR") == owed(town)
    assert ["line.shared"] == codes(town.ops.fees.void(patron=BEN, line=moved_of(moved, ben), why="a slip"))
    assert stored(town.ops.storage) == rebuilt(log_of(town.ops.storage))


def moved_of(lines: list[AccountLine], patron: str) -> str:
    return next(line.id for line in lines if line.patron_id == patron)


def lines_of(town: Town, card: str) -> list[tuple[str, int]]:
    """What stands on an account; within a day that is told anew the order is not kept."""
    return sorted((row.line.kind.value, row.line.amount.amount) for row in town.ops.fees.statement(card).rows)


@pytest.mark.parametrize(("gone", "stays"), [(ADA, BEN), (BEN, ADA)])
def test_who_is_erased_is_named_on_no_other_account(town, gone, stays) -> None:
    """Neither the child that a parent paid for, nor the parent; the amounts stay, for the books."""
    ids = [town.ops.patrons.get(card).id for card in (gone, stays)]
    town.do(town.ops.fees.transfer_to_patron, patron=ADA, charge=owing(town), to=BEN, why=WHY)
    town.settle(BEN)
    before = lines_of(town, stays)
    town.do(town.ops.privacy.erase, patron=gone)
    assert not [text for text in town.texts() if all(one in text for one in ids) or WHY in text]
    assert before == lines_of(town, stays)
    assert stored(town.ops.storage) == rebuilt(log_of(town.ops.storage))


@pytest.mark.parametrize("paid", [True, False])
def test_the_return_of_a_lost_item_tells_what_another_account_took_over(town, paid) -> None:
    """The parent's account does not name the loan: the desk is told to settle it there. Nobody's move, no word."""
    desk, fees = town.ops.circulation, town.ops.fees
    for card, told in ((ADA, []), (BEN, ["5.00 EUR"])):
        town.do(desk.check_out, patron=ADA, item=BOOK)
        town.do(town.ops.losses.declare_lost, item=BOOK)
        charge = next(one for one in fees.open_charges(ADA) if one.cause is Cause.LOST_PROCESSING)
        if card == BEN:
            town.do(fees.transfer_to_patron, patron=ADA, charge=charge.id, to=BEN, why=WHY)
        if card == BEN and paid:
            town.do(fees.pay, patron=BEN, amount="5.00 EUR")
        back = desk.check_in(item=BOOK)
        assert told == [str(each.data["amount"]) for each in back.alerts if each.code == "loss.taken_over"]
    assert ("0.00 EUR", "0.00 EUR" if paid else "5.00 EUR") == owed(town)


def test_the_command_lists_what_is_open_and_moves_it(tmp_path, capsys) -> None:
    """`libops fees open`, `libops fees transfer`, first with `--preview`."""
    store = tmp_path / "town.db"
    with libops.open(f"sqlite:///{store}") as ops:
        sample_library(ops)
        assert ops.fees.charge(patron=ADA, amount="2.50 EUR", cause=Cause.CARD)
    at = ("--db", str(store))
    assert 0 == main(["fees", "open", ADA, *at])
    listed = capsys.readouterr().out
    assert "2.50 EUR  card" in listed
    move = ["fees", "transfer", ADA, listed.split()[0], "--to", BEN, "--why", WHY, "--json", *at]
    assert 0 == main([*move, "--preview"])
    assert {"amount": 0, "currency": "EUR"} == json.loads(capsys.readouterr().out)["balance"]
    assert (0, 1) == (main(move), main(move))
    assert "charge.not_open" in capsys.readouterr().out
