"""Who holds a barcode: one text names one item or one patron card, never two.

The record is keyed by the barcode itself, so that any storage refuses a second use under a race, and a scan at the
desk finds its holder with one get.

>>> BarcodeUse("21234000000017", Holder.PATRON, "01KDVDNA000000000000000001").holder.value
'patron'
"""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from libops.base.errors import InvalidValue

__all__ = ["BarcodeUse", "Holder"]


class Holder(Enum):
    """What a barcode is stuck on."""

    ITEM = "item"
    PATRON = "patron"


@frozen(weakref_slot=False)
class BarcodeUse:
    """A barcode in use: its text, what it is stuck on, the identifier of that item or patron.

    `bib_id` is the bibliographic record of an item, and empty for a patron. Raises `InvalidValue` for an empty barcode
    and one with blanks around it, which no scan would find.
    """

    barcode: str = field()
    holder: Holder
    holder_id: str
    bib_id: str = ""

    @barcode.validator
    def _not_empty(self, attribute: object, value: str) -> None:
        text = value.strip()
        if not text:
            raise InvalidValue(f"barcode {value!r} is empty: a record without a barcode has no BarcodeUse")
        if text != value:
            raise InvalidValue(f"barcode {value!r} has blanks around it: write {text!r}")
