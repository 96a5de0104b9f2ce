"""Stocktakes at the desk: opened, scanned from several devices, looked at, accepted in one step, taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve

from libops.base.decisions import Decision, Override, Permit, Reason, Refuse
from libops.base.errors import NotFound
from libops.base.holders import BarcodeUse, Holder
from libops.base.ids import LibraryCode, StocktakeId
from libops.circulation.model import Loan
from libops.classification import SCHEMES
from libops.desk.circulation.desk import CirculationDesk
from libops.desk.holders import Holders
from libops.desk.inventory.corrections import Corrections
from libops.desk.inventory.shelves import Shelves
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.inventory import decide
from libops.inventory.decide import (
    InventoryPlan,
    OpenStocktakeFacts,
    ReckonFacts,
    ScanBatchFacts,
    UndoFacts,
    reckon,
)
from libops.inventory.events import ScansRecorded
from libops.inventory.model import (
    Correction,
    CorrectionKind,
    ExpectedItem,
    Stocktake,
    StocktakeDevice,
    StocktakeRange,
    StocktakeResult,
    StocktakeScan,
    StocktakeState,
)
from libops.inventory.policy import InventoryPolicy, propose_corrections
from libops.items.model import Item
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get

__all__ = ["StocktakeDesk"]

SCANS_AT_ONCE = 1_000

Answer = Decision[InventoryPlan]


class StocktakeDesk:
    """Counting sessions. Acts return `Permit` with the session as it now is, or `Refuse` with every reason.

    `session` is an identifier; one that is not there raises `NotFound`. What its state does not allow is refused with
    `stocktake.wrong_state`: scans are taken while it counts and until it is accepted.

    >>> import libops
    >>> from libops.testing.sample_library import ITEMS, sample_library
    >>> ops = libops.open()
    >>> sample_library(ops)
    >>> spring = ops.inventory.open_stocktake(name="Spring").result
    >>> scanned = ops.inventory.scan(spring.id, [barcode for barcode, _ in ITEMS], device="wand")
    >>> closed = ops.inventory.close_counting(spring.id)
    >>> result = ops.inventory.result(spring.id)
    >>> len(result.found), result.alarms, ops.inventory.proposed(result)
    (6, (), ())
    >>> ops.inventory.accept_stocktake(spring.id, reviewed=result.fingerprint).result.state.value
    'accepted'
    """

    def __init__(
        self,
        shell: Shell,
        policy: InventoryPolicy,
        library: LibraryCode,
        holders: Holders,
        shelves: Shelves,
        circulation: CirculationDesk,
    ) -> None:
        self.shell = shell
        self.policy = policy
        self.library = library
        self.holders = holders
        self.shelves = shelves
        self.circulation = circulation
        self.zone = circulation.book.calendar(library).zone_info
        self.corrections = Corrections(shell, circulation)

    def scope(
        self, *, library: str | None = None, location: str | None = None, call_numbers: str = ""
    ) -> StocktakeRange:
        """A range to count: a library, a shelving location there, a stretch of call numbers such as `500-599`.

        The stretch is written in the scheme of the settings (`inventory.scheme`) and ends with all that its last number
        covers; a single number, `595`, is all that it covers. Numbers with hyphens are set apart by `..`:
        `SF-KAL .. SF-MUS`. Raises `InvalidValue` for one that runs backward, or that may be meant in two ways.
        """
        scheme, filing = SCHEMES.filing(self.policy.scheme), self.shell.filing
        keys = scheme.stretch(call_numbers, policy=filing) if call_numbers else None
        place = LibraryCode(library or self.library)
        return StocktakeRange(library=place, location=location, keys=keys, call_numbers=call_numbers)

    def open_stocktake(
        self,
        *,
        name: str,
        library: str | None = None,
        location: str | None = None,
        call_numbers: str = "",
        items: Sequence[str] | None = None,
        id: str | None = None,
        by: str = "desk",
        override: Override | None = None,
    ) -> Decision[Stocktake]:
        """Open a session and freeze the list of what should stand there.

        Args:
            name: what people call it.
            library: where; this desk's library when left out.
            location: one of its shelving locations; all when left out.
            call_numbers: a stretch, as `500-599` (see `scope`); all when left out.
            items: a list of barcodes or identifiers to count, in place of a stretch of shelf.
            id: the identifier of the session; made when left out.
            by: who opens it.
            override: reasons set aside, such as `stocktake.overlaps`.

        Refused: `stocktake.exists`; to be confirmed: `stocktake.nothing_expected`, `stocktake.overlaps`. Items that
        nobody can scan are told by an alert, `stocktake.items_without_barcode`. Raises `NotFound` for an item of the
        list that is none, `InvalidValue` for a stretch that runs backward.
        """
        scope = self.scope(library=library, location=location, call_numbers=call_numbers)
        session_id = StocktakeId(self.shell.ids() if id is None else id)

        def load(reads: Reads) -> OpenStocktakeFacts:
            counted, listed = scope, items is not None
            if listed:
                counted = evolve(scope, listed=True)
            found = (
                self.shelves.by_id(self.holders.item_or_raise(reads, text).id for text in items or ())
                if listed
                else self.shelves.of_range(counted)
            )
            return OpenStocktakeFacts(
                range=counted,
                items=found,
                open_sessions=reads.find(Stocktake, "by_state", StocktakeState.COUNTING),
                same_id=reads.get(Stocktake, session_id),
            )

        def ask(facts: OpenStocktakeFacts, at: datetime) -> Answer:
            return decide.open_stocktake(
                facts,
                session_id=session_id,
                name=name,
                at=at,
                by=by,
                terms=self.policy.stocktake,
                override=override,
            )

        return self.session_act(session_id, load, ask)

    def record_scans(
        self,
        session: str,
        *,
        device: str,
        scans: Sequence[StocktakeScan],
        device_time: datetime | None = None,
        by: str = "desk",
    ) -> Decision[int]:
        """Take in what a device scanned; handed in twice it counts once.

        `device_time` is what the device's clock shows as it hands them in: its scans are moved by how far it is off.
        Returns `Permit` with how many scans were new. A batch of any length is written a thousand at a time, so that
        one that breaks off is handed in again from its start, and goes on where it stopped.

        Refused: `scan.of_another_batch` for another session or device, `scan.number_reused`, and `stocktake.late_scans`
        where the terms take none after counting. A clock that looks wrong is told by alerts: `scan.before_opening`,
        `scan.clock_ahead`.
        """
        new = 0
        alerts: tuple[Reason, ...] = ()
        for start in range(0, max(len(scans), 1), SCANS_AT_ONCE):
            part = scans[start : start + SCANS_AT_ONCE]
            answer = self.record_part(session, device, part, device_time, by)
            if isinstance(answer, Refuse):
                return answer
            new += answer.result
            alerts += tuple(alert for alert in answer.alerts if alert not in alerts)
        return Permit(new, alerts)

    def scan(
        self,
        session: str,
        texts: Sequence[str],
        *,
        device: str,
        run: str = "",
        location: str | None = None,
        by: str = "desk",
    ) -> Decision[int]:
        """Take in barcodes or tags as they are scanned, numbered on from the device's last one; refused as
        `record_scans`.

        `run` names the stretch of shelf that is walked, `location` the shelving location the device is set to. Returns
        `Permit` with how many were taken in.
        """
        known, at = self.device(session, device), self.shell.clock()
        first = 1 if known is None else known.last_number + 1
        scans = [
            StocktakeScan(StocktakeId(session), device, first + place, text, at, run, location)
            for place, text in enumerate(texts)
        ]
        return self.record_scans(session, device=device, scans=scans, by=by)

    def close_counting(self, session: str, *, by: str = "desk") -> Decision[Stocktake]:
        """End counting: what should be on the shelf and was not scanned by now is missing. No record of an item is
        changed.
        """
        return self.simple(session, lambda facts, at: decide.close_counting(facts, at=at, by=by))

    def reopen_counting(self, session: str, *, by: str = "desk") -> Decision[Stocktake]:
        """Go on counting after `close_counting`, for a shelf that was forgotten."""
        return self.simple(session, lambda facts, at: decide.reopen_counting(facts, at=at, by=by))

    def cancel_stocktake(self, session: str, *, why: str, by: str = "desk") -> Decision[Stocktake]:
        """Give a session up that is not accepted; nothing is changed by it. Refused: `stocktake.why_missing`."""
        return self.simple(session, lambda facts, at: decide.cancel_stocktake(facts, why=why, at=at, by=by))

    def result(self, session: str) -> StocktakeResult:
        """What was found so far; the final result once counting is closed. Nothing is written.

        Every expected item is in one of its groups (`found`, `missing`, `away` ...); `findings` say what is wrong with
        which item. `libops.inventory.report` makes a page or a spreadsheet of it.
        """
        reads = Reads(self.shell.storage)
        found = reckon(self.reckon_facts(self.session_or_raise(reads, session)), at=self.shell.clock())
        return evolve(found, zone=self.zone)

    def proposed(self, result: StocktakeResult) -> tuple[Correction, ...]:
        """The corrections that the library's terms (`inventory.corrections`) propose for a result: the reviewer takes
        out or adds.
        """
        library = self.stocktake(result.session_id).range.library
        return propose_corrections(result, library, self.policy.corrections)

    def accept_stocktake(
        self,
        session: str,
        *,
        reviewed: str,
        corrections: Sequence[Correction] | None = None,
        by: str = "desk",
        override: Override | None = None,
    ) -> Decision[Stocktake]:
        """Accept a result and correct the records, all in one step.

        Args:
            session: the session, whose counting is closed.
            reviewed: the `fingerprint` of the result that was looked at; refused when it is another by now.
            corrections: those chosen; what the library's terms propose when left out.
            by: who accepts.
            override: reasons set aside, such as `stocktake.much_missing`.

        Refused: `stocktake.changed_since_review`, `correction.unsupported` for one that no finding asks for; to be
        confirmed: `stocktake.much_missing` above the share of `inventory.corrections.missing_share`, in percent.
        """

        def load(reads: Reads) -> Any:
            facts = self.reckon_facts(self.session_or_raise(reads, session))
            result = reckon(facts, at=self.shell.clock())
            chosen = self.proposed(result) if corrections is None else tuple(corrections)
            seen = {finding.item.item_id: finding.seen for finding in result.findings if finding.item is not None}
            for correction in chosen:
                reads.load(Get(kind_of(Item), correction.item_id), Get(kind_of(Loan), correction.item_id))
            return facts, chosen, seen, reads

        def ask(facts: Any, at: datetime) -> Answer:
            known, chosen, seen, reads = facts
            decision = decide.accept_stocktake(
                known,
                reviewed=reviewed,
                corrections=chosen,
                at=at,
                by=by,
                terms=self.policy.corrections,
                override=override,
            )
            return self.corrections.carried_out(
                decision, lambda one: self.corrections.corrected(one, seen, reads, at, by)
            )

        return self.session_act(session, load, ask)

    def undo_stocktake(self, session: str, *, why: str, by: str = "desk") -> Decision[Stocktake]:
        """Take an accepted result back: every item becomes what it was, unless it has changed again since.

        A loan that was ended goes on under its terms; one that was fined in the meantime stays ended. What is left as
        it is now is told by an alert, `correction.superseded`. Refused: `stocktake.why_missing`.
        """

        def load(reads: Reads) -> Any:
            found = self.session_or_raise(reads, session)
            corrections = reads.find(Correction, "by_session", session)
            items = {item.item_id: item for item in self.shelves.by_id(one.item_id for one in corrections)}
            for one in corrections:
                reads.load(Get(kind_of(Item), one.item_id), Get(kind_of(Loan), one.item_id))
                lent = self.corrections.lent_before(one.item_id, found.accepted_at)
                if one.kind is CorrectionKind.CHECK_IN and lent is None:
                    items.pop(one.item_id, None)
            return UndoFacts(session=found, corrections=corrections, items=items), reads

        def ask(facts: Any, at: datetime) -> Answer:
            decision = decide.undo_stocktake(facts[0], why=why, at=at, by=by)
            return self.corrections.carried_out(
                decision, lambda one: self.corrections.uncorrected(one, facts[1], at, by)
            )

        return self.session_act(session, load, ask)

    def stocktake(self, session: str) -> Stocktake:
        """The session with this identifier. Raises `NotFound`."""
        return self.session_or_raise(Reads(self.shell.storage), session)

    def stocktakes(self, state: StocktakeState = StocktakeState.COUNTING) -> list[Stocktake]:
        """The sessions of a state, the oldest first."""
        return Reads(self.shell.storage).find(Stocktake, "by_state", state)

    def device(self, session: str, device: str) -> StocktakeDevice | None:
        """How far a device has come in a session, with its `last_number`; None when it handed in nothing."""
        return Reads(self.shell.storage).get(StocktakeDevice, f"{session}:{device}")

    # --- loading --------------------------------------------------------------------------------------------------

    def reckon_facts(self, session: Stocktake) -> ReckonFacts:
        storage = self.shell.storage
        expected, scans = (
            [row.record for row in rows]
            for rows in storage.read(
                [
                    Find(kind_of(ExpectedItem), "by_session", (session.id,)),
                    Find(kind_of(StocktakeScan), "by_session", (session.id,)),
                ]
            )
        )
        listed = {text for row in expected for text in (row.item.barcode, row.item.tag) if text}
        others = self.shelves.by_id(
            use.holder_id
            for use in self.shelves.gets(BarcodeUse, list(dict.fromkeys(s.text for s in scans if s.text not in listed)))
            if use is not None and use.holder is Holder.ITEM
        )
        ids = [row.item.item_id for row in expected] + [item.item_id for item in others]
        return ReckonFacts(session, expected, scans, others, tuple(self.shelves.movements(ids, session.opened_at)))

    def record_part(
        self, session: str, device: str, scans: Sequence[StocktakeScan], device_time: datetime | None, by: str
    ) -> Decision[int]:
        def load(reads: Reads) -> ScanBatchFacts:
            known = reads.load(*[Get(kind_of(StocktakeScan), scan.key) for scan in scans])
            return ScanBatchFacts(
                session=self.session_or_raise(reads, session),
                recorded={scan.key: scan for scan in known if scan is not None},
                device=reads.get(StocktakeDevice, f"{session}:{device}"),
            )

        def ask(facts: ScanBatchFacts, at: datetime) -> Answer:
            return decide.record_scans(facts, device=device, scans=scans, at=at, by=by, device_time=device_time)

        def receive(plan: InventoryPlan, facts: Any, at: datetime, alerts: tuple[Reason, ...]) -> int:
            return sum(len(event.scans) for event in plan.events if isinstance(event, ScansRecorded))

        return self.shell.act(Errand(load, ask, receive))

    def simple(self, session: str, ask: Callable[[Stocktake, datetime], Answer]) -> Decision[Stocktake]:
        return self.session_act(session, lambda reads: self.session_or_raise(reads, session), ask)

    def session_act(
        self, session: str, load: Callable[[Reads], Any], ask: Callable[[Any, datetime], Answer]
    ) -> Decision[Stocktake]:
        return self.shell.act(Errand(load, ask, lambda plan, facts, at, alerts: self.stocktake(session)))

    def session_or_raise(self, reads: Reads, session: str) -> Stocktake:
        found = reads.get(Stocktake, session)
        if found is None:
            raise NotFound(f"no stocktake has the identifier {session!r}")
        return found
