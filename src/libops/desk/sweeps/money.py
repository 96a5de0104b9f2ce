"""Fines as they grow, and reminders that cost a fee."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import evolve, frozen

from libops.base.decisions import Decision, Permit, Refuse
from libops.catalog.model import BibRecord
from libops.circulation.decide.facts import case_of
from libops.circulation.model import Loan
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
    book = planner.book

    def total(loan: Loan, item: Item | None, at: datetime) -> int:
        policy = book.fines.get(loan.fine)
        if policy is None or loan.due is None or item is None:
            return 0
        calendar = book.calendar(loan.library)
        default = book.default_prices.get(loan.item_type)
        recalled = loan.recalled_at is not None
        return fine(
            policy,
            due=loan.due,
            at=at,
            calendar=calendar,
            price=item.price,
            default_price=default,
            recalled=recalled,
        ).amount.amount

    def so_far(loan: Loan, fined: LoanFine | None) -> int:
        return fined.total if fined is not None and fined.period == loan.renewals else 0

    def work(loans: Sequence[Any], now: Pass) -> int:
        late = [loan for loan in loans if loan.fine and not stopped(loan)]
        reads = Reads(shell.storage)
        gets = [Get(kind_of(LoanFine), loan.id) for loan in late] + [Get(kind_of(Item), loan.item_id) for loan in late]
        reads.load(*gets)
        acts = 0
        for loan in late:
            fined, item = reads.get(LoanFine, loan.id), reads.get(Item, loan.item_id)
            if total(loan, item, now.at) > so_far(loan, fined):
                acts += bool(shell.act(counting(loan), at=now.at))
        return acts

    def counting(seen: Loan) -> Errand:
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
            return loan, item, AccountFacts(standing, book.currency, tuple(charges)), fined

        def decide(facts: Any, at: datetime) -> Decision[AccountPlan]:
            loan, item, account, fined = facts
            now = total(loan, item, at)
            if loan.due is None or loan.due >= at or now <= so_far(loan, fined):
                return NOTHING
            owed = FineFacts(account, loan.id, loan.item_id, loan.renewals, fined)
            policy = book.fines[loan.fine]
            zone = book.calendar(loan.library).zone_info
            amount = evolve(policy.amount, amount=now)
            return Permit(count_fine(owed, Act(at, BY, loan.library), fine=amount, policy=book.accounts, zone=zone))

        return Errand(load, decide, lambda plan, facts, at, alerts: plan)

    return Step("fines", Loan, "by_due", lambda at: at, work)


@frozen(eq=False)
class Reminding:
    """A loan with what its reminders need to know."""

    loan: Loan
    account: AccountFacts
    earned: tuple[EarnedReminder, ...]
    reads: Reads


def reminders(shell: Shell, planner: NoticePlanner) -> Step:
    """Reminders that a loan has earned: their fee is charged once, and their notice goes out."""
    book = planner.book

    def earned(reads: Reads, loan: Loan, at: datetime) -> tuple[EarnedReminder, ...]:
        """Those that were not sent yet."""
        patron, item = reads.get(Patron, loan.patron_id), reads.get(Item, loan.item_id)
        bib = reads.get(BibRecord, loan.bib_id)
        if loan.due is None or patron is None or item is None or bib is None or stopped(loan):
            return ()
        calendar = book.calendar(loan.library)
        schedule = book.terms(case_of(loan.library, patron, item, bib, calendar.service_day(at))).reminders
        if not schedule:
            return ()
        track = reads.get(NoticeTrack, loan.id)
        known = () if track is None else track.told
        found = reminders_due(schedule, due=loan.due, at=at, calendar=calendar)
        return tuple(each for each in found if not any(sent(key, loan, each) for key in known))

    def work(loans: Sequence[Any], now: Pass) -> int:
        if not book.reminders:
            return 0
        reads = Reads(shell.storage)
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
        return sum(bool(shell.act(reminding(loan), at=now.at)) for loan in loans if earned(reads, loan, now.at))

    def reminding(seen: Loan) -> Errand:
        def load(reads: Reads) -> tuple[Loan, AccountFacts, Reads] | Refuse:
            loan = reads.get(Loan, seen.item_id)
            if loan is None or loan.id != seen.id:
                return NOTHING
            standing, lines = reads.load(
                Get(kind_of(Standing), loan.patron_id), Find(kind_of(AccountLine), "by_loan", (loan.id,))
            )
            return loan, AccountFacts(standing, book.currency, lines=tuple(lines)), reads

        def decide(facts: Any, at: datetime) -> Decision[tuple[Any, ...]]:
            loan, account, reads = facts
            found = earned(reads, loan, at)
            if not found:
                return NOTHING
            plan = charge_reminders(
                account,
                Act(at, BY, loan.library),
                loan_id=loan.id,
                item_id=loan.item_id,
                earned=found,
                period=loan.renewals,
            )
            return Permit(plan.events)

        def beside(plan: Any, facts: Any, at: datetime) -> list[Any]:
            loan, _, reads = facts
            telling = planner.telling(reads, loan, Trigger.REMINDER)
            if telling is None:
                return []
            policy = planner.policy_for(reads, loan, at) or NoticePolicy()
            calendar = book.calendar(loan.library)
            planned = []
            for each in earned(reads, loan, at):
                notice = Notice(
                    template=each.notice or "reminder", trigger=Trigger.REMINDER, digest=Digest.DAY, required=True
                )
                fee = each.fee if each.fee.amount else None
                key = "reminder:" + key_of(notice, telling, each.number)
                occasion = evolve(telling.occasion, key=key, fee=fee)
                moment = max(each.earned, at)
                send_at = send_time(policy, notice, moment, calendar)
                planned.append((PlannedNotice(notice, occasion, each.earned, send_at), telling))
            return planner.entered(reads, planned, at)

        return Errand(load, decide, lambda plan, facts, at, alerts: plan, beside)

    return Step("reminders", Loan, "by_due", lambda at: at, work)


def sent(key: str, loan: Loan, reminder: EarnedReminder) -> bool:
    """Whether a key of the loan's track is this reminder, for this due date."""
    head, _, number = key.rpartition(":")
    return (
        key.startswith("reminder:") and number == str(reminder.number) and head.endswith(f":{loan.due:%Y%m%dT%H%M%S}")
    )
