"""What happens in the house."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from attrs import frozen

from libops.base.events import Event
from libops.base.ids import BibId, ItemId, LibraryCode

__all__ = ["ItemUsedInHouse"]


@frozen
class ItemUsedInHouse(Event):
    """An item was used in the library and left there, so many times; nobody took it out."""

    about: ClassVar[str] = "item_id"

    item_id: ItemId
    bib_id: BibId
    library: LibraryCode
    day: date
    item_type: str = ""
    shelving_location: str = ""
    uses: int = 1
