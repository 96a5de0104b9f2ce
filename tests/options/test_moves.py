"""The pictures of loans, holds and transits hold for what really happens: every move in a log is an arrow of theirs."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from xml.etree import ElementTree

import pytest
from attrs import evolve

from libops.base.pictures import arrows, grouped, inside, svg
from libops.circulation.events import (
    DueDateChanged,
    HoldCancelled,
    HoldExpired,
    HoldFilled,
    HoldMoved,
    HoldPickupChanged,
    HoldPlaced,
    HoldReady,
    HoldReleased,
    HoldResumed,
    HoldShipped,
    HoldSuspended,
    ItemArrived,
    ItemCheckedIn,
    ItemCheckedOut,
    ItemLost,
    ItemSentInTransit,
    LoanEnded,
    LoanRecalled,
    LoanRenewed,
    ReturnClaimed,
    ShelfEndMoved,
    TransitCancelled,
)
from libops.circulation.model import ClaimResolution, ClosedHold, ClosedLoan, Hold, Loan, Transit
from libops.circulation.model.moves import (
    HOLD_MOVES,
    ITEM_MOVES,
    ITEM_OVERVIEW,
    LOAN_MOVES,
    RECALL_MOVES,
    TRANSIT_MOVES,
    LoanState,
    TransitState,
    hold_stands,
    loan_state,
)
from libops.circulation.model.states import ItemAct, ItemState
from libops.fees.policy import LossCause
from libops.storage.fold import changes_of
from libops.storage.kinds import key_of

ADA = "21234000000017"
BOOK = "31234000000014"


class Log:
    """A log read event by event, with the state of each loan, hold and transit before and after."""

    def __init__(self, ops) -> None:
        self.state: dict = {}
        self.moves: dict[str, set] = {"loan": set(), "hold": set(), "transit": set()}
        for logged in ops.events:
            event = logged.event
            before = self.seen(event)
            for change in changes_of(event, self):
                record = getattr(change, "record", None)
                if record is None:
                    self.state.pop((change.cls, change.key), None)
                else:
                    self.state[type(record), key_of(record)] = record
            after = self.seen(event)
            for what, act in acts(event):
                self.moves[what].add((before[what], act, after[what]))

    def get(self, cls, key):
        return self.state.get((cls, key))

    def seen(self, event) -> dict:
        loan = self.get(Loan, getattr(event, "item_id", "") or getattr(getattr(event, "loan", None), "item_id", ""))
        closed = self.get(ClosedLoan, getattr(event, "loan_id", ""))
        hold, ended = (self.get(cls, getattr(event, "hold_id", "")) for cls in (Hold, ClosedHold))
        transit = self.get(Transit, getattr(event, "item_id", ""))
        over = TransitState.ARRIVED if isinstance(event, ItemArrived) else TransitState.CANCELLED
        return {
            "loan": loan_state(loan) if loan is not None else None if closed is None else closed.closing,
            "hold": hold_stands(hold) if hold is not None else None if ended is None else ended.ending,
            "transit": TransitState.UNDER_WAY if transit is not None else over if self.was_away(event) else None,
        }

    def was_away(self, event) -> bool:
        return isinstance(event, ItemArrived | TransitCancelled)


ACTS = {
    ItemCheckedOut: "check out",
    LoanRenewed: "renew",
    DueDateChanged: "change the due date",
    LoanRecalled: "recall",
    ItemCheckedIn: "check in",
    HoldPlaced: "place",
    HoldSuspended: "suspend",
    HoldResumed: "resume",
    HoldMoved: "move in the queue",
    HoldPickupChanged: "change the pickup library",
    HoldShipped: "send the item",
    HoldReady: "set the item aside",
    ShelfEndMoved: "keep it longer",
    HoldReleased: "take the item away",
    HoldFilled: "lend",
    HoldCancelled: "cancel",
    HoldExpired: "expire",
}
TRANSIT_ACTS = {ItemSentInTransit: "send", HoldShipped: "send for a hold", ItemArrived: "arrive"}


def acts(event):
    """What the event is called in the tables, and in which."""
    if isinstance(event, ItemLost):
        yield "loan", "age to lost" if event.lost.cause is LossCause.AGED else "declare lost"
    elif isinstance(event, ReturnClaimed):
        if not event.never_had:
            yield "loan", "claim returned"
    elif type(event) in TRANSIT_ACTS or type(event) in ACTS:
        act = ACTS.get(type(event))
        if act is not None:
            yield "loan" if hasattr(event, "loan_id") and not isinstance(event, HoldFilled) else "hold", act
        if type(event) in TRANSIT_ACTS:
            yield "transit", TRANSIT_ACTS[type(event)]
    elif isinstance(event, TransitCancelled):
        yield "transit", "cancel, or mark the item missing"
    elif isinstance(event, LoanEnded):
        yield "loan", "end"


ENDINGS = {"claim never had", "give up as missing", "settle"}
"""How the tables name the end of a loan whose item is away; a declared loss may end it in the same step."""


def told(table) -> set:
    found = {(before, act, after) for before, act, after in arrows(table)}
    return found | {
        (before, "end", after) for before, act, after in found if act in ENDINGS or not isinstance(after, str)
    }


def a_busy_spring(town):
    """Loans, holds and transits on all their ways; the town closes for a week in between."""
    here = town(
        lost_policies={"standard": {"aged_after": "6 weeks", "processing_fees": {"declared-lost": "5.00 EUR"}}},
        recall_policies={"standard": {"terms": {"return_within": "3 days"}}},
        hold_policies={"standard": {"shelf_closed_days": "next-open-day-end", "per_record": 5}},
        fallback={"recall": "standard"},
    )
    ops = here.ops
    assert here.lend("book")
    assert here.renew("book", override=here.allow("renewal.without_gain", right="renewal.not_allowed"))
    later = here.allow("loan.due_by_hand", right="loan.change_due")
    assert ops.circulation.change_due(item=BOOK, due=here.clock() + timedelta(20), override=later)
    hold = here.hold("book", recall=True, this=True).result.hold
    assert ops.holds.suspend(hold.id)
    assert ops.holds.resume(hold.id)
    assert ops.holds.change_pickup(hold.id, "NORTH")
    assert here.bring_back("book")
    assert here.bring_back("book", library="NORTH")
    assert here.lend("book", to="Ben", library="NORTH")
    assert here.bring_back("book", library="NORTH")
    assert here.bring_back("book")
    for item, act in (("book", "declare"), ("second book", "claim"), ("film", "never"), ("record", "age")):
        assert here.lend(item)
        barcode = ops.items.get(
            {"book": BOOK, "second book": "31234000000022", "film": "31234000000030"}.get(item, "31234000000048")
        ).id
        if act == "declare":
            assert ops.losses.declare_lost(barcode)
        elif act == "claim":
            assert ops.losses.claim_returned(barcode)
            assert ops.losses.resolve_claim(barcode, ClaimResolution.MISSING)
        elif act == "never":
            assert ops.losses.claim_never_had(barcode)
    here.clock.forward(days=70)
    here.night()
    for line in ops.fees.open_charges(ADA):
        assert ops.fees.pay(patron=ADA, amount=line.open, charges=[line.id])
    here.night()
    assert here.lend("third book")
    waiting = here.hold("third book", this=True).result.hold
    assert here.bring_back("third book")
    closing = ops.closings.announce("MAIN", here.clock().date(), here.clock().date() + timedelta(8))
    assert ops.closings.apply(closing, why="burst pipe").done
    here.clock.forward(days=40)
    here.night()
    other = here.hold("third book", by="Ada", suspended=True).result.hold
    assert ops.holds.cancel(other.id, reason="bought it")
    assert waiting.id != other.id
    return ops


def test_every_move_in_a_log_is_an_arrow(town) -> None:
    """Of loans, holds and transits; and the spring was busy enough to see most of the arrows."""
    log = Log(a_busy_spring(town))
    tables = {"loan": LOAN_MOVES, "hold": HOLD_MOVES, "transit": TRANSIT_MOVES}
    strange = {what: moves - told(tables[what]) for what, moves in log.moves.items()}
    assert {"loan": set(), "hold": set(), "transit": set()} == strange
    assert all(len(moves) >= least for moves, least in zip(log.moves.values(), (12, 12, 2), strict=True)), log.moves


def test_every_way_to_be_missing_is_in_the_picture_of_items(town) -> None:
    """From shelf and hold shelf, by a loan that was never had, by a loss that is settled or over without a return."""
    here = town(lost_policies={"standard": {"processing_fees": {"declared-lost": "5.00 EUR"}}})
    ops, losses = here.ops, here.ops.losses
    any_time = here.allow("loss.not_settled", "loss.not_over", right="loss.end_unsettled")
    any_time = evolve(any_time, rights=any_time.rights | {"loss.end_early"})
    for prepare, act, verb in (
        ([], ItemAct.MISS, ops.items.mark_missing),
        ([partial(here.hold, "book"), partial(here.bring_back, "book")], ItemAct.MISS, ops.items.mark_missing),
        ([partial(here.lend, "book", to="Ben")], ItemAct.CLAIM_NEVER_HAD, losses.claim_never_had),
        ([partial(here.lend, "book"), partial(losses.declare_lost, BOOK)], ItemAct.END_LOSS, losses.settle),
        ([partial(here.lend, "book"), partial(losses.declare_lost, BOOK)], ItemAct.END_LOSS, losses.end),
    ):
        assert all(step() for step in prepare)
        before = ops.transits.state_of(BOOK)
        assert verb(BOOK, override=any_time) if act is ItemAct.END_LOSS else verb(BOOK)
        assert (before, act, ops.transits.state_of(BOOK)) in list(arrows(ITEM_MOVES))
        assert ops.transits.state_of(BOOK) is ItemState.MISSING
        here.bring_back("book")


def test_a_recall_is_a_part_of_the_loan() -> None:
    """What begins or ends at a recalled loan, and nothing else."""
    ends = {state for move in arrows(RECALL_MOVES) for state in (move[0], move[2]) if isinstance(state, LoanState)}
    assert {LoanState.OPEN, LoanState.RECALLED} == ends
    assert RECALL_MOVES[LoanState.OPEN] == {"recall": LoanState.RECALLED}


def test_the_overview_of_items_loses_no_way_between_groups() -> None:
    """Every arrow between two groups is in the overview; those inside a group have a picture of their own."""
    within = inside(ITEM_MOVES, *(state for state in ItemState))
    assert set(arrows(ITEM_MOVES)) == set(arrows(within))
    assert {
        "new",
        "in the libraries",
        "lost or claimed",
        ItemState.ON_LOAN,
        ItemState.MISSING,
        ItemState.WITHDRAWN,
    } == set(ITEM_OVERVIEW)
    assert ITEM_OVERVIEW == grouped(
        ITEM_MOVES,
        {"new": (ItemState.ON_ORDER, ItemState.IN_PROCESS)}
        | {
            "in the libraries": (ItemState.AVAILABLE, ItemState.AWAITING_PICKUP, ItemState.IN_TRANSIT),
            "lost or claimed": (ItemState.DECLARED_LOST, ItemState.AGED_TO_LOST, ItemState.CLAIMED_RETURNED),
        },
    )


@pytest.mark.parametrize(
    "table", [LOAN_MOVES, HOLD_MOVES, TRANSIT_MOVES, ITEM_OVERVIEW], ids=["loan", "hold", "transit", "item"]
)
def test_no_text_of_a_picture_leaves_it_or_covers_another(table) -> None:
    """Two labels never stand in the same place, and all stand within the picture."""
    picture = ElementTree.fromstring(svg(table))
    width, height = (float(number) for number in picture.attrib["viewBox"].split()[2:])
    texts = list(picture.iter("{http://www.w3.org/2000/svg}text"))
    places = [(each.attrib["x"], each.attrib["y"]) for each in texts]
    assert len(places) == len(set(places))
    for each in texts:
        left, long = float(each.attrib["x"]), 6 * len(each.text or "")
        start = {"middle": left - long / 2, "end": left - long}.get(each.attrib.get("text-anchor", "start"), left)
        assert start >= 0
        assert start + long <= width
        assert 0 <= float(each.attrib["y"]) <= height
