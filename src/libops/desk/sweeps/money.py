"""Fines as they grow, and reminders that cost a fee."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import evolve

from libops.base.decisions import Decision, Permit, Refuse
from libops.catalog.model import BibRecord
from libops.circulation.decide.facts import case_of
from libops.circulation.model import Loan
from libops.circulation.policy.book import CirculationBook
from libops.desk.notice_planning import NoticePlanner
from libops.desk.notices import stopped
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.desk.sweeps.engine import Pass, Step
from libops.fees.decide import AccountFacts, AccountPlan, Act, FineFacts, charge_reminders, count_fine
from libops.fees.model import AccountLine, LoanFine, OpenCharge
from libops.fees.overdue import fine
from libops.fees.reminders import EarnedReminder, reminders_due
from libops.items.model import Item
from libops.notices.model import NoticeTrack, Trigger
from libops.notices.planner import PlannedNotice, key_of
from libops.notices.policy import Digest, Notice, NoticePolicy
from libops.notices.timing import send_time
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get

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

    def work(self, loans: Sequence[Any], now: Pass) -> int:
        """Charge what has grown since it was counted last."""
        late = [loan for loan in loans if loan.fine and not stopped(loan)]
        reads = Reads(self.shell.storage)
        gets = [Get(kind_of(LoanFine), loan.id) for loan in late] + [Get(kind_of(Item), loan.item_id) for loan in late]
        reads.load(*gets)
        acts = 0
        for loan in late:
            fined, item = reads.get(LoanFine, loan.id), reads.get(Item, loan.item_id)
            if self.total(loan, item, now.at) > so_far(loan, fined):
                acts += bool(self.shell.act(self.counting(loan), at=now.at))
        return acts

    def total(self, loan: Loan, item: Item | None, at: datetime) -> int:
        """The fine of a loan by now, in minor units."""
        policy = self.book.fines.get(loan.fine)
        if policy is None or loan.due is None or item is None:
            return 0
        return fine(
            policy,
            due=loan.due,
            at=at,
            calendar=self.book.calendar(loan.library),
            price=item.price,
            default_price=self.book.default_prices.get(loan.item_type),
            recalled=loan.recalled_at is not None,
        ).amount.amount

    def counting(self, seen: Loan) -> Errand:
        """The act that brings one loan's fine up to now."""

        def load(reads: Reads) -> tuple[Loan, Item | None, AccountFacts, LoanFine | None] | Refuse:
            loan = reads.get(Loan, seen.item_id)
            if loan is None or loan.id != seen.id or stopped(loan):
                return NOTHING
            item, standing, fined, charges = reads.load(
                Get(kind_of(Item), loan.item_id),
                Get(kind_of(Standing), loan.patron_id),
                Get(kind_of(LoanFine), loan.id),
                Find(kind_of(OpenCharge), "by_loan", (loan.id,)),
            )
            return loan, item, AccountFacts(standing, self.book.currency, tuple(charges)), fined

        return Errand(load, self.counted, lambda plan, facts, at, alerts: plan)

    def counted(self, facts: Any, at: datetime) -> Decision[AccountPlan]:
        """What is to be written so that the account has the fine as counted now."""
        loan, item, account, fined = facts
        now = self.total(loan, item, at)
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
        case = case_of(loan.library, patron, item, bib, calendar.service_day(at))
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
        telling = self.planner.telling(reads, loan, Trigger.REMINDER)
        if telling is None:
            return []
        policy = self.planner.policy_for(reads, loan, at) or NoticePolicy()
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
