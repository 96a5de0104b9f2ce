from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from zoneinfo import ZoneInfo

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from libops.base.decisions import Permit
from libops.base.ids import BookingId
from libops.bookings import (
    BOOKING_LEGAL,
    CHANGES,
    BookedSlot,
    Booking,
    BookingAct,
    BookingFacts,
    BookingPolicy,
    BookingRequest,
    BookingState,
    BookingTerms,
    Certification,
    LifeFacts,
    OutsideHours,
    Recurrence,
    Resource,
    RunningJob,
    WaitingEntry,
    approve_booking,
    blocked_span,
    cancel_booking,
    change_booking,
    end_booking,
    free_spans,
    join_waiting_list,
    late_fee,
    make_booking,
    mark_no_show,
    next_booking_start,
    occurrences,
    reject_booking,
    slots_between,
    start_booking,
)
from libops.testing.notebook import Notebook
from libops.testing.strategies.base import ZONES, instants
from libops.testing.strategies.bookings import (
    MONDAY,
    OPEN_ALWAYS,
    OPEN_DAYS,
    recurrences,
    requests,
    resources,
    terms,
)

KEYS = {BookedSlot: "key", Certification: "key", RunningJob: "resource_id"}


def make(resource: Resource, request: BookingRequest, policy: BookingPolicy, number: int, **known: object) -> object:
    facts = BookingFacts(resource=resource, calendar=OPEN_ALWAYS, **known)
    booking_id = BookingId(f"B-{number:03}")
    return make_booking(facts, request, booking_id=booking_id, at=MONDAY, by="S-1", policy=policy)


@settings(max_examples=100)
@given(resources(), terms(), st.lists(requests(), max_size=12))
def test_desks_that_know_nothing_of_each_other_never_double_book(
    resource: Resource, how: BookingTerms, wanted: list[BookingRequest]
) -> None:
    """Each decides on an empty book; the store only refuses a key that is there. No two bookings overlap."""
    keys: set[str] = set()
    made: list[Booking] = []
    for number, request in enumerate(wanted):
        decision = make(resource, request, BookingPolicy(default=how), number)
        if isinstance(decision, Permit):
            booking = decision.result.events[0].booking
            slots = {slot.key for slot in booking.slots()}
            if keys.isdisjoint(slots):
                keys |= slots
                made.append(booking)
    for one, other in combinations(made, 2):
        assert one.blocked_until <= other.blocked_from or other.blocked_until <= one.blocked_from


@given(resources(), terms(), requests(), requests())
def test_a_request_is_refused_for_overlap_exactly_when_a_key_is_taken(
    resource: Resource, how: BookingTerms, one: BookingRequest, other: BookingRequest
) -> None:
    """The question and the store agree."""
    policy = BookingPolicy(default=how)
    first, second = make(resource, one, policy, 1), make(resource, other, policy, 2)
    if not (isinstance(first, Permit) and isinstance(second, Permit)):
        return
    taken = tuple(first.result.events[0].booking.slots())
    shared = {slot.key for slot in taken} & {slot.key for slot in second.result.events[0].booking.slots()}
    assert bool(shared) is not isinstance(make(resource, other, policy, 2, taken=taken), Permit)


@given(instants(), st.integers(1, 3000), st.sampled_from((5, 15, 30, 60)), st.integers(0, 90), st.integers(0, 90))
def test_slots_cover_the_span_without_gap_or_waste(
    start: datetime, length: int, minutes: int, lead: int, trail: int
) -> None:
    """First and last slot touch the span, each begins where the one before ended, and lead and trail are inside."""
    end, step = start + timedelta(minutes=length), timedelta(minutes=minutes)
    slots = list(slots_between(start, end, minutes))
    assert slots[0] <= start < slots[0] + step
    assert slots[-1] < end <= slots[-1] + step
    assert all(after - before == step for before, after in pairwise(slots))
    since, until = blocked_span(BookingTerms(lead=lead, trail=trail), start, end, minutes)
    assert timedelta() <= start - timedelta(minutes=lead) - since < step
    assert timedelta() <= until - (end + timedelta(minutes=trail)) < step


class Room:
    """A resource, its bookings and those who wait, and acts on them as they come."""

    def __init__(self, resource: Resource, how: BookingTerms) -> None:
        self.resource, self.policy = resource, BookingPolicy(default=evolve(how, outside_hours=OutsideHours.ALLOW))
        self.notebook = Notebook(CHANGES, KEYS)
        self.count = 0

    def next_id(self) -> BookingId:
        self.count += 1
        return BookingId(f"B-{self.count:03}")

    def write(self, decision: object) -> bool:
        if isinstance(decision, Permit):
            self.notebook.write(decision.result.events)
        return isinstance(decision, Permit)

    def facts(self) -> BookingFacts:
        taken = self.notebook.all(BookedSlot)
        return BookingFacts(resource=self.resource, calendar=OPEN_ALWAYS, taken=taken)

    def book(self, request: BookingRequest) -> None:
        booking_id = self.next_id()
        self.write(make_booking(self.facts(), request, booking_id=booking_id, at=MONDAY, by="S-1", policy=self.policy))

    def wait(self, request: BookingRequest) -> None:
        name = f"W-{self.next_id()}"
        entry = WaitingEntry(name, self.resource.id, request.patron_id, request.start, request.end, MONDAY)
        waiting = self.notebook.all(WaitingEntry)
        self.write(join_waiting_list(self.facts(), entry, waiting, by="S-1", policy=self.policy))

    def act(self, booking: Booking, act: BookingAct, at: datetime, request: BookingRequest) -> bool:
        waiting = self.notebook.all(WaitingEntry)
        taken = self.notebook.all(BookedSlot)
        known = LifeFacts(booking=booking, resource=self.resource, waiting=waiting, taken=taken)
        how = {"at": at, "by": "S-1", "policy": self.policy}
        freeing = how | {"next_id": self.next_id}
        decision = {
            BookingAct.APPROVE: lambda: approve_booking(booking, at=at, by="S-1"),
            BookingAct.REJECT: lambda: reject_booking(known, why="no", **freeing),
            BookingAct.CHANGE: lambda: change_booking(
                self.facts(), booking, start=request.start, end=request.end, **how
            ),
            BookingAct.START: lambda: start_booking(known, **how),
            BookingAct.END: lambda: end_booking(known, **freeing),
            BookingAct.CANCEL: lambda: cancel_booking(known, **freeing),
            BookingAct.MARK_NO_SHOW: lambda: mark_no_show(known, **freeing),
        }[act]
        if act is BookingAct.CHANGE and not request.start < request.end:
            return False
        return self.write(decision())


@settings(max_examples=60, deadline=None)
@given(st.data(), resources(slot_minutes=(15, 60)), terms())
def test_whatever_happens_each_slot_has_one_open_owner_and_the_fold_is_whole(
    data: st.DataObject, resource: Resource, how: BookingTerms
) -> None:
    """Book, wait, move, start, end, miss in any order: states follow the table, and slots agree with bookings."""
    room = Room(resource, how)
    for _ in range(data.draw(st.integers(1, 12))):
        request = data.draw(requests(grid=15))
        bookings = room.notebook.all(Booking)
        what = data.draw(st.sampled_from(("book", "wait", "act") if bookings else ("book",)))
        if what == "book":
            room.book(request)
        elif what == "wait":
            room.wait(request)
        else:
            booking = data.draw(st.sampled_from(bookings))
            act = data.draw(st.sampled_from(BookingAct))
            at = booking.start + timedelta(minutes=data.draw(st.integers(-90, 600)))
            done = room.act(booking, act, at, request)
            now = room.notebook.get(Booking, booking.id)
            assert now is not None
            assert (BOOKING_LEGAL[booking.state][act] if done else booking.state) is now.state
        slots_agree(room)
    again = Notebook(CHANGES, KEYS)
    again.write(room.notebook.log)
    assert room.notebook.records == again.records


def slots_agree(room: Room) -> None:
    """The stored slots are those of the open and ended bookings, no more, no fewer, none twice."""
    holding = [
        booking
        for booking in room.notebook.all(Booking)
        if booking.state.is_open or booking.state is BookingState.ENDED
    ]
    expected = [slot for booking in holding for slot in booking.slots()]
    assert len(expected) == len({slot.key for slot in expected})
    assert {slot.key: slot for slot in expected} == {slot.key: slot for slot in room.notebook.all(BookedSlot)}


@given(st.lists(requests(), max_size=6), resources())
def test_no_loan_until_the_next_booking_meets_one(wanted: list[BookingRequest], resource: Resource) -> None:
    """From now to the start that is told, no open booking needs the item; at that start one does."""
    policy = BookingPolicy(default=BookingTerms(outside_hours=OutsideHours.ALLOW, lead=30))
    decisions = [make(resource, request, policy, number) for number, request in enumerate(wanted)]
    bookings = [decision.result.events[0].booking for decision in decisions if isinstance(decision, Permit)]
    start = next_booking_start(bookings, MONDAY)
    assert (start is None) is (not bookings)
    if start is not None:
        assert not any(booking.blocked_from < start and booking.blocked_until > MONDAY for booking in bookings)
        assert any(booking.blocked_from == start for booking in bookings)


@given(recurrences(), st.sampled_from(ZONES), instants(), st.integers(15, 300))
def test_a_series_keeps_its_wall_clock_time_and_its_order(
    recurrence: Recurrence,
    zone: str,
    start: datetime,
    length: int,
) -> None:
    """Unless the clocks skip that very hour, every occurrence begins at the same time of day."""
    town = ZoneInfo(zone)
    spans = occurrences(start, start + timedelta(minutes=length), recurrence, town)
    assert recurrence.count == len(spans)
    assert (start, start + timedelta(minutes=length)) == spans[0]
    starts = [begins for begins, _ in spans]
    assert sorted(set(starts)) == starts
    clock = start.astimezone(town).time()
    for begins in starts:
        local = begins.astimezone(town)
        skipped = datetime.combine(local.date(), clock, town).astimezone(UTC).astimezone(town).time() != clock
        assert clock == local.time() or skipped


@given(terms(), st.integers(0, 5000), st.integers(0, 5000))
def test_a_late_fee_never_shrinks_with_lateness_and_keeps_its_cap(how: BookingTerms, one: int, more: int) -> None:
    """On time costs nothing."""
    request = BookingRequest(patron_id="P-1", start=MONDAY, end=MONDAY + timedelta(hours=2))
    room = Resource(id="R-1", name="Projector", kind="projector", library="MAIN", slot_minutes=5)
    decision = make(room, request, BookingPolicy(default=evolve(how, outside_hours=OutsideHours.ALLOW)), 1)
    assert isinstance(decision, Permit)
    booking = decision.result.events[0].booking
    fees = [late_fee(how, booking, booking.end + timedelta(minutes=late)) for late in (0, one, one + more)]
    amounts = [fee.amount if fee is not None else 0 for fee in fees]
    assert 0 == amounts[0] <= amounts[1] <= amounts[2]
    if how.late_cap is not None:
        assert amounts[2] <= how.late_cap.amount


@given(st.lists(requests(grid=15), max_size=5))
def test_free_and_taken_share_no_minute_and_free_can_be_booked(wanted: list[BookingRequest]) -> None:
    """Each free stretch is open, untouched, and accepted as a booking."""
    room = Resource(id="R-1", name="Study room", kind="room", library="MAIN")
    policy = BookingPolicy(default=BookingTerms(outside_hours=OutsideHours.ALLOW))
    taken: dict[str, BookedSlot] = {}
    for number, request in enumerate(wanted):
        decision = make(room, request, policy, number, taken=tuple(taken.values()))
        if isinstance(decision, Permit):
            taken |= {slot.key: slot for slot in decision.result.events[0].booking.slots()}
    book = tuple(taken.values())
    for start, end in free_spans(book, OPEN_DAYS, MONDAY, MONDAY + timedelta(3), slot_minutes=15):
        request = BookingRequest(patron_id="P-1", start=start, end=end)
        facts = BookingFacts(resource=room, calendar=OPEN_DAYS, taken=book)
        decision = make_booking(
            facts, request, booking_id=BookingId("B-9"), at=MONDAY, by="S-1", policy=BookingPolicy()
        )
        assert isinstance(decision, Permit)
