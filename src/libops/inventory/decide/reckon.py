"""The result of a stocktake: a pure function of the frozen list, the scans, and what circulation did meanwhile.

Asked while counting it is the live result; asked after closing it is the final one. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from attrs import evolve, field, frozen

from libops.base.ids import ItemId
from libops.inventory.decide.order import in_place, neighbors_of
from libops.inventory.decide.walk import Read, Walk, seen, walk_the_shelf
from libops.inventory.model import (
    ALARMS,
    ExpectedItem,
    Finding,
    FindingKind,
    OrderCheck,
    Place,
    ShelfItem,
    ShelfMovement,
    ShelfStatus,
    Stocktake,
    StocktakeResult,
    StocktakeScan,
    StocktakeState,
    StocktakeTerms,
)

__all__ = ["ReckonFacts", "reckon"]

KINDS = (*ALARMS, FindingKind.PENDING, FindingKind.UNEXPECTED, FindingKind.MOVED)
REPORT_ORDER = {kind: at for at, kind in enumerate(KINDS)}


@frozen
class ReckonFacts:
    """All that a result rests on.

    `others` are the items, as they are now, whose barcodes were scanned though they were not on the list; `movements`
    what circulation did, since the session was opened, to any item that was expected or scanned.
    """

    session: Stocktake
    expected: Sequence[ExpectedItem]
    scans: Sequence[StocktakeScan]
    others: Sequence[ShelfItem] = ()
    movements: Sequence[ShelfMovement] = ()


@frozen
class _State:
    """What the records said from a moment on."""

    since: datetime | None
    status: ShelfStatus
    place: Place


def _history(item: ShelfItem, movements: Iterable[ShelfMovement]) -> tuple[_State, ...]:
    states = [_State(None, item.status, item.place)]
    for movement in movements:
        place = states[-1].place
        if movement.location is not None:
            place = Place(place.library, movement.location, place.item_type)
        states.append(_State(movement.at, movement.status, place))
    return tuple(states)


def _from(states: Sequence[_State], moment: datetime) -> Sequence[_State]:
    """The state just before that moment and all after it."""
    at = 0
    for number, state in enumerate(states):
        if state.since is None or state.since < moment:
            at = number
    return states[at:]


@frozen
class _Count:
    """One reckoning at work: the facts sorted, and the groups as they fill."""

    facts: ReckonFacts
    walk: Walk
    expected: dict[ItemId, ShelfItem]
    moved: dict[ItemId, list[ShelfMovement]]
    standing: list[ShelfItem]
    orders: list[tuple[str, str, str]]
    misplaced: set[ItemId]
    findings: list[Finding] = field(factory=list)
    flagged: set[ItemId] = field(factory=set)

    def flag(self, finding: Finding) -> None:
        self.findings.append(finding)
        if finding.item is not None and finding.kind in ALARMS:
            self.flagged.add(finding.item.item_id)

    def states_since_scan(self, read: Read) -> Sequence[_State]:
        """What the records said of an item from its scan (less the tolerance of clocks) until now."""
        moment = read.scan.at - timedelta(minutes=self.facts.session.terms.clock_tolerance)
        return _from(_history(read.item, self.moved.get(read.item.item_id, ())), moment)

    def at_rest(self, read: Read) -> bool:
        """Whether there is nothing to ask: an available item of these shelves that circulation left alone.

        Nearly all items are; asking them nothing keeps the result of a large session quick.
        """
        item, here = read.item, self.facts.session.range
        return (
            item.status is ShelfStatus.AVAILABLE
            and item.item_id not in self.moved
            and item.library == here.library
            and here.location in (None, item.location)
            and read.scan.location in (None, item.location)
        )

    def elsewhere(self, read: Read, states: Sequence[_State]) -> bool:
        """Whether the item belongs to other shelves than those it was read on. A list is of any shelves."""
        here, read_at = self.facts.session.range, read.scan.location
        if read_at is None:
            return not here.listed and not any(here.is_here(state.place) for state in states)
        return not any(
            state.place.location == read_at and (here.listed or state.place.library == here.library) for state in states
        )


def _prepare(facts: ReckonFacts) -> _Count:
    expected = {row.item.item_id: row.item for row in facts.expected}
    others = [item for item in facts.others if item.item_id not in expected]
    # The items of a list are not each other's neighbors: the order in which they were met says nothing.
    order_check = OrderCheck.OFF if facts.session.range.listed else facts.session.terms.order_check
    terms = evolve(facts.session.terms, order_check=order_check)
    walk = walk_the_shelf(facts.scans, [*expected.values(), *others], terms)
    moved: dict[ItemId, list[ShelfMovement]] = {}
    for movement in sorted(facts.movements, key=lambda movement: movement.at):
        moved.setdefault(movement.item_id, []).append(movement)
    count = _Count(facts, walk, expected, moved, [], [], set())
    _check_order(count, terms)
    return count


def _belongs(count: _Count, item: ShelfItem) -> bool:
    """Whether an item's place in the order can be checked: it belongs to the range, as listed or by its keys."""
    if item.item_id not in count.expected and not count.facts.session.range.holds(item):
        return False
    read = count.walk.reads[item.item_id]
    if count.at_rest(read):
        return True
    return not count.elsewhere(read, count.states_since_scan(read))


def _check_order(count: _Count, terms: StocktakeTerms) -> None:
    """Lay the lines one behind the other by where most of their items belong, and keep the longest stretch in order."""
    lines = [[item for item in line if _belongs(count, item)] for line in count.walk.lines]
    lines = [line for line in lines if line]
    lines.sort(key=lambda line: sorted(item.order for item in line)[(len(line) - 1) // 2])
    line = [item for part in lines for item in part]
    if terms.order_check is OrderCheck.OFF:
        line.sort(key=lambda item: item.order)
    kept = in_place([item.order for item in line])
    count.standing.extend(line[at] for at in kept)
    count.orders.extend(item.order for item in count.standing)
    count.misplaced.update({item.item_id for item in line} - {item.item_id for item in count.standing})


def _judge_read(count: _Count, read: Read) -> None:
    """All that can be wrong with an item that was read."""
    item, known = read.item, read.item.item_id in count.expected
    if known and read.also is None and item.item_id not in count.misplaced and count.at_rest(read):
        return
    states = count.states_since_scan(read)
    at, where = seen(read.scan), read.scan.location or count.facts.session.range.location
    # A record that is not on the frozen list shows only its present state: what changed after the scan proves nothing.
    settled = known or not count.moved.get(item.item_id)
    if read.also is not None:
        also = seen(read.also)
        count.flag(Finding(kind=FindingKind.DUPLICATE_BARCODE, text=read.scan.text, item=item, seen=at, also_seen=also))
    away = count.elsewhere(read, states) and settled
    if away:
        home = evolve(item, location=states[-1].place.location)
        count.flag(Finding(kind=FindingKind.WRONG_LOCATION, text=read.scan.text, item=home, seen=at, location=where))
    elif _out_of_order(count, read, known):
        between = neighbors_of(item, count.standing, count.orders)
        count.flag(
            Finding(
                kind=FindingKind.MISPLACED, text=read.scan.text, item=item, seen=at, neighbors=between, location=where
            )
        )
    elif not known:
        count.flag(Finding(kind=FindingKind.UNEXPECTED, text=read.scan.text, item=item, seen=at, location=where))
    if settled and not any(state.status.on_shelf for state in states):
        status = states[-1].status
        count.flag(Finding(kind=FindingKind.WRONG_STATUS, text=read.scan.text, item=item, seen=at, status=status))


def _out_of_order(count: _Count, read: Read, known: bool) -> bool:
    here = count.facts.session.range
    strays = not known and not here.listed and not here.spans(read.item.sort_key)
    return read.item.item_id in count.misplaced or strays


def _judge_unread(count: _Count, item: ShelfItem, groups: dict[FindingKind | None, list[ItemId]]) -> None:
    """An expected item that was not read: gone, not come to yet, rightly away, or moved while counting."""
    movements = count.moved.get(item.item_id, ())
    text = item.barcode or item.tag or ""
    if movements:
        groups[FindingKind.MOVED].append(item.item_id)
        count.flag(Finding(kind=FindingKind.MOVED, text=text, item=item, status=movements[-1].status))
    elif not item.on_shelf:
        groups[None].append(item.item_id)
    else:
        kind = FindingKind.PENDING if count.facts.session.state is StocktakeState.COUNTING else FindingKind.MISSING
        groups[kind].append(item.item_id)
        between = neighbors_of(item, count.standing, count.orders)
        count.findings.append(Finding(kind=kind, text=text, item=item, neighbors=between))


def _judge_texts(count: _Count) -> set[ItemId]:
    """Barcodes without a record, and barcodes of two records; returns the items of the latter, which count as read."""
    for text, scan in count.walk.unknown.items():
        count.flag(Finding(kind=FindingKind.UNKNOWN, text=text, seen=seen(scan), location=scan.location))
    shared = set()
    for scan, items in count.walk.shared:
        for item in items:
            other = next(one for one in items if one is not item)
            shared.add(item.item_id)
            count.flag(
                Finding(kind=FindingKind.DUPLICATE_BARCODE, text=scan.text, item=item, also_item=other, seen=seen(scan))
            )
    return shared


def reckon(facts: ReckonFacts, *, at: datetime) -> StocktakeResult:
    """The result of a session as of now: live while it is counted, final once counting was closed.

    An item that left or returned while the session ran is never missing, and one that was on loan when it was
    scanned but has been checked in since is in order.
    """
    count = _prepare(facts)
    shared = _judge_texts(count)
    for read in count.walk.reads.values():
        _judge_read(count, read)
    groups: dict[FindingKind | None, list[ItemId]] = {
        kind: [] for kind in (None, FindingKind.MOVED, FindingKind.PENDING, FindingKind.MISSING)
    }
    found = []
    for item_id, item in count.expected.items():
        if item_id not in count.walk.reads and item_id not in shared:
            _judge_unread(count, item, groups)
        elif item_id not in count.flagged:
            found.append(item_id)
    count.findings.sort(key=lambda one: (REPORT_ORDER[one.kind], one.item.order if one.item else (), one.text))
    return StocktakeResult(
        session_id=facts.session.id,
        at=at,
        final=facts.session.state is not StocktakeState.COUNTING,
        scans=len(facts.scans),
        expected=len(count.expected),
        found=tuple(found),
        pending=tuple(groups[FindingKind.PENDING]),
        away=tuple(groups[None]),
        moved=tuple(groups[FindingKind.MOVED]),
        missing=tuple(groups[FindingKind.MISSING]),
        flagged=tuple(item_id for item_id in count.expected if item_id in count.flagged),
        findings=tuple(count.findings),
    )
