"""From facts of the store to planned messages, and from planned messages to words.

What is told of stands in `libops.desk.notices.telling`; when and how a patron is written to is decided by the notices
room's planner. This brings the two together, and keeps the answers as records beside the act.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve

from libops.base.events import Event
from libops.base.ids import LibraryCode, PatronId
from libops.circulation.policy.book import CirculationBook
from libops.desk.notices.book import NoticeBook
from libops.desk.notices.telling import UPON, TellingTerms, stands
from libops.desk.notices.telling.ahead import Ahead
from libops.desk.reads import Reads
from libops.notices.decide import address_of, channel_for
from libops.notices.model import Message, NoticeTrack, Occasion, OutboxEntry
from libops.notices.planner import (
    PlannedNotice,
    Telling,
    due_notices,
    enter,
    group_of,
    notices_upon,
    told,
    worth_telling,
)
from libops.notices.render import SAMPLES, Reader, rendered
from libops.notices.templates import HtmlFormat, Text
from libops.notices.timing import may_go
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
        self.terms = TellingTerms(book, notices)

    # --- what is told -----------------------------------------------------------------------------------------------

    def upon(self, events: Sequence[Event], reads: Reads) -> Iterable[Any]:
        """What is told of events that are about to be written: entries of the outbox, to be written with them."""
        found: list[Told] = []
        for event in events:
            about = UPON.get(type(event))
            if about is not None:
                for tale in about(event, events, reads, self.terms):
                    calendar = self.book.calendar(tale.telling.library)
                    planned = notices_upon(tale.policy, tale.trigger, tale.telling, calendar, at=event.at)
                    found += [(each, tale.telling) for each in planned]
        return self.entered(reads, found, events[0].at) if found else ()

    def ahead(
        self,
        ahead: Ahead,
        reads: Reads,
        record: Any,
        *,
        at: datetime,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Told]:
        """What a record with a moment ahead calls for in `since < moment <= until`, and was not told yet."""
        tale = ahead.tale(self.terms, reads, record, at)
        if tale is None:
            return []
        telling = tale.telling
        calendar = self.book.calendar(telling.library)
        found = due_notices(tale.policy, telling, calendar, at=at, since=since, until=until, trigger=ahead.trigger)
        return [(each, telling) for each in told(reads.get(NoticeTrack, telling.occasion.subject), found)]

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
            name = self.notices.name_of(planned.policy)
            entry = enter(planned, telling, calendar, at=at, waiting=waiting, policy=name)
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

    def may_go(self, entry: OutboxEntry, at: datetime) -> datetime:
        """From when on the policy of a message lets it go; `at` where nothing puts it off."""
        policy = self.notices.policy(entry.policy)
        if policy is None or entry.library is None:
            return at
        return may_go(policy, at, self.book.calendar(entry.library))

    def refresh(self, entry: OutboxEntry, at: datetime) -> OutboxEntry | None:
        """The message from what still stands, to the patron's address of today; None when nothing stands any more."""
        reads = Reads(self.storage)
        standing = tuple(each for each in worth_telling(entry.occasions, at) if stands(each, reads))
        patron = reads.get(Patron, entry.patron_id) if entry.patron_id is not None else None
        if patron is None or not standing:
            return None
        return self.worded(evolve(entry, occasions=standing), patron, at)

    def preview(
        self, kind: str, language: str | None, library: LibraryCode | None, count: int, at: datetime
    ) -> Message:
        """A notice about sample items, in words."""
        text = self.notices.text(kind, language or self.notices.language, library)
        occasions = [evolve(each, due=at, start=at, end=at) for each in SAMPLES[:count]]
        subject, body, html = self.in_words(text, occasions, "Ada Flores", library, at)
        return Message("preview", PatronId("preview"), kind, "", "", subject, body, text.language, at, html)

    def in_words(
        self, text: Text, occasions: Sequence[Occasion], patron: str, library: LibraryCode | None, at: datetime
    ) -> tuple[str, str, bool]:
        """The subject, the body, and whether that is HTML."""
        place = library if library is not None else LibraryCode(next(iter(self.book.calendars)))
        zone = self.book.calendar(place).zone_info
        reader = Reader(patron, self.notices.libraries.get(place, ""), text.language, zone, at)
        how = self.notices.formats[text.format]
        return *rendered(text, occasions, reader, how=how), isinstance(how, HtmlFormat)

    def worded(self, entry: OutboxEntry, patron: Patron, at: datetime) -> OutboxEntry:
        """The entry with its message in words."""
        library, message = entry.library, entry.message
        language = patron.language or self.notices.language
        text = self.notices.text(message.kind, language, library)
        subject, body, html = self.in_words(text, entry.occasions, patron.name, library, at)
        to = address_of(patron, message.channel) or message.to
        written = evolve(message, subject=subject, body=body, to=to, language=text.language, made_at=at, html=html)
        return evolve(entry, message=written)
