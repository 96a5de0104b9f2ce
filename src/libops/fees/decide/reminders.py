"""Charging the fees of reminders, each once."""

from __future__ import annotations

from collections.abc import Iterable

from libops.base.ids import AccountLineId, ItemId, LoanId
from libops.fees.decide.facts import AccountFacts, AccountPlan, Act, plan_of
from libops.fees.model import AccountLine, Cause, LineKind
from libops.fees.reminders import EarnedReminder

__all__ = ["charge_reminders"]


def charge_reminders(
    facts: AccountFacts,
    act: Act,
    *,
    loan_id: LoanId,
    item_id: ItemId,
    earned: Iterable[EarnedReminder],
    period: int = 0,
) -> AccountPlan:
    """Charge the fee of each reminder earned; one without a fee writes nothing.

    `period` is the number of the loan's renewals. Line ids are made from the loan, the period and the reminder's
    number, so that a sweep that runs twice charges once: lines that the account has already are left out.
    """
    known = {line.id for line in facts.lines}
    lines = [
        AccountLine(
            AccountLineId(f"{loan_id}-reminder-{period}-{reminder.number}"),
            facts.standing.patron_id,
            act.at,
            act.by,
            LineKind.CHARGE,
            reminder.fee,
            Cause.REMINDER,
            loan_id=loan_id,
            item_id=item_id,
            library=act.library,
            note=reminder.notice,
        )
        for reminder in earned
        if reminder.fee.amount > 0
    ]
    return plan_of(line for line in lines if line.id not in known)
