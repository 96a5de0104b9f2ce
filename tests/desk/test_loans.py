"""Loans through the desk: what is loaded, written and told when rules ask for more than counters."""

from __future__ import annotations

import pytest

import libops
from libops.base.decisions import Override, Permit
from libops.circulation.model import Loan
from libops.desk.settings.loading import default_settings
from libops.patrons.model import Action
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import sample_library

ADA, BEN = "21234000000017", "21234000000025"
BOOK, SAME_TITLE, OTHER_TITLE = "31234000000014", "31234000000030", "31234000000022"


def town(**policy):
    """A small town whose one loan policy has these terms; the third item is of the first's title."""
    plain = default_settings().canonical()
    for name in ("four-weeks", "two-weeks"):
        plain["loan_policies"][name].update(policy)
    ops = libops.open(settings=plain, clock=FrozenClock(), ids=CountingIds())
    sample_library(ops)
    return ops


def codes(answer) -> list[str]:
    """The codes of a refusal."""
    return [reason.code for reason in answer.reasons]


def test_a_second_item_of_the_title_is_seen_at_the_desk() -> None:
    """The patron's loans are loaded where a policy asks whether one is of the same title."""
    with town(one_per_title="refuse") as ops:
        assert ops.circulation.check_out(patron=ADA, item=BOOK)
        assert ["loan.same_title_out"] == codes(ops.circulation.check_out(patron=ADA, item=SAME_TITLE))
        assert ops.circulation.check_out(patron=ADA, item=OTHER_TITLE)
        assert ops.circulation.check_out(patron=BEN, item=SAME_TITLE), "what others have of the title does not matter"


def test_a_title_had_before_is_seen_at_the_desk() -> None:
    """The history is asked for one title of one patron."""
    with town(had_before="confirm") as ops:
        assert ops.circulation.check_out(patron=ADA, item=BOOK)
        assert ops.circulation.check_in(item=BOOK)
        assert ["loan.had_before"] == codes(ops.circulation.check_out(patron=ADA, item=SAME_TITLE))
        assert ops.circulation.check_out(patron=ADA, item=OTHER_TITLE)


def test_a_restricted_patron_is_stopped_at_the_desk() -> None:
    """A block placed by staff holds at the very next scan, and no longer than it says."""
    with town() as ops:
        until = ops.clock().replace(hour=18)
        assert ops.patrons.place_block(ADA, note="lost a key", actions=(Action.CHECK_OUT,), until=until)
        assert ["patron.restricted"] == codes(ops.circulation.check_out(patron=ADA, item=BOOK))
        ops.clock.forward(days=1)
        assert ops.circulation.check_out(patron=ADA, item=BOOK)


def test_a_fee_for_the_loan_stands_on_the_account() -> None:
    """Agreed to at the desk, it is charged in the same act, and shown on the receipt."""
    with town(rental={"amount": "2.00 EUR"}) as ops:
        assert ["loan.rental_fee"] == codes(ops.circulation.check_out(patron=ADA, item=BOOK))
        agreed = Override(["loan.rental_fee"], "ruth", "agreed")
        receipt = ops.circulation.check_out(patron=ADA, item=BOOK, override=agreed).result
        assert "2.00 EUR" == str(ops.fees.balance(ADA)) == str(receipt.charged[0][1])
        assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_an_overdue_loan_is_fined_at_its_renewal_and_once() -> None:
    """The fine stands at the renewal; returned in time after it, nothing is added (B9)."""
    with town() as ops:
        assert ops.circulation.check_out(patron=ADA, item=BOOK)
        ops.clock.forward(days=35)
        receipt = ops.circulation.renew(item=BOOK).result
        owed = str(ops.fees.balance(ADA))
        assert owed == str(receipt.charged[0][1]) != "0.00 EUR"
        assert ops.circulation.check_in(item=BOOK)
        assert owed == str(ops.fees.balance(ADA))
        assert stored(ops.storage) == rebuilt(log_of(ops.storage))


@pytest.mark.parametrize(("drop_box", "owed"), [(True, "0.00 EUR"), (False, "0.50 EUR")])
def test_the_drop_box_at_the_desk(drop_box: bool, owed: str) -> None:
    """Due on Tuesday, found on Thursday: by the box it came on Wednesday, within grace; at the desk it is two late."""
    with town() as ops:
        assert ops.circulation.check_out(patron=ADA, item=BOOK)
        ops.clock.forward(days=30)
        assert isinstance(ops.circulation.check_in(item=BOOK, drop_box=drop_box), Permit)
        assert owed == str(ops.fees.balance(ADA))
        assert [] == list(every(ops.storage, kind_of(Loan)))


def test_what_nobody_has_cannot_be_renewed() -> None:
    """The desk says that there is no loan."""
    with town() as ops:
        assert ["renewal.not_on_loan"] == codes(ops.circulation.renew(item=BOOK))


def test_a_card_that_another_desk_gave_to_somebody_else_lends_to_its_new_holder(tmp_path) -> None:
    """What card and label named before is a guess: the loan goes to the holder of now, of the item of now."""
    here, there = (libops.open(f"sqlite:///{tmp_path}/town.db", clock=FrozenClock()) for _ in range(2))
    with here, there:
        sample_library(here)
        assert here.circulation.check_out(patron=ADA, item=BOOK)
        assert here.circulation.check_in(item=BOOK)
        before, other = there.items.get(BOOK).id, there.items.get(OTHER_TITLE).id
        assert there.patrons.replace_card(ADA, "21234000000099")
        assert there.patrons.replace_card(BEN, ADA)
        assert there.items.change(BOOK, barcode="31234000000097")
        assert there.items.change(OTHER_TITLE, barcode=BOOK)
        loan = here.circulation.check_out(patron=ADA, item=BOOK)
        assert there.patrons.get(ADA).name == loan.result.patron
        lent = [(each.item_id, each.patron_id) for each in every(here.storage, kind_of(Loan))]
        assert [(other, there.patrons.get(ADA).id)] == lent
        assert before != other


def test_a_card_that_another_desk_took_back_is_unknown(tmp_path) -> None:
    """A card known from an earlier loan lends nothing once it belongs to nobody."""
    here, there = (libops.open(f"sqlite:///{tmp_path}/town.db", clock=FrozenClock()) for _ in range(2))
    with here, there:
        sample_library(here)
        assert here.circulation.check_out(patron=ADA, item=BOOK)
        assert here.circulation.check_in(item=BOOK)
        assert there.patrons.replace_card(ADA, None)
        assert ["barcode.no_patron"] == codes(here.circulation.check_out(patron=ADA, item=BOOK))
        assert ["barcode.no_patron", "barcode.no_item"] == codes(here.circulation.check_out(patron=BOOK, item=BEN))
