"""What each stocktake event changes in the records of this room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import evolve

from libops.base.errors import NotFound
from libops.base.events import Change, Changes, Put, Records
from libops.base.ids import StocktakeId
from libops.inventory.events import (
    CorrectionsApplied,
    CorrectionsUndone,
    CountingClosed,
    CountingReopened,
    ExpectedItemsFrozen,
    ScansRecorded,
    StocktakeAccepted,
    StocktakeCanceled,
    StocktakeOpened,
    StocktakeUndone,
)
from libops.inventory.model import Stocktake, StocktakeDevice, StocktakeState

__all__ = ["STOCKTAKE_CHANGES"]


def _session(records: Records, session_id: StocktakeId, **changes: Any) -> Iterable[Change]:
    session = records.get(Stocktake, session_id)
    if session is None:
        raise NotFound(f"no stocktake {session_id!r}: its opening must be applied first")
    return (Put(evolve(session, **changes)),)


def opened(event: StocktakeOpened, records: Records) -> Iterable[Change]:
    return (Put(event.session),)


def frozen_rows(event: ExpectedItemsFrozen, records: Records) -> Iterable[Change]:
    return [Put(row) for row in event.rows]


def scanned(event: ScansRecorded, records: Records) -> Iterator[Change]:
    for scan in event.scans:
        yield Put(scan)
    before = records.get(StocktakeDevice, f"{event.session_id}:{event.device}")
    last = max(event.scans, key=lambda scan: scan.number)
    if before is not None and before.last_number > last.number:
        number, moment = before.last_number, before.last_at
    else:
        number, moment = last.number, last.at
    count = len(event.scans) + (before.scans if before is not None else 0)
    yield Put(StocktakeDevice(event.session_id, event.device, count, number, moment))


def closed(event: CountingClosed, records: Records) -> Iterable[Change]:
    return _session(records, event.session_id, state=StocktakeState.CLOSED, closed_at=event.at)


def reopened(event: CountingReopened, records: Records) -> Iterable[Change]:
    return _session(records, event.session_id, state=StocktakeState.COUNTING, closed_at=None)


def canceled(event: StocktakeCanceled, records: Records) -> Iterable[Change]:
    return _session(records, event.session_id, state=StocktakeState.CANCELED, canceled_why=event.why)


def accepted(event: StocktakeAccepted, records: Records) -> Iterable[Change]:
    return _session(
        records, event.session_id, state=StocktakeState.ACCEPTED, accepted_at=event.at, accepted_by=event.by
    )


def undone(event: StocktakeUndone, records: Records) -> Iterable[Change]:
    return _session(records, event.session_id, state=StocktakeState.CLOSED, accepted_at=None, accepted_by="")


def corrected(event: CorrectionsApplied | CorrectionsUndone, records: Records) -> Iterable[Change]:
    return [Put(correction) for correction in event.corrections]


STOCKTAKE_CHANGES: Changes = {
    StocktakeOpened: opened,
    ExpectedItemsFrozen: frozen_rows,
    ScansRecorded: scanned,
    CountingClosed: closed,
    CountingReopened: reopened,
    StocktakeCanceled: canceled,
    StocktakeAccepted: accepted,
    StocktakeUndone: undone,
    CorrectionsApplied: corrected,
    CorrectionsUndone: corrected,
}
