"""The shell around the rooms: load facts, ask the room, commit what it plans, announce what was committed.

Nothing here knows a rule of the library. Another desk may change a record between reading and writing: the store
then answers `Conflict`, and the shell reads and asks again, a bounded number of times.
"""

from __future__ import annotations

import hashlib
import logging
import random
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from attrs import evolve, frozen

from libops.base.decisions import Decision, Permit, Reason, Refuse, Trace, Weight
from libops.base.errors import Conflict
from libops.base.events import Event
from libops.base.ids import IdSource
from libops.base.makers import maker
from libops.circulation.model import PolicyVersion
from libops.classification import DEFAULT_POLICY
from libops.desk.announcer import Announcer
from libops.desk.library_calendars import LibraryCalendars
from libops.desk.reads import Reads
from libops.desk.reasons import CHECK_FAILED, PREVIEW_STALE
from libops.desk.words import Words
from libops.hooks.registry import Registry
from libops.hooks.specs.policy import OnFailure
from libops.storage.fold import fold
from libops.storage.kinds import kind_of
from libops.storage.port import Batch, Get, Storage, Write

__all__ = ["ATTEMPTS", "EARLIEST", "Errand", "Plan", "Shell"]


LOG = logging.getLogger("libops")

EARLIEST = datetime.min.replace(tzinfo=UTC)

ATTEMPTS = 12
"""How often an act is decided anew when other desks were faster, before the caller is told `Conflict`."""

LONGEST_PAUSE = 0.25
"""Seconds at most between two attempts: a random moment, longer each time, so that not all desks come back at once."""


class Plan(Protocol):
    """What a room plans when it permits: at least the events."""

    @property
    def events(self) -> tuple[Event, ...]: ...


@frozen(eq=False, weakref_slot=False)
class Errand:
    """One act at the desk: how to load its facts, whom to ask, and what to hand over.

    `load(reads)` returns the facts, or `Refuse` when there is nothing to ask about (an unknown barcode).
    `decide(facts, at)` is the room's decision. `receive(plan, facts, at, alerts)` makes what the
    caller gets, in previews as well. `beside` makes records to be written with the act that are not the fold of its
    events.
    """

    load: Callable[[Reads], Any]
    decide: Callable[[Any, datetime], Decision[Any]]
    receive: Callable[[Any, Any, datetime, tuple[Reason, ...]], Any]
    beside: Callable[[Any, Any, datetime], Iterable[Any]] | None = None


new_batch, new_write, permit = maker(Batch), maker(Write), maker(Permit)


class Shell:
    """What every part of the desk shares: the store, the clock, the id source, the words, the plugins."""

    def __init__(
        self,
        *,
        storage: Storage,
        registry: Registry,
        clock: Callable[[], datetime],
        ids: IdSource,
        words: Words,
        announcer: Announcer,
        calendars: LibraryCalendars,
    ) -> None:
        self.storage = storage
        self.registry = registry
        self.clock = clock
        self.ids = ids
        self.words = words
        self.announcer = announcer
        self.filing = DEFAULT_POLICY
        """How the library files its call numbers."""
        self.conflicts = 0
        self.most_conflicts = 0
        self.given_up = 0
        self.upon: Callable[[Sequence[Event], Reads], Iterable[Any]] | None = None
        """What is to be told of events, as records written with them."""
        self.governing: PolicyVersion | None = None
        """The settings in force, until a commit has kept them beside the loans they govern."""
        self.after: Callable[[Sequence[Event]], None] | None = None
        """What follows on events once they are committed."""
        self.calendars = calendars
        self.look_again_at = EARLIEST
        """When to ask the store for closings that other processes announced."""

    def act(
        self, errand: Errand, *, commit: bool = True, expecting: str = "", at: datetime | None = None
    ) -> Decision[Any]:
        """Do an errand, or with `commit=False` only say what would happen.

        `expecting` is the fingerprint that an earlier preview gave; the act is refused when anything that it read
        has changed since. `at` is when it happens, if not now by the clock.

        Raises `Conflict` when other desks were faster `ATTEMPTS` times in a row; nothing was written.
        """
        last, asked = "", at
        for attempt in range(ATTEMPTS):
            if attempt > 1:
                time.sleep(random.uniform(0, min(LONGEST_PAUSE, 0.001 * 2**attempt)))
            at = self.clock() if asked is None else asked
            if at >= self.look_again_at and asked is None:
                self.look_again(at)
            reads = Reads(self.storage, at)
            facts = errand.load(reads)
            decision = facts if type(facts) is Refuse else errand.decide(facts, at)
            if isinstance(decision, Refuse):
                return self.in_words(decision)
            if expecting and self.fingerprint(reads) != expecting:
                return self.in_words(Refuse((PREVIEW_STALE(),)))
            alerts = self.worded(decision.alerts) if decision.alerts else ()
            plan = decision.result
            if not commit:
                received = errand.receive(plan, facts, at, alerts)
                trace = decision.trace and self.told(decision.trace)
                return Permit(evolve(received, preview=self.fingerprint(reads)), alerts, trace)
            beside = () if errand.beside is None else tuple(errand.beside(plan, facts, at))
            try:
                self.commit(plan if isinstance(plan, tuple) else plan.events, reads, beside)
            except Conflict as conflict:
                self.conflicts += 1
                self.most_conflicts = max(self.most_conflicts, attempt + 1)
                last = str(conflict)
                continue
            trace = decision.trace and self.told(decision.trace)
            return permit(errand.receive(plan, facts, at, alerts), alerts, trace)
        self.given_up += 1
        raise Conflict(f"other desks were faster {ATTEMPTS} times; nothing was written. Last: {last}")

    def extra_reasons(self, act: str, facts: Any) -> tuple[Reason, ...]:
        """What the policy plugins have to say about an act. A check that fails refuses or alerts, as it declared."""
        checks = self.registry.policy_checks
        if not checks:
            return ()
        found: list[Reason] = []
        for check in checks.values():
            if check.act == act:
                try:
                    found += [evolve(reason, source=check.name) for reason in check.reasons(facts)]
                except Exception as error:
                    LOG.exception("policy check %r failed", check.name)
                    weight = Weight.OVERRIDABLE if check.on_failure is OnFailure.REFUSE else Weight.ALERT
                    found.append(
                        evolve(CHECK_FAILED.weighing(weight, check=check.name, error=str(error)), source=check.name)
                    )
        return tuple(found)

    def commit(self, events: Sequence[Event], reads: Reads, beside: Sequence[Any] = ()) -> None:
        """Write the events and what they change, guarded by all that was read, and announce them."""
        if not events and not beside:
            return
        written = fold(events, reads)
        if self.upon is not None:
            beside = (*beside, *self.upon(events, reads))
        governing = self.governing
        if governing is not None and reads.get(PolicyVersion, governing.policy) is None:
            beside = (*beside, evolve(governing, first_used_at=self.clock()))
        seen = reads.seen
        # What goes, and what is the store's own business, may be there already. Anything else that nobody looked at
        # is new, and must be: a key that another desk took meanwhile is a conflict, never replaced.
        unseen: list[Get] = []
        for place, record in written.items():
            if record is None and place not in seen:
                unseen.append(Get(*place))
        for record in beside:
            kind = kind_of(type(record))
            asked = Get(kind, kind.key_of(record))
            written[asked] = record
            if asked not in seen:
                unseen.append(asked)
        if unseen:
            reads.load(*unseen)
        writes: list[Write] = []
        for place, record in written.items():
            row = seen.get(place)
            version = 0 if row is None else row[1]
            if record is not None or version:
                kind, key = place
                writes.append(new_write(kind, key, record, version))
        batch = new_batch(reads.guards(written), tuple(writes), tuple(events), (), reads.as_of)
        position = self.storage.apply(batch)
        self.governing = None
        self.announcer.committed(events, beside, position)
        if self.after is not None:
            self.after(events)

    def look_again(self, at: datetime) -> None:
        """Ask the store for closings that were announced, so that the calendars know them."""
        self.look_again_at = self.calendars.look_again(at)

    def fingerprint(self, reads: Reads) -> str:
        """A fingerprint of all that a decision read, and of the closings it knew: equal as long as none has changed."""
        seen = sorted((kind.name, key, row.version) for (kind, key), row in reads.seen.items())
        return hashlib.blake2b(f"{seen!r}{self.calendars.mark}".encode(), digest_size=16).hexdigest()

    def in_words(self, refusal: Refuse) -> Refuse:
        """The refusal with its reasons in the desk's language."""
        trace = refusal.trace and self.told(refusal.trace)
        return Refuse(self.worded(refusal.reasons), self.worded(refusal.alerts), trace)

    def told(self, trace: Trace) -> Trace:
        """The trace with the reasons of its checks in the desk's language."""
        found = [
            check if check.reason is None else evolve(check, reason=self.worded((check.reason,))[0])
            for check in trace.checks
        ]
        return evolve(trace, checks=tuple(found))

    def worded(self, reasons: Sequence[Reason]) -> tuple[Reason, ...]:
        return tuple([reason if reason.text else evolve(reason, text=self.words.text(reason)) for reason in reasons])
