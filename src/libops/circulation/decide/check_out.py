"""May this patron take this item, and until when?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from attrs import frozen

from libops.base.decisions import Decision, Override, Permit, Reason, Refuse, RuleConsidered, Trace, weigh
from libops.base.events import Event
from libops.base.ids import LoanId
from libops.base.makers import maker
from libops.base.money import Money
from libops.circulation import reasons
from libops.circulation.decide.facts import CheckOutFacts, age_on, case_of, terms_of
from libops.circulation.decide.hold_checks import HOLD_CHECKS, hold_events, picking_up
from libops.circulation.decide.limit_checks import LIMIT_CHECKS
from libops.circulation.decide.patron_checks import PATRON_CHECKS
from libops.circulation.decide.question import (
    NOT_ASKED,
    CheckFunction,
    LoanQuestion,
    NotAsked,
    Where,
    answered,
    ask_all,
    asked_of,
    asked_where,
    concerned,
    run_checks,
    waived_by,
)
from libops.circulation.decide.rentals import rental_events, rented_for
from libops.circulation.events import ItemCheckedOut
from libops.circulation.model import Loan, Waived
from libops.circulation.policy.book import CirculationBook, Terms
from libops.circulation.policy.due import Demand, Due, due_date
from libops.circulation.policy.limits import PatronAction
from libops.circulation.policy.rules import Concern
from libops.circulation.policy.terms import Loanable, LoanPolicy, Question, UnknownAge
from libops.fees.decide.facts import Act
from libops.patrons.standing import counted_as

__all__ = ["CHECKS", "CheckOutPlan", "check_out"]

# Members looked up once: every look-up in an enumeration costs as much as a check.
LOANABLE, CHECK_OUT = Loanable.YES, PatronAction.CHECK_OUT
NOTHING_CHARGED: tuple[tuple[str, Money], ...] = ()
Found = Reason | NotAsked | None


@frozen(weakref_slot=False)
class CheckOutPlan:
    """The loan as it will be, how its due date came about, what was set aside, and the events that make it so.

    `charged` is the fee for the loan, where its policy has one.
    """

    loan: Loan
    due: Due
    waived: Waived | None
    charged: tuple[tuple[str, Money], ...]
    events: tuple[Event, ...]


new_question, new_loan, new_plan = maker(LoanQuestion), maker(Loan), maker(CheckOutPlan)
item_checked_out, permit = maker(ItemCheckedOut), maker(Permit)


@asked_of("loan")
def on_loan(question: LoanQuestion) -> Found:
    """An item is lent once at a time."""
    loan = question.facts.loan
    if loan is None:
        return None
    if loan.patron_id == question.facts.patron.id:
        return reasons.ITEM_ON_LOAN_TO_PATRON(due=loan.due or "")
    return reasons.ITEM_ON_LOAN(due=loan.due or "")


@asked_of("item.withdrawn_at")
def withdrawn(question: LoanQuestion) -> Found:
    """A withdrawn item has left the collection."""
    at = question.facts.item.withdrawn_at
    return None if at is None else reasons.ITEM_WITHDRAWN(since=at)


@asked_of("item.not_for_loan")
def not_for_loan(question: LoanQuestion) -> Found:
    """An item may be marked as staying in the house; use there is another matter."""
    why = question.facts.item.not_for_loan
    if not why or question.facts.on_site:
        return None
    return reasons.ITEM_NOT_FOR_LOAN(why=why)


@asked_of("item.damaged", "item.in_repair")
def damaged(question: LoanQuestion) -> Found:
    """A damaged item goes out only when the desk has looked at it."""
    item = question.facts.item
    return reasons.ITEM_DAMAGED(note=item.status_note) if item.damaged or item.in_repair else None


@asked_of("in_processing")
def in_processing(question: LoanQuestion) -> Found:
    """New material is not lent before its required steps are done."""
    return reasons.ITEM_IN_PROCESSING() if question.facts.in_processing else None


@asked_of("out_of_service")
def out_of_service(question: LoanQuestion) -> Found:
    """What a ticket holds, because using it may hurt somebody, is not handed out."""
    return reasons.ITEM_OUT_OF_SERVICE() if question.facts.out_of_service else None


@asked_of("item.missing_since")
def missing(question: LoanQuestion) -> Found:
    """An item that nobody could find is there after all: the desk says so."""
    since = question.facts.item.missing_since
    return None if since is None else reasons.ITEM_MISSING(since=since)


@asked_where(lambda terms, action: terms.loan is None or terms.loan.loanable is not LOANABLE)
def loanable(question: LoanQuestion) -> Found:
    """The policy lends such items, or only for use in the house."""
    loan = question.terms.loan
    if loan is None:
        return reasons.NO_RULE(patron_category=question.facts.patron.category, item_type=question.facts.item.item_type)
    if loan.loanable is LOANABLE:
        return None
    if loan.loanable is Loanable.NO:
        return reasons.POLICY_NOT_LOANABLE(policy=question.terms.loan_name)
    if loan.loanable is Loanable.ON_SITE_ONLY and not question.facts.on_site:
        return reasons.ON_SITE_ONLY(policy=question.terms.loan_name)
    return None


def age(question: LoanQuestion) -> Found:
    """The patron is old enough for the item, and of the age that the policy serves."""
    facts, loan = question.facts, question.terms.loan
    at_least = facts.item.age_restriction
    if loan is None or (at_least is None and loan.age.at_least is None and loan.age.at_most is None):
        return NOT_ASKED
    least = max(at_least or 0, loan.age.at_least or 0)
    years = age_on(facts.patron.birth_date, question.today)
    if years is None:
        if loan.age.unknown is UnknownAge.PASSES:
            return None
        if loan.age.unknown is UnknownAge.CONFIRM:
            return reasons.AGE_UNKNOWN(at_least=least)
        return reasons.AGE_NOT_ALLOWED(age="", at_least=least)
    if years >= least and (loan.age.at_most is None or years <= loan.age.at_most):
        return None
    return answered(loan.age.otherwise, reasons.AGE_NOT_ALLOWED, age=years, at_least=least)


def asks(answer: Callable[[LoanPolicy], Question]) -> Where:
    """Where the loan policy answers a question with anything but leave."""
    return lambda terms, action: terms.loan is not None and answer(terms.loan) is not Question.ALLOW


@asked_where(asks(lambda loan: loan.one_per_title))
def same_title(question: LoanQuestion) -> Found:
    """Some libraries lend one item of a title at a time."""
    terms, bib = question.terms.loan, question.facts.bib.id
    if terms is None or not any(loan.bib_id == bib for loan in question.facts.loans):
        return None
    return answered(terms.one_per_title, reasons.SAME_TITLE_OUT, title=question.facts.bib.title)


@asked_where(asks(lambda loan: loan.had_before))
def had_before(question: LoanQuestion) -> Found:
    """Some readers ask to be warned of what they have read."""
    terms = question.terms.loan
    if terms is None or not question.facts.had_before:
        return None
    return answered(terms.had_before, reasons.HAD_BEFORE, title=question.facts.bib.title)


@asked_where(asks(lambda loan: loan.parts))
def parts(question: LoanQuestion) -> Found:
    """An item in parts is counted before it goes out."""
    item = question.facts.item
    if question.terms.loan is None or item.pieces < 2:
        return None
    return answered(question.terms.loan.parts, reasons.PARTS_TO_COUNT, pieces=item.pieces, note=item.pieces_note)


@asked_where(lambda terms, action: terms.loan is not None and terms.loan.rental is not None)
def rental(question: LoanQuestion) -> Found:
    """A fee for the loan is agreed to first."""
    terms = question.terms.loan
    if terms is None or terms.rental is None:
        return None
    return answered(terms.rental.ask, reasons.RENTAL_FEE, fee=terms.rental.amount, per=terms.rental.per or "")


CHECKS: tuple[tuple[str, CheckFunction], ...] = (
    ("on loan", on_loan),
    *HOLD_CHECKS,
    ("withdrawn", withdrawn),
    ("not for loan", not_for_loan),
    ("damaged", damaged),
    ("in processing", in_processing),
    ("out of service", out_of_service),
    ("missing", missing),
    ("loanable", loanable),
    *PATRON_CHECKS,
    *LIMIT_CHECKS,
    ("age", age),
    ("same title", same_title),
    ("had before", had_before),
    ("parts", parts),
    ("rental fee", rental),
)
"""Every check of a checkout, in the order in which its reasons are given."""


def check_out(
    facts: CheckOutFacts,
    book: CirculationBook,
    *,
    at: datetime,
    loan_id: LoanId,
    by: str,
    override: Override | None = None,
    extra: Iterable[Reason] = (),
    demand: Demand | None = None,
    next_booking: datetime | None = None,
    explain: bool = False,
    first_only: bool = False,
) -> Decision[CheckOutPlan]:
    """Decide whether a patron may take an item, and plan the loan.

    Args:
        facts: what was loaded about patron, item and library.
        book: the library's rules.
        at: now, in UTC.
        loan_id: identifier for the loan, if there will be one.
        by: who does it.
        override: codes that staff set aside.
        extra: reasons that plugins add.
        demand: how wanted the title is, where the policy shortens loans for it.
        next_booking: when the item is booked next, so that it is back before.
        explain: also say how the decision came about.
        first_only: stop at the first reason that refuses.
    """
    calendar = book.calendar(facts.library)
    today = calendar.service_day(at)
    terms = terms_of(facts.library, facts.patron, facts.item, facts.bib, today, book)
    action = PatronAction.CHECK_OUT_ON_SITE if facts.on_site else CHECK_OUT
    if facts.ready is not None and picking_up(facts):
        action = PatronAction.PICK_UP
    question = new_question(facts, terms, calendar, at, today, action, book)
    if explain or first_only:
        asked = run_checks(question, CHECKS, override=override, extra=extra, explain=explain, first_only=first_only)
    else:
        checks = terms.asked.get(action)
        if checks is None:
            checks = terms.asked[action] = concerned(CHECKS, terms, action)
        asked = ask_all(question, checks.of(facts), override=override, extra=extra)
    rules = considered(facts, book, today) if explain else ()
    verdict = asked.verdict
    if verdict.refusing or terms.loan is None:
        trace = Trace(asked.checks, rules) if explain else None
        return Refuse(verdict.refusing, verdict.alerts, trace)
    if not book.due_here:
        calendar = book.calendar_for(Concern.LOAN, facts.library, facts.item, facts.patron)
    due = due_date(
        terms.loan.due,
        at=at,
        calendar=calendar,
        patron_expiry=facts.patron.expires,
        next_booking=next_booking,
        demand=demand,
        day=today if book.due_here else None,
        explain=explain,
    )
    trace = Trace(asked.checks, rules, due.steps) if explain else None
    if due.warnings:
        verdict = verdict.and_then(weigh(due.warnings, override))
        if verdict.refusing:
            return Refuse(verdict.refusing, verdict.alerts, trace)
    loan = planned(facts, book, terms, at, loan_id, due.at)
    waived = None if override is None else waived_by(override, verdict)
    events: tuple[Event, ...] = (item_checked_out(at, by, loan_id, loan, waived), *hold_events(facts, loan, at, by))
    rental, charged = terms.loan.rental, NOTHING_CHARGED
    if rental is not None:
        rented = rental_events(rental, loan, 0, at, due.at, calendar, Act(at, by, facts.library), facts.credits)
        events, charged = (*events, *rented), rented_for(rented)
    return permit(new_plan(loan, due, waived, charged, events), verdict.alerts, trace)


def considered(facts: CheckOutFacts, book: CirculationBook, today: date) -> tuple[RuleConsidered, ...]:
    return book.rules.explain(case_of(facts.library, facts.patron, facts.item, facts.bib, today, book))


def planned(
    facts: CheckOutFacts, book: CirculationBook, terms: Terms, at: datetime, loan_id: LoanId, due: datetime | None
) -> Loan:
    item, patron = facts.item, facts.patron
    return new_loan(
        loan_id,
        item.id,
        patron.id,
        item.bib_id,
        facts.library,
        at,
        due,
        item.item_type,
        patron.category,
        counted_as(item.item_type, facts.library),
        terms.rule,
        book.version,
        terms.loan_name,
        terms.fine_name,
        terms.lost_name,
        facts.on_site,
        suspension=terms.suspension_name if terms.suspension is not None else "",
        reminders=terms.reminders_name if terms.reminders else "",
    )
