"""What acts on bookings read and ask, whether they are done or only looked at beforehand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen

from libops.base.decisions import Decision, Override, Reason, Refuse
from libops.base.errors import NotFound
from libops.base.ids import BookingId, PatronId
from libops.bookings import decide
from libops.bookings.decide import BookingFacts, BookingPlan, BookingRequest, LifeFacts
from libops.bookings.events import BookingMade, WaitingOffered
from libops.bookings.model import BookedSlot, Booking, BookingTally, PlannedCharge, Resource, WaitingEntry, tally_key
from libops.bookings.policy import BookingTerms, terms_for
from libops.desk.bookings.makerspace import MakerspaceDesk
from libops.desk.bookings.reserving import Moment
from libops.desk.reads import Reads
from libops.desk.shell import Errand
from libops.storage.fold import fold
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Storage

__all__ = ["BookingActs", "BookingErrand", "BookingPreview"]

Answer = Decision[BookingPlan]


@frozen
class BookingPreview:
    """What an act on a booking would come to: the booking as it would be, and what it would cost the patron.

    `passed_on` is set when somebody who waits would be offered the time, or have it. `preview` is handed to the act
    itself, which is then refused if anything has changed since.
    """

    booking: Booking
    charges: tuple[PlannedCharge, ...] = ()
    passed_on: bool = False
    alerts: tuple[Reason, ...] = ()
    preview: str = ""


@frozen(eq=False)
class BookingErrand:
    """An act on one booking: what it reads, whom it asks."""

    booking: BookingId
    load: Callable[[Reads], Any]
    ask: Callable[[Any, datetime], Answer]


class BookingActs(MakerspaceDesk):
    """The acts on bookings, ready to be done or previewed; and what only looks."""

    def done(self, act: BookingErrand, preview: str = "") -> Decision[Booking]:
        """Do it, unless what a preview has seen is no longer so."""
        errand = Errand(act.load, act.ask, lambda plan, facts, at, alerts: self.get(act.booking))
        return self.shell.act(errand, expecting=preview)

    def foreseen(self, act: BookingErrand) -> Decision[BookingPreview]:
        """Say what would happen."""
        storage = self.shell.storage
        errand = Errand(act.load, act.ask, lambda plan, facts, at, alerts: preview_of(storage, plan, act, alerts))
        return self.shell.act(errand, commit=False)

    # --- looking ------------------------------------------------------------------------------------------------------

    def get(self, booking: str) -> Booking:
        """The booking with this identifier. Raises `NotFound`."""
        return self.booking_or_raise(Reads(self.shell.storage), booking)

    def resources(self, *, kind: str | None = None, library: str | None = None) -> list[Resource]:
        """What can be booked in a library, this one when left out, of one kind or of all."""
        equal = (library or self.library,) if kind is None else (library or self.library, kind)
        return Reads(self.shell.storage).find(Resource, "by_library", *equal)

    def resource(self, resource: str) -> Resource:
        """The resource with this identifier. Raises `NotFound`."""
        return self.resource_or_raise(Reads(self.shell.storage), resource)

    def free(self, resource: str, start: Moment, end: Moment) -> list[tuple[datetime, datetime]]:
        """The stretches between two moments in which the library is open and nothing is booked, in whole slots, in UTC.

        The terms (lead, trail, length, notice) are not asked: `preview_make` says whether a span may be booked.
        """
        reads = Reads(self.shell.storage)
        found = self.resource_or_raise(reads, resource)
        since, until = self.instant(start), self.instant(end)
        (taken,) = reads.load(Find(kind_of(BookedSlot), "by_resource", (found.id,), low=since, high=until))
        calendar = self.book.calendar(found.library)
        return list(decide.free_spans(taken, calendar, since, until, slot_minutes=found.slot_minutes))

    def of_patron(self, patron: str) -> list[Booking]:
        """A patron's bookings, past ones too, the first to begin at the top. Raises `NotFound` for an unknown card."""
        reads = Reads(self.shell.storage)
        return reads.find(Booking, "by_patron", self.holders.patron_or_raise(reads, patron).id)

    def of_resource(self, resource: str, start: Moment, end: Moment) -> list[Booking]:
        """The open bookings of a resource that begin at `start` or later and before `end`, in order."""
        asked = Find(kind_of(Booking), "by_resource", (resource,), low=self.instant(start), high=self.instant(end))
        return [booking for booking in Reads(self.shell.storage).load(asked)[0] if booking.state.is_open]

    # --- the acts -------------------------------------------------------------------------------------------------

    def making(
        self,
        resource: str,
        patron: str,
        start: Moment,
        end: Moment,
        purpose: str,
        by: str,
        override: Override | None,
        explain: bool,
    ) -> BookingErrand:
        since, until = self.instant(start), self.instant(end)
        booking_id = BookingId(self.shell.ids())

        def ask(facts: Any, at: datetime) -> Answer:
            return decide.make_booking(
                facts[0],
                facts[1],
                booking_id=booking_id,
                at=at,
                by=by,
                policy=self.policy,
                override=override,
                explain=explain,
            )

        def load(reads: Reads) -> Any:
            return self.request(reads, resource, patron, since, until, purpose)

        return BookingErrand(booking_id, load, ask)

    def changing(
        self, booking: str, start: Moment | None, end: Moment | None, by: str, override: Override | None
    ) -> BookingErrand:
        def load(reads: Reads) -> Any:
            before = self.booking_or_raise(reads, booking)
            since = before.start if start is None else self.instant(start)
            until = before.end if end is None else self.instant(end)
            found = self.request(reads, before.resource_id, before.patron_id, since, until, before.purpose)
            return found if isinstance(found, Refuse) else (found[0], before, since, until)

        def ask(facts: Any, at: datetime) -> Answer:
            known, before, since, until = facts
            return decide.change_booking(
                known, before, start=since, end=until, at=at, by=by, policy=self.policy, override=override
            )

        return BookingErrand(BookingId(booking), load, ask)

    def starting(self, booking: str, by: str, override: Override | None) -> BookingErrand:
        return self.living(
            booking,
            lambda facts, at: decide.start_booking(facts, at=at, by=by, policy=self.policy, override=override),
            by,
        )

    def ending(self, booking: str, by: str) -> BookingErrand:
        return self.living(booking, lambda facts, at: decide.end_booking(facts, **self.terms(at, by)), by)

    def cancelling(self, booking: str, why: str, by: str) -> BookingErrand:
        return self.living(booking, lambda facts, at: decide.cancel_booking(facts, why=why, **self.terms(at, by)), by)

    def living(self, booking: str, ask: Callable[[LifeFacts, datetime], Answer], by: str) -> BookingErrand:
        """An act on a booking that is there, with what it charges."""

        def load(reads: Reads) -> LifeFacts:
            found = self.booking_or_raise(reads, booking)
            resource = self.resource_or_raise(reads, found.resource_id)
            waiting = self.waiting(reads, resource)
            return LifeFacts(
                booking=found,
                resource=resource,
                held_by=self.held_by(reads, resource),
                certifications=self.certifications(reads, found.patron_id),
                waiting=waiting,
                taken=self.taken(reads, resource, [(entry.start, entry.end) for entry in waiting]),
                at_limit=self.at_limit(reads, found, resource, waiting),
            )

        loaded, asked = self.with_account(load, lambda facts: facts.booking.patron_id, ask, by)
        return BookingErrand(BookingId(booking), loaded, asked)

    # --- loading --------------------------------------------------------------------------------------------------

    def request(
        self,
        reads: Reads,
        resource: str,
        patron: str,
        start: datetime,
        end: datetime,
        purpose: str,
        spans: Sequence[tuple[datetime, datetime]] = (),
    ) -> tuple[BookingFacts, BookingRequest] | Refuse:
        use = self.holders.patron(reads, patron)
        if isinstance(use, Reason):
            return Refuse((use,))
        found, patron_id = self.resource_or_raise(reads, resource), PatronId(use.holder_id)
        facts = BookingFacts(
            resource=found,
            calendar=self.book.calendar(found.library),
            taken=self.taken(reads, found, spans or [(start, end)]),
            held_by=self.held_by(reads, found),
            loan_due=self.loan_due(reads, found),
            open_bookings=self.alike(reads, patron_id, terms_for(self.policy, found)[0]),
            certifications=self.certifications(reads, patron_id),
            patron_reasons=self.patron_reasons(reads, patron_id, self.shell.clock()),
        )
        return facts, BookingRequest(patron_id=patron_id, start=start, end=end, purpose=purpose)

    def alike(self, reads: Reads, patron_id: PatronId, terms: BookingTerms) -> tuple[Booking, ...]:
        """The patron's open bookings under the same terms; the tally, read first, guards that they are all."""
        reads.get(BookingTally, tally_key(patron=patron_id))
        mine = [booking for booking in reads.find(Booking, "by_patron", patron_id) if booking.state.is_open]
        return tuple(
            one for one in mine if terms_for(self.policy, self.resource_or_raise(reads, one.resource_id))[0] == terms
        )

    def at_limit(
        self, reads: Reads, booking: Booking | None, resource: Resource, waiting: Sequence[WaitingEntry]
    ) -> frozenset[PatronId]:
        """Those who wait and have all the bookings that they may have, where what comes free is booked at once."""
        terms = terms_for(self.policy, resource)[0]
        if not terms.passes_over_full:
            return frozenset()
        patrons = dict.fromkeys(entry.patron_id for entry in waiting)
        freed = None if booking is None else booking.id
        counts = {patron: sum(one.id != freed for one in self.alike(reads, patron, terms)) for patron in patrons}
        return frozenset(patron for patron, count in counts.items() if terms.full(count))

    def terms(self, at: datetime, by: str) -> dict[str, Any]:
        return {"at": at, "by": by, "policy": self.policy, "next_id": lambda: BookingId(self.shell.ids())}

    def booking_or_raise(self, reads: Reads, booking: str) -> Booking:
        found = reads.get(Booking, booking)
        if found is None:
            raise NotFound(f"no booking has the identifier {booking!r}")
        return found


def preview_of(storage: Storage, plan: BookingPlan, act: BookingErrand, alerts: tuple[Reason, ...]) -> BookingPreview:
    """The booking as the plan leaves it. What is read here is no part of what the decision has seen."""
    after: Booking = fold(plan.events, Reads(storage))[(kind_of(Booking), act.booking)]
    others = [event.booking.id for event in plan.events if isinstance(event, BookingMade)]
    passed_on = any(isinstance(event, WaitingOffered) for event in plan.events) or any(
        made != act.booking for made in others
    )
    return BookingPreview(after, plan.charges, passed_on, alerts)
