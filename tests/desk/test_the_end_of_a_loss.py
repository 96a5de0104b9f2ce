"""A lost item that never comes back: when the library stops waiting for it, and what becomes of it and of its loan."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import libops
from libops.base.decisions import Override
from libops.circulation.events import LossEnded
from libops.circulation.model import ClosedLoan, Closing
from libops.desk.settings.loading import default_settings
from libops.items.events import ItemChanged
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import sample_library
from libops.testing.watched_town import ADA, BERLIN, BOOK, Town

BEN = "21234000000025"
BY_LOSS = {"refund_within": "90 days"}
BY_PAYMENT = {**BY_LOSS, "refund_clock": "within-period-of-payment"}


def lent(more: dict[str, Any] | None = None, **lost: Any) -> libops.Operations:
    """The sample library; Ada has a book of 18.00 out, and there is one policy for losses."""
    plain = default_settings().canonical() | (more or {})
    plain["lost_policies"]["replacement"] = lost
    ops = libops.open(settings=plain, clock=FrozenClock(), ids=CountingIds())
    sample_library(ops)
    assert ops.items.change(BOOK, price=libops.Money.parse("18.00 EUR"))
    assert ops.circulation.check_out(patron=ADA, item=BOOK)
    return ops


def lost_and_paid(more: dict[str, Any] | None = None, **lost: Any) -> libops.Operations:
    """Ada says that she lost it, and has paid it three days later."""
    ops = lent(more, **lost)
    assert ops.losses.declare_lost(BOOK)
    ops.clock.forward(days=3)
    assert ops.fees.pay(patron=ADA, amount="18.00 EUR")
    return ops


def over_by(ops: Any, days: int) -> bool:
    """Whether the loss is over by the run so many days after it; the log alone gives every record then."""
    ops.clock.forward(days=days - 3)
    ops.run_due()
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))
    gone = ops.losses.lost_item(BOOK) is None
    assert gone is (ops.patrons.standing(ADA).lost == 0)
    return gone


@pytest.mark.parametrize(
    ("policy", "days", "over"),
    [
        ({}, 3_000, False),
        (BY_LOSS, 89, False),
        (BY_LOSS, 91, True),
        (BY_PAYMENT, 92, False),
        (BY_PAYMENT, 94, True),
        ({"refund": "lost-return-none"}, 3, True),
        ({"refund": "lost-return-refund-unpaid-part"}, 3, True),
        (BY_LOSS | {"ends": "loss-ends-with-return"}, 3_000, False),
        (BY_LOSS | {"ends": "loss-ends-when-nothing-goes-back"}, 91, True),
        ({"ends": "loss-ends-when-withdrawn"}, 3_000, False),
        (BY_LOSS | {"ends": "loss-ends-when-withdrawn"}, 91, True),
    ],
)
def test_when_a_loss_is_over(policy, days: int, over: bool) -> None:
    """`ends` (F9): once paid, when the period in which a return refunds is over, if it ever is."""
    assert over is over_by(lost_and_paid(**policy), days)


def test_withdrawing_the_item_may_end_its_loss() -> None:
    """`loss-ends-when-withdrawn`: the library has given it up; by any other answer its return would still refund."""
    for option, over in (("loss-ends-when-withdrawn", True), ("loss-ends-when-nothing-goes-back", False)):
        ops = lost_and_paid(ends=option)
        ops.run_due()
        assert ops.items.withdraw(BOOK, reason="lost")
        assert over is over_by(ops, 4)


def test_nothing_paid_is_nothing_to_wait_for() -> None:
    """Written off, or never charged: the run of that day ends the loss, however long a return would refund."""
    written_off, free = lent(), lent(cost="nothing")
    for ops in (written_off, free):
        assert ops.losses.declare_lost(BOOK)
    assert written_off.fees.write_off(patron=ADA, why="moved away", amount="18.00 EUR")
    assert (True, True) == (over_by(written_off, 3), over_by(free, 3))


def test_a_loss_that_was_never_charged_ends_with_its_loan() -> None:
    """Aged to lost and not charged yet, when the patron says never to have had it: nothing will be charged."""
    ops = lent(aged_after="6 weeks", billed_after="4 weeks")
    ops.clock.forward(days=28 + 43)
    assert 1 == ops.loan_sweeps.age_to_lost().done
    assert ["loss.not_settled"] == [reason.code for reason in ops.losses.end(BOOK).reasons]
    assert ops.losses.claim_never_had(BOOK)
    assert over_by(ops, 3)


def test_an_item_that_comes_back_after_all_is_found_and_gives_nothing_back() -> None:
    """The desk is told so; the balance stays, and the item is missing no more."""
    ops = lost_and_paid(**BY_LOSS)
    assert over_by(ops, 91)
    answer = ops.circulation.check_in(item=BOOK)
    assert ["item.not_on_loan", "item.loss_over"] == [alert.code for alert in answer.alerts]
    assert ((), "0.00 EUR") == (answer.result.credited, str(ops.fees.balance(ADA)))
    assert None is ops.items.get(BOOK).missing_since
    assert ["item.not_on_loan"] == [alert.code for alert in ops.circulation.check_in(item=BOOK).alerts]
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_an_item_missing_for_another_reason_is_not_said_to_have_been_lost() -> None:
    """Lost, found again, and missing from the shelf a year later: that loss is long forgotten."""
    ops = lost_and_paid(**BY_LOSS)
    assert over_by(ops, 91)
    assert ops.circulation.check_in(item=BOOK)
    ops.clock.forward(days=365)
    assert ops.items.change(BOOK, missing_since=ops.clock())
    told = [alert.code for alert in ops.circulation.check_in(item=BOOK).alerts]
    assert ["item.not_on_loan", "return.was_missing"] == told


def test_staff_may_stop_waiting_earlier() -> None:
    """Refused with all reasons: what is open, and what a return would give back; each is set aside by a right."""
    ops = lent()
    assert ops.losses.declare_lost(BOOK)
    assert ["loss.not_settled", "loss.not_over"] == [reason.code for reason in ops.losses.end(BOOK).reasons]
    assert ops.fees.pay(patron=ADA, amount="18.00 EUR")
    assert ["loss.not_over"] == [reason.code for reason in ops.losses.end(BOOK).reasons]
    right = Override({"loss.not_over"}, "Mira", "the house burned down", {"loss.end_early"})
    assert ops.losses.end(BOOK, override=right)
    assert ["loss.not_lost"] == [reason.code for reason in ops.losses.end(BOOK).reasons]
    assert [Closing.LOST_AND_SETTLED] == [loan.closing for loan in every(ops.storage, kind_of(ClosedLoan))]
    assert ["the house burned down"] == [e.waived.why for e in log_of(ops.storage) if isinstance(e, LossEnded)]
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_where_the_place_of_the_return_decides_every_policy_has_to_be_past_it() -> None:
    """F8, `returns.lost_rule`: the book may come back to a branch whose policy still refunds."""
    for rule, over in (("check-out", True), ("check-in", False)):
        more = {"returns": {"lost_rule": rule}, "lost_policies": {"generous": {}}}
        assert over is over_by(lost_and_paid(more, refund="lost-return-none"), 3)


def test_an_item_that_was_lent_again_is_waited_for() -> None:
    """It turned up and nobody took it back: its next return ends the loss, with the refund of the day it was lent."""
    ops = lost_and_paid(**BY_LOSS)
    ops.run_due()
    (missing,) = ops.circulation.check_out(patron=BEN, item=BOOK).reasons
    lend = Override({missing.code}, "Mira", "it stood on the shelf", {missing.right})
    assert ops.circulation.check_out(patron=BEN, item=BOOK, override=lend)
    assert not over_by(ops, 200)
    assert ops.circulation.check_in(item=BOOK)
    assert None is ops.losses.lost_item(BOOK)


ACTS = st.lists(
    st.tuples(st.sampled_from(["pay", "part", "waive", "withdraw", "run"]), st.sampled_from([0, 1, 20, 89, 90])),
    max_size=6,
)
POLICIES = st.sampled_from([{}, BY_LOSS, BY_PAYMENT, {"refund": "lost-return-refund-unpaid-part"}])


@given(policy=POLICIES, acts=ACTS)
def test_no_refund_that_was_still_possible_is_lost(policy, acts) -> None:
    """Two libraries, one of which waits for ever: whenever the book comes back, both have one balance (F7)."""
    default, waiting = lent(**policy), lent(**policy, ends="loss-ends-with-return")
    for ops in (default, waiting):
        assert ops.losses.declare_lost(BOOK)
        for act, days in acts:
            owed = ops.fees.balance(ADA)
            if act in ("pay", "part") and owed.amount > 0:
                amount = type(owed)(max(1, owed.amount // (2 if act == "part" else 1)), "EUR")
                assert ops.fees.pay(patron=ADA, amount=amount)
            elif act == "waive" and owed.amount > 0:
                assert ops.fees.waive(patron=ADA, why="goodwill", amount=owed)
            elif act == "withdraw":
                ops.items.withdraw(BOOK, reason="lost")
            ops.clock.forward(days=days)
            ops.run_due()
        assert ops.circulation.check_in(item=BOOK)
        assert None is ops.losses.lost_item(BOOK)
        assert stored(ops.storage) == rebuilt(log_of(ops.storage))
    assert str(waiting.fees.balance(ADA)) == str(default.fees.balance(ADA))
    assert 0 == default.patrons.standing(ADA).lost


@pytest.mark.parametrize("closes", ["lost-closes-loan", "lost-keeps-loan-open"])
def test_the_loan_is_forgotten_then_and_the_item_tells_the_month_alone(closes) -> None:
    """Paid in April, past refund in July, forgotten by that run: when the item went missing is told as the loan is."""
    more = {"lost_policies": {"replacement": {"cost": "price", **BY_LOSS, "loan": closes}}}
    town = Town("until-return", more=more)
    ops = town.ops
    town.do(ops.circulation.check_out, patron=ADA, item=BOOK)
    town.clock.forward(days=17)
    town.do(ops.losses.declare_lost, item=BOOK)
    town.settle(ADA)
    town.night()
    ada = ops.patrons.get(ADA).id
    assert [ada] == [loan.patron_id for loan in every(ops.storage, kind_of(ClosedLoan))]
    town.do(ops.items.change, item=BOOK, public_note="asked for at the school")
    town.clock.forward(days=91)
    town.night()
    (loan,) = every(ops.storage, kind_of(ClosedLoan))
    assert (None, Closing.LOST_AND_SETTLED) == (loan.patron_id, loan.closing)
    assert set() == town.joined(ADA, BOOK)
    assert [] == town.neighbors(ADA, BOOK)
    item = ops.items.get(BOOK)
    assert loan.closed_at == item.missing_since
    assert 1 == item.missing_since.astimezone(BERLIN).day
    told = [event for event in log_of(ops.storage) if isinstance(event, ItemChanged)]
    assert [loan.closed_at] * 2 == [event.item.missing_since for event in told]
    assert loan.closed_at == told[0].at
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))
    assert ["item.not_on_loan", "item.loss_over"] == [a.code for a in ops.circulation.check_in(item=BOOK).alerts]
    assert timedelta(0) < town.clock() - loan.closed_at


def test_two_losses_of_one_item_are_forgotten_in_one_run() -> None:
    """Ada lost it and it was found; Ben lost it in the same month, and it is missing: each time is told as its loan."""
    more = {"lost_policies": {"replacement": {"cost": "price", **BY_LOSS, "loan": "lost-closes-loan"}}}
    town = Town("until-return", more=more)
    for card in (ADA, BEN):
        town.do(town.ops.circulation.check_out, patron=card, item=BOOK)
        town.do(town.ops.losses.declare_lost, item=BOOK)
        town.settle(card)
        if card == ADA:
            town.do(town.ops.circulation.check_in, item=BOOK)
    town.clock.forward(days=100)
    town.night()
    loans = list(every(town.ops.storage, kind_of(ClosedLoan)))
    assert [None, None] == [loan.patron_id for loan in loans]
    assert {town.ops.items.get(BOOK).missing_since} == {loan.closed_at for loan in loans}
    for card in (ADA, BEN):
        assert set() == town.joined(card, BOOK)
    changed = [event for event in log_of(town.ops.storage) if isinstance(event, ItemChanged)]
    times = {each.missing_since for event in changed for each in (event.item, event.previous)}
    assert {None, loans[0].closed_at} == times
    assert stored(town.ops.storage) == rebuilt(log_of(town.ops.storage))
