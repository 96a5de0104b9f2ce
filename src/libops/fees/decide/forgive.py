"""Giving up a charge, forgiven or uncollectible, and moving debt to another account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from libops.base.answers import Asked
from libops.base.decisions import Decision
from libops.base.ids import AccountLineId, IdSource
from libops.base.money import Money
from libops.fees.decide.facts import (
    AccountFacts,
    AccountPlan,
    Act,
    ask_amount,
    ask_enough,
    decide,
    named_charges,
    settle,
)
from libops.fees.model import AccountLine, LineKind, OpenCharge
from libops.fees.policy.account import AccountPolicy
from libops.fees.reasons import CHARGE_OPEN_LESS, CURRENCY_MISMATCH, TRANSFER_TO_SAME_PATRON

__all__ = ["transfer_outside", "transfer_to_patron", "waive", "write_off"]

STANDARD = AccountPolicy()


def waive(
    facts: AccountFacts,
    act: Act,
    *,
    ids: IdSource,
    charges: Sequence[AccountLineId] = (),
    amount: Money | None = None,
    policy: AccountPolicy = STANDARD,
) -> Decision[AccountPlan]:
    """Forgive the named charges, or all; without an amount all that is open of them.

    Refuses a named charge of which nothing is open, and an amount of zero, above what is open, or in another currency.
    """
    return _give_up(LineKind.WAIVER, facts, act, ids, charges, amount, policy)


def write_off(
    facts: AccountFacts,
    act: Act,
    *,
    ids: IdSource,
    charges: Sequence[AccountLineId] = (),
    amount: Money | None = None,
    policy: AccountPolicy = STANDARD,
) -> Decision[AccountPlan]:
    """Give up the named charges, or all, as uncollectible; refuses as `waive` does."""
    return _give_up(LineKind.WRITE_OFF, facts, act, ids, charges, amount, policy)


def transfer_outside(
    facts: AccountFacts,
    act: Act,
    *,
    ids: IdSource,
    to: str,
    charges: Sequence[AccountLineId] = (),
    amount: Money | None = None,
    policy: AccountPolicy = STANDARD,
) -> Decision[AccountPlan]:
    """Move debt to an account outside the library, such as the bursar's; a refund will go there. Refuses as `waive`."""
    return _give_up(LineKind.TRANSFER, facts, act, ids, charges, amount, policy, payer=to)


def transfer_to_patron(
    facts: AccountFacts,
    act: Act,
    *,
    ids: IdSource,
    charge: AccountLineId,
    to: AccountFacts,
    amount: Money | None = None,
) -> Decision[AccountPlan]:
    """Move a charge, or part of it, to another patron: it is settled here and owed there, for the same cause.

    The other account does not say for which loan or item: that is the borrower's, and is forgotten with the loan.
    Refuses a charge of which nothing (or less) is open, the same patron, and an account in another currency.
    """
    found, asked = named_charges(facts, [charge])
    moved = _amount(amount, found, facts)
    if found:
        asked += _within(facts, moved, found)
    same = to.standing.patron_id == facts.standing.patron_id
    asked.append(("another patron", TRANSFER_TO_SAME_PATRON(patron=to.standing.patron_id) if same else None))
    foreign = to.currency != facts.currency
    asked.append(("currency there", CURRENCY_MISMATCH(amount=moved, account=to.currency) if foreign else None))

    def lines() -> Iterator[AccountLine]:
        here, there = AccountLineId(ids()), AccountLineId(ids())
        settled, _ = settle(here, moved.amount, found)
        for key, account, other, part in ((here, facts, to, settled), (there, to, facts, ())):
            yield act.line(
                key,
                account.standing.patron_id,
                LineKind.TRANSFER,
                -moved if key == here else moved,
                found[0].cause,
                part,
                loan_id=found[0].loan_id if key == here else None,
                item_id=found[0].item_id if key == here else None,
                other_patron=other.standing.patron_id,
            )

    return decide(asked, act, lines)


def _give_up(
    kind: LineKind,
    facts: AccountFacts,
    act: Act,
    ids: IdSource,
    charges: Sequence[AccountLineId],
    amount: Money | None,
    policy: AccountPolicy,
    payer: str = "",
) -> Decision[AccountPlan]:
    named, asked = named_charges(facts, charges)
    meant = named if charges else facts.in_order(policy)
    given_up = _amount(amount, meant, facts)
    if all(reason is None for _, reason in asked):
        asked += _within(facts, given_up, meant)

    def lines() -> Iterator[AccountLine]:
        key = AccountLineId(ids())
        settled, _ = settle(key, given_up.amount, meant)
        yield act.line(
            key,
            facts.standing.patron_id,
            kind,
            -given_up,
            allocations=settled,
            payer=payer,
        )

    return decide(asked, act, lines)


def _amount(amount: Money | None, charges: Iterable[OpenCharge], facts: AccountFacts) -> Money:
    return Money(sum(each.open.amount for each in charges), facts.currency) if amount is None else amount


def _within(facts: AccountFacts, amount: Money, charges: Sequence[OpenCharge]) -> list[Asked]:
    """Whether this amount can be taken off these charges."""
    owed = sum(each.open.amount for each in charges)
    enough = ask_enough("amount within what is open", CHARGE_OPEN_LESS, amount, owed, facts.currency)
    return [*ask_amount(facts, amount), enough]
