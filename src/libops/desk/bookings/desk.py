"""The booking desk: what can be booked, bookings and their life, series, certifications."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from attrs import evolve

from libops.base.decisions import Decision, Override, Permit, Reason, Refuse
from libops.base.ids import AssetId, BookingId, ItemId, PatronId, ResourceId
from libops.bookings import decide
from libops.bookings.decide import BookingPlan, LifeFacts
from libops.bookings.model import (
    LONGEST_SERIES,
    Booking,
    BookingState,
    Certification,
    CertificationAct,
    Recurrence,
    Resource,
    certification_key,
    occurrences,
)
from libops.bookings.policy import terms_for
from libops.desk.arguments import checks_arguments, fitting_fields
from libops.desk.bookings.acts import BookingPreview
from libops.desk.bookings.reserving import Moment
from libops.desk.bookings.waiting_list import WaitingDesk
from libops.desk.reads import Reads
from libops.storage.kinds import kind_of
from libops.storage.port import Find

__all__ = ["BookingDesk"]


Answer = Decision[BookingPlan]


@checks_arguments()
class BookingDesk(WaitingDesk):
    """Bookings and makerspace jobs. Acts that may cost something have a preview of the same arguments.

    `resource` and `booking` are identifiers, `patron` a card's barcode or the patron's identifier. Moments are aware
    datetimes, or text in ISO 8601; those without a zone are the library's clock time. Acts answer `Permit` with the
    `Booking` as it is now, or `Refuse` with every reason: `barcode.no_patron`, and `booking.act_not_legal` for what the
    booking's state does not allow. They raise `NotFound` for a resource or booking that is not there, and
    `InvalidValue` for a moment that cannot be read. What they charge stands on the patron's account in the same step.

    >>> import libops
    >>> from datetime import datetime
    >>> ops = libops.open(clock=lambda: datetime.fromisoformat("2026-03-03T10:00Z"))
    >>> ada = ops.patrons.register(name="Ada Kowalski", category="adult", card="21234000000017").result
    >>> study = ops.bookings.register(id="study", name="Study room", kind="room").result
    >>> noon, one = datetime(2026, 3, 4, 12), datetime(2026, 3, 4, 13)
    >>> ops.bookings.make(resource="study", patron=ada.card, start=noon, end=one).result.state.value
    'confirmed'
    >>> [reason.code for reason in ops.bookings.make(resource="study", patron=ada.card, start=noon, end=one).reasons]
    ['booking.overlaps']
    """

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
        """Let a room, a machine or a piece of equipment be booked, and return it.

        `kind` chooses the terms in the settings unless `terms` names others. `item` is given where it is lent too,
        `asset` where it is in the register of equipment: a ticket there keeps it from being booked. `more` are other
        fields of `Resource`: `slot_minutes` is the grain of its time, 15 when left out.

        Refused: `resource.known` for an `id` in use, `barcode.no_item`. Raises `InvalidValue` for a field that a
        resource does not have, terms that the settings do not have, or slots that do not fill a day.
        """
        fitting_fields(Resource, "a resource", more, but=("item_id", "asset_id"))
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
        """Edit a resource, field by field; `bookable=False` takes it out of the list of what may be booked.

        Refused: `resource.grid_fixed` for other `slot_minutes` while bookings are open. Raises `InvalidValue` for a
        field that a resource does not have.
        """
        fitting_fields(Resource, "a resource", changed, but=("id",))

        def load(reads: Reads) -> Any:
            stored = self.resource_or_raise(reads, resource)
            return stored, evolve(stored, **changed), tuple(reads.find(Booking, "by_resource", resource))

        return self.resource_act(load, lambda facts, at: decide.change_resource(*facts, at=at, by=by), resource)

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
        preview: str = "",
    ) -> Decision[Booking]:
        """Book a resource for a patron.

        Returns `Permit` with the booking, confirmed or waiting for approval as the terms say (told by an alert,
        `booking.needs_approval`). Two desks can never book overlapping spans, however close together they ask.
        `preview` is that of a `BookingPreview`: refused if anything has changed since.

        Refused for the span: `booking.overlaps` (lead and trail included), `booking.past`, `booking.off_grid`, and what
        a right lifts: `booking.too_short`, `booking.too_long`, `booking.notice_short`, `booking.notice_long`,
        `booking.outside_hours`. For the resource: `resource.not_bookable`, `resource.out_of_service`,
        `item.lent_beyond`. For the patron: `booking.limit_reached`, `certification.missing`, `certification.expired`,
        and what bars the patron from loans as well (`patron.expired`, `patron.debt_limit` and their like). Raises
        `InvalidValue` when the end does not come after the start.
        """
        return self.done(self.making(resource, patron, start, end, purpose, by, override, explain), preview)

    def preview_make(
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
    ) -> Decision[BookingPreview]:
        """What `make` would answer, with what it would cost; nothing is written. Its `preview` is handed to `make`."""
        return self.foreseen(self.making(resource, patron, start, end, purpose, by, override, explain))

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
        """Book again and again, at the same time on the library's clocks, also when these are put forward or back.

        `recurrence` says how often: `Recurrence(every=Period.parse("1 week"), count=10)`. Each day is asked what `make`
        asks; where one cannot be booked the terms (`series_conflict`) refuse the series, or leave it out and tell it by
        an alert, `booking.skipped`. Refused: `series.empty`. Raises `InvalidValue` for more than 366 of them.
        """
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
        preview: str = "",
    ) -> Decision[Booking]:
        """Move a booking, or make it longer or shorter; what is left out stays. Asked and refused as `make`.

        One that has started keeps its start. One that was confirmed and would now need approval grows only with the
        right `bookings.approve`: `booking.needs_approval`. Raises `InvalidValue` when the end would not come after the
        start.
        """
        return self.done(self.changing(booking, start, end, by, override), preview)

    def preview_change(
        self,
        booking: str,
        *,
        start: Moment | None = None,
        end: Moment | None = None,
        by: str = "desk",
        override: Override | None = None,
    ) -> Decision[BookingPreview]:
        """What `change` would answer; nothing is written."""
        return self.foreseen(self.changing(booking, start, end, by, override))

    def approve(self, booking: str, *, by: str = "desk") -> Decision[Booking]:
        """Say yes to a booking that was requested: it is confirmed."""
        return self.done(
            self.living(booking, lambda facts, at: decide.approve_booking(facts.booking, at=at, by=by), by)
        )

    def reject(self, booking: str, *, why: str, by: str = "desk") -> Decision[Booking]:
        """Say no to a booking that was requested, and why; its time goes to those who wait."""

        def ask(facts: LifeFacts, at: datetime) -> Answer:
            return decide.reject_booking(facts, why=why, **self.terms(at, by))

        return self.done(self.living(booking, ask, by))

    def start(
        self, booking: str, *, by: str = "desk", override: Override | None = None, preview: str = ""
    ) -> Decision[Booking]:
        """The patron is there: the room is opened, the equipment handed over. A deposit is charged.

        Refused: `booking.too_early` before the lead time, which the right `bookings.start_early` lifts;
        `resource.not_bookable`, `resource.out_of_service`, `certification.missing`, `certification.expired`.
        """
        return self.done(self.starting(booking, by, override), preview)

    def preview_start(
        self, booking: str, *, by: str = "desk", override: Override | None = None
    ) -> Decision[BookingPreview]:
        """What `start` would answer; nothing is written."""
        return self.foreseen(self.starting(booking, by, override))

    def end(self, booking: str, *, by: str = "desk", preview: str = "") -> Decision[Booking]:
        """It is over: rent and lateness are charged, the deposit goes back, what is left of the time is free.

        Late is told by an alert, `booking.ended_late`. The time that is free goes to those who wait.
        """
        return self.done(self.ending(booking, by), preview)

    def preview_end(self, booking: str, *, by: str = "desk") -> Decision[BookingPreview]:
        """What `end` would answer; nothing is written."""
        return self.foreseen(self.ending(booking, by))

    def cancel(self, booking: str, *, why: str = "", by: str = "desk", preview: str = "") -> Decision[Booking]:
        """Give a booking up that has not started; its time goes to those who wait.

        With less notice than the terms ask for it may cost, and is told by an alert, `booking.cancelled_late`.
        """
        return self.done(self.cancelling(booking, why, by), preview)

    def preview_cancel(self, booking: str, *, why: str = "", by: str = "desk") -> Decision[BookingPreview]:
        """What `cancel` would answer; nothing is written."""
        return self.foreseen(self.cancelling(booking, why, by))

    def mark_no_show(self, booking: str, *, by: str = "desk") -> Decision[Booking]:
        """Nobody came: the time is free, and the terms may charge for it (`no_show_fee`).

        Refused: `booking.not_missed` until `no_show_after` minutes after the start, and where the terms have none.
        """

        def ask(facts: LifeFacts, at: datetime) -> Answer:
            return decide.mark_no_show(facts, **self.terms(at, by))

        return self.done(self.living(booking, ask, by))

    def mark_no_shows(self, *, by: str = "no-shows") -> list[Booking]:
        """Mark every confirmed booking whose patron can no longer come; returns them. Run it every 15 minutes."""
        begun = Find(kind_of(Booking), "by_state", (BookingState.CONFIRMED,), high=self.shell.clock())
        found = Reads(self.shell.storage).load(begun)[0]
        answers = [self.mark_no_show(booking.id, by=by) for booking in found]
        return [answer.result for answer in answers if isinstance(answer, Permit)]

    # --- certifications -------------------------------------------------------------------------------------------

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
        """Ask for, grant, reject or revoke a certification: a course taken, a kind of material approved.

        `subject` is the library's own word, as the terms' `certifications` have it. A grant holds until `expires_at`,
        without end when left out; granting again renews it. Refused: `certification.act_not_legal`.
        """
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

    def resource_act(
        self, load: Callable[[Reads], Any], ask: Callable[[Any, datetime], Answer], resource: str
    ) -> Decision[Resource]:
        return self.act(load, ask, lambda plan: self.resource(resource))  # type: ignore[no-any-return]
