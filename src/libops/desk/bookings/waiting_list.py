"""The waiting list of what can be booked: who waits for a span, and who is next when it comes free."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from libops.base.decisions import Decision, Override, Refuse
from libops.base.errors import NotFound
from libops.bookings import decide
from libops.bookings.decide import BookingPlan
from libops.bookings.events import BookingMade
from libops.bookings.model import Booking, WaitingEntry
from libops.desk.bookings.feeds import BookingFeeds
from libops.desk.bookings.reserving import Moment
from libops.desk.reads import Reads

__all__ = ["WaitingDesk"]

Answer = Decision[BookingPlan]


class WaitingDesk(BookingFeeds):
    """Patrons who wait for a span that is taken."""

    def wait(
        self,
        *,
        resource: str,
        patron: str,
        start: Moment,
        end: Moment,
        by: str = "desk",
        override: Override | None = None,
    ) -> Decision[WaitingEntry]:
        """Wait for a span that is taken. When it comes free the first who fits is told, or has it, as the terms say.

        Asked what `make` asks, but for its being free. Refused besides: `waiting.span_free`, and `waiting.list_full`,
        which the right `bookings.waiting` lifts; a limit of 0 means there is no list. Raises `InvalidValue` when the
        end does not come after the start.
        """
        since, until, entry_id = self.instant(start), self.instant(end), self.shell.ids()

        def load(reads: Reads) -> Any:
            found = self.request(reads, resource, patron, since, until, "")
            if isinstance(found, Refuse):
                return found
            return found[0], found[1].patron_id, self.waiting(reads, found[0].resource)

        def ask(facts: Any, at: datetime) -> Answer:
            known, patron_id, waiting = facts
            entry = WaitingEntry(entry_id, known.resource.id, patron_id, since, until, at)
            return decide.join_waiting_list(known, entry, waiting, by=by, policy=self.policy, override=override)

        return self.act(load, ask, lambda plan: plan.events[0].entry)  # type: ignore[attr-defined, no-any-return]

    def stop_waiting(self, entry: str, *, by: str = "desk") -> Decision[str]:
        """Wait no more; `entry` is the identifier of a `WaitingEntry`, and is returned. Raises `NotFound`."""

        def load(reads: Reads) -> WaitingEntry:
            found = reads.get(WaitingEntry, entry)
            if found is None:
                raise NotFound(f"no place {entry!r} on a waiting list")
            return found

        return self.act(load, lambda facts, at: decide.leave_waiting_list(facts, at=at, by=by), lambda plan: entry)  # type: ignore[no-any-return]

    def offer_next(self, resource: str, *, by: str = "desk") -> Decision[WaitingEntry | Booking]:
        """Let the next who waits have what is free: after an offer was not taken up, or a room came back into use.

        Acts that free a span do so by themselves. Returns who waits and is told now, or the booking that was made for
        them, as the terms say; whoever was told already is passed over (see `stop_waiting`). Refused:
        `waiting.nobody_fits`.
        """

        def load(reads: Reads) -> Any:
            found = self.resource_or_raise(reads, resource)
            waiting = self.waiting(reads, found)
            full = self.at_limit(reads, None, found, waiting)
            fit = tuple(entry for entry in waiting if entry.patron_id not in full)
            return found, fit, self.taken(reads, found, [(entry.start, entry.end) for entry in fit])

        def receive(plan: BookingPlan) -> WaitingEntry | Booking | None:
            first: Any = plan.events[0]
            if isinstance(first, BookingMade):
                return first.booking
            return Reads(self.shell.storage).get(WaitingEntry, first.entry_id)

        def ask(facts: Any, at: datetime) -> Answer:
            return decide.offer_next(*facts, **self.terms(at, by))

        return self.act(load, ask, receive)  # type: ignore[no-any-return]
