"""What time brings to loans: automatic renewals, aging to lost, charges put off.

A sweep reads loans in pages of an index and decides each in an act of its own, so that it can stop anywhere, go on
from where it stopped, and run twice or on two machines at once without doing anything twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from attrs import frozen

from libops.base.decisions import Decision, Permit, Reason
from libops.base.ids import LibraryCode
from libops.circulation.decide.losses import aging_of, aging_times
from libops.circulation.events import RenewedBy
from libops.circulation.model import DUE_ENDS_WITH, Loan, LostItem
from libops.circulation.policy.book import CirculationBook
from libops.desk.calls import tells_right_call
from libops.desk.circulation.desk import CirculationDesk
from libops.desk.circulation.losses import LossDesk
from libops.desk.circulation.shared_by_due import SharedByDue
from libops.desk.reads import Reads
from libops.desk.shell import Shell
from libops.storage.kinds import kind_of
from libops.storage.peek import peek

__all__ = ["LoanSweeps", "SweepRefusal", "SweepReport"]

PAGE = 500
LOAN_ROW = ("item_id", "id", "due", "lost", "library", "recalled_at", *DUE_ENDS_WITH)
LoanRow = tuple[Any, ...]
"""The values of `LOAN_ROW`: what aging goes by, without the loan being made."""
Place = tuple[Any, ...]
NOT_YET = frozenset({"renewal.too_early", "renewal.not_automatic", "renewal.not_opted_in"})


@frozen
class SweepRefusal:
    """A loan that the sweep left as it was, and why."""

    item_id: str
    loan_id: str
    reasons: tuple[Reason, ...]


@frozen
class SweepReport:
    """How many loans a sweep looked at and acted on, and each refusal. `after` is where to go on; None at the end."""

    looked_at: int
    done: int
    refused: tuple[SweepRefusal, ...] = ()
    after: tuple[Any, ...] | None = None


class LoanSweeps:
    """Acts on many loans, each decided by the same functions as at the desk."""

    def __init__(self, shell: Shell, book: CirculationBook, circulation: CirculationDesk, losses: LossDesk) -> None:
        self.shell = shell
        self.book = book
        self.circulation = circulation
        self.losses = losses

    @tells_right_call
    def renew_automatically(
        self, *, by: str = "run", after: tuple[Any, ...] | None = None, most: int | None = None
    ) -> SweepReport:
        """Renew what the policies renew by themselves; a loan that is only too early is not reported.

        `most` is how many loans to look at before the sweep pauses; go on with `after` of the report.
        """
        horizon = self.book.renews_ahead
        if horizon is None:
            return SweepReport(0, 0)
        started = self.shell.clock()

        def act(loan: Loan) -> Decision[Any] | None:
            # A short loan that was renewed a moment ago comes up again further on.
            if loan.renewed_at is not None and loan.renewed_at >= started:
                return None
            return self.circulation.renew(item=loan.item_id, by=by, renewed_by=RenewedBy.AUTOMATIC)

        return self.swept(self.by_due(started + horizon, after), act, most, quiet=NOT_YET)

    @tells_right_call
    def age_to_lost(
        self, *, by: str = "run", after: tuple[Any, ...] | None = None, most: int | None = None
    ) -> SweepReport:
        """Count as lost what is overdue for too long, and charge it where the policy does so at once."""
        if not any(policy.aged_after or policy.aged_after_recalled for policy in self.book.losts.values()):
            return SweepReport(0, 0)
        now = self.shell.clock()
        shared: SharedByDue[datetime | None] = SharedByDue()

        def act(row: LoanRow) -> Decision[Any] | None:
            item_id, _, due, name, library, recalled_at, *ends = row
            lost_at = shared.get(now, due, (name, library, recalled_at is not None), self.lost_at)
            if lost_at is None or lost_at > now or any(ends):
                return None
            return self.losses.age_to_lost(item_id, by=by)

        return self.swept(self.rows_by_due(now, after), act, most)

    def lost_at(self, now: datetime, due: datetime, terms: tuple[str, LibraryCode, bool]) -> datetime | None:
        """When the item of a late loan counts as lost by itself; None for never."""
        name, library, recalled = terms
        policy = self.book.losts.get(name)
        if policy is None:
            return None
        return aging_of(policy, due=due, recalled=recalled, zone=self.book.calendar(library).zone_info)[0]

    @tells_right_call
    def bill_losses(
        self, *, by: str = "run", after: tuple[Any, ...] | None = None, most: int | None = None
    ) -> SweepReport:
        """Charge losses whose charge was put off and is due, and end those that are over, with their loans.

        Of a loss that is settled and not over, the loan alone ends.
        """
        now, storage = self.shell.clock(), self.shell.storage

        def act(lost: LostItem) -> Decision[Any] | None:
            loan = storage_loan(lost.item_id)
            if lost.billed_at is not None or loan is None:
                done = self.losses.end(lost.item_id, by=by)
                if not done and loan is not None:
                    done = self.losses.settle(lost.item_id, by=by)
                return done if done else None
            policy = self.book.losts.get(lost.policy)
            if policy is None or (aging_times(policy, loan, self.book)[1] or now) > now:
                return None
            return self.losses.bill(lost.item_id, by=by)

        def storage_loan(item_id: str) -> Loan | None:
            return Reads(storage).get(Loan, item_id)

        return self.swept(self.pages(LostItem, "by_lost", None, after), act, most)

    # --- the pages of a sweep -----------------------------------------------------------------------------------------

    def by_due(self, high: datetime, after: tuple[Any, ...] | None) -> Iterator[tuple[Loan, tuple[Any, ...] | None]]:
        return self.pages(Loan, "by_due", high, after)

    def rows_by_due(self, high: datetime, after: Place | None) -> Iterator[tuple[LoanRow, Place | None]]:
        """Late loans as far as aging goes by them, as `pages` gives records."""
        kind = kind_of(Loan)
        while True:
            rows, after = peek(self.shell.storage, kind, "by_due", LOAN_ROW, high=high, after=after, page=PAGE)
            for number, row in enumerate(rows, 1):
                yield row, after if number == len(rows) else None
            if after is None:
                return

    def pages(
        self, cls: type[Any], index: str, high: Any, after: tuple[Any, ...] | None, low: Any = None
    ) -> Iterator[tuple[Any, tuple[Any, ...] | None]]:
        """Records in index order, each with the place to go on from; the place is known at the end of a page."""
        kind = kind_of(cls)
        while True:
            page = self.shell.storage.scan(kind, index, low, high, after, PAGE)
            for number, row in enumerate(page.rows, 1):
                yield row.record, page.after if number == len(page.rows) else None
            if page.after is None:
                return
            after = page.after

    def swept(
        self,
        records: Iterator[tuple[Any, tuple[Any, ...] | None]],
        act: Callable[[Any], Decision[Any] | None],
        most: int | None,
        quiet: frozenset[str] = frozenset(),
    ) -> SweepReport:
        looked = done = 0
        refused: list[SweepRefusal] = []
        for record, after in records:
            looked += 1
            answer = act(record)
            if isinstance(answer, Permit):
                done += 1
            elif answer is not None and not quiet.issuperset(reason.code for reason in answer.reasons):
                refused.append(SweepRefusal(*named(record), answer.reasons))
            if most is not None and looked >= most and after is not None:
                return SweepReport(looked, done, tuple(refused), after)
        return SweepReport(looked, done, tuple(refused))


def named(record: Loan | LostItem | LoanRow) -> tuple[str, str]:
    """The item and the loan that a sweep looked at."""
    if isinstance(record, tuple):
        return record[0], record[1]
    return record.item_id, record.id if isinstance(record, Loan) else record.loan_id
