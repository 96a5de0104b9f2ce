"""May this loan be renewed, and until when?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import frozen

from libops.base.calendars import Calendar
from libops.base.decisions import Decision, Override, Permit, Reason, Refuse, Trace, weigh
from libops.base.events import Event
from libops.base.money import Money
from libops.circulation import reasons
from libops.circulation.decide.facts import RenewFacts, case_of
from libops.circulation.decide.question import LoanQuestion, run_checks, waived_by
from libops.circulation.decide.renewal_checks import renewal_checks
from libops.circulation.decide.rentals import rental_events, rented_for
from libops.circulation.decide.returns import charged_for, fine_of, fine_to_account
from libops.circulation.events import LoanRenewed, RenewedBy
from libops.circulation.model import Waived
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.due import Demand, Due, renewal_due, renewal_gains
from libops.circulation.policy.limits import PatronAction
from libops.circulation.policy.rules import Concern
from libops.circulation.policy.terms import LoanPolicy, RenewFrom, WithoutGain
from libops.fees.decide.facts import Act
from libops.fees.overdue import Ended

__all__ = ["RenewPlan", "renew"]


@frozen
class RenewPlan:
    """Until when the loan goes now, how that came about, what was set aside, and the events that make it so.

    `charged` is what the renewal cost: the fine of an overdue loan, and a fee for the loan where it has one.
    """

    until: datetime | None
    due: Due
    waived: Waived | None
    charged: tuple[tuple[str, Money], ...]
    events: tuple[Event, ...]


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

    The rules of today are asked, with the library where the loan was made; the calendar is that of the library that
    counts for loans. Arguments are those of `check_out`.
    """
    calendar = book.calendar_for(Concern.LOAN, facts.library, facts.item, facts.patron)
    today = calendar.service_day(at)
    case = case_of(facts.library, facts.patron, facts.item, facts.bib, today, book, renewal=True)
    terms = book.terms(case)
    automatic = facts.renewed_by is RenewedBy.AUTOMATIC
    action = PatronAction.RENEW_AUTOMATICALLY if automatic else PatronAction.RENEW
    question = LoanQuestion(facts, terms, calendar, at, today, action, book)
    checks = renewal_checks(question)
    asked = run_checks(question, checks, override=override, extra=extra, explain=explain, first_only=first_only)
    rules = book.rules.explain(case) if explain else ()
    verdict = asked.verdict
    if terms.loan is None or verdict.refusing:
        return Refuse(verdict.refusing, verdict.alerts, Trace(asked.checks, rules) if explain else None)
    due, found = new_due(question, terms.loan, next_booking, demand, explain)
    verdict = verdict.and_then(weigh(found, override))
    # A renewal never shortens: without gain the due date stays (reference, invariant 3).
    until = due.at if renewal_gains(facts.loan.due, due.at) else facts.loan.due
    counted = fine_of(
        facts.loan, facts.item, facts.patron, book, at, ended=Ended.RENEWED, fined=facts.fined, explain=explain
    )
    trace = Trace(asked.checks, rules, due.steps, () if counted is None else counted.steps) if explain else None
    if verdict.refusing:
        return Refuse(verdict.refusing, verdict.alerts, trace)
    waived, loan = waived_by(override, verdict), facts.loan
    renewed = LoanRenewed(at, by, loan.id, loan.item_id, until, facts.renewed_by, terms.rule, book.version, waived)
    act = Act(at, by, facts.library)
    fined = fine_to_account(facts, loan, book, counted, act, give_back=False)
    rented = rental_at_renewal(facts, terms.loan, until, calendar, act)
    charged = (*charged_for(counted), *rented_for(rented))
    return Permit(RenewPlan(until, due, waived, charged, (renewed, *fined, *rented)), verdict.alerts, trace)


def new_due(
    question: LoanQuestion,
    policy: LoanPolicy,
    next_booking: datetime | None,
    demand: Demand | None,
    explain: bool,
) -> tuple[Due, list[Reason]]:
    """Until when the loan would go, and what stands against that."""
    facts, terms, loan = question.facts, policy.renewals, question.facts.loan
    shorter = terms.period_with_holds if facts.holds or facts.item_held else None
    due = renewal_due(
        policy.due,
        now=question.at,
        calendar=question.calendar,
        counted_from=loan.due if terms.renew_from is RenewFrom.DUE_DATE else None,
        period=shorter or terms.period,
        patron_expiry=facts.patron.expires,
        next_booking=None if terms.booking_blocks else next_booking,
        demand=demand,
        explain=explain,
    )
    found = list(due.warnings)
    gains = renewal_gains(loan.due, due.at)
    if not gains and terms.without_gain is WithoutGain.REFUSE:
        found.append(reasons.RENEWAL_WITHOUT_GAIN(due=loan.due or "", would_be=due.at or ""))
    if terms.no_more_after is not None and gains:
        last = terms.no_more_after.after_instant(loan.checked_out_at, question.calendar.zone_info)
        if due.at is None or due.at > last:
            found.append(reasons.RENEWAL_LASTS_TOO_LONG(last=last, would_be=due.at or ""))
    if terms.booking_blocks and next_booking is not None:
        lead = policy.due.booking_lead
        latest = next_booking if lead is None else lead.before_instant(next_booking, question.calendar.zone_info)
        if due.at is None or due.at > latest:
            found.append(reasons.RENEWAL_BOOKED(booked=next_booking))
    return due, found


def rental_at_renewal(
    facts: RenewFacts, policy: LoanPolicy, until: datetime | None, calendar: Calendar, act: Act
) -> tuple[Event, ...]:
    """The fee for the loan, charged again where its terms say so."""
    terms = policy.rental
    if terms is None or not terms.at_renewal:
        return ()
    credits = () if facts.account is None else facts.account.credits
    return rental_events(terms, facts.loan, facts.loan.renewals + 1, act.at, until, calendar, act, credits)
