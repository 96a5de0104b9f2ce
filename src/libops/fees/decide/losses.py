"""What a lost item costs, and what goes back when it returns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

from attrs import frozen

from libops.base.events import Event
from libops.base.ids import AccountLineId, IdSource, ItemId, LoanId
from libops.base.money import Money
from libops.fees.account import ChargeHistory, PaidPart, charge_histories, voided_lines
from libops.fees.decide.facts import AccountFacts, AccountPlan, Act, lower, plan_of
from libops.fees.decide.fines import FineFacts, count_fine
from libops.fees.decide.refunds import refund_lines
from libops.fees.decide.voids import void_line
from libops.fees.events import line_written
from libops.fees.model import AccountLine, Cause, LineKind, LoanFine
from libops.fees.policy.account import AccountPolicy
from libops.fees.policy.lost import (
    LoanAfterLoss,
    LossCause,
    LostCost,
    LostPolicy,
    LostRefund,
    OverdueOnLostReturn,
    OverdueWhenLost,
    ProcessingFeeOnReturn,
    RefundClock,
)

__all__ = [
    "Loss",
    "LostCharges",
    "NewFine",
    "bill_actual_cost",
    "charge_loss",
    "gives_back",
    "loan_ends",
    "lost_charges",
    "return_lost",
    "taken_over",
]

UTC_ZONE = ZoneInfo("UTC")
STANDARD = AccountPolicy()


@frozen
class Loss:
    """A loan whose item is lost, and when; `number` counts this loan's losses from 1 (it may be lost again)."""

    loan_id: LoanId
    item_id: ItemId
    lost_at: datetime
    number: int = 1


@frozen
class LostCharges:
    """What a loss costs: for the item and for its processing, None where nothing is charged.

    `cost_to_follow` says that staff will bill the item when they know its real cost.
    """

    item: Money | None = None
    processing: Money | None = None
    cost_to_follow: bool = False


@frozen
class NewFine:
    """The overdue fine as counted up to the return of a lost item, and what the loan was fined so far."""

    fine: Money
    period: int = 0
    so_far: LoanFine | None = None


def lost_charges(
    policy: LostPolicy, *, cause: LossCause, price: Money | None = None, default_price: Money | None = None
) -> LostCharges:
    """What the loss of an item costs. A price that is unknown or 0 gives way to the default price of the item type.

    >>> policy = LostPolicy(processing_fees={LossCause.AGED: Money.parse("5.00 EUR")})
    >>> costs = lost_charges(policy, cause=LossCause.AGED, price=Money.parse("18.90 EUR"))
    >>> print(costs.item, costs.processing)
    18.90 EUR 5.00 EUR
    """
    amount: Money | None = None
    if policy.cost is LostCost.SET_AMOUNT:
        amount = policy.set_amount
    elif policy.cost is LostCost.PRICE:
        amount = price if price is not None and price.amount > 0 else default_price
    processing = policy.processing_fees.get(cause)
    return LostCharges(
        amount if amount is not None and amount.amount > 0 else None,
        processing if processing is not None and processing.amount > 0 else None,
        policy.cost is LostCost.ACTUAL_COST,
    )


def loan_ends(policy: LostPolicy, charges: LostCharges, *, still_open: bool) -> bool:
    """Whether the loan of a lost item is closed: by the loss, once settled, or because nothing is charged (F5)."""
    if policy.loan is LoanAfterLoss.CLOSED:
        return True
    nothing = charges.item is None and charges.processing is None and not charges.cost_to_follow
    return policy.close_if_nothing_charged if nothing else not still_open and not charges.cost_to_follow


def charge_loss(facts: AccountFacts, act: Act, *, loss: Loss, charges: LostCharges, policy: LostPolicy) -> AccountPlan:
    """Charge a loss, and drop the open overdue fine where the policy does.

    Line ids are made from the loan and the number of the loss, so that a sweep that runs twice charges once: lines
    that the account has already are left out.
    """
    lines = []
    for name, cause, amount in (
        ("lost", Cause.LOST_ITEM, charges.item),
        ("processing", Cause.LOST_PROCESSING, charges.processing),
    ):
        if amount is not None:
            lines.append(_charge(facts, act, loss, f"{loss.loan_id}-{name}-{loss.number}", cause, amount))
    if policy.overdue_when_lost is OverdueWhenLost.DROPPED:
        fines = [each for each in facts.charges if each.loan_id == loss.loan_id and each.cause is Cause.OVERDUE]
        for number, each in enumerate(sorted(fines, key=lambda one: one.id), 1):
            key = AccountLineId(f"{loss.loan_id}-dropped-{loss.number}-{number}")
            lines.append(lower(facts, act, key, each, each.open.amount, Cause.LOST_ITEM))
    known = {line.id for line in facts.lines}
    return plan_of(line for line in lines if line.id not in known)


def bill_actual_cost(facts: AccountFacts, act: Act, *, loss: Loss, cost: Money) -> AccountPlan:
    """Charge the real cost of a lost item once it is known; nothing when it is 0 or was billed already."""
    key = f"{loss.loan_id}-lost-{loss.number}"
    if cost.amount <= 0 or any(line.id == key for line in facts.lines):
        return AccountPlan()
    return plan_of([_charge(facts, act, loss, key, Cause.LOST_ITEM, cost)])


def return_lost(
    facts: AccountFacts,
    act: Act,
    *,
    loss: Loss,
    policy: LostPolicy,
    ids: IdSource,
    accounts: AccountPolicy = STANDARD,
    zone: ZoneInfo = UTC_ZONE,
    new_fine: NewFine | None = None,
) -> AccountPlan:
    """What goes back when a lost item returns at `act.at`: the plan of account entries, empty where nothing does.

    What is open of the charges is taken off; what was paid goes back to each payer (by `accounts.refund_to`); what was
    waived or written off was not paid and does not (F4). `facts.lines` must hold all lines of the patron. The overdue
    fine follows `policy.overdue_on_return`; a new one is counted only when `new_fine` is given.
    """
    drafted: list[AccountLine] = []
    meant = _charges_of(facts, act.at, loss, policy, zone)
    # Refunds come last: they must not settle a charge that is about to be taken off itself, and do settle the fine.
    for history in meant:
        still_open = facts.charge(history.line.id)
        if still_open is not None:
            cause = history.line.cause or Cause.LOST_ITEM
            drafted.append(lower(facts, act, AccountLineId(ids()), still_open, still_open.open.amount, cause))
    if policy.overdue_on_return is not OverdueOnLostReturn.NOTHING:
        drafted += _restored(facts.after(drafted), act, loss, ids)
    events: list[Event] = [line_written(line) for line in drafted]
    if policy.overdue_on_return is OverdueOnLostReturn.RECOMPUTED and new_fine is not None:
        loan = FineFacts(facts.after(drafted), loss.loan_id, loss.item_id, new_fine.period, new_fine.so_far)
        counted = count_fine(loan, act, fine=new_fine.fine, policy=accounts, zone=zone)
        drafted += counted.lines
        events += counted.events
    if policy.refund is LostRefund.FULL:
        for history in meant:
            parts = [part for part in history.refundable if _paid_in_time(policy, part, act.at, zone)]
            now = facts.after(drafted)
            back = refund_lines(now, act, history, parts, ids=ids, policy=accounts, zone=zone)
            drafted += back
            events += [line_written(line) for line in back]
    return AccountPlan(tuple(events))


def gives_back(facts: AccountFacts, *, loss: Loss, policy: LostPolicy, at: datetime, zone: ZoneInfo = UTC_ZONE) -> bool:
    """Whether a return at this moment would take anything off the charges for the loss, or pay anything back.

    What does so later does so now: time takes refunds away and grants none.
    """
    for history in _charges_of(facts, at, loss, policy, zone):
        parts = history.refundable if policy.refund is LostRefund.FULL else ()
        if history.open or any(_paid_in_time(policy, part, at, zone) for part in parts):
            return True
    return False


def taken_over(
    facts: AccountFacts, *, loss: Loss, policy: LostPolicy, at: datetime, zone: ZoneInfo = UTC_ZONE
) -> Money | None:
    """What another patron took over of the charges that a return at this moment takes back; None where nobody did."""
    moved = sum(history.moved for history in _charges_of(facts, at, loss, policy, zone))
    return Money(moved, facts.currency) if moved else None


def _charge(facts: AccountFacts, act: Act, loss: Loss, key: str, cause: Cause, amount: Money) -> AccountLine:
    return act.line(
        AccountLineId(key),
        facts.standing.patron_id,
        LineKind.CHARGE,
        amount,
        cause,
        loan_id=loss.loan_id,
        item_id=loss.item_id,
    )


def _within(policy: LostPolicy, since: datetime, at: datetime, zone: ZoneInfo) -> bool:
    """Whether a moment is within the period of refund; its last instant is (F7, FOLIO)."""
    return policy.refund_within is None or at <= policy.refund_within.after_instant(since, zone)


def _charges_of(
    facts: AccountFacts, at: datetime, loss: Loss, policy: LostPolicy, zone: ZoneInfo
) -> tuple[ChargeHistory, ...]:
    """The charges of the loan for its loss that a return at this moment takes back."""
    if policy.refund is LostRefund.NONE:
        return ()
    if policy.refund_clock is RefundClock.LOSS and not _within(policy, loss.lost_at, at, zone):
        return ()
    causes = {Cause.LOST_ITEM}
    if policy.processing_on_return is ProcessingFeeOnReturn.REFUNDED:
        causes.add(Cause.LOST_PROCESSING)
    return tuple(
        history
        for history in charge_histories(facts.lines).values()
        if history.line.loan_id == loss.loan_id and history.line.cause in causes and not history.voided
    )


def _paid_in_time(policy: LostPolicy, part: PaidPart, at: datetime, zone: ZoneInfo) -> bool:
    return policy.refund_clock is RefundClock.LOSS or _within(policy, part.at, at, zone)


def _restored(facts: AccountFacts, act: Act, loss: Loss, ids: IdSource) -> Iterator[AccountLine]:
    """The overdue fine that was dropped at the loss, owed again."""
    voided = voided_lines(facts.lines)
    for number in count(1):
        key = f"{loss.loan_id}-dropped-{loss.number}-{number}"
        dropped = next((line for line in facts.lines if line.id == key), None)
        if dropped is None:
            return
        if dropped.id not in voided:
            undoing = void_line(facts, act, dropped, ids=ids)
            if undoing is not None:
                facts = facts.after([undoing])
                yield undoing
