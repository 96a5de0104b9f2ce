"""Items that do not come back: declared lost, aged to lost, charged, claimed returned, and how all that ends.

What a loss costs and what a return gives back is counted by `libops.fees`; here stands what becomes of the loan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from libops.base.decisions import Decision, Override, Permit, Reason, Refuse, weigh
from libops.base.events import Event
from libops.base.ids import LibraryCode
from libops.base.money import Money
from libops.circulation import reasons
from libops.circulation.decide.facts import CheckInFacts
from libops.circulation.decide.found_again import earlier_loss_events, loss_of
from libops.circulation.decide.question import waived_by
from libops.circulation.decide.returns import fine_calendar, fine_of
from libops.circulation.events import ItemLost, LoanEnded, LossBilled, LossEnded, ReturnClaimed
from libops.circulation.model import Closing, Loan, LostItem, Waived
from libops.circulation.policy.book import CirculationBook
from libops.fees.decide.facts import AccountFacts, AccountPlan, Act
from libops.fees.decide.fines import FineFacts, count_fine
from libops.fees.decide.losses import (
    bill_actual_cost,
    charge_loss,
    gives_back,
    loan_ends,
    lost_charges,
)
from libops.fees.model import AccountLine, Cause, LoanFine
from libops.fees.policy.account import RuleLibrary
from libops.fees.policy.lost import LossCause, LossEnd, LostCost, LostPolicy, OverdueWhenLost
from libops.items.events import ItemChanged
from libops.items.model import Item
from libops.patrons.model import Patron

__all__ = [
    "LossFacts",
    "LossPlan",
    "aging_of",
    "aging_times",
    "bill_loss",
    "bill_real_cost",
    "claim_returned",
    "declare_lost",
    "end_loss",
    "end_settled",
    "write_off_claim",
]


@frozen
class LossFacts:
    """What an act on a loan whose item is away depends on.

    `loan` is None when nobody has the item, `lost` None when it is not lost. `account` holds all lines of the patron,
    and `fined` what the loan was fined so far. `earlier` is the loss by a loan before this one, where the item was
    lent again before anybody took it back.
    """

    library: LibraryCode
    item: Item
    loan: Loan | None = None
    lost: LostItem | None = None
    patron: Patron | None = None
    account: AccountFacts | None = None
    fined: LoanFine | None = None
    earlier: CheckInFacts | None = None


@frozen
class LossPlan:
    """What is charged by the act, whether the loan ends with it, and the events that make it so."""

    charged: tuple[tuple[str, Money], ...]
    ended: bool
    events: tuple[Event, ...]


def aging_times(policy: LostPolicy, loan: Loan, book: CirculationBook) -> tuple[datetime | None, datetime | None]:
    """When the item of an overdue loan counts as lost by itself, and when that is charged; None for never."""
    if loan.due is None:
        return None, None
    return aging_of(
        policy, due=loan.due, recalled=loan.recalled_at is not None, zone=book.calendar(loan.library).zone_info
    )


def aging_of(
    policy: LostPolicy, *, due: datetime, recalled: bool, zone: ZoneInfo
) -> tuple[datetime | None, datetime | None]:
    """The same for all loans of a policy that are due together.

    A recalled loan has its own times where the policy gives them.
    """
    ages = (policy.aged_after_recalled if recalled else None) or policy.aged_after
    if ages is None:
        return None, None
    lost_at = ages.after_instant(due, zone)
    bills = (policy.billed_after_recalled if recalled else None) or policy.billed_after
    return lost_at, lost_at if bills is None else bills.after_instant(lost_at, zone)


def declare_lost(
    facts: LossFacts,
    book: CirculationBook,
    *,
    at: datetime,
    by: str,
    cause: LossCause = LossCause.DECLARED,
    override: Override | None = None,
    extra: Iterable[Reason] = (),
) -> Decision[LossPlan]:
    """Count the item of a loan as lost, and charge it by the policy kept on the loan.

    By age only when its time has come, unless staff set that aside; then it is charged at once or later, as the policy
    says. What was aged and not charged yet may still be declared lost.
    """
    loan, lost = facts.loan, facts.lost
    if loan is None:
        return Refuse((reasons.LOSS_NOT_ON_LOAN(barcode=facts.item.barcode or facts.item.id),))
    policy = book.losts.get(loan.lost) or LostPolicy(cost=LostCost.NOTHING, close_if_nothing_charged=False)
    found: list[Reason] = []
    if lost is not None and (lost.billed_at is not None or cause is LossCause.AGED):
        found.append(reasons.LOSS_ALREADY(since=lost.lost_at))
    billed = True
    if cause is LossCause.AGED:
        lost_at, billed_at = aging_times(policy, loan, book)
        if lost_at is None or at < lost_at:
            found.append(reasons.LOSS_TOO_EARLY(earliest=lost_at or ""))
        billed = billed_at is not None and at >= billed_at
    verdict = weigh([*found, *extra], override)
    if verdict.refusing:
        return Refuse(verdict.refusing, verdict.alerts)
    number = loan.losses if lost is not None else loan.losses + 1
    mark = LostItem(
        loan.item_id,
        loan.id,
        loan.patron_id,
        loan.library,
        cause,
        at,
        number,
        loan.lost,
        loan.fine,
        loan.due,
        loan.renewals,
        loan.recalled_at,
        at if billed else None,
    )
    said = ItemLost(at, by, loan.id, loan.item_id, mark, waived_by(override, verdict))
    first = (*earlier_loss_events(facts.earlier, loan, book, at, by), said)
    if not billed:
        return Permit(LossPlan((), False, first), verdict.alerts)
    return Permit(charged_plan(facts, loan, mark, policy, book, at, by, first), verdict.alerts)


def bill_loss(
    facts: LossFacts,
    book: CirculationBook,
    *,
    at: datetime,
    by: str,
    override: Override | None = None,
    extra: Iterable[Reason] = (),
) -> Decision[LossPlan]:
    """Charge a loss whose charge was put off, when its time has come or staff set that aside."""
    loan, lost = facts.loan, facts.lost
    if loan is None or lost is None:
        return Refuse((reasons.LOSS_NOT_LOST(barcode=facts.item.barcode or facts.item.id),))
    if lost.billed_at is not None:
        return Refuse((reasons.LOSS_ALREADY(since=lost.lost_at),))
    policy = book.losts.get(lost.policy) or LostPolicy(cost=LostCost.NOTHING)
    _, billed_at = aging_times(policy, loan, book)
    found = [reasons.LOSS_TOO_EARLY(earliest=billed_at)] if billed_at is not None and at < billed_at else []
    verdict = weigh([*found, *extra], override)
    if verdict.refusing:
        return Refuse(verdict.refusing, verdict.alerts)
    said = LossBilled(at, by, loan.id, loan.item_id, waived_by(override, verdict))
    return Permit(charged_plan(facts, loan, lost, policy, book, at, by, (said,)), verdict.alerts)


def bill_real_cost(
    facts: LossFacts,
    *,
    cost: Money,
    at: datetime,
    by: str,
    override: Override | None = None,
    extra: Iterable[Reason] = (),
) -> Decision[LossPlan]:
    """Charge the real cost of a lost item once staff know it; nothing when it was billed before."""
    lost = facts.lost
    if lost is None or facts.account is None:
        return Refuse((reasons.LOSS_NOT_LOST(barcode=facts.item.barcode or facts.item.id),))
    verdict = weigh(extra, override)
    if verdict.refusing:
        return Refuse(verdict.refusing, verdict.alerts)
    plan = bill_actual_cost(facts.account, Act(at, by, facts.library), loss=loss_of(lost), cost=cost)
    return Permit(LossPlan(shown(plan.lines), False, plan.events), verdict.alerts)


def charged_plan(
    facts: LossFacts,
    loan: Loan,
    mark: LostItem,
    policy: LostPolicy,
    book: CirculationBook,
    at: datetime,
    by: str,
    first: tuple[Event, ...],
) -> LossPlan:
    """The charges of a loss, on top of the fine that grew until then, and the end of the loan where it has one."""
    account = facts.account
    assert account is not None, "a loan has a patron, and a patron an account"
    charges = lost_charges(
        policy, cause=mark.cause, price=facts.item.price, default_price=book.default_prices.get(loan.item_type)
    )
    act = Act(at, by, facts.library)
    fining = AccountPlan()
    grown = fine_of(loan, facts.item, facts.patron, book, at, fined=facts.fined)
    if policy.overdue_when_lost is OverdueWhenLost.KEPT and grown is not None:
        owed = FineFacts(account, loan.id, loan.item_id, loan.renewals, facts.fined)
        zone = fine_calendar(loan, facts.item, facts.patron, book).zone_info
        fining = count_fine(owed, act, fine=grown.amount, policy=book.accounts, zone=zone)
    costing = charge_loss(account.after(fining.lines), act, loss=loss_of(mark), charges=charges, policy=policy)
    ends = loan_ends(policy, charges, still_open=True)
    closing = ended_events(facts, loan, Closing.LOST_AND_SETTLED, at, by) if ends else ()
    events = (*first, *fining.events, *costing.events, *closing)
    return LossPlan(shown((*fining.lines, *costing.lines)), ends, events)


def end_settled(
    facts: LossFacts,
    book: CirculationBook,
    *,
    at: datetime,
    by: str,
    override: Override | None = None,
    extra: Iterable[Reason] = (),
) -> Decision[LossPlan]:
    """End the loan of a lost item when nothing is open of the charges for the loss (F5), or staff set that aside."""
    loan, lost, account = facts.loan, facts.lost, facts.account
    if loan is None or lost is None or lost.billed_at is None or account is None:
        return Refuse((reasons.LOSS_NOT_LOST(barcode=facts.item.barcode or facts.item.id),))
    verdict = weigh([*unsettled(lost, account, book), *extra], override)
    if verdict.refusing:
        return Refuse(verdict.refusing, verdict.alerts)
    waived = waived_by(override, verdict)
    ending = ended_events(facts, loan, Closing.LOST_AND_SETTLED, at, by, waived)
    return Permit(LossPlan((), True, ending), verdict.alerts)


def end_loss(
    facts: LossFacts,
    book: CirculationBook,
    *,
    at: datetime,
    by: str,
    override: Override | None = None,
    extra: Iterable[Reason] = (),
) -> Decision[LossPlan]:
    """Say that a loss is over without the item: settled, and past all that its return would give back (F9).

    The loan ends with it if it has not before. Whose policy says what a return gives back may depend on where that
    will be (F8): then nothing may go back by any of the library's lost policies.
    """
    loan, lost, account = facts.loan, facts.lost, facts.account
    if lost is None or account is None:
        return Refuse((reasons.LOSS_NOT_LOST(barcode=facts.item.barcode or facts.item.id),))
    if lost.billed_at is None:
        found = [] if loan is None else [reasons.LOSS_NOT_SETTLED(open=0)]
    else:
        found = [*unsettled(lost, account, book)]
        if waited_for(facts.item, lost, account, book, at):
            found.append(reasons.LOSS_NOT_OVER(barcode=facts.item.barcode or facts.item.id))
    verdict = weigh([*found, *extra], override)
    if verdict.refusing:
        return Refuse(verdict.refusing, verdict.alerts)
    ending = () if loan is None else ended_events(facts, loan, Closing.LOST_AND_SETTLED, at, by)
    over = LossEnded(at, by, lost.loan_id, lost.item_id, lost.patron_id, waived_by(override, verdict))
    return Permit(LossPlan((), loan is not None, (*ending, over)), verdict.alerts)


def unsettled(lost: LostItem, account: AccountFacts, book: CirculationBook) -> Iterator[Reason]:
    """Whether anything is open of the charges for a loss, or its real cost is still to be billed."""
    causes = (Cause.LOST_ITEM, Cause.LOST_PROCESSING)
    still = [each for each in account.charges if each.loan_id == lost.loan_id and each.cause in causes]
    policy = book.losts.get(lost.policy)
    real = policy is not None and policy.cost is LostCost.ACTUAL_COST
    if still or (real and not any(line.id == f"{lost.loan_id}-lost-{lost.number}" for line in account.lines)):
        yield reasons.LOSS_NOT_SETTLED(open=len(still))


def waited_for(item: Item, lost: LostItem, account: AccountFacts, book: CirculationBook, at: datetime) -> bool:
    """Whether the library waits for an item though its loss be settled; also where its policy is known no more."""
    policy, zone = book.losts.get(lost.policy), book.calendar(lost.library).zone_info
    if policy is None or policy.ends is LossEnd.WITH_RETURN:
        return True
    if policy.ends is LossEnd.WITHDRAWN and item.withdrawn:
        return False
    asked = [policy] if book.returns.lost_rule is RuleLibrary.CHECK_OUT else book.losts.values()
    return any(gives_back(account, loss=loss_of(lost), policy=each, at=at, zone=zone) for each in asked)


def claim_returned(
    facts: LossFacts,
    *,
    at: datetime,
    by: str,
    never_had: bool = False,
    override: Override | None = None,
    extra: Iterable[Reason] = (),
) -> Decision[LossPlan]:
    """Note that the patron says to have returned the item. Who says never to have had it is believed: the loan ends.

    The claim counts; how many are too many is a limit of the library's.
    """
    loan = facts.loan
    if loan is None:
        return Refuse((reasons.LOSS_NOT_ON_LOAN(barcode=facts.item.barcode or facts.item.id),))
    found = [] if loan.claimed_returned_at is None else [reasons.CLAIM_OPEN(since=loan.claimed_returned_at)]
    verdict = weigh([*found, *extra], override)
    if verdict.refusing:
        return Refuse(verdict.refusing, verdict.alerts)
    waived = waived_by(override, verdict)
    claim = ReturnClaimed(at, by, loan.id, loan.item_id, loan.patron_id, never_had, waived)
    ending = ended_events(facts, loan, Closing.CLAIM_RESOLVED, at, by) if never_had else ()
    return Permit(LossPlan((), never_had, (claim, *ending)), verdict.alerts)


def write_off_claim(
    facts: LossFacts, *, at: datetime, by: str, override: Override | None = None, extra: Iterable[Reason] = ()
) -> Decision[LossPlan]:
    """End a claimed loan without a charge: nobody can say where the item is, and it is missing from now on."""
    loan = facts.loan
    if loan is None or loan.claimed_returned_at is None:
        return Refuse((reasons.CLAIM_NOT_OPEN(barcode=facts.item.barcode or facts.item.id),))
    verdict = weigh(extra, override)
    if verdict.refusing:
        return Refuse(verdict.refusing, verdict.alerts)
    ending = ended_events(facts, loan, Closing.CLAIM_RESOLVED, at, by, waived_by(override, verdict))
    return Permit(LossPlan((), True, ending), verdict.alerts)


def ended_events(
    facts: LossFacts, loan: Loan, closing: Closing, at: datetime, by: str, waived: Waived | None = None
) -> tuple[Event, ...]:
    """The loan ends although its item is away: the item is missing."""
    ended = LoanEnded(
        at,
        by,
        loan.id,
        loan.item_id,
        loan.patron_id,
        loan.counted_as,
        loan.on_site,
        facts.library,
        closing,
        None,
        waived,
    )
    if facts.item.missing_since is not None:
        return (ended,)
    return (ended, ItemChanged(at, by, evolve(facts.item, missing_since=at), facts.item))


def shown(lines: Iterable[AccountLine]) -> tuple[tuple[str, Money], ...]:
    """Account lines as a receipt shows them."""
    return tuple((line.cause.value if line.cause is not None else "", line.amount) for line in lines)
