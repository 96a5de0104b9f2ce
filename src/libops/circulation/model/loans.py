"""Loans: the relation that holds from check-out to check-in, and what is kept of it afterwards.

An open loan is stored under its item, so that no storage can hold two for one item, however many desks race. A
closed loan moves to the history, where the patron can be taken out of it.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from operator import attrgetter
from typing import Final

from attrs import frozen

from libops.base.ids import BibId, ItemId, LibraryCode, LoanId, PatronId
from libops.base.money import Money

__all__ = ["DUE_ENDS_WITH", "Closing", "ClosedLoan", "Loan", "Waived"]

DUE_ENDS_WITH: Final = ("claimed_returned_at", "declared_lost_at", "aged_to_lost_at")
"""Fields of an open loan: from the moment in one of them on its due date has no more to say."""

ends_of = attrgetter(*DUE_ENDS_WITH)


@frozen(weakref_slot=False)
class Loan:
    """An open loan. Times are in UTC.

    `due` is None for a loan without end. `rule` is the circulation rule that governed it and `policy` the hash of the
    settings it was read from. `counted_as` is how the patron's standing counts it. `fine`, `lost`,
    `suspension` and `reminders` name the policies for lateness and loss; `losses` counts how often its item was lost.
    """

    id: LoanId
    item_id: ItemId
    patron_id: PatronId
    bib_id: BibId
    library: LibraryCode
    checked_out_at: datetime
    due: datetime | None
    item_type: str
    patron_category: str
    counted_as: str
    rule: str
    policy: str
    loan_policy: str
    fine: str = ""
    lost: str = ""
    on_site: bool = False
    renewals: int = 0
    unseen_renewals: int = 0
    automatic_renewals: int = 0
    renewed_at: datetime | None = None
    recalled_at: datetime | None = None
    claimed_returned_at: datetime | None = None
    declared_lost_at: datetime | None = None
    aged_to_lost_at: datetime | None = None
    suspension: str = ""
    reminders: str = ""
    losses: int = 0

    @property
    def awaited(self) -> bool:
        """Whether the item is waited for by its due date: it is neither counted as lost nor claimed returned."""
        return not any(ends_of(self))


class Closing(Enum):
    """How a loan ended."""

    CHECKED_IN = "checked_in"
    LOST_AND_SETTLED = "lost_and_settled"
    CLAIM_RESOLVED = "claim_resolved"


@frozen(weakref_slot=False)
class ClosedLoan:
    """A loan that has ended. `patron_id` is None once the loan has been anonymized; coarse facts stay for statistics.

    `returned_at` is when the item came back (a backdated return counts from then); `closed_at` when it was recorded.
    """

    id: LoanId
    item_id: ItemId
    patron_id: PatronId | None
    bib_id: BibId
    library: LibraryCode
    checked_out_at: datetime
    due: datetime | None
    item_type: str
    patron_category: str
    rule: str
    policy: str
    renewals: int
    on_site: bool
    returned_at: datetime
    returned_to: LibraryCode
    closed_at: datetime
    closing: Closing
    fined: Money | None = None


@frozen
class Waived:
    """What a member of staff set aside to let an act happen: the reason codes, by whom and why."""

    codes: tuple[str, ...]
    by: str
    why: str
