"""Giving back what was paid for a charge, to whoever paid it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from attrs import evolve

from libops.base.decisions import Decision
from libops.base.ids import AccountLineId, IdSource
from libops.base.money import Money
from libops.fees.account import ChargeHistory, PaidPart, charge_histories
from libops.fees.decide.facts import AccountFacts, AccountPlan, Act, ask_amount, ask_enough, decide, settle
from libops.fees.model import AccountLine, Allocation, LineKind, OpenCharge
from libops.fees.policy.account import AccountPolicy, NegativeBalance, RefundTo, may_end_in_credit
from libops.fees.reasons import BALANCE_WOULD_BE_NEGATIVE, LINE_UNKNOWN, REFUND_EXCEEDS_PAID

__all__ = ["refund", "refund_lines"]

UTC_ZONE = ZoneInfo("UTC")
STANDARD = AccountPolicy()


def refund(
    facts: AccountFacts,
    act: Act,
    *,
    charge: AccountLineId,
    ids: IdSource,
    amount: Money | None = None,
    policy: AccountPolicy = STANDARD,
    zone: ZoneInfo = UTC_ZONE,
) -> Decision[AccountPlan]:
    """Give back what was paid for a charge, or part of it, to whoever paid it, the oldest payment first.

    Refuses an unknown charge, more than was paid and not refunded yet (waived and written-off parts were not paid), and
    a credit that the library's policy does not allow.
    """
    history = charge_histories(facts.lines).get(charge)
    if history is None:
        return decide([("charge known", LINE_UNKNOWN(line=charge))], act, list)
    parts = history.refundable
    paid = sum(part.amount for part in parts)
    wanted = Money(paid, facts.currency) if amount is None else amount
    asked = ask_amount(facts, wanted)
    asked.append(ask_enough("refund within what was paid", REFUND_EXCEEDS_PAID, wanted, paid, facts.currency))
    if any(reason is not None for _, reason in asked):
        return decide(asked, act, list)
    lines = refund_lines(facts, act, history, parts, ids=ids, policy=policy, zone=zone, most=wanted.amount)
    possible = -sum(line.amount.amount for line in lines if line.kind is LineKind.REFUND)
    asked.append(ask_enough("no credit remains", BALANCE_WOULD_BE_NEGATIVE, wanted, possible, facts.currency))
    if possible < wanted.amount:
        free = evolve(policy, negative_balance=NegativeBalance.ALLOWED)
        lines = refund_lines(facts, act, history, parts, ids=ids, policy=free, zone=zone, most=wanted.amount)
    return decide(asked, act, lambda: lines)


def refund_lines(
    facts: AccountFacts,
    act: Act,
    history: ChargeHistory,
    parts: Iterable[PaidPart],
    *,
    ids: IdSource,
    policy: AccountPolicy,
    zone: ZoneInfo,
    most: int | None = None,
) -> list[AccountLine]:
    """The lines that give these paid parts of a charge back, at most so many minor units in all.

    What an account outside paid goes back there. The rest is paid out or stays on the account as the policy says; on
    the account it settles other open charges first, and where no credit may remain it ends with them.
    """
    left = sum(part.amount for part in history.paid) if most is None else most
    lines: list[AccountLine] = []
    for part in parts:
        to_payer = part.outside or policy.refund_to is RefundTo.PAYER
        others = [each for each in facts.after(lines).in_order(policy) if each.id != history.line.id]
        taken = min(part.amount, left)
        cause = history.line.cause
        if not to_payer and not may_end_in_credit(policy, cause=cause, paid_at=part.at, at=act.at, zone=zone):
            taken = min(taken, sum(each.open.amount for each in others))
        if taken > 0:
            lines += _one_payer(act, history.line, part, Money(taken, facts.currency), to_payer, others, ids)
            left -= taken
    return lines


def _one_payer(
    act: Act,
    charge: AccountLine,
    part: PaidPart,
    amount: Money,
    to_payer: bool,
    others: Iterable[OpenCharge],
    ids: IdSource,
) -> Iterator[AccountLine]:
    key = AccountLineId(ids())
    yield act.line(
        key,
        charge.patron_id,
        LineKind.REFUND,
        -amount,
        charge.cause,
        () if to_payer else settle(key, amount.amount, others)[0],
        of=charge.id,
        loan_id=charge.loan_id,
        item_id=charge.item_id,
        payer=part.payer,
    )
    if to_payer:
        out = AccountLineId(ids())
        yield act.line(
            out,
            charge.patron_id,
            LineKind.PAYOUT,
            amount,
            charge.cause,
            (Allocation(out, key, amount.amount),),
            payer=part.payer,
        )
