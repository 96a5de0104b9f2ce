"""Charging, paying, giving credit and paying it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from libops.base.decisions import Decision
from libops.base.ids import AccountLineId, IdSource, ItemId, LoanId
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
    spend,
)
from libops.fees.model import AccountLine, Cause, LineKind
from libops.fees.policy.account import AccountPolicy, NegativeBalance, Overpayment
from libops.fees.reasons import BALANCE_WOULD_BE_NEGATIVE, CREDIT_INSUFFICIENT, PAYMENT_EXCEEDS_DEBT

__all__ = ["charge", "credit", "pay", "pay_out", "use_credit"]

BY_CREDIT = "credit"

STANDARD = AccountPolicy()


def charge(
    facts: AccountFacts,
    act: Act,
    *,
    amount: Money,
    cause: Cause,
    ids: IdSource,
    policy: AccountPolicy = STANDARD,
    loan_id: LoanId | None = None,
    item_id: ItemId | None = None,
) -> Decision[AccountPlan]:
    """Charge the patron a fine or fee; settled at once from credit where the policy spends it.

    Refuses an amount of zero or below and one in another currency.
    """

    def lines() -> list[AccountLine]:
        key = AccountLineId(ids())
        spent = spend(key, amount.amount, facts.credits)[0] if policy.spend_credit else ()
        return [
            act.line(
                key,
                facts.standing.patron_id,
                LineKind.CHARGE,
                amount,
                cause,
                spent,
                loan_id=loan_id,
                item_id=item_id,
            )
        ]

    return decide(ask_amount(facts, amount), act, lines)


def pay(
    facts: AccountFacts,
    act: Act,
    *,
    amount: Money,
    ids: IdSource,
    policy: AccountPolicy = STANDARD,
    charges: Sequence[AccountLineId] = (),
    payer: str = "",
    method: str = "",
) -> Decision[AccountPlan]:
    """Take a payment for the named charges in the order given, or for all by the policy's order.

    `payer` is empty for the patron. Refuses an amount of zero or below, another currency, a named charge of which
    nothing is open, and more than is open unless the library keeps the rest as credit.
    """
    named, found = named_charges(facts, charges)
    asked = [*ask_amount(facts, amount), *found]
    if policy.overpayment is Overpayment.REFUSED:
        owed = sum(each.open.amount for each in (named if charges else facts.charges))
        asked.append(ask_enough("payment within debt", PAYMENT_EXCEEDS_DEBT, amount, owed, facts.currency))

    def lines() -> list[AccountLine]:
        key = AccountLineId(ids())
        settled, _ = settle(key, amount.amount, named if charges else facts.in_order(policy))
        return [
            act.line(
                key,
                facts.standing.patron_id,
                LineKind.PAYMENT,
                -amount,
                allocations=settled,
                payer=payer,
                method=method,
            )
        ]

    return decide(asked, act, lines)


def credit(
    facts: AccountFacts, act: Act, *, amount: Money, ids: IdSource, policy: AccountPolicy = STANDARD
) -> Decision[AccountPlan]:
    """Give the patron a credit that is no payment; it settles open charges by the policy's order.

    Refuses what would leave the patron a credit, unless the library allows negative balances.
    """
    asked = ask_amount(facts, amount)
    if policy.negative_balance not in (NegativeBalance.ALLOWED, NegativeBalance.NOT_FOR_SOME_CAUSES):
        owed = sum(each.open.amount for each in facts.charges)
        asked.append(ask_enough("no credit remains", BALANCE_WOULD_BE_NEGATIVE, amount, owed, facts.currency))

    def lines() -> list[AccountLine]:
        key = AccountLineId(ids())
        settled, _ = settle(key, amount.amount, facts.in_order(policy))
        return [
            act.line(
                key,
                facts.standing.patron_id,
                LineKind.CREDIT,
                -amount,
                allocations=settled,
            )
        ]

    return decide(asked, act, lines)


def pay_out(
    facts: AccountFacts, act: Act, *, amount: Money, ids: IdSource, payer: str = "", method: str = ""
) -> Decision[AccountPlan]:
    """Hand out credit as money, the oldest credit first. Refuses more than the patron has."""
    has = sum(each.open.amount for each in facts.credits)
    enough = ask_enough("credit for the payout", CREDIT_INSUFFICIENT, amount, has, facts.currency)
    asked = [*ask_amount(facts, amount), enough]

    def lines() -> list[AccountLine]:
        key = AccountLineId(ids())
        return [
            act.line(
                key,
                facts.standing.patron_id,
                LineKind.PAYOUT,
                amount,
                allocations=spend(key, amount.amount, facts.credits)[0],
                payer=payer,
                method=method,
            )
        ]

    return decide(asked, act, lines)


def use_credit(
    facts: AccountFacts,
    act: Act,
    *,
    ids: IdSource,
    policy: AccountPolicy = STANDARD,
    charges: Sequence[AccountLineId] = (),
) -> Decision[AccountPlan]:
    """Settle the named charges, or all, from credit the patron has: paid out and paid in at once (method "credit").

    Refuses when the patron has no credit, and a named charge of which nothing is open.
    """
    named, asked = named_charges(facts, charges)
    owed = sum(each.open.amount for each in (named if charges else facts.charges))
    has = sum(each.open.amount for each in facts.credits)
    amount = Money(min(owed, has), facts.currency)
    nothing = CREDIT_INSUFFICIENT(amount=Money(owed, facts.currency), open=amount) if amount.amount == 0 else None
    asked.append(("credit for the charges", nothing))

    def lines() -> Iterator[AccountLine]:
        patron, out, into = facts.standing.patron_id, AccountLineId(ids()), AccountLineId(ids())
        spent, _ = spend(out, amount.amount, facts.credits)
        settled, _ = settle(into, amount.amount, named if charges else facts.in_order(policy))
        for key, kind, moved, parts in (
            (out, LineKind.PAYOUT, amount, spent),
            (into, LineKind.PAYMENT, -amount, settled),
        ):
            yield act.line(
                key,
                patron,
                kind,
                moved,
                allocations=parts,
                method=BY_CREDIT,
            )

    return decide(asked, act, lines)
