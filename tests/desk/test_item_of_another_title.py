"""An item that was cataloged under the wrong title: what is open for it follows it to the right one."""

from __future__ import annotations

from io import BytesIO

import pytest

import libops
from libops.base.decisions import Override
from libops.circulation.model import Hold, HoldPlace, HoldState, Loan, ReadyHold, ShelfClearance, Transit
from libops.desk.settings.loading import default_settings
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import ITEMS, PATRONS, sample_library

ADA, BEN = (card for card, _, _ in PATRONS[:2])
WRONG, OTHER = ITEMS[0][0], ITEMS[1][0]
NO_ITEM = Override(["hold.no_item"], "ruth", "the item is being bound", rights=["hold.no_item"])
DUNE = (
    b'{"leader": "00000nam a2200000 a 4500", "fields": [{"001": "d1"}, '
    b'{"245": {"ind1": "0", "ind2": "0", "subfields": [{"a": "Dune"}]}}]}'
)


class Town:
    """A library with a branch, and an item of Dune that hangs on another title."""

    def __init__(self, url: str) -> None:
        plain = default_settings().canonical()
        plain["libraries"]["EAST"] = {"name": "East branch", "calendar": "main"}
        self.clock = FrozenClock()
        self.ops = libops.open(url, settings=plain, clock=self.clock, ids=CountingIds())
        sample_library(self.ops)
        self.ops.catalog.import_marc(BytesIO(DUNE))
        self.dune = next(bib.id for bib in self.ops.catalog.all() if bib.title == "Dune")
        self.item = self.ops.items.get(WRONG)
        self.old = self.item.bib_id

    def do(self, verb, *which, **asked):
        """One act, a minute after the last, which has to be allowed."""
        self.clock.forward(minutes=1)
        answer = verb(*which, **asked)
        assert answer, answer
        return answer

    def moved(self, **more):
        return self.do(self.ops.items.change, WRONG, bib_id=self.dune, **more)

    def of_item(self, *kinds) -> list:
        """What is open for the item."""
        return [one for cls in kinds for one in every(self.ops.storage, kind_of(cls)) if one.item_id == self.item.id]


@pytest.fixture(params=["memory:", "sqlite:///{}/town.db"])
def town(request, tmp_path):
    made = Town(request.param.format(tmp_path))
    with made.ops:
        yield made
        assert stored(made.ops.storage) == rebuilt(log_of(made.ops.storage))


def test_a_loan_follows_the_item(town) -> None:
    """The borrower sees the title of what is on the table, and returns it as ever."""
    ops = town.ops
    town.do(ops.circulation.check_out, patron=ADA, item=WRONG)
    assert () == town.moved().alerts
    assert [town.dune] == [loan.bib_id for loan in ops.circulation.loans_of(ADA)]
    assert "Dune" == town.do(ops.circulation.check_in, item=WRONG).result.title


def test_a_way_follows_the_item(town) -> None:
    """What comes at the branch is Dune."""
    town.do(town.ops.transits.send, WRONG, "EAST")
    town.moved()
    assert [town.dune] == [way.bib_id for way in town.of_item(Transit)]
    assert "Dune" == town.do(town.ops.circulation.check_in, item=WRONG, library="EAST").result.title


def ready_for(town, card: str, **wanted) -> str:
    """A hold whose item waits on the hold shelf."""
    hold = town.do(town.ops.holds.place, patron=card, **wanted).result.hold.id
    town.do(town.ops.circulation.check_in, item=WRONG)
    assert [hold] == [one.hold_id for one in town.of_item(ReadyHold)]
    return hold


def test_a_hold_on_the_old_title_waits_again_in_its_place(town) -> None:
    """Who was told to come asked for another work: staff are told whom, and to take the item off the hold shelf."""
    ops = town.ops
    hold = ready_for(town, ADA, bib=town.old)
    before = ops.holds.get(hold)
    answer = town.moved()
    assert ["hold.item_taken_back"] == [alert.code for alert in answer.alerts]
    after = ops.holds.get(hold)
    assert (HoldState.WAITING, None, town.old) == (after.state, after.item_id, after.bib_id)
    assert (before.queued_at, before.cut) == (after.queued_at, after.cut)
    assert [] == town.of_item(ReadyHold)
    assert [town.dune] == [one.bib_id for one in town.of_item(ShelfClearance)]
    town.do(ops.circulation.check_in, item=WRONG)
    assert [] == town.of_item(ReadyHold, ShelfClearance)


def test_a_hold_whose_item_is_on_the_way_waits_again(town) -> None:
    """The item goes on to where it was sent, as after any hold that is over."""
    hold = town.do(town.ops.holds.place, patron=ADA, bib=town.old, pickup="EAST").result.hold.id
    town.do(town.ops.circulation.check_in, item=WRONG)
    town.moved()
    assert HoldState.WAITING is town.ops.holds.get(hold).state
    assert [town.dune] == [way.bib_id for way in town.of_item(Transit)]
    town.do(town.ops.circulation.check_in, item=WRONG, library="EAST")
    assert [] == town.of_item(ReadyHold)


def test_a_hold_on_this_very_item_keeps_it(town) -> None:
    """Whoever asked for this copy gets it, whatever it is called; waiting or set aside."""
    hold = ready_for(town, ADA, item=WRONG)
    other = town.do(town.ops.holds.place, patron=BEN, any_of=[OTHER, WRONG]).result.hold.id
    assert () == town.moved().alerts
    assert (HoldState.READY, town.dune) == (town.ops.holds.get(hold).state, town.ops.holds.get(hold).bib_id)
    assert [town.dune] == [one.bib_id for one in town.of_item(ReadyHold)]
    waiting = town.ops.holds.get(other)
    places = {one.target: one.bib_id for one in every(town.ops.storage, kind_of(HoldPlace))}
    assert dict(zip(waiting.targets, waiting.target_bibs, strict=True)) == places
    assert town.dune == places[f"item:{town.item.id}"]
    assert town.ops.items.get(OTHER).bib_id in waiting.target_bibs


def test_a_hold_on_either_title_keeps_the_item(town) -> None:
    """It fills the wish still, as the other of the titles asked for."""
    hold = ready_for(town, ADA, any_of=[town.old, town.dune])
    assert () == town.moved().alerts
    assert HoldState.READY is town.ops.holds.get(hold).state


def test_an_item_that_is_missing_as_well_is_set_aside_for_nobody(town) -> None:
    """Found to be wrong and gone at once: nothing is done twice."""
    hold = ready_for(town, ADA, item=WRONG)
    town.moved(missing_since=town.clock())
    after = town.ops.holds.get(hold)
    assert (HoldState.WAITING, town.dune) == (after.state, after.bib_id)
    assert [] == town.of_item(ReadyHold, Transit, ShelfClearance)


def test_an_item_of_a_record_that_was_merged_away_is_told_where_to(town) -> None:
    """To restore such a record is no way: the reason names the one that has its items now."""
    ops = town.ops
    ops.catalog.merge(town.old, town.dune)
    for answer in (ops.items.add(town.dune, barcode="D1"), ops.items.change(WRONG, bib_id=town.dune)):
        assert ["bib.merged"] == [reason.code for reason in answer.reasons]
        assert town.old == answer.reasons[0].data["into"]
    assert [] == list(every(ops.storage, kind_of(Hold))) + town.of_item(Loan)


def test_a_hold_placed_while_a_record_is_deleted_keeps_it(town) -> None:
    """Another desk is told that its hold stands, so it stands: the deletion is refused, and the record is as it was."""
    store, before = town.ops.storage, town.ops.catalog.get(town.dune)
    apply, busy = store.apply, [True]

    def late(batch):
        if busy.pop() if busy else False:
            assert town.ops.holds.place(patron=ADA, bib=town.dune, override=NO_ITEM)
        return apply(batch)

    store.apply = late
    answer = town.ops.catalog.delete(town.dune)
    store.apply = apply
    assert ["bib.has_holds"] == [reason.code for reason in answer.reasons]
    assert "hold" in answer.reasons[0].text
    assert before == town.ops.catalog.get(town.dune)
    assert [before] == [hit.bib for hit in town.ops.search.find("dune").hits]
    assert [town.dune] == [hold.bib_id for hold in every(store, kind_of(Hold))]


def test_an_item_added_while_a_record_is_deleted_keeps_it(town) -> None:
    """No right lifts that a record has items, so none is left on a record that is gone."""
    store = town.ops.storage
    apply, busy = store.apply, [True]

    def late(batch):
        if busy.pop() if busy else False:
            assert town.ops.items.add(town.dune, barcode="D1", item_type="book")
        return apply(batch)

    store.apply = late
    answer = town.ops.catalog.delete(town.dune)
    store.apply = apply
    assert ["bib.has_items"] == [reason.code for reason in answer.reasons]
    assert not town.ops.catalog.get(town.dune).deleted
    town.do(town.ops.items.delete, "D1")
    assert town.do(town.ops.catalog.delete, town.dune).result.deleted
