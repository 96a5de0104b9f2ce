"""Loans that began as a hold, were recalled, claimed or lost are forgotten as any other; the store is searched."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

import libops
from libops.base.decisions import Override
from libops.circulation.model import ClaimResolution, ClosedHold, ClosedLoan
from libops.desk.settings.loading import default_settings
from libops.storage.kinds import all_kinds, kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock, RecordingChannel
from libops.testing.sample_library import sample_library
from libops.wire.events import event_to_text
from libops.wire.json import as_json

ADA, BEN, CLARA = "21234000000017", "21234000000025", "21234000000033"
BOOK, OTHER = "31234000000014", "31234000000022"


def at_work(*, history=None, hold_fee=None):
    """The sample library with notices about holds, which forgets by the next run."""
    plain = default_settings().canonical()
    plain["privacy"] = {"history": history or {"keep": "until-return"}}
    if hold_fee is not None:
        plain["hold_policies"]["standard"]["expiry_fee"] = hold_fee
    told = [{"template": "hold_ready", "trigger": "hold-ready"}, {"template": "recall", "trigger": "recall"}]
    plain["notice_policies"] = {"standard": {"notices": told}}
    plain["recall_policies"] = {"standard": {"terms": {"guaranteed": "2 weeks", "return_within": "7 days"}}}
    plain["fallback"] |= {"notices": "standard", "recall": "standard"}
    ops = libops.open(
        settings=plain,
        clock=FrozenClock(),
        ids=CountingIds(),
        plugins=[RecordingChannel()],
        channels={"email": "recording"},
    )
    sample_library(ops)
    ops.patrons.change(ADA, email="ada@example.org")
    ops.patrons.change(BEN, email="ben@example.org")
    return ops


def everything(ops) -> list[str]:
    """Every record of every kind and every event of the log, as text."""
    found = [as_json(record, kind.cls) for kind in all_kinds() for record in every(ops.storage, kind)]
    return found + [event_to_text(event) for event in log_of(ops.storage)]


def forgotten(ops) -> None:
    """Two nights pass."""
    for _ in range(2):
        ops.clock.forward(days=1)
        ops.run_due()


def paths(ops, card: str, *traces: str) -> list[str]:
    """Texts in which the patron stands beside one of the traces."""
    patron = ops.patrons.get(card)
    names = [name for name in (patron.id, patron.card, patron.email, patron.name) if name]
    return [
        text for text in everything(ops) if any(n in text for n in names) and any(trace in text for trace in traces)
    ]


def bib_of(ops) -> str:
    return ops.items.get(BOOK).bib_id


def read(ops, card: str, item: str = BOOK) -> str:
    """Lend it, bring it back ten days later; the loan."""
    assert ops.circulation.check_out(patron=card, item=item)
    loan = ops.circulation.loan_of(item)
    ops.clock.forward(days=10)
    assert ops.circulation.check_in(item=item)
    return loan.id


def test_a_loan_that_began_as_a_hold_of_the_patrons_own() -> None:
    """Placed by the patron, told of, set aside, filled, read, returned: afterwards nothing joins Ada and the book."""
    ops = at_work()
    assert ops.circulation.check_out(patron=BEN, item=BOOK)
    hold = ops.holds.place(patron=ADA, item=BOOK, by=ADA, note="for the seminar").result.hold
    assert ops.holds.suspend(hold.id, by=ADA)
    assert ops.holds.resume(hold.id, by=ADA)
    assert ops.circulation.check_in(item=BOOK)
    loan = read(ops, ADA)
    (closed,) = (each for each in every(ops.storage, kind_of(ClosedHold)) if each.id == hold.id)
    assert [] != paths(ops, ADA, hold.id, loan)
    forgotten(ops)
    item = ops.items.get(BOOK)
    assert [] == paths(ops, ADA, hold.id, loan, item.id, BOOK)
    (closed,) = every(ops.storage, kind_of(ClosedHold))
    assert (None, bib_of(ops)) == (closed.patron_id, closed.bib_id)
    assert hold.id != closed.id
    assert [] == [text for text in everything(ops) if "for the seminar" in text]
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_a_message_that_still_waits_goes_too() -> None:
    """The mail server was down all the time: what was to be told of the hold is not sent after it is forgotten."""
    ops = at_work()
    assert ops.circulation.check_out(patron=BEN, item=BOOK)
    hold = ops.holds.place(patron=ADA, item=BOOK).result.hold
    assert ops.circulation.check_in(item=BOOK)
    assert 1 == len([entry for entry in ops.notices.waiting() if hold.id in str(entry)])
    read(ops, ADA)
    ops.clock.forward(days=1)
    ops.run_due(only=["privacy"])
    assert [] == [entry for entry in ops.notices.waiting() if hold.id in str(entry)]


def test_a_recalled_loan_leads_to_neither_of_the_two() -> None:
    """Ben had the book, Ada asked for it: when both have read it, neither is found beside it or beside the other."""
    ops = at_work()
    assert ops.circulation.check_out(patron=BEN, item=BOOK)
    first = ops.circulation.loan_of(BOOK)
    recalled = ops.holds.place(patron=ADA, item=BOOK, recall=True)
    hold = recalled.result.hold
    assert recalled.result.recalled_due is not None
    assert ops.circulation.check_in(item=BOOK)
    second = read(ops, ADA)
    forgotten(ops)
    item = ops.items.get(BOOK)
    for card, other in ((ADA, BEN), (BEN, ADA)):
        assert [] == paths(ops, card, first.id, second, hold.id, item.id, BOOK, ops.patrons.get(other).id)
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


@pytest.mark.parametrize("found_by", ["patron", "library"])
def test_a_claim_of_return_is_forgotten_with_its_loan(found_by) -> None:
    """Claimed returned, then found on the shelf or brought back after all."""
    ops = at_work()
    assert ops.circulation.check_out(patron=ADA, item=BOOK)
    loan = ops.circulation.loan_of(BOOK)
    ops.clock.forward(days=30)
    assert ops.losses.claim_returned(BOOK, by=ADA)
    ops.clock.forward(days=3)
    if found_by == "library":
        assert ops.losses.resolve_claim(BOOK, ClaimResolution.FOUND_BY_LIBRARY)
    else:
        assert ops.circulation.check_in(item=BOOK)
    owed = ops.fees.balance(ADA)
    if owed.amount:
        assert ops.fees.pay(patron=ADA, amount=owed)
    assert [] != paths(ops, ADA, loan.id)
    forgotten(ops)
    item = ops.items.get(BOOK)
    assert [] == paths(ops, ADA, loan.id, item.id, BOOK)
    assert [None] == [closed.patron_id for closed in every(ops.storage, kind_of(ClosedLoan))]
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_a_lost_item_that_came_back_is_forgotten_with_its_loan() -> None:
    """While the item is lost the loan is kept, for it may come back and be paid back; then it is forgotten."""
    ops = at_work()
    assert ops.items.change(BOOK, price=libops.Money.parse("18.00 EUR"))
    assert ops.circulation.check_out(patron=ADA, item=BOOK)
    loan = ops.circulation.loan_of(BOOK)
    ops.clock.forward(days=5)
    assert ops.losses.declare_lost(BOOK, by="ruth")
    assert ops.fees.pay(patron=ADA, amount=ops.fees.balance(ADA))
    forgotten(ops)
    assert [] != paths(ops, ADA, loan.id)
    assert ops.circulation.check_in(item=BOOK)
    owed = ops.fees.balance(ADA)
    if owed.amount > 0:
        assert ops.fees.pay(patron=ADA, amount=owed)
    forgotten(ops)
    assert [None] == [closed.patron_id for closed in every(ops.storage, kind_of(ClosedLoan))]
    assert [] == paths(ops, ADA, loan.id, ops.items.get(BOOK).id, BOOK)
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


@pytest.mark.parametrize(("keep", "left"), [({"keep": "always"}, True), ({"keep": "until-return"}, False)])
def test_a_hold_that_was_never_filled_is_forgotten_by_the_same_rule(keep, left) -> None:
    """What somebody wanted to read is nobody's business either: cancelled, or not collected and paid for."""
    ops = at_work(history=keep, hold_fee="1.00 EUR")
    assert ops.circulation.check_out(patron=BEN, item=BOOK)
    uncollected = ops.holds.place(patron=ADA, item=BOOK).result.hold
    cancelled = ops.holds.place(patron=ADA, item=OTHER).result.hold
    assert ops.holds.cancel(cancelled.id, reason="Ada bought it")
    assert ops.circulation.check_in(item=BOOK)
    ops.clock.forward(days=30)
    ops.run_due()
    assert "1.00 EUR" == str(ops.fees.balance(ADA))
    forgotten(ops)
    assert [] != paths(ops, ADA, uncollected.id), "its fee is open"
    assert ops.fees.pay(patron=ADA, amount=ops.fees.balance(ADA))
    forgotten(ops)
    item = ops.items.get(BOOK)
    found = paths(ops, ADA, uncollected.id, cancelled.id, item.id, ops.items.get(OTHER).id)
    assert left == bool(found)
    assert left == any("Ada bought it" in text for text in everything(ops))
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_an_erased_person_leaves_no_hold_behind() -> None:
    """Holds that were cancelled or never filled go with the person, with their notes and what staff set aside."""
    ops = at_work()
    assert ops.circulation.check_out(patron=BEN, item=BOOK)
    hold = ops.holds.place(patron=ADA, item=BOOK, by=ADA, note="Ada needs it for school").result.hold
    ada = ops.patrons.get(ADA)
    assert ops.holds.cancel(hold.id, reason="Ada moves away", by=ADA)
    assert ops.privacy.erase(ADA)
    for text in everything(ops):
        assert not re.search(r"\bAda\b|21234000000017|ada@example", text), text
        assert not (ada.id in text and any(trace in text for trace in (hold.id, BOOK, ops.items.get(BOOK).id))), text
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_what_staff_said_is_forgotten_with_the_hold() -> None:
    """The free text of an override may name people and illnesses."""
    ops = at_work()
    assert ops.circulation.check_out(patron=BEN, item=OTHER)
    said = Override(["hold.title_out_to_patron"], "ruth", "Ben is ill and sends his sister")
    hold = ops.holds.place(patron=BEN, item=OTHER, override=said).result.hold
    assert "his sister" in hold.waived.why
    assert ops.circulation.check_in(item=OTHER)
    ops.clock.forward(hours=1)
    read(ops, BEN, OTHER)
    forgotten(ops)
    assert [] == [text for text in everything(ops) if "his sister" in text]
    assert timedelta(0) < ops.clock() - hold.placed_at
