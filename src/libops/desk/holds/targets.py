"""Who is asked to fetch which item: one library for each waiting hold, and another when it did not come in time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from libops.base.errors import Conflict
from libops.base.ids import HoldId, ItemId
from libops.catalog.model import BibRecord
from libops.circulation.decide.hold_facts import Candidate, MatchFacts, targets_of
from libops.circulation.decide.match import against
from libops.circulation.decide.target import TargetFacts, given_up, next_target
from libops.circulation.model import Hold, HoldPlace, HoldState, HoldTarget
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.holds import Standpoint, queue_order
from libops.desk.holds.pull_list import PullLine, wanted_titles
from libops.desk.holds.reads import HoldReads
from libops.desk.reads import Reads
from libops.items.model import Item
from libops.storage.kinds import kind_of
from libops.storage.port import Batch, Get, Storage, Write

__all__ = ["HoldTargets"]

MOST_HOLDS = 200
"""So many holds of a title are looked at: more cannot be fetched for in one round."""
NOT_FOUND = "no library could fetch an item"


class HoldTargets:
    """Chooses items for waiting holds and lists what each library is to fetch."""

    def __init__(self, storage: Storage, facts: HoldReads, book: CirculationBook) -> None:
        self.storage = storage
        self.facts = facts
        self.book = book
        self.kind = kind_of(HoldTarget)

    @property
    def used(self) -> bool:
        """Whether the settings have libraries asked one after the other."""
        return self.book.holds.targeting.retarget_after is not None

    def choose(self, at: datetime, cancel: Callable[[HoldId, str], Any]) -> Iterator[HoldTarget]:
        """Choose for every waiting hold; what has changed is written and handed out.

        `cancel` ends a hold for which every library was asked often enough. Safe to run twice, and on two machines.
        """
        self.forget()
        promised: dict[ItemId, HoldId] = {}
        for bib_id in list(wanted_titles(self.storage)):
            for target in self.of_title(bib_id, at, promised):
                if given_up(target, self.book.holds.targeting):
                    cancel(target.hold_id, NOT_FOUND)
                yield target

    def of_title(self, bib_id: str, at: datetime, promised: dict[ItemId, HoldId]) -> Iterator[HoldTarget]:
        """Choose for the holds of one title, in the order of its queue; `promised` are items chosen for other holds.

        A hold on any of several titles is chosen for once, with the first of them, among the items of all.
        """
        reads = Reads(self.storage)
        places = reads.find(HoldPlace, "by_bib", bib_id, limit=MOST_HOLDS)
        shelved = self.shelved(reads, bib_id)
        several = [hold for hold in self.holds(reads, places) if len(set(hold.target_bibs)) > 1]
        for other in dict.fromkeys(bib for hold in several for bib in hold.target_bibs if bib != bib_id):
            shelved += self.shelved(reads, other)
        if not shelved:
            return
        standpoint = Standpoint.of(shelved[0].item, shelved[0].library)
        order = [place.hold_id for place in queue_order(places, self.book.holds, standpoint)]
        candidates = self.facts.candidates(reads, order, shelved[0].library)
        before = dict(zip(order, reads.load(*[Get(self.kind, key) for key in order]), strict=True))
        elsewhere = {hold.id for hold in several if hold.target_bibs[0] != bib_id}
        for hold_id in order:
            known = before[hold_id]
            if hold_id in elsewhere:
                if known is not None and known.item_id is not None:
                    promised.setdefault(known.item_id, hold_id)
                continue
            fitting = self.serving(shelved, candidates[hold_id])
            if not fitting:
                continue
            taken = frozenset(item_id for item_id, whose in promised.items() if whose != hold_id)
            target = next_target(TargetFacts(candidates[hold_id], fitting, known, taken), self.book, at=at)
            for item_id in [item_id for item_id, whose in promised.items() if whose == hold_id]:
                del promised[item_id]
            if target.item_id is not None:
                promised[target.item_id] = hold_id
            if target != known and self.kept(target, reads.version(HoldTarget, hold_id)):
                yield target

    def shelved(self, reads: Reads, bib_id: str) -> list[MatchFacts]:
        """The items of a title that stand on a shelf, each where it does."""
        bib = reads.get(BibRecord, bib_id)
        if bib is None:
            return []
        found = self.facts.items_of(reads, [bib_id])
        return [MatchFacts(one.item, bib, one.item.holding_library) for one in found if one.on_shelf]

    def holds(self, reads: Reads, places: Iterable[HoldPlace]) -> list[Hold]:
        """The holds that stand in these places."""
        found = reads.load(*[Get(self.facts.holds, key) for key in dict.fromkeys(place.hold_id for place in places)])
        return [hold for hold in found if hold is not None]

    def serving(self, shelved: list[MatchFacts], candidate: Candidate) -> tuple[MatchFacts, ...]:
        """The items that the hold asks for."""
        wanted = frozenset(candidate.hold.targets)
        return tuple(one for one in shelved if not wanted.isdisjoint(targets_of(one.item)))

    def kept(self, target: HoldTarget, version: int) -> bool:
        """Write a choice, unless another machine has made one meanwhile."""
        try:
            self.storage.apply(Batch(writes=(Write(self.kind, target.hold_id, target, version),)))
        except Conflict:
            return False
        return True

    def forget(self) -> None:
        """Drop the choices for holds that wait no longer."""
        after: tuple[Any, ...] | None = None
        while True:
            rows, after = self.storage.scan(self.kind, after=after)
            holds = self.storage.read([Get(self.facts.holds, row.record.hold_id) for row in rows]) if rows else []
            for row, hold in zip(rows, holds, strict=True):
                if hold.record is None or hold.record.state is not HoldState.WAITING:
                    try:
                        self.storage.apply(Batch(writes=(Write(self.kind, row.record.hold_id, None, row.version),)))
                    except Conflict:
                        continue
            if after is None:
                return

    def of_hold(self, hold_id: str) -> HoldTarget | None:
        """What was chosen for a hold, with why not the others."""
        return Reads(self.storage).get(HoldTarget, hold_id)

    def pull_list(self, library: str, at: datetime) -> list[PullLine]:
        """What one library is asked to fetch, as far as it still stands there for a hold that still waits."""
        reads = Reads(self.storage)
        lines = (self.line(reads, target, at) for target in reads.find(HoldTarget, "by_library", library))
        return [line for line in lines if line is not None]

    def line(self, reads: Reads, target: HoldTarget, at: datetime) -> PullLine | None:
        hold, item = reads.get(Hold, target.hold_id), reads.get(Item, target.item_id or "")
        if hold is None or item is None or hold.state is not HoldState.WAITING:
            return None
        bib = reads.get(BibRecord, item.bib_id)
        candidate = self.facts.candidates(reads, [hold.id], item.holding_library).get(hold.id)
        there = any(one.item.id == item.id and one.on_shelf for one in self.facts.items_of(reads, [item.bib_id]))
        if bib is None or candidate is None or not there or item.holding_library != target.library:
            return None
        if any(True for _ in against(MatchFacts(item, bib, item.holding_library), candidate, self.book, at)):
            return None
        return PullLine(item, bib.title, hold, candidate.patron.name)
