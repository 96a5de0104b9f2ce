"""What happens to holds."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from attrs import frozen

from libops.base.events import Event
from libops.base.ids import BibId, HoldId, ItemId, LibraryCode, LoanId, PatronId
from libops.circulation.model.holds import ClosedHold, Hold, HoldEnding, ReadyHold, ShelfClearance
from libops.circulation.model.loans import Waived
from libops.circulation.model.transits import Transit

__all__ = [
    "HoldCancelled",
    "HoldExpired",
    "HoldFilled",
    "HoldForgotten",
    "HoldMoved",
    "HoldPickupChanged",
    "HoldPlaced",
    "HoldReady",
    "HoldReleased",
    "HoldRetitled",
    "HoldResumed",
    "HoldShipped",
    "HoldSuspended",
    "ItemLeftOnHoldShelf",
    "ItemTakenOffHoldShelf",
    "ShelfEndMoved",
]


@frozen
class HoldEvent(Event):
    about: ClassVar[str] = "hold_id"

    hold_id: HoldId


@frozen
class HoldPlaced(HoldEvent):
    """A patron asked for a title or an item; `waived` says what staff set aside for it."""

    hold: Hold
    waived: Waived | None = None


@frozen
class HoldSuspended(HoldEvent):
    """The hold keeps its place and is passed over; without end until somebody resumes it."""

    until: datetime | None = None


@frozen
class HoldResumed(HoldEvent):
    """The hold may be filled again."""


@frozen
class HoldMoved(HoldEvent):
    """Staff gave the hold another place in the queue, and said why."""

    cut: int
    priority: int
    queued_at: datetime
    why: str


@frozen
class HoldRetitled(HoldEvent):
    """The hold asks for another title: the record it asked for was merged `into` that one.

    With `item_id`, only what it asks of that item does: the item was cataloged under the wrong title.
    """

    gone: BibId
    into: BibId
    item_id: ItemId | None = None


@frozen
class HoldPickupChanged(HoldEvent):
    """The patron will pick the item up elsewhere."""

    pickup_library: LibraryCode
    local_library: str


@frozen
class HoldShipped(HoldEvent):
    """An item was caught for the hold and sent to its pickup library."""

    item_id: ItemId
    transit: Transit


@frozen
class HoldReady(HoldEvent):
    """The item was put on the hold shelf. Put there again, it may get another last day."""

    item_id: ItemId
    ready: ReadyHold


@frozen
class ShelfEndMoved(HoldEvent):
    """The item waits on the hold shelf until another moment, because the library closes meanwhile."""

    item_id: ItemId
    until: datetime | None
    why: str


@frozen
class HoldReleased(HoldEvent):
    """The caught item was taken from the hold, which waits again."""

    item_id: ItemId
    why: str


@frozen
class ItemLeftOnHoldShelf(Event):
    """The hold of an item on the hold shelf is over, and the item stands there still."""

    about: ClassVar[str] = "item_id"

    item_id: ItemId
    clearance: ShelfClearance


@frozen
class ItemTakenOffHoldShelf(Event):
    """An item that had been left on a hold shelf was scanned at a library."""

    about: ClassVar[str] = "item_id"

    item_id: ItemId
    library: LibraryCode


@frozen
class HoldFilled(HoldEvent):
    """The patron took an item."""

    patron_id: PatronId
    item_id: ItemId
    loan_id: LoanId


@frozen
class HoldCancelled(HoldEvent):
    """The hold was given up, by the patron or by staff."""

    patron_id: PatronId
    reason: str


@frozen
class HoldExpired(HoldEvent):
    """The hold ran out of time, unfilled or on the hold shelf."""

    patron_id: PatronId
    ending: HoldEnding


@frozen
class HoldForgotten(HoldEvent):
    """A hold that had ended was taken off its patron: all that the log says of it from now on."""

    hold: ClosedHold
