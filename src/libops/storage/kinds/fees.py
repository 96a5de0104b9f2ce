"""Patron accounts: the lines, what is open of them, and what each loan was fined."""

from libops.fees.model import AccountLine, LoanFine, OpenCharge, OpenCredit
from libops.storage.records import Index, RecordType

__all__ = ["ACCOUNT_LINES", "KINDS", "LOAN_FINES", "OPEN_CHARGES", "OPEN_CREDITS"]

ACCOUNT_LINES = RecordType(
    "account_line",
    AccountLine,
    "id",
    (Index("by_patron", ("patron_id", "at")), Index("by_loan", ("loan_id", "at")), Index("by_time", ("at",))),
    history=True,
)
OPEN_CHARGES = RecordType(
    "open_charge", OpenCharge, "id", (Index("by_patron", ("patron_id", "since")), Index("by_loan", ("loan_id",)))
)
OPEN_CREDITS = RecordType("open_credit", OpenCredit, "id", (Index("by_patron", ("patron_id", "since")),))
LOAN_FINES = RecordType("loan_fine", LoanFine, "loan_id", (Index("by_patron", ("patron_id",)),))

KINDS = (ACCOUNT_LINES, OPEN_CHARGES, OPEN_CREDITS, LOAN_FINES)
