"""May this loan be renewed, and until when?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import frozen

from libops.base.decisions import Decision, Override, Permit, Reason, Refuse, Trace, weigh
from libops.base.events import Event
from libops.circulation import reasons
from libops.circulation.decide.facts import RenewFacts, case_of
from libops.circulation.decide.patron_checks import PATRON_CHECKS
from libops.circulation.decide.question import (
    NOT_ASKED,
    CheckFunction,
    LoanQuestion,
    NotAsked,
    run_checks,
    waived_by,
)
from libops.circulation.events import LoanRenewed, RenewedBy
from libops.circulation.model import Waived
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.due import Demand, Due, renewal_due, renewal_gains
from libops.circulation.policy.limits import PatronAction
from libops.circulation.policy.terms import RenewalTerms, RenewFrom, WithoutGain

__all__ = ["CHECKS", "RenewPlan", "renew"]

Found = Reason | NotAsked | None


@frozen
class RenewPlan:
    """Until when the loan goes now, how that came about, what was set aside, and the events that make it so."""

    until: datetime | None
    due: Due
    waived: Waived | None
    events: tuple[Event, ...]


def allowed(question: LoanQuestion) -> Found:
    """The policy has renewals."""
    loan = question.terms.loan
    if loan is None:
        facts = question.facts
        return reasons.NO_RULE(patron_category=facts.patron.category, item_type=facts.item.item_type)
    return None if loan.renewals.allowed else reasons.RENEWAL_NOT_ALLOWED(policy=question.terms.loan_name)


def count(question: LoanQuestion) -> Found:
    """No more renewals than the policy allows; 0 means none, absent means no limit."""
    terms = renewals(question)
    if terms is None or terms.count is None:
        return NOT_ASKED
    made = question.facts.loan.renewals
    return reasons.RENEWAL_LIMIT_REACHED(count=made, limit=terms.count) if made >= terms.count else None


def unseen_count(question: LoanQuestion) -> Found:
    """No more renewals in a row without the item being seen than the policy allows."""
    terms = renewals(question)
    if terms is None or terms.unseen_count is None or question.facts.renewed_by is RenewedBy.STAFF_SEEN:
        return NOT_ASKED
    made = question.facts.loan.unseen_renewals
    if made < terms.unseen_count:
        return None
    return reasons.UNSEEN_RENEWAL_LIMIT_REACHED(count=made, limit=terms.unseen_count)


def not_before(question: LoanQuestion) -> Found:
    """Not earlier than so long before the due date."""
    terms, due = renewals(question), question.facts.loan.due
    if terms is None or terms.not_before is None or due is None:
        return NOT_ASKED
    earliest = terms.not_before.before(question.calendar.local(due).date())
    return reasons.RENEWAL_TOO_EARLY(earliest=earliest) if question.today < earliest else None


def renewals(question: LoanQuestion) -> RenewalTerms | None:
    loan = question.terms.loan
    return None if loan is None or not loan.renewals.allowed else loan.renewals


CHECKS: tuple[tuple[str, CheckFunction], ...] = (
    ("allowed", allowed),
    ("count", count),
    ("unseen count", unseen_count),
    ("not before", not_before),
    *PATRON_CHECKS,
)
"""Every check of a renewal, in the order in which its reasons are given."""


def renew(
    facts: RenewFacts,
    book: CirculationBook,
    *,
    at: datetime,
    by: str,
    override: Override | None = None,
    extra: Iterable[Reason] = (),
    demand: Demand | None = None,
    next_booking: datetime | None = None,
    explain: bool = False,
    first_only: bool = False,
) -> Decision[RenewPlan]:
    """Decide whether a loan may be renewed, and until when.

    The rules of today are asked, with the library where the loan was made. Arguments are those of `check_out`.
    """
    calendar = book.calendar(facts.library)
    today = calendar.service_day(at)
    case = case_of(facts.library, facts.patron, facts.item, facts.bib, today, renewal=True)
    terms = book.terms(case)
    automatic = facts.renewed_by is RenewedBy.AUTOMATIC
    action = PatronAction.RENEW_AUTOMATICALLY if automatic else PatronAction.RENEW
    question = LoanQuestion(facts, terms, calendar, at, today, action)
    asked = run_checks(question, CHECKS, override=override, extra=extra, explain=explain, first_only=first_only)
    rules = book.rules.explain(case) if explain else ()
    verdict = asked.verdict
    if terms.loan is None or verdict.refusing:
        return Refuse(verdict.refusing, verdict.alerts, Trace(asked.checks, rules) if explain else None)
    renewing, loan = terms.loan.renewals, facts.loan
    due = renewal_due(
        terms.loan.due,
        now=at,
        calendar=calendar,
        counted_from=loan.due if renewing.renew_from is RenewFrom.DUE_DATE else None,
        period=renewing.period,
        patron_expiry=facts.patron.expires,
        next_booking=next_booking,
        demand=demand,
        explain=explain,
    )
    found = list(due.warnings)
    gains = renewal_gains(loan.due, due.at)
    if not gains and renewing.without_gain is WithoutGain.REFUSE:
        found.append(reasons.RENEWAL_WITHOUT_GAIN(due=loan.due or "", would_be=due.at or ""))
    verdict = verdict.and_then(weigh(found, override))
    trace = Trace(asked.checks, rules, due.steps) if explain else None
    if verdict.refusing:
        return Refuse(verdict.refusing, verdict.alerts, trace)
    # A renewal never shortens: without gain the due date stays (reference, invariant 3).
    until = due.at if gains else loan.due
    waived = waived_by(override, verdict)
    event = LoanRenewed(at, by, loan.id, loan.item_id, until, facts.renewed_by, terms.rule, book.version, waived)
    return Permit(RenewPlan(until, due, waived, (event,)), verdict.alerts, trace)
