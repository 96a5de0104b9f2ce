"""What an accepted stocktake really does to items and loans, and how it is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from attrs import evolve

from libops.base.decisions import Decision, Permit, Refuse
from libops.base.events import Event
from libops.base.ids import ItemId, LoanId
from libops.circulation.events import ItemCheckedOut
from libops.circulation.model import ClosedLoan
from libops.desk.circulation.desk import CirculationDesk
from libops.desk.inventory.shelves import placed
from libops.desk.reads import Reads
from libops.desk.shell import Shell
from libops.inventory.decide import InventoryPlan
from libops.inventory.events import CorrectionsApplied, CorrectionsUndone
from libops.inventory.model import Correction, CorrectionKind, CorrectionState, ShelfStatus, Stocktake
from libops.items.events import ItemChanged, ItemReinstated, ItemWithdrawn
from libops.items.model import Item
from libops.storage.kinds import kind_of
from libops.storage.port import Find

__all__ = ["Corrections"]

EVENTS_OF_A_LOAN = 200

Answer = Decision[InventoryPlan]


class Corrections:
    """Turns corrections into events of items and circulation, for the same step."""

    def __init__(self, shell: Shell, circulation: CirculationDesk) -> None:
        self.shell = shell
        self.circulation = circulation

    def lent_before(self, item_id: ItemId, accepted_at: datetime | None) -> ClosedLoan | None:
        """The loan of an item that the accepted result ended, if it can go on: nobody was fined, nobody forgotten."""
        asked = Find(kind_of(ClosedLoan), "by_item", (item_id,), descending=True, limit=1)
        rows = self.shell.storage.read([asked])[0]
        last: ClosedLoan | None = rows[0].record if rows else None
        # A forgotten loan is told to the day or month: the last that is told exactly may be one of long before.
        if last is None or last.closed_at != accepted_at or last.patron_id is None or last.fined is not None:
            return None
        return last

    def carried_out(self, decision: Answer, meaning: Callable[[Correction], Iterator[Event]]) -> Answer:
        """The decision with the events that really change items and loans, in the same step."""
        if isinstance(decision, Refuse):
            return decision
        events = decision.result.events
        changed = [
            each
            for event in events
            if isinstance(event, CorrectionsApplied | CorrectionsUndone)
            for correction in event.corrections
            for each in meaning(correction)
        ]
        return Permit(InventoryPlan((*events, *changed)), decision.alerts, decision.trace)

    def corrected(
        self, correction: Correction, seen: dict[str, Any], reads: Reads, at: datetime, by: str
    ) -> Iterator[Event]:
        """What a correction does to the item and its loan."""
        item = self.item_of(reads, correction)
        match correction.kind:
            case CorrectionKind.MARK_MISSING:
                yield ItemChanged(at, by, evolve(item, missing_since=at), item)
            case CorrectionKind.REINSTATE:
                yield ItemReinstated(at, by, evolve(item, withdrawn_at=None, withdrawn_reason=""))
            case CorrectionKind.CHANGE_LOCATION:
                yield ItemChanged(at, by, placed(item, correction.after_place), item)
            case _:
                # Whoever brought it back did so before it was scanned on its shelf.
                where = seen.get(correction.item_id)
                back = None if where is None else min(where.at, at)
                errand = self.circulation.returning(
                    item.id, correction.after_place.library, by, returned_at=back, found_here=True
                )
                answer = errand.decide(errand.load(reads), at)
                assert isinstance(answer, Permit), answer
                yield from answer.result.events

    def uncorrected(self, correction: Correction, reads: Reads, at: datetime, by: str) -> Iterator[Event]:
        """What taking a correction back does to the item and its loan."""
        if correction.state is not CorrectionState.UNDONE:
            return
        item = self.item_of(reads, correction)
        if correction.kind is CorrectionKind.MARK_MISSING:
            yield ItemChanged(at, by, evolve(item, missing_since=None), item)
        elif correction.kind is CorrectionKind.CHANGE_LOCATION:
            yield ItemChanged(at, by, placed(item, correction.before_place), item)
        elif correction.kind is CorrectionKind.REINSTATE:
            yield ItemWithdrawn(at, by, evolve(item, withdrawn_at=at, withdrawn_reason="stocktake taken back"))
        elif correction.before_status is ShelfStatus.MISSING:
            yield ItemChanged(at, by, evolve(item, missing_since=at), item)
        elif (last := self.lent_before(item.id, self.accepted_at(reads, correction))) is not None:
            lent = self.shell.storage.events(0, EVENTS_OF_A_LOAN, f"loan_id:{last.id}").entries[0].event
            assert isinstance(lent, ItemCheckedOut), lent
            loan_id = LoanId(self.shell.ids())
            loan = evolve(lent.loan, id=loan_id, due=last.due, renewals=last.renewals)
            yield ItemCheckedOut(at, by, loan_id, loan)

    def accepted_at(self, reads: Reads, correction: Correction) -> datetime | None:
        session = reads.get(Stocktake, correction.session_id)
        return None if session is None else session.accepted_at

    def item_of(self, reads: Reads, correction: Correction) -> Item:
        item = reads.get(Item, correction.item_id)
        assert item is not None, f"item {correction.item_id!r} of a correction is gone"
        return item
