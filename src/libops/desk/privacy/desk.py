"""The privacy desk: loan history forgotten as the library's rules say, export and erasure of a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import groupby
from typing import Any

from attrs import evolve

from libops.base.decisions import Decision, Override, Refuse
from libops.base.events import Event
from libops.base.ids import LoanId
from libops.bookings.model import Booking, Certification, Job, WaitingEntry
from libops.circulation.events import ItemCheckedIn
from libops.circulation.model import ClosedHold, ClosedLoan, Hold, Loan, LostItem
from libops.circulation.policy.privacy import PrivacyPolicy
from libops.desk.arguments import checks_arguments
from libops.desk.patrons import PatronDesk
from libops.desk.privacy.booking_parting import BookingParting
from libops.desk.privacy.forgetting import cards_of, erased_event, erased_line, forgotten
from libops.desk.privacy.parting import Parting, Writes
from libops.desk.privacy.retelling import Retold
from libops.desk.reads import Reads
from libops.desk.shell import Shell
from libops.equipment.model import Ticket
from libops.fees.model import AccountLine, OpenCredit
from libops.notices.model import NoticeTrack, OutboxEntry
from libops.patrons.model import Patron
from libops.storage.kinds import all_kinds, key_of, kind_of
from libops.storage.port import Find, Logged, Rewrite

__all__ = ["PrivacyDesk"]

REACHED: Mapping[type[Any], str] = {
    Booking: "booking_id",
    WaitingEntry: "entry_id",
    Job: "job_id",
    Ticket: "ticket_id",
    Certification: "",
}
"""What else a patron may have done, with what its events are about; certifications are told with the patron."""

TOLD: Mapping[type[Any], tuple[str, str]] = {
    Loan: ("loan_id", "id"),
    ClosedLoan: ("loan_id", "id"),
    LostItem: ("loan_id", "loan_id"),
    Hold: ("hold_id", "id"),
    ClosedHold: ("hold_id", "id"),
    Booking: ("booking_id", "id"),
    WaitingEntry: ("entry_id", "id"),
    Job: ("job_id", "id"),
}
"""What a person is told the life of: what the events of each are about, and the field that says so."""
NAMES_SOMEBODY = ("by", "patron_id", "payer")


@checks_arguments()
class PrivacyDesk:
    """What is known about people, and how long.

    >>> import libops
    >>> from libops.testing.sample_library import PATRONS, sample_library
    >>> ops, ada = libops.open(), PATRONS[0][0]
    >>> sample_library(ops)
    >>> [kind for kind, records in ops.privacy.export(ada).items() if records]
    ['patron', 'standing', 'events']
    """

    def __init__(self, shell: Shell, policy: PrivacyPolicy, zone: tzinfo, patrons: PatronDesk) -> None:
        self.shell = shell
        self.parting = Parting(shell, policy, zone)
        self.booking_parting = BookingParting(self.parting)
        self.patrons = patrons

    # --- forgetting -------------------------------------------------------------------------------------------------

    def forget_due(self, loans: Sequence[ClosedLoan], at: datetime) -> int:
        """Forget those of the loans whose time has come; returns how many."""
        due: list[str] = []
        for patron_id, group in groupby(loans, key=lambda loan: loan.patron_id):
            if patron_id is not None:
                due += self.parting.parted(patron_id, [loan.id for loan in group], at)
        return self.parting.unnamed(due, at)

    def forget_holds_due(self, holds: Sequence[ClosedHold], at: datetime) -> int:
        """Forget those of the holds that were cancelled or never filled whose time has come; returns how many.

        A hold that was filled goes with its loan.
        """
        due: list[str] = []
        for patron_id, group in groupby(holds, key=lambda hold: hold.patron_id):
            if patron_id is not None:
                due += self.parting.parted_holds(patron_id, [hold.id for hold in group], at)
        return self.parting.unnamed_holds(due, at)

    def forget_bookings_due(self, bookings: Sequence[Booking], at: datetime) -> int:
        """Forget those of the bookings of lent items that are over and whose time has come; returns how many."""
        due: list[str] = []
        for patron_id, group in groupby(bookings, key=lambda booking: booking.patron_id):
            due += self.booking_parting.parted(patron_id, group, at)
        return self.booking_parting.unnamed(due, at)

    def upon(self, events: Iterable[Event]) -> None:
        """Where the library keeps no history at all, a return is forgotten as soon as it is committed.

        One that leaves something with the patron goes with the next run: told right behind the return, it would lead
        back to it.
        """
        for event in events:
            if isinstance(event, ItemCheckedIn) and event.patron_id:
                parted = self.parting.parted(event.patron_id, [event.loan_id], event.at, plain_only=True)
                self.parting.unnamed(parted, event.at)

    def forget(self, patron_id: str, loan_ids: Sequence[str], at: datetime, *, whatever_rules: bool = False) -> int:
        """Take closed loans off a patron, in records, events, notices and the account; returns how many.

        Loans with an open fee, and of items still lost, are left, and so are those whose time has not come, unless
        `whatever_rules` say.
        """
        return self.parting.unnamed(self.parting.parted(patron_id, loan_ids, at, whatever_rules=whatever_rules), at)

    def forget_unfilled(
        self, patron_id: str, hold_ids: Sequence[str], at: datetime, *, whatever_rules: bool = False
    ) -> int:
        """Take ended holds off a patron, with the fees for not collecting them; returns how many."""
        parted = self.parting.parted_holds(patron_id, hold_ids, at, whatever_rules=whatever_rules)
        return self.parting.unnamed_holds(parted, at)

    # --- a person's own data ------------------------------------------------------------------------------------------

    def export(self, patron: str) -> dict[str, Any]:
        """Everything that is kept about a person, as plain JSON types: records by kind, and events.

        The events are those of the person and of the loans, holds, bookings and jobs that still name them, in the
        order of the log. Others who had a part in these, staff too, are left blank. Raises `NotFound` for an unknown
        card.
        """
        from libops.wire.json import converter

        who = self.patrons.get(patron)
        found: dict[str, Any] = {"patron": [converter().unstructure(who)]}
        for kind in all_kinds():
            if kind.name == "standing":
                found["standing"] = [converter().unstructure(self.patrons.standing(who.id))]
            elif any(index.name == "by_patron" for index in kind.indexes):
                rows = self.shell.storage.read([Find(kind, "by_patron", (who.id,))])[0]
                found[kind.name] = [converter().unstructure(row.record) for row in rows]
        own = self.parting.stream(f"patron_id:{who.id}")
        names = {who.id, *cards_of([logged.event for logged in own])}
        told = [(place, event_as_plain(event)) for place, event in own]
        told += [(place, of_nobody_else(event_as_plain(event), names)) for place, event in self.lives(who.id)]
        found["events"] = [plain for _, plain in sorted(told, key=lambda one: one[0])]
        return found

    def lives(self, patron_id: str) -> Iterator[Logged]:
        """The events of all that names this patron, one thing after the other."""
        reads = Reads(self.shell.storage)
        streams = {
            f"{named}:{getattr(record, key)}"
            for cls, (named, key) in TOLD.items()
            for record in reads.find(cls, "by_patron", patron_id)
        }
        for name in sorted(streams):
            yield from self.parting.stream(name)

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
        bookings = Reads(self.shell.storage).find(Booking, "by_patron", who.id)
        self.booking_parting.unnamed(self.booking_parting.parted(who.id, bookings, at, whatever_rules=True), at)
        answer = self.patrons.remove(who.id, by=by, override=override)
        if isinstance(answer, Refuse):
            return answer
        (account,) = self.parting.account(Reads(self.shell.storage), who.id)
        self.parting.taken_over(account, at)
        self.erase_traces(who)
        return answer

    def erase_traces(self, who: Patron) -> None:
        """The messages, the account's notes, and the events of somebody whose record is gone."""
        reads = Reads(self.shell.storage)
        writes: Writes = {}
        for entry in reads.find(OutboxEntry, "by_patron", who.id):
            writes[(kind_of(OutboxEntry), entry.key)] = None
        stream = self.parting.stream(f"patron_id:{who.id}")
        cards = dict.fromkeys(cards_of([logged.event for logged in stream]), "")
        for line in reads.find(AccountLine, "by_patron", who.id):
            writes[(kind_of(AccountLine), line.id)] = erased_line(forgotten(line, cards, cut=None))
        for credit in reads.find(OpenCredit, "by_patron", who.id):
            writes[(kind_of(OpenCredit), credit.id)] = evolve(credit, payer="")
        for subject in (who.id, *(held.key for held in reads.find(Certification, "by_patron", who.id))):
            if reads.get(NoticeTrack, subject) is not None:
                writes[(kind_of(NoticeTrack), subject)] = None
        told = list(stream)
        for cls, named in REACHED.items():
            for record in reads.find(cls, "by_patron", who.id):
                key = key_of(record)
                writes[(kind_of(cls), key)] = forgotten(record, cards, cut=None)
                told += self.parting.stream(f"{named}:{key}") if named else []
        plain_events = [(place, forgotten(event, cards, cut=None)) for place, event in told]
        rewrites = tuple([Rewrite(place, erased_event(event)) for place, event in plain_events])
        self.parting.write(reads, writes, Retold(rewrites=rewrites))


def event_as_plain(event: Event) -> dict[str, Any]:
    import json

    from libops.wire.events import event_to_text

    return {"event": type(event).__name__, **json.loads(event_to_text(event))}


def of_nobody_else(plain: Any, names: Collection[str]) -> Any:
    """What was told, with blanks where it names others: who returned a book may have set off the hold on it."""
    if isinstance(plain, list):
        return [of_nobody_else(part, names) for part in plain]
    if not isinstance(plain, dict):
        return plain
    return {
        key: "" if key in NAMES_SOMEBODY and value and value not in names else of_nobody_else(value, names)
        for key, value in plain.items()
    }
