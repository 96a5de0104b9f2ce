"""Open loans when the library's calendar has changed since they were made (A11): moved where their policy says so.

A loan keeps the version of the settings that governed it. Only a due date that is still the one those settings gave is
computed anew: what staff, a recall or a closing has set stays.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache

from attrs import evolve

from libops.base.errors import NotFound
from libops.circulation.model import Loan
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.due import CalendarChange, DueTerms, due_after_calendar_change, due_date
from libops.circulation.policy.rules import Concern
from libops.circulation.policy.terms import RenewFrom
from libops.desk.closings import ClosingDesk, DueMove
from libops.desk.settings import Settings
from libops.items.model import Item
from libops.patrons.model import Patron

__all__ = ["CalendarChanges"]

WHY = "the calendar has changed"


class CalendarChanges:
    """Computes due dates anew, by the policies that ask for it."""

    def __init__(self, book: CirculationBook, closings: ClosingDesk, settings_at: Callable[[str], Settings]) -> None:
        self.book = book
        self.closings = closings
        self.settings_at = cache(settings_at)

    @property
    def asked(self) -> bool:
        """Whether any policy wants it."""
        return any(loan.due.on_calendar_change is CalendarChange.RECOMPUTE for loan in self.book.loans.values())

    def recompute(self, *, by: str = "run") -> tuple[int, int]:
        """Move the due dates of open loans that the present calendar puts later; returns looked at, and moved."""
        looked = moved = 0
        now = self.closings.shell.clock()
        for loan in self.closings.all(Loan, "by_due", now, None):
            looked += 1
            due = self.due_now(loan, now)
            if due is not None and loan.due is not None and due != loan.due:
                move = DueMove(loan.item_id, loan.id, loan.due, due)
                moved += bool(self.closings.move_due(move, loan.due, due, WHY, by))
        return looked, moved

    def due_now(self, loan: Loan, now: datetime) -> datetime | None:
        """When a loan is due under the present calendar; None where that is not to be asked."""
        policy = self.book.loans.get(loan.loan_policy)
        if policy is None or policy.due.on_calendar_change is CalendarChange.LEAVE or loan.policy == self.book.version:
            return None
        # The old due date, from which such a renewal was counted, is not known any more.
        if loan.recalled_at is not None or (loan.renewals and policy.renewals.renew_from is RenewFrom.DUE_DATE):
            return None
        try:
            before = self.settings_at(loan.policy).book
        except NotFound:
            return None
        item, patron = self.closings.around(loan)
        if self.as_made(loan, before, item, patron) != loan.due:
            return None
        calendar = self.book.calendar_for(Concern.LOAN, loan.library, item, patron)
        made = loan.renewed_at or loan.checked_out_at
        return due_after_calendar_change(
            terms_of(loan, self.book),
            due=loan.due,
            counted_from=made,
            now=now,
            calendar=calendar,
            patron_expiry=patron.expires,
        ).at

    def as_made(self, loan: Loan, book: CirculationBook, item: Item, patron: Patron) -> datetime | None:
        """When the loan was due by the settings that governed it."""
        if loan.loan_policy not in book.loans or loan.library not in book.calendars:
            return None
        calendar = book.calendar_for(Concern.LOAN, loan.library, item, patron)
        made = loan.renewed_at or loan.checked_out_at
        return due_date(terms_of(loan, book), at=made, calendar=calendar, patron_expiry=patron.expires).at


def terms_of(loan: Loan, book: CirculationBook) -> DueTerms:
    """The terms of a loan's due date, with the period of its renewal where it has one."""
    policy = book.loans[loan.loan_policy]
    period = policy.renewals.period if loan.renewals else None
    return policy.due if period is None else evolve(policy.due, period=period)
