"""Weeding at the desk: candidates, cases from proposal to disposal, protections, the collection report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from attrs import evolve

from libops.base.calendars import Calendar
from libops.base.decisions import Decision, Override, Permit, Reason, Refuse
from libops.base.events import Event
from libops.catalog.model import BibRecord
from libops.circulation.model import ClosedLoan, HoldPlace, InHouseUse, Loan
from libops.desk.inventory.stocktakes import StocktakeDesk
from libops.desk.reads import Reads
from libops.desk.shell import Errand
from libops.inventory import decide
from libops.inventory.decide import InventoryPlan, WeedingFacts
from libops.inventory.events import ItemDisposed, WithdrawalDecided, WithdrawalReversed, WithdrawalStepDone
from libops.inventory.model import (
    CollectionReport,
    Condition,
    ConspectusRange,
    Disposal,
    FollowUp,
    Protection,
    ShelfItem,
    WeedingCandidate,
    WeedingCase,
    WeedingItem,
    WeedingLogEntry,
    WithdrawalStep,
)
from libops.inventory.policy import WeedingTerms, uses_counted_since
from libops.items.events import ItemChanged, ItemReinstated, ItemWithdrawn
from libops.items.model import Item
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get
from libops.storage.rebuild import every

__all__ = ["WeedingDesk"]

Answer = Decision[InventoryPlan]


class WeedingDesk(StocktakeDesk):
    """Weeding. Acts on a case return `Permit` with the case as it now is, or `Refuse` with every reason.

    `item` is a barcode or an identifier; one that nobody knows is refused, `barcode.no_item`, and raises `NotFound`
    where it is only looked at. What the state of the case does not allow is refused with `weeding.wrong_state`, an act
    without a `why` that the log must have with `weeding.why_missing`. Rules are written as CREW writes them (CREW: A
    Weeding Manual for Modern Libraries, Texas State Library).

    >>> import libops
    >>> from libops.inventory.model import Disposal, WithdrawalStep
    >>> from libops.testing.sample_library import ITEMS, sample_library
    >>> ops, worn = libops.open(), ITEMS[0][0]
    >>> sample_library(ops)
    >>> ops.inventory.propose_weeding(worn, why="water stains", by="mara").result.state.value
    'proposed'
    >>> ops.inventory.withdraw_item(worn, why="two better copies", by="jo").result.state.value
    'withdrawn'
    >>> print(*ops.inventory.dispose_item(worn, way=Disposal.BOOK_SALE).reasons)
    Not done yet: label_removed, record_suppressed.
    >>> for step in (WithdrawalStep.LABEL_REMOVED, WithdrawalStep.RECORD_SUPPRESSED):
    ...     noted = ops.inventory.complete_step(worn, step=step)
    >>> ops.inventory.dispose_item(worn, way=Disposal.BOOK_SALE).result.state.value
    'disposed'
    """

    @property
    def weeding_terms(self) -> WeedingTerms:
        """The library's weeding table with its ranges, and its guards."""
        return self.policy.weeding_terms(self.shell.filing)

    def candidates(
        self, *, library: str | None = None, location: str | None = None, call_numbers: str = ""
    ) -> tuple[WeedingCandidate, ...]:
        """What the library's table names on these shelves, those with most against them first. Nothing is written.

        The shelves are told as for `scope`. Each comes with the rule, what was found against its limits, and what
        guards the item; one that has a case, or was kept lately, is left out. `weeding_list_html` makes a page of them.
        """
        found = self.shelves.of_range(self.scope(library=library, location=location, call_numbers=call_numbers))
        cases = self.shelves.gets(WeedingCase, [item.item_id for item in found])
        return decide.weeding_candidates(
            self.weeding_items(found),
            self.weeding_terms,
            on=self.today(),
            protections=list(every(self.shell.storage, kind_of(Protection))),
            cases={case.item_id: case for case in cases if case is not None},
        )

    def propose_weeding(
        self, item: str, *, why: str = "", by: str = "desk", override: Override | None = None
    ) -> Decision[WeedingCase]:
        """Open an item's case: by the rule that names it, or by hand with a `why`.

        What guards it is told already, by alerts (see `withdraw_item`). Refused: `weeding.case_open`; to be confirmed:
        `weeding.kept_lately`.
        """
        return self.weed(
            item,
            lambda facts, at, terms, on: decide.propose_weeding(
                facts, terms=terms, at=at, on=on, by=by, why=why, override=override
            ),
            by,
        )

    def keep_item(
        self, item: str, *, why: str, follow_up: FollowUp = FollowUp.NOTHING, by: str = "desk"
    ) -> Decision[WeedingCase]:
        """Keep a proposed item, and say what follows: mend, replace, move to storage, promote.

        It is not named again for the `keep_years` of the terms; the case has the day in `review_after`.
        """
        return self.weed(
            item,
            lambda facts, at, terms, on: decide.keep_item(
                facts, terms=terms, at=at, on=on, by=by, why=why, follow_up=follow_up
            ),
            by,
        )

    def withdraw_item(
        self, item: str, *, why: str, by: str = "desk", override: Override | None = None
    ) -> Decision[WeedingCase]:
        """Take a proposed item out of the collection; its record says so in the same step.

        Refused: `weeding.item_away` for one on loan, on the hold shelf or in transit. Refused without a right:
        `weeding.protected`, `weeding.last_copy`, `weeding.has_holds`, and `weeding.same_person` where the terms want a
        second person. To be confirmed: `weeding.copies_unknown`.
        """
        return self.weed(
            item,
            lambda facts, at, terms, on: decide.withdraw_item(
                facts, terms=terms, at=at, on=on, by=by, why=why, override=override
            ),
            by,
        )

    def complete_step(self, item: str, *, step: WithdrawalStep, by: str = "desk") -> Decision[WeedingCase]:
        """Note that a step toward disposal was done; `record_suppressed` hides the item as well. Refused:
        `weeding.step_done`.
        """
        return self.weed(item, lambda facts, at, terms, on: decide.complete_step(facts, step=step, at=at, by=by), by)

    def reinstate_item(self, item: str, *, why: str, by: str = "desk") -> Decision[WeedingCase]:
        """Take a withdrawn item back; the case lists in `to_reverse` the steps that have to be undone, such as its
        label.
        """
        return self.weed(item, lambda facts, at, terms, on: decide.reinstate_item(facts, at=at, by=by, why=why), by)

    def dispose_item(
        self, item: str, *, way: Disposal, why: str = "", by: str = "desk", override: Override | None = None
    ) -> Decision[WeedingCase]:
        """Let a withdrawn item go for good; it is hidden, and this is not taken back.

        Refused: `weeding.way_not_allowed` for a way that is not among the `ways` of the terms, and
        `weeding.steps_open`, which the right `inventory.dispose_unready` lifts.
        """
        return self.weed(
            item,
            lambda facts, at, terms, on: decide.dispose_item(
                facts, terms=terms, way=way, at=at, by=by, why=why, override=override
            ),
            by,
        )

    def protect(
        self, subject: str, *, list_name: str, why: str, until: date | None = None, by: str = "desk"
    ) -> Decision[Protection]:
        """Put an item or a title on a list of what is not weeded, and return the entry.

        `subject` is the identifier of the item or of the record (not a barcode); `until` is the last day, without end
        when left out. Refused: `protection.exists` when the list says just that already.
        """

        def load(reads: Reads) -> Any:
            return reads.get(Protection, f"{list_name}:{subject}")

        def ask(stored: Protection | None, at: datetime) -> Answer:
            made = Protection(list_name=list_name, subject=subject, why=why, since=at, by=by, until=until)
            return decide.protect(made, stored=stored)

        return self.shell.act(Errand(load, ask, lambda plan, facts, at, alerts: plan.events[0].protection))

    def unprotect(self, subject: str, *, list_name: str, why: str, by: str = "desk") -> Decision[str]:
        """Take an item or title off a list; returns the `subject`. Refused: `protection.unknown`,
        `weeding.why_missing`.
        """
        return self.shell.act(
            Errand(
                lambda reads: (reads.get(Protection, f"{list_name}:{subject}"),),
                lambda stored, at: decide.unprotect(
                    stored[0], list_name=list_name, subject=subject, why=why, at=at, by=by
                ),
                lambda plan, facts, at, alerts: subject,
            )
        )

    def case(self, item: str) -> WeedingCase | None:
        """The weeding case of an item; None when it was never proposed. Raises `NotFound` for an unknown item."""
        reads = Reads(self.shell.storage)
        return reads.get(WeedingCase, self.holders.item_or_raise(reads, item).id)

    def weeding_log(self, item: str) -> list[WeedingLogEntry]:
        """Who decided what about an item, when and why, and which guards were set aside, the first act first."""
        reads = Reads(self.shell.storage)
        return reads.find(WeedingLogEntry, "by_item", self.holders.item_or_raise(reads, item).id)

    def collection_report(
        self, ranges: Sequence[ConspectusRange], *, library: str | None = None, since: date | None = None
    ) -> CollectionReport:
        """Age, turnover and depth of a library's collection by class range, over a year or since a day.

        `ranges` are the lines, such as those of a conspectus with its levels of 0 to 5 (RLG and WLN); `scope` makes
        their `keys`. `libops.inventory.report` makes a page, a picture or a spreadsheet of it. Raises `InvalidValue`
        for a day to come.
        """
        on = self.today()
        first = uses_counted_since(on) if since is None else since
        items = self.weeding_items(self.shelves.of_range(self.scope(library=library)), since=first)
        return decide.collection_report(items, ranges, since=first, on=on)

    # --- loading --------------------------------------------------------------------------------------------------

    @property
    def calendar(self) -> Calendar:
        return self.circulation.book.calendar(self.library)

    def today(self) -> date:
        return self.calendar.service_day(self.shell.clock())

    def weed(
        self, item: str, ask: Callable[[WeedingFacts, datetime, WeedingTerms, date], Answer], by: str
    ) -> Decision[WeedingCase]:
        def load(reads: Reads) -> Any:
            use = self.holders.item(reads, item)
            if isinstance(use, Reason):
                return Refuse((use,))
            reads.get(Loan, use.holder_id)
            found = reads.get(Item, use.holder_id)
            assert found is not None, f"barcode {item!r} names an item that is not there"
            (subject,) = self.weeding_items(self.shelves.seen([found]))
            named = [*reads.find(Protection, "by_subject", found.id)]
            named += reads.find(Protection, "by_subject", found.bib_id)
            case = reads.get(WeedingCase, found.id)
            return WeedingFacts(subject=subject, case=case, protections=named), found

        def asked(facts: Any, at: datetime) -> Answer:
            decision = ask(facts[0], at, self.weeding_terms, self.today())
            if isinstance(decision, Refuse):
                return decision
            changed = tuple(meaning(decision.result.events, facts[1], at, by))
            return Permit(InventoryPlan(decision.result.events + changed), decision.alerts, decision.trace)

        return self.shell.act(Errand(load, asked, lambda plan, facts, at, alerts: self.case(facts[1].id)))

    def weeding_items(self, found: Sequence[ShelfItem], *, since: date | None = None) -> list[WeedingItem]:
        """What weeding asks about these items; their uses are those since a day, or of a year."""
        items = {item.id: item for item in self.shelves.gets(Item, [one.item_id for one in found]) if item is not None}
        bibs = {bib.id: bib for bib in self.shelves.gets(BibRecord, [one.bib_id or "" for one in found]) if bib}
        first = uses_counted_since(self.today()) if since is None else since
        return [self.weeding_item(one, items[one.item_id], bibs[items[one.item_id].bib_id], first) for one in found]

    def weeding_item(self, one: ShelfItem, item: Item, bib: BibRecord, since: date) -> WeedingItem:
        calendar, closed, in_house = self.calendar, kind_of(ClosedLoan), kind_of(InHouseUse)
        copies, last, lately, last_here, here_lately, places, loan = Reads(self.shell.storage).load(
            Find(kind_of(Item), "by_bib", (item.bib_id,)),
            Find(closed, "by_item", (item.id,), descending=True, limit=1),
            Find(closed, "by_item", (item.id,), low=calendar.instant(since, time(0))),
            Find(in_house, "by_item", (item.id,), descending=True, limit=1),
            Find(in_house, "by_item", (item.id,), low=since),
            Find(kind_of(HoldPlace), "by_bib", (item.bib_id,)),
            Get(kind_of(Loan), item.id),
        )
        usable = [copy for copy in copies if not copy.withdrawn and copy.missing_since is None]
        here = [copy for copy in usable if copy.home_library == item.home_library]
        out = loan is not None
        used = [calendar.local(loan.closed_at).date() for loan in last] + [use.day for use in last_here]
        return WeedingItem(
            item=one,
            published=bib.year,
            acquired=item.acquired,
            last_used=self.today() if out else max(used, default=None),
            uses=len(lately) + out + sum(use.uses for use in here_lately),
            copies_in_library=len(here),
            copies_in_system=len(usable),
            condition=Condition.DAMAGED if item.damaged else None,
            holds=len({place.hold_id for place in places}),
        )


def meaning(events: Iterable[Event], item: Item, at: datetime, by: str) -> Iterator[Event]:
    """What the decisions about a case do to the item's record."""
    for event in events:
        if isinstance(event, WithdrawalDecided):
            yield ItemWithdrawn(at, by, evolve(item, withdrawn_at=at, withdrawn_reason=event.why))
        elif isinstance(event, WithdrawalReversed):
            yield ItemReinstated(at, by, evolve(item, withdrawn_at=None, withdrawn_reason="", suppressed=False))
        elif hides(event) and not item.suppressed:
            yield ItemChanged(at, by, evolve(item, suppressed=True), item)


def hides(event: Event) -> bool:
    """Whether nobody shall find the item any more."""
    step = event.step if isinstance(event, WithdrawalStepDone) else None
    return isinstance(event, ItemDisposed) or step is WithdrawalStep.RECORD_SUPPRESSED
