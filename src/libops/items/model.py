"""The items of a library: each physical or countable thing that can be found, lent, repaired, counted or withdrawn.

An item hangs on a bibliographic record. What it is and where it belongs stands here; whether it is on loan, in
transit or missing is a matter of circulation and inventory, and whether it is damaged is a flag of its own beside both.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from attrs import field, frozen

from libops.base.bounds import at_least_one, at_least_zero
from libops.base.errors import InvalidValue
from libops.base.ids import BibId, HoldingsId, ItemId, LibraryCode
from libops.base.money import Money

__all__ = ["Item"]


def _not_empty(item: object, attribute: object, value: Any) -> None:
    if not value:
        raise InvalidValue(f"{getattr(attribute, 'name', 'value')} {value!r} of an item is empty")


@frozen(weakref_slot=False)
class Item:
    """One item: a book, a disc, a ukulele, a box of printer nozzles.

    `home_library` owns it; `holding_library` is where it is kept now. `barcode` is text or None (an item may wait for
    its label). `call_number` is the text of the label with its scheme (`lcc`, `ddc`, ... or empty when unknown), and
    `shelf_key` the sort key made from call number, enumeration, chronology and copy number. `price` is what a
    replacement costs, None when nobody knows. `pieces` are counted at each return ("3 discs and a booklet").
    `not_for_loan` says why the item stays in the house, empty when it may go out. `age_restriction` is the least age
    in years. `loan_type` is a second type beside the item type, where a library has one ("short loan", "reserve");
    `new_until` is the last day on which the item counts as new, None where its type says that, or nothing does.
    `missing_since` is set while nobody can find it. A withdrawn item has left the collection; its record
    stays for the loans it had.

    Raises `InvalidValue` for an empty identifier or library, a blank barcode, no pieces, or a negative age.
    """

    id: ItemId = field(validator=_not_empty)
    bib_id: BibId = field(validator=_not_empty)
    home_library: LibraryCode = field(validator=_not_empty)
    holding_library: LibraryCode = field(validator=_not_empty)
    barcode: str | None = field(default=None)
    item_type: str = ""
    shelving_location: str = ""
    collection: str = ""
    holdings_id: HoldingsId | None = None
    call_number: str = ""
    call_number_scheme: str = ""
    shelf_key: str = ""
    enumeration: str = ""
    chronology: str = ""
    copy_number: str = ""
    price: Money | None = None
    pieces: int = field(default=1, validator=at_least_one)
    pieces_note: str = ""
    acquired: date | None = None
    acquired_from: str = ""
    accession_number: str = ""
    age_restriction: int | None = field(default=None, validator=at_least_zero)
    damaged: bool = False
    in_repair: bool = False
    not_for_loan: str = ""
    suppressed: bool = False
    withdrawn_at: datetime | None = None
    withdrawn_reason: str = ""
    status_note: str = ""
    public_note: str = ""
    staff_note: str = ""
    missing_since: datetime | None = None
    loan_type: str = ""
    new_until: date | None = None

    @barcode.validator
    def _barcode_is_text(self, attribute: object, value: str | None) -> None:
        if value is not None and not value.strip():
            raise InvalidValue(f"barcode {value!r} is blank: an item without a barcode has None")

    @property
    def withdrawn(self) -> bool:
        """Whether the item has left the collection."""
        return self.withdrawn_at is not None

    @property
    def visible(self) -> bool:
        """Whether the public may see the item (its bibliographic record and holdings have flags of their own)."""
        return not (self.suppressed or self.withdrawn)
