"""Fines as they grow, and reminders that cost a fee."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import evolve

from libops.base.decisions import Decision, Permit, Refuse
from libops.catalog.model import BibRecord
from libops.circulation.decide.facts import case_of
from libops.circulation.decide.returns import fine_of
from libops.circulation.model import Loan
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.rules import LibraryRole
from libops.desk.notice_planning import NoticePlanner
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.desk.sweeps.engine import Pass, Step
from libops.desk.telling.loans import loan_policy, loan_telling, stopped
from libops.fees.decide import AccountFacts, AccountPlan, Act, FineFacts, charge_reminders, count_fine
from libops.fees.model import AccountLine, LoanFine, OpenCharge
from libops.fees.reminders import EarnedReminder, reminders_due
from libops.items.model import Item
from libops.notices.model import NoticeTrack, Trigger
from libops.notices.planner import PlannedNotice, key_of
from libops.notices.policy import Digest, Notice, NoticePolicy
from libops.notices.timing import send_time
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get, Query

__all__ = ["fines", "reminders"]

BY = "run-due"
NOTHING = Refuse(())


def fines(shell: Shell, planner: NoticePlanner) -> Step:
    """Overdue fines, charged as far as they have grown. A sweep never lowers one: a check-in does."""
    return Step("fines", Loan, "by_due", lambda at: at, FineSweep(shell, planner.book).work)


class FineSweep:
    """Counts the fines of late loans."""

    def __init__(self, shell: Shell, book: CirculationBook) -> None:
        self.shell = shell
        self.book = book
        self.by_patron = book.rules.control.fine is LibraryRole.PATRON_HOME
        """Whether the library of the patron says when a day is late, so that patrons are asked for."""

    def work(self, loans: Sequence[Any], now: Pass) -> int:
        """Charge what has grown since it was counted last."""
        late = [loan for loan in loans if loan.fine and not stopped(loan)]
        reads = Reads(self.shell.storage)
        reads.load(*[query for loan in late for query in self.asked(loan)])
        acts = 0
        for loan in late:
            if self.total(reads, loan, now.at) > so_far(loan, reads.get(LoanFine, loan.id)):
                acts += bool(self.shell.act(self.counting(loan), at=now.at))
        return acts

    def asked(self, loan: Loan) -> list[Query]:
        """The records that a fine is counted from."""
        queries: list[Query] = [Get(kind_of(LoanFine), loan.id), Get(kind_of(Item), loan.item_id)]
        return [*queries, Get(kind_of(Patron), loan.patron_id)] if self.by_patron else queries

    def total(self, reads: Reads, loan: Loan, at: datetime) -> int:
        """The fine of a loan by now, in minor units."""
        item = reads.get(Item, loan.item_id)
        patron = reads.get(Patron, loan.patron_id) if self.by_patron else None
        counted = None if item is None else fine_of(loan, item, patron, self.book, at)
        return 0 if counted is None else counted.amount.amount

    def counting(self, seen: Loan) -> Errand:
        """The act that brings one loan's fine up to now."""

        def load(reads: Reads) -> tuple[Loan, AccountFacts, Reads] | Refuse:
            loan = reads.get(Loan, seen.item_id)
            if loan is None or loan.id != seen.id or stopped(loan):
                return NOTHING
            standing, charges, *_ = reads.load(
                Get(kind_of(Standing), loan.patron_id),
                Find(kind_of(OpenCharge), "by_loan", (loan.id,)),
                *self.asked(loan),
            )
            return loan, AccountFacts(standing, self.book.currency, tuple(charges)), reads

        return Errand(load, self.counted, lambda plan, facts, at, alerts: plan)

    def counted(self, facts: Any, at: datetime) -> Decision[AccountPlan]:
        """What is to be written so that the account has the fine as counted now."""
        loan, account, reads = facts
        now, fined = self.total(reads, loan, at), reads.get(LoanFine, loan.id)
        if loan.due is None or loan.due >= at or now <= so_far(loan, fined):
            return NOTHING
        owed = FineFacts(account, loan.id, loan.item_id, loan.renewals, fined)
        zone = self.book.calendar(loan.library).zone_info
        amount = evolve(self.book.fines[loan.fine].amount, amount=now)
        act = Act(at, BY, loan.library)
        return Permit(count_fine(owed, act, fine=amount, policy=self.book.accounts, zone=zone))


def so_far(loan: Loan, fined: LoanFine | None) -> int:
    """What the loan was fined since its last renewal."""
    return fined.total if fined is not None and fined.period == loan.renewals else 0


def reminders(shell: Shell, planner: NoticePlanner) -> Step:
    """Reminders that a loan has earned: their fee is charged once, and their notice goes out."""
    return Step("reminders", Loan, "by_due", lambda at: at, ReminderSweep(shell, planner).work)


class ReminderSweep:
    """Charges reminders and writes their letters."""

    def __init__(self, shell: Shell, planner: NoticePlanner) -> None:
        self.shell = shell
        self.planner = planner
        self.book = planner.book

    def work(self, loans: Sequence[Any], now: Pass) -> int:
        """Send what was earned and not sent yet."""
        reads = Reads(self.shell.storage)
        reads.load(
            *[
                Get(kind_of(cls), key)
                for loan in loans
                for cls, key in (
                    (Patron, loan.patron_id),
                    (Item, loan.item_id),
                    (BibRecord, loan.bib_id),
                    (NoticeTrack, loan.id),
                )
            ]
        )
        act = self.shell.act
        return sum(bool(act(self.reminding(loan), at=now.at)) for loan in loans if self.earned(reads, loan, now.at))

    def earned(self, reads: Reads, loan: Loan, at: datetime) -> tuple[EarnedReminder, ...]:
        """Those that were not sent yet."""
        patron, item = reads.get(Patron, loan.patron_id), reads.get(Item, loan.item_id)
        bib = reads.get(BibRecord, loan.bib_id)
        if loan.due is None or patron is None or item is None or bib is None or stopped(loan):
            return ()
        calendar = self.book.calendar(loan.library)
        case = case_of(loan.library, patron, item, bib, calendar.service_day(at), self.book)
        schedule = self.book.terms(case).reminders
        if not schedule:
            return ()
        track = reads.get(NoticeTrack, loan.id)
        known = () if track is None else track.told
        found = reminders_due(schedule, due=loan.due, at=at, calendar=calendar)
        return tuple(each for each in found if not any(sent(key, loan, each) for key in known))

    def reminding(self, seen: Loan) -> Errand:
        """The act that charges and writes for one loan."""

        def load(reads: Reads) -> tuple[Loan, AccountFacts, Reads] | Refuse:
            loan = reads.get(Loan, seen.item_id)
            if loan is None or loan.id != seen.id:
                return NOTHING
            standing, lines = reads.load(
                Get(kind_of(Standing), loan.patron_id), Find(kind_of(AccountLine), "by_loan", (loan.id,))
            )
            return loan, AccountFacts(standing, self.book.currency, lines=tuple(lines)), reads

        return Errand(load, self.charged, lambda plan, facts, at, alerts: plan, self.letters)

    def charged(self, facts: Any, at: datetime) -> Decision[tuple[Any, ...]]:
        """The fees of the reminders earned."""
        loan, account, reads = facts
        found = self.earned(reads, loan, at)
        if not found:
            return NOTHING
        act = Act(at, BY, loan.library)
        period = loan.renewals
        plan = charge_reminders(account, act, loan_id=loan.id, item_id=loan.item_id, earned=found, period=period)
        return Permit(plan.events)

    def letters(self, plan: Any, facts: Any, at: datetime) -> list[Any]:
        """The notices of the reminders earned."""
        loan, _, reads = facts
        telling = loan_telling(reads, loan, Trigger.REMINDER)
        if telling is None:
            return []
        policy = loan_policy(self.planner.terms, reads, loan, at) or NoticePolicy()
        calendar = self.book.calendar(loan.library)
        planned = []
        for each in self.earned(reads, loan, at):
            notice = Notice(
                template=each.notice or "reminder", trigger=Trigger.REMINDER, digest=Digest.DAY, required=True
            )
            fee = each.fee if each.fee.amount else None
            occasion = evolve(telling.occasion, key="reminder:" + key_of(notice, telling, each.number), fee=fee)
            send_at = send_time(policy, notice, max(each.earned, at), calendar)
            planned.append((PlannedNotice(notice, occasion, each.earned, send_at), telling))
        return self.planner.entered(reads, planned, at)


def sent(key: str, loan: Loan, reminder: EarnedReminder) -> bool:
    """Whether a key of the loan's track is this reminder, for this due date."""
    head, _, number = key.rpartition(":")
    return (
        key.startswith("reminder:") and number == str(reminder.number) and head.endswith(f":{loan.due:%Y%m%dT%H%M%S}")
    )
