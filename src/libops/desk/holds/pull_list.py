"""The pull list: items on the shelves of a library that somebody waits for, in the order in which one walks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC
from itertools import groupby
from typing import Any

from attrs import frozen

from libops.base.ids import HoldId
from libops.catalog.model import BibRecord
from libops.circulation.decide.match import fetched_for, match_hold
from libops.circulation.model import Hold, HoldPlace
from libops.desk.holds.reads import HoldReads
from libops.desk.holds.receipts import Slip, printed
from libops.desk.reads import Reads
from libops.items.model import Item
from libops.storage.kinds import kind_of
from libops.storage.port import Storage

__all__ = ["PullLine", "in_shelf_order", "pull_list", "wanted_titles"]

PAGE = 500


@frozen
class PullLine:
    """An item to fetch from the shelf, and for whom; `language` is that of the slip, the library's."""

    item: Item
    title: str
    hold: Hold
    patron: str
    language: str = "en"

    def slip(self) -> Slip:
        """The slip to lay into the item. It shows the patron's name only as far as a shelf may."""
        words, place = printed(self.language, UTC), self.hold.pickup_library
        lines = words.pairs(
            ("title", self.title),
            ("call_number", self.item.call_number),
            ("location", self.item.shelving_location),
            ("barcode", self.item.barcode or ""),
            ("pickup_at", place),
        )
        return Slip("pull", words.report("receipt.pull_for", library=place), tuple(lines), words.language)


def wanted_titles(storage: Storage) -> Iterator[str]:
    """Titles that somebody waits for, each once, a page of holds at a time."""
    after: tuple[Any, ...] | None = None
    last = ""
    while True:
        rows, after = storage.scan(kind_of(HoldPlace), "by_bib", after=after, page=PAGE)
        for bib_id, _ in groupby(row.record.bib_id for row in rows):
            if bib_id != last:
                last = bib_id
                yield bib_id
        if after is None:
            return


def pull_list(storage: Storage, facts: HoldReads, library: str) -> list[PullLine]:
    """What to fetch at a library, by shelving location and shelf order. One item is asked for each hold.

    Items are matched as they would be at the desk. A hold whose policy never takes items from the shelf is left to
    returns.
    """
    taken: set[HoldId] = set()
    found: list[PullLine] = []
    for bib_id in wanted_titles(storage):
        reads = Reads(storage)
        bib = reads.get(BibRecord, bib_id)
        for one in facts.items_of(reads, [bib_id]):
            if bib is None or one.item.holding_library != library or not one.on_shelf:
                continue
            line = line_for(reads, facts, one.item, bib, taken)
            if line is not None:
                taken.add(line.hold.id)
                found.append(line)
    return in_shelf_order(found)


def in_shelf_order(lines: Iterable[PullLine]) -> list[PullLine]:
    """Lines in the order in which one walks along the shelves."""
    return sorted(lines, key=lambda line: (line.item.shelving_location, line.item.shelf_key, line.item.barcode or ""))


def line_for(reads: Reads, facts: HoldReads, item: Item, bib: BibRecord, taken: set[HoldId]) -> PullLine | None:
    """The first hold that the item can fill and that no item before it fills."""
    served = frozenset(taken)
    match = facts.match(reads, item, bib, item.holding_library, wanted=True, without=served)
    matched = match_hold(match, facts.book, at=facts.clock(), without=served)
    candidate = fetched_for(match, matched, facts.book, facts.clock())
    return None if candidate is None else PullLine(item, bib.title, candidate.hold, candidate.patron.name)
