"""What to take off a hold shelf: items that stand there though nobody they were set aside for comes any more."""

from __future__ import annotations

from datetime import UTC

from attrs import frozen

from libops.catalog.model import BibRecord
from libops.circulation.model import ClosedHold, Hold, Loan, ReadyHold, ShelfClearance, Transit
from libops.desk.holds.receipts import Slip, printed
from libops.desk.reads import Reads
from libops.items.model import Item
from libops.patrons.model import Patron
from libops.storage.kinds import kind_of
from libops.storage.port import Get

__all__ = ["ClearLine", "items_to_clear"]


@frozen
class ClearLine:
    """An item to take off the hold shelf and to check in; the check-in says for certain where it goes.

    `waited_for` is whom it stands there for, as long as that is remembered. `now_for` is who has been told meanwhile
    that it waits for them, on this very shelf; `send_to` the library that it goes to. Neither: it goes back to its own
    shelf, or to whom the check-in finds. `language` is that of the slip, the library's.
    """

    item: Item
    title: str
    clearance: ShelfClearance
    waited_for: str = ""
    now_for: str = ""
    send_to: str = ""
    language: str = "en"

    def slip(self) -> Slip:
        """What to look for on the hold shelf, and where it goes."""
        words = printed(self.language, UTC)
        lines = words.pairs(
            ("waited_for", self.waited_for),
            ("title", self.title),
            ("call_number", self.item.call_number),
            ("barcode", self.item.barcode or ""),
            ("hold_for", self.now_for),
            ("send_to", self.send_to),
        )
        heading = words.report("receipt.clear", library=self.clearance.library)
        return Slip("clear", heading, tuple(lines), words.language)


def items_to_clear(reads: Reads, library: str, language: str) -> list[ClearLine]:
    """What to take off the hold shelf of a library, what is over longest first."""
    lines = (line_of(reads, each, language) for each in reads.find(ShelfClearance, "by_library", library))
    return [line for line in lines if line is not None]


def line_of(reads: Reads, clearance: ShelfClearance, language: str) -> ClearLine | None:
    """What is to be done with an item; None where it stands there no more, though nobody has scanned its return."""
    item, bib, loan, ready, transit = reads.load(
        Get(kind_of(Item), clearance.item_id),
        Get(kind_of(BibRecord), clearance.bib_id),
        *(Get(kind_of(cls), clearance.item_id) for cls in (Loan, ReadyHold, Transit)),
    )
    gone = item is None or bib is None or loan is not None or item.withdrawn or item.missing_since is not None
    if gone or (transit is not None and transit.sent_at > clearance.since):
        return None
    ended = [hold for hold in reads.find(ClosedHold, "by_closing_time", clearance.since) if hold.item_id == item.id]
    onward = None if transit is None or transit.hold_id is None else reads.get(Hold, transit.hold_id)
    before = ended[0].patron_id if ended else None if onward is None else onward.patron_id
    return ClearLine(
        item,
        bib.title,
        clearance,
        name_of(reads, before),
        name_of(reads, None if ready is None else ready.patron_id),
        "" if transit is None else transit.destination,
        language,
    )


def name_of(reads: Reads, patron_id: str | None) -> str:
    """A patron's name; nothing for one who is forgotten."""
    patron = None if patron_id is None else reads.get(Patron, patron_id)
    return "" if patron is None else patron.name
