"""What each weeding event changes: the item's case, and its log, which only grows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import evolve

from libops.base.errors import NotFound
from libops.base.events import Change, Changes, Drop, Put, Records
from libops.inventory.events import (
    ItemDisposed,
    ProtectionEnded,
    ProtectionGiven,
    WeedingKept,
    WeedingProposed,
    WithdrawalDecided,
    WithdrawalReversed,
    WithdrawalStepDone,
)
from libops.inventory.events.weeding import WeedingDecided
from libops.inventory.model import Protection, WeedingAct, WeedingCase, WeedingLogEntry, WeedingState

__all__ = ["WEEDING_CHANGES"]


def _logged(event: WeedingDecided, case: WeedingCase, act: WeedingAct, detail: str = "") -> Iterable[Change]:
    entry = WeedingLogEntry(
        item_id=event.item_id,
        number=case.decisions,
        act=act,
        at=event.at,
        by=event.by,
        why=event.why,
        waived=event.waived,
        detail=detail,
    )
    return (Put(case), Put(entry))


def _case(event: WeedingDecided, records: Records, **changes: Any) -> WeedingCase:
    """The item's case as it is after the event, one entry longer."""
    case = records.get(WeedingCase, event.item_id)
    if case is None:
        raise NotFound(f"no weeding case of item {event.item_id!r}: its proposal must be applied first")
    return evolve(case, decisions=case.decisions + 1, **changes)


def proposed(event: WeedingProposed, records: Records) -> Iterable[Change]:
    before = records.get(WeedingCase, event.item_id)
    case = WeedingCase(
        item_id=event.item_id,
        title=event.title,
        call_number=event.call_number,
        bib_id=event.bib_id,
        state=WeedingState.PROPOSED,
        rule=event.rule,
        reasons=event.reasons,
        proposed_at=event.at,
        proposed_by=event.by,
        decisions=1 if before is None else before.decisions + 1,
    )
    return _logged(event, case, WeedingAct.PROPOSE, event.rule)


def kept(event: WeedingKept, records: Records) -> Iterable[Change]:
    case = _case(
        event,
        records,
        state=WeedingState.KEPT,
        decided_at=event.at,
        decided_by=event.by,
        follow_up=event.follow_up,
        review_after=event.review_after,
    )
    return _logged(event, case, WeedingAct.KEEP, event.follow_up.value)


def withdrawn(event: WithdrawalDecided, records: Records) -> Iterable[Change]:
    case = _case(event, records, state=WeedingState.WITHDRAWN, decided_at=event.at, decided_by=event.by)
    return _logged(event, case, WeedingAct.WITHDRAW)


def step_done(event: WithdrawalStepDone, records: Records) -> Iterable[Change]:
    case = _case(event, records)
    return _logged(event, evolve(case, steps=(*case.steps, event.step)), WeedingAct.STEP, event.step.value)


def reversed_(event: WithdrawalReversed, records: Records) -> Iterable[Change]:
    case = _case(event, records, state=WeedingState.KEPT, decided_at=event.at, decided_by=event.by)
    return _logged(event, evolve(case, steps=(), to_reverse=case.steps), WeedingAct.REINSTATE)


def disposed(event: ItemDisposed, records: Records) -> Iterable[Change]:
    case = _case(event, records, state=WeedingState.DISPOSED, disposal=event.way, disposed_at=event.at)
    return _logged(event, case, WeedingAct.DISPOSE, event.way.value)


def protected(event: ProtectionGiven, records: Records) -> Iterable[Change]:
    return (Put(event.protection),)


def unprotected(event: ProtectionEnded, records: Records) -> Iterable[Change]:
    return (Drop(Protection, f"{event.list_name}:{event.subject}"),)


WEEDING_CHANGES: Changes = {
    WeedingProposed: proposed,
    WeedingKept: kept,
    WithdrawalDecided: withdrawn,
    WithdrawalStepDone: step_done,
    WithdrawalReversed: reversed_,
    ItemDisposed: disposed,
    ProtectionGiven: protected,
    ProtectionEnded: unprotected,
}
