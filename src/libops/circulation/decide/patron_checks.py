"""Checks on the patron that lending and renewing share: registration, restrictions, debts, counts."""

from __future__ import annotations

from collections.abc import Sequence

from libops.base.decisions import Reason, ReasonCode, Weight
from libops.base.money import Money
from libops.circulation import reasons
from libops.circulation.decide.question import NOT_ASKED, CheckFunction, LoanQuestion, NotAsked, asked_where
from libops.circulation.model import Loan
from libops.circulation.policy.book import Terms
from libops.circulation.policy.limits import CountBlock, DebtBlock, LimitScope, PatronAction, StandingBlock
from libops.patrons.model import Action

__all__ = ["PATRON_CHECKS"]

Found = Reason | NotAsked | None

BLOCKED_ACTS = {
    PatronAction.CHECK_OUT: Action.CHECK_OUT,
    PatronAction.CHECK_OUT_ON_SITE: Action.CHECK_OUT,
    PatronAction.RENEW: Action.RENEW,
    PatronAction.RENEW_AUTOMATICALLY: Action.RENEW,
    PatronAction.PLACE_HOLD: Action.PLACE_HOLD,
    PatronAction.CAPTURE_HOLD: Action.PICK_UP,
    PatronAction.PICK_UP: Action.PICK_UP,
    PatronAction.BOOK: Action.BOOK,
}
"""Which of the acts that a block on a patron names an act of the desk is."""


def stops(block: StandingBlock | DebtBlock | CountBlock | None, action: PatronAction) -> bool:
    """Whether the policy has the block, and it stops this act."""
    return block is not None and action in block.stops


def stops_at_none(block: DebtBlock | CountBlock | None) -> bool:
    """Whether the block stops those with none as well, as a limit of 0 does where reaching it is enough."""
    if block is None:
        return False
    return block.boundary.stops(0, block.limit.amount if isinstance(block, DebtBlock) else block.limit)


def expiry_stops(terms: Terms, action: PatronAction) -> bool:
    """Whether an expired card stops this act; for automatic renewals the loan policy says so (E8)."""
    loan = terms.loan
    if action is PatronAction.RENEW_AUTOMATICALLY and loan is not None and loan.renewals.automatic is not None:
        return loan.renewals.automatic.expired_blocks
    return stops(terms.limits.expired, action)


@asked_where(expiry_stops)
def registration(question: LoanQuestion) -> Found:
    """The registration holds through its last day, by the library's clocks."""
    block, expires = question.terms.limits.expired, question.facts.patron.expires
    if expires is None or question.today <= expires:
        return None
    return reasons.CARD_EXPIRED.weighing(Weight.OVERRIDABLE if block is None else block.weight, expires=expires)


@asked_where(lambda terms, action: terms.limits.expiry_alert is not None)
def registration_ends_soon(question: LoanQuestion) -> Found:
    """The desk is told when the registration ends within the period that the policy names."""
    period, expires = question.terms.limits.expiry_alert, question.facts.patron.expires
    if period is None or expires is None or expires < question.today:
        return NOT_ASKED
    if period.after(question.today) < expires:
        return None
    return reasons.CARD_EXPIRES_SOON(expires=expires)


@asked_where(lambda terms, action: stops(terms.limits.restricted, action), "patron.blocks")
def restriction(question: LoanQuestion) -> Found:
    """A restriction set by staff stops the acts it names until its end."""
    block = question.terms.limits.restricted
    assert block is not None
    action = BLOCKED_ACTS[question.action]
    for placed in question.facts.patron.blocks:
        if placed.stops(action, question.at):
            return reasons.PATRON_RESTRICTED.weighing(block.weight, note=placed.note, until=placed.until or "")
    return None


@asked_where(lambda terms, action: stops(terms.limits.bad_address, action), "patron.bad_address")
def address(question: LoanQuestion) -> Found:
    """Mail that comes back stops what the policy says."""
    block = question.terms.limits.bad_address
    assert block is not None
    return reasons.PATRON_BAD_ADDRESS.weighing(block.weight) if question.facts.patron.bad_address else None


@asked_where(
    lambda terms, action: stops(terms.limits.debt, action),
    "standing.balance",
    unless=lambda terms, action: stops_at_none(terms.limits.debt),
)
def debt(question: LoanQuestion) -> Found:
    """What the patron owes, against the limit; whether the limit itself is allowed is the boundary's business."""
    block = question.terms.limits.debt
    assert block is not None
    owed = question.facts.standing.balance
    if not block.boundary.stops(owed, block.limit.amount):
        return None
    return reasons.DEBT_LIMIT.weighing(block.weight, owed=Money(owed, block.limit.currency), limit=block.limit)


def counted(block: CountBlock | None, count: int, code: ReasonCode) -> Found:
    if block is None or not block.boundary.stops(count, block.limit):
        return None
    return code.weighing(block.weight, count=count, limit=block.limit)


@asked_where(
    lambda terms, action: stops(terms.limits.overdue, action),
    "overdue",
    unless=lambda terms, action: stops_at_none(terms.limits.overdue),
)
def overdue(question: LoanQuestion) -> Found:
    """How many of the patron's loans are overdue, everywhere or at this library (D8)."""
    block = question.terms.limits.overdue
    return counted(block, len(in_scope(question, block)), reasons.OVERDUE_LIMIT)


@asked_where(
    lambda terms, action: stops(terms.limits.overdue_recalls, action),
    "overdue",
    unless=lambda terms, action: stops_at_none(terms.limits.overdue_recalls),
)
def overdue_recalls(question: LoanQuestion) -> Found:
    """How many of the patron's overdue loans were recalled for others."""
    block = question.terms.limits.overdue_recalls
    count = sum(loan.recalled_at is not None for loan in in_scope(question, block))
    return counted(block, count, reasons.OVERDUE_RECALLS_LIMIT)


def in_scope(question: LoanQuestion, block: CountBlock | None) -> Sequence[Loan]:
    loans: tuple[Loan, ...] = question.facts.overdue
    if not loans or block is None or block.scope is LimitScope.EVERYWHERE:
        return loans
    return [loan for loan in loans if loan.library == question.facts.library]


@asked_where(
    lambda terms, action: stops(terms.limits.lost, action),
    "standing.lost",
    unless=lambda terms, action: stops_at_none(terms.limits.lost),
)
def lost(question: LoanQuestion) -> Found:
    """How many items the patron has lost."""
    return counted(question.terms.limits.lost, question.facts.standing.lost, reasons.LOST_LIMIT)


@asked_where(
    lambda terms, action: stops(terms.limits.claims_returned, action),
    "standing.claims_returned",
    unless=lambda terms, action: stops_at_none(terms.limits.claims_returned),
)
def claims(question: LoanQuestion) -> Found:
    """How often the patron claimed to have returned an item that is not there."""
    return counted(question.terms.limits.claims_returned, question.facts.standing.claims_returned, reasons.CLAIMS_LIMIT)


PATRON_CHECKS: tuple[tuple[str, CheckFunction], ...] = (
    ("registration", registration),
    ("registration ends soon", registration_ends_soon),
    ("restriction", restriction),
    ("address", address),
    ("debt", debt),
    ("overdue items", overdue),
    ("overdue recalls", overdue_recalls),
    ("lost items", lost),
    ("claims returned", claims),
)
