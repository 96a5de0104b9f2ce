"""What happens to loans."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import ClassVar

from attrs import frozen

from libops.base.events import Event
from libops.base.ids import BibId, HoldId, ItemId, LibraryCode, LoanId, PatronId
from libops.base.money import Money
from libops.circulation.model.loans import ClosedLoan, Closing, Loan, Waived

__all__ = [
    "DueDateChanged",
    "ItemCheckedIn",
    "ItemCheckedOut",
    "ItemReturnScanned",
    "LoanForgotten",
    "LoanRecalled",
    "LoanRenewed",
    "LoanRetitled",
    "RenewedBy",
]


@frozen
class LoanEvent(Event):
    about: ClassVar[str] = "loan_id"

    loan_id: LoanId


@frozen
class ItemCheckedOut(LoanEvent):
    """An item went out to a patron; `waived` says what staff set aside for it."""

    loan: Loan
    waived: Waived | None = None


class RenewedBy(Enum):
    """Who renewed, and whether the item was there."""

    PATRON = "patron"
    STAFF_SEEN = "staff_seen"
    """At the desk, with the item in hand."""
    STAFF_UNSEEN = "staff_unseen"
    AUTOMATIC = "automatic"


@frozen
class LoanRenewed(LoanEvent):
    """A loan was renewed: the same loan, due later."""

    item_id: ItemId
    due: datetime | None
    renewed_by: RenewedBy
    rule: str
    policy: str
    waived: Waived | None = None


@frozen
class DueDateChanged(LoanEvent):
    """Staff or a closing moved the due date, for a stated reason."""

    item_id: ItemId
    due: datetime | None
    why: str


@frozen
class LoanRecalled(LoanEvent):
    """Somebody needs the item: the loan is due at `due` now, and no other recall changes it again."""

    item_id: ItemId
    due: datetime | None
    hold_id: HoldId | None = None


@frozen
class LoanRetitled(LoanEvent):
    """The item on loan hangs on another title now: the record it hung on was merged into that one."""

    item_id: ItemId
    bib_id: BibId


@frozen
class ItemCheckedIn(LoanEvent):
    """A loaned item came back; `returned_at` is when, which may lie before `at`."""

    item_id: ItemId
    patron_id: PatronId
    counted_as: str
    on_site: bool
    returned_at: datetime
    library: LibraryCode
    closing: Closing = Closing.CHECKED_IN
    fined: Money | None = None
    waived: Waived | None = None


@frozen
class ItemReturnScanned(Event):
    """An item that was not on loan was scanned at the return desk: used in the house, or found."""

    about: ClassVar[str] = "item_id"

    item_id: ItemId
    library: LibraryCode


@frozen
class LoanForgotten(LoanEvent):
    """A loan that had ended was taken off its patron: all that the log says of it from now on."""

    loan: ClosedLoan
