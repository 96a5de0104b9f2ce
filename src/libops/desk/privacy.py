"""The privacy desk: loan history forgotten as the library's rules say, export and erasure of a person."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from random import SystemRandom
from typing import Any, TypeVar

from attrs import evolve

from libops.base.decisions import Decision, Override, Refuse
from libops.base.errors import Conflict
from libops.base.events import Event
from libops.base.ids import LoanId
from libops.bookings.model import Booking, Certification, Job, WaitingEntry
from libops.circulation.events import ClaimSetBack, ItemCheckedIn, ItemLost, LostItemFound, ReturnClaimed
from libops.circulation.model import ClosedHold, ClosedLoan, HoldEnding, LostItem, Transit
from libops.circulation.policy.privacy import PrivacyPolicy, forgotten_at
from libops.desk.arguments import checks_arguments
from libops.desk.forgetting import (
    account_event,
    account_line,
    cards_of,
    erased_event,
    forgotten,
    forgotten_event,
    hold_fee_event,
)
from libops.desk.patrons import PatronDesk
from libops.desk.reads import Reads
from libops.desk.shell import Shell
from libops.equipment.model import Ticket
from libops.fees.model import AccountLine, Cause, LoanFine, OpenCharge, OpenCredit
from libops.notices.model import NoticeTrack, OutboxEntry
from libops.patrons.events import HistoryForgotten
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.fold import fold
from libops.storage.kinds import all_kinds, key_of, kind_of
from libops.storage.port import Batch, Find, Logged, Rewrite, Write
from libops.storage.records import RecordType

__all__ = ["PrivacyDesk"]

BY = "run-due"
HOLD_FEES = (Cause.HOLD, Cause.HOLD_NOT_COLLECTED)
COUNTING = (ReturnClaimed, ClaimSetBack, ItemLost, LostItemFound)
"""Events of loans that the patron's counters keep when the loan is over."""
REACHED: Mapping[type[Any], str] = {
    Booking: "booking_id",
    WaitingEntry: "entry_id",
    Job: "job_id",
    Ticket: "ticket_id",
    Certification: "",
}
"""What else a patron may have done, with what its events are about; certifications are told with the patron."""
ATTEMPTS = 4
CHANCE = SystemRandom()
T = TypeVar("T")


@checks_arguments()
class PrivacyDesk:
    """What is known about people, and how long."""

    def __init__(self, shell: Shell, policy: PrivacyPolicy, patrons: PatronDesk) -> None:
        self.shell = shell
        self.policy = policy
        self.patrons = patrons

    # --- forgetting -------------------------------------------------------------------------------------------------

    def forget_due(self, loans: Sequence[ClosedLoan], at: datetime) -> int:
        """Forget those of the loans whose time has come; returns how many."""
        due: list[str] = []
        for patron_id, group in groupby(loans, key=lambda loan: loan.patron_id):
            if patron_id is not None:
                due += self.parted(patron_id, [loan.id for loan in group], at)
        return self.unnamed(due)

    def forget_holds_due(self, holds: Sequence[ClosedHold], at: datetime) -> int:
        """Forget those of the holds that were cancelled or never filled whose time has come; returns how many.

        A hold that was filled goes with its loan.
        """
        due: list[str] = []
        for patron_id, group in groupby(holds, key=lambda hold: hold.patron_id):
            if patron_id is not None:
                due += self.parted_holds(patron_id, [hold.id for hold in group], at)
        return self.unnamed_holds(due)

    def upon(self, events: Iterable[Event]) -> None:
        """Where the library keeps no history at all, a return is forgotten as soon as it is committed."""
        for event in events:
            if isinstance(event, ItemCheckedIn) and event.patron_id:
                self.forget(event.patron_id, [event.loan_id], event.at)

    def forget(self, patron_id: str, loan_ids: Sequence[str], at: datetime, *, whatever_rules: bool = False) -> int:
        """Take closed loans off a patron, in records, events, notices and the account; returns how many.

        Loans with an open fee, and of items still lost, are left, and so are those whose time has not come, unless
        `whatever_rules` say.
        """
        return self.unnamed(self.parted(patron_id, loan_ids, at, whatever_rules=whatever_rules))

    def forget_unfilled(
        self, patron_id: str, hold_ids: Sequence[str], at: datetime, *, whatever_rules: bool = False
    ) -> int:
        """Take ended holds off a patron, with the fees for not collecting them; returns how many."""
        return self.unnamed_holds(self.parted_holds(patron_id, hold_ids, at, whatever_rules=whatever_rules))

    # What names the patron and what names the item are written in commits of their own: a store numbers its records by
    # the commit that wrote them, and one number in both would lead from one to the other. Between the two the loan
    # still names its patron, so that a run that was interrupted finds it again.

    def parted(
        self, patron_id: str, loan_ids: Sequence[str], at: datetime, *, whatever_rules: bool = False
    ) -> list[str]:
        """Part a patron's records from the loans whose time has come; returns these loans."""

        def attempt() -> list[str]:
            reads = Reads(self.shell.storage)
            patron = reads.get(Patron, patron_id)
            loans = [loan for key in loan_ids if (loan := reads.get(ClosedLoan, key)) is not None]
            due = {loan.id for loan in loans if self.is_due(reads, loan, patron, at, whatever_rules)}
            if not due:
                return []
            events = [event for loan_id in due for _, event in self.stream(f"loan_id:{loan_id}")]
            writes = self.touched(reads, patron_id, {event.at for event in events})
            for loan_id in due:
                for line in reads.find(AccountLine, "by_loan", loan_id):
                    writes[(kind_of(AccountLine), line.id)] = account_line(line)
                for cls in (LoanFine, NoticeTrack):
                    if reads.get(cls, loan_id) is not None:
                        writes[(kind_of(cls), loan_id)] = None
            items = {loan.item_id for loan in loans if loan.id in due}
            filled = [hold.id for hold in reads.find(ClosedHold, "by_patron", patron_id) if hold.item_id in items]
            self.forget_messages(reads, patron_id, {*due, *filled}, writes)
            recounted = self.recounted(reads, patron_id, events, at)
            writes |= fold(recounted, reads)
            self.write(reads, writes, recounted, self.account_events(patron_id, due))
            return sorted(due)

        return self.tried(attempt, [])

    def unnamed(self, loan_ids: Sequence[str]) -> int:
        """Give loans another name and no patron, in no order that would tell whose they were; returns how many."""

        def attempt() -> int:
            reads = Reads(self.shell.storage)
            loans = [loan for key in loan_ids if (loan := reads.get(ClosedLoan, key)) is not None and loan.patron_id]
            CHANCE.shuffle(loans)
            known = {patron_id: self.names_of(patron_id) for patron_id in {loan.patron_id for loan in loans}}
            writes: dict[tuple[RecordType[Any], str], Any] = {}
            rewrites: list[Rewrite] = []
            for loan in loans:
                names: Mapping[str, str] = {**known[loan.patron_id], loan.id: self.shell.ids()}
                anonymous = evolve(forgotten(loan, names), patron_id=None)
                reads.get(ClosedLoan, anonymous.id)
                writes[(kind_of(ClosedLoan), loan.id)] = None
                writes[(kind_of(ClosedLoan), anonymous.id)] = anonymous
                rewrites += self.rewritten(f"loan_id:{loan.id}", names)
                for hold in reads.find(ClosedHold, "by_patron", loan.patron_id):
                    if hold.item_id == loan.item_id and (kind_of(ClosedHold), hold.id) not in writes:
                        rewrites += self.unnamed_hold(reads, hold, names, writes)
            if loans:
                self.write(reads, writes, (), rewrites)
            return len(loans)

        return self.tried(attempt, 0)

    def parted_holds(
        self, patron_id: str, hold_ids: Sequence[str], at: datetime, *, whatever_rules: bool = False
    ) -> list[str]:
        """Part a patron's records from the ended holds whose time has come; returns these holds."""

        def attempt() -> list[str]:
            reads = Reads(self.shell.storage)
            patron = reads.get(Patron, patron_id)
            found = [hold for key in hold_ids if (hold := reads.get(ClosedHold, key)) is not None]
            fees = [line for line in reads.find(AccountLine, "by_patron", patron_id) if line.cause in HOLD_FEES]
            open_fees = {charge.id for charge in reads.find(OpenCharge, "by_patron", patron_id)}
            due: list[str] = []
            lines: set[str] = set()
            for hold in found:
                own = [line for line in fees if line.item_id is not None and line.item_id == hold.item_id]
                over = whatever_rules or self.is_over(hold, patron, own, at)
                if over and not any(line.id in open_fees for line in own):
                    due.append(hold.id)
                    lines |= {line.id for line in own}
            if due:
                writes = self.touched(reads, patron_id)
                writes |= {(kind_of(AccountLine), line.id): account_line(line) for line in fees if line.id in lines}
                self.forget_messages(reads, patron_id, due, writes)
                stream = self.stream(f"patron_id:{patron_id}") if lines else []
                changed = [(place, event, hold_fee_event(event, lines)) for place, event in stream]
                self.write(reads, writes, (), [Rewrite(place, new) for place, old, new in changed if new is not old])
            return due

        return self.tried(attempt, [])

    def unnamed_holds(self, hold_ids: Sequence[str]) -> int:
        """Take the patrons off ended holds, and off transits that these were called off from; returns how many."""

        def attempt() -> int:
            reads = Reads(self.shell.storage)
            holds = [hold for key in hold_ids if (hold := reads.get(ClosedHold, key)) is not None and hold.patron_id]
            writes: dict[tuple[RecordType[Any], str], Any] = {}
            rewrites: list[Rewrite] = []
            known = {patron_id: self.names_of(patron_id) for patron_id in {hold.patron_id for hold in holds}}
            for hold in holds:
                names = known[hold.patron_id]
                rewrites += self.unnamed_hold(reads, hold, names, writes)
                transit = None if hold.item_id is None else reads.get(Transit, hold.item_id)
                if transit is not None and transit.hold_id == hold.id:  # called off while the item was on its way
                    writes[(kind_of(Transit), transit.item_id)] = forgotten(transit, names)
            if holds:
                self.write(reads, writes, (), rewrites)
            return len(holds)

        return self.tried(attempt, 0)

    def unnamed_hold(
        self, reads: Reads, hold: ClosedHold, names: Mapping[str, str], writes: dict[Any, Any]
    ) -> list[Rewrite]:
        writes[(kind_of(ClosedHold), hold.id)] = evolve(forgotten(hold, names), patron_id=None)
        return self.rewritten(f"hold_id:{hold.id}", names)

    def tried(self, attempt: Callable[[], T], otherwise: T) -> T:
        """An attempt that begins anew where another desk was faster; what is left so is found by the next run."""
        for _ in range(ATTEMPTS):
            try:
                return attempt()
            except Conflict:
                continue
        return otherwise

    def names_of(self, patron_id: str | None) -> dict[str, str]:
        """What a patron is named by in loans and holds, also by earlier cards, with nothing in its place."""
        events = [logged.event for logged in self.stream(f"patron_id:{patron_id}")]
        return dict.fromkeys((patron_id or "", *sorted(cards_of(events))), "")

    def touched(
        self, reads: Reads, patron_id: str, acts: Container[datetime] = ()
    ) -> dict[tuple[RecordType[Any], str], Any]:
        """The patron's records that lending or holding may have written last, to be written anew as they are.

        Of the account what was written in acts at these times, and the fees of holds.
        """
        found: list[Any] = [record for cls in (Standing, Patron) if (record := reads.get(cls, patron_id)) is not None]
        lines = reads.find(AccountLine, "by_patron", patron_id)
        found += [line for line in lines if line.cause in HOLD_FEES or line.at in acts]
        found += reads.find(OpenCredit, "by_patron", patron_id)
        return {(kind_of(type(record)), key_of(record)): record for record in found}

    def recounted(self, reads: Reads, patron_id: str, events: Iterable[Event], at: datetime) -> tuple[Event, ...]:
        """The patron's counters as they are, where loans leave a count behind that their events will not give again."""
        standing = reads.get(Standing, patron_id)
        if standing is None or not any(isinstance(event, COUNTING) for event in events):
            return ()
        return (HistoryForgotten(at, BY, standing.patron_id, standing),)

    def is_over(self, hold: ClosedHold, patron: Patron | None, fees: Sequence[AccountLine], at: datetime) -> bool:
        """Whether the time of a hold that was never filled is over."""
        if patron is None or hold.ending is HoldEnding.FILLED:
            return False
        last = max((line.at for line in fees), default=None)
        due = forgotten_at(self.policy, patron.history, returned=hold.closed_at, last_fee=last)
        return due is not None and due <= at

    def is_due(self, reads: Reads, loan: ClosedLoan, patron: Patron | None, at: datetime, whatever_rules: bool) -> bool:
        lost = reads.get(LostItem, loan.item_id)
        if reads.find(OpenCharge, "by_loan", loan.id) or (lost is not None and lost.loan_id == loan.id):
            return False
        if patron is None or whatever_rules:
            return True
        fees = reads.find(AccountLine, "by_loan", loan.id)
        last = max((line.at for line in fees), default=None)
        due = forgotten_at(self.policy, patron.history, returned=loan.closed_at, last_fee=last)
        return due is not None and due <= at

    def forget_messages(self, reads: Reads, patron_id: str, subjects: Container[str], writes: dict[Any, Any]) -> None:
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

    def rewritten(self, stream: str, names: Mapping[str, str]) -> list[Rewrite]:
        return [Rewrite(place, forgotten_event(event, names)) for place, event in self.stream(stream)]

    def account_events(self, patron_id: str, loans: set[Any]) -> list[Rewrite]:
        rewrites = []
        for place, event in self.stream(f"patron_id:{patron_id}"):
            after = event
            for loan_id in loans:
                after = account_event(after, loan_id)
            if after is not event:
                rewrites.append(Rewrite(place, after))
        return rewrites

    def stream(self, name: str) -> list[Logged]:
        found: list[Logged] = []
        position = 0
        while True:
            entries, position = self.shell.storage.events(position, 500, name)
            found += entries
            if len(entries) < 500:
                return found

    def write(
        self, reads: Reads, writes: dict[Any, Any], events: tuple[Event, ...], rewrites: Sequence[Rewrite]
    ) -> None:
        rows = tuple(Write(kind, key, record, reads.version(kind.cls, key)) for (kind, key), record in writes.items())
        self.shell.storage.apply(Batch(reads.guards(writes), rows, events, tuple(rewrites), reads.as_of))

    # --- a person's own data ------------------------------------------------------------------------------------------

    def export(self, patron: str) -> dict[str, Any]:
        """Everything that is kept about a person, as plain JSON types: records by kind, and events.

        Raises `NotFound` for an unknown card.
        """
        import json

        from libops.wire.events import event_to_text
        from libops.wire.json import converter

        who = self.patrons.get(patron)
        found: dict[str, Any] = {"patron": [converter().unstructure(who)]}
        for kind in all_kinds():
            if kind.name == "standing":
                found["standing"] = [converter().unstructure(self.patrons.standing(who.id))]
            elif any(index.name == "by_patron" for index in kind.indexes):
                rows = self.shell.storage.read([Find(kind, "by_patron", (who.id,))])[0]
                found[kind.name] = [converter().unstructure(row.record) for row in rows]
        found["events"] = [
            {"event": type(event).__name__, **json.loads(event_to_text(event))}
            for _, event in self.stream(f"patron_id:{who.id}")
        ]
        return found

    def erase(self, patron: str, *, by: str = "desk", override: Override | None = None) -> Decision[Patron]:
        """Forget a person: all ended loans, then the record, then whatever the log says of who it was.

        Refused as a removal is: while anything is out, on hold or owed; then nothing is forgotten. The account's
        amounts stay, for the books, under an identifier that leads to nobody.
        """
        who, at = self.patrons.get(patron), self.shell.clock()
        foreseen = self.patrons.removing(who.id, by, override)(Reads(self.shell.storage), at)
        if isinstance(foreseen, Refuse):
            return self.shell.in_words(foreseen)
        loans = [loan.id for loan in Reads(self.shell.storage).find(ClosedLoan, "by_patron", who.id)]
        self.forget(who.id, [LoanId(key) for key in loans], at, whatever_rules=True)
        holds = [hold.id for hold in Reads(self.shell.storage).find(ClosedHold, "by_patron", who.id)]
        self.forget_unfilled(who.id, holds, at, whatever_rules=True)
        answer = self.patrons.remove(who.id, by=by, override=override)
        if isinstance(answer, Refuse):
            return answer
        self.erase_traces(who)
        return answer

    def erase_traces(self, who: Patron) -> None:
        """The messages, the account's notes, and the events of somebody whose record is gone."""
        reads = Reads(self.shell.storage)
        writes: dict[tuple[RecordType[Any], str], Any] = {}
        for entry in reads.find(OutboxEntry, "by_patron", who.id):
            writes[(kind_of(OutboxEntry), entry.key)] = None
        stream = self.stream(f"patron_id:{who.id}")
        cards = dict.fromkeys(cards_of([logged.event for logged in stream]), "")
        for line in reads.find(AccountLine, "by_patron", who.id):
            plain = forgotten(line, cards, to_the_day=False)
            writes[(kind_of(AccountLine), line.id)] = evolve(plain, note="", payer="")
        for credit in reads.find(OpenCredit, "by_patron", who.id):
            writes[(kind_of(OpenCredit), credit.id)] = evolve(credit, payer="")
        for subject in (who.id, *(held.key for held in reads.find(Certification, "by_patron", who.id))):
            if reads.get(NoticeTrack, subject) is not None:
                writes[(kind_of(NoticeTrack), subject)] = None
        told = list(stream)
        for cls, named in REACHED.items():
            for record in reads.find(cls, "by_patron", who.id):
                key = key_of(record)
                writes[(kind_of(cls), key)] = forgotten(record, cards, to_the_day=False)
                told += self.stream(f"{named}:{key}") if named else []
        plain_events = [(place, forgotten(event, cards, to_the_day=False)) for place, event in told]
        self.write(reads, writes, (), [Rewrite(place, erased_event(event)) for place, event in plain_events])
