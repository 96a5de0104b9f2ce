"""Loans: the open ones under their item, the closed ones as history."""

from libops.circulation.model import ClosedLoan, Loan
from libops.storage.records import Index, RecordType

__all__ = ["CLOSED_LOANS", "KINDS", "LOANS"]

LOANS = RecordType(
    "loan",
    Loan,
    "item_id",
    (Index("by_patron", ("patron_id", "due")), Index("by_due", ("due",)), Index("by_bib", ("bib_id",))),
)
CLOSED_LOANS = RecordType(
    "closed_loan",
    ClosedLoan,
    "id",
    (
        Index("by_item", ("item_id", "closed_at")),
        Index("by_patron", ("patron_id", "closed_at")),
        Index("by_closing_time", ("closed_at",)),
    ),
    history=True,
)

KINDS = (LOANS, CLOSED_LOANS)
