"""What happens to items between libraries."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from libops.base.events import Event
from libops.base.ids import BibId, ItemId, LibraryCode
from libops.circulation.model.transits import Transit

__all__ = ["ItemArrived", "ItemSentInTransit", "ItemStayed", "TransitCancelled", "TransitRetitled"]


@frozen
class TransitEvent(Event):
    about: ClassVar[str] = "item_id"

    item_id: ItemId


@frozen
class ItemSentInTransit(TransitEvent):
    """An item left for another library, without a hold waiting there."""

    transit: Transit


@frozen
class ItemArrived(TransitEvent):
    """An item came in; `library` differs from `destination` when it arrived at the wrong place."""

    library: LibraryCode
    destination: LibraryCode


@frozen
class TransitCancelled(TransitEvent):
    """The item does not travel, or was given up as lost on the way."""

    why: str


@frozen
class TransitRetitled(TransitEvent):
    """The item on its way hangs on another title now: the record it hung on was merged into that one."""

    bib_id: BibId


@frozen
class ItemStayed(TransitEvent):
    """An item that came back elsewhere is kept there from now on (it floats or the policy lets it stay)."""

    library: LibraryCode
    before: LibraryCode
