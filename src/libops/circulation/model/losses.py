"""Lost items: what is remembered of a loss until the item comes back, and how a claim of return ends."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import frozen

from libops.base.ids import ItemId, LibraryCode, LoanId, PatronId
from libops.fees.policy.lost import LossCause

__all__ = ["ClaimResolution", "LostItem"]


class ClaimResolution(Enum):
    """How staff settle a claim that an item was returned."""

    FOUND_BY_LIBRARY = "found_by_library"
    """The patron was right: it stood on the shelf."""
    RETURNED_BY_PATRON = "returned_by_patron"
    """The patron had it after all, and brought it."""
    DECLARED_LOST = "declared_lost"
    """It counts as lost by the patron, and is charged."""
    MISSING = "missing"
    """Nobody can say: the loan ends without a charge, and the item is missing."""


@frozen
class LostItem:
    """An item lost from a loan, kept under the item until it comes back: its return finds what was charged here.

    `policy` names the terms of the loss; `billed_at` is when it was charged, None while that is still to come; `number`
    counts the losses of the loan. What the fine of the loan depends on is kept as well, since the loan may have ended.
    """

    item_id: ItemId
    loan_id: LoanId
    patron_id: PatronId
    library: LibraryCode
    cause: LossCause
    lost_at: datetime
    number: int
    policy: str
    fine: str
    due: datetime | None
    renewals: int
    recalled_at: datetime | None = None
    billed_at: datetime | None = None
