"""Somebody with the whole store in hand tries to find out who had what: by equal values, by the order of the log."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from libops.circulation.model import ClaimResolution, ClosedHold, ClosedLoan
from libops.fees import LineKind
from libops.patrons import HistoryConsent
from libops.patrons.events import HistoryForgotten
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.watched_town import (
    ADA,
    BEN,
    BERLIN,
    BOOK,
    GIVEN_UP,
    OTHER,
    STORIES,
    THIRD,
    Town,
    late_at_the_other_house,
    paid_together,
)
from libops.wire.events import event_to_text


def amounts(rows: Any) -> list[Any]:
    """What each line is and on which day; within the day the order is not kept."""
    lines = [row.line for row in rows]
    return sorted((line.at.astimezone(BERLIN).date(), str(line.kind), line.amount.amount) for line in lines)


@pytest.mark.parametrize("url", ["memory:", "sqlite:///{}/town.db"])
@pytest.mark.parametrize("keep", ["until-return", "never"])
@pytest.mark.parametrize("story", STORIES)
def test_neither_equal_values_nor_the_order_of_the_log_tell_who_had_what(story, keep, url, tmp_path) -> None:
    """No identifier, millisecond or time stands by both any more, and no act has both sides left in the log."""
    town = Town(keep, url.format(tmp_path))
    story(town)
    labels = (BOOK, OTHER) if story is paid_together else (BOOK, OTHER, THIRD)
    before = town.ops.fees.statement(ADA), town.ops.patrons.standing(ADA)
    if keep == "until-return":
        assert set() != town.joined(ADA, *labels)
        assert [] != town.neighbors(ADA, *labels)
    town.night()
    assert set() == town.joined(ADA, *labels)
    assert [] == town.neighbors(ADA, *labels)
    assert (before[0].balance, before[1]) == (town.ops.fees.statement(ADA).balance, town.ops.patrons.standing(ADA))
    assert stored(town.ops.storage) == rebuilt(log_of(town.ops.storage))


LENDING = ("check_out", "check_in", "branch", "renew", "hold", "recall", "cancel")
TROUBLE = ("lost", "given_up", "claim", "found", "missing", "pay", "part", "over", "charge")
ACTS = st.tuples(
    st.sampled_from(LENDING + TROUBLE),
    st.sampled_from([ADA, ADA, BEN]),
    st.sampled_from([BOOK, OTHER, THIRD]),
    st.sampled_from([0, 0, 1, 8, 40]),
)


def happens(town: Town, act: str, card: str, label: str) -> None:
    """An act, allowed or not, a minute after the last."""
    ops = town.ops
    town.clock.forward(minutes=1)
    if act == "check_out":
        ops.circulation.check_out(patron=card, item=label)
    elif act in ("check_in", "branch"):
        ops.circulation.check_in(item=label, library="MAIN" if act == "check_in" else "EAST")
    elif act == "renew":
        ops.circulation.renew(item=label)
    elif act in ("hold", "recall"):
        ops.holds.place(patron=card, item=label, recall=act == "recall")
    elif act == "cancel":
        for hold in ops.holds.of_patron(card):
            ops.holds.cancel(hold.id, reason="not needed")
    elif act == "lost":
        ops.losses.declare_lost(label)
    elif act == "given_up":
        ops.losses.end(label, override=GIVEN_UP)
    elif act == "claim":
        ops.losses.claim_returned(label)
    elif act == "found":
        ops.losses.resolve_claim(label, ClaimResolution.FOUND_BY_LIBRARY)
    elif act == "missing":
        ops.items.change(label, missing_since=town.clock())
    elif act == "pay":
        town.settle(card)
    elif act in ("part", "over"):
        owed = ops.fees.balance(card)
        amount = owed.amount // 2 if act == "part" else owed.amount + 100
        if amount > 0:
            ops.fees.pay(patron=card, amount=evolve(owed, amount=amount))
    else:
        ops.fees.charge(patron=card, amount="2.00 EUR")


def comes_to_rest(town: Town) -> None:
    """Everything is brought back, called off and paid."""
    for card in (ADA, BEN):
        happens(town, "cancel", card, BOOK)
    for label in (BOOK, OTHER, THIRD):
        happens(town, "branch", ADA, label)
        happens(town, "check_in", ADA, label)
    for card in (ADA, BEN):
        happens(town, "cancel", card, BOOK)
        town.settle(card)


@given(
    keep=st.sampled_from(["until-return", "never"]),
    other=st.sampled_from(HistoryConsent),
    story=st.lists(ACTS, min_size=3, max_size=14),
)
def test_whatever_happened_nothing_leads_back_once_it_is_forgotten(keep, other, story) -> None:
    """Two readers and three books, at two houses, for weeks: fees, holds, recalls, losses, claims, in any order.

    Of the other reader all may be known, if it so pleases.
    """
    town = Town(keep)
    assert town.ops.patrons.change(BEN, history=other)
    for act, card, label, days in story:
        happens(town, act, card, label)
        if days:
            town.clock.forward(days=days - 1)
            town.night()
    comes_to_rest(town)
    before = [(town.ops.fees.balance(card), town.ops.patrons.standing(card)) for card in (ADA, BEN)]
    for _ in range(2):
        town.night()
    store = town.ops.storage
    known = {record.patron_id for cls in (ClosedLoan, ClosedHold) for record in every(store, kind_of(cls))}
    kept = {town.ops.patrons.get(BEN).id} if other is HistoryConsent.KEEP else set()
    assert known <= {None, *kept}
    for card in (ADA, BEN)[: 1 if kept else 2]:
        assert set() == town.joined(card, BOOK, OTHER, THIRD)
        assert [] == town.neighbors(card, BOOK, OTHER, THIRD)
    assert before == [(town.ops.fees.balance(card), town.ops.patrons.standing(card)) for card in (ADA, BEN)]
    assert stored(store) == rebuilt(log_of(store))


def test_an_account_goes_on_after_its_lines_were_told_anew() -> None:
    """What was settled together stays settled, what is open stays open and can be paid, and the next night is alike."""
    town = Town("until-return")
    paid_together(town)
    for night in range(2):
        lines = town.ops.fees.statement(ADA).rows
        town.night()
        told = town.ops.fees.statement(ADA).rows
        assert amounts(lines) == amounts(told)
        assert {False, True} == {row.line.loan_id is None for row in told if row.line.cause is not None} or night == 1
        town.settle(ADA)
    assert 0 == town.ops.fees.balance(ADA).amount
    assert [] == [row.line.loan_id for row in told if row.line.loan_id is not None]
    assert set() == town.joined(ADA, BOOK, OTHER, THIRD)
    assert stored(town.ops.storage) == rebuilt(log_of(town.ops.storage))


def test_the_amount_of_a_fine_does_not_tell_which_loan_was_so_late() -> None:
    """A loan that left a fine is told to the month, one that left nothing to the day."""
    town = Town("until-return")
    ops = town.ops
    town.do(ops.circulation.check_out, patron=BEN, item=OTHER)
    town.do(ops.circulation.check_out, patron=ADA, item=BOOK)
    town.clock.forward(days=2)
    town.do(ops.circulation.check_in, item=OTHER)
    town.clock.forward(days=38)
    back = town.clock()
    town.do(ops.circulation.check_in, item=BOOK)
    town.settle(ADA)
    town.night()
    loans = {loan.item_id: loan for loan in every(ops.storage, kind_of(ClosedLoan))}
    late, punctual = loans[ops.items.get(BOOK).id], loans[ops.items.get(OTHER).id]
    times = [at.astimezone(BERLIN) for at in (late.checked_out_at, late.due, late.returned_at, late.closed_at)]
    assert {1} == {at.day for at in times}
    assert back.month == times[-1].month
    assert timedelta(2) == punctual.returned_at - punctual.checked_out_at


def test_the_log_says_of_a_forgotten_loan_what_statistics_need_and_no_more() -> None:
    """One event at the end of the log for each; where the others stood there are gaps without a patron or an item."""
    town = Town("until-return")
    late_at_the_other_house(town)
    town.night()
    told = list(log_of(town.ops.storage))
    names = [type(event).__name__ for event in told]
    assert 1 == names.count("LoanForgotten")
    assert 0 == names.count("ItemCheckedOut") + names.count("ItemCheckedIn")
    (loan,) = every(town.ops.storage, kind_of(ClosedLoan))
    assert (None, "book", "adult") == (loan.patron_id, loan.item_type, loan.patron_category)
    gaps = [event_to_text(event) for event in told if type(event).__name__ == "EventForgotten"]
    assert len(gaps) > 3
    assert all({"at", "by"} == set(json.loads(text)) for text in gaps)
    assert all(first <= last for first, last in pairwise(entry.position for entry in town.ops.events))


@pytest.mark.parametrize("thing", ["loan", "hold"])
def test_counters_told_anew_in_between_do_not_count_it_for_ever(thing) -> None:
    """A loan or hold was open when another was forgotten; forgotten itself, the log gives the counters as they are."""
    town = Town("until-return")
    ops = town.ops
    town.do(ops.circulation.check_out, patron=ADA, item=BOOK)
    town.clock.forward(days=40)
    town.do(ops.circulation.check_in, item=BOOK)
    town.settle(ADA)
    town.clock.forward(days=2)
    if thing == "loan":
        town.do(ops.circulation.check_out, patron=ADA, item=OTHER)
    else:
        town.do(ops.circulation.check_out, patron=BEN, item=OTHER)
        hold = town.do(ops.holds.place, patron=ADA, item=OTHER).result.hold
        town.settle(ADA)
    town.night()
    if thing == "loan":
        town.do(ops.circulation.check_in, item=OTHER)
    else:
        town.do(ops.holds.cancel, hold=hold.id, reason="not needed")
    town.night()
    assert (0, 0) == ((counted := ops.patrons.standing(ADA)).open_loans, counted.holds)
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_counters_of_before_are_told_no_more() -> None:
    """They say what kinds of items were out on which day: where they are told anew, the log has the last alone."""
    town = Town("until-return")
    for label in (BOOK, OTHER):
        town.do(town.ops.circulation.check_out, patron=ADA, item=label)
        town.do(town.ops.losses.claim_returned, item=label)
        town.do(town.ops.losses.resolve_claim, item=label, resolution=ClaimResolution.FOUND_BY_LIBRARY)
        town.do(town.ops.circulation.check_out, patron=ADA, item=THIRD)
        town.night()
        town.do(town.ops.circulation.check_in, item=THIRD)
    town.night()
    (told,) = (event for event in log_of(town.ops.storage) if isinstance(event, HistoryForgotten))
    assert town.ops.patrons.standing(ADA) == told.standing
    assert stored(town.ops.storage) == rebuilt(log_of(town.ops.storage))


def test_a_charge_told_anew_stands_before_what_settled_it() -> None:
    """Lost and found within a day: charged twice, taken off twice; the statement says so in that order."""
    town = Town("until-return")
    town.do(town.ops.circulation.check_out, patron=ADA, item=BOOK)
    town.do(town.ops.losses.declare_lost, item=BOOK)
    town.do(town.ops.circulation.check_in, item=BOOK)
    before = [row.line.kind for row in town.ops.fees.statement(ADA).rows]
    town.night()
    rows = town.ops.fees.statement(ADA).rows
    assert [LineKind.CHARGE, LineKind.CHARGE, LineKind.CREDIT, LineKind.CREDIT] == before
    assert before == [row.line.kind for row in rows]
    assert [None] * 4 == [row.line.loan_id for row in rows]
