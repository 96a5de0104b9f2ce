"""Undoing a line that should never have been."""

from __future__ import annotations

from collections.abc import Mapping

from libops.base.answers import Asked
from libops.base.decisions import Decision, Permit
from libops.base.ids import AccountLineId, IdSource
from libops.base.money import Money
from libops.fees.account import charge_histories, net_allocations, voided_lines
from libops.fees.decide.facts import AccountFacts, AccountPlan, Act, decide
from libops.fees.events import FineCounted
from libops.fees.model import PAID_KINDS, AccountLine, Allocation, LineKind
from libops.fees.reasons import (
    CHARGE_NOT_OPEN,
    LINE_ALREADY_VOIDED,
    LINE_IS_VOID,
    LINE_PART_OF_CHARGE,
    LINE_REFUNDED,
    LINE_SHARED,
    LINE_UNKNOWN,
)

__all__ = ["void", "void_line"]

RELEASED = PAID_KINDS | {LineKind.CREDIT}


def void(facts: AccountFacts, act: Act, *, line: AccountLineId, ids: IdSource) -> Decision[AccountPlan]:
    """Undo a line: what it settled is owed again, what it was settled with is free again.

    A voided charge sets free what was paid for it, whatever the library says of credits, for it should never have been;
    what was waived, written off or taken off it stays so. Refuses an
    unknown line, a void, a line voided before, one that only adds to a charge, one that a refund rests on, one that
    moved debt between patrons, and a charge of which nothing is left to undo.
    """
    found = next((each for each in facts.lines if each.id == line), None)
    if found is None:
        return decide([("line known", LINE_UNKNOWN(line=line))], act, list)
    asked = _asked(facts, found)
    if any(reason is not None for _, reason in asked):
        return decide(asked, act, list)
    undoing = void_line(facts, act, found, ids=ids)
    asked.append(("something to undo", CHARGE_NOT_OPEN(charge=line) if undoing is None else None))
    decision = decide(asked, act, lambda: [] if undoing is None else [undoing])
    counted = next((each for each in facts.fines if each.charge == line), None)
    if counted is None or not isinstance(decision, Permit):
        return decision
    # The loan's fine keeps its total, so that the void is not charged again; what it grows by goes on a new charge.
    forget = FineCounted(
        act.at, act.by, counted.loan_id, counted.patron_id, counted.period, counted.total, counted.lines, None
    )
    return Permit(AccountPlan((*decision.result.events, forget)), decision.alerts)


def void_line(facts: AccountFacts, act: Act, line: AccountLine, *, ids: IdSource) -> AccountLine | None:
    """The line that undoes another; None for a charge that was given up as a whole, of which nothing is left."""
    by_id = {each.id: each for each in facts.lines}
    net = net_allocations(facts.lines)
    key = AccountLineId(ids())
    if line.amount.amount < 0:
        undone = _pairs({charge: credits.get(line.id, 0) for charge, credits in net.items()}, credit=line.id)
        amount = -line.amount
        closing = Allocation(key, line.id, amount.amount)
    else:
        settled = net.get(line.id, {})
        free = {credit: part for credit, part in settled.items() if _is_free(by_id[credit])}
        held = sum(settled.values()) - sum(free.values())
        undone = _pairs(free, charge=line.id)
        left = sum(each.amount.amount for each in facts.lines if each.amount.amount > 0 and each.account_id == line.id)
        if left == held:
            return None
        amount = Money(held - left, line.amount.currency)
        closing = Allocation(line.id, key, left - held)
    return act.line(
        key,
        line.patron_id,
        LineKind.VOID,
        amount,
        line.cause,
        (closing,),
        undone=undone,
        of=line.id,
        loan_id=line.loan_id,
        item_id=line.item_id,
    )


def _is_free(credit: AccountLine) -> bool:
    """Whether a credit can serve another charge when the one it settled is undone."""
    return credit.kind in RELEASED and credit.other_patron is None and (credit.of is None or credit.kind in PAID_KINDS)


def _pairs(
    parts: Mapping[AccountLineId, int], *, charge: AccountLineId | None = None, credit: AccountLineId | None = None
) -> tuple[Allocation, ...]:
    return tuple(Allocation(charge or key, credit or key, part) for key, part in parts.items() if part)


def _asked(facts: AccountFacts, line: AccountLine) -> list[Asked]:
    voided, shared = line.id in voided_lines(facts.lines), line.other_patron is not None
    asked: list[Asked] = [
        ("line is no void", LINE_IS_VOID(line=line.id) if line.kind is LineKind.VOID else None),
        ("line not voided", LINE_ALREADY_VOIDED(line=line.id) if voided else None),
        ("line stands alone", None if line.account_id == line.id else LINE_PART_OF_CHARGE(charge=line.account_id)),
        ("line on one account", LINE_SHARED(line=line.id, patron=line.other_patron) if shared else None),
    ]
    for key, history in charge_histories(facts.lines).items():
        settles = line.kind in PAID_KINDS and any(part.credit == line.id for part in history.paid)
        if key == line.id or settles:
            refunded = any(history.refunded.values())
            asked.append((f"charge {key} not refunded", LINE_REFUNDED(line=line.id, charge=key) if refunded else None))
    return asked
