"""What an act on an account is decided from, and the plan it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen

from libops.base.answers import Asked, answer
from libops.base.decisions import Decision, Override, ReasonCode, Verdict
from libops.base.events import Event
from libops.base.ids import AccountLineId, LibraryCode, PatronId
from libops.base.money import Money
from libops.fees.events import line_written
from libops.fees.model import AccountLine, Allocation, Cause, LineKind, LoanFine, OpenCharge, OpenCredit
from libops.fees.policy.account import AccountPolicy, AllocationOrder
from libops.fees.reasons import AMOUNT_NOT_POSITIVE, CHARGE_NOT_OPEN, CURRENCY_MISMATCH
from libops.patrons.standing import Standing, owing

__all__ = ["AccountFacts", "AccountPlan", "Act", "spend"]


@frozen
class AccountFacts:
    """A patron's account: the standing, what is open, and the lines that the act needs.

    Charging, paying, waiving and writing off need no `lines`; refunds and voids need every line that has to do with the
    charge in question, most simply all lines of the patron, and a void of a fine what the loan was fined so far.
    """

    standing: Standing
    currency: str
    charges: tuple[OpenCharge, ...] = ()
    credits: tuple[OpenCredit, ...] = ()
    lines: tuple[AccountLine, ...] = ()
    fines: tuple[LoanFine, ...] = ()

    def charge(self, key: AccountLineId) -> OpenCharge | None:
        """The open charge of this line, or None."""
        return next((charge for charge in self.charges if charge.id == key), None)

    def after(self, lines: Iterable[AccountLine]) -> AccountFacts:
        """The account when these lines are written, so that one act can be decided on top of another."""
        facts = self
        for line in lines:
            charges = {each.id: each for each in facts.charges}
            credits = {each.id: each for each in facts.credits}
            sources = {each.id: each for each in facts.lines} | {line.account_id: line}
            charge_moves, credit_moves = line.moves
            for key, by in charge_moves.items():
                charges[key] = charges[key].moved(by) if key in charges else OpenCharge.of(sources[key], by)
            for key, by in credit_moves.items():
                credits[key] = credits[key].moved(by) if key in credits else OpenCredit.of(sources[key], by)
            facts = AccountFacts(
                owing(facts.standing, line.amount.amount),
                facts.currency,
                tuple(each for each in charges.values() if each.open.amount),
                tuple(each for each in credits.values() if each.open.amount),
                (*facts.lines, line),
                facts.fines,
            )
        return facts

    def in_order(self, policy: AccountPolicy) -> list[OpenCharge]:
        """The open charges in the order in which a payment settles them."""
        if policy.allocation is AllocationOrder.BY_CAUSE:
            rank: dict[Cause | None, int] = {cause: place for place, cause in enumerate(policy.causes_first)}
            last = len(rank)
            return sorted(self.charges, key=lambda charge: (rank.get(charge.cause, last), charge.since, charge.id))
        return sorted(self.charges, key=lambda charge: (charge.since, charge.id))


@frozen
class AccountPlan:
    """The events of an act on an account, in order; none when there is nothing to write."""

    events: tuple[Event, ...] = ()

    @property
    def lines(self) -> tuple[AccountLine, ...]:
        """The account lines to be written."""
        return tuple(line for event in self.events if (line := getattr(event, "line", None)) is not None)


@frozen
class Act:
    """Who acts, when, for which library, and with which reasons set aside; `explain` lists every check."""

    at: datetime
    by: str
    library: LibraryCode | None = None
    note: str = ""
    override: Override | None = None
    explain: bool = False

    def line(
        self,
        key: AccountLineId,
        patron_id: PatronId,
        kind: LineKind,
        amount: Money,
        cause: Cause | None = None,
        allocations: tuple[Allocation, ...] = (),
        **more: Any,
    ) -> AccountLine:
        """A line that this act writes on a patron's account; `more` are the other fields of `AccountLine`."""
        told = {"library": self.library, "note": self.note, **more}
        return AccountLine(key, patron_id, self.at, self.by, kind, amount, cause, allocations, **told)


def plan_of(lines: Iterable[AccountLine], override: Override | None = None, codes: Iterable[str] = ()) -> AccountPlan:
    """The plan that writes these lines; what an override set aside is kept in each event."""
    lifted = tuple(codes)
    if override is None or not lifted:
        return AccountPlan(tuple(line_written(line) for line in lines))
    return AccountPlan(tuple(line_written(line, lifted, override.by, override.why) for line in lines))


def decide(asked: Iterable[Asked], act: Act, lines: Callable[[], Iterable[AccountLine]]) -> Decision[AccountPlan]:
    """Permit the lines unless a reason that is not set aside refuses them; `lines` is called only if so."""

    def plan(verdict: Verdict) -> AccountPlan:
        return plan_of(lines(), act.override, [reason.code for reason in verdict.overridden])

    return answer(asked, plan, override=act.override, explain=act.explain)


def ask_amount(facts: AccountFacts, amount: Money) -> list[Asked]:
    """Whether an amount can be booked on this account at all."""
    positive = amount.amount > 0
    same = amount.currency == facts.currency
    return [
        ("amount above zero", None if positive else AMOUNT_NOT_POSITIVE(amount=amount)),
        ("currency of the account", None if same else CURRENCY_MISMATCH(amount=amount, account=facts.currency)),
    ]


def ask_enough(name: str, code: ReasonCode, amount: Money, has: int, currency: str) -> Asked:
    """Whether an amount is within what there is; an amount in another currency is not compared."""
    if amount.currency != currency or amount.amount <= has:
        return name, None
    return name, code(amount=amount, open=Money(has, currency))


def named_charges(facts: AccountFacts, keys: Sequence[AccountLineId]) -> tuple[list[OpenCharge], list[Asked]]:
    """The open charges named, in that order, and for each name whether anything of it is open."""
    found = []
    asked: list[Asked] = []
    for key in dict.fromkeys(keys):
        charge = facts.charge(key)
        asked.append((f"charge {key} open", CHARGE_NOT_OPEN(charge=key) if charge is None else None))
        if charge is not None:
            found.append(charge)
    return found, asked


def settle(credit: AccountLineId, amount: int, charges: Iterable[OpenCharge]) -> tuple[tuple[Allocation, ...], int]:
    """Allocate so many minor units of a credit to open charges in order; what is left over comes second."""
    parts = []
    for charge in charges:
        if amount <= 0:
            break
        taken = min(amount, charge.open.amount)
        parts.append(Allocation(charge.id, credit, taken))
        amount -= taken
    return tuple(parts), amount


def spend(charge: AccountLineId, amount: int, credits: Iterable[OpenCredit]) -> tuple[tuple[Allocation, ...], int]:
    """Allocate open credits, oldest first, to a charge or payout; what stays open of it comes second."""
    parts = []
    for credit in sorted(credits, key=lambda each: (each.since, each.id)):
        if amount <= 0:
            break
        taken = min(amount, credit.open.amount)
        parts.append(Allocation(charge, credit.id, taken))
        amount -= taken
    return tuple(parts), amount


def lower(
    facts: AccountFacts, act: Act, key: AccountLineId, charge: OpenCharge, amount: int, cause: Cause
) -> AccountLine:
    """The credit that takes so many minor units off an open charge for good; `cause` says on account of what."""
    return act.line(
        key,
        facts.standing.patron_id,
        LineKind.CREDIT,
        Money(-amount, facts.currency),
        cause,
        (Allocation(charge.id, key, amount),),
        of=charge.id,
        loan_id=charge.loan_id,
        item_id=charge.item_id,
    )
