"""Which loan does a recall shorten, and until when?"""

from __future__ import annotations

from datetime import datetime

from attrs import evolve, frozen

from libops.base.calendars import Calendar
from libops.base.decisions import Override, Reason, Verdict, weigh
from libops.base.events import Event
from libops.base.ids import HoldId
from libops.circulation.decide.facts import case_of
from libops.circulation.decide.hold_facts import PlaceHoldFacts
from libops.circulation.events import LoanRecalled
from libops.circulation.model import Loan
from libops.circulation.policy.book import CirculationBook, Terms
from libops.circulation.policy.due import Due, recall_due
from libops.circulation.policy.holds import RecallPolicy, reasons
from libops.circulation.policy.rules import Case, Concern
from libops.items.model import Item
from libops.patrons.model import Patron

__all__ = ["Recall", "recall_for"]

BEYOND = "~"


@frozen
class Recall:
    """The loan that is recalled and its new due date; no loan where every one was recalled before."""

    loan: Loan | None
    due: Due | None
    verdict: Verdict

    def events(self, at: datetime, by: str, hold_id: HoldId) -> tuple[Event, ...]:
        """What makes it so."""
        if self.loan is None or self.due is None:
            return ()
        return (LoanRecalled(at, by, self.loan.id, self.loan.item_id, self.due.at, hold_id),)


def recall_for(
    facts: PlaceHoldFacts, book: CirculationBook, *, at: datetime, override: Override | None = None
) -> Recall:
    """Choose the loan that ends first among those that may be recalled and were not; one recall for each loan (D9).

    The rules that lent the item decide: its loan policy, and the recall policy for its patron's category.
    """
    items = {one.item.id: one.item for one in facts.items}
    loans = sorted((one.loan for one in facts.items if one.loan is not None), key=lambda loan: str(loan.due or BEYOND))
    recalled = [loan for loan in loans if loan.recalled_at is not None]
    found: list[Reason] = []
    for loan in (loan for loan in loans if loan.recalled_at is None):
        borrower = facts.borrowers.get(loan.patron_id)
        terms = terms_of(loan, items[loan.item_id], borrower, facts, book, at)
        policy = terms.recall
        lent = book.loans.get(loan.loan_policy)
        if policy is None or not policy.allowed or lent is None or not lent.recallable:
            found.append(reasons.RECALL_NOT_ALLOWED(policy=loan.loan_policy))
        elif policy.per_record is not None and len(recalled) >= policy.per_record:
            found.append(reasons.RECALL_LIMIT(count=len(recalled), limit=policy.per_record))
        else:
            calendar = book.calendar_for(Concern.LOAN, loan.library, items[loan.item_id], borrower)
            return Recall(loan, new_due(loan, policy, book, calendar, at), weigh((), override))
    if recalled and not found:
        return Recall(None, None, weigh((reasons.RECALL_ALREADY(due=recalled[0].due or ""),), override))
    return Recall(None, None, weigh(found[:1] or (reasons.RECALL_NONE_OUT(),), override))


def terms_of(
    loan: Loan, item: Item, borrower: Patron | None, facts: PlaceHoldFacts, book: CirculationBook, at: datetime
) -> Terms:
    """What the rules grant to the patron who has the item, of the category and item type that the loan was made for."""
    if borrower is None:
        return book.terms(Case(loan.library, loan.patron_category, loan.item_type))
    today = book.calendar(loan.library).service_day(at)
    case = case_of(loan.library, borrower, item, facts.bib, today, book)
    return book.terms(evolve(case, patron_category=loan.patron_category, item_type=loan.item_type))


def new_due(loan: Loan, policy: RecallPolicy, book: CirculationBook, calendar: Calendar, at: datetime) -> Due:
    terms = book.loans[loan.loan_policy].due
    return recall_due(policy.terms, terms, due=loan.due, loaned_at=loan.checked_out_at, now=at, calendar=calendar)
