"""The items of a record that is imported: drafted by the mapping, added where their barcodes are free."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping

from libops.base.errors import InvalidValue
from libops.base.events import Event
from libops.base.holders import BarcodeUse
from libops.base.ids import ItemId, LibraryCode
from libops.catalog.marc import MarcRecord
from libops.catalog.model import BibRecord
from libops.desk.items import shelved
from libops.desk.reads import Reads
from libops.desk.shell import Shell
from libops.items.drafts import ItemDraft, draft_items
from libops.items.events import ItemAdded
from libops.items.mapping import ItemMapping

__all__ = ["ItemIntake"]

Tell = Callable[[str], None]


class ItemIntake:
    """What is the same for the items of one import; `taken` are the barcodes it has given out and not yet written.

    `codes` are those that the settings know, by field of the item; others come in all the same, and are told once.
    """

    def __init__(
        self,
        shell: Shell,
        *,
        library: LibraryCode,
        currency: str,
        item_type: str,
        by: str,
        source: str = "",
        codes: Mapping[str, Container[str]] | None = None,
    ) -> None:
        self.shell = shell
        self.library = library
        self.currency = currency
        self.item_type = item_type
        self.by = by
        self.source = source
        self.taken: set[str] = set()
        self.codes = {} if codes is None else codes
        self.strange: set[tuple[str, str]] = set()

    def events(
        self, record: MarcRecord, bib: BibRecord, mapping: ItemMapping, reads: Reads, tell: Tell
    ) -> Iterator[Event]:
        """An event for each item of the record that is new; `tell` is told of those that were left out, and why."""
        for draft in draft_items(record.fields, mapping, currency=self.currency):
            for problem in draft.problems:
                tell(f"item {draft.barcode or ''}: {problem}")
            event = self.event(draft, bib, reads, tell)
            if event is not None:
                yield event

    def event(self, draft: ItemDraft, bib: BibRecord, reads: Reads, tell: Tell) -> Event | None:
        barcode, at = draft.barcode, self.shell.clock()
        if barcode is not None:
            use = reads.get(BarcodeUse, barcode)
            if use is not None and use.bib_id == bib.id:
                return None
            if use is not None or barcode in self.taken:
                tell(f"item {barcode}: the barcode is in use already; the item was left out")
                return None
            self.taken.add(barcode)
        try:
            item = draft.item(ItemId(self.shell.ids()), bib.id, library=self.library, item_type=self.item_type, at=at)
        except InvalidValue as error:
            tell(f"item {barcode or ''} was left out: {error}")
            return None
        for name, known in self.codes.items():
            code, kind = getattr(item, name), "library" if name.endswith("library") else name.replace("_", " ")
            if code and code not in known and (kind, code) not in self.strange:
                self.strange.add((kind, code))
                tell(f"{kind} {code!r} is not in the settings: no rule can name it (told once)")
        return ItemAdded(at, self.by, shelved(item, self.shell.filing), self.source)
