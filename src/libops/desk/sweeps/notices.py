"""Notices before, at and after the due date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from libops.base.decisions import Decision, Permit, Refuse
from libops.catalog.model import BibRecord
from libops.circulation.model import Loan
from libops.desk.notice_planning import NoticePlanner, Told
from libops.desk.notices import stopped
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.desk.sweeps.engine import Pass, Step
from libops.items.model import Item
from libops.notices.model import NoticeTrack, Trigger
from libops.notices.planner import due_notices, told
from libops.notices.policy import Notice, Timing
from libops.notices.timing import may_fall
from libops.patrons.model import Patron
from libops.storage.kinds import kind_of
from libops.storage.port import Get

__all__ = ["notices"]

DAY = timedelta(1)


def notices(shell: Shell, planner: NoticePlanner) -> Step:
    """What loans call for since the last run. Loans whose due date leaves nothing to say are passed by unread."""
    asked = tuple(
        notice
        for policy in planner.notices.policies.values()
        for notice in policy.notices
        if notice.trigger is Trigger.DUE
    )

    def high(at: datetime) -> datetime:
        """Behind the last due date that a courtesy notice could look ahead to."""
        ahead = [notice.period for notice in asked if notice.timing is Timing.BEFORE and notice.period is not None]
        return at + max((ahead_of(notice) for notice in asked if notice.period in ahead), default=timedelta(0)) + DAY

    def planned(reads: Reads, loan: Loan, now: Pass) -> list[Told]:
        policy = planner.policy_for(reads, loan, now.at)
        telling = planner.telling(reads, loan, Trigger.DUE)
        if policy is None or telling is None or stopped(loan):
            return []
        found = due_notices(policy, telling, planner.book.calendar(loan.library), since=now.since, at=now.at)
        return [(each, telling) for each in told(reads.get(NoticeTrack, loan.id), found)]

    def work(loans: Sequence[Any], now: Pass) -> int:
        called = [loan for loan in loans if any(may_fall(each, loan.due, now.since, now.at) for each in asked)]
        reads = Reads(shell.storage)
        if called:
            reads.load(
                *[
                    Get(kind_of(cls), key)
                    for loan in called
                    for cls, key in (
                        (Patron, loan.patron_id),
                        (Item, loan.item_id),
                        (BibRecord, loan.bib_id),
                        (NoticeTrack, loan.id),
                    )
                ]
            )
        return sum(bool(shell.act(planning(loan, now), at=now.at)) for loan in called if planned(reads, loan, now))

    def planning(seen: Loan, now: Pass) -> Errand:
        def load(reads: Reads) -> tuple[Reads, list[Told]] | Refuse:
            loan = reads.get(Loan, seen.item_id)
            found = [] if loan is None or loan.id != seen.id else planned(reads, loan, now)
            return (reads, found) if found else Refuse(())

        def decide(facts: Any, at: datetime) -> Decision[tuple[Any, ...]]:
            return Permit(())

        def beside(plan: Any, facts: Any, at: datetime) -> list[Any]:
            reads, found = facts
            return planner.entered(reads, found, at)

        return Errand(load, decide, lambda plan, facts, at, alerts: plan, beside)

    return Step("notices", Loan, "by_due", high, work)


def ahead_of(notice: Notice) -> timedelta:
    """How far ahead of the due date a notice may come at most; open days are counted generously."""
    period = notice.period
    if period is None:
        return timedelta(0)
    return timedelta(minutes=period.minutes()) * (1 if notice.counted.value == "all-days" else 7) + DAY
