"""Options that are written down and have no effect, because another option next to them says otherwise.

Each is harmless by itself; but who wrote it meant something, and the library does not do it.
"""

from __future__ import annotations

from collections.abc import Iterator

from libops.circulation.policy.due import ClosingTime, DueTerms, Profile, ScheduleUse
from libops.circulation.policy.limits import ClaimsCounting, LimitPolicy
from libops.circulation.policy.returns import ReturnSettings, ReturnTo
from libops.circulation.policy.terms import HoldsAndRenewal, LoanPolicy, Question
from libops.fees.policy import (
    AccountPolicy,
    AllocationOrder,
    FinePolicy,
    LossCause,
    LossEnd,
    LostCost,
    LostPolicy,
    LostRefund,
    NegativeBalance,
    OverdueOnLostReturn,
    OverdueWhenLost,
    ProcessingFeeOnReturn,
)

__all__ = [
    "Problem",
    "account_problems",
    "due_problems",
    "fine_problems",
    "limit_problems",
    "loan_problems",
    "lost_problems",
    "return_problems",
]

Problem = tuple[str, str]
"""The key, below the policy's own, and what is wrong with it."""


def lost_problems(lost: LostPolicy) -> Iterator[Problem]:
    """Times of aging, costs and refunds that never come about."""
    ages = lost.aged_after is not None or lost.aged_after_recalled is not None
    if lost.aged_after is not None and lost.aged_after.amount == 0:
        yield "aged_after", "an item would count as lost the moment it is due: leave it out for never"
    if lost.billed_after is not None and not ages:
        yield "billed_after", "nothing ages to lost here: give aged_after"
    if lost.billed_after_recalled is not None and not ages:
        yield "billed_after_recalled", "nothing ages to lost here: give aged_after or aged_after_recalled"
    longest, recalled = lost.aged_after, lost.aged_after_recalled
    if longest is not None and recalled is not None and recalled.minutes() > longest.minutes():
        yield "aged_after_recalled", f"{recalled} is longer than aged_after = {longest}: a recall would give more time"
    fee = lost.processing_fees.get(LossCause.AGED)
    if fee is not None and fee.amount and not ages and LossCause.DECLARED not in lost.processing_fees:
        yield "processing_fees.aged-to-lost", "nothing ages to lost here: give aged_after"
    if lost.set_amount is not None and lost.cost is not LostCost.SET_AMOUNT:
        yield "set_amount", f"has no effect with cost = '{lost.cost.value}'"
    if lost.cost is LostCost.SET_AMOUNT and lost.set_amount is not None and not lost.set_amount.amount:
        yield "set_amount", "costs nothing: say cost = 'nothing'"
    if lost.refund is LostRefund.NONE and lost.refund_within is not None:
        yield "refund_within", "has no effect where nothing is refunded"
    if lost.ends is LossEnd.WITHDRAWN and lost.refund is not LostRefund.FULL:
        yield "ends", "what was paid stays paid here, so that a loss is over once it is settled: withdrawn or not"
    given_back = lost.processing_on_return is ProcessingFeeOnReturn.REFUNDED
    if lost.refund is LostRefund.NONE and given_back and any(fee.amount for fee in lost.processing_fees.values()):
        yield "processing_on_return", "goes by the rule of the item's charge, and that refunds nothing: say kept"
    kept = lost.overdue_when_lost is OverdueWhenLost.KEPT
    if lost.overdue_on_return is OverdueOnLostReturn.RESTORED and kept:
        yield "overdue_on_return", "restores what was dropped at the loss, and nothing is dropped"


def account_problems(accounts: AccountPolicy) -> Iterator[Problem]:
    """Lists and intervals that belong to another answer."""
    if accounts.causes_first and accounts.allocation is not AllocationOrder.BY_CAUSE:
        yield "causes_first", "has no effect with allocation = 'oldest-first'"
    if accounts.allocation is AllocationOrder.BY_CAUSE and not accounts.causes_first:
        yield "allocation", "by cause, and causes_first names none: the oldest is settled first"
    option = accounts.negative_balance
    if accounts.never_negative_for and option is not NegativeBalance.NOT_FOR_SOME_CAUSES:
        yield "never_negative_for", f"has no effect with negative_balance = '{option.value}'"
    if option is NegativeBalance.NOT_FOR_SOME_CAUSES and not accounts.never_negative_for:
        yield "negative_balance", "names no cause in never_negative_for: every credit is allowed"
    if accounts.negative_within is not None and option is not NegativeBalance.WITHIN_INTERVAL:
        yield "negative_within", f"has no effect with negative_balance = '{option.value}'"


def due_problems(due: DueTerms) -> Iterator[Problem]:
    """Shorter periods that are no shorter, offsets and schedules that nothing asks for."""
    timed = due.period is not None and due.period.is_timed
    if due.opening_offset is not None and not (timed and due.closing is ClosingTime.NEXT_OPENING_START):
        yield "due.opening_offset", "has an effect on loans by hours with closing = 'next-opening-start' only"
    if due.schedule_use is not ScheduleUse.BEFORE and not due.schedule:
        yield "due.schedule_use", "there is no schedule"
    if due.profile is Profile.FIXED and due.period is not None:
        yield "due.period", "a fixed loan goes by its schedule"
    if due.demand is not None and due.profile is not Profile.ROLLING:
        yield "due.demand", f"a loan of profile '{due.profile.value}' has no period to shorten"
    elif due.demand is not None and due.period is not None:
        shorter = due.demand.shorten_to
        if shorter.minutes() >= due.period.minutes():
            yield "due.demand.shorten_to", f"{shorter} is not shorter than the loan of {due.period}"


def loan_problems(loan: LoanPolicy) -> Iterator[Problem]:
    """Terms of a loan that another of its terms cancels."""
    yield from due_problems(loan.due)
    renewals, age = loan.renewals, loan.age
    if renewals.period_with_holds is not None and renewals.holds is HoldsAndRenewal.BLOCK:
        yield "renewals.period_with_holds", "has no effect where any hold stops the renewal"
    unseen, count = renewals.unseen_count, renewals.count
    if unseen is not None and count is not None and unseen > count:
        yield "renewals.unseen_count", f"{unseen} is more than count = {count}, which stops before"
    if age.at_least is not None and age.at_most is not None and age.at_least > age.at_most:
        yield "age", f"nobody is at least {age.at_least} and at most {age.at_most} years old"
    rental = loan.rental
    if rental is not None and not rental.amount.amount and rental.ask is not Question.ALLOW:
        yield "rental.amount", "the desk asks the patron to agree to a fee of nothing: leave the rental out"


def limit_problems(limits: LimitPolicy) -> Iterator[Problem]:
    """Claims that are left out of a count nobody makes, and the like."""
    counts = (limits.items_out, limits.items_out_per_library, limits.on_site_items)
    counted = any(count is not None for count in counts) or limits.by_item_type or limits.by_library
    if limits.claims is ClaimsCounting.NOT_COUNTED and not counted:
        yield "claims", "nothing limits how many items are out, so there is nothing to leave claims out of"
    if limits.expired is None and limits.expiry_alert is not None and limits.expiry_alert.amount == 0:
        yield "expiry_alert", "an alert on the last day only, of an expiry that stops nothing"


def fine_problems(fine: FinePolicy) -> Iterator[Problem]:
    """Terms of recalled loans that change nothing."""
    if fine.grace_ignored_for_recalled and fine.grace is None:
        yield "grace_ignored_for_recalled", "there is no grace"
    costs = (fine.amount, *(step.amount for step in fine.steps))
    if fine.recall_interval is not None and fine.recall_amount is None and not any(cost.amount for cost in costs):
        yield "recall_interval", "nothing is charged per interval: give recall_amount"


def return_problems(returns: ReturnSettings) -> Iterator[Problem]:
    """Float groups where nothing floats, and floating without groups."""
    floats = ReturnTo.FLOAT in (returns.return_to, *returns.by_item_type.values())
    if returns.float_groups and not floats:
        yield "float_groups", "nothing floats: say return_to = 'float', or so for an item type"
    if floats and not returns.float_groups:
        yield "return_to", "floats within groups, and there is none: everything goes home"
