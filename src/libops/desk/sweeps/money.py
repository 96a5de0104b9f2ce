"""Fines as they grow, and reminders that cost a fee."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import evolve

from libops.base.decisions import Decision, Permit, Refuse
from libops.base.ids import LibraryCode
from libops.base.money import Money
from libops.circulation.model import DUE_ENDS_WITH, Loan
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.rules import Concern, LibraryRole
from libops.desk.circulation.shared_by_due import SharedByDue
from libops.desk.notices.planning import NoticePlanner
from libops.desk.notices.telling.loans import loan_policy, loan_telling, round_of
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.desk.sweeps.engine import BY, Pass, Step
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
from libops.storage.port import Find, Get, Query

__all__ = ["fines", "reminders"]

MOST = 1 << 62
"""More than any fine."""
Prices = tuple[Money | None, Money | None]
"""What an item costs, and what items of its type do."""
NOTHING = Refuse(())


def fines(shell: Shell, planner: NoticePlanner) -> Step:
    """Overdue fines, charged as far as they have grown. A sweep never lowers one: a check-in does."""
    return Step("fines", Loan, "by_due", lambda at: at, FineSweep(shell, planner.book).work, fields=FineSweep.FIELDS)


class FineSweep:
    """Counts the fines of late loans.

    Loans of one due date and policy have the same fine, so it is counted once for all of them. An item's price can
    only lower it: prices are looked up for those whose fine would grow.
    """

    FIELDS = ("item_id", "id", "patron_id", "due", "fine", "library", "recalled_at", "renewals", *DUE_ENDS_WITH)

    def __init__(self, shell: Shell, book: CirculationBook) -> None:
        self.shell = shell
        self.book = book
        role = book.rules.control.fine
        self.here = role is LibraryRole.TRANSACTION
        """Whether the library of the loan says when a day is late, as it mostly does."""
        self.by_patron = role is LibraryRole.PATRON_HOME
        """Whether the library of the patron does, so that patrons are asked for."""
        self.shared: SharedByDue[int] = SharedByDue()
        self.priced: SharedByDue[int] = SharedByDue()

    def work(self, rows: Sequence[Any], now: Pass) -> int:
        """Charge what has grown since it was counted last."""
        late = []
        for item_id, loan_id, patron_id, due, name, library, recalled_at, period, *ends in rows:
            if name and not any(ends):
                terms = (name, library, recalled_at is not None)
                most = self.shared.get(now.at, due, terms, self.most) if self.here else MOST
                if most:
                    late.append((item_id, loan_id, patron_id, period, most))
        if not late:
            return 0
        counted = self.shell.storage.read([Get(kind_of(LoanFine), each[1]) for each in late])
        grown = [
            (item_id, loan_id, patron_id)
            for (item_id, loan_id, patron_id, period, most), found in zip(late, counted, strict=True)
            if most > so_far(period, found.record)
        ]
        return self.charge(grown, now.at)

    def most(self, at: datetime, due: datetime, terms: tuple[str, LibraryCode, bool]) -> int:
        """The fine by now, of an item that costs no less than it."""
        return self.by_price(at, due, (*terms, (None, None)))

    def charge(self, grown: Sequence[tuple[str, str, str]], at: datetime) -> int:
        """Charge loans whose fine has grown, where their items are worth more than was charged already."""
        reads, acts = Reads(self.shell.storage), 0
        if grown:
            reads.load(*[Get(kind_of(Loan), item_id) for item_id, _, _ in grown])
            reads.load(*[query for item_id, loan_id, who in grown for query in self.asked(loan_id, item_id, who)])
        for item_id, loan_id, _ in grown:
            loan = reads.get(Loan, item_id)
            if loan is None or loan.id != loan_id or not loan.awaited:
                continue
            if self.total(reads, loan, at) > so_far(loan.renewals, reads.get(LoanFine, loan_id)):
                acts += bool(self.shell.act(self.counting(loan), at=at))
        return acts

    def asked(self, loan_id: str, item_id: str, patron_id: str) -> list[Query]:
        """The records that a fine is counted from."""
        queries: list[Query] = [Get(kind_of(LoanFine), loan_id), Get(kind_of(Item), item_id)]
        return [*queries, Get(kind_of(Patron), patron_id)] if self.by_patron else queries

    def total(self, reads: Reads, loan: Loan, at: datetime) -> int:
        """The fine of a loan by now, in minor units."""
        item = reads.get(Item, loan.item_id)
        if loan.due is None or item is None:
            return 0
        patron = reads.get(Patron, loan.patron_id) if self.by_patron else None
        library = self.book.counting(Concern.FINE, loan.library, item, patron)
        prices = (item.price, self.book.default_prices.get(loan.item_type))
        terms = (loan.fine, library, loan.recalled_at is not None, prices)
        return self.priced.get(at, loan.due, terms, self.by_price)

    def by_price(self, at: datetime, due: datetime, terms: tuple[str, LibraryCode, bool, Prices]) -> int:
        """The fine by now of items of one price, under the hours of one library."""
        name, library, recalled, (price, default) = terms
        policy = self.book.fines.get(name)
        if policy is None:
            return 0
        calendar = self.book.calendar(library)
        counted = fine(policy, due=due, at=at, calendar=calendar, price=price, default_price=default, recalled=recalled)
        return counted.amount.amount

    def counting(self, seen: Loan) -> Errand:
        """The act that brings one loan's fine up to now."""

        def load(reads: Reads) -> tuple[Loan, AccountFacts, Reads] | Refuse:
            loan = reads.get(Loan, seen.item_id)
            if loan is None or loan.id != seen.id or not loan.awaited:
                return NOTHING
            standing, charges, *_ = reads.load(
                Get(kind_of(Standing), loan.patron_id),
                Find(kind_of(OpenCharge), "by_loan", (loan.id,)),
                *self.asked(loan.id, loan.item_id, loan.patron_id),
            )
            return loan, AccountFacts(standing, self.book.currency, tuple(charges)), reads

        return Errand(load, self.counted, lambda plan, facts, at, alerts: plan)

    def counted(self, facts: Any, at: datetime) -> Decision[AccountPlan]:
        """What is to be written so that the account has the fine as counted now."""
        loan, account, reads = facts
        now, fined = self.total(reads, loan, at), reads.get(LoanFine, loan.id)
        if loan.due is None or loan.due >= at or now <= so_far(loan.renewals, fined):
            return NOTHING
        owed = FineFacts(account, loan.id, loan.item_id, loan.renewals, fined)
        zone = self.book.calendar(loan.library).zone_info
        amount = evolve(self.book.fines[loan.fine].amount, amount=now)
        act = Act(at, BY, loan.library)
        return Permit(count_fine(owed, act, fine=amount, policy=self.book.accounts, zone=zone))


def so_far(period: int, fined: LoanFine | None) -> int:
    """What a loan was fined since its last renewal; `period` is how many it has had."""
    return fined.total if fined is not None and fined.period == period else 0


def reminders(shell: Shell, planner: NoticePlanner) -> Step:
    """Fees for reminders, each charged once, with the letter that goes with it."""
    sweep = ReminderSweep(shell, planner)
    return Step("reminders", Loan, "by_due", lambda at: at, sweep.work, fields=sweep.FIELDS)


class ReminderSweep:
    """Charges reminders and writes their letters. Loans of one due date and schedule have earned the same ones."""

    FIELDS = ("item_id", "id", "due", "reminders", "library", *DUE_ENDS_WITH)

    def __init__(self, shell: Shell, planner: NoticePlanner) -> None:
        self.shell = shell
        self.planner = planner
        self.book = planner.book
        self.shared: SharedByDue[tuple[tuple[EarnedReminder, ...], str]] = SharedByDue()

    def work(self, rows: Sequence[Any], now: Pass) -> int:
        """Send what was earned and not sent yet; what an earlier run has come to the end with is not asked again."""
        late = []
        for item_id, loan_id, due, name, library, *ends in rows:
            if name and not any(ends):
                earned, round = self.shared.get(now.at, due, (name, library), self.of_round)
                if earned and (now.first or earned[-1].earned > now.since):
                    late.append((item_id, loan_id, earned, round))
        if not late:
            return 0
        tracks = self.shell.storage.read([Get(kind_of(NoticeTrack), each[1]) for each in late])
        return sum(
            bool(self.shell.act(self.reminding(item_id, loan_id), at=now.at))
            for (item_id, loan_id, earned, round), found in zip(late, tracks, strict=True)
            if not_sent(earned, found.record, round)
        )

    def of_round(
        self, at: datetime, due: datetime, terms: tuple[str, LibraryCode]
    ) -> tuple[tuple[EarnedReminder, ...], str]:
        return self.by_schedule(at, due, terms), round_of(due)

    def by_schedule(self, at: datetime, due: datetime, terms: tuple[str, LibraryCode]) -> tuple[EarnedReminder, ...]:
        """The reminders that the schedule kept on a loan brings by now."""
        schedule = self.book.reminders.get(terms[0], ())
        return reminders_due(schedule, due=due, at=at, calendar=self.book.calendar(terms[1]))

    def earned(self, reads: Reads, loan: Loan, at: datetime) -> tuple[EarnedReminder, ...]:
        """Those of one loan that were not sent yet."""
        if loan.due is None or not loan.awaited:
            return ()
        found = self.by_schedule(at, loan.due, (loan.reminders, loan.library))
        return not_sent(found, reads.get(NoticeTrack, loan.id), round_of(loan.due))

    def reminding(self, item_id: str, loan_id: str) -> Errand:
        """The act that charges and writes for one loan."""

        def load(reads: Reads) -> tuple[Loan, AccountFacts, Reads] | Refuse:
            loan = reads.get(Loan, item_id)
            if loan is None or loan.id != loan_id:
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
            planned.append((PlannedNotice(notice, occasion, each.earned, send_at, policy), telling))
        return self.planner.entered(reads, planned, at)


def not_sent(earned: tuple[EarnedReminder, ...], track: NoticeTrack | None, round: str) -> tuple[EarnedReminder, ...]:
    """The reminders that a loan's track does not know for this due date."""
    if track is None:
        return earned
    known = {key.rpartition(":")[2] for key in track.told if key.startswith("reminder:") and round in key}
    return tuple([each for each in earned if str(each.number) not in known])
