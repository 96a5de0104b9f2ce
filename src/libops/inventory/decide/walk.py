"""From scans to a walk along the shelf: who was read where, once each, whatever the device and the order of the runs.

A run is what one device read without leaving the shelf. Runs may come in any order; where they overlap they are put
together to one line. An item read twice counts once, unless its two readings have no neighbor in
common: then two things carry its barcode, or it was moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from attrs import field, frozen

from libops.inventory.model import OrderCheck, RepeatedScan, Seen, ShelfItem, StocktakeScan, StocktakeTerms

__all__ = ["Read", "Walk", "seen", "walk_the_shelf"]

NEAR = 3
"""How many readings to either side make up the surroundings of a reading: a loan or two may change the next ones."""

Spot = tuple[int, int]
"""A reading: the number of its run and its position in it."""


@frozen
class Read:
    """An item as it was read: the scan that counts, and the other one when it stands at two places."""

    item: ShelfItem
    scan: StocktakeScan
    also: StocktakeScan | None = None


@frozen
class Walk:
    """All that was read. `lines` are the items as they stand side by side, each once, without those of two places."""

    reads: Mapping[str, Read]
    lines: tuple[tuple[ShelfItem, ...], ...]
    unknown: Mapping[str, StocktakeScan]
    shared: tuple[tuple[StocktakeScan, tuple[ShelfItem, ...]], ...]
    """Barcodes that more than one record carries, with the scan that showed them."""


@frozen
class _Readings:
    """The runs as texts, and for each text the spots where it was read."""

    runs: Sequence[Sequence[StocktakeScan]]
    texts: Sequence[Sequence[str]]
    spots: dict[str, list[Spot]] = field(factory=dict)

    def scan(self, spot: Spot) -> StocktakeScan:
        return self.runs[spot[0]][spot[1]]

    def side(self, spot: Spot, step: int) -> Sequence[str]:
        run, at = spot
        texts = self.texts[run]
        return texts[max(0, at - NEAR) : at] if step < 0 else texts[at + 1 : at + 1 + NEAR]

    def same_place(self, one: Spot, other: Spot) -> bool:
        """Whether two readings can be of one place: a common neighbor, or no side known of both."""
        before = self.side(one, -1), self.side(other, -1)
        behind = self.side(one, 1), self.side(other, 1)
        if {*before[0], *behind[0]} & {*before[1], *behind[1]}:
            return True
        return not (all(before) or all(behind))


def _runs(scans: Iterable[StocktakeScan], terms: StocktakeTerms) -> list[list[StocktakeScan]]:
    """Scans by device and number, split where the device says that a run starts, or after a long pause."""
    pause = None if terms.new_run_after is None else timedelta(seconds=terms.new_run_after)
    runs: list[list[StocktakeScan]] = []
    last: StocktakeScan | None = None
    for scan in sorted(scans, key=lambda scan: (scan.device, scan.number)):
        if last is None or (scan.device, scan.run) != (last.device, last.run) or (pause and scan.at - last.at >= pause):
            runs.append([])
        if not (runs[-1] and runs[-1][-1].text == scan.text):
            runs[-1].append(scan)
        last = scan
    return runs


def _read_all(runs: Sequence[Sequence[StocktakeScan]]) -> _Readings:
    readings = _Readings(runs, [[scan.text for scan in run] for run in runs])
    for number, texts in enumerate(readings.texts):
        for position, text in enumerate(texts):
            readings.spots.setdefault(text, []).append((number, position))
    return readings


def _places(spots: Sequence[Spot], readings: _Readings, terms: StocktakeTerms) -> list[list[Spot]]:
    """The readings of one text, by place."""
    if len(spots) == 1 or terms.order_check is OrderCheck.OFF:
        return [list(spots)]
    places: list[list[Spot]] = []
    for spot in spots:
        for place in places:
            if any(readings.same_place(spot, other) for other in place):
                place.append(spot)
                break
        else:
            places.append([spot])
    return places


def _by_text(items: Iterable[ShelfItem]) -> dict[str, list[ShelfItem]]:
    """Items by barcode and by tag."""
    found: dict[str, list[ShelfItem]] = {}
    for item in items:
        if item.barcode:
            found.setdefault(item.barcode, []).append(item)
        if item.tag and item.tag != item.barcode:
            found.setdefault(item.tag, []).append(item)
    return found


@frozen
class _Lines:
    """Lines of items as they stand, put together from overlapping runs: next to each item what was read next to it."""

    behind: dict[str, str | None] = field(factory=dict)
    before: dict[str, str | None] = field(factory=dict)

    def __contains__(self, item_id: str) -> bool:
        return item_id in self.behind

    def put(self, item_id: str, *, after: str | None = None, before: str | None = None) -> None:
        """Put an item behind or before one that stands already, or alone as a new line."""
        if after is not None:
            before = self.behind[after]
        elif before is not None:
            after = self.before[before]
        self.before[item_id], self.behind[item_id] = after, before
        if after is not None:
            self.behind[after] = item_id
        if before is not None:
            self.before[before] = item_id

    def add_run(self, run: Iterable[str]) -> None:
        last: str | None = None
        waiting: dict[str, None] = {}
        for item_id in run:
            if item_id in self:
                for one in waiting:
                    self.put(one, before=item_id)
                waiting.clear()
                last = item_id
            elif last is None:
                waiting[item_id] = None
            else:
                self.put(item_id, after=last)
                last = item_id
        for one in waiting:
            self.put(one, after=last)
            last = one

    def each(self) -> Iterator[list[str]]:
        for first in [item_id for item_id, before in self.before.items() if before is None]:
            line: list[str] = []
            at: str | None = first
            while at is not None:
                line.append(at)
                at = self.behind[at]
            yield line


def walk_the_shelf(scans: Iterable[StocktakeScan], items: Iterable[ShelfItem], terms: StocktakeTerms) -> Walk:
    """Reduce all scans of a session to one walk; `items` are all whose barcode or tag may have been read."""
    readings = _read_all(_runs(scans, terms))
    carriers = _by_text(items)
    # The longest run says how things stand; shorter ones add to it what it has not read.
    by_length = sorted(range(len(readings.runs)), key=lambda number: (-len(readings.runs[number]), number))
    rank = {number: at for at, number in enumerate(by_length)}
    reads: dict[str, Read] = {}
    standing: dict[Spot, str] = {}
    unknown: dict[str, StocktakeScan] = {}
    shared = []
    for text, spots in readings.spots.items():
        places = _places(spots, readings, terms)
        if terms.repeated_scan is RepeatedScan.LAST_COUNTS:
            places = [max(places, key=lambda place: max(readings.scan(spot).at for spot in place))]
        scan = readings.scan(min(places[0], key=lambda spot: (rank[spot[0]], spot[1])))
        carrying = carriers.get(text, [])
        if not carrying:
            unknown[text] = scan
        elif len(carrying) > 1:
            shared.append((scan, tuple(carrying)))
        else:
            item = carrying[0]
            also = readings.scan(places[1][0]) if len(places) > 1 else None
            reads.setdefault(item.item_id, Read(item, scan, also))
            if also is None:
                standing.update(dict.fromkeys(places[0], item.item_id))
    lines = _Lines()
    for number in by_length:
        spots = [(number, at) for at in range(len(readings.runs[number]))]
        lines.add_run(standing[spot] for spot in spots if spot in standing)
    return Walk(reads, tuple(tuple(reads[one].item for one in line) for line in lines.each()), unknown, tuple(shared))


def seen(scan: StocktakeScan) -> Seen:
    """Where and when a scan was made."""
    return Seen(scan.device, scan.run, scan.number, scan.at)
