"""The mail desk: messages to patrons, what waits in the outbox, and what a day would bring."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from attrs import evolve

from libops.base.decisions import Decision, Reason, Refuse
from libops.base.errors import InvalidValue, NotFound
from libops.circulation.model import Loan
from libops.desk.announcer import Announcer, Delivery
from libops.desk.holders import Holders
from libops.desk.notice_planning import NoticePlanner
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.notices.decide import MessagePlan, write
from libops.notices.model import Message, NoticeTrack, OutboxEntry, OutboxState, Trigger
from libops.notices.planner import due_notices, enter, told
from libops.notices.timing import send_time
from libops.patrons.model import Patron
from libops.storage.kinds import kind_of
from libops.storage.port import Batch, Find, Get, Write
from libops.storage.rebuild import every

__all__ = ["NoticeDesk"]


class NoticeDesk:
    """Messages. They are committed to the outbox first and handed to their channel after the commit."""

    def __init__(self, shell: Shell, announcer: Announcer, holders: Holders, planner: NoticePlanner) -> None:
        self.shell = shell
        self.announcer = announcer
        self.holders = holders
        self.planner = planner

    def send(self, *, patron: str, kind: str, subject: str, body: str, channel: str = "email") -> Decision[Message]:
        """Write to a patron. Refused when the patron has no address for the channel."""
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

    def waiting(self, *, limit: int = 500) -> list[OutboxEntry]:
        """Messages that have not gone out yet, the next one first."""
        return self.of_state(OutboxState.WAITING, limit)

    def failed(self, *, limit: int = 500) -> list[OutboxEntry]:
        """Messages that were given up, and those that no channel could carry."""
        return self.of_state(OutboxState.FAILED, limit)

    def deliver_due(self) -> Delivery:
        """Hand over every message whose time has come."""
        return self.announcer.deliver_due()

    def retry(self, key: str) -> None:
        """Let a message that was given up be tried again. Raises `NotFound` or, for one that waits, `InvalidValue`."""
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

        Messages that wait for the day are there, and the notices that open loans will have earned by its end.
        """
        now = self.shell.clock()
        entries: dict[str, OutboxEntry] = {}
        for entry in self.waiting(limit=100_000):
            if self.day_of(entry, entry.next_try) == day:
                entries[entry.key] = entry
        for loan in every(self.shell.storage, kind_of(Loan)):
            self.foresee(loan, day, now, entries)
        return [self.words(entry, now) for entry in entries.values()]

    def foresee(self, loan: Loan, day: date, now: datetime, entries: dict[str, OutboxEntry]) -> None:
        reads = Reads(self.shell.storage)
        policy = self.planner.policy_for(reads, loan, now) if self.planner.notices.policies else None
        telling = None if policy is None else self.planner.telling(reads, loan, Trigger.DUE)
        if policy is None or telling is None or stopped(loan):
            return
        calendar = self.planner.book.calendar(loan.library)
        until = calendar.instant(day + timedelta(1), datetime.min.time()) - timedelta(microseconds=1)
        planned = due_notices(policy, telling, calendar, at=now, until=until)
        for each in told(reads.get(NoticeTrack, loan.id), planned):
            send_at = send_time(policy, each.notice, max(each.moment, now), calendar)
            if calendar.local(send_at).date() == day and (each.moment > now - CAUGHT_UP):
                entry = enter(evolve(each, send_at=send_at), telling, calendar, at=now, waiting=tuple(entries.values()))
                if entry is not None:
                    entries[entry.key] = entry

    def words(self, entry: OutboxEntry, at: datetime) -> Message:
        fresh = self.planner.refresh(entry, at) if entry.occasions else entry
        return (fresh or entry).message

    def day_of(self, entry: OutboxEntry, moment: datetime) -> date:
        place = entry.library if entry.library is not None else next(iter(self.planner.book.calendars))
        return self.planner.book.calendar(place).local(moment).date()

    def of_state(self, state: OutboxState, limit: int) -> list[OutboxEntry]:
        found = self.shell.storage.read([Find(kind_of(OutboxEntry), "by_next_try", (state,), limit=limit)])[0]
        return [row.record for row in found]


CAUGHT_UP = timedelta(days=3)
"""A run catches up with what earlier ones missed, but not with what is longer ago than this."""


def stopped(loan: Loan) -> bool:
    """Whether notices about the due date have ended: the item is counted as lost, or claimed returned."""
    return any(at is not None for at in (loan.claimed_returned_at, loan.declared_lost_at, loan.aged_to_lost_at))
