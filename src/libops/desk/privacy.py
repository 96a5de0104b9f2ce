"""The privacy desk: loan history forgotten as the library's rules say, export and erasure of a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from attrs import evolve

from libops.base.decisions import Decision, Override, Refuse
from libops.base.errors import Conflict
from libops.base.events import Event
from libops.base.ids import LoanId
from libops.bookings.model import Certification
from libops.circulation.events import ItemCheckedIn
from libops.circulation.model import ClosedHold, ClosedLoan, HoldEnding, LostItem, Transit
from libops.circulation.policy.privacy import PrivacyPolicy, forgotten_at
from libops.desk.arguments import checks_arguments
from libops.desk.forgetting import (
    account_event,
    account_line,
    erased_event,
    forgotten,
    forgotten_event,
    hold_fee_event,
)
from libops.desk.patrons import PatronDesk
from libops.desk.reads import Reads
from libops.desk.shell import Shell
from libops.fees.model import AccountLine, Cause, LoanFine, OpenCharge, OpenCredit
from libops.notices.model import NoticeTrack, OutboxEntry
from libops.patrons.events import HistoryForgotten
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.fold import fold
from libops.storage.kinds import all_kinds, kind_of
from libops.storage.port import Batch, Find, Logged, Rewrite, Write
from libops.storage.records import RecordType

__all__ = ["PrivacyDesk"]

BY = "run-due"
HOLD_FEES = (Cause.HOLD, Cause.HOLD_NOT_COLLECTED)
ATTEMPTS = 4


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
        forgotten = 0
        for patron_id, group in groupby(loans, key=lambda loan: loan.patron_id):
            if patron_id is not None:
                forgotten += self.forget(patron_id, [loan.id for loan in group], at)
        return forgotten

    def forget_holds_due(self, holds: Sequence[ClosedHold], at: datetime) -> int:
        """Forget those of the holds that were cancelled or never filled whose time has come; returns how many.

        A hold that was filled goes with its loan.
        """
        count = 0
        for patron_id, group in groupby(holds, key=lambda hold: hold.patron_id):
            if patron_id is not None:
                count += self.forget_unfilled(patron_id, [hold.id for hold in group], at)
        return count

    def forget_unfilled(
        self, patron_id: str, hold_ids: Sequence[str], at: datetime, *, whatever_rules: bool = False
    ) -> int:
        """Take ended holds off a patron, with the fees for not collecting them; returns how many."""
        for _ in range(ATTEMPTS):
            try:
                return self.attempt_holds(patron_id, hold_ids, at, whatever_rules)
            except Conflict:
                continue
        return 0

    def attempt_holds(self, patron_id: str, hold_ids: Sequence[str], at: datetime, whatever_rules: bool) -> int:
        reads = Reads(self.shell.storage)
        patron = reads.get(Patron, patron_id)
        found = [hold for key in hold_ids if (hold := reads.get(ClosedHold, key)) is not None]
        fees = [line for line in reads.find(AccountLine, "by_patron", patron_id) if line.cause in HOLD_FEES]
        open_fees = {charge.id for charge in reads.find(OpenCharge, "by_patron", patron_id)}
        names = {patron_id: ""} | ({patron.card: ""} if patron is not None and patron.card else {})
        writes: dict[tuple[RecordType[Any], str], Any] = {}
        rewrites: list[Rewrite] = []
        lines: set[str] = set()
        for hold in found:
            own = [line for line in fees if line.item_id is not None and line.item_id == hold.item_id]
            due = None
            if patron is not None:
                last = max((line.at for line in own), default=None)
                due = forgotten_at(self.policy, patron.history, returned=hold.closed_at, last_fee=last)
            kept = hold.ending is HoldEnding.FILLED or due is None or due > at
            if any(line.id in open_fees for line in own) or (kept and not whatever_rules):
                continue
            writes[(kind_of(ClosedHold), hold.id)] = evolve(forgotten(hold, names), patron_id=None)
            rewrites += self.rewritten(f"hold_id:{hold.id}", names)
            transit = None if hold.item_id is None else reads.get(Transit, hold.item_id)
            if transit is not None and transit.hold_id == hold.id:  # called off while the item was on its way
                writes[(kind_of(Transit), transit.item_id)] = forgotten(transit, names)
            for line in own:
                writes[(kind_of(AccountLine), line.id)] = account_line(line)
                lines.add(line.id)
        if lines:
            rewrites += [
                Rewrite(place, changed)
                for place, event in self.stream(f"patron_id:{patron_id}")
                if (changed := hold_fee_event(event, lines)) is not event
            ]
        count = sum(kind.cls is ClosedHold for kind, _ in writes)
        if count:
            self.write(reads, writes, self.recounted(reads, patron_id, at, writes), rewrites)
        return count

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
        for _ in range(ATTEMPTS):
            try:
                return self.attempt(patron_id, loan_ids, at, whatever_rules)
            except Conflict:
                continue
        return 0

    def attempt(self, patron_id: str, loan_ids: Sequence[str], at: datetime, whatever_rules: bool) -> int:
        reads = Reads(self.shell.storage)
        patron = reads.get(Patron, patron_id)
        loans = [loan for key in loan_ids if (loan := reads.get(ClosedLoan, key)) is not None]
        loans = [loan for loan in loans if self.is_due(reads, loan, patron, at, whatever_rules)]
        if not loans:
            return 0
        names = {patron_id: ""} | {loan.id: self.shell.ids() for loan in loans}
        if patron is not None and patron.card:
            names[patron.card] = ""
        writes: dict[tuple[RecordType[Any], str], Any] = {}
        rewrites = []
        for loan in loans:
            self.forget_records(reads, loan, names, writes)
            rewrites += self.rewritten(f"loan_id:{loan.id}", names)
        rewrites += self.forget_holds(reads, patron_id, {loan.item_id for loan in loans}, names, writes)
        rewrites += self.account_events(patron_id, {loan.id for loan in loans})
        self.forget_messages(reads, patron_id, {loan.id for loan in loans}, writes)
        self.write(reads, writes, self.recounted(reads, patron_id, at, writes), rewrites)
        return len(loans)

    def recounted(self, reads: Reads, patron_id: str, at: datetime, writes: dict[Any, Any]) -> tuple[Event, ...]:
        """The patron's counters as they are: events that no longer name the patron count for nobody."""
        standing = reads.get(Standing, patron_id)
        events = () if standing is None else (HistoryForgotten(at, BY, standing.patron_id, standing),)
        writes |= fold(events, reads)
        return events

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

    def forget_records(self, reads: Reads, loan: ClosedLoan, names: dict[str, str], writes: dict[Any, Any]) -> None:
        """The loan under its new name, the lines of its fees without it, and no trace of what was told."""
        anonymous = evolve(forgotten(loan, names), patron_id=None)
        reads.get(ClosedLoan, anonymous.id)
        writes[(kind_of(ClosedLoan), loan.id)] = None
        writes[(kind_of(ClosedLoan), anonymous.id)] = anonymous
        for line in reads.find(AccountLine, "by_loan", loan.id):
            writes[(kind_of(AccountLine), line.id)] = account_line(line)
        for cls in (LoanFine, NoticeTrack):
            if reads.get(cls, loan.id) is not None:
                writes[(kind_of(cls), loan.id)] = None

    def forget_holds(
        self, reads: Reads, patron_id: str, items: set[Any], names: dict[str, str], writes: dict[Any, Any]
    ) -> list[Rewrite]:
        """The holds that these loans filled."""
        rewrites = []
        for hold in reads.find(ClosedHold, "by_patron", patron_id):
            if hold.item_id in items:
                writes[(kind_of(ClosedHold), hold.id)] = evolve(forgotten(hold, names), patron_id=None)
                rewrites += self.rewritten(f"hold_id:{hold.id}", names)
        return rewrites

    def forget_messages(self, reads: Reads, patron_id: str, loans: set[Any], writes: dict[Any, Any]) -> None:
        """Messages that still wait, without what they tell of these loans."""
        for entry in reads.find(OutboxEntry, "by_patron", patron_id):
            left = tuple(occasion for occasion in entry.occasions if occasion.subject not in loans)
            if len(left) < len(entry.occasions):
                writes[(kind_of(OutboxEntry), entry.key)] = None

    def rewritten(self, stream: str, names: dict[str, str]) -> list[Rewrite]:
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
        for line in reads.find(AccountLine, "by_patron", who.id):
            writes[(kind_of(AccountLine), line.id)] = evolve(line, note="", payer="")
        for credit in reads.find(OpenCredit, "by_patron", who.id):
            writes[(kind_of(OpenCredit), credit.id)] = evolve(credit, payer="")
        for subject in (who.id, *(held.key for held in reads.find(Certification, "by_patron", who.id))):
            if reads.get(NoticeTrack, subject) is not None:
                writes[(kind_of(NoticeTrack), subject)] = None
        rewrites = [Rewrite(place, erased_event(event)) for place, event in self.stream(f"patron_id:{who.id}")]
        self.write(reads, writes, (), rewrites)
