from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from libops.base.calendars import Calendar
from libops.base.decisions import Override, Permit, Refuse
from libops.base.errors import NotFound
from libops.base.ids import BookingId, LibraryCode, PatronId, ResourceId
from libops.base.money import Money
from libops.bookings import (
    ApprovalNeeded,
    BookedSlot,
    Booking,
    BookingFacts,
    BookingMissed,
    BookingPolicy,
    BookingRequest,
    BookingState,
    BookingTerms,
    Certification,
    CertificationAct,
    CertificationState,
    ChargeCause,
    LifeFacts,
    OutsideHours,
    Resource,
    WaitingEntry,
    WaitingList,
    approve_booking,
    cancel_booking,
    change_booking,
    change_certification,
    end_booking,
    join_waiting_list,
    leave_waiting_list,
    make_booking,
    mark_no_show,
    offer_next,
    reject_booking,
    start_booking,
)
from libops.bookings.decide import falls_into
from libops.testing.notebook import Notebook

CAMERA = Resource(id=ResourceId("R-5"), name="Camera", kind="camera", library=LibraryCode("MAIN"), slot_minutes=30)
OPEN = Calendar.always_open("UTC")
NOW = datetime(2026, 3, 2, 7, tzinfo=UTC)
TEN = datetime(2026, 3, 3, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def euros(amount: str) -> Money:
    return Money.parse(f"{amount} EUR")


class Desk:
    """A camera, one booking of two hours, and acts on it under the given terms."""

    def __init__(self, notebook: Notebook, terms: BookingTerms) -> None:
        self.notebook, self.policy, self.terms = notebook, BookingPolicy(default=terms), terms
        request = BookingRequest(patron_id=PatronId("P-9"), start=TEN, end=TEN + 2 * HOUR)
        self.write(
            make_booking(
                BookingFacts(resource=CAMERA, calendar=OPEN),
                request,
                booking_id=BookingId("B-1"),
                at=NOW,
                by="P-9",
                policy=self.policy,
            )
        )

    def write(self, decision: object) -> tuple[tuple[str, str], ...]:
        assert isinstance(decision, Permit), decision
        self.notebook.write(decision.result.events)
        return tuple((charge.cause.value, str(charge.amount)) for charge in decision.result.charges)

    @property
    def booking(self) -> Booking:
        found = self.notebook.get(Booking, "B-1")
        assert found is not None
        return found

    def facts(self) -> LifeFacts:
        return LifeFacts(
            booking=self.booking,
            resource=CAMERA,
            waiting=self.notebook.all(WaitingEntry),
            taken=self.notebook.all(BookedSlot),
        )

    def new_facts(self) -> BookingFacts:
        return BookingFacts(resource=CAMERA, calendar=OPEN, taken=self.notebook.all(BookedSlot))

    def run(self, act, at: datetime, **more):
        if act is not start_booking:
            more["next_id"] = lambda: BookingId("B-2")
        return act(self.facts(), at=at, by="S-1", policy=self.policy, **more)

    def wait(self, name: str, start: datetime, hours: int, since: datetime = NOW) -> object:
        entry = WaitingEntry(name, CAMERA.id, PatronId(f"P-{name}"), start, start + hours * HOUR, since)
        return join_waiting_list(self.new_facts(), entry, self.notebook.all(WaitingEntry), by="S-1", policy=self.policy)


def codes(decision: object) -> list[str]:
    assert isinstance(decision, Refuse), decision
    return [reason.code for reason in decision.reasons]


def test_deposit_rent_and_late_fee_of_an_equipment_booking(notebook: Notebook) -> None:
    """A deposit at the start, back at the end; rent for two hours; 70 minutes late is two begun hours."""
    desk = Desk(
        notebook,
        BookingTerms(deposit=euros("50"), rent_per_hour=euros("2.50"), late_fee=euros("3"), late_grace=10),
    )
    assert (("deposit", "50.00 EUR"),) == desk.write(desk.run(start_booking, TEN))
    ended = desk.run(end_booking, TEN + 2 * HOUR + timedelta(minutes=71))
    assert ["booking.ended_late"] == [alert.code for alert in ended.alerts]
    assert (("rent", "5.00 EUR"), ("late_end", "6.00 EUR"), ("deposit_back", "-50.00 EUR")) == desk.write(ended)
    assert BookingState.ENDED is desk.booking.state


def test_a_late_fee_stops_at_its_cap_and_not_before_its_grace(notebook: Notebook) -> None:
    """Within the grace nothing; a day late no more than the cap."""
    desk = Desk(notebook, BookingTerms(late_fee=euros("3"), late_grace=10, late_cap=euros("20")))
    desk.write(desk.run(start_booking, TEN))
    in_grace = desk.run(end_booking, TEN + 2 * HOUR + timedelta(minutes=10))
    day_late = desk.run(end_booking, TEN + 26 * HOUR)
    assert [(), (Money(2000, "EUR"),)] == [
        tuple(charge.amount for charge in decision.result.charges) for decision in (in_grace, day_late)
    ]


def test_ending_early_frees_the_rest_but_for_the_trail(notebook: Notebook) -> None:
    """Back after 40 minutes with a trail of 30: free from 11:30 on."""
    desk = Desk(notebook, BookingTerms(trail=30))
    assert 5 == len(notebook.all(BookedSlot))
    desk.write(desk.run(start_booking, TEN))
    desk.write(desk.run(end_booking, TEN + timedelta(minutes=40)))
    assert ["10:00", "10:30", "11:00"] == [f"{slot.start:%H:%M}" for slot in notebook.all(BookedSlot)]


def test_a_missed_booking_is_free_for_others_and_may_cost(notebook: Notebook) -> None:
    """Half an hour is waited; then the slots are free and the fee is planned."""
    desk = Desk(notebook, BookingTerms(no_show_after=30, no_show_fee=euros("4")))
    assert ["booking.not_missed"] == codes(desk.run(mark_no_show, TEN + timedelta(minutes=29)))
    assert (("no_show", "4.00 EUR"),) == desk.write(desk.run(mark_no_show, TEN + timedelta(minutes=30)))
    assert (BookingState.NO_SHOW, ()) == (desk.booking.state, notebook.all(BookedSlot))


def test_where_no_booking_is_missed_nobody_is_marked(notebook: Notebook) -> None:
    """Unset is never; 0 would be at once."""
    never = Desk(notebook, BookingTerms())
    assert ["booking.not_missed"] == codes(never.run(mark_no_show, TEN + 9 * HOUR))


def test_cancelling_late_may_cost(notebook: Notebook) -> None:
    """A day's notice is free, less is not; without a notice in the terms it never costs."""
    desk = Desk(notebook, BookingTerms(cancel_notice=120, cancel_fee=euros("1")))
    free = desk.run(cancel_booking, TEN - 2 * HOUR)
    assert ((), ()) == (free.alerts, free.result.charges)
    late = desk.run(cancel_booking, TEN - HOUR)
    assert ["booking.cancelled_late"] == [alert.code for alert in late.alerts]
    assert (("late_cancellation", "1.00 EUR"),) == desk.write(late)
    assert () == notebook.all(BookedSlot)


def test_a_booking_starts_from_its_lead_on_and_not_on_a_machine_under_ticket(notebook: Notebook) -> None:
    """Certification and safety are asked again at the door."""
    desk = Desk(notebook, BookingTerms(lead=30, certifications=()))
    assert ["booking.too_early"] == codes(desk.run(start_booking, TEN - timedelta(minutes=31)))
    held = evolve(desk.facts(), held_by=("T-1",))
    assert ["resource.out_of_service"] == codes(start_booking(held, at=TEN, by="S-1", policy=desk.policy))
    strict = BookingPolicy(default=BookingTerms(certifications=("camera",)))
    assert ["certification.missing"] == codes(start_booking(desk.facts(), at=TEN, by="S-1", policy=strict))
    desk.write(desk.run(start_booking, TEN - timedelta(minutes=30)))
    assert ["booking.act_not_legal"] == codes(desk.run(start_booking, TEN))


def test_a_request_is_approved_or_rejected(notebook: Notebook) -> None:
    """Rejected, its slots are free; approved, it may start."""
    desk = Desk(notebook, BookingTerms(approval=ApprovalNeeded.ALWAYS))
    assert ["booking.act_not_legal"] == codes(desk.run(start_booking, TEN))
    rejected = desk.run(reject_booking, NOW, why="for schools only")
    assert isinstance(rejected, Permit)
    desk.write(approve_booking(desk.booking, at=NOW, by="S-1"))
    assert BookingState.CONFIRMED is desk.booking.state
    assert ["booking.act_not_legal"] == codes(desk.run(reject_booking, NOW, why="late"))


def test_a_booking_is_moved_when_the_new_time_is_free_and_its_own_slots_do_not_count(notebook: Notebook) -> None:
    """Half an hour later overlaps only itself; the old slots come free."""
    desk = Desk(notebook, BookingTerms())
    later = TEN + timedelta(minutes=30)
    moved = change_booking(
        desk.new_facts(), desk.booking, start=later, end=later + HOUR, at=NOW, by="S-1", policy=desk.policy
    )
    desk.write(moved)
    assert ["10:30", "11:00"] == [f"{slot.start:%H:%M}" for slot in notebook.all(BookedSlot)]
    other = tuple(evolve(slot, booking_id=BookingId("B-8")) for slot in notebook.all(BookedSlot))
    known = evolve(desk.new_facts(), taken=other)
    refused = change_booking(known, desk.booking, start=TEN, end=TEN + HOUR, at=NOW, by="S-1", policy=desk.policy)
    assert ["booking.overlaps"] == codes(refused)


def test_a_running_booking_is_extended_but_not_moved(notebook: Notebook) -> None:
    """Its start stays, whatever is asked; being in the past does not stop it."""
    desk = Desk(notebook, BookingTerms(min_notice=600))
    desk.write(desk.run(start_booking, TEN))
    longer = change_booking(
        desk.new_facts(),
        desk.booking,
        start=NOW,
        end=TEN + 3 * HOUR,
        at=TEN + HOUR,
        by="S-1",
        policy=desk.policy,
    )
    desk.write(longer)
    assert (TEN, TEN + 3 * HOUR, BookingState.STARTED) == (
        desk.booking.start,
        desk.booking.end,
        desk.booking.state,
    )


def test_a_confirmed_booking_does_not_grow_past_what_needs_approval(notebook: Notebook) -> None:
    """Two hours were fine, five need somebody with the right to approve."""
    desk = Desk(notebook, BookingTerms(approval=ApprovalNeeded.LONG, approval_above=180))
    known, end = desk.new_facts(), TEN + 5 * HOUR

    def longer(override: Override | None) -> object:
        return change_booking(
            known, desk.booking, start=TEN, end=end, at=NOW, by="S-1", policy=desk.policy, override=override
        )

    assert ["booking.needs_approval"] == codes(longer(None))
    right = Override({"booking.needs_approval"}, "S-1", "film club", {"bookings.approve"})
    desk.write(longer(right))
    assert ("booking.needs_approval",) == notebook.log[-1].overridden


def test_who_waited_longest_and_fits_is_told_first(notebook: Notebook) -> None:
    """Three hours do not fit into two; of those that fit the first in line is offered the place, once."""
    desk = Desk(notebook, BookingTerms())
    taken = tuple(BookedSlot(f"R-5:x{hour}", CAMERA.id, TEN + hour * HOUR, BookingId("B-7")) for hour in (2, 3))
    desk.write(desk.wait("long", TEN, 3))
    desk.write(desk.wait("second", TEN, 2, NOW + 2 * HOUR))
    desk.write(desk.wait("first", TEN + HOUR, 1, NOW + HOUR))
    facts = evolve(desk.facts(), taken=notebook.all(BookedSlot) + taken)
    cancelled = cancel_booking(facts, at=NOW + 3 * HOUR, by="P-9", policy=desk.policy, next_id=lambda: BookingId("B-2"))
    desk.write(cancelled)
    offered = [entry.id for entry in notebook.all(WaitingEntry) if entry.offered_at is not None]
    assert ["first"] == offered
    again = offer_next(
        CAMERA,
        notebook.all(WaitingEntry),
        taken,
        at=NOW + 4 * HOUR,
        by="sweep",
        policy=desk.policy,
        next_id=lambda: BookingId("B-2"),
    )
    assert ["second"] == [event.entry_id for event in again.result.events]


def test_the_first_in_line_may_have_it_booked_at_once(notebook: Notebook) -> None:
    """The slots change hands in one step, and the place on the list is gone."""
    desk = Desk(notebook, BookingTerms(waiting=WaitingList.BOOK_FIRST, lead=30))
    desk.write(desk.wait("first", TEN, 1))
    desk.write(desk.run(cancel_booking, NOW + HOUR))
    second = notebook.get(Booking, "B-2")
    assert second is not None
    assert (PatronId("P-first"), TEN - timedelta(minutes=30)) == (second.patron_id, second.blocked_from)
    assert ({"B-2"}, ()) == ({slot.booking_id for slot in notebook.all(BookedSlot)}, notebook.all(WaitingEntry))


def test_nobody_waits_for_what_is_free_or_on_a_full_list(notebook: Notebook) -> None:
    """And all that a booking is asked, those who wait are asked too."""
    desk = Desk(notebook, BookingTerms(waiting_limit=1, max_length=120))
    assert ["waiting.span_free"] == codes(desk.wait("early", TEN + 5 * HOUR, 1))
    assert ["booking.too_long"] == codes(desk.wait("long", TEN, 3))
    desk.write(desk.wait("first", TEN, 1))
    assert ["waiting.list_full"] == codes(desk.wait("second", TEN, 1))
    desk.write(leave_waiting_list(notebook.all(WaitingEntry)[0], at=NOW, by="P-first"))
    assert () == notebook.all(WaitingEntry)
    nobody = offer_next(CAMERA, (), (), at=NOW, by="sweep", policy=desk.policy, next_id=lambda: BookingId("B-2"))
    assert ["waiting.nobody_fits"] == codes(nobody)


def test_a_certification_is_requested_granted_renewed_and_revoked(notebook: Notebook) -> None:
    """There is one answer per patron and subject; a rejected patron may ask again."""

    def act(what: CertificationAct, expires_at: datetime | None = None) -> object:
        return change_certification(
            notebook.get(Certification, "P-9:laser"),
            what,
            patron_id=PatronId("P-9"),
            subject="laser",
            at=NOW,
            by="S-1",
            expires_at=expires_at,
        )

    assert ["certification.act_not_legal"] == codes(act(CertificationAct.REVOKE))
    for what in ("request", "reject", "request", "grant", "grant", "revoke", "request", "grant"):
        decision = act(CertificationAct(what), TEN)
        assert isinstance(decision, Permit)
        notebook.write(decision.result.events)
    (held,) = notebook.all(Certification)
    assert (CertificationState.GRANTED, TEN) == (held.state, held.expires_at)
    assert [True, False] == [held.holds(at) for at in (TEN - timedelta(seconds=1), TEN)]
    assert evolve(held, expires_at=None).holds(TEN + 9999 * HOUR)


def test_nothing_is_charged_for_a_price_of_nothing(notebook: Notebook) -> None:
    """A deposit of 0 is a deposit that needs no line on the account."""
    desk = Desk(notebook, BookingTerms(deposit=Money.zero("EUR")))
    assert () == desk.write(desk.run(start_booking, TEN))
    assert ChargeCause.DEPOSIT.value == "deposit"


def test_an_event_for_a_booking_nobody_knows_is_an_error(notebook: Notebook) -> None:
    """A log that lost its beginning is found out."""
    with pytest.raises(NotFound, match="B-9"):
        notebook.write([BookingMissed(NOW, "S-1", BookingId("B-9"))])


@pytest.mark.parametrize(
    ("first", "last", "room", "projector"),
    [(-2, 0, False, False), (-2, 1, True, True), (-2, 5, True, False), (3, 6, True, True), (4, 6, False, False)],
    ids=["back before", "back within", "over it all", "taken within", "taken after"],
)
def test_which_bookings_a_closing_stands_in_the_way_of(first: int, last: int, room: bool, projector: bool) -> None:
    """Closed from ten for four hours. A room needs every hour; what is taken home is only fetched and brought back
    while the library is open, the moment it closes and the moment it opens included."""
    request = BookingRequest(patron_id=PatronId("P-9"), start=TEN + first * HOUR, end=TEN + last * HOUR)
    asked = {"booking_id": BookingId("B-1"), "at": NOW, "by": "P-9", "policy": BookingPolicy()}
    made = make_booking(BookingFacts(resource=CAMERA, calendar=OPEN), request, **asked).result.events[0].booking
    for how, expected in ((OutsideHours.REFUSE, room), (OutsideHours.SPAN_CLOSED, projector)):
        assert expected is falls_into(made, BookingTerms(outside_hours=how), TEN, TEN + 4 * HOUR)
