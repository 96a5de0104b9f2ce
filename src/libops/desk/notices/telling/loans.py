"""Loans: what a notice about one says, by which policy, and whether it still stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from attrs import evolve

from libops.base.events import Event
from libops.base.money import Money
from libops.catalog.model import BibRecord
from libops.circulation.decide.facts import case_of
from libops.circulation.events import (
    DueDateChanged,
    ItemCheckedIn,
    ItemCheckedOut,
    ItemLost,
    LoanRecalled,
    LoanRenewed,
    LossBilled,
)
from libops.circulation.model import Loan
from libops.desk.notices.telling.terms import Tale, TellingTerms
from libops.desk.reads import Reads
from libops.fees.events import Charged
from libops.fees.model import Cause
from libops.items.model import Item
from libops.notices.model import Occasion, Trigger
from libops.notices.planner import Telling
from libops.notices.policy import NoticePolicy
from libops.patrons.model import Patron

__all__ = [
    "billed",
    "due_moved",
    "lent",
    "loan_policy",
    "loan_still_late",
    "loan_tale",
    "loan_telling",
    "lost",
    "recalled",
    "renewed",
    "returned",
    "round_of",
    "still_due_then",
    "with_fee",
]


def loan_telling(reads: Reads, loan: Loan, trigger: Trigger) -> Telling | None:
    """What notices about a loan are about; None when the patron or the item is gone."""
    patron, item = reads.get(Patron, loan.patron_id), reads.get(Item, loan.item_id)
    bib = reads.get(BibRecord, loan.bib_id)
    if patron is None or item is None:
        return None
    occasion = Occasion(
        "",
        trigger,
        loan.id,
        loan.item_id,
        "" if bib is None else bib.title,
        item.barcode or "",
        item.call_number,
        loan.due,
        loan.due,
    )
    return Telling(occasion, patron, loan.library, loan.due, "" if loan.due is None else round_of(loan.due))


def round_of(due: datetime) -> str:
    """What tells the notices about one due date of a loan from those about another."""
    return f"{due:%Y%m%dT%H%M%S}"


def loan_policy(terms: TellingTerms, reads: Reads, loan: Loan, at: datetime) -> NoticePolicy | None:
    """The notice policy of a loan: that of the rule which governs it today."""
    patron, item = reads.get(Patron, loan.patron_id), reads.get(Item, loan.item_id)
    bib = reads.get(BibRecord, loan.bib_id)
    if patron is None or item is None or bib is None:
        return None
    today = terms.book.calendar(loan.library).service_day(at)
    case = case_of(loan.library, patron, item, bib, today, terms.book)
    return terms.notices.policy(terms.book.terms(case).match.notices)


def loan_tale(
    terms: TellingTerms, reads: Reads, loan: Loan, at: datetime, trigger: Trigger = Trigger.DUE
) -> Tale | None:
    """What is told of a loan; None for one that nobody is told of any more."""
    telling = loan_telling(reads, loan, trigger)
    policy = None if telling is None else loan_policy(terms, reads, loan, at)
    return None if telling is None or policy is None else Tale(telling, policy)


def _told(loan: Loan | None, trigger: Trigger, reads: Reads, terms: TellingTerms, at: datetime) -> Iterator[Tale]:
    tale = None if loan is None else loan_tale(terms, reads, loan, at, trigger)
    if tale is not None:
        yield tale


def lent(event: Event, events: Sequence[Event], reads: Reads, terms: TellingTerms) -> Iterator[Tale]:
    """The item went out."""
    assert isinstance(event, ItemCheckedOut)
    return _told(event.loan, Trigger.CHECK_OUT, reads, terms, event.at)


def renewed(event: Event, events: Sequence[Event], reads: Reads, terms: TellingTerms) -> Iterator[Tale]:
    """The loan as it is after the renewal."""
    assert isinstance(event, LoanRenewed)
    loan = reads.get(Loan, event.item_id)
    after = None if loan is None else evolve(loan, due=event.due, renewals=loan.renewals + 1)
    return _told(after, Trigger.RENEWAL, reads, terms, event.at)


def returned(event: Event, events: Sequence[Event], reads: Reads, terms: TellingTerms) -> Iterator[Tale]:
    """The loan that ended, at the library that took the item back."""
    assert isinstance(event, ItemCheckedIn)
    for tale in _told(reads.get(Loan, event.item_id), Trigger.CHECK_IN, reads, terms, event.at):
        yield evolve(tale, telling=evolve(tale.telling, library=event.library))


def recalled(event: Event, events: Sequence[Event], reads: Reads, terms: TellingTerms) -> Iterator[Tale]:
    """The loan with its earlier due date."""
    assert isinstance(event, LoanRecalled)
    loan = reads.get(Loan, event.item_id)
    after = None if loan is None else evolve(loan, due=event.due)
    return _told(after, Trigger.RECALL, reads, terms, event.at)


def due_moved(event: Event, events: Sequence[Event], reads: Reads, terms: TellingTerms) -> Iterator[Tale]:
    """The loan with the due date that staff or a closing gave it."""
    assert isinstance(event, DueDateChanged)
    loan = reads.get(Loan, event.item_id)
    after = None if loan is None else evolve(loan, due=event.due)
    return _told(after, Trigger.DUE_MOVED, reads, terms, event.at)


def lost(event: Event, events: Sequence[Event], reads: Reads, terms: TellingTerms) -> Iterator[Tale]:
    """The loan whose item is counted as lost."""
    assert isinstance(event, ItemLost)
    return _charged(event, Trigger.LOST, events, reads, terms)


def billed(event: Event, events: Sequence[Event], reads: Reads, terms: TellingTerms) -> Iterator[Tale]:
    """The loan whose loss is charged now, some time after it was told of."""
    assert isinstance(event, LossBilled)
    return _charged(event, Trigger.LOST_BILLED, events, reads, terms)


def _charged(
    event: ItemLost | LossBilled, trigger: Trigger, events: Sequence[Event], reads: Reads, terms: TellingTerms
) -> Iterator[Tale]:
    """The loan, with what the same act charges for it."""
    for tale in _told(reads.get(Loan, event.item_id), trigger, reads, terms, event.at):
        yield with_fee(tale, events, Cause.LOST_ITEM, Cause.LOST_PROCESSING)


def with_fee(tale: Tale, events: Sequence[Event], *causes: Cause) -> Tale:
    """The tale with what the act that brings it has charged for these causes; none where it cost nothing."""
    occasion = tale.telling.occasion
    lines = [each.line for each in events if isinstance(each, Charged)]
    charged = [line.amount for line in lines if line.item_id == occasion.item_id and line.cause in causes]
    if not charged:
        return tale
    fee = Money(sum(money.amount for money in charged), charged[0].currency)
    return evolve(tale, telling=evolve(tale.telling, occasion=evolve(occasion, fee=fee)))


def still_due_then(occasion: Occasion, reads: Reads) -> bool:
    """The loan is open, and due when it was due then."""
    loan = reads.get(Loan, occasion.item_id) if occasion.item_id is not None else None
    return loan is not None and loan.id == occasion.subject and loan.due == occasion.stands_while


def loan_still_late(occasion: Occasion, reads: Reads) -> bool:
    """The loan is open, due when it was due then, and neither lost nor claimed returned."""
    loan = reads.get(Loan, occasion.item_id) if occasion.item_id is not None else None
    if loan is None or loan.id != occasion.subject or loan.due != occasion.stands_while:
        return False
    return loan.awaited
