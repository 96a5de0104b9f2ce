"""The shelf as this room sees it: items with their call numbers, where they belong, whether they should stand there.

The desk fills these values from the records of items and circulation; sort keys come from `libops.classification`.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.base.ids import BibId, ItemId, LibraryCode

__all__ = ["Place", "ShelfItem", "ShelfMovement", "ShelfStatus"]


class ShelfStatus(Enum):
    """What the records say about an item; only an available one should stand on its shelf."""

    AVAILABLE = "available"
    ON_LOAN = "on_loan"
    AWAITING_PICKUP = "awaiting_pickup"
    IN_TRANSIT = "in_transit"
    IN_PROCESS = "in_process"
    ON_ORDER = "on_order"
    IN_REPAIR = "in_repair"
    MISSING = "missing"
    DECLARED_LOST = "declared_lost"
    AGED_TO_LOST = "aged_to_lost"
    CLAIMED_RETURNED = "claimed_returned"
    WITHDRAWN = "withdrawn"

    @property
    def on_shelf(self) -> bool:
        """Whether an item of this status should stand on its shelf."""
        return self is ShelfStatus.AVAILABLE


@frozen
class Place:
    """Where an item belongs: its library, its shelving location and, where rules match on it, its item type."""

    library: LibraryCode
    location: str = ""
    item_type: str = ""


def _not_blank(item: object, attribute: object, value: Any) -> None:
    if not value.strip():
        raise InvalidValue(f"{getattr(attribute, 'name', 'value')} {value!r} of a shelf item is blank: give its text")


@frozen
class ShelfItem:
    """One item as it belongs on a shelf.

    `barcode` is None for an item still without a label; `tag` is the RFID identity where it is not the barcode.
    `sort_key` is compared as text, so that equal keys are copies whose order does not matter.

    >>> ShelfItem(ItemId("I-1"), "31234000000013", "Dune", "FIC HERBERT", "FIC HERBERT", LibraryCode("MAIN")).on_shelf
    True
    """

    item_id: ItemId = field(validator=_not_blank)
    barcode: str | None
    title: str
    call_number: str
    sort_key: str
    library: LibraryCode = field(validator=_not_blank)
    location: str = ""
    status: ShelfStatus = ShelfStatus.AVAILABLE
    item_type: str = ""
    tag: str | None = None
    bib_id: BibId | None = None

    @property
    def place(self) -> Place:
        """Library, shelving location and item type together."""
        return Place(self.library, self.location, self.item_type)

    @property
    def on_shelf(self) -> bool:
        """Whether the item should stand on its shelf."""
        return self.status.on_shelf

    @property
    def order(self) -> tuple[str, str, str]:
        """Where the item stands among others: library, shelving location, sort key."""
        return (self.library, self.location, self.sort_key)


@frozen
class ShelfMovement:
    """What circulation did to an item: from this moment on it has this status and, when it moved, this location."""

    item_id: ItemId
    at: datetime
    status: ShelfStatus
    location: str | None = None
