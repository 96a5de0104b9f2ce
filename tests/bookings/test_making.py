from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve

from libops.base.calendars import Calendar, SpecialDays, WeeklyHours
from libops.base.decisions import Override, Permit, Reason, Refuse, Weight
from libops.base.errors import InvalidValue
from libops.base.ids import AssetId, BookingId, ItemId, LibraryCode, PatronId, ResourceId
from libops.base.periods import Period
from libops.bookings import (
    ApprovalNeeded,
    BookedSlot,
    Booking,
    BookingFacts,
    BookingPolicy,
    BookingRequest,
    BookingState,
    BookingTerms,
    Certification,
    CertificationState,
    OffGrid,
    OutsideHours,
    Recurrence,
    Resource,
    SeriesConflict,
    change_resource,
    free_spans,
    make_booking,
    make_series,
    next_booking_start,
    register_resource,
    terms_for,
)
from libops.testing.notebook import Notebook

ROOM = Resource(id=ResourceId("R-2"), name="Study room 2", kind="study room", library=LibraryCode("MAIN"))
CUTTER = Resource(
    id=ResourceId("R-7"),
    name="Laser cutter",
    kind="laser cutter",
    library=LibraryCode("MAIN"),
    item_id=ItemId("I-31"),
    asset_id=AssetId("A-7"),
)
TOWN = Calendar(
    "Europe/Berlin",
    WeeklyHours.every_day("09:00-18:00"),
    special=(SpecialDays(date(2026, 4, 7), date(2026, 4, 7), "", note="Staff day"),),
)
NOW = datetime(2026, 3, 2, 7, tzinfo=UTC)
TEN = datetime(2026, 3, 3, 9, tzinfo=UTC)
PATRON = PatronId("P-9")


def span(start: datetime, minutes: int, patron: PatronId = PATRON) -> BookingRequest:
    return BookingRequest(patron_id=patron, start=start, end=start + timedelta(minutes=minutes))


def ask(request: BookingRequest, terms: BookingTerms | None = None, **known: object) -> object:
    facts = BookingFacts(**{"resource": ROOM, "calendar": TOWN} | known)
    policy = BookingPolicy(default=terms or BookingTerms())
    return make_booking(facts, request, booking_id=BookingId("B-1"), at=NOW, by="S-1", policy=policy)


def codes(decision: object) -> list[str]:
    assert isinstance(decision, Refuse), decision
    return [reason.code for reason in decision.reasons]


def booked(decision: object) -> Booking:
    assert isinstance(decision, Permit), decision
    return decision.result.events[0].booking


def test_a_booking_takes_one_slot_record_per_slot_lead_and_trail_included(notebook: Notebook) -> None:
    """An hour with a quarter before and after, in slots of 15 minutes: six keys."""
    decision = ask(span(TEN, 60), BookingTerms(lead=15, trail=10))
    notebook.write(decision.result.events)
    starts = [f"{slot.start:%H:%M}" for slot in notebook.all(BookedSlot)]
    assert ["08:45", "09:00", "09:15", "09:30", "09:45", "10:00"] == starts
    assert "R-2:2026-03-03T08:45Z" == notebook.all(BookedSlot)[0].key


def test_overlap_is_refused_and_the_neighbor_is_not(notebook: Notebook) -> None:
    """Ten to eleven is taken: half past ten is refused, eleven is free."""
    notebook.write(ask(span(TEN, 60)).result.events)
    taken = notebook.all(BookedSlot)
    refused = ask(span(TEN + timedelta(minutes=30), 60), taken=taken)
    assert ["booking.overlaps"] == codes(refused)
    assert (TEN + timedelta(minutes=30), 2) == (
        refused.reasons[0].data["first_taken"],
        refused.reasons[0].data["slots"],
    )
    assert isinstance(ask(span(TEN + timedelta(hours=1), 60), taken=taken), Permit)


def test_lead_and_trail_keep_bookings_apart(notebook: Notebook) -> None:
    """With a trail of 15 minutes the next booking begins a quarter of an hour later."""
    cleaning = BookingTerms(trail=15)
    notebook.write(ask(span(TEN, 60), cleaning).result.events)
    taken = notebook.all(BookedSlot)
    assert ["booking.overlaps"] == codes(ask(span(TEN + timedelta(minutes=60), 60), cleaning, taken=taken))
    assert isinstance(ask(span(TEN + timedelta(minutes=75), 60), cleaning, taken=taken), Permit)


def test_every_reason_is_given_at_once() -> None:
    """Too long, too late, outside hours and over the limit are told together, in the order of the questions."""
    terms = BookingTerms(max_length=60, min_notice=120, max_open=1)
    mine = booked(ask(span(TEN + timedelta(days=1), 60)))
    request = span(NOW, 90)
    assert ["booking.too_long", "booking.notice_short", "booking.limit_reached", "booking.outside_hours"] == codes(
        ask(request, terms, open_bookings=(mine,))
    )


@pytest.mark.parametrize(
    ("terms", "request_", "code"),
    [
        (BookingTerms(min_length=60), span(TEN, 45), "booking.too_short"),
        (BookingTerms(max_length=0), span(TEN, 15), "booking.too_long"),
        (BookingTerms(max_notice=1440), span(TEN, 60), "booking.notice_long"),
        (BookingTerms(max_open=0), span(TEN, 60), "booking.limit_reached"),
        (BookingTerms(), span(NOW - timedelta(minutes=15), 60), "booking.past"),
        (BookingTerms(), span(TEN + timedelta(minutes=7), 60), "booking.off_grid"),
        (BookingTerms(certifications=("laser",)), span(TEN, 60), "certification.missing"),
    ],
)
def test_each_term_refuses_what_it_is_for(terms: BookingTerms, request_: BookingRequest, code: str) -> None:
    """Unset is no limit; 0 is a limit of nothing."""
    assert code in codes(ask(request_, terms))


def test_a_booking_off_the_grid_may_grow_to_whole_slots() -> None:
    """10:07 to 10:52 becomes 10:00 to 11:00 where the terms round out."""
    booking = booked(ask(span(TEN + timedelta(minutes=7), 45), BookingTerms(off_grid=OffGrid.ROUND_OUT)))
    assert (TEN, TEN + timedelta(minutes=60)) == (booking.start, booking.end)


@pytest.mark.parametrize(
    ("how", "start", "minutes", "permitted"),
    [
        (OutsideHours.REFUSE, TEN, 60, True),
        (OutsideHours.REFUSE, TEN, 24 * 60, False),
        (OutsideHours.REFUSE, datetime(2026, 3, 3, 16, 30, tzinfo=UTC), 30, True),
        (OutsideHours.REFUSE, datetime(2026, 3, 3, 16, 30, tzinfo=UTC), 45, False),
        (OutsideHours.SPAN_CLOSED, TEN, 24 * 60, True),
        (OutsideHours.SPAN_CLOSED, datetime(2026, 3, 3, 16, 0, tzinfo=UTC), 60, True),
        (OutsideHours.SPAN_CLOSED, TEN, 12 * 60, False),
        (OutsideHours.SPAN_CLOSED, datetime(2026, 4, 6, 9, tzinfo=UTC), 24 * 60, False),
        (OutsideHours.ALLOW, datetime(2026, 3, 3, 23, tzinfo=UTC), 60, True),
    ],
)
def test_opening_hours_bind_as_the_terms_say(how: OutsideHours, start: datetime, minutes: int, permitted: bool) -> None:
    """Rooms within the hours, up to the closing minute; equipment over night; a locker at any time."""
    assert permitted is bool(ask(span(start, minutes), BookingTerms(outside_hours=how)))


def test_a_room_open_past_midnight_is_booked_across_it() -> None:
    """Two days of 00:00 to 24:00 are one open stretch."""
    start = datetime(2026, 3, 3, 22, tzinfo=UTC)
    assert isinstance(ask(span(start, 240), calendar=Calendar.always_open("UTC")), Permit)


def test_a_laser_cutter_only_after_its_course() -> None:
    """A certification that ends before the booking begins does not count; staff with the right may set it aside."""
    terms = BookingTerms(certifications=("laser",))
    course = Certification("P-9:laser", PATRON, "laser", CertificationState.GRANTED, NOW, TEN)
    assert ["certification.expired"] == codes(ask(span(TEN, 60), terms, certifications=(course,)))
    valid = evolve(course, expires_at=TEN + timedelta(minutes=1))
    assert isinstance(ask(span(TEN, 60), terms, certifications=(valid,)), Permit)
    revoked = evolve(valid, state=CertificationState.REVOKED)
    assert ["certification.missing"] == codes(ask(span(TEN, 60), terms, certifications=(revoked,)))
    decision = make_booking(
        BookingFacts(resource=ROOM, calendar=TOWN),
        span(TEN, 60),
        booking_id=BookingId("B-1"),
        at=NOW,
        by="S-1",
        policy=BookingPolicy(default=terms),
        override=Override({"certification.missing"}, "S-1", "trainer beside", {"bookings.certification"}),
    )
    assert isinstance(decision, Permit)
    made = decision.result.events[0]
    assert (("certification.missing",), "trainer beside") == (made.overridden, made.override_why)


def test_a_safety_ticket_on_the_machine_refuses_its_booking() -> None:
    """Nobody can set it aside."""
    decision = ask(span(TEN, 60), held_by=("T-1",))
    assert ["resource.out_of_service"] == codes(decision)
    assert Weight.ABSOLUTE is decision.reasons[0].weight
    assert ["resource.not_bookable"] == codes(ask(span(TEN, 60), resource=evolve(ROOM, bookable=False)))


def test_the_patrons_own_blocks_refuse_too() -> None:
    """They come from the patrons' room as reasons and are passed on."""
    block = Reason("patron.debt_over_limit", Weight.OVERRIDABLE, {"owed": "25.00 EUR"})
    assert ["patron.debt_over_limit"] == codes(ask(span(TEN, 60), patron_reasons=(block,)))


def test_booking_respects_a_loan() -> None:
    """An item lent beyond the lead of the booking refuses it; one overdue now is only pointed out."""
    lead = BookingTerms(lead=60)
    ok = ask(span(TEN, 60), lead, resource=CUTTER, loan_due=TEN - timedelta(hours=1))
    assert isinstance(ok, Permit)
    late = ask(span(TEN, 60), lead, resource=CUTTER, loan_due=TEN - timedelta(minutes=59))
    assert ["item.lent_beyond"] == codes(late)
    overdue = ask(span(TEN, 60), lead, resource=CUTTER, loan_due=NOW - timedelta(days=1))
    assert ["item.loan_overdue"] == [alert.code for alert in overdue.alerts]


def test_a_loan_respects_the_next_booking() -> None:
    """The due date is cut to the start of the next booking with its lead; one's own booking is not in the way."""
    lead = BookingTerms(lead=60)
    first = booked(ask(span(TEN, 60), lead, resource=CUTTER))
    later = evolve(booked(ask(span(TEN + timedelta(days=2), 60), lead)), id=BookingId("B-2"), patron_id=PatronId("P-1"))
    gone = evolve(first, state=BookingState.CANCELLED)
    assert TEN - timedelta(hours=1) == next_booking_start([later, first], NOW)
    assert later.blocked_from == next_booking_start([later, first], NOW, except_patron=PATRON)
    assert first.blocked_from == next_booking_start([first], TEN)
    assert None is next_booking_start([gone, first], first.blocked_until)


def test_a_booking_that_needs_approval_is_a_request_that_holds_its_slots() -> None:
    """Over two hours somebody has to agree; two hours exactly need nobody."""
    terms = BookingTerms(approval=ApprovalNeeded.LONG, approval_above=120)
    long = ask(span(TEN, 135), terms)
    assert (BookingState.REQUESTED, ["booking.needs_approval"]) == (
        booked(long).state,
        [alert.code for alert in long.alerts],
    )
    assert 9 == len(tuple(booked(long).slots()))
    assert BookingState.CONFIRMED is booked(ask(span(TEN, 120), terms)).state


def test_a_series_keeps_its_hour_when_the_clocks_change() -> None:
    """Tuesdays at ten in Berlin: 9:00 UTC in winter, 8:00 UTC from 29 March on."""
    ids = [BookingId(f"B-{number}") for number in range(5)]
    terms = BookingPolicy(default=BookingTerms(series_conflict=SeriesConflict.SKIP))
    weekly = Recurrence(every=Period.parse("1 week"), count=5)
    start = datetime(2026, 3, 17, 9, tzinfo=UTC)
    facts = BookingFacts(resource=ROOM, calendar=TOWN)
    series = make_series(facts, span(start, 60), weekly, series="club", ids=ids, at=NOW, by="S-1", policy=terms)
    assert isinstance(series, Permit)
    assert [(17, 9), (24, 9), (31, 8), (14, 8)] == [
        (event.booking.start.day, event.booking.start.hour) for event in series.result.events
    ]
    assert ["booking.skipped"] == [alert.code for alert in series.alerts]
    assert {"club"} == {event.booking.series for event in series.result.events}


def test_one_bad_day_refuses_the_series_where_the_terms_say_so() -> None:
    """The reason names the day; the patron's limit counts the days before."""
    ids = [BookingId(f"B-{number}") for number in range(4)]
    weekly = Recurrence(every=Period.parse("1 week"), count=4)
    policy = BookingPolicy(default=BookingTerms(max_open=3))
    start = datetime(2026, 3, 24, 9, tzinfo=UTC)
    series = make_series(
        BookingFacts(resource=ROOM, calendar=TOWN),
        span(start, 60),
        weekly,
        series="club",
        ids=ids,
        at=NOW,
        by="S-1",
        policy=policy,
    )
    assert ["booking.outside_hours"] == codes(series)
    assert datetime(2026, 4, 7, 8, tzinfo=UTC) == series.reasons[0].data["occurrence"]
    two = BookingPolicy(default=BookingTerms(max_open=2, series_conflict=SeriesConflict.SKIP))
    cut = make_series(
        BookingFacts(resource=ROOM, calendar=TOWN),
        span(start, 60),
        weekly,
        series="club",
        ids=ids,
        at=NOW,
        by="S-1",
        policy=two,
    )
    assert 2 == len(cut.result.events)
    with pytest.raises(InvalidValue, match="1 identifiers"):
        make_series(
            BookingFacts(resource=ROOM, calendar=TOWN),
            span(start, 60),
            weekly,
            series="club",
            ids=ids[:1],
            at=NOW,
            by="S-1",
            policy=two,
        )


def test_what_is_said_of_every_day_of_a_series_is_said_once() -> None:
    """A club room that needs approval: one word to the desk for all Tuesdays, and one for the day left out."""
    series = make_series(
        BookingFacts(resource=ROOM, calendar=TOWN),
        span(datetime(2026, 3, 17, 9, tzinfo=UTC), 60),
        Recurrence(every=Period.parse("1 week"), count=4),
        series="club",
        ids=[BookingId(f"B-{number}") for number in range(4)],
        at=NOW,
        by="S-1",
        policy=BookingPolicy(default=BookingTerms(approval=ApprovalNeeded.ALWAYS, series_conflict=SeriesConflict.SKIP)),
    )
    assert ["booking.needs_approval", "booking.skipped"] == [alert.code for alert in series.alerts]
    assert 3 == len(series.result.events)


def test_a_series_of_nothing_is_refused() -> None:
    """All its days are left out."""
    once = Recurrence(every=Period.parse("1 week"), count=1, without=(date(2026, 3, 3),))
    decision = make_series(
        BookingFacts(resource=ROOM, calendar=TOWN),
        span(TEN, 60),
        once,
        series="club",
        ids=(),
        at=NOW,
        by="S-1",
        policy=BookingPolicy(),
    )
    assert ["series.empty"] == codes(decision)


def test_what_is_free_is_what_is_open_and_not_taken(notebook: Notebook) -> None:
    """Ten to eleven is taken on a day of nine to six."""
    notebook.write(ask(span(TEN, 60)).result.events)
    day = datetime(2026, 3, 3, tzinfo=UTC)
    found = free_spans(notebook.all(BookedSlot), TOWN, day, day + timedelta(days=1), slot_minutes=15)
    expected = [(8, 9), (10, 17)]
    assert expected == [(start.hour, end.hour) for start, end in found]
    cut = free_spans((), TOWN, TEN, TEN + timedelta(minutes=40), slot_minutes=15)
    assert [(TEN, TEN + timedelta(minutes=30))] == list(cut)


def test_terms_are_those_of_the_resource_of_its_kind_or_the_default() -> None:
    """And the answer says which were looked up."""
    named = {"study room": BookingTerms(max_length=120), "vip": BookingTerms(max_length=480)}
    policy = BookingPolicy(default=BookingTerms(max_length=60), named=named)
    rooms = [evolve(ROOM, terms="vip"), ROOM, CUTTER]
    assert [480, 120, 60] == [terms_for(policy, room)[0].max_length for room in rooms]
    explained = make_booking(
        BookingFacts(resource=CUTTER, calendar=TOWN),
        span(TEN, 60),
        booking_id=BookingId("B-1"),
        at=NOW,
        by="S-1",
        policy=policy,
        explain=True,
    )
    assert explained.trace is not None
    assert ["laser cutter", "default"] == [rule.rule for rule in explained.trace.rules]
    assert "span free" in [check.name for check in explained.trace.checks]
    with pytest.raises(InvalidValue, match="'gold'"):
        terms_for(policy, evolve(ROOM, terms="gold"))


def test_the_grid_of_a_resource_stays_while_bookings_are_ahead() -> None:
    """Keys of two grids would not exclude each other."""
    mine = booked(ask(span(TEN, 60)))
    half = evolve(ROOM, slot_minutes=30)
    assert ["resource.grid_fixed"] == codes(change_resource(ROOM, half, (mine,), at=NOW, by="S-1"))
    over = evolve(mine, state=BookingState.ENDED)
    assert isinstance(change_resource(ROOM, half, (over,), at=NOW, by="S-1"), Permit)
    assert isinstance(change_resource(ROOM, evolve(ROOM, name="Room 2"), (mine,), at=NOW, by="S-1"), Permit)
    assert ["resource.known"] == codes(register_resource(ROOM, half, at=NOW, by="S-1"))


def test_values_that_cannot_be_are_shown() -> None:
    """The message names what was wrong."""
    with pytest.raises(InvalidValue, match="7 minutes"):
        evolve(ROOM, slot_minutes=7)
    with pytest.raises(InvalidValue, match="the end comes after"):
        ask(span(TEN, 0))
    with pytest.raises(InvalidValue, match="90 to 60"):
        BookingTerms(min_length=90, max_length=60)
    with pytest.raises(InvalidValue, match="lead = -1"):
        BookingTerms(lead=-1)
    with pytest.raises(InvalidValue, match="exactly one"):
        Recurrence(every=Period.parse("1 week"))
    with pytest.raises(InvalidValue, match="every 2 hours"):
        Recurrence(every=Period.parse("2 hours"), count=2)
