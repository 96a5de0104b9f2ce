"""The item desk: add, edit, withdraw, reinstate, delete items of a title."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from attrs import evolve, frozen

from libops.base.decisions import Decision, Override, Reason, Refuse
from libops.base.events import Event
from libops.base.holders import BarcodeUse
from libops.base.ids import BibId, ItemId, LibraryCode
from libops.catalog.decide import merged_away
from libops.catalog.model import BibRecord
from libops.circulation.decide.hold_facts import item_target
from libops.circulation.decide.moved_item import MovedItemFacts, follow_item
from libops.circulation.decide.transit import let_go
from libops.circulation.model import ClosedLoan, Hold, HoldPlace, Loan, ReadyHold, ShelfClearance, Transit, places_of
from libops.classification import CallNumber, FilingPolicy, sort_key
from libops.desk.arguments import checks_arguments, fitting_fields
from libops.desk.holders import Holders
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.items import decide
from libops.items.decide import ItemFacts
from libops.items.model import Item
from libops.patrons.model import Patron
from libops.storage.kinds import kind_of
from libops.storage.port import Get
from libops.storage.rebuild import every

__all__ = ["ItemDesk", "shelved"]

Plan = tuple[Event, ...]
Ask = Callable[[ItemFacts, datetime], Decision[Plan]]


LONGEST_KEY = 500
"""A longer key is that of a sentence in a call-number field; its beginning files it, and an index has room for it."""


def shelved(item: Item, filing: FilingPolicy) -> Item:
    """The item with the key it files under, made from its call number, volume, date and copy as the library files."""
    if not item.call_number:
        return item
    key = sort_key(
        CallNumber(item.call_number_scheme, item.call_number),
        enumeration=item.enumeration,
        chronology=item.chronology,
        copy=item.copy_number,
        policy=filing,
    )
    return evolve(item, shelf_key=key[:LONGEST_KEY])


@frozen
class LeavingFacts:
    """An item that may be about to leave, with the hold it is caught for and the way it is on."""

    facts: ItemFacts
    hold: Hold | None
    transit: Transit | None


@frozen
class MovingFacts:
    """An item that comes to another title, with what is open for it."""

    facts: ItemFacts
    moved: MovedItemFacts


@checks_arguments()
class ItemDesk:
    """What the library lends: added to titles, changed, withdrawn, deleted.

    `item` is a barcode or the item's identifier. Acts answer `Permit` with the `Item` as it is now, or `Refuse` with
    every reason, `barcode.no_item` for an unknown barcode; what only looks raises `NotFound` for one.

    >>> import libops
    >>> from libops.testing.sample_library import sample_library
    >>> ops = libops.open()
    >>> sample_library(ops)
    >>> jazz = ops.items.get("31234000000022").bib_id
    >>> ops.items.add(jazz, barcode="31234000000089", item_type="cd", call_number="781.65 HIS").result.barcode
    '31234000000089'
    >>> print(*ops.items.add(jazz, barcode="31234000000014").reasons)
    The barcode 31234000000014 is in use already.
    """

    def __init__(
        self, shell: Shell, library: LibraryCode, holders: Holders, item_types: Collection[str] | None = None
    ) -> None:
        self.shell = shell
        self.library = library
        self.holders = holders
        self.item_types = item_types
        """Those of the settings."""

    def add(self, bib: str, *, barcode: str | None = None, by: str = "desk", **more: Any) -> Decision[Item]:
        """Add an item to a title; `bib` is the title's identifier.

        `more` are other fields of `Item`, such as `item_type`, `call_number` or `home_library`, which is this desk's
        library when left out. Refused: `item.no_bib`, `item.bib_deleted`, `bib.merged`, `barcode.taken`. Tells
        `item.type_unknown` of a type that the settings do not name. Raises `InvalidValue` for a field that an item does
        not have.
        """
        fitting_fields(Item, "an item", more)
        more.setdefault("home_library", self.library)
        more.setdefault("holding_library", more["home_library"])
        item = shelved(Item(id=ItemId(self.shell.ids()), bib_id=BibId(bib), barcode=barcode, **more), self.shell.filing)
        return self.act(
            lambda reads: self.facts_of_new(reads, item),
            lambda facts, at: decide.add(facts, item, at=at, by=by, item_types=self.item_types),
        )

    def change(self, item: str, *, by: str = "desk", **changed: Any) -> Decision[Item]:
        """Edit fields of an item: `ops.items.change(barcode, damaged=True, staff_note='spine')`.

        One that was cataloged under the wrong title moves with its `bib_id`: its loan, its way and the holds on this
        very item go with it. A hold on the old title that it was caught for waits again, and that is told
        (`hold.item_taken_back`). One that gets a `missing_since` is on no way and set aside for nobody any more, as
        with `mark_missing`.

        Refused: `item.unchanged`, `barcode.taken`, `item.no_bib`, `item.bib_deleted`, `bib.merged`, and
        `item.on_loan_now` for `missing_since` of what is on loan. Raises `InvalidValue` for a field that an item does
        not have.
        """
        fitting_fields(Item, "an item", changed, but=("id",))

        def load(reads: Reads) -> Any:
            before = self.found(reads, item)
            if isinstance(before, Reason):
                return Refuse((before,))
            if before.barcode is not None:
                reads.get(BarcodeUse, before.barcode)
            return self.facts(reads, before, shelved(evolve(before, **changed), self.shell.filing))

        def ask(facts: ItemFacts, at: datetime) -> Decision[Plan]:
            assert facts.item is not None
            new = shelved(evolve(facts.item, **changed), self.shell.filing)
            return decide.change(facts, new, at=at, by=by, item_types=self.item_types)

        if "bib_id" in changed:
            return self.follow_title(load, ask, changed, by)
        return self.act(load, ask) if changed.get("missing_since") is None else self.let_go(load, ask, "missing", by)

    def mark_missing(self, item: str, *, by: str = "desk") -> Decision[Item]:
        """Say that nobody finds the item: it is not where the pull list has it, or never came from another library.

        It is on no way and set aside for nobody any more; its hold waits again in its old place, for another item. The
        next check-in finds it. Refused: `item.on_loan_now` (declare it lost), `item.missing_already`,
        `item.withdrawn_already`.
        """
        return self.let_go(
            lambda reads: self.stored_facts(reads, item),
            lambda facts, at: decide.mark_missing(facts, at=at, by=by),
            "missing",
            by,
        )

    def withdraw(
        self, item: str, *, reason: str = "", by: str = "desk", override: Override | None = None
    ) -> Decision[Item]:
        """Take an item out of the collection; its record stays, and says since when and for which `reason`.

        Refused: `item.on_loan_now`, `item.withdrawn_already`, and `item.has_hold` without the right
        `items.withdraw_with_hold`; a hold that it was set aside for waits again. Tells `item.last_of_title` when the
        title has no other.
        """
        return self.let_go(
            lambda reads: self.stored_facts(reads, item),
            lambda facts, at: decide.withdraw(facts, at=at, by=by, reason=reason, override=override),
            "withdrawn",
            by,
        )

    def reinstate(self, item: str, *, by: str = "desk") -> Decision[Item]:
        """Bring a withdrawn item back into the collection. Refused: `item.not_withdrawn`."""
        return self.stored(item, lambda facts, at: decide.reinstate(facts, at=at, by=by))

    def delete(self, item: str, *, by: str = "desk", override: Override | None = None) -> Decision[Item]:
        """Remove the record of an item that was added by mistake; one that was in use is withdrawn instead.

        Refused as `withdraw` is, and `item.has_history` without the right `items.delete_with_history` if it was lent.
        """
        return self.stored(item, lambda facts, at: decide.delete(facts, at=at, by=by, override=override))

    def refile(self, *, by: str = "desk") -> int:
        """Make the keys of all items anew, after the library has changed how it files; returns how many were changed.

        It may be interrupted and run again. An item that another desk changes meanwhile is filed by that desk.
        """
        others = (item for item in every(self.shell.storage, kind_of(Item)) if shelved(item, self.shell.filing) != item)
        return sum(bool(self.change(item.id, by=by)) for item in others)

    def get(self, item: str) -> Item:
        """The item with this barcode or identifier. Raises `NotFound`."""
        return self.holders.item_or_raise(Reads(self.shell.storage), item)

    def of_bib(self, bib: str) -> list[Item]:
        """The items of a title, withdrawn ones too; `bib` is its identifier."""
        return Reads(self.shell.storage).find(Item, "by_bib", bib)

    def stored(self, item: str, ask: Ask) -> Decision[Item]:
        return self.act(lambda reads: self.stored_facts(reads, item), ask)

    def stored_facts(self, reads: Reads, item: str) -> ItemFacts | Refuse:
        before = self.found(reads, item)
        return Refuse((before,)) if isinstance(before, Reason) else self.facts(reads, before, before)

    def found(self, reads: Reads, text: str) -> Item | Reason:
        use = self.holders.item(reads, text)
        if isinstance(use, Reason):
            return use
        item = reads.get(Item, use.holder_id)
        assert item is not None, f"barcode {text!r} names an item that is not there"
        return item

    def facts_of_new(self, reads: Reads, item: Item) -> ItemFacts:
        """What the room needs for an item that nobody has lent or waited for yet: its title, who holds the barcode."""
        bib = reads.get(BibRecord, item.bib_id)
        use = None if item.barcode is None else reads.get(BarcodeUse, item.barcode)
        return ItemFacts(
            None,
            bib is not None,
            bib is not None and bib.deleted,
            use,
            bib_merged=None if bib is None else merged_away(bib),
        )

    def facts(self, reads: Reads, before: Item, item: Item) -> ItemFacts:
        """What the room needs: the title, who holds the barcode, loans now and before, the title's other items."""
        bib = reads.get(BibRecord, item.bib_id)
        return ItemFacts(
            before,
            bib is not None,
            bib is not None and bib.deleted,
            None if item.barcode is None else reads.get(BarcodeUse, item.barcode),
            reads.get(Loan, item.id) is not None,
            bool(
                reads.find(Hold, "by_item", item.id, limit=1)
                or reads.find(HoldPlace, "by_queue", item_target(item.id), limit=1)
            ),
            bool(reads.find(ClosedLoan, "by_item", item.id, limit=1)),
            sum(1 for other in reads.find(Item, "by_bib", item.bib_id) if other.id != item.id and not other.withdrawn),
            bib_merged=None if bib is None else merged_away(bib),
        )

    def let_go(self, load: Callable[[Reads], Any], ask: Ask, why: str, by: str) -> Decision[Item]:
        """An act after which the item is not to be had: it is called off its way, and set aside for nobody."""

        def loaded(reads: Reads) -> LeavingFacts | Refuse:
            facts = load(reads)
            if isinstance(facts, Refuse):
                return facts
            reads.get(ReadyHold, facts.item.id)
            caught = reads.find(Hold, "by_item", facts.item.id, limit=1)
            return LeavingFacts(facts, caught[0] if caught else None, reads.get(Transit, facts.item.id))

        def asked(leaving: LeavingFacts, at: datetime) -> Decision[Plan]:
            decision, item = ask(leaving.facts, at), leaving.facts.item
            if isinstance(decision, Refuse) or item is None:
                return decision
            more = let_go(item.id, leaving.hold, leaving.transit, at=at, by=by, why=why)
            return evolve(decision, result=decision.result + more)

        return self.act(loaded, asked)

    def follow_title(
        self, load: Callable[[Reads], Any], ask: Ask, changed: Mapping[str, Any], by: str
    ) -> Decision[Item]:
        """An act by which the item comes to another title, with what is open for it."""

        def loaded(reads: Reads) -> MovingFacts | Refuse:
            facts = load(reads)
            if isinstance(facts, Refuse):
                return facts
            key = facts.item.id
            open_for = [Get(kind_of(each), key) for each in (Loan, Transit, ReadyHold, ShelfClearance)]
            loan, transit, ready, left = reads.load(*open_for)
            waiting = [place.hold_id for place in reads.find(HoldPlace, "by_queue", item_target(key))]
            asked = reads.load(*[Get(kind_of(Hold), one) for one in waiting])
            holds = (*reads.find(Hold, "by_item", key, limit=1), *[hold for hold in asked if hold is not None])
            reads.load(*[Get(kind_of(HoldPlace), place.key) for hold in holds for place in places_of(hold)])
            patrons = reads.load(*[Get(kind_of(Patron), hold.patron_id) for hold in holds])
            names = {patron.id: patron for patron in patrons if patron is not None}
            item = evolve(facts.item, **changed)
            return MovingFacts(facts, MovedItemFacts(item, facts.item.bib_id, loan, transit, ready, left, holds, names))

        def asked(moving: MovingFacts, at: datetime) -> Decision[Plan]:
            decision, followed = ask(moving.facts, at), follow_item(moving.moved, at=at, by=by)
            if isinstance(decision, Refuse) or isinstance(followed, Refuse):
                return decision
            alerts = decision.alerts + followed.alerts
            return evolve(decision, result=decision.result + followed.result, alerts=alerts)

        return self.act(loaded, asked)

    def act(self, load: Callable[[Reads], Any], ask: Callable[[Any, datetime], Decision[Plan]]) -> Decision[Item]:
        return self.shell.act(Errand(load, ask, lambda plan, facts, at, alerts: plan[0].item))
