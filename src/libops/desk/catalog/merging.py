"""Two records of one title become one: all that hangs on the one that goes is gathered, and goes over in one act."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve, frozen

from libops.base.decisions import Decision, Permit, Reason, Refuse
from libops.base.events import Event
from libops.base.holders import BarcodeUse
from libops.base.ids import BibId
from libops.catalog import decide
from libops.catalog.decide import BibFacts
from libops.catalog.marc import marc_of, to_bib
from libops.catalog.matching import MatchOptions, filed, merge_fields
from libops.catalog.model import BibRecord, Holdings
from libops.catalog.serials import subscribe
from libops.catalog.serials.model import SerialIssue, Subscription
from libops.circulation.decide.merged_title import MergedTitleFacts, follow_title
from libops.circulation.model import Hold, HoldPlace, Loan, ReadyHold, ShelfClearance, Transit, places_of
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.inventory import decide as inventory
from libops.inventory.model import Protection
from libops.items import decide as items
from libops.items.decide import ItemFacts
from libops.items.model import Item
from libops.patrons.model import Patron
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get
from libops.storage.rebuild import every

__all__ = ["MergeReceipt", "Merging"]

MOVED = "moved to another record"


@frozen
class MergeReceipt:
    """Two records that became one: `kept` as it is now, `gone` as the trace that leads there.

    The counts are of what went over; `given_up` are the holds of patrons who waited for both, by their identifiers,
    each with the hold that stays in its place.
    """

    kept: BibRecord
    gone: BibRecord
    items: int = 0
    loans: int = 0
    transits: int = 0
    holds: int = 0
    holdings: int = 0
    subscriptions: int = 0
    issues: int = 0
    protections: int = 0
    given_up: tuple[tuple[str, str], ...] = ()
    alerts: tuple[Reason, ...] = ()
    preview: str = ""

    def __str__(self) -> str:
        names = ("items", "loans", "transits", "holds", "holdings", "subscriptions", "issues", "protections")
        counts = {name: getattr(self, name) for name in names}
        moved = [f"{name}: {count}" for name, count in counts.items() if count]
        head = f"{self.gone.id} {self.gone.title} -> {self.kept.id} {self.kept.title}"
        said = "would move" if self.preview else "moved"
        return "\n".join([head, f"  {said}: {', '.join(moved) or 'nothing'}", *(f"  {each}" for each in self.alerts)])


@frozen
class Gathered:
    """What hangs on a record that goes."""

    kept: BibFacts
    gone: BibFacts
    items: tuple[Item, ...] = ()
    uses: tuple[BarcodeUse | None, ...] = ()
    at_desk: MergedTitleFacts | None = None
    subscriptions: tuple[tuple[Subscription, tuple[SerialIssue, ...]], ...] = ()
    protections: tuple[tuple[Protection, Protection | None], ...] = ()


@frozen
class MergePlan:
    """The events of a merge, and what it gives up."""

    events: tuple[Event, ...]
    given_up: tuple[tuple[Hold, Hold], ...]


class Merging:
    """One merge of two records."""

    def __init__(self, shell: Shell, keep: str, gone: str, take: Sequence[str], options: MatchOptions, by: str) -> None:
        self.shell = shell
        self.keep = BibId(keep)
        self.gone = BibId(gone)
        self.take = tuple(take)
        self.options = options
        self.by = by
        self.version = shell.ids()

    def run(self, *, preview: str, commit: bool) -> Decision[MergeReceipt]:
        """Merge, or say what would happen. A hold or item that another desk adds at that moment goes over after it."""
        errand = Errand(self.gathered, self.decided, self.receipt)
        answer = self.shell.act(errand, commit=commit, expecting=preview)
        if commit and isinstance(answer, Permit):
            self.shell.act(Errand(self.gathered, self.left_over, lambda plan, facts, at, alerts: plan))
        return answer

    # --- loading --------------------------------------------------------------------------------------------------

    def gathered(self, reads: Reads) -> Gathered:
        kept, gone = reads.get(BibRecord, self.keep), reads.get(BibRecord, self.gone)
        asked = BibFacts(kept, asked=self.keep), BibFacts(gone, asked=self.gone)
        if kept is None or gone is None or kept.id == gone.id:
            return Gathered(*asked)
        found = tuple(reads.find(Item, "by_bib", gone.id))
        barcodes = [kind_of(BarcodeUse)] * len(found)
        uses = reads.load(*[Get(kind, one.barcode or "") for kind, one in zip(barcodes, found, strict=True)])
        runs = [(one, tuple(self.issues(reads, one))) for one in reads.find(Subscription, "by_bib", gone.id)]
        guarded = [
            (one, reads.get(Protection, evolve(one, subject=kept.id).key))
            for one in reads.find(Protection, "by_subject", gone.id)
        ]
        at_desk = self.at_desk(reads, found)
        active = sum(run.active for run, _ in runs)
        holdings = tuple(reads.find(Holdings, "by_bib", gone.id))
        facts = BibFacts(gone, len(found), len(at_desk.holds), active, self.gone, holdings)
        return Gathered(asked[0], facts, found, tuple(uses), at_desk, tuple(runs), tuple(guarded))

    def issues(self, reads: Reads, subscription: Subscription) -> list[SerialIssue]:
        return reads.find(SerialIssue, "by_subscription", subscription.id)

    def at_desk(self, reads: Reads, found: Iterable[Item]) -> MergedTitleFacts:
        """Loans and transits of the items, all holds that ask for the record, and the patrons' other holds."""
        lent = reads.load(*[Get(kind_of(Loan), item.id) for item in found])
        standing = [one.item_id for one in self.every(ShelfClearance) if one.bib_id == self.gone]
        left = reads.load(*[Get(kind_of(ShelfClearance), key) for key in standing])
        waiting = [place.hold_id for place in reads.find(HoldPlace, "by_bib", self.gone)]
        held = reads.load(*[Get(kind_of(Hold), key) for key in dict.fromkeys([*waiting, *self.caught()])])
        holds = {hold.id: hold for hold in held if hold is not None and self.gone in (hold.bib_id, *hold.target_bibs)}
        others = reads.load(
            *[
                Find(kind_of(Hold), "by_patron_and_bib", (hold.patron_id, bib))
                for hold in holds.values()
                for bib in dict.fromkeys([self.keep, *hold.target_bibs])
            ]
        )
        theirs = {hold.id: hold for several in others for hold in several if hold.id not in holds}
        asking = [*holds.values(), *theirs.values()]
        reads.load(*[Get(kind_of(HoldPlace), place.key) for hold in asking for place in places_of(hold)])
        reads.load(*[Get(kind_of(ReadyHold), hold.item_id) for hold in asking if hold.item_id is not None])
        patrons = reads.load(*[Get(kind_of(Patron), key) for key in dict.fromkeys(hold.patron_id for hold in asking)])
        return MergedTitleFacts(
            self.gone,
            self.keep,
            tuple(holds.values()),
            tuple(theirs.values()),
            tuple([loan for loan in lent if loan is not None]),
            tuple(reads.find(Transit, "by_bib", self.gone)),
            tuple([one for one in left if one is not None]),
            {patron.id: patron for patron in patrons if patron is not None},
        )

    def caught(self) -> Iterator[str]:
        """The holds whose item is set aside or on its way: they stand in no queue that names what else they ask for."""
        for cls in (ReadyHold, Transit):
            yield from (one.hold_id for one in self.every(cls) if one.hold_id is not None)

    def every(self, cls: type[Any]) -> Iterator[Any]:
        """Every record of a kind of which there are as many as stand on the hold shelves, or are on their way."""
        return every(self.shell.storage, kind_of(cls))

    # --- deciding -------------------------------------------------------------------------------------------------

    def decided(self, found: Gathered, at: datetime) -> Decision[MergePlan]:
        """The catalog says whether the two become one; the other rooms what follows of theirs."""
        merged = decide.merge(
            found.kept,
            found.gone,
            self.merged(found),
            at=at,
            by=self.by,
            version_id=self.version,
            moved_items=found.gone.item_count,
            moved_holds=found.gone.hold_count,
            moved_subscriptions=found.gone.subscriptions,
        )
        if isinstance(merged, Refuse):
            return merged
        return self.followed(found, at, merged.result)

    def left_over(self, found: Gathered, at: datetime) -> Decision[MergePlan]:
        return self.followed(found, at, ())

    def merged(self, found: Gathered) -> BibRecord | None:
        """The record that stays, if there is one, with the fields of the other that are asked for and that it lacks."""
        kept, gone = found.kept.bib, found.gone.bib
        if kept is None or gone is None or not (self.take and kept.marc and gone.marc):
            return kept
        record = merge_fields(marc_of(kept), marc_of(gone), self.take)
        made = filed(to_bib(record, kept.id, suppressed=kept.suppressed), self.options)
        made = evolve(made, staff_note=kept.staff_note)
        return kept if made.content_hash == kept.content_hash else made

    def followed(self, found: Gathered, at: datetime, merged: tuple[Event, ...]) -> Decision[MergePlan]:
        assert found.at_desk is not None, "the catalog merges no record with itself"
        why = self.shell.words.report("merge.one_place")
        at_desk = follow_title(found.at_desk, at=at, by=self.by, why=why)
        asked: list[Decision[Any]] = [*self.items(found, at), *self.serials(found, at), *self.guards(found, at)]
        refused = [reason for one in asked if isinstance(one, Refuse) for reason in one.reasons]
        if refused or isinstance(at_desk, Refuse):
            return Refuse(tuple(refused))
        moved = [event for one in asked if isinstance(one, Permit) for event in events_of(one.result)]
        events = (*merged, *moved, *at_desk.result.events)
        return Permit(MergePlan(events, at_desk.result.given_up), at_desk.alerts)

    def items(self, found: Gathered, at: datetime) -> Iterator[Decision[Any]]:
        for item, use in zip(found.items, found.uses, strict=True):
            facts = ItemFacts(item, barcode_use=use)
            yield items.change(facts, evolve(item, bib_id=self.keep), at=at, by=self.by)

    def serials(self, found: Gathered, at: datetime) -> Iterator[Decision[Any]]:
        for subscription, issues in found.subscriptions:
            yield subscribe.follow_title(subscription, issues, self.keep, at=at, by=self.by)

    def guards(self, found: Gathered, at: datetime) -> Iterator[Decision[Any]]:
        """Lists of what is not weeded name the record that stays; one that names it already keeps what it says."""
        for guard, known in found.protections:
            if known is None:
                yield inventory.protect(evolve(guard, subject=self.keep, since=at, by=self.by))
            yield inventory.unprotect(guard, list_name=guard.list_name, subject=self.gone, why=MOVED, at=at, by=self.by)

    def receipt(self, plan: MergePlan, found: Gathered, at: datetime, alerts: tuple[Reason, ...]) -> MergeReceipt:
        assert found.at_desk is not None, "the catalog merges no record with itself"
        bibs = {event.bib.id: event.bib for event in plan.events if hasattr(event, "bib")}
        kept = bibs.get(self.keep, found.kept.bib)
        assert kept is not None, "the catalog merges no record that is not there"
        at_desk = found.at_desk
        moved = len(at_desk.holds) - len([one for one, _ in plan.given_up if one in at_desk.holds])
        return MergeReceipt(
            kept,
            bibs[self.gone],
            items=len(found.items),
            loans=len(at_desk.loans),
            transits=len(at_desk.transits),
            holds=moved,
            holdings=len(found.gone.holdings),
            subscriptions=len(found.subscriptions),
            issues=sum(len(issues) for _, issues in found.subscriptions),
            protections=len(found.protections),
            given_up=tuple([(one.id, stays.id) for one, stays in plan.given_up]),
            alerts=alerts,
        )


def events_of(plan: Any) -> tuple[Event, ...]:
    """The events of a plan, which some rooms plan alone."""
    return plan if isinstance(plan, tuple) else plan.events
