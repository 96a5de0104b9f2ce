"""Reading what decisions about holds depend on: heads of queues, candidates, items of a title as they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from libops.base.decisions import Reason
from libops.base.ids import HoldId, LibraryCode
from libops.base.makers import maker
from libops.catalog.model import BibRecord
from libops.circulation.decide.hold_facts import (
    ArrivalFacts,
    Candidate,
    HoldFacts,
    ItemOfTitle,
    MatchFacts,
    QueueHead,
    targets_of,
)
from libops.circulation.decide.match import match_hold
from libops.circulation.model import Hold, HoldPlace, Loan, ReadyHold, ShelfClearance, Transit
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.holds import Standpoint, heads_to_read, reasons
from libops.desk.neighbors import ticket_on
from libops.desk.reads import Reads
from libops.fees.decide.facts import AccountFacts
from libops.fees.model import OpenCharge, OpenCredit
from libops.items.model import Item
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get

__all__ = ["HoldReads"]

FIRST_READ = 8
"""So many holds of each queue are looked at first; mostly the first one fits."""
THEN_TIMES = 8

OVERDUE_COUNTED = 1_000

new_find = maker(Find)


class HoldReads:
    """Loads facts about holds, always by index: never a whole queue."""

    def __init__(self, book: CirculationBook, clock: Callable[[], datetime]) -> None:
        self.book = book
        self.clock = clock
        self.holds = kind_of(Hold)
        self.places = kind_of(HoldPlace)
        self.ready = kind_of(ReadyHold)
        self.transits = kind_of(Transit)
        self.clearances = kind_of(ShelfClearance)
        self.patrons = kind_of(Patron)
        self.standings = kind_of(Standing)
        self.loans = kind_of(Loan)
        self.items = kind_of(Item)

    def overdue(self, patron_id: str) -> Find:
        """The patron's overdue loans."""
        return Find(self.loans, "by_patron", (patron_id,), high=self.clock(), limit=OVERDUE_COUNTED)

    def anyone_waiting(self, bib_id: str) -> Find:
        """One hold on the title, if there is any: the question that most returns end with."""
        return new_find(self.places, "by_bib", (bib_id,), None, None, False, 1)

    def waiting(self, reads: Reads, item: Item, limit: int = FIRST_READ) -> tuple[HoldPlace, ...]:
        """The first places in each queue that the item serves."""
        found = reads.load(*(Find(self.places, "by_queue", (target,), limit=limit) for target in targets_of(item)))
        return tuple(place for places in found for place in places)

    def heads(self, reads: Reads, item: Item, here: LibraryCode, limit: int) -> tuple[QueueHead, ...]:
        """The first places of each indexed queue that can hold the first of the whole."""
        wanted = [
            (index, (target, *library))
            for target in targets_of(item)
            for index, library in heads_to_read(self.book.holds, Standpoint.of(item, here))
        ]
        found = reads.load(*(Find(self.places, index, equal, limit=limit) for index, equal in wanted))
        return tuple(
            QueueHead(index, tuple(places), len(places) == limit)
            for (index, _), places in zip(wanted, found, strict=True)
            if places
        )

    def match(
        self,
        reads: Reads,
        item: Item,
        bib: BibRecord,
        here: LibraryCode,
        *,
        wanted: bool,
        without: frozenset[HoldId] = frozenset(),
    ) -> MatchFacts:
        """What the item may be matched with.

        `wanted` is False when nobody waits for its title; `without` are holds that other items serve.
        """
        facts = MatchFacts(item, bib, here)
        limit = FIRST_READ
        while wanted:
            heads = self.heads(reads, item, here, limit)
            hold_ids = dict.fromkeys(place.hold_id for head in heads for place in head.places)
            facts = MatchFacts(item, bib, here, heads, self.candidates(reads, hold_ids, here))
            if match_hold(facts, self.book, at=self.clock(), without=without).certain:
                break
            limit *= THEN_TIMES
        return facts

    def candidates(self, reads: Reads, hold_ids: Iterable[HoldId], here: LibraryCode) -> dict[HoldId, Candidate]:
        """Holds with their patrons, in two reads for all of them."""
        holds = [hold for hold in reads.load(*(Get(self.holds, each) for each in hold_ids)) if hold is not None]
        queries = [
            query
            for hold in holds
            for query in (
                Get(self.patrons, hold.patron_id),
                Get(self.standings, hold.patron_id),
                self.overdue(hold.patron_id),
            )
        ]
        found = reads.load(*queries)
        self.all_places(reads, *(hold for hold in holds if len(hold.targets) > 1))
        return {
            hold.id: Candidate(hold, who, standing, here, tuple(late))
            for hold, who, standing, late in zip(holds, found[::3], found[1::3], found[2::3], strict=True)
        }

    def all_places(self, reads: Reads, *holds: Hold) -> None:
        """Every place of these holds, so that writing them is guarded."""
        reads.load(*(Get(self.places, f"{hold.id}/{n}") for hold in holds for n in range(len(hold.targets))))

    def arrival(
        self,
        reads: Reads,
        item: Item,
        bib: BibRecord,
        here: LibraryCode,
        *,
        ready: ReadyHold | None,
        transit: Transit | None,
        wanted: bool,
        clearance: ShelfClearance | None = None,
    ) -> ArrivalFacts:
        """What becomes of an item in hand depends on this."""
        hold_id = ready.hold_id if ready is not None else (transit.hold_id if transit is not None else None)
        caught = None if hold_id is None else self.candidates(reads, [hold_id], here).get(hold_id)
        if caught is not None and caught.hold.item_id != item.id:
            caught = None
        # Only an item that is kept elsewhere than at home can be part of a rotating collection.
        away = item.holding_library != item.home_library
        stands_at = placed_at(reads, item) if away else None
        match = self.match(reads, item, bib, here, wanted=wanted)
        return ArrivalFacts(match, transit, ready, caught, stands_at=stands_at, clearance=clearance)

    def items_of(self, reads: Reads, bib_ids: Iterable[str]) -> list[ItemOfTitle]:
        """The items of titles, with the records that are open for each; one that a ticket holds is in process."""
        kinds = (self.items, self.ready, self.transits)
        queries = [Find(kind, "by_bib", (bib_id,)) for bib_id in bib_ids for kind in kinds]
        found = reads.load(*queries)
        items = [item for of_title in found[::3] for item in of_title]
        ready, transits = ({one.item_id: one for ones in found[n::3] for one in ones} for n in (1, 2))
        # By their keys, of which each is an item's: an index of loans by title would make every checkout dearer.
        asked = ((Get(self.loans, one.id), Get(self.clearances, one.id), ticket_on(one.id)) for one in items)
        open_for = reads.load(*[get for of_item in asked for get in of_item])
        return [
            ItemOfTitle(item, loan, ready.get(item.id), transits.get(item.id), ticket is not None, clearance)
            for item, loan, clearance, ticket in zip(items, open_for[::3], open_for[1::3], open_for[2::3], strict=True)
        ]

    def account(self, reads: Reads, patron_id: str, standing: Standing) -> AccountFacts:
        """The patron's account, as a charge needs it."""
        charges, credits = reads.load(
            Find(kind_of(OpenCharge), "by_patron", (patron_id,)), Find(kind_of(OpenCredit), "by_patron", (patron_id,))
        )
        return AccountFacts(standing, self.book.currency, tuple(charges), tuple(credits), ())

    def hold(
        self, reads: Reads, hold_id: str, library: LibraryCode, pickup_places: frozenset[LibraryCode]
    ) -> HoldFacts | Reason:
        """A hold in force with all that hangs on it; a reason where there is none."""
        hold = reads.get(Hold, hold_id)
        if hold is None:
            return reasons.HOLD_UNKNOWN(hold=hold_id)
        self.all_places(reads, hold)
        who, standing = reads.load(Get(self.patrons, hold.patron_id), Get(self.standings, hold.patron_id))
        bib = reads.get(BibRecord, hold.bib_id)
        assert bib is not None, f"hold {hold_id!r} is on a title that is not there"
        item = ready = transit = arrival = None
        if hold.item_id is not None:
            item, ready, transit, *wanted = reads.load(
                Get(self.items, hold.item_id),
                Get(self.ready, hold.item_id),
                Get(self.transits, hold.item_id),
                *map(self.anyone_waiting, dict.fromkeys(hold.target_bibs)),
            )
            if ready is not None and item is not None:
                bib_of_item = reads.get(BibRecord, item.bib_id) or bib
                arrival = self.arrival(
                    reads, item, bib_of_item, ready.pickup_library, ready=ready, transit=transit, wanted=any(wanted)
                )
        account = self.account(reads, hold.patron_id, standing)
        return HoldFacts(library, hold, who, standing, bib, item, ready, account, arrival, (), pickup_places, transit)


def placed_at(reads: Reads, item: Item) -> LibraryCode | None:
    """The library where a rotating collection has put the item."""
    from libops.inventory.model import TemporaryPlacement

    placed = reads.get(TemporaryPlacement, item.id)
    return None if placed is None else placed.now.library
