"""Charging an overdue fine as far as it has grown, so that counting it twice charges it once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from zoneinfo import ZoneInfo

from attrs import frozen

from libops.base.errors import InvalidValue
from libops.base.events import Event
from libops.base.ids import AccountLineId, ItemId, LoanId
from libops.base.money import Money
from libops.fees.account import charge_histories
from libops.fees.decide.facts import AccountFacts, AccountPlan, Act, lower
from libops.fees.decide.refunds import refund_lines
from libops.fees.events import FineCounted, line_written
from libops.fees.model import AccountLine, Cause, LineKind, LoanFine
from libops.fees.policy.account import AccountPolicy

__all__ = ["FineFacts", "count_fine"]

UTC_ZONE = ZoneInfo("UTC")
STANDARD = AccountPolicy()


@frozen
class FineFacts:
    """The account, the loan, and what the loan was fined so far (None: nothing ever).

    `period` is the number of the loan's renewals: the fine before each renewal is closed with it.
    """

    account: AccountFacts
    loan_id: LoanId
    item_id: ItemId
    period: int = 0
    so_far: LoanFine | None = None


def count_fine(
    facts: FineFacts,
    act: Act,
    *,
    fine: Money,
    policy: AccountPolicy = STANDARD,
    zone: ZoneInfo = UTC_ZONE,
    give_back: bool = True,
) -> AccountPlan:
    """Bring what is charged for a loan to its fine as counted now; nothing to write when it is there already.

    The difference is one more line of the same charge, or, when the fine has become smaller, a credit for what is open
    and a refund of what was paid too much (unless `give_back` is off, as for a fine forgiven at renewal). Line ids are
    made from the loan, `LOAN-fine-1`, `LOAN-fine-2`: of two sweeps at once, the second finds its key taken. Lowering a
    fine that is partly settled needs the lines of the account; without them it raises `InvalidValue`.
    """
    so_far = facts.so_far
    same = so_far is not None and so_far.period == facts.period
    total = so_far.total if so_far is not None and same else 0
    charge = so_far.charge if so_far is not None and same else None
    written = so_far.lines if so_far is not None else 0
    if fine.amount == total:
        return AccountPlan()
    if fine.amount > total:
        key = AccountLineId(f"{facts.loan_id}-fine-{written + 1}")
        lines = [_growth(facts, act, key, Money(fine.amount - total, fine.currency), charge)]
        charge = charge or key
    else:
        lines = list(_lowering(facts, act, charge, total - fine.amount, written, policy, zone, give_back))
    counted = FineCounted(
        act.at,
        act.by,
        facts.loan_id,
        facts.account.standing.patron_id,
        facts.period,
        fine.amount,
        written + len(lines),
        charge,
    )
    events: list[Event] = [line_written(line) for line in lines]
    return AccountPlan((*events, counted))


def _growth(facts: FineFacts, act: Act, key: AccountLineId, amount: Money, charge: AccountLineId | None) -> AccountLine:
    return act.line(
        key,
        facts.account.standing.patron_id,
        LineKind.CHARGE,
        amount,
        Cause.OVERDUE,
        of=charge,
        loan_id=facts.loan_id,
        item_id=facts.item_id,
    )


def _lowering(
    facts: FineFacts,
    act: Act,
    charge: AccountLineId | None,
    by: int,
    written: int,
    policy: AccountPolicy,
    zone: ZoneInfo,
    give_back: bool,
) -> Iterator[AccountLine]:
    """A credit for what is open of the charge, then a refund of what was paid, as far as either goes."""
    account = facts.account
    numbers = count(written + 1)

    def next_id() -> str:
        return f"{facts.loan_id}-fine-{next(numbers)}"

    still_open = account.charge(charge) if charge is not None else None
    left = by
    lowered = []
    if still_open is not None:
        taken = min(by, still_open.open.amount)
        lowered.append(lower(account, act, AccountLineId(next_id()), still_open, taken, Cause.OVERDUE))
        left -= taken
    yield from lowered
    if left and give_back and charge is not None:
        history = charge_histories(account.after(lowered).lines).get(charge)
        if history is None:
            raise InvalidValue(f"lowering charge {charge!r} by {by} minor units needs the account's lines: load them")
        parts = history.refundable
        yield from refund_lines(
            account.after(lowered), act, history, parts, ids=next_id, policy=policy, zone=zone, most=left
        )
