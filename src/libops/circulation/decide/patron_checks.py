"""Checks on the patron that lending and renewing share: registration, restrictions, debts, counts."""

from __future__ import annotations

from libops.base.decisions import Reason, ReasonCode
from libops.base.money import Money
from libops.circulation import reasons
from libops.circulation.decide.question import NOT_ASKED, CheckFunction, LoanQuestion, NotAsked
from libops.circulation.policy.limits import CountBlock
from libops.patrons.model import Action

__all__ = ["PATRON_CHECKS"]

Found = Reason | NotAsked | None

BLOCKED_ACTS = {action.value: action for action in Action}


def registration(question: LoanQuestion) -> Found:
    """The registration holds through its last day, by the library's clocks."""
    block, expires = question.terms.limits.expired, question.facts.patron.expires
    if block is None or question.action not in block.stops:
        return NOT_ASKED
    if expires is None or question.today <= expires:
        return None
    return reasons.CARD_EXPIRED.weighing(block.weight, expires=expires)


def registration_ends_soon(question: LoanQuestion) -> Found:
    """The desk is told when the registration ends within the period that the policy names."""
    period, expires = question.terms.limits.expiry_alert, question.facts.patron.expires
    if period is None or expires is None or expires < question.today:
        return NOT_ASKED
    if period.after(question.today) < expires:
        return None
    return reasons.CARD_EXPIRES_SOON(expires=expires)


def restriction(question: LoanQuestion) -> Found:
    """A restriction set by staff stops the acts it names until its end."""
    block = question.terms.limits.restricted
    if block is None:
        return NOT_ASKED
    action = BLOCKED_ACTS.get(question.action.value)
    for placed in question.facts.patron.blocks:
        if action is not None and placed.stops(action, question.at):
            return reasons.PATRON_RESTRICTED.weighing(block.weight, note=placed.note, until=placed.until or "")
    return None


def address(question: LoanQuestion) -> Found:
    """Mail that comes back stops what the policy says."""
    block = question.terms.limits.bad_address
    if block is None or question.action not in block.stops:
        return NOT_ASKED
    return reasons.PATRON_BAD_ADDRESS.weighing(block.weight) if question.facts.patron.bad_address else None


def debt(question: LoanQuestion) -> Found:
    """What the patron owes, against the limit; whether the limit itself is allowed is the boundary's business."""
    block = question.terms.limits.debt
    if block is None or question.action not in block.stops:
        return NOT_ASKED
    owed = question.facts.standing.balance
    if not block.boundary.stops(owed, block.limit.amount):
        return None
    return reasons.DEBT_LIMIT.weighing(block.weight, owed=Money(owed, block.limit.currency), limit=block.limit)


def counted(question: LoanQuestion, block: CountBlock | None, count: int, code: ReasonCode) -> Found:
    if block is None or question.action not in block.stops:
        return NOT_ASKED
    if not block.boundary.stops(count, block.limit):
        return None
    return code.weighing(block.weight, count=count, limit=block.limit)


def overdue(question: LoanQuestion) -> Found:
    """How many of the patron's loans are overdue."""
    return counted(question, question.terms.limits.overdue, question.facts.overdue, reasons.OVERDUE_LIMIT)


def lost(question: LoanQuestion) -> Found:
    """How many items the patron has lost."""
    return counted(question, question.terms.limits.lost, question.facts.standing.lost, reasons.LOST_LIMIT)


def claims(question: LoanQuestion) -> Found:
    """How often the patron claimed to have returned an item that is not there."""
    block = question.terms.limits.claims_returned
    return counted(question, block, question.facts.standing.claims_returned, reasons.CLAIMS_LIMIT)


PATRON_CHECKS: tuple[tuple[str, CheckFunction], ...] = (
    ("registration", registration),
    ("registration ends soon", registration_ends_soon),
    ("restriction", restriction),
    ("address", address),
    ("debt", debt),
    ("overdue items", overdue),
    ("lost items", lost),
    ("claims returned", claims),
)
