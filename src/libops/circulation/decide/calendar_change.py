"""Open loans when the library's calendar has changed since they were made (A11): moved where their policy says so.

Only a due date that is still the one its own settings gave is computed anew: what staff, a recall or a closing has set
stays.
"""

from __future__ import annotations

from datetime import datetime

from attrs import evolve

from libops.circulation.model import Loan
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.due import CalendarChange, DueTerms, due_after_calendar_change, renewal_due
from libops.circulation.policy.rules import Concern
from libops.circulation.policy.terms import RenewFrom
from libops.items.model import Item
from libops.patrons.model import Patron

__all__ = ["any_recomputes", "asks_anew", "counted_from_old_due", "due_anew"]


def any_recomputes(book: CirculationBook) -> bool:
    """Whether any policy wants due dates computed anew when the calendar changes."""
    return any(loan.due.on_calendar_change is CalendarChange.RECOMPUTE for loan in book.loans.values())


def asks_anew(loan: Loan, book: CirculationBook) -> bool:
    """Whether a due date may have to move: the policy wants it, and it is not from the present settings."""
    policy = book.loans.get(loan.loan_policy)
    if policy is None or policy.due.on_calendar_change is CalendarChange.LEAVE:
        return False
    return loan.policy != book.version and loan.recalled_at is None


def counted_from_old_due(loan: Loan, before: CirculationBook) -> bool:
    """Whether the due date of a loan was counted from the one before it, and not from when it was lent or renewed."""
    policy = before.loans.get(loan.loan_policy)
    return policy is not None and loan.renewals > 0 and policy.renewals.renew_from is not RenewFrom.NOW


def due_anew(
    loan: Loan,
    item: Item,
    patron: Patron,
    *,
    before: CirculationBook,
    book: CirculationBook,
    counted_from: datetime,
    at: datetime,
) -> datetime | None:
    """When a loan is due by the present calendar, never earlier than it was; None where its due date stays.

    Args:
        before: the settings that governed the loan, with the calendars that were known then.
        book: the present settings.
        counted_from: what the due date was counted from.
        at: now.
    """
    if loan.loan_policy not in before.loans or loan.library not in before.calendars:
        return None
    given = renewal_due(
        due_terms(loan, before),
        now=loan.renewed_at or loan.checked_out_at,
        calendar=before.calendar_for(Concern.LOAN, loan.library, item, patron),
        counted_from=counted_from,
        patron_expiry=patron.expires,
    )
    if given.at != loan.due:
        return None
    return due_after_calendar_change(
        due_terms(loan, book),
        due=loan.due,
        counted_from=counted_from,
        now=at,
        calendar=book.calendar_for(Concern.LOAN, loan.library, item, patron),
        patron_expiry=patron.expires,
    ).at


def due_terms(loan: Loan, book: CirculationBook) -> DueTerms:
    """The terms of a loan's due date, with the period of its renewal where it has one."""
    policy = book.loans[loan.loan_policy]
    period = policy.renewals.period if loan.renewals else None
    return policy.due if period is None else evolve(policy.due, period=period)
