"""From facts of the store to planned messages: what is told of, whether it still stands, and in which words.

Nothing here decides when or how a patron is written to: that is the notices room's planner. This gathers what the
planner asks for, and keeps what it answers as records beside the act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve

from libops.base.events import Event
from libops.base.ids import LibraryCode
from libops.catalog.model import BibRecord
from libops.circulation.decide.facts import case_of
from libops.circulation.events import HoldReady, ItemCheckedIn, ItemCheckedOut, ItemLost, LoanRecalled, LoanRenewed
from libops.circulation.model import Hold, Loan, ReadyHold
from libops.circulation.policy.book import CirculationBook
from libops.desk.notice_book import NoticeBook
from libops.desk.reads import Reads
from libops.items.model import Item
from libops.notices.decide import address_of, channel_for
from libops.notices.model import NoticeTrack, Occasion, OutboxEntry, Trigger
from libops.notices.planner import PlannedNotice, Telling, enter, group_of, notices_upon
from libops.notices.policy import NoticePolicy
from libops.notices.render import Reader, rendered
from libops.patrons.model import Patron
from libops.storage.port import Storage

__all__ = ["NoticePlanner"]

Told = tuple[PlannedNotice, Telling]


class NoticePlanner:
    """Plans messages for the desk and the sweeps."""

    def __init__(self, storage: Storage, book: CirculationBook, notices: NoticeBook) -> None:
        self.storage = storage
        self.book = book
        self.notices = notices

    # --- what is told -----------------------------------------------------------------------------------------------

    def telling(self, reads: Reads, loan: Loan, trigger: Trigger) -> Telling | None:
        """What notices about a loan are about; None when the patron or the item is gone."""
        patron, item = reads.get(Patron, loan.patron_id), reads.get(Item, loan.item_id)
        bib = reads.get(BibRecord, loan.bib_id)
        if patron is None or item is None:
            return None
        occasion = Occasion(
            "",
            trigger,
            loan.id,
            loan.item_id,
            "" if bib is None else bib.title,
            item.barcode or "",
            item.call_number,
            loan.due,
            loan.due,
        )
        round = "" if loan.due is None else f"{loan.due:%Y%m%dT%H%M%S}"
        return Telling(occasion, patron, loan.library, loan.due, round)

    def policy_for(self, reads: Reads, loan: Loan, at: datetime) -> NoticePolicy | None:
        """The notice policy of a loan: that of the rule which governs it today."""
        patron, item = reads.get(Patron, loan.patron_id), reads.get(Item, loan.item_id)
        bib = reads.get(BibRecord, loan.bib_id)
        if patron is None or item is None or bib is None:
            return None
        today = self.book.calendar(loan.library).service_day(at)
        return self.notices.policies.get(
            self.book.terms(case_of(loan.library, patron, item, bib, today, self.book)).match.notices or ""
        )

    def upon(self, events: Sequence[Event], reads: Reads) -> Iterable[Any]:
        """What is told of events that are about to be written: entries of the outbox, to be written with them."""
        found: list[Told] = []
        for event in events:
            about = UPON.get(type(event))
            if isinstance(event, HoldReady):
                found += self.hold_ready(event, reads)
            elif about is not None:
                trigger, loan = about(event, reads)
                telling = None if loan is None else self.telling(reads, loan, trigger)
                policy = None if loan is None else self.policy_for(reads, loan, event.at)
                if telling is not None and policy is not None:
                    calendar = self.book.calendar(telling.library)
                    planned = notices_upon(policy, trigger, telling, calendar, at=event.at)
                    found += [(each, telling) for each in planned]
        return self.entered(reads, found, events[0].at) if found else ()

    def hold_ready(self, event: HoldReady, reads: Reads) -> list[Told]:
        """What is told of an item on the hold shelf, by the rules of the library where it waits."""
        hold, item = reads.get(Hold, event.hold_id), reads.get(Item, event.item_id)
        patron = reads.get(Patron, event.ready.patron_id)
        bib = None if item is None else reads.get(BibRecord, item.bib_id)
        if hold is None or item is None or patron is None or bib is None:
            return []
        library = event.ready.pickup_library
        calendar = self.book.calendar(library)
        case = case_of(library, patron, item, bib, calendar.service_day(event.at), self.book)
        policy = self.notices.policies.get(self.book.terms(case).match.notices or "")
        if policy is None:
            return []
        keep = event.ready.keep_until
        occasion = Occasion(
            "", Trigger.HOLD_READY, hold.id, item.id, bib.title, item.barcode or "", item.call_number, keep
        )
        telling = Telling(occasion, patron, library, keep, item.id)
        planned = notices_upon(policy, Trigger.HOLD_READY, telling, calendar, at=event.at)
        return [(each, telling) for each in planned]

    def entered(self, reads: Reads, found: Iterable[Told], at: datetime) -> list[Any]:
        """The entries and tracks for planned notices that were not told before."""
        tracks: dict[str, NoticeTrack] = {}
        entries: dict[str, OutboxEntry] = {}
        for planned, telling in found:
            subject, key = planned.occasion.subject, planned.occasion.key
            track = tracks.get(subject) or reads.get(NoticeTrack, subject) or NoticeTrack(subject)
            if key in track.told:
                continue
            tracks[subject] = evolve(track, told=(*track.told, key))
            calendar = self.book.calendar(telling.library)
            waiting = self.waiting(reads, planned, telling, entries)
            entry = enter(planned, telling, calendar, at=at, waiting=waiting)
            if entry is not None:
                entries[entry.key] = entry
        return [*entries.values(), *tracks.values()]

    def waiting(
        self, reads: Reads, planned: PlannedNotice, telling: Telling, entries: Mapping[str, OutboxEntry]
    ) -> list[OutboxEntry]:
        """The entries that this notice could join."""
        channel = channel_for(telling.patron, planned.notice)
        group = group_of(planned, telling, channel, self.book.calendar(telling.library)) if channel else None
        if group is None:
            return []
        mine = [entry for entry in entries.values() if entry.group == group]
        return mine or reads.find(OutboxEntry, "by_group", group, limit=1)

    # --- just before it goes out ------------------------------------------------------------------------------------

    def refresh(self, entry: OutboxEntry, at: datetime) -> OutboxEntry | None:
        """The message from what still stands, to the patron's address of today; None when nothing stands any more."""
        reads = Reads(self.storage)
        standing = tuple(occasion for occasion in entry.occasions if stands(occasion, reads))
        patron = reads.get(Patron, entry.patron_id) if entry.patron_id is not None else None
        if patron is None or not standing:
            return None
        return self.worded(evolve(entry, occasions=standing), patron, at)

    def worded(self, entry: OutboxEntry, patron: Patron, at: datetime) -> OutboxEntry:
        """The entry with its message in words."""
        library, message = entry.library, entry.message
        language = patron.language or self.notices.language
        text = self.notices.text(message.kind, language, library)
        place = library if library is not None else LibraryCode(next(iter(self.book.calendars)))
        zone = self.book.calendar(place).zone_info
        reader = Reader(patron.name, self.notices.libraries.get(place, ""), text.language, zone, at)
        subject, body = rendered(text, entry.occasions, reader, how=self.notices.formats[text.format])
        to = address_of(patron, message.channel) or message.to
        written = evolve(message, subject=subject, body=body, to=to, language=text.language, made_at=at)
        return evolve(entry, message=written)


def lent(event: Event, reads: Reads) -> tuple[Trigger, Loan | None]:
    assert isinstance(event, ItemCheckedOut)
    return Trigger.CHECK_OUT, event.loan


def renewed(event: Event, reads: Reads) -> tuple[Trigger, Loan | None]:
    assert isinstance(event, LoanRenewed)
    loan = reads.get(Loan, event.item_id)
    return Trigger.RENEWAL, None if loan is None else evolve(loan, due=event.due, renewals=loan.renewals + 1)


def returned(event: Event, reads: Reads) -> tuple[Trigger, Loan | None]:
    assert isinstance(event, ItemCheckedIn)
    return Trigger.CHECK_IN, reads.get(Loan, event.item_id)


def recalled(event: Event, reads: Reads) -> tuple[Trigger, Loan | None]:
    assert isinstance(event, LoanRecalled)
    loan = reads.get(Loan, event.item_id)
    return Trigger.RECALL, None if loan is None else evolve(loan, due=event.due)


def lost(event: Event, reads: Reads) -> tuple[Trigger, Loan | None]:
    assert isinstance(event, ItemLost)
    return Trigger.LOST, reads.get(Loan, event.item_id)


def still_on_hold_shelf(occasion: Occasion, reads: Reads) -> bool:
    """The item waits for this very hold."""
    ready = reads.get(ReadyHold, occasion.item_id) if occasion.item_id is not None else None
    return ready is not None and ready.hold_id == occasion.subject


UPON: Mapping[type[Event], Callable[[Event, Reads], tuple[Trigger, Loan | None]]] = {
    ItemCheckedOut: lent,
    LoanRenewed: renewed,
    ItemCheckedIn: returned,
    LoanRecalled: recalled,
    ItemLost: lost,
}
"""Events that patrons may be told of, and the loan as it will be. Other rooms add theirs."""


def loan_still_late(occasion: Occasion, reads: Reads) -> bool:
    """The loan is open, due when it was due then, and neither lost nor claimed returned."""
    loan = reads.get(Loan, occasion.item_id) if occasion.item_id is not None else None
    if loan is None or loan.id != occasion.subject or loan.due != occasion.stands_while:
        return False
    return all(at is None for at in (loan.claimed_returned_at, loan.declared_lost_at, loan.aged_to_lost_at))


STANDS: Mapping[Trigger, Callable[[Occasion, Reads], bool]] = {
    Trigger.DUE: loan_still_late,
    Trigger.REMINDER: loan_still_late,
    Trigger.RECALL: loan_still_late,
    Trigger.HOLD_READY: still_on_hold_shelf,
}
"""How an occasion is asked again just before its message goes out; what is not here stands for good."""


def stands(occasion: Occasion, reads: Reads) -> bool:
    ask = STANDS.get(occasion.trigger)
    return ask is None or ask(occasion, reads)
