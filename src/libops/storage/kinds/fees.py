"""Patron accounts: the lines, what is open of them, and what each loan was fined."""

from typing import Any

from libops.storage.records import Index, RecordType

__all__ = ["ACCOUNT_LINES", "KINDS", "LOAN_FINES", "OPEN_CHARGES", "OPEN_CREDITS"]

ACCOUNT_LINES: RecordType[Any] = RecordType(
    "account_line",
    "libops.fees.model:AccountLine",
    "id",
    (Index("by_patron", ("patron_id", "at")), Index("by_loan", ("loan_id", "at")), Index("by_time", ("at",))),
    history=True,
)
OPEN_CHARGES: RecordType[Any] = RecordType(
    "open_charge",
    "libops.fees.model:OpenCharge",
    "id",
    (Index("by_patron", ("patron_id", "since")), Index("by_loan", ("loan_id",))),
)
OPEN_CREDITS: RecordType[Any] = RecordType(
    "open_credit", "libops.fees.model:OpenCredit", "id", (Index("by_patron", ("patron_id", "since")),)
)
LOAN_FINES: RecordType[Any] = RecordType(
    "loan_fine", "libops.fees.model:LoanFine", "loan_id", (Index("by_patron", ("patron_id",)),)
)

KINDS: tuple[RecordType[Any], ...] = (ACCOUNT_LINES, OPEN_CHARGES, OPEN_CREDITS, LOAN_FINES)
