"""The back room at the desk: material received, its steps, problems, accession numbers, shelved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from attrs import evolve

from libops.base.decisions import Decision, Override, Permit, Reason, Refuse
from libops.base.errors import InvalidValue
from libops.base.ids import ItemId, LibraryCode
from libops.catalog.model import BibRecord
from libops.circulation.policy.book import CirculationBook
from libops.desk.arguments import checks_arguments
from libops.desk.holders import Holders
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.items.events import ItemChanged
from libops.items.model import Item
from libops.processing import decide
from libops.processing.decide import AccessionFacts, LabelText, PreparationFacts, ProcessingPlan
from libops.processing.events import AccessionNumberGiven
from libops.processing.model import AccessionNumber, AccessionSeries, Preparation, PreparationState, ProblemKind
from libops.processing.policy import ProcessingPolicy

__all__ = ["ProcessingDesk"]

Answer = Decision[ProcessingPlan]


@checks_arguments()
class ProcessingDesk:
    """New material. Acts return `Permit` with the preparation as it now is, or `Refuse` with every reason.

    `item` is a barcode or an identifier. Every act but `receive` is refused with `item.not_in_processing` for an item
    that was not received, with `preparation.act_not_legal` for what its state does not allow, and with
    `preparation.before_last_change` for what is said to be earlier than the last act; all are with `barcode.no_item`
    for an item that nobody knows. The settings need a table `processing`, even an empty one.

    >>> import libops
    >>> from libops.desk.settings.loading import default_settings
    >>> from libops.testing.sample_library import ITEMS, sample_library
    >>> ops, new = libops.open(settings={**default_settings().canonical(), "processing": {}}), ITEMS[0][0]
    >>> sample_library(ops)
    >>> ops.processing.receive(new, checklist="book").result.state.value
    'received'
    >>> [reason.code for reason in ops.processing.do_step(new, step="barcode").reasons]
    ['step.too_early']
    >>> ops.processing.do_step(new, step="quality_check").result.state.value
    'in_process'
    """

    def __init__(
        self,
        shell: Shell,
        book: CirculationBook,
        policy: ProcessingPolicy | None,
        library: LibraryCode,
        holders: Holders,
    ) -> None:
        if policy is None:
            raise InvalidValue("the settings have no table [processing]: add one, an empty one will do")
        self.shell = shell
        self.book = book
        self.policy = policy
        self.library = library
        self.holders = holders

    def receive(self, item: str, *, checklist: str, pieces: int = 1, by: str = "desk") -> Decision[Preparation]:
        """Take an item in; it is not lent until its checklist says so.

        Args:
            item: its barcode or identifier.
            checklist: that of its material, by the name in the settings; shipped are `book`, `disc`, `kit` and others.
            pieces: how many parts belong to it, 1 or more.
            by: who does it, for the log.

        Refused: `preparation.open` while it is in processing or on its shelf, `checklist.unknown`. What was sent back
        may come again.
        """
        return self.work(
            item,
            lambda facts, at, item_id: decide.receive(
                facts,
                item_id=item_id,
                library=self.library,
                checklist=checklist,
                at=at,
                by=by,
                policy=self.policy,
                pieces=pieces,
            ),
        )

    def do_step(
        self, item: str, *, step: str, by: str = "desk", override: Override | None = None
    ) -> Decision[Preparation]:
        """Write down that a step was done, by its code on the checklist; with the last required one the item is ready.

        Refused: `step.not_on_checklist`, `step.done_already`; without a right `step.too_early` when another comes
        first, and `step.forbidden` where the material must not be treated so.
        """
        return self.work(
            item,
            lambda facts, at, _: decide.do_step(facts, step=step, at=at, by=by, policy=self.policy, override=override),
        )

    def do_batch(self, items: Sequence[str], *, step: str, by: str = "desk") -> list[tuple[str, Decision[Preparation]]]:
        """One step for a cart of items, scan by scan; one refusal stops no other.

        Returns each scan with its answer, in order. An item scanned twice is refused the second time,
        `step.done_already`.
        """
        return [(item, self.do_step(item, step=step, by=by)) for item in items]

    def skip_step(
        self, item: str, *, step: str, why: str, by: str = "desk", override: Override | None = None
    ) -> Decision[Preparation]:
        """Write down that a step was left out, and why; it counts as done.

        Refused: `step.not_on_checklist`, `step.done_already`, `step.reason_missing` unless the checklist lets it be
        skipped freely; without the right `processing.skip_required` one that is never skipped, `step.not_skippable`.
        """
        return self.work(
            item,
            lambda facts, at, _: decide.skip_step(
                facts, step=step, why=why, at=at, by=by, policy=self.policy, override=override
            ),
        )

    def undo_step(self, item: str, *, step: str, why: str, by: str = "desk") -> Decision[Preparation]:
        """A step that was done or skipped has to be done again. Refused: `step.not_done`, `step.reason_missing`."""
        return self.work(
            item, lambda facts, at, _: decide.undo_step(facts, step=step, why=why, at=at, by=by, policy=self.policy)
        )

    def count_pieces(
        self, item: str, *, counted: int, by: str = "desk", override: Override | None = None
    ) -> Decision[Preparation]:
        """Write down how many parts were counted.

        Refused when it is not what `receive` was told: `pieces.differ`, which the right `processing.accept_pieces`
        lifts.
        """
        return self.work(
            item,
            lambda facts, at, _: decide.count_pieces(facts, counted=counted, at=at, by=by, override=override),
        )

    def final_scan(
        self, item: str, *, seen: LabelText, by: str = "desk", override: Override | None = None
    ) -> Decision[Preparation]:
        """Compare what the finished item says with its record; agreeing, the last step, `final_scan`, is done.

        `seen` are the texts that were read; those left out are not compared, and neither are blanks and capitals.
        Refused: `label.differs` for each that differs, which the right `processing.accept_label` lifts; and as
        `do_step`.
        """

        def ask(facts: PreparationFacts, at: datetime, item_id: ItemId) -> Answer:
            return decide.final_scan(
                facts,
                seen=seen,
                recorded=self.recorded(item_id),
                at=at,
                by=by,
                policy=self.policy,
                override=override,
            )

        return self.work(item, ask)

    def raise_problem(self, item: str, *, kind: ProblemKind, note: str = "", by: str = "desk") -> Decision[Preparation]:
        """Set material aside and say what is wrong; for `no_copy_found` the day of the next search is set."""
        return self.work(
            item,
            lambda facts, at, _: decide.raise_problem(
                facts, kind=kind, at=at, by=by, policy=self.policy, today=self.today(at), note=note
            ),
        )

    def resolve_problem(self, item: str, *, place: int = 0, resolution: str, by: str = "desk") -> Decision[Preparation]:
        """Settle a problem; `place` is its place among the item's problems, from 0, settled ones counted.

        With the last one settled the item goes on where its steps left it. Refused: `problem.not_open`.
        """
        return self.work(
            item,
            lambda facts, at, _: decide.resolve_problem(
                facts, place=place, resolution=resolution, at=at, by=by, policy=self.policy
            ),
        )

    def search_again(self, item: str, *, place: int = 0, by: str = "desk") -> Decision[Preparation]:
        """A record to copy was searched for again in vain: the day of the next search is set.

        After as many searches as `processing.search_limit` says no other is, and this is told by an alert,
        `problem.search_limit`. Refused: `problem.not_open` for a problem of another kind.
        """
        return self.work(
            item,
            lambda facts, at, _: decide.search_again(
                facts, place=place, at=at, by=by, policy=self.policy, today=self.today(at)
            ),
        )

    def shelve(self, item: str, *, by: str = "desk", override: Override | None = None) -> Decision[Preparation]:
        """Send an item to its shelf.

        Refused without the right `processing.shelve_unfinished`: `preparation.steps_missing`,
        `preparation.problem_open`.
        """
        return self.work(
            item, lambda facts, at, _: decide.shelve(facts, at=at, by=by, policy=self.policy, override=override)
        )

    def send_back(self, item: str, *, why: str, by: str = "desk") -> Decision[Preparation]:
        """Return material to the supplier, or discard it, and say why. Refused: `step.reason_missing`."""
        return self.work(item, lambda facts, at, _: decide.send_back(facts, why=why, at=at, by=by))

    def reopen(self, item: str, *, again: Sequence[str], why: str, by: str = "desk") -> Decision[Preparation]:
        """Take an item from its shelf to do steps again; it is not lent meanwhile.

        `again` are the codes of the steps. Refused: `step.not_on_checklist`, `step.reason_missing`.
        """
        return self.work(
            item,
            lambda facts, at, _: decide.reopen(facts, again=tuple(again), why=why, at=at, by=by, policy=self.policy),
        )

    def give_accession_number(self, item: str, *, by: str = "desk") -> Decision[Preparation]:
        """Give the next number of the series, to the preparation and to the item's own record; none is given twice.

        Series and form are those of `processing.accession`; the year is the library's. Refused:
        `accession.given_already`, `accession.taken` for a number that another item has.
        """

        def load(reads: Reads) -> Any:
            found = self.found(reads, item)
            if isinstance(found, Refuse):
                return found
            year = self.today(self.shell.clock()).year
            preparation = reads.get(Preparation, found.id)
            library = self.library if preparation is None else preparation.library
            series = reads.get(AccessionSeries, self.policy.accession.series(library=library, year=year))
            serial = 1 if series is None else series.last + 1
            number = self.policy.accession.number(year=year, serial=serial, library=library)
            taken = reads.get(AccessionNumber, number)
            return AccessionFacts(preparation=preparation, series=series, taken=taken), found, year

        def ask(facts: Any, at: datetime) -> Answer:
            decision = decide.give_accession_number(facts[0], at=at, by=by, policy=self.policy, year=facts[2])
            if isinstance(decision, Refuse):
                return decision
            events = decision.result.events
            numbers = [event.number for event in events if isinstance(event, AccessionNumberGiven)]
            item_after = evolve(facts[1], accession_number=numbers[0])
            changed = ItemChanged(at, by, item_after, facts[1])
            return Permit(ProcessingPlan((*events, changed)), decision.alerts, decision.trace)

        return self.shell.act(Errand(load, ask, lambda plan, facts, at, alerts: self.get(facts[1].id)))

    def get(self, item: str) -> Preparation | None:
        """The preparation of an item; None for one that was never in processing. Raises `NotFound`."""
        reads = Reads(self.shell.storage)
        return reads.get(Preparation, self.holders.item_or_raise(reads, item).id)

    def waiting(self, state: PreparationState) -> list[Preparation]:
        """What stands in a state in this library, the longest there first."""
        return Reads(self.shell.storage).find(Preparation, "by_state", self.library, state)

    # --- loading --------------------------------------------------------------------------------------------------

    def work(self, item: str, ask: Callable[[PreparationFacts, datetime, ItemId], Answer]) -> Decision[Preparation]:
        def load(reads: Reads) -> Any:
            found = self.found(reads, item)
            if isinstance(found, Refuse):
                return found
            return PreparationFacts(preparation=reads.get(Preparation, found.id)), found.id

        return self.shell.act(
            Errand(
                load,
                lambda facts, at: ask(facts[0], at, facts[1]),
                lambda plan, facts, at, alerts: self.get(facts[1]),
            )
        )

    def found(self, reads: Reads, text: str) -> Item | Refuse:
        use = self.holders.item(reads, text)
        if isinstance(use, Reason):
            return Refuse((use,))
        return self.holders.item_or_raise(reads, use.holder_id)

    def recorded(self, item_id: ItemId) -> LabelText:
        reads = Reads(self.shell.storage)
        item = self.holders.item_or_raise(reads, item_id)
        bib = reads.get(BibRecord, item.bib_id)
        return LabelText(
            barcode=item.barcode,
            call_number=item.call_number,
            shelving_location=item.shelving_location,
            title=None if bib is None else bib.title,
        )

    def today(self, at: datetime) -> date:
        return self.book.calendar(self.library).service_day(at)
