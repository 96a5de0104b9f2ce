"""What happens to loans whose item does not come back."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from libops.base.events import Event
from libops.base.ids import ItemId, LibraryCode, LoanId, PatronId
from libops.base.money import Money
from libops.circulation.events.loans import LoanEvent
from libops.circulation.model.loans import Closing, Waived
from libops.circulation.model.losses import LostItem

__all__ = ["ClaimSetBack", "ItemLost", "LoanEnded", "LossBilled", "LossEnded", "LostItemFound", "ReturnClaimed"]


@frozen
class ItemLost(LoanEvent):
    """The item of a loan counts as lost: declared so, or overdue for too long."""

    item_id: ItemId
    lost: LostItem
    waived: Waived | None = None


@frozen
class LossBilled(LoanEvent):
    """A loss was charged, some time after the item was counted as lost."""

    item_id: ItemId
    waived: Waived | None = None


@frozen
class LossEnded(LoanEvent):
    """A loss was over without the item: all was settled, and nothing goes back for it any more."""

    item_id: ItemId
    patron_id: PatronId
    waived: Waived | None = None


@frozen
class LoanEnded(LoanEvent):
    """A loan ended without its item coming back: settled as lost, or by the resolution of a claim."""

    item_id: ItemId
    patron_id: PatronId
    counted_as: str
    on_site: bool
    library: LibraryCode
    closing: Closing
    fined: Money | None = None
    waived: Waived | None = None


@frozen
class ReturnClaimed(LoanEvent):
    """The patron says that the item was returned, or (`never_had`) never borrowed."""

    item_id: ItemId
    patron_id: PatronId
    never_had: bool = False
    waived: Waived | None = None


@frozen
class ClaimSetBack(LoanEvent):
    """A claim does not count against the patron any more: the library found the item."""

    patron_id: PatronId


@frozen
class LostItemFound(Event):
    """A lost item came back."""

    about: ClassVar[str] = "loan_id"

    loan_id: LoanId
    item_id: ItemId
    patron_id: PatronId
