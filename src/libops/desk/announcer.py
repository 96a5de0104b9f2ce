"""After the commit: observers are told, and the messages in the outbox are handed to their channels.

Each plugin is told alone. One that fails is logged and stops nobody; a message whose channel failed stays in the
outbox and is tried again, later each time. Joined to a host's transaction, nothing is announced before the host
says, through `Operations.announce`, that it has committed.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve, frozen

from libops.base.errors import Conflict
from libops.base.events import Event
from libops.hooks.registry import Registry
from libops.hooks.specs.channels import Sender
from libops.notices.model import OutboxEntry, OutboxState
from libops.storage.kinds import kind_of
from libops.storage.port import Batch, Find, Get, Storage, Versioned, Write

__all__ = ["Announcer", "Delivery"]

LOG = logging.getLogger("libops")

ATTEMPTS = 6
LEASE = timedelta(minutes=10)
"""How long a message belongs to who took it up: after a crash another attempt is made when this has passed."""
FIRST_WAIT = timedelta(minutes=5)
"""Doubled after every failed attempt: the sixth comes two and a half hours after the first."""


@frozen
class Delivery:
    """What one round of sending did."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    withdrawn: int = 0
    """Messages that no longer told anything true, such as of an item that had come back."""


class Announcer:
    """Tells observers and channels what was committed."""

    def __init__(
        self,
        storage: Storage,
        registry: Registry,
        clock: Callable[[], datetime],
        channels: Mapping[str, str],
        options: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self.storage = storage
        self.registry = registry
        self.clock = clock
        self.channels = channels
        self.options = options
        self.senders: dict[str, Sender] = {}
        self.pending: list[tuple[Sequence[Event], list[str], int]] = []
        self.refresh: Callable[[OutboxEntry, datetime], OutboxEntry | None] = lambda entry, at: entry
        """Asks again whether what a message tells still stands, and puts it into words; None: it does not."""
        self.may_go: Callable[[OutboxEntry, datetime], datetime] = lambda entry, at: at
        """From when on quiet hours and closed days let a message go: it may have waited for them to begin."""

    def committed(self, events: Sequence[Event], beside: Sequence[Any], position: int) -> None:
        """An act was written up to this position of the log: announce it now, or when the host has committed.

        Messages in a group wait for others.
        """
        if not beside and not self.storage.joined and not self.registry.observers:
            return
        keys = [record.key for record in beside if type(record) is OutboxEntry and record.group is None]
        if self.storage.joined:
            self.pending.append((events, keys, position))
        else:
            self.announce(events, keys)

    def announce(self, events: Sequence[Event], keys: Sequence[str]) -> Delivery:
        """Tell the observers, and hand over the outbox entries with these keys."""
        if self.registry.observers:
            self.tell(events)
        if not keys:
            return Delivery()
        outbox = kind_of(OutboxEntry)
        return self.deliver(self.storage.read([Get(outbox, key) for key in keys]))

    def announce_pending(self) -> Delivery:
        """The host has committed: announce what was done inside its transaction, and what it undid there is not.

        Nothing is lost when the store cannot be asked: then all of it can be announced later.
        """
        outbox = kind_of(OutboxEntry)
        entries = self.storage.read([Get(outbox, key) for _, keys, _ in self.pending for key in keys])
        kept = [events for events, _, position in self.pending if self.in_the_log(events, position)]
        self.pending.clear()
        for events in kept:
            self.tell(events)
        return self.deliver(entries)

    def in_the_log(self, events: Sequence[Event], position: int) -> bool:
        """Whether these events are to be told and still where they were written: a savepoint may have undone them."""
        if not events or not self.registry.observers:
            return False
        entries = self.storage.events(position - 1, 1).entries
        return bool(entries) and entries[0].event == events[-1]

    def forget_pending(self) -> None:
        """The host has rolled back: nothing of it happened."""
        self.pending.clear()

    def tell(self, events: Sequence[Event]) -> None:
        for observer in self.registry.observers.values():
            try:
                observer.notify(events)
            except Exception:
                # An import is one act of a thousand events: their kinds are told, not each.
                kinds = Counter(type(event).__name__ for event in events)
                told = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
                LOG.exception("observer %r failed on %s", observer.name, told)

    def deliver_due(self, *, at: datetime | None = None, limit: int = 500) -> Delivery:
        """Hand over every message whose time has come."""
        at = self.clock() if at is None else at
        due = Find(
            kind_of(OutboxEntry),
            "by_next_try",
            (OutboxState.WAITING,),
            high=at + timedelta(microseconds=1),
            limit=limit,
        )
        return self.deliver(self.storage.read([due])[0], at=at)

    def deliver(self, entries: Sequence[Versioned], *, at: datetime | None = None) -> Delivery:
        """Hand over those of the entries whose time has come.

        An entry is first marked as taken up, so that of two programs at once one sends it, and so that nothing joins
        it any more. In quiet hours it is put off until they end, whenever it was planned.
        """
        at = self.clock() if at is None else at
        outbox = kind_of(OutboxEntry)
        count = {"sent": 0, "postponed": 0, "failed": 0, "withdrawn": 0}
        for entry, version in entries:
            if entry is None or entry.state is not OutboxState.WAITING or entry.next_try > at:
                continue
            later = self.may_go(entry, at)
            taken = evolve(entry, group=None, next_try=at + LEASE) if later <= at else evolve(entry, next_try=later)
            try:
                self.storage.apply(Batch(writes=(Write(outbox, entry.key, taken, version),)))
            except Conflict:
                continue
            if later > at:
                count["postponed"] += 1
                continue
            mine = self.storage.read([Get(outbox, entry.key)])[0].version
            became, after = self.hand_over(taken, at)
            try:
                self.storage.apply(Batch(writes=(Write(outbox, entry.key, after, mine),)))
            except Conflict:
                LOG.warning("message %s was taken up by another program meanwhile", entry.key)
            count[became] += 1
        return Delivery(**count)

    def hand_over(self, entry: OutboxEntry, at: datetime) -> tuple[str, OutboxEntry | None]:
        """Try one message; returns what became of it and, unless it is done with, the entry to be kept."""
        try:
            fresh = self.refresh(entry, at) if entry.occasions else entry
            if fresh is None:
                return "withdrawn", None
            entry = fresh
            message = entry.message
            name = self.channels.get(message.channel)
            if name is None:
                raise LookupError(f"the settings name no channel for {message.channel!r}")
            if not message.to:
                raise LookupError(f"the patron has no address for {message.channel!r}")
            self.sender(name).send(message)
        except Exception as error:
            LOG.warning("message %s could not be sent by %s: %s", entry.key, entry.message.channel, error)
            attempts = entry.attempts + 1
            state = OutboxState.FAILED if attempts >= ATTEMPTS else OutboxState.WAITING
            wait = FIRST_WAIT * 2 ** (attempts - 1)
            kept = evolve(entry, attempts=attempts, state=state, next_try=at + wait, error=str(error))
            return ("failed" if state is OutboxState.FAILED else "postponed"), kept
        return "sent", None

    def sender(self, name: str) -> Sender:
        """The open channel of that name; opened when the first message goes out."""
        if name not in self.senders:
            self.senders[name] = self.registry.channel(name).open(self.options.get(name, {}))
        return self.senders[name]

    def close(self) -> None:
        """Let go of all channels; one that cannot be closed keeps nobody from it."""
        for name, sender in self.senders.items():
            try:
                sender.close()
            except Exception:
                LOG.exception("channel %r could not be closed", name)
        self.senders.clear()
