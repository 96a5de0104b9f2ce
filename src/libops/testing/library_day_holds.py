"""The part of a library day that is about holds: placing, attending, fetching from the shelves, clearing the shelf."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from libops.base.decisions import Override, Permit
from libops.circulation.model import (
    Hold,
    HoldPlace,
    HoldState,
    HoldTarget,
    Loan,
    ReadyHold,
    ShelfClearance,
    Transit,
    places_of,
)
from libops.desk.operations import Operations
from libops.patrons.standing import Standing
from libops.testing.fakes import FrozenClock
from libops.testing.sample_library import ITEMS, PATRONS

__all__ = ["CARDS", "LABELS", "PLACES", "HoldRules"]

CARDS = st.sampled_from([card for card, _, _ in PATRONS])
LABELS = st.sampled_from([barcode for barcode, _ in ITEMS])
PLACES = st.sampled_from(["MAIN", "EAST"])

TRUSTED = Override(
    ["patron.debt_limit", "patron.expired", "patron.restricted", "hold.per_record_limit", "hold.title_out_to_patron"],
    "ruth",
    "trusted patron",
    ["loan.expired_patron", "loan.indebted_patron", "loan.restricted_patron", "hold.limit"],
)


class HoldRules:
    """What a desk does about holds, for a state machine with `ops` and a `clock`."""

    ops: Operations
    clock: FrozenClock

    def ready(self) -> bool:
        """Whether the doors are open."""
        return hasattr(self, "ops")

    def all_of(self, cls: type[Any]) -> list[Any]:
        """Every record of a class."""
        raise NotImplementedError

    def heed(self, answer: Any) -> Any:
        """Count the reasons of an answer."""
        raise NotImplementedError

    @rule(
        card=CARDS,
        labels=st.tuples(LABELS, LABELS),
        level=st.sampled_from(["title", "title", "item", "either", "club"]),
        recall=st.booleans(),
        place=PLACES,
        trusted=st.booleans(),
    )
    def place_hold(
        self, card: str, labels: tuple[str, str], level: str, recall: bool, place: str, trusted: bool
    ) -> None:
        """Ask for a title, an item, one of two, or two at once, here or there; a recall may shorten a loan.

        What staff set aside is kept with the hold, and nothing else.
        """
        bibs = [self.ops.items.get(label).bib_id for label in labels]
        levels: dict[str, dict[str, Any]] = {
            "title": {"bib": bibs[0]},
            "item": {"item": labels[0]},
            "either": {"any_of": [bibs[0], labels[1]]},
            "club": {"bib": bibs[0], "count": 2, "suspended": recall},
        }
        wanted = levels[level]
        override = TRUSTED if trusted else None
        answer = self.heed(self.ops.holds.place(patron=card, pickup=place, recall=recall, override=override, **wanted))
        if isinstance(answer, Permit):
            waived = answer.result.hold.waived
            assert waived is None or (trusted and TRUSTED.codes >= set(waived.codes) != set())

    @rule(data=st.data())
    def attend_to_a_hold(self, data: st.DataObject) -> None:
        """Cancel, suspend, resume, move, release, or pick up elsewhere."""
        holds = self.all_of(Hold)
        if holds:
            key = data.draw(st.sampled_from(sorted(hold.id for hold in holds)))
            desk = self.ops.holds
            acts: list[Callable[[], Any]] = [
                lambda: desk.cancel(key, reason="bought it"),
                lambda: desk.suspend(key, until=self.clock() + timedelta(days=3)),
                lambda: desk.resume(key),
                lambda: desk.move(key, 1, why="exam"),
                lambda: desk.release(key, why="pages missing"),
                lambda: desk.change_pickup(key, "EAST"),
            ]
            self.heed(data.draw(st.sampled_from(acts))())

    @precondition(ready)
    @rule(labels=st.tuples(LABELS, LABELS), seldom=st.integers(0, 4))
    def merge_titles(self, labels: tuple[str, str], seldom: int) -> None:
        """Two records become one, as previewed, and nothing that is open names the one that went."""
        if seldom:
            return
        keep, gone = (self.ops.items.get(label).bib_id for label in labels)
        foreseen = self.heed(self.ops.catalog.preview_merge(keep, gone))
        merged = self.heed(self.ops.catalog.merge(keep, gone))
        if not isinstance(foreseen, Permit) or not isinstance(merged, Permit):
            assert (keep, foreseen.reasons) == (gone, merged.reasons)
            return
        assert (foreseen.result.items, foreseen.result.given_up) == (merged.result.items, merged.result.given_up)
        assert self.ops.catalog.current(gone).id == keep
        open_now = [
            one for cls in (Hold, HoldPlace, ReadyHold, ShelfClearance, Transit, Loan) for one in self.all_of(cls)
        ]
        assert not [one for one in open_now if gone in repr(one)]

    @rule()
    def clear_the_hold_shelf(self) -> None:
        """The daily run ends what is over, and the next in line get the items; run again, it finds nothing."""
        list(self.ops.holds.lapse_due())
        assert [] == list(self.ops.holds.lapse_due())

    @rule(place=PLACES, fetched=st.integers(0, 3))
    def fetch(self, place: str, fetched: int) -> None:
        """Libraries are asked for items; asked again at once, nothing changes; what is fetched goes to a hold."""
        list(self.ops.holds.choose_targets())
        assert [] == list(self.ops.holds.choose_targets())
        for line in self.ops.holds.pull_list(place)[:fetched]:
            answer = self.heed(self.ops.circulation.check_in(item=line.item.id, library=place))
            assert isinstance(answer, Permit)
            assert answer.result.hold_for, line

    @precondition(ready)
    @invariant()
    def no_item_is_fetched_for_two(self) -> None:
        """However often libraries are asked."""
        waiting = {hold.id for hold in self.all_of(Hold) if hold.state is HoldState.WAITING}
        asked = [each.item_id for each in self.all_of(HoldTarget) if each.item_id and each.hold_id in waiting]
        assert len(asked) == len(set(asked))

    @precondition(ready)
    @invariant()
    def a_hold_stands_where_its_state_says(self) -> None:
        """Waiting ones in their queues, ready ones on the hold shelf, the others on the way; counts fit."""
        holds = self.all_of(Hold)
        waiting = {place.key for hold in holds if hold.state is HoldState.WAITING for place in places_of(hold)}
        assert waiting == {place.key for place in self.all_of(HoldPlace)}
        shelved = {(hold.id, hold.item_id) for hold in holds if hold.state is HoldState.READY}
        assert shelved == {(ready.hold_id, ready.item_id) for ready in self.all_of(ReadyHold)}
        on_the_way = {(way.hold_id, way.item_id) for way in self.all_of(Transit)}
        assert {(hold.id, hold.item_id) for hold in holds if hold.state is HoldState.IN_TRANSIT} <= on_the_way
        for standing in self.all_of(Standing):
            assert sum(hold.patron_id == standing.patron_id for hold in holds) == standing.holds
