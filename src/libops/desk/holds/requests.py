"""From what was asked for at the desk to what a decision about a hold depends on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from libops.base.decisions import Reason
from libops.base.ids import BibId, LibraryCode, PatronId
from libops.catalog.model import BibRecord
from libops.catalog.reasons import BIB_UNKNOWN
from libops.circulation.decide.hold_facts import (
    ItemOfTitle,
    PlaceHoldFacts,
    Wanted,
    bib_target,
    group_target,
    item_target,
    targets_of,
)
from libops.circulation.model import Hold, HoldLevel
from libops.desk.catalog.merged_titles import survivor
from libops.desk.holders import Holders
from libops.desk.holds.reads import HoldReads
from libops.desk.reads import Reads
from libops.patrons.model import Patron
from libops.storage.port import Find, Get

__all__ = ["HoldRequests"]


class HoldRequests:
    """Finds what a patron asks for, and the facts that count."""

    def __init__(
        self, facts: HoldReads, holders: Holders, library: LibraryCode, pickup_places: frozenset[LibraryCode]
    ) -> None:
        self.facts = facts
        self.holders = holders
        self.library = library
        self.pickup_places = pickup_places

    def wanted(
        self,
        reads: Reads,
        bib: str,
        item: str,
        volume: str,
        any_of: tuple[str, ...],
        pickup: str | None,
        terms: dict[str, Any],
    ) -> Wanted | Reason:
        """What is asked for, as the queues know it."""
        place = self.library if pickup is None else LibraryCode(pickup)
        # Whoever kept the link to a record that was merged away means the one that has its items.
        now = survivor(reads, bib) if bib else None
        bib = bib if now is None else now.id
        if volume:
            level, targets, bibs = HoldLevel.ITEM_GROUP, [group_target(bib, volume)], [bib]
        elif bib:
            level, targets, bibs = HoldLevel.TITLE, [bib_target(bib)], [bib]
        else:
            level, targets, bibs = (HoldLevel.ITEM if item else HoldLevel.ANY_OF), [], []
            for text in any_of or (item,):
                if any_of and (title := survivor(reads, text)) is not None:
                    targets.append(bib_target(title.id))
                    bibs.append(title.id)
                    continue
                use = self.holders.item(reads, text)
                if isinstance(use, Reason):
                    return use
                targets.append(item_target(use.holder_id))
                bibs.append(use.bib_id)
        for each in bibs:
            if reads.get(BibRecord, each) is None:
                return BIB_UNKNOWN(bib=each)
        return Wanted(
            level=level,
            targets=tuple(targets),
            target_bibs=tuple(map(BibId, bibs)),
            pickup_library=place,
            **terms,
        )

    def placing(self, reads: Reads, patron_id: str, wanted: Wanted) -> PlaceHoldFacts:
        """What placing the hold depends on."""
        who, standing, overdue, *own = reads.load(
            Get(self.facts.patrons, patron_id),
            Get(self.facts.standings, patron_id),
            self.facts.overdue(patron_id),
            *(
                Find(self.facts.holds, "by_patron_and_bib", (patron_id, bib))
                for bib in dict.fromkeys(wanted.target_bibs)
            ),
        )
        bib = reads.get(BibRecord, wanted.target_bibs[0])
        assert bib is not None
        mine = reads.find(Hold, "by_patron", patron_id) if standing.holds else []
        calendar, now = self.facts.book.calendar(self.library), self.facts.clock()
        today = calendar.service_day(now)
        items = tuple(self.items_wanted(reads, wanted))
        return PlaceHoldFacts(
            self.library,
            who,
            standing,
            bib,
            wanted,
            items,
            self.facts.account(reads, patron_id, standing),
            self.pickup_places,
            tuple(hold for holds in own for hold in holds),
            sum(calendar.service_day(hold.placed_at) == today for hold in mine),
            sum(hold.suspended(now) for hold in mine),
            tuple(overdue),
            self.borrowers(reads, items) if wanted.recall else {},
        )

    def borrowers(self, reads: Reads, items: Iterable[ItemOfTitle]) -> dict[PatronId, Patron]:
        """Who has the items that are out."""
        ids = dict.fromkeys(one.loan.patron_id for one in items if one.loan is not None)
        found = reads.load(*(Get(self.facts.patrons, each) for each in ids))
        return {patron.id: patron for patron in found if patron is not None}

    def items_wanted(self, reads: Reads, wanted: Wanted) -> Iterator[ItemOfTitle]:
        """The items that could fill the hold."""
        targets = frozenset(wanted.targets)
        for one in self.facts.items_of(reads, dict.fromkeys(wanted.target_bibs)):
            if not targets.isdisjoint(targets_of(one.item)):
                yield one
