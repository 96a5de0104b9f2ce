"""Accepting the result of a stocktake in one reviewed step, and taking that step back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from attrs import evolve, frozen

from libops.base.answers import Asked, answer
from libops.base.decisions import Decision, Override, Verdict
from libops.base.events import Event
from libops.base.ids import ItemId
from libops.inventory.decide.plan import InventoryPlan
from libops.inventory.decide.reckon import ReckonFacts, reckon
from libops.inventory.decide.stocktake import legal
from libops.inventory.events import CorrectionsApplied, CorrectionsUndone, StocktakeAccepted, StocktakeUndone
from libops.inventory.model import Correction, CorrectionState, ShelfItem, Stocktake, StocktakeAct, StocktakeResult
from libops.inventory.policy import STANDARD_CORRECTIONS, CorrectionTerms, corrections_for
from libops.inventory.reasons import (
    CORRECTION_SUPERSEDED,
    CORRECTION_UNSUPPORTED,
    STOCKTAKE_CHANGED,
    STOCKTAKE_INCOMPLETE,
    STOCKTAKE_WHY_MISSING,
)

__all__ = ["UndoFacts", "accept_stocktake", "undo_stocktake"]

CORRECTIONS_PER_EVENT = 500


@frozen(kw_only=True)
class UndoFacts:
    """For taking a result back: the session, its corrections, and the items they touched as they are now."""

    session: Stocktake
    corrections: Sequence[Correction]
    items: Mapping[ItemId, ShelfItem]


def _asked_to_accept(
    facts: ReckonFacts,
    result: StocktakeResult,
    corrections: Sequence[Correction],
    reviewed: str,
    terms: CorrectionTerms,
) -> list[Asked]:
    supported = {one.key: one for one, _ in corrections_for(result, facts.session.range.library, terms)}
    odd = tuple(correction.key for correction in corrections if supported.get(correction.key) != correction)
    on_shelf = len(result.found) + len(result.flagged) + len(result.missing)
    share = terms.missing_share
    much = share is not None and len(result.missing) * 100 > share * on_shelf
    fresh = result.fingerprint == reviewed
    return [
        ("result can be accepted", legal(facts.session, StocktakeAct.ACCEPT)),
        ("result is the one reviewed", None if fresh else STOCKTAKE_CHANGED(reviewed=reviewed, now=result.fingerprint)),
        ("corrections have a finding", CORRECTION_UNSUPPORTED(corrections=odd) if odd else None),
        ("not too much is missing", STOCKTAKE_INCOMPLETE(missing=len(result.missing), of=on_shelf) if much else None),
    ]


def accept_stocktake(
    facts: ReckonFacts,
    *,
    reviewed: str,
    corrections: Sequence[Correction],
    at: datetime,
    by: str,
    terms: CorrectionTerms = STANDARD_CORRECTIONS,
    override: Override | None = None,
    explain: bool = False,
) -> Decision[InventoryPlan]:
    """Accept a result with the corrections its reviewer chose, all in one step.

    `reviewed` is the fingerprint of the result the reviewer saw; a loan or a late scan in between refuses, so that
    nobody signs what they have not seen. Corrections come from `propose_corrections`, fewer or more of them at will,
    as long as each has its finding.
    """
    result = reckon(facts, at=at)
    session_id = facts.session.id
    chosen = tuple({correction.key: correction for correction in corrections}.values())

    def plan(verdict: Verdict) -> InventoryPlan:
        events: list[Event] = [
            StocktakeAccepted(
                at=at,
                by=by,
                session_id=session_id,
                fingerprint=result.fingerprint,
                found=len(result.found),
                missing=len(result.missing),
                corrections=len(chosen),
                waived=tuple(reason.code for reason in verdict.overridden),
            )
        ]
        for first in range(0, len(chosen), CORRECTIONS_PER_EVENT):
            part = chosen[first : first + CORRECTIONS_PER_EVENT]
            events.append(CorrectionsApplied(at=at, by=by, session_id=session_id, corrections=part))
        return InventoryPlan(tuple(events))

    return answer(_asked_to_accept(facts, result, chosen, reviewed, terms), plan, override=override, explain=explain)


def undo_stocktake(
    facts: UndoFacts, *, why: str, at: datetime, by: str, explain: bool = False
) -> Decision[InventoryPlan]:
    """Take an accepted result back: every corrected item becomes what it was, and the session is under review again.

    An item that has changed again since is left as it is now, and said so.
    """
    applied = [correction for correction in facts.corrections if correction.state is CorrectionState.APPLIED]
    undone, superseded = [], []
    for correction in applied:
        item = facts.items.get(correction.item_id)
        stands = item is not None and correction.stands(item)
        undone.append(evolve(correction, state=CorrectionState.UNDONE if stands else CorrectionState.LEFT))
        if not stands:
            superseded.append(correction.item_id)
    asked: list[Asked] = [
        ("result was accepted", legal(facts.session, StocktakeAct.UNDO)),
        ("reason is given", None if why.strip() else STOCKTAKE_WHY_MISSING(session=facts.session.id)),
        ("items are as corrected", CORRECTION_SUPERSEDED(items=tuple(superseded)) if superseded else None),
    ]
    session_id = facts.session.id
    events: list[Event] = [StocktakeUndone(at=at, by=by, session_id=session_id, why=why)]
    for first in range(0, len(undone), CORRECTIONS_PER_EVENT):
        part = tuple(undone[first : first + CORRECTIONS_PER_EVENT])
        events.append(CorrectionsUndone(at=at, by=by, session_id=session_id, corrections=part))
    return answer(asked, lambda verdict: InventoryPlan(tuple(events)), explain=explain)
