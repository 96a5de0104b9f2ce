"""Opening a stocktake, taking in scans, closing, reopening and giving up. Nothing here touches an item's record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from attrs import evolve, frozen

from libops.base.answers import Asked, answer
from libops.base.decisions import Decision, Override, Reason
from libops.base.events import Event
from libops.base.ids import StocktakeId
from libops.inventory.decide.plan import InventoryPlan
from libops.inventory.events import (
    CountingClosed,
    CountingReopened,
    ExpectedItemsFrozen,
    ScansRecorded,
    StocktakeCanceled,
    StocktakeOpened,
)
from libops.inventory.model import (
    STANDARD_TERMS,
    STOCKTAKE_TRANSITIONS,
    ExpectedItem,
    LateScans,
    ShelfItem,
    Stocktake,
    StocktakeAct,
    StocktakeDevice,
    StocktakeRange,
    StocktakeScan,
    StocktakeState,
    StocktakeTerms,
)
from libops.inventory.reasons import (
    SCAN_BEFORE_OPENING,
    SCAN_CLOCK_AHEAD,
    SCAN_FOREIGN,
    SCAN_NUMBER_REUSED,
    STOCKTAKE_CLOSED,
    STOCKTAKE_EMPTY,
    STOCKTAKE_EXISTS,
    STOCKTAKE_ITEM_OUTSIDE,
    STOCKTAKE_OVERLAPS,
    STOCKTAKE_STATE,
    STOCKTAKE_UNLABELED,
    STOCKTAKE_WHY_MISSING,
)

__all__ = [
    "OpenStocktakeFacts",
    "ScanBatchFacts",
    "cancel_stocktake",
    "close_counting",
    "legal",
    "open_stocktake",
    "record_scans",
    "reopen_counting",
]

ROWS_PER_EVENT = 500
"""Expected items in one event: an event stays small enough to be read back one at a time."""
CLOCK_SLACK = timedelta(minutes=2)
"""A device's clock may differ that much before the desk is told."""


@frozen(kw_only=True)
class OpenStocktakeFacts:
    """For opening: what is counted, the items that belong there now, other open sessions, a session of the same id."""

    range: StocktakeRange
    items: Sequence[ShelfItem]
    open_sessions: Sequence[Stocktake] = ()
    same_id: Stocktake | None = None


@frozen(kw_only=True)
class ScanBatchFacts:
    """For a batch: the session, and what is stored already under the keys of the batch's scans."""

    session: Stocktake
    recorded: Mapping[str, StocktakeScan] = {}
    device: StocktakeDevice | None = None


def legal(session: Stocktake, act: StocktakeAct) -> Reason | None:
    """Why an act is not legal in the session's state; None when it is."""
    if act in STOCKTAKE_TRANSITIONS[session.state]:
        return None
    return STOCKTAKE_STATE(session=session.id, state=session.state.value, act=act.value)


def _asked_to_open(facts: OpenStocktakeFacts) -> list[Asked]:
    here, same = facts.range, facts.same_id
    outside = [] if here.listed else [item.item_id for item in facts.items if not here.holds(item)]
    unlabeled = sum(1 for item in facts.items if item.barcode is None and item.tag is None)
    twins = [session.id for session in facts.open_sessions if session.range.overlaps(here)]
    return [
        ("session is new", STOCKTAKE_EXISTS(session=same.id) if same else None),
        ("items belong to the range", STOCKTAKE_ITEM_OUTSIDE(items=tuple(outside)) if outside else None),
        (
            "something is expected",
            None if facts.items else STOCKTAKE_EMPTY(library=here.library, location=here.location),
        ),
        ("shelves are not being counted", STOCKTAKE_OVERLAPS(sessions=tuple(twins)) if twins else None),
        ("items can be scanned", STOCKTAKE_UNLABELED(count=unlabeled) if unlabeled else None),
    ]


def open_stocktake(
    facts: OpenStocktakeFacts,
    *,
    session_id: StocktakeId,
    name: str,
    at: datetime,
    by: str,
    terms: StocktakeTerms = STANDARD_TERMS,
    override: Override | None = None,
    explain: bool = False,
) -> Decision[InventoryPlan]:
    """Open a counting session and freeze its list of expected items, each with its status of now.

    Items on loan, in transit or missing are on the list too, so that one of them standing on the shelf is noticed.
    """
    items = sorted({item.item_id: item for item in facts.items}.values(), key=lambda item: (*item.order, item.item_id))
    session = Stocktake(
        id=session_id,
        name=name,
        range=facts.range,
        terms=terms,
        expected=len(items),
        state=StocktakeState.COUNTING,
        opened_at=at,
        opened_by=by,
    )
    events: list[Event] = [StocktakeOpened(at=at, by=by, session=session)]
    for first in range(0, len(items), ROWS_PER_EVENT):
        rows = [ExpectedItem(session_id=session_id, item=item) for item in items[first : first + ROWS_PER_EVENT]]
        events.append(ExpectedItemsFrozen(at=at, by=by, session_id=session_id, rows=tuple(rows)))
    plan = InventoryPlan(tuple(events))
    return answer(_asked_to_open(facts), lambda verdict: plan, override=override, explain=explain)


def _asked_of_scans(facts: ScanBatchFacts, device: str, scans: Sequence[StocktakeScan], at: datetime) -> list[Asked]:
    session = facts.session
    foreign = [scan.key for scan in scans if (scan.session_id, scan.device) != (session.id, device)]
    taken = {**{scan.number: scan.text for scan in facts.recorded.values() if scan.device == device}}
    reused = sorted({scan.number for scan in scans if taken.setdefault(scan.number, scan.text) != scan.text})
    early = sum(1 for scan in scans if scan.at < session.opened_at)
    ahead = sum(1 for scan in scans if scan.at > at + CLOCK_SLACK)
    late = session.state is StocktakeState.CLOSED and session.terms.late_scans is LateScans.REFUSE
    return [
        ("session takes scans", legal(session, StocktakeAct.SCAN)),
        ("counting goes on", STOCKTAKE_CLOSED(session=session.id, scans=len(scans)) if late else None),
        ("scans are of this batch", SCAN_FOREIGN(scans=tuple(foreign)) if foreign else None),
        ("numbers are the device's own", SCAN_NUMBER_REUSED(device=device, numbers=tuple(reused)) if reused else None),
        ("scans are not older than the session", SCAN_BEFORE_OPENING(device=device, scans=early) if early else None),
        ("scans are not from the future", SCAN_CLOCK_AHEAD(device=device, scans=ahead) if ahead else None),
    ]


def record_scans(
    facts: ScanBatchFacts,
    *,
    device: str,
    scans: Sequence[StocktakeScan],
    at: datetime,
    by: str,
    device_time: datetime | None = None,
    override: Override | None = None,
    explain: bool = False,
) -> Decision[InventoryPlan]:
    """Take in what a device scanned, live or offline. Handing in the same scans again changes nothing.

    `device_time` is what the device's clock shows as it hands the batch in; all times are shifted by how far it is
    off, because loans and returns are told from scans by time.
    """
    shift = at - device_time if device_time is not None else timedelta(0)
    moved = [evolve(scan, text=scan.text.strip(), at=scan.at + shift) for scan in scans]
    fresh = sorted(
        {scan.key: scan for scan in moved if scan.key not in facts.recorded}.values(), key=lambda scan: scan.number
    )
    event = ScansRecorded(at=at, by=by, session_id=facts.session.id, device=device, scans=tuple(fresh))
    plan = InventoryPlan((event,) if fresh else ())
    return answer(_asked_of_scans(facts, device, moved, at), lambda verdict: plan, override=override, explain=explain)


def close_counting(session: Stocktake, *, at: datetime, by: str, explain: bool = False) -> Decision[InventoryPlan]:
    """End counting: what was not scanned by now is missing."""
    plan = InventoryPlan((CountingClosed(at=at, by=by, session_id=session.id),))
    return answer([("counting goes on", legal(session, StocktakeAct.CLOSE))], lambda verdict: plan, explain=explain)


def reopen_counting(session: Stocktake, *, at: datetime, by: str, explain: bool = False) -> Decision[InventoryPlan]:
    """Go on counting, for a shelf that was forgotten."""
    plan = InventoryPlan((CountingReopened(at=at, by=by, session_id=session.id),))
    return answer([("counting is closed", legal(session, StocktakeAct.REOPEN))], lambda verdict: plan, explain=explain)


def cancel_stocktake(
    session: Stocktake, *, why: str, at: datetime, by: str, explain: bool = False
) -> Decision[InventoryPlan]:
    """Give a session up; its scans stay for the record and change nothing."""
    asked: list[Asked] = [
        ("session can be given up", legal(session, StocktakeAct.CANCEL)),
        ("reason is given", None if why.strip() else STOCKTAKE_WHY_MISSING(session=session.id)),
    ]
    plan = InventoryPlan((StocktakeCanceled(at=at, by=by, session_id=session.id, why=why),))
    return answer(asked, lambda verdict: plan, explain=explain)
