"""Use in the house without a patron: what was read at the tables and left there, counted by item and day."""

from __future__ import annotations

from datetime import date

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.base.ids import BibId, ItemId, LibraryCode

__all__ = ["InHouseUse", "in_house_key"]


@frozen
class InHouseUse:
    """How often an item was used in a library on one day. Nobody knows by whom."""

    key: str
    item_id: ItemId
    bib_id: BibId
    library: LibraryCode
    day: date
    item_type: str
    shelving_location: str
    uses: int = field()

    @uses.validator
    def _at_least_once(self, attribute: object, uses: int) -> None:
        if uses < 1:
            raise InvalidValue(f"{uses} uses of item {self.item_id!r}: give 1 or more")


def in_house_key(item_id: str, library: str, day: date) -> str:
    """The key of an item's uses in a library on one day.

    >>> in_house_key("01KD", "MAIN", date(2026, 3, 3))
    '01KD/MAIN/2026-03-03'
    """
    return f"{item_id}/{library}/{day.isoformat()}"
