"""Who holds a barcode: from a scan to a patron or an item. An identifier serves in place of a barcode."""

from __future__ import annotations

from collections.abc import Callable

from libops.base.decisions import Reason
from libops.base.errors import NotFound
from libops.base.holders import BarcodeUse, Holder
from libops.circulation import reasons
from libops.desk.arguments import checked
from libops.desk.reads import Reads
from libops.items.model import Item
from libops.patrons.model import Patron

__all__ = ["CARD", "LABEL", "Holders"]

CARD, LABEL = Holder.PATRON, Holder.ITEM

MOST_KNOWN = 20_000


class Holders:
    """Finds patrons and items by what was scanned.

    `looks_like` says what a text that names nothing may be, and what is wrong with it then.

    `cards` and `labels` are barcodes read before. They are a guess whom to read: a barcode may have moved since.
    """

    def __init__(self, looks_like: Callable[[str], tuple[str, str]]) -> None:
        self.looks_like = looks_like
        self.cards: dict[str, BarcodeUse] = {}
        self.labels: dict[str, BarcodeUse] = {}

    def remember(self, use: BarcodeUse) -> BarcodeUse:
        """A barcode that was read: likely it is scanned again, as the card is for the patron's next book."""
        known = self.cards if use.holder is CARD else self.labels
        if len(known) >= MOST_KNOWN:
            known.clear()
        known[use.barcode] = use
        return use

    def guess(self, patron: str, item: str) -> tuple[BarcodeUse, BarcodeUse] | None:
        """What card and label named when they were last read, if both were; to be read again with what follows."""
        if type(patron) is type(item) is str:
            card, label = self.cards.get(patron), self.labels.get(item)
            if card is not None and label is not None:
                return card, label
        return None

    def forget(self, patron: str, item: str) -> None:
        """Guess no more what these name."""
        self.cards.pop(patron, None)
        self.labels.pop(item, None)

    def patron(self, reads: Reads, text: str) -> BarcodeUse | Reason:
        """Whose card this is."""
        if type(text) is not str:
            checked("patron", text, str)
        use = reads.get(BarcodeUse, text)
        if use is not None and use.holder is CARD:
            return self.remember(use)
        if reads.get(Patron, text) is not None:
            return BarcodeUse(text, Holder.PATRON, text)
        return reasons.PATRON_UNKNOWN(barcode=text, **self.resembles(use, text))

    def item(self, reads: Reads, text: str) -> BarcodeUse | Reason:
        """Which item this label is on."""
        if type(text) is not str:
            checked("item", text, str)
        use = reads.get(BarcodeUse, text)
        if use is not None and use.holder is LABEL:
            return self.remember(use)
        item = reads.get(Item, text)
        if item is not None:
            return BarcodeUse(text, Holder.ITEM, text, item.bib_id)
        return reasons.ITEM_UNKNOWN(barcode=text, **self.resembles(use, text))

    def resembles(self, use: BarcodeUse | None, text: str) -> dict[str, str]:
        """What a text that names nothing of the kind may be: another kind of card, an ISBN, a mistyped digit."""
        if use is not None:
            return {"looks_like": "an item's barcode" if use.holder is LABEL else "a patron's card", "problem": ""}
        what, problem = self.looks_like(text)
        if text != text.strip() != "":
            problem = f"{text.strip()!r} with blanks around it"
        return {"looks_like": what, "problem": problem}

    def patron_or_raise(self, reads: Reads, text: str) -> Patron:
        """The patron with this card or identifier. Raises `NotFound`."""
        use = self.patron(reads, text)
        patron = None if isinstance(use, Reason) else reads.get(Patron, use.holder_id)
        if patron is None:
            raise NotFound(f"no patron has the card or identifier {text!r}; {self.told(use, text)}")
        return patron

    def item_or_raise(self, reads: Reads, text: str) -> Item:
        """The item with this barcode or identifier. Raises `NotFound`."""
        use = self.item(reads, text)
        item = None if isinstance(use, Reason) else reads.get(Item, use.holder_id)
        if item is None:
            raise NotFound(f"no item has the barcode or identifier {text!r}; {self.told(use, text)}")
        return item

    def told(self, use: BarcodeUse | Reason, text: str) -> str:
        """What a text that names nothing of the kind may be, for an error."""
        found = use.data if isinstance(use, Reason) else self.resembles(None, text)
        wrong = f" ({found['problem']})" if found["problem"] else ""
        return f"it looks like {found['looks_like']}{wrong}"
