"""The mail desk: messages to patrons, what waits in the outbox, and what a day would bring."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from attrs import evolve

from libops.base.decisions import Decision, Reason, Refuse
from libops.base.errors import InvalidValue, NotFound
from libops.base.ids import LibraryCode
from libops.desk.announcer import Announcer, Delivery
from libops.desk.arguments import checks_arguments
from libops.desk.holders import Holders
from libops.desk.notices.planning import NoticePlanner
from libops.desk.notices.telling.ahead import AHEAD_OF, Ahead
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.desk.sweeps.engine import CAUGHT_UP
from libops.notices.decide import MessagePlan, write
from libops.notices.model import Message, OutboxEntry, OutboxState
from libops.notices.planner import enter
from libops.patrons.model import Patron
from libops.storage.kinds import kind_of
from libops.storage.port import Batch, Find, Get, Write
from libops.storage.rebuild import every

__all__ = ["NoticeDesk"]


@checks_arguments()
class NoticeDesk:
    """Messages. They are committed to the outbox first and handed to their channel after the commit.

    `key` is that of an `OutboxEntry`, as `waiting` and `failed` give it.

    >>> import libops
    >>> ops = libops.open()
    >>> print(ops.notices.preview("overdue").subject)
    Please bring it back to Town library
    """

    def __init__(self, shell: Shell, announcer: Announcer, holders: Holders, planner: NoticePlanner) -> None:
        self.shell = shell
        self.announcer = announcer
        self.holders = holders
        self.planner = planner

    def send(self, *, patron: str, kind: str, subject: str, body: str, channel: str = "email") -> Decision[Message]:
        """Write to a patron, and return the message; it goes out after the commit.

        Args:
            patron: the card's barcode, or the patron's identifier.
            kind: what sort of message it is, for the log and for rules about when messages may go.
            subject: its first line.
            body: its words.
            channel: `email`, `sms`, `letter` or another that the settings give a plugin.

        Refused: `barcode.no_patron`, and `notice.no_address` when the patron has no address for the channel.
        """
        key = self.shell.ids()

        def load(reads: Reads) -> Patron | Refuse:
            use = self.holders.patron(reads, patron)
            if isinstance(use, Reason):
                return Refuse((use,))
            return self.holders.patron_or_raise(reads, use.holder_id)

        def decide(facts: Patron, at: datetime) -> Decision[MessagePlan]:
            return write(facts, key=key, kind=kind, channel=channel, subject=subject, body=body, at=at)

        return self.shell.act(
            Errand(
                load,
                decide,
                lambda plan, facts, at, alerts: plan.entry.message,
                lambda plan, facts, at: (plan.entry,),
            )
        )

    def preview(self, kind: str, *, language: str | None = None, library: str | None = None, count: int = 2) -> Message:
        """A notice of a kind in words, about sample items: what the library's own text or the usual one makes of it.

        Raises `NotFound` for a kind without a text. Nothing is written or sent.
        """
        place = None if library is None else LibraryCode(library)
        return self.planner.preview(kind, language, place, count, self.shell.clock())

    def waiting(self, *, limit: int = 500) -> list[OutboxEntry]:
        """Messages that have not gone out yet, the next one first, at most `limit` of them."""
        return self.of_state(OutboxState.WAITING, limit)

    def failed(self, *, limit: int = 500) -> list[OutboxEntry]:
        """Messages that were given up, and those that no channel could carry, at most `limit`; `error` says why."""
        return self.of_state(OutboxState.FAILED, limit)

    def deliver_due(self) -> Delivery:
        """Hand over every message whose time has come; returns how many went out, were put off, or failed."""
        return self.announcer.deliver_due()

    def retry(self, key: str) -> None:
        """Let a message that was given up be tried again, with the next delivery and as often as a new one.

        Raises `NotFound` or, for one that waits, `InvalidValue`.
        """
        outbox = kind_of(OutboxEntry)
        entry, version = self.shell.storage.read([Get(outbox, key)])[0]
        if entry is None:
            raise NotFound(f"no message {key!r} in the outbox")
        if entry.state is not OutboxState.FAILED:
            raise InvalidValue(f"message {key!r} is {entry.state.value}: only one that was given up can be tried again")
        patron = Reads(self.shell.storage).get(Patron, entry.message.patron_id)
        channel = entry.message.channel or next(iter(patron.channels if patron is not None else ()), "email")
        again = evolve(
            entry,
            message=evolve(entry.message, channel=channel),
            state=OutboxState.WAITING,
            attempts=0,
            next_try=self.shell.clock(),
            error="",
        )
        self.shell.storage.apply(Batch(writes=(Write(outbox, key, again, version),)))

    def drop(self, key: str) -> None:
        """Take a message out of the outbox for good. Raises `NotFound`."""
        outbox = kind_of(OutboxEntry)
        entry, version = self.shell.storage.read([Get(outbox, key)])[0]
        if entry is None:
            raise NotFound(f"no message {key!r} in the outbox")
        self.shell.storage.apply(Batch(writes=(Write(outbox, key, None, version),)))

    def on(self, day: date) -> list[Message]:
        """What would be sent on a day, in words, if all stays as it is now; nothing is written.

        Messages that wait for the day are there, today also those that were not handed over in time, and the notices
        that loans, bookings, memberships and certifications will have earned by its end.
        """
        now = self.shell.clock()
        entries: dict[str, OutboxEntry] = {}
        for entry in self.waiting(limit=100_000):
            # What should have gone out already goes with the next delivery.
            if self.day_of(entry, self.planner.may_go(entry, max(entry.next_try, now))) == day:
                entries[entry.key] = entry
        asked = {notice.trigger for policy in self.planner.notices.policies.values() for notice in policy.notices}
        for trigger, ahead in AHEAD_OF.items():
            if trigger in asked:
                for record in every(self.shell.storage, kind_of(ahead.cls)):
                    self.foresee(ahead, record, day, now, entries)
        words = [self.words(entry, now) for entry in entries.values()]
        return [message for message in words if message is not None]

    def foresee(self, ahead: Ahead, record: Any, day: date, now: datetime, entries: dict[str, OutboxEntry]) -> None:
        after = datetime.combine(day + timedelta(2), time(0), UTC)
        planned = self.planner.ahead(ahead, Reads(self.shell.storage), record, at=now, until=after)
        for each, telling in planned:
            calendar = self.planner.book.calendar(telling.library)
            if calendar.local(each.send_at).date() == day and each.moment > now - CAUGHT_UP:
                entry = enter(each, telling, calendar, at=now, waiting=tuple(entries.values()))
                if entry is not None:
                    entries[entry.key] = entry

    def words(self, entry: OutboxEntry, at: datetime) -> Message | None:
        fresh = self.planner.refresh(entry, at) if entry.occasions else entry
        return None if fresh is None else fresh.message

    def day_of(self, entry: OutboxEntry, moment: datetime) -> date:
        place = entry.library if entry.library is not None else next(iter(self.planner.book.calendars))
        return self.planner.book.calendar(place).local(moment).date()

    def of_state(self, state: OutboxState, limit: int) -> list[OutboxEntry]:
        found = self.shell.storage.read([Find(kind_of(OutboxEntry), "by_next_try", (state,), limit=limit)])[0]
        return [row.record for row in found]
