"""Hypothesis strategies for the inventory room: shelves, and counted shelves whose errors are known beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from itertools import pairwise
from typing import Any

from attrs import evolve, field, frozen
from hypothesis import strategies as st

from libops.base.ids import BibId, ItemId, LibraryCode, StocktakeId
from libops.inventory.decide import ReckonFacts
from libops.inventory.model import (
    Condition,
    ExpectedItem,
    FindingKind,
    Mustie,
    ShelfItem,
    ShelfMovement,
    ShelfStatus,
    Stocktake,
    StocktakeRange,
    StocktakeScan,
    StocktakeState,
    StocktakeTerms,
    WeedingItem,
)

__all__ = [
    "OPENED",
    "SESSION",
    "SeededError",
    "SeededStocktake",
    "count_shelf",
    "seeded_stocktakes",
    "shelf_item",
    "shelves",
    "walks",
    "weeding_items",
]

OPENED = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
MAIN = LibraryCode("MAIN")
SESSION = StocktakeId("ST-2026-03")
BLOCK = 12
"""Items of one block of shelf; each block holds at most one error, in its middle."""
MIDDLE = 6


class SeededError(Enum):
    """What is wrong in a block of shelf, or only looks wrong."""

    NOTHING = "nothing"
    GONE = "gone"
    TOO_FAR_RIGHT = "too_far_right"
    TOO_FAR_LEFT = "too_far_left"
    STRAY = "stray"
    """An item of another shelving location stands here."""
    ON_LOAN_HERE = "on_loan_here"
    WITHDRAWN_HERE = "withdrawn_here"
    TWO_LABELS = "two_labels"
    """Another thing with the same barcode stands in the next block."""
    NO_RECORD = "no_record"
    AWAY = "away"
    """On loan, and not on the shelf: nothing wrong."""
    BORROWED_BEFORE_SCAN = "borrowed_before_scan"
    BORROWED_AFTER_SCAN = "borrowed_after_scan"
    RETURNED_AND_SCANNED = "returned_and_scanned"
    RETURNED_UNSCANNED = "returned_unscanned"


def shelf_item(number: int, *, status: ShelfStatus = ShelfStatus.AVAILABLE, location: str = "STACKS") -> ShelfItem:
    """The item at a place in the order: 500.0001 comes before 500.0002."""
    text = f"500.{number:04d}"
    return ShelfItem(
        ItemId(f"I-{number:05d}"),
        f"3{number:013d}",
        f"Field Notes, volume {number}",
        text,
        text,
        MAIN,
        location,
        status,
    )


def shelves(*, smallest: int = 0, largest: int = 9, keys: int = 12) -> st.SearchStrategy[list[ShelfItem]]:
    """Shelves as they stand, in any order; some items share a sort key, as copies do."""

    def stand(numbers: Sequence[int]) -> list[ShelfItem]:
        return [evolve(shelf_item(number), item_id=ItemId(f"I-{at}")) for at, number in enumerate(numbers)]

    return st.lists(st.integers(1, keys), min_size=smallest, max_size=largest).map(stand)


KNOWN_OF_A_COPY = st.fixed_dictionaries(
    {
        "published": st.none() | st.integers(1980, 2026),
        "acquired": st.none() | st.dates(date(1990, 1, 1), date(2026, 1, 1)),
        "last_used": st.none() | st.dates(date(2010, 1, 1), date(2026, 3, 1)),
        "uses": st.integers(0, 30),
        "condition": st.none() | st.sampled_from(Condition),
        "mustie": st.sets(st.sampled_from(Mustie), max_size=2).map(tuple),
    }
)


def _copies(titles: Sequence[Sequence[dict[str, Any]]]) -> list[WeedingItem]:
    found = []
    for title, known in enumerate(titles):
        item = evolve(shelf_item(title * 10), bib_id=BibId(f"B-{title}"))
        count = len(known)
        for copy, one in enumerate(known):
            here = evolve(item, item_id=ItemId(f"I-{title}-{copy}"), barcode=f"3{title * 10 + copy:013d}")
            found.append(
                WeedingItem(item=here, copies_in_library=count, copies_in_system=count, copies_in_network=count, **one)
            )
    return found


def weeding_items(*, titles: int = 4, copies: int = 3) -> st.SearchStrategy[list[WeedingItem]]:
    """Items of a few titles with several copies each, old and new, used and unused; all copies of the system."""
    return st.lists(st.lists(KNOWN_OF_A_COPY, min_size=1, max_size=copies), min_size=1, max_size=titles).map(_copies)


@frozen(kw_only=True)
class SeededStocktake:
    """A counted shelf: the facts for its result, and the errors that were put there, by kind and barcode."""

    facts: ReckonFacts
    walks: tuple[tuple[str, ...], ...]
    """Barcodes as they stand on the shelf, by run, in the order of the shelf."""
    seeded: dict[FindingKind, set[str]]
    away: set[ItemId]
    moved: set[ItemId]


@frozen
class _Shelf:
    """A shelf while errors are put on it."""

    items: list[ShelfItem] = field(factory=list)
    others: list[ShelfItem] = field(factory=list)
    blocks: list[list[str]] = field(factory=list)
    seeded: dict[FindingKind, set[str]] = field(factory=dict)
    away: set[ItemId] = field(factory=set)
    moved: set[ItemId] = field(factory=set)
    borrowed: dict[ItemId, bool] = field(factory=dict)
    """Items lent while counting: True when after their scan."""
    returned: set[ItemId] = field(factory=set)

    def seed(self, kind: FindingKind, barcode: str | None) -> None:
        self.seeded.setdefault(kind, set()).add(str(barcode))


TAKEN_OUT = (
    SeededError.GONE,
    SeededError.AWAY,
    SeededError.BORROWED_BEFORE_SCAN,
    SeededError.RETURNED_UNSCANNED,
    SeededError.TOO_FAR_LEFT,
    SeededError.TOO_FAR_RIGHT,
)
AT_START = {
    SeededError.ON_LOAN_HERE: ShelfStatus.ON_LOAN,
    SeededError.WITHDRAWN_HERE: ShelfStatus.WITHDRAWN,
    SeededError.AWAY: ShelfStatus.ON_LOAN,
    SeededError.RETURNED_AND_SCANNED: ShelfStatus.ON_LOAN,
    SeededError.RETURNED_UNSCANNED: ShelfStatus.ON_LOAN,
}


def _stand(shelf: _Shelf, number: int, error: SeededError) -> None:
    """Put one block on the shelf, with its error."""
    first = number * BLOCK
    block = [shelf_item(first + at) for at in range(BLOCK)]
    item = block[MIDDLE] = evolve(block[MIDDLE], status=AT_START.get(error, ShelfStatus.AVAILABLE))
    line = [str(one.barcode) for one in block]
    barcode = line[MIDDLE]
    shelf.items.extend(block)
    shelf.blocks.append(line)
    if error in TAKEN_OUT:
        line.remove(barcode)
    match error:
        case SeededError.GONE:
            shelf.seed(FindingKind.MISSING, barcode)
        case SeededError.TOO_FAR_RIGHT | SeededError.TOO_FAR_LEFT:
            line.insert(MIDDLE + (3 if error is SeededError.TOO_FAR_RIGHT else -3), barcode)
            shelf.seed(FindingKind.MISPLACED, barcode)
        case SeededError.STRAY:
            stray = shelf_item(9000 + number, location="CHILDREN")
            shelf.others.append(stray)
            line.insert(MIDDLE, str(stray.barcode))
            shelf.seed(FindingKind.WRONG_LOCATION, stray.barcode)
        case SeededError.ON_LOAN_HERE | SeededError.WITHDRAWN_HERE:
            shelf.seed(FindingKind.WRONG_STATUS, barcode)
        case SeededError.TWO_LABELS:
            shelf.seed(FindingKind.DUPLICATE_BARCODE, barcode)
        case SeededError.NO_RECORD:
            line.insert(MIDDLE, f"4{number:013d}")
            shelf.seed(FindingKind.UNKNOWN, f"4{number:013d}")
        case SeededError.AWAY:
            shelf.away.add(item.item_id)
        case SeededError.BORROWED_BEFORE_SCAN | SeededError.BORROWED_AFTER_SCAN:
            shelf.borrowed[item.item_id] = error is SeededError.BORROWED_AFTER_SCAN
        case SeededError.RETURNED_AND_SCANNED | SeededError.RETURNED_UNSCANNED:
            shelf.returned.add(item.item_id)
    if error in (SeededError.BORROWED_BEFORE_SCAN, SeededError.RETURNED_UNSCANNED):
        shelf.moved.add(item.item_id)


def _put_twins(shelf: _Shelf) -> None:
    """The second thing with the same barcode stands near the start of the next block."""
    for barcode in sorted(shelf.seeded.get(FindingKind.DUPLICATE_BARCODE, ())):
        home = next(at for at, line in enumerate(shelf.blocks) if barcode in line[MIDDLE - 3 :])
        shelf.blocks[(home + 1) % len(shelf.blocks)].insert(1, barcode)


def walks(
    runs: Sequence[tuple[str, Sequence[str]]], *, opened: datetime = OPENED, session: StocktakeId = SESSION
) -> list[StocktakeScan]:
    """Scans of runs one after another, each by its device; a scan every ten seconds, from an hour after opening."""
    numbers: dict[str, int] = {}
    scans = []
    moment = opened + timedelta(hours=1)
    for at, (device, barcodes) in enumerate(runs):
        for barcode in barcodes:
            numbers[device] = numbers.get(device, 0) + 1
            moment += timedelta(seconds=10)
            scans.append(StocktakeScan(session, device, numbers[device], barcode, moment, f"run {at}"))
    return scans


def _movements(shelf: _Shelf) -> list[ShelfMovement]:
    early, late = OPENED + timedelta(minutes=20), OPENED + timedelta(hours=9)
    borrowed = [
        ShelfMovement(item_id, late if after else early, ShelfStatus.ON_LOAN)
        for item_id, after in shelf.borrowed.items()
    ]
    return borrowed + [ShelfMovement(item_id, early, ShelfStatus.AVAILABLE) for item_id in shelf.returned]


def count_shelf(
    errors: Sequence[SeededError],
    *,
    cuts: Sequence[int] = (),
    overlaps: Sequence[int] = (),
    order: Sequence[int] | None = None,
    devices: Sequence[int] = (1,),
    state: StocktakeState = StocktakeState.CLOSED,
) -> SeededStocktake:
    """A counted shelf with one error in each block of twelve items.

    It is walked in runs cut before the blocks `cuts`; a run goes on `overlaps` items into the next; the runs are walked
    in `order` (their numbers), each by the next of `devices`, again from the first where there are more runs.
    """
    shelf = _Shelf()
    for number, error in enumerate(errors):
        _stand(shelf, number, error)
    _put_twins(shelf)
    runs = []
    for at, (start, end) in enumerate(pairwise(sorted({0, len(errors), *cuts}))):
        line = [barcode for block in shelf.blocks[start:end] for barcode in block]
        if end < len(errors) and at < len(overlaps):
            line += shelf.blocks[end][: overlaps[at]]
        runs.append(tuple(line))
    walked = range(len(runs)) if order is None else order
    scans = walks([(f"wand-{devices[at % len(devices)]}", runs[number]) for at, number in enumerate(walked)])
    session = Stocktake(
        id=SESSION,
        name="Stacks, spring",
        range=StocktakeRange(library=MAIN, location="STACKS"),
        terms=StocktakeTerms(),
        expected=len(shelf.items),
        state=state,
        opened_at=OPENED,
        opened_by="staff-7",
    )
    rows = [ExpectedItem(session_id=SESSION, item=item) for item in shelf.items]
    facts = ReckonFacts(session, rows, scans, shelf.others, _movements(shelf))
    return SeededStocktake(facts=facts, walks=tuple(runs), seeded=shelf.seeded, away=shelf.away, moved=shelf.moved)


@st.composite
def seeded_stocktakes(
    draw: st.DrawFn, *, blocks: int = 5, state: StocktakeState = StocktakeState.CLOSED, devices: int = 2
) -> SeededStocktake:
    """Counted shelves with known errors, scanned by several devices, in runs of any order that may overlap."""
    errors = draw(st.lists(st.sampled_from(SeededError), min_size=2, max_size=blocks))
    cuts = draw(st.sets(st.integers(1, len(errors) - 1)))
    count = len(cuts) + 1
    return count_shelf(
        errors,
        cuts=sorted(cuts),
        overlaps=draw(st.lists(st.integers(0, 4), min_size=count, max_size=count)),
        order=draw(st.permutations(range(count))),
        devices=draw(st.lists(st.integers(1, devices), min_size=count, max_size=count)),
        state=state,
    )
