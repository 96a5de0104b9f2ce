"""Checks of a renewal: the policy's counts and times, those who wait, and what the library's own run must heed."""

from __future__ import annotations

from datetime import date

from libops.base.decisions import Reason
from libops.base.money import Money
from libops.base.periods import Period
from libops.circulation import reasons
from libops.circulation.decide.patron_checks import PATRON_CHECKS
from libops.circulation.decide.question import NOT_ASKED, CheckFunction, LoanQuestion, NotAsked
from libops.circulation.events import RenewedBy
from libops.circulation.policy.limits import PatronAction
from libops.circulation.policy.terms import (
    AutomaticRenewalTerms,
    HoldsAndRenewal,
    OverdueAndRenewal,
    ReasonOrder,
    RenewalTerms,
    WithoutNotBefore,
)

__all__ = ["renewal_checks", "renewal_terms"]

Found = Reason | NotAsked | None


def renewal_terms(question: LoanQuestion) -> RenewalTerms | None:
    """The terms of renewals; None where the policy has none."""
    loan = question.terms.loan
    return None if loan is None or not loan.renewals.allowed else loan.renewals


def automatic_terms(question: LoanQuestion) -> AutomaticRenewalTerms | None:
    """The terms of the library's own run, when it is the one that renews."""
    terms = renewal_terms(question)
    return terms.automatic if terms is not None and is_automatic(question) else None


def is_automatic(question: LoanQuestion) -> bool:
    return question.action is PatronAction.RENEW_AUTOMATICALLY


def allowed(question: LoanQuestion) -> Found:
    """The policy has renewals."""
    loan = question.terms.loan
    if loan is None:
        facts = question.facts
        return reasons.NO_RULE(patron_category=facts.patron.category, item_type=facts.item.item_type)
    return None if loan.renewals.allowed else reasons.RENEWAL_NOT_ALLOWED(policy=question.terms.loan_name)


def at_hand(question: LoanQuestion) -> Found:
    """An item that counts as lost, or that the patron says is back, cannot be kept longer (FOLIO)."""
    loan = question.facts.loan
    if loan.claimed_returned_at is not None:
        return reasons.RENEWAL_CLAIMED_RETURNED(since=loan.claimed_returned_at)
    lost_at = loan.declared_lost_at or loan.aged_to_lost_at
    return None if lost_at is None else reasons.RENEWAL_ITEM_LOST(since=lost_at)


def out_of_service(question: LoanQuestion) -> Found:
    """An item that a ticket holds comes back: to renew it is to lend it again."""
    return reasons.ITEM_OUT_OF_SERVICE() if question.facts.out_of_service else None


def count(question: LoanQuestion) -> Found:
    """No more renewals than the policy allows; 0 means none, absent means no limit.

    Automatic renewals have the count of their own, where the policy gives one.
    """
    terms, automatic = renewal_terms(question), automatic_terms(question)
    if terms is None:
        return NOT_ASKED
    limit, made = terms.count, question.facts.loan.renewals
    if automatic is not None and automatic.count is not None:
        limit, made = automatic.count, question.facts.loan.automatic_renewals
    if limit is None:
        return NOT_ASKED
    return reasons.RENEWAL_LIMIT_REACHED(count=made, limit=limit) if made >= limit else None


def unseen_count(question: LoanQuestion) -> Found:
    """No more renewals in a row without the item being seen than the policy allows (Koha)."""
    terms = renewal_terms(question)
    if terms is None or terms.unseen_count is None or question.facts.renewed_by is RenewedBy.STAFF_SEEN:
        return NOT_ASKED
    made = question.facts.loan.unseen_renewals
    if made < terms.unseen_count:
        return None
    return reasons.UNSEEN_RENEWAL_LIMIT_REACHED(count=made, limit=terms.unseen_count)


def not_before(question: LoanQuestion) -> Found:
    """Not earlier than so long before the due date; 0 days is on the due date itself (C6)."""
    terms = renewal_terms(question)
    if terms is None or terms.not_before is None or is_automatic(question):
        return NOT_ASKED
    return too_early(question, terms.not_before)


def too_early(question: LoanQuestion, before: Period) -> Found:
    due = question.facts.loan.due
    if due is None:
        return NOT_ASKED
    calendar = question.calendar
    if before.is_timed:
        instant = before.before_instant(due, calendar.zone_info)
        return reasons.RENEWAL_TOO_EARLY(earliest=instant) if question.at < instant else None
    day: date = before.before(calendar.service_day(due))
    return reasons.RENEWAL_TOO_EARLY(earliest=day) if question.today < day else None


def recalled(question: LoanQuestion) -> Found:
    """A recall always stops a renewal (C4)."""
    at = question.facts.loan.recalled_at
    return None if at is None else reasons.RENEWAL_RECALLED(since=at)


def wanted_by_others(question: LoanQuestion) -> Found:
    """Holds of others stop a renewal as far as the policy says (C4)."""
    terms, facts = renewal_terms(question), question.facts
    if terms is None or terms.holds is HoldsAndRenewal.IGNORE:
        return NOT_ASKED
    others_can_fill = terms.holds is HoldsAndRenewal.BLOCK_UNLESS_OTHERS_FILL and facts.items_free >= facts.holds
    if facts.item_held or (facts.holds and not others_can_fill):
        return reasons.RENEWAL_WANTED_BY_OTHERS(holds=max(facts.holds, 1))
    return None


def overdue(question: LoanQuestion) -> Found:
    """Overdue loans stop a renewal as far as the policy says (C8, Koha's three answers)."""
    terms, facts = renewal_terms(question), question.facts
    if terms is None or terms.overdue is OverdueAndRenewal.ALLOW:
        return NOT_ASKED
    own = facts.loan.due is not None and facts.loan.due < question.at
    number = len(facts.overdue) if terms.overdue is OverdueAndRenewal.BLOCK_ALL else 0
    return reasons.RENEWAL_OVERDUE(count=max(number, 1)) if own or number else None


def has_automatic(question: LoanQuestion) -> Found:
    """The policy has automatic renewals."""
    terms = renewal_terms(question)
    if terms is None or not is_automatic(question):
        return NOT_ASKED
    return reasons.RENEWAL_NOT_AUTOMATIC(policy=question.terms.loan_name) if terms.automatic is None else None


def opted_in(question: LoanQuestion) -> Found:
    """Where the policy waits for the patron to ask for automatic renewals, the patron has."""
    automatic = automatic_terms(question)
    if automatic is None or not automatic.patron_must_opt_in:
        return NOT_ASKED
    return None if question.facts.patron.renews_automatically else reasons.RENEWAL_NOT_OPTED_IN()


def automatic_not_before(question: LoanQuestion) -> Found:
    """The library's own run waits for the due date, unless the policy says otherwise (C6)."""
    automatic = automatic_terms(question)
    if automatic is None:
        return NOT_ASKED
    if automatic.not_before is not None:
        return too_early(question, automatic.not_before)
    due = question.facts.loan.due
    if automatic.without_not_before is WithoutNotBefore.ANY_TIME or due is None:
        return NOT_ASKED
    day = question.calendar.service_day(due)
    return reasons.RENEWAL_TOO_EARLY(earliest=day) if question.today < day else None


def automatic_cut_off(question: LoanQuestion) -> Found:
    """No automatic renewal so long after the check-out, or from a date on."""
    automatic = automatic_terms(question)
    if automatic is None or (automatic.no_more_after is None and automatic.no_more_after_date is None):
        return NOT_ASKED
    last = automatic.no_more_after_date
    if last is not None and question.today >= last:
        return reasons.RENEWAL_TOO_LATE(since=last)
    if automatic.no_more_after is not None:
        ends = automatic.no_more_after.after_instant(question.facts.loan.checked_out_at, question.calendar.zone_info)
        if question.at >= ends:
            return reasons.RENEWAL_TOO_LATE(since=ends)
    return None


def automatic_debt(question: LoanQuestion) -> Found:
    """No automatic renewal above a debt; exactly at the limit is allowed (E4, Koha)."""
    automatic = automatic_terms(question)
    if automatic is None or automatic.debt_limit is None:
        return NOT_ASKED
    owed, limit = question.facts.standing.balance, automatic.debt_limit
    return reasons.DEBT_LIMIT(owed=Money(owed, limit.currency), limit=limit) if owed > limit.amount else None


FIRST: tuple[tuple[str, CheckFunction], ...] = (
    ("allowed", allowed),
    ("at hand", at_hand),
    ("out of service", out_of_service),
)
AUTOMATIC: tuple[tuple[str, CheckFunction], ...] = (
    ("automatic", has_automatic),
    ("opted in", opted_in),
    ("automatic not before", automatic_not_before),
    ("automatic cut-off", automatic_cut_off),
    ("automatic debt limit", automatic_debt),
)
COUNTS: tuple[tuple[str, CheckFunction], ...] = (
    ("count", count),
    ("unseen count", unseen_count),
    ("not before", not_before),
)
WAITING: tuple[tuple[str, CheckFunction], ...] = (
    ("recalled", recalled),
    ("wanted by others", wanted_by_others),
    ("overdue", overdue),
)
WITHOUT_RESTRICTION = tuple(check for check in PATRON_CHECKS if check[0] != "restriction")


def renewal_checks(question: LoanQuestion) -> tuple[tuple[str, CheckFunction], ...]:
    """Every check of this renewal, in the order in which its reasons are given (C5)."""
    terms = renewal_terms(question)
    patron = WITHOUT_RESTRICTION if terms is not None and not terms.restriction_blocks else PATRON_CHECKS
    rest = (*COUNTS, *patron, *WAITING)
    if not is_automatic(question):
        return (*FIRST, *rest)
    if terms is not None and terms.reason_order is ReasonOrder.AUTOMATIC_FIRST:
        return (*FIRST, *AUTOMATIC, *rest)
    return (*FIRST, *rest, *AUTOMATIC)
