"""What each event about loans changes: the open loan, the history, the patron's standing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import evolve

from libops.base.errors import NotFound
from libops.base.events import Change, Changes, Drop, Put, Records
from libops.base.ids import ItemId, LibraryCode, PatronId
from libops.base.makers import maker
from libops.base.money import Money
from libops.circulation.events.loans import (
    DueDateChanged,
    ItemCheckedIn,
    ItemCheckedOut,
    ItemReturnScanned,
    LoanForgotten,
    LoanRecalled,
    LoanRenewed,
    LoanRetitled,
    RenewedBy,
)
from libops.circulation.model.loans import ClosedLoan, Closing, Loan
from libops.patrons.standing import Standing, loan_closed, loan_opened

__all__ = ["LOAN_CHANGES", "closed_loan", "open_loan", "standing_of"]

new_put = maker(Put)


def open_loan(records: Records, item_id: ItemId) -> Loan:
    """The loan an item is out on. Raises `NotFound` where the log has none."""
    loan = records.get(Loan, item_id)
    if loan is None:
        raise NotFound(f"item {item_id!r} has no open loan: the log is not in order")
    return loan


def standing_of(records: Records, patron_id: PatronId) -> Standing:
    """The patron's counters; nothing out and nothing owed for somebody new."""
    return records.get(Standing, patron_id) or Standing(patron_id)


def checked_out(event: ItemCheckedOut, records: Records) -> Iterable[Change]:
    loan = event.loan
    standing = standing_of(records, loan.patron_id)
    return (new_put(loan), new_put(loan_opened(standing, loan.counted_as, on_site=loan.on_site)))


def renewed(event: LoanRenewed, records: Records) -> Iterable[Change]:
    loan = open_loan(records, event.item_id)
    automatic = event.renewed_by is RenewedBy.AUTOMATIC
    seen = event.renewed_by is RenewedBy.STAFF_SEEN
    yield Put(
        evolve(
            loan,
            due=event.due,
            rule=event.rule,
            policy=event.policy,
            renewals=loan.renewals + 1,
            unseen_renewals=0 if seen else loan.unseen_renewals + 1,
            automatic_renewals=loan.automatic_renewals + automatic,
            renewed_at=event.at,
        )
    )


def due_date_changed(event: DueDateChanged, records: Records) -> Iterable[Change]:
    yield Put(evolve(open_loan(records, event.item_id), due=event.due))


def recalled(event: LoanRecalled, records: Records) -> Iterable[Change]:
    yield Put(evolve(open_loan(records, event.item_id), due=event.due, recalled_at=event.at))


def retitled(event: LoanRetitled, records: Records) -> Iterable[Change]:
    yield Put(evolve(open_loan(records, event.item_id), bib_id=event.bib_id))


def checked_in(event: ItemCheckedIn, records: Records) -> Iterable[Change]:
    loan = open_loan(records, event.item_id)
    yield Drop(Loan, event.item_id)
    yield Put(closed_loan(loan, event.returned_at, event.library, event.at, event.closing, event.fined))
    standing = standing_of(records, event.patron_id)
    yield Put(loan_closed(standing, event.counted_as, on_site=event.on_site))


def closed_loan(
    loan: Loan, returned_at: datetime, library: LibraryCode, at: datetime, closing: Closing, fined: Money | None
) -> ClosedLoan:
    """The loan as history keeps it."""
    return ClosedLoan(
        loan.id,
        loan.item_id,
        loan.patron_id or None,
        loan.bib_id,
        loan.library,
        loan.checked_out_at,
        loan.due,
        loan.item_type,
        loan.patron_category,
        loan.rule,
        loan.policy,
        loan.renewals,
        loan.on_site,
        returned_at,
        library,
        at,
        closing,
        fined,
    )


def return_scanned(event: ItemReturnScanned, records: Records) -> Iterable[Change]:
    """Counted from the log; no record keeps it."""
    return ()


def forgotten(event: LoanForgotten, records: Records) -> Iterable[Change]:
    return (Put(event.loan),)


LOAN_CHANGES: Changes = {
    ItemCheckedOut: checked_out,
    LoanRenewed: renewed,
    DueDateChanged: due_date_changed,
    LoanRecalled: recalled,
    LoanRetitled: retitled,
    ItemCheckedIn: checked_in,
    ItemReturnScanned: return_scanned,
    LoanForgotten: forgotten,
}
