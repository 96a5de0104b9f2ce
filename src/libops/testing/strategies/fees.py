"""Hypothesis strategies for patron accounts: amounts, terms of fines, and whole lives of an account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from libops.base.decisions import Decision, Permit, Refuse
from libops.base.ids import AccountLineId, IdSource, ItemId, LoanId, PatronId
from libops.base.money import Money, Rounding
from libops.base.periods import MonthLength, Period, Unit
from libops.fees import (
    CHANGES,
    AccountFacts,
    AccountLine,
    AccountPlan,
    AccountPolicy,
    Act,
    AllocationOrder,
    AtRenewal,
    BackdatedFine,
    Cause,
    ChargeAt,
    ClaimFound,
    ClosedTime,
    Counting,
    FineFacts,
    FinePolicy,
    FineStep,
    GraceKind,
    GraceOverClosed,
    LoanFine,
    NegativeBalance,
    OpenCharge,
    OpenCredit,
    Overpayment,
    RefundTo,
    charge,
    charge_histories,
    count_fine,
    credit,
    pay,
    pay_out,
    refund,
    transfer_outside,
    void,
    waive,
    write_off,
)
from libops.patrons.standing import Standing
from libops.testing.notebook import Notebook
from libops.testing.strategies.base import periods

__all__ = ["AccountBook", "account_acts", "account_policies", "amounts", "fine_policies", "numbered_ids"]

STANDARD = AccountPolicy()
OPENED = datetime(2026, 3, 2, 8, tzinfo=UTC)
AccountAct = Callable[["AccountBook"], Decision[AccountPlan]]


def numbered_ids(prefix: str = "line") -> IdSource:
    """Line-001, line-002, ...: identifiers that sort by the time they were made."""
    numbers = iter(range(1, 100_000))
    return lambda: f"{prefix}-{next(numbers):03d}"


class AccountBook:
    """The accounts of a library in a notebook: acts are decided from what the events have made of the records."""

    def __init__(self, patron: str = "ada", currency: str = "EUR", at: datetime = OPENED) -> None:
        keys = {Standing: "patron_id", LoanFine: "loan_id"}
        self.notebook = Notebook(CHANGES, keys)
        self.patron = PatronId(patron)
        self.currency = currency
        self.ids = numbered_ids()
        self.now = at

    def act(self, **changed: object) -> Act:
        """An act by the desk now."""
        return Act(**{"at": self.now, "by": "desk", **changed})  # type: ignore[arg-type]

    def facts(self, patron: str = "") -> AccountFacts:
        """A patron's account as the records have it."""
        key = PatronId(patron) if patron else self.patron
        book = self.notebook
        return AccountFacts(
            book.get(Standing, key) or Standing(key),
            self.currency,
            tuple(each for each in book.all(OpenCharge) if each.patron_id == key),
            tuple(each for each in book.all(OpenCredit) if each.patron_id == key),
            tuple(each for each in book.all(AccountLine) if each.patron_id == key),
            tuple(each for each in book.all(LoanFine) if each.patron_id == key),
        )

    def fine_facts(self, loan: str, period: int = 0) -> FineFacts:
        """A loan with what it was fined so far."""
        key = LoanId(loan)
        return FineFacts(self.facts(), key, ItemId(f"item-of-{loan}"), period, self.notebook.get(LoanFine, key))

    def charge(self, amount: str, cause: Cause = Cause.OVERDUE) -> AccountLineId:
        """Charge an amount such as "2.00" a minute later, and give back the charge's key."""
        self.now += timedelta(minutes=1)
        money = Money.parse(f"{amount} {self.currency}")
        return self.write(charge(self.facts(), self.act(), amount=money, cause=cause, ids=self.ids))[0].id

    def pay(
        self,
        amount: str,
        *,
        policy: AccountPolicy = STANDARD,
        charges: tuple[AccountLineId, ...] = (),
        payer: str = "",
    ) -> AccountLineId:
        """Take a payment of an amount such as "2.00" a minute later, and give back the payment's key."""
        self.now += timedelta(minutes=1)
        money = Money.parse(f"{amount} {self.currency}")
        answer = pay(self.facts(), self.act(), amount=money, ids=self.ids, policy=policy, charges=charges, payer=payer)
        return self.write(answer)[0].id

    def write(self, answer: Decision[AccountPlan] | AccountPlan) -> tuple[AccountLine, ...]:
        """Write a plan, or the plan of a permit, and give back its lines; a refusal writes nothing."""
        if isinstance(answer, Refuse):
            return ()
        plan = answer.result if isinstance(answer, Permit) else answer
        self.notebook.write(plan.events)
        return plan.lines


def amounts(*, least: int = 1, most: int = 5000, currency: str = "EUR") -> st.SearchStrategy[Money]:
    """Amounts of one currency, in whole minor units."""
    return st.integers(least, most).map(lambda minor: Money(minor, currency))


def account_policies() -> st.SearchStrategy[AccountPolicy]:
    """Every way to keep accounts."""
    return st.builds(
        AccountPolicy,
        allocation=st.sampled_from(AllocationOrder),
        causes_first=st.lists(st.sampled_from(Cause), unique=True, max_size=4),
        overpayment=st.sampled_from(Overpayment),
        negative_balance=st.sampled_from(NegativeBalance),
        never_negative_for=st.lists(st.sampled_from(Cause), unique=True, max_size=4),
        negative_within=periods(units=(Unit.DAYS,), longest=3),
        refund_to=st.sampled_from(RefundTo),
        spend_credit=st.booleans(),
    )


@st.composite
def account_acts(draw: st.DrawFn) -> AccountAct:
    """One act on an account, legal or not: a charge, a payment, a void of some line, a fine counted, ..."""
    kind = draw(
        st.sampled_from(
            ("charge", "pay", "charge", "pay", "credit", "waive", "write off", "refund", "pay out", "void", "fine")
        )
    )
    amount = draw(amounts(least=0, most=900))
    place = draw(st.integers(0, 30))
    whole = draw(st.booleans())
    policy = draw(account_policies()) if kind in ("charge", "pay", "credit", "refund", "fine") else AccountPolicy()
    cause = draw(st.sampled_from(Cause))
    outside = draw(st.booleans())
    later = timedelta(hours=draw(st.integers(0, 60)))

    def do(book: AccountBook) -> Decision[AccountPlan]:
        book.now += later
        facts, act, ids = book.facts(), book.act(), book.ids
        lines = [line.id for line in facts.lines] or [AccountLineId("none")]
        line = lines[place % len(lines)]
        # Mostly a charge that is open, where the act is about one, so that most acts are legal.
        meant = facts.charges[place % len(facts.charges)].id if facts.charges and place % 4 else line
        some = None if whole else amount
        if kind == "charge":
            return charge(facts, act, amount=amount, cause=cause, ids=ids, policy=policy)
        if kind == "pay":
            named = () if whole else (meant,)
            payer = "parent" if outside else ""
            return pay(facts, act, amount=amount, ids=ids, policy=policy, charges=named, payer=payer)
        if kind == "credit":
            return credit(facts, act, amount=amount, ids=ids, policy=policy)
        if kind == "waive":
            return waive(facts, act, ids=ids, charges=(meant,), amount=some)
        if kind == "write off":
            if outside:
                return transfer_outside(facts, act, ids=ids, to="bursar", charges=(meant,), amount=some)
            return write_off(facts, act, ids=ids, amount=some, policy=policy)
        if kind == "refund":
            paid = [key for key, each in charge_histories(facts.lines).items() if each.refundable] or lines
            return refund(facts, act, charge=paid[place % len(paid)], ids=ids, amount=some, policy=policy)
        if kind == "pay out":
            return pay_out(facts, act, amount=amount, ids=ids)
        if kind == "void":
            return void(facts, act, line=line, ids=ids)
        fine_facts = book.fine_facts(f"loan-{place % 2}", period=place % 3 // 2)
        return Permit(count_fine(fine_facts, act, fine=amount, policy=policy, give_back=whole))

    return do


@st.composite
def _steps(draw: st.DrawFn) -> tuple[FineStep, ...]:
    marks = sorted(draw(st.sets(st.integers(1, 40), max_size=6)))
    pairs = list(zip(marks[::2], marks[1::2], strict=False))
    steps = [FineStep(first, draw(amounts(least=0, most=200)), last) for first, last in pairs]
    if len(marks) % 2:
        steps.append(FineStep(marks[-1], draw(amounts(least=0, most=200))))
    return tuple(steps)


def fine_policies() -> st.SearchStrategy[FinePolicy]:
    """Every kind of overdue fine, in euros."""
    caps = st.one_of(st.none(), amounts(least=0, most=3000))
    intervals = st.builds(Period, st.integers(1, 40), st.sampled_from(Unit))
    return st.builds(
        FinePolicy,
        amount=amounts(least=0, most=500),
        interval=intervals,
        charge_at=st.sampled_from(ChargeAt),
        steps=_steps(),
        counting=st.sampled_from(Counting),
        closed=st.sampled_from(ClosedTime),
        month=st.sampled_from(MonthLength),
        grace=st.one_of(st.none(), periods(longest=10)),
        grace_kind=st.sampled_from(GraceKind),
        grace_over_closed=st.sampled_from(GraceOverClosed),
        grace_ignored_for_recalled=st.booleans(),
        recall_amount=st.one_of(st.none(), amounts(least=0, most=900)),
        recall_interval=st.one_of(st.none(), intervals),
        recall_cap=caps,
        cap=caps,
        cap_percent=st.one_of(st.none(), st.integers(0, 200)),
        cap_at_price=st.booleans(),
        rounding=st.sampled_from(Rounding),
        at_renewal=st.sampled_from(AtRenewal),
        claim_found=st.sampled_from(ClaimFound),
        backdated=st.sampled_from(BackdatedFine),
    )
