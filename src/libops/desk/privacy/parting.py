"""Parting ended loans and holds from their patrons, in two steps.

What names the patron and what names the item are written in commits of their own: a store numbers its records by the
commit that wrote them, and one number in both would lead from one to the other. Between the two the loan still names
its patron, so that a run that was interrupted finds it again. The log is treated alike: the events of a loan are taken
out of it, and all it says of the loan from then on stands at its end, among those of all loans of a run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, TypeVar

from attrs import evolve, frozen

from libops.base.errors import Conflict
from libops.base.ids import HoldId, LoanId, PatronId
from libops.circulation.events import (
    ClaimSetBack,
    HoldForgotten,
    ItemLost,
    ItemSentInTransit,
    LoanForgotten,
    LossEnded,
    LostItemFound,
    ReturnClaimed,
)
from libops.circulation.model import ClosedHold, ClosedLoan, Closing, HoldEnding, LostItem, Transit
from libops.circulation.policy.privacy import PrivacyPolicy, forgotten_at
from libops.desk.fees.moved_debts import moved_lines, others_lines, owed_elsewhere
from libops.desk.privacy.company import Company
from libops.desk.privacy.forgetting import CHANCE, Telling, cards_of, forgotten
from libops.desk.privacy.item_retelling import item_retold
from libops.desk.privacy.retelling import (
    BY,
    Account,
    Retold,
    counted_meanwhile,
    fines_forgotten,
    lines_retold,
    suspensions_retold,
)
from libops.desk.reads import Reads
from libops.desk.shell import Shell
from libops.fees.model import AccountLine, Cause, LoanFine, OpenCharge, OpenCredit
from libops.items.model import Item
from libops.notices.model import NoticeTrack, OutboxEntry
from libops.patrons.events import HistoryForgotten
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.fold import fold
from libops.storage.kinds import key_of, kind_of
from libops.storage.port import Batch, Find, Get, Logged, Query, Rewrite, Write
from libops.storage.records import RecordType

__all__ = ["Parting", "Writes"]

HOLD_FEES = (Cause.HOLD, Cause.HOLD_NOT_COLLECTED)
COUNTING = (ReturnClaimed, ClaimSetBack, ItemLost, LossEnded, LostItemFound)
"""Events of loans that the patron's counters keep when the loan is over."""
ATTEMPTS = 4
T = TypeVar("T")
Writes = dict[tuple[RecordType[Any], str], Any]
"""Records to be written, None where one goes."""


@frozen
class Ended:
    """A loan or a hold that has ended, with what the log and the patron's account say of it."""

    record: Any
    entries: Sequence[Logged]
    filled: Sequence[ClosedHold]
    """For a loan: the holds that it ended."""
    own: frozenset[str]
    """The lines of the account that are about it, or were written in its acts."""


class Parting:
    """Takes loans and holds off their patrons."""

    def __init__(self, shell: Shell, policy: PrivacyPolicy, zone: tzinfo) -> None:
        self.shell = shell
        self.policy = policy
        self.zone = zone
        self.company = Company(shell.storage, self.stream)

    def telling(self, at: datetime) -> Telling:
        return Telling(at, self.zone)

    # --- the first step: the patron's side ----------------------------------------------------------------------------

    def parted(
        self,
        patron_id: str,
        loan_ids: Sequence[str],
        at: datetime,
        *,
        whatever_rules: bool = False,
        plain_only: bool = False,
    ) -> list[str]:
        """Part a patron's records from the loans whose time has come; returns these loans.

        With `plain_only` those that leave nothing with the patron: no fee, no suspension, no count.
        """

        def attempt() -> list[str]:
            reads = Reads(self.shell.storage)
            closed = [Get(kind_of(ClosedLoan), key) for key in loan_ids]
            account, patron, *loans = self.account(reads, patron_id, Get(kind_of(Patron), patron_id), *closed)
            open_now, telling = {charge.id for charge in account.charges}, self.telling(at)
            due = [
                ended
                for loan in loans
                if loan is not None
                and self.is_due(reads, loan, account, patron, at, whatever_rules)
                and not (ended := self.ended_loan(reads, loan, account)).own & open_now
                and (whatever_rules or not owed_elsewhere(self.shell.storage, account, ended.own))
            ]
            if not due:
                return []
            ids = [ended.record.id for ended in due]
            suspended = suspensions_retold(account, patron, ids, telling)
            told = self.retold(account, due, telling) + fines_forgotten(account, ids, telling) + suspended
            counts = any(isinstance(entry.event, COUNTING) for ended in due for entry in ended.entries)
            counts = counts or any(counted_meanwhile(account.stream, ended.entries) for ended in due)
            if plain_only and (told.events or counts):
                return []
            writes = self.touched(reads, account, due)
            late = [ended for ended in due if ended.own or suspended.rewrites]
            told += self.to_the_month(late, writes, telling)
            for loan_id in ids:
                for cls in (LoanFine, NoticeTrack):
                    if reads.get(cls, loan_id) is not None:
                        writes[(kind_of(cls), loan_id)] = None
            subjects = {*ids, *(hold.id for ended in due for hold in ended.filled)}
            self.forget_messages(reads, patron_id, subjects, writes)
            self.taken_over(account, at, due)
            self.write(reads, writes, told + self.recounted(reads, account, counts or bool(told.events), telling))
            return ids

        return self.tried(attempt, [])

    def parted_holds(
        self, patron_id: str, hold_ids: Sequence[str], at: datetime, *, whatever_rules: bool = False
    ) -> list[str]:
        """Part a patron's records from the ended holds whose time has come; returns these holds."""

        def attempt() -> list[str]:
            reads = Reads(self.shell.storage)
            closed = [Get(kind_of(ClosedHold), key) for key in hold_ids]
            account, patron, *holds = self.account(reads, patron_id, Get(kind_of(Patron), patron_id), *closed)
            open_now, telling = {charge.id for charge in account.charges}, self.telling(at)
            due: list[Ended] = []
            for hold in [hold for hold in holds if hold is not None]:
                ended = self.ended_hold(hold, account)
                fees = [line for line in account.lines if line.id in ended.own]
                over = self.is_over(hold, patron, fees, at) and not owed_elsewhere(
                    self.shell.storage, account, ended.own
                )
                if (whatever_rules or over) and not ended.own & open_now:
                    due.append(ended)
            ids = [ended.record.id for ended in due]
            if due:
                told = self.retold(account, due, telling)
                counts = any(counted_meanwhile(account.stream, ended.entries) for ended in due)
                writes = self.touched(reads, account, due)
                self.forget_messages(reads, patron_id, ids, writes)
                self.taken_over(account, at, due)
                self.write(reads, writes, told + self.recounted(reads, account, counts or bool(told.events), telling))
            return ids

        return self.tried(attempt, [])

    def account(self, reads: Reads, patron_id: str, *more: Query) -> list[Any]:
        """The patron's account, and the answers to these other queries."""
        finds = [Find(kind_of(cls), "by_patron", (patron_id,)) for cls in (AccountLine, OpenCharge, OpenCredit)]
        lines, charges, credits, *others = reads.load(*finds, *more)
        stream = self.stream(f"patron_id:{patron_id}")
        return [Account(PatronId(patron_id), stream, lines, charges, credits), *others]

    def taken_over(self, account: Account, at: datetime, due: Sequence[Ended] | None = None) -> None:
        """What other accounts say of debts that came from this one, or went to it, is told without this patron.

        All such debts, or those about what is `due` to be forgotten. A commit for each account, before anything is
        forgotten here: one that both have in common would tell it.
        """
        lines = moved_lines(account, None if due is None else set[str]().union(*(ended.own for ended in due)))
        for other in dict.fromkeys(line.other_patron for line in lines if line.other_patron):
            wanted = [line for line in lines if line.other_patron == other]
            self.tried(partial(self.told_of_nobody, other, wanted, at), None)

    def told_of_nobody(self, other: str, lines: Sequence[AccountLine], at: datetime) -> None:
        """The lines of one account that these of another know of."""
        reads, telling = Reads(self.shell.storage), self.telling(at)
        theirs = {one.id for line in lines for one in others_lines(reads, line)}
        (account,) = self.account(reads, other)
        told = lines_retold(account, theirs, telling)
        if told.events:
            writes = self.touched(reads, account, ())
            self.write(reads, writes, told + self.recounted(reads, account, True, telling))

    def ended_loan(self, reads: Reads, loan: ClosedLoan, account: Account) -> Ended:
        held = reads.find(ClosedHold, "by_patron", loan.patron_id)
        filled = [hold for hold in held if hold.item_id == loan.item_id]
        entries = self.stream(f"loan_id:{loan.id}")
        acts = {entry.event.at for entry in entries}
        own: set[str] = {line.id for line in account.lines if line.loan_id == loan.id or written_in(line, acts)}
        for hold in filled:
            own |= self.ended_hold(hold, account).own
        return Ended(loan, entries, filled, frozenset(own))

    def ended_hold(self, hold: ClosedHold, account: Account) -> Ended:
        entries = self.stream(f"hold_id:{hold.id}")
        acts = {entry.event.at for entry in entries}
        fees = [line for line in account.lines if line.cause in HOLD_FEES]
        own = {line.id for line in fees if hold.item_id is not None and line.item_id == hold.item_id}
        return Ended(hold, entries, (), frozenset(own | {line.id for line in fees if written_in(line, acts)}))

    def retold(self, account: Account, due: Iterable[Ended], telling: Telling) -> Retold:
        own: set[str] = set().union(*(ended.own for ended in due))
        return lines_retold(account, own, telling)

    def to_the_month(self, due: Iterable[Ended], writes: Writes, telling: Telling) -> Retold:
        """Loans that left something with their patron are told to the month from now on, in record and log alike."""
        rewrites: list[Rewrite] = []
        for ended in due:
            writes[(kind_of(ClosedLoan), ended.record.id)] = forgotten(ended.record, {}, cut=telling.month)
            rewrites += [Rewrite(place, forgotten(event, {}, cut=telling.month)) for place, event in ended.entries]
        return Retold(rewrites=tuple(rewrites))

    def touched(self, reads: Reads, account: Account, due: Sequence[Ended]) -> Writes:
        """The patron's records that lending or holding may have written last, to be written anew as they are."""
        who = account.patron_id
        found: list[Any] = [record for cls in (Standing, Patron) if (record := reads.get(cls, who)) is not None]
        acts = {entry.event.at for ended in due for entry in ended.entries}
        found += [line for line in account.lines if line.cause in HOLD_FEES or line.at in acts]
        found += account.credits
        return {(kind_of(type(record)), key_of(record)): record for record in found}

    def recounted(self, reads: Reads, account: Account, changed: bool, telling: Telling) -> Retold:
        """The patron's counters as they are, where the events that are left will not give them again.

        How they were before is told no more: it says what kinds of items were out on which day.
        """
        standing = reads.get(Standing, account.patron_id)
        if standing is None or not changed:
            return Retold()
        before = [entry for entry in account.stream if isinstance(entry.event, HistoryForgotten)]
        now = HistoryForgotten(telling.at, BY, standing.patron_id, standing)
        return Retold((now,), tuple(map(telling.gap, before)))

    def is_over(self, hold: ClosedHold, patron: Patron | None, fees: Sequence[AccountLine], at: datetime) -> bool:
        """Whether the time of a hold that was never filled is over."""
        if patron is None or hold.ending is HoldEnding.FILLED:
            return False
        last = max((line.at for line in fees), default=None)
        due = forgotten_at(self.policy, patron.history, returned=hold.closed_at, last_fee=last)
        return due is not None and due <= at

    def is_due(
        self,
        reads: Reads,
        loan: ClosedLoan,
        account: Account,
        patron: Patron | None,
        at: datetime,
        whatever_rules: bool,
    ) -> bool:
        if any(charge.loan_id == loan.id for charge in account.charges):
            return False
        if patron is not None and not whatever_rules:
            last = max((line.at for line in account.lines if line.loan_id == loan.id), default=None)
            due = forgotten_at(self.policy, patron.history, returned=loan.closed_at, last_fee=last)
            if due is None or due > at:
                return False
        lost = reads.get(LostItem, loan.item_id)
        return lost is None or lost.loan_id != loan.id

    def forget_messages(self, reads: Reads, patron_id: str, subjects: Collection[str], writes: Writes) -> None:
        """Messages that were not sent, without what they tell of these loans or holds; of others they still tell."""
        for entry in reads.find(OutboxEntry, "by_patron", patron_id):
            left = tuple(occasion for occasion in entry.occasions if occasion.subject not in subjects)
            if len(left) < len(entry.occasions):
                writes[(kind_of(OutboxEntry), entry.key)] = None
            if left and len(left) < len(entry.occasions):
                key = left[0].key
                reads.get(OutboxEntry, key)
                message = evolve(entry.message, key=key, subject="", body="")
                writes[(kind_of(OutboxEntry), key)] = evolve(entry, key=key, message=message, occasions=left)

    # --- the second step: the item's side -----------------------------------------------------------------------------

    def unnamed(self, loan_ids: Sequence[str], at: datetime) -> int:
        """Give loans another name and no patron, in no order that would tell whose they were; returns how many."""

        def attempt() -> int:
            reads = Reads(self.shell.storage)
            loans = [loan for key in loan_ids if (loan := reads.get(ClosedLoan, key)) is not None and loan.patron_id]
            CHANCE.shuffle(loans)
            known = {loan.patron_id: self.names_of(loan.patron_id) for loan in loans}
            told, seen, telling, writes = Retold(), set[str](), self.telling(at), Writes()
            for loan in loans:
                entries, name = self.stream(f"loan_id:{loan.id}"), LoanId(telling.name())
                anonymous = evolve(forgotten(loan, known[loan.patron_id], cut=telling.day), id=name, patron_id=None)
                event, gone = LoanForgotten(telling.at, BY, name, anonymous), ((ClosedLoan, loan.id),)
                told += Retold((event,), tuple(map(telling.gap, entries)), gone)
                if loan.closing is not Closing.CHECKED_IN:
                    item, in_the_log = item_retold(reads, anonymous, entries)
                    told += in_the_log
                    if item is not None:
                        writes[(kind_of(Item), item.id)] = item
                for hold in reads.find(ClosedHold, "by_patron", loan.patron_id):
                    if hold.item_id == loan.item_id and hold.id not in seen:
                        seen.add(hold.id)
                        told += self.unnamed_hold(hold, known[loan.patron_id], telling)
            if loans:
                self.write_in_company(reads, writes, told, telling)
            return len(loans)

        return self.tried(attempt, 0)

    def unnamed_holds(self, hold_ids: Sequence[str], at: datetime) -> int:
        """Take the patrons off ended holds, and off transits that these were called off from; returns how many."""

        def attempt() -> int:
            reads = Reads(self.shell.storage)
            holds = [hold for key in hold_ids if (hold := reads.get(ClosedHold, key)) is not None and hold.patron_id]
            CHANCE.shuffle(holds)
            known = {hold.patron_id: self.names_of(hold.patron_id) for hold in holds}
            told, telling = Retold(), self.telling(at)
            for hold in holds:
                told += self.unnamed_hold(hold, known[hold.patron_id], telling)
                transit = None if hold.item_id is None else reads.get(Transit, hold.item_id)
                if transit is not None and transit.hold_id == hold.id:  # called off while the item was on its way
                    plain = evolve(forgotten(transit, {}, cut=telling.day), hold_id=None)
                    told += Retold((ItemSentInTransit(telling.at, BY, plain.item_id, plain),))
            if holds:
                self.write_in_company(reads, {}, told, telling)
            return len(holds)

        return self.tried(attempt, 0)

    def unnamed_hold(self, hold: ClosedHold, names: Mapping[str, str], telling: Telling) -> Retold:
        """A hold under another name: the first one tells the millisecond it was placed in."""
        entries, name = self.stream(f"hold_id:{hold.id}"), HoldId(telling.name())
        anonymous = evolve(forgotten(hold, names, cut=telling.day), id=name, patron_id=None)
        told = HoldForgotten(telling.at, BY, name, anonymous)
        return Retold((told,), tuple(map(telling.gap, entries)), ((ClosedHold, hold.id),))

    def names_of(self, patron_id: str | None) -> dict[str, str]:
        """What a patron is named by in loans and holds, also by earlier cards, with nothing in its place."""
        events = [logged.event for logged in self.stream(f"patron_id:{patron_id}")]
        return dict.fromkeys((patron_id or "", *sorted(cards_of(events))), "")

    # --- both ---------------------------------------------------------------------------------------------------------

    def tried(self, attempt: Callable[[], T], otherwise: T) -> T:
        """An attempt that begins anew where another desk was faster; what is left so is found by the next run."""
        for _ in range(ATTEMPTS):
            try:
                return attempt()
            except Conflict:
                continue
        return otherwise

    def stream(self, name: str) -> list[Logged]:
        found: list[Logged] = []
        position = 0
        while True:
            entries, position = self.shell.storage.events(position, 500, name)
            found += entries
            if len(entries) < 500:
                return found

    def write_in_company(self, reads: Reads, writes: Writes, told: Retold, telling: Telling) -> None:
        """Commit what names no patron any more, beside others that did not before where these are few."""
        together = self.company.joined(told, reads, telling)
        self.write(reads, writes, together)
        self.company.committed(together)

    def write(self, reads: Reads, writes: Writes, told: Retold) -> None:
        """Commit what is told anew, and these records beside it."""
        changed = {**writes, **dict.fromkeys([(kind_of(cls), key) for cls, key in told.dropped])}
        for place, record in fold((*told.events, *(moved.event for moved in told.moved)), reads).items():
            changed[place] = record
        rows = tuple(Write(kind, key, record, reads.version(kind.cls, key)) for (kind, key), record in changed.items())
        rewrites = (*told.rewrites, *told.moved)
        self.shell.storage.apply(Batch(reads.guards(changed), rows, told.events, rewrites, reads.as_of))


def written_in(line: AccountLine, acts: Collection[datetime]) -> bool:
    """Whether a line about no loan was written in one of these acts: of another loan's it is told with that loan."""
    return line.loan_id is None and line.at in acts
