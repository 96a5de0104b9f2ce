"""The booking desk: what can be booked, bookings and their life, series, the waiting list, certifications."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve, fields

from libops.base.decisions import Decision, Override, Permit, Reason, Refuse
from libops.base.errors import InvalidValue, NotFound
from libops.base.ids import AssetId, BookingId, ItemId, PatronId, ResourceId
from libops.bookings import decide
from libops.bookings.decide import BookingFacts, BookingPlan, BookingRequest, LifeFacts
from libops.bookings.model import (
    LONGEST_SERIES,
    BookedSlot,
    Booking,
    BookingState,
    Certification,
    CertificationAct,
    Recurrence,
    Resource,
    WaitingEntry,
    certification_key,
    occurrences,
)
from libops.bookings.policy import BookingTerms, terms_for
from libops.desk.makerspace import MakerspaceDesk
from libops.desk.reads import Reads
from libops.storage.kinds import kind_of
from libops.storage.port import Find

__all__ = ["BookingDesk"]

FIELDS = frozenset(attribute.name for attribute in fields(Resource))

Answer = Decision[BookingPlan]
Moment = datetime | str


class BookingDesk(MakerspaceDesk):
    """Bookings and makerspace jobs. Moments are aware datetimes; those without a zone are the library's clock time."""

    # --- what can be booked ---------------------------------------------------------------------------------------

    def register(
        self,
        *,
        name: str,
        kind: str,
        id: str | None = None,
        item: str | None = None,
        asset: str | None = None,
        by: str = "desk",
        **more: Any,
    ) -> Decision[Resource]:
        """Let a room, a machine or a piece of equipment be booked.

        `kind` chooses the terms in the settings unless `terms` names others. `item` is given where it is lent too,
        `asset` where it is in the register of equipment; `more` are other fields of `Resource`.
        """
        more.setdefault("library", self.library)
        resource_id = ResourceId(self.shell.ids() if id is None else id)

        def load(reads: Reads) -> Any:
            item_id = None
            if item is not None:
                use = self.holders.item(reads, item)
                if isinstance(use, Reason):
                    return Refuse((use,))
                item_id = ItemId(use.holder_id)
            asset_id = None if asset is None else AssetId(asset)
            made = Resource(id=resource_id, name=name, kind=kind, item_id=item_id, asset_id=asset_id, **more)
            terms_for(self.policy, made)
            return reads.get(Resource, resource_id), made

        return self.resource_act(load, lambda facts, at: decide.register_resource(*facts, at=at, by=by), resource_id)

    def change_resource(self, resource: str, *, by: str = "desk", **changed: Any) -> Decision[Resource]:
        """Edit a resource; its slot length only while nothing is booked ahead."""
        for name in changed:
            if name == "id" or name not in FIELDS:
                raise InvalidValue(f"a resource has no field {name!r} to change; it has {', '.join(sorted(FIELDS))}")

        def load(reads: Reads) -> Any:
            stored = self.resource_or_raise(reads, resource)
            return stored, evolve(stored, **changed), tuple(reads.find(Booking, "by_resource", resource))

        return self.resource_act(load, lambda facts, at: decide.change_resource(*facts, at=at, by=by), resource)

    def resource(self, resource: str) -> Resource:
        """The resource with this identifier. Raises `NotFound`."""
        return self.resource_or_raise(Reads(self.shell.storage), resource)

    def resources(self, *, kind: str | None = None, library: str | None = None) -> list[Resource]:
        """What can be booked in a library."""
        equal = (library or self.library,) if kind is None else (library or self.library, kind)
        return Reads(self.shell.storage).find(Resource, "by_library", *equal)

    def free(self, resource: str, start: Moment, end: Moment) -> list[tuple[datetime, datetime]]:
        """The stretches between two moments in which the library is open and nothing is booked."""
        reads = Reads(self.shell.storage)
        found = self.resource_or_raise(reads, resource)
        since, until = self.instant(start), self.instant(end)
        (taken,) = reads.load(Find(kind_of(BookedSlot), "by_resource", (found.id,), low=since, high=until))
        calendar = self.book.calendar(found.library)
        return list(decide.free_spans(taken, calendar, since, until, slot_minutes=found.slot_minutes))

    # --- booking --------------------------------------------------------------------------------------------------

    def make(
        self,
        *,
        resource: str,
        patron: str,
        start: Moment,
        end: Moment,
        purpose: str = "",
        by: str = "desk",
        override: Override | None = None,
        explain: bool = False,
    ) -> Decision[Booking]:
        """Book a resource for a patron.

        Returns `Permit` with the booking, confirmed or waiting for approval as the terms say, or `Refuse` with every
        reason. Two desks can never book overlapping spans, however close together they ask.
        """
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

        return self.act(load, ask, lambda plan: self.get(booking_id))  # type: ignore[no-any-return]

    def make_series(
        self,
        *,
        resource: str,
        patron: str,
        start: Moment,
        end: Moment,
        recurrence: Recurrence,
        purpose: str = "",
        by: str = "desk",
        override: Override | None = None,
    ) -> Decision[list[Booking]]:
        """Book again and again, at the same time on the library's clocks."""
        since, until = self.instant(start), self.instant(end)
        series, ids = self.shell.ids(), [BookingId(self.shell.ids()) for _ in range(LONGEST_SERIES)]

        def load(reads: Reads) -> Any:
            zone = self.book.calendar(self.resource_or_raise(reads, resource).library).zone_info
            spans = occurrences(since, until, recurrence, zone)
            return self.request(reads, resource, patron, since, until, purpose, spans)

        def ask(facts: Any, at: datetime) -> Answer:
            return decide.make_series(
                facts[0],
                facts[1],
                recurrence,
                series=series,
                ids=ids,
                at=at,
                by=by,
                policy=self.policy,
                override=override,
            )

        def receive(plan: BookingPlan) -> list[Booking]:
            return Reads(self.shell.storage).find(Booking, "by_series", series)

        return self.act(load, ask, receive)  # type: ignore[no-any-return]

    def change(
        self,
        booking: str,
        *,
        start: Moment | None = None,
        end: Moment | None = None,
        by: str = "desk",
        override: Override | None = None,
    ) -> Decision[Booking]:
        """Move a booking, or make it longer or shorter."""

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

        return self.act(load, ask, lambda plan: self.get(booking))  # type: ignore[no-any-return]

    def approve(self, booking: str, *, by: str = "desk") -> Decision[Booking]:
        """Say yes to a booking that was requested."""
        return self.live(booking, lambda facts, at: decide.approve_booking(facts.booking, at=at, by=by), by)

    def reject(self, booking: str, *, why: str, by: str = "desk") -> Decision[Booking]:
        """Say no to a booking that was requested."""
        return self.live(booking, lambda facts, at: decide.reject_booking(facts, why=why, **self.terms(at, by)), by)

    def start(self, booking: str, *, by: str = "desk", override: Override | None = None) -> Decision[Booking]:
        """The patron is there; a deposit is charged."""
        return self.live(
            booking,
            lambda facts, at: decide.start_booking(facts, at=at, by=by, policy=self.policy, override=override),
            by,
        )

    def end(self, booking: str, *, by: str = "desk") -> Decision[Booking]:
        """It is over: rent and lateness are charged, the deposit goes back, what is left of the time is free."""
        return self.live(booking, lambda facts, at: decide.end_booking(facts, **self.terms(at, by)), by)

    def cancel(self, booking: str, *, why: str = "", by: str = "desk") -> Decision[Booking]:
        """Give a booking up; its time goes to those who wait."""
        return self.live(booking, lambda facts, at: decide.cancel_booking(facts, why=why, **self.terms(at, by)), by)

    def mark_no_show(self, booking: str, *, by: str = "desk") -> Decision[Booking]:
        """Nobody came."""
        return self.live(booking, lambda facts, at: decide.mark_no_show(facts, **self.terms(at, by)), by)

    def mark_no_shows(self, *, by: str = "no-shows") -> list[Booking]:
        """Mark every confirmed booking whose patron can no longer come. Run it every quarter of an hour."""
        begun = Find(kind_of(Booking), "by_state", (BookingState.CONFIRMED,), high=self.shell.clock())
        found = Reads(self.shell.storage).load(begun)[0]
        answers = [self.mark_no_show(booking.id, by=by) for booking in found]
        return [answer.result for answer in answers if isinstance(answer, Permit)]

    def get(self, booking: str) -> Booking:
        """The booking with this identifier. Raises `NotFound`."""
        return self.booking_or_raise(Reads(self.shell.storage), booking)

    def of_patron(self, patron: str) -> list[Booking]:
        """A patron's bookings, the first to begin at the top."""
        reads = Reads(self.shell.storage)
        return reads.find(Booking, "by_patron", self.holders.patron_or_raise(reads, patron).id)

    def of_resource(self, resource: str, start: Moment, end: Moment) -> list[Booking]:
        """The open bookings of a resource that begin in a span."""
        asked = Find(kind_of(Booking), "by_resource", (resource,), low=self.instant(start), high=self.instant(end))
        return [booking for booking in Reads(self.shell.storage).load(asked)[0] if booking.state.is_open]

    # --- waiting, certifications ----------------------------------------------------------------------------------

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
        """Wait for a span that is taken."""
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
        """Wait no more."""

        def load(reads: Reads) -> WaitingEntry:
            found = reads.get(WaitingEntry, entry)
            if found is None:
                raise NotFound(f"no place {entry!r} on a waiting list")
            return found

        return self.act(load, lambda facts, at: decide.leave_waiting_list(facts, at=at, by=by), lambda plan: entry)  # type: ignore[no-any-return]

    def certify(
        self,
        *,
        patron: str,
        subject: str,
        act: CertificationAct = CertificationAct.GRANT,
        expires_at: Moment | None = None,
        why: str = "",
        by: str = "desk",
    ) -> Decision[Certification]:
        """Ask for, grant, reject or revoke a certification: a course taken, a kind of material approved."""
        ends = None if expires_at is None else self.instant(expires_at)

        def load(reads: Reads) -> Any:
            use = self.holders.patron(reads, patron)
            if isinstance(use, Reason):
                return Refuse((use,))
            patron_id = PatronId(use.holder_id)
            return patron_id, reads.get(Certification, certification_key(patron_id, subject))

        def ask(facts: Any, at: datetime) -> Answer:
            return decide.change_certification(
                facts[1], act, patron_id=facts[0], subject=subject, at=at, by=by, expires_at=ends, why=why
            )

        def receive(plan: BookingPlan) -> Certification | None:
            key = certification_key(plan.events[0].patron_id, subject)  # type: ignore[attr-defined]
            return Reads(self.shell.storage).get(Certification, key)

        return self.act(load, ask, receive)  # type: ignore[no-any-return]

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
        mine = [booking for booking in reads.find(Booking, "by_patron", patron_id) if booking.state.is_open]
        terms, _ = terms_for(self.policy, found)
        alike = [
            one for one in mine if terms_for(self.policy, self.resource_or_raise(reads, one.resource_id))[0] == terms
        ]
        facts = BookingFacts(
            resource=found,
            calendar=self.book.calendar(found.library),
            taken=self.taken(reads, found, spans or [(start, end)]),
            held_by=self.held_by(reads, found),
            loan_due=self.loan_due(reads, found),
            open_bookings=tuple(alike),
            certifications=self.certifications(reads, patron_id),
            patron_reasons=self.patron_reasons(reads, patron_id, self.shell.clock()),
        )
        return facts, BookingRequest(patron_id=patron_id, start=start, end=end, purpose=purpose)

    def live(self, booking: str, ask: Callable[[LifeFacts, datetime], Answer], by: str) -> Decision[Booking]:
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
            )

        return self.charging(load, lambda facts: facts.booking.patron_id, ask, lambda plan: self.get(booking), by)  # type: ignore[no-any-return]

    def terms_of_resource(self, reads: Reads, resource: str) -> BookingTerms:
        return terms_for(self.policy, self.resource_or_raise(reads, resource))[0]

    def terms(self, at: datetime, by: str) -> dict[str, Any]:
        return {"at": at, "by": by, "policy": self.policy, "next_id": lambda: BookingId(self.shell.ids())}

    def booking_or_raise(self, reads: Reads, booking: str) -> Booking:
        found = reads.get(Booking, booking)
        if found is None:
            raise NotFound(f"no booking has the identifier {booking!r}")
        return found

    def resource_act(
        self, load: Callable[[Reads], Any], ask: Callable[[Any, datetime], Answer], resource: str
    ) -> Decision[Resource]:
        return self.act(load, ask, lambda plan: self.resource(resource))  # type: ignore[no-any-return]
