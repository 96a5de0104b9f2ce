"""Notices before, at and after a moment: a due date, the start of a booking, the end of a membership."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve

from libops.base.decisions import Decision, Permit, Refuse
from libops.base.ids import LibraryCode
from libops.circulation.model import Loan
from libops.desk.circulation.shared_by_due import SharedByDue
from libops.desk.notices.planning import NoticePlanner, Told
from libops.desk.notices.telling.ahead import AHEAD_OF, Ahead
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.desk.sweeps.engine import CAUGHT_UP, Pass, Step
from libops.notices.model import Trigger
from libops.notices.policy import Notice
from libops.notices.timing import falls, may_fall, reach
from libops.storage.kinds import kind_of
from libops.storage.port import Get

__all__ = ["notices"]

DAY = timedelta(1)


def notices(shell: Shell, planner: NoticePlanner, trigger: Trigger) -> Step | None:
    """What one sort of records calls for since the last run; None where no policy has such a notice.

    Records whose moment leaves nothing to say are passed by unread.
    """
    asked = tuple(
        notice for policy in planner.notices.policies.values() for notice in policy.notices if notice.trigger is trigger
    )
    sweep = LoanNoticeSweep if trigger is Trigger.DUE else NoticeSweep
    return sweep(shell, planner, AHEAD_OF[trigger], asked).step() if asked else None


class NoticeSweep:
    """Walks the records of one trigger and plans what they call for."""

    def __init__(self, shell: Shell, planner: NoticePlanner, ahead: Ahead, asked: tuple[Notice, ...]) -> None:
        self.shell = shell
        self.planner = planner
        self.ahead = ahead
        self.asked = asked

    def step(self) -> Step:
        """The step of the nightly run."""
        ahead = self.ahead
        low = (lambda at: None) if ahead.past else (lambda at: ahead.bound(at - CAUGHT_UP - DAY))
        return Step(ahead.name, ahead.cls, ahead.index, self.high, self.work, equal=ahead.equal, low=low)

    def high(self, at: datetime) -> Any:
        """Behind the last moment that a notice could look ahead to."""
        return self.ahead.bound(at + reach(self.asked) + DAY)

    def work(self, records: Sequence[Any], now: Pass) -> int:
        """Plan what these records call for and was not told yet."""
        ahead = self.ahead
        called = []
        for record in records:
            moment = ahead.moment(record)
            if moment is not None and any(may_fall(each, moment, now.since, now.at) for each in self.asked):
                called.append(record)
        return self.tell(called, now)

    def tell(self, called: Sequence[Any], now: Pass) -> int:
        """Plan for records that have something to tell of, whichever policy theirs is."""
        if not called:
            return 0
        ahead = self.ahead
        reads = Reads(self.shell.storage)
        reads.load(*[Get(kind_of(cls), key) for record in called for cls, key in ahead.needs(record)])
        act = self.shell.act
        return sum(
            bool(act(self.planning(record, now), at=now.at)) for record in called if self.planned(reads, record, now)
        )

    def planned(self, reads: Reads, record: Any, now: Pass) -> list[Told]:
        """What one record calls for and was not told yet."""
        return self.planner.ahead(self.ahead, reads, record, at=now.at, since=now.since)

    def planning(self, seen: Any, now: Pass) -> Errand:
        """The act that plans for one record, as it is by then."""

        def load(reads: Reads) -> tuple[Reads, list[Told]] | Refuse:
            record = reads.get(*self.ahead.place(seen))
            # The key of a loan is its item, which may have been lent again.
            same = record is not None and getattr(record, "id", None) == getattr(seen, "id", None)
            found = self.planned(reads, record, now) if same else []
            return (reads, found) if found else Refuse(())

        def decide(facts: Any, at: datetime) -> Decision[tuple[Any, ...]]:
            return Permit(())

        def beside(plan: Any, facts: Any, at: datetime) -> list[Any]:
            reads, found = facts
            return self.planner.entered(reads, found, at)

        return Errand(load, decide, lambda plan, facts, at, alerts: plan, beside)


class LoanNoticeSweep(NoticeSweep):
    """Walks loans by their due dates, which many share: a loan is made where its due date has something to tell of."""

    FIELDS = ("item_id", "due", "library")

    def __init__(self, shell: Shell, planner: NoticePlanner, ahead: Ahead, asked: tuple[Notice, ...]) -> None:
        super().__init__(shell, planner, ahead, asked)
        self.shared: SharedByDue[bool] = SharedByDue()

    def step(self) -> Step:
        """The step of the nightly run, with single fields of loans."""
        return evolve(super().step(), fields=self.FIELDS)

    def work(self, records: Sequence[Any], now: Pass) -> int:
        """Plan what these loans call for; a record is a row of `FIELDS`."""
        called = [
            key for key, due, library in records if self.shared.get(now.at, due, (library, now.since), self.calls)
        ]
        loans = self.shell.storage.read([Get(kind_of(Loan), key) for key in called]) if called else []
        return self.tell([row.record for row in loans if row.record is not None], now)

    def calls(self, at: datetime, due: datetime, terms: tuple[LibraryCode, datetime]) -> bool:
        """Whether any notice falls between the last run and now for what is due then at this library."""
        library, since = terms
        return falls(self.asked, due, self.planner.book.calendar(library), since=since, until=at)
