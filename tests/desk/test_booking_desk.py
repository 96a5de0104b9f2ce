"""Bookings at the desk: terms, money, loans, waiting, certifications, and sixteen desks that race for one room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

import libops
from libops.base.errors import NotFound
from libops.base.money import Money
from libops.base.periods import Period
from libops.bookings import Booking, BookingState, CertificationAct, Estimate, FileFacts, JobState, Recurrence
from libops.desk.settings.loading import default_settings
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.races import booking_race
from libops.testing.sample_library import ITEMS, PATRONS, sample_library

ADA, BEN, CLARA = (card for card, _, _ in PATRONS)
PROJECTOR = ITEMS[0][0]
ROOM = "study-2"
TERMS = {
    "named": {
        "study room": {
            "min_length": 30,
            "max_length": 180,
            "trail": 15,
            "no_show_after": 20,
            "no_show_fee": "2.00 EUR",
        },
        "laser cutter": {
            "certifications": ["laser"],
            "deposit": "20.00 EUR",
            "rent_per_hour": "6.00 EUR",
            "late_fee": "1.00 EUR",
            "late_every": 15,
        },
        "projector": {"outside_hours": "span_closed"},
        "club room": {"approval": "always", "waiting": "book_first"},
    }
}
SETTINGS = default_settings().canonical() | {
    "bookings": TERMS,
    "job_terms": {"3d printer": {"charge": "weight", "base_price": "1.00 EUR"}},
}


@pytest.fixture(params=["memory", "sqlite"])
def ops(request, tmp_path):
    """A town library with rooms and machines, on Tuesday the 3rd of March at eleven."""
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/town.db"
    clock = FrozenClock(datetime(2026, 3, 3, 10, tzinfo=UTC))
    with libops.open(url, settings=SETTINGS, clock=clock, ids=CountingIds()) as opened:
        sample_library(opened)
        rooms = opened.bookings
        assert rooms.register(id=ROOM, name="Study room 2", kind="study room")
        assert rooms.register(id="cutter", name="Laser cutter", kind="laser cutter", asset="A-7")
        assert rooms.register(id="projector", name="Projector", kind="projector", item=PROJECTOR)
        assert rooms.register(id="club", name="Club room", kind="club room")
        yield opened
        assert stored(opened.storage) == rebuilt(log_of(opened.storage))


def codes(answer):
    return [reason.code for reason in answer.reasons]


def booked(ops, resource=ROOM, patron=ADA, start="2026-03-04T10:00", end="2026-03-04T12:00", **more):
    return ops.bookings.make(resource=resource, patron=patron, start=start, end=end, **more)


def test_a_room_is_booked_on_the_librarys_clocks_and_once(ops) -> None:
    """Ten in Berlin is nine in UTC; what overlaps, the trail included, is refused with every reason."""
    booking = booked(ops).result
    assert datetime(2026, 3, 4, 9, tzinfo=UTC) == booking.start
    assert ["booking.too_long", "booking.overlaps"] == codes(
        booked(ops, patron=BEN, start="2026-03-04T12:00", end="2026-03-04T16:00")
    )
    free = [(start.hour, end.hour) for start, end in ops.bookings.free(ROOM, "2026-03-04T10:00", "2026-03-04T18:00")]
    assert [(11, 17)] == free
    moved = ops.bookings.change(booking.id, start="2026-03-04T14:00", end="2026-03-04T16:00").result
    assert 13 == moved.start.hour
    assert booked(ops, patron=BEN)
    assert [booking.id] == [one.id for one in ops.bookings.of_patron(ADA)]


def test_a_restricted_patron_books_nothing(ops) -> None:
    """The restriction of booking stops booking, and only that."""
    from libops.patrons.model import Action

    assert ops.patrons.place_block(ADA, note="left the room in a mess", actions=(Action.BOOK,))
    assert ["patron.restricted"] == codes(booked(ops))
    assert ops.circulation.check_out(patron=ADA, item=ITEMS[1][0])
    assert ops.patrons.place_block(BEN, note="lost a key", actions=(Action.CHECK_OUT,))
    assert ["patron.restricted"] == codes(ops.circulation.check_out(patron=BEN, item=ITEMS[5][0]))
    assert booked(ops, patron=BEN)


def test_a_cutter_is_for_those_who_took_the_course_and_its_money_is_on_the_account(ops) -> None:
    """Deposit at the start; at the end rent and lateness, and the deposit back, each in the step that causes it."""
    cutter = {"resource": "cutter", "start": "2026-03-03T12:00", "end": "2026-03-03T13:00"}
    assert ["certification.missing"] == codes(booked(ops, **cutter))
    assert ops.bookings.certify(patron=ADA, subject="laser", expires_at="2027-03-03T00:00")
    booking = booked(ops, **cutter).result
    ops.clock.forward(hours=1)
    assert ops.bookings.start(booking.id)
    assert Money(2000, "EUR") == ops.fees.balance(ADA)
    ops.clock.forward(hours=1, minutes=20)
    ended = ops.bookings.end(booking.id)
    assert ["booking.ended_late"] == [alert.code for alert in ended.alerts]
    # An hour's rent and two begun quarters of an hour; the deposit is settled by its credit.
    assert Money(800, "EUR") == ops.fees.balance(ADA)
    assert 800 == sum(charge.open.amount for charge in ops.fees.open_charges(ADA))
    revoked = ops.bookings.certify(patron=ADA, subject="laser", act=CertificationAct.REVOKE, why="left it running")
    assert revoked
    assert ["certification.missing"] == codes(booked(ops, "cutter", start="2026-03-05T10:00", end="2026-03-05T11:00"))


def test_a_ticket_of_safety_blocks_booking_at_once(ops) -> None:
    """The lid does not lock: nobody books the cutter before it does."""
    assert ops.equipment.register(id="A-7", name="Laser cutter", kind="laser cutter")
    assert ops.bookings.certify(patron=ADA, subject="laser")
    ticket = ops.equipment.open_ticket(asset="A-7", symptom="lid does not lock", safety=True).result
    assert ["resource.out_of_service"] == codes(booked(ops, "cutter"))
    assert ops.equipment.resolve(ticket.id, fix="new switch")
    assert booked(ops, "cutter")


def test_a_loan_ends_before_the_next_booking_begins(ops) -> None:
    """Booked for Friday at ten: lent on Tuesday it is due before, and renewing gains nothing; its booker is free."""
    booking = booked(ops, "projector", BEN, "2026-03-06T10:00", "2026-03-06T12:00").result
    loan = ops.circulation.check_out(patron=ADA, item=PROJECTOR).result
    assert loan.due <= booking.start
    assert ["renewal.booked"] == codes(ops.circulation.renew(item=PROJECTOR))
    assert ops.circulation.check_in(item=PROJECTOR)
    assert booking.end < ops.circulation.check_out(patron=BEN, item=PROJECTOR).result.due


def test_a_booking_waits_for_the_loan(ops) -> None:
    """Lent for four weeks: it cannot be booked before it is due, and can after."""
    due = ops.circulation.check_out(patron=ADA, item=PROJECTOR).result.due
    assert ["item.lent_beyond"] == codes(booked(ops, "projector", BEN, "2026-03-06T10:00", "2026-03-06T12:00"))
    day = (due + timedelta(days=1)).date()
    start = ops.book.calendar(ops.library).opening_of(ops.book.calendar(ops.library).next_open_day(day))
    assert booked(ops, "projector", BEN, start, start + timedelta(hours=1))


def test_who_does_not_come_is_marked_and_charged_once(ops) -> None:
    """Twenty minutes after the start the room is free again; the run finds it once."""
    booked(ops, start="2026-03-03T12:00", end="2026-03-03T14:00")
    ops.clock.forward(hours=1, minutes=10)
    assert [] == ops.bookings.mark_no_shows()
    ops.clock.forward(minutes=15)
    assert [BookingState.NO_SHOW] == [booking.state for booking in ops.bookings.mark_no_shows()]
    assert [] == ops.bookings.mark_no_shows()
    assert Money(200, "EUR") == ops.fees.balance(ADA)
    assert booked(ops, patron=BEN, start="2026-03-03T12:30", end="2026-03-03T14:00")


def test_who_waits_has_what_comes_free(ops) -> None:
    """Cancelled: the first who waits is told, or, where the terms say so, has it at once."""
    for resource in (ROOM, "club"):
        booking = booked(ops, resource).result
        entry = ops.bookings.wait(
            resource=resource, patron=BEN, start="2026-03-04T10:00", end="2026-03-04T11:00"
        ).result
        assert ["waiting.span_free"] == codes(
            ops.bookings.wait(resource=resource, patron=CLARA, start="2026-03-04T14:00", end="2026-03-04T15:00")
        )
        assert ops.bookings.cancel(booking.id)
        assert entry.offered_at is None
    assert ["club"] == [booking.resource_id for booking in ops.bookings.of_patron(BEN)]
    (waiting,) = ops.bookings.of_patron(BEN)
    assert BookingState.CONFIRMED is ops.bookings.approve(waiting.id).result.state


def test_who_waits_no_more_gets_nothing(ops) -> None:
    """The next on the list has it; to give up a place that nobody holds is told."""
    booking = booked(ops, "club").result
    span = {"resource": "club", "start": "2026-03-04T10:00", "end": "2026-03-04T11:00"}
    first = ops.bookings.wait(patron=BEN, **span).result
    assert ops.bookings.wait(patron=CLARA, **span)
    assert ops.bookings.stop_waiting(first.id)
    assert ops.bookings.cancel(booking.id)
    assert ([], ["club"]) == tuple(
        [booking.resource_id for booking in ops.bookings.of_patron(card)] for card in (BEN, CLARA)
    )
    with pytest.raises(NotFound, match=r"no place .* on a waiting list"):
        ops.bookings.stop_waiting(first.id)


def test_the_next_is_told_when_an_offer_is_not_taken_up(ops) -> None:
    """Once each, in the order of the list; where nobody is left, that is said."""
    booking = booked(ops).result
    span = {"resource": ROOM, "start": "2026-03-04T10:00", "end": "2026-03-04T11:00"}
    first, second = (ops.bookings.wait(patron=card, **span).result for card in (BEN, CLARA))
    assert ["waiting.nobody_fits"] == codes(ops.bookings.offer_next(ROOM))
    assert ops.bookings.cancel(booking.id)
    assert ops.bookings.stop_waiting(first.id)
    told = ops.bookings.offer_next(ROOM, by="tom").result
    assert (second.id, True) == (told.id, told.offered_at is not None)
    assert ["waiting.nobody_fits"] == codes(ops.bookings.offer_next(ROOM))
    with pytest.raises(NotFound):
        ops.bookings.offer_next("attic")


def test_what_the_first_leaves_free_goes_to_the_next(ops) -> None:
    """A long booking is given up: the first who waits needs an hour of it, the next another."""
    booking = booked(ops, "club", start="2026-03-04T10:00", end="2026-03-04T14:00").result
    for card, start, end in ((BEN, "10:00", "11:00"), (CLARA, "12:00", "13:00")):
        assert ops.bookings.wait(resource="club", patron=card, start=f"2026-03-04T{start}", end=f"2026-03-04T{end}")
    assert ops.bookings.cancel(booking.id)
    assert [] == ops.bookings.of_patron(CLARA)
    made = ops.bookings.offer_next("club").result
    assert [made] == ops.bookings.of_patron(CLARA)
    assert ["waiting.nobody_fits"] == codes(ops.bookings.offer_next("club"))


def test_a_club_meets_every_week_at_the_same_hour(ops) -> None:
    """The clocks change on the 29th of March; the club does not notice."""
    weekly = Recurrence(every=Period.parse("1 week"), count=6)
    series = ops.bookings.make_series(
        resource=ROOM, patron=ADA, start="2026-03-10T16:00", end="2026-03-10T17:00", recurrence=weekly
    ).result
    assert [15, 15, 15, 14, 14, 14] == [booking.start.hour for booking in series]
    taken = booked(ops, patron=BEN, start="2026-03-24T16:30", end="2026-03-24T17:30")
    assert ["booking.overlaps"] == codes(taken)


def test_a_print_is_charged_by_weight_in_the_step_that_finishes_it(ops) -> None:
    """From the file to the account; a failed attempt is free and uses up material."""
    rooms = ops.bookings
    assert rooms.register(id="printer-1", name="Printer 1", kind="3d printer")
    assert rooms.stock(id="PLA", name="PLA, white", price_per_gram="0.05 EUR", decigrams_left=2000)
    file = FileFacts(name="whale.gcode", size=81_000, sha256="0" * 64, decigrams=123, minutes=63)
    job = rooms.submit_job(patron=ADA, machine="3d printer", material="PLA", file=file).result
    assert Money(162, "EUR") == rooms.queue_job(job.id).result.price
    assert [job.id] == [waiting.id for waiting in rooms.queue("3d printer")]
    assert rooms.start_job(job.id, on="printer-1")
    assert rooms.fail_job(job.id, used=Estimate(50, 20), outcome="came off the bed")
    assert Money(0, "EUR") == ops.fees.balance(ADA)
    assert rooms.queue_job(job.id)
    assert rooms.start_job(job.id, on="printer-1")
    assert JobState.DONE is rooms.finish_job(job.id, used=Estimate(123, 63)).result.state
    assert rooms.collect_job(job.id)
    assert Money(162, "EUR") == ops.fees.balance(ADA)


def test_eight_desks_racing_for_overlapping_spans_never_book_one_twice(tmp_path) -> None:
    """Each process wants every span; the spans overlap each other, and no two bookings that stand do."""
    url = f"sqlite:///{tmp_path}/town.db"
    cards = [f"2999900000{number:04}" for number in range(8)]
    with libops.open(url) as ops:
        assert ops.bookings.register(id=ROOM, name="Study room 2", kind="study room", terms="")
        for card in cards:
            assert ops.patrons.register(name=f"Patron {card[-2:]}", category="adult", card=card)
        # A Tuesday far ahead: these processes live by the system's clock.
        day = ops.clock().date() + timedelta(days=60)
        while day.weekday() != 1:
            day += timedelta(days=1)
    first = datetime(day.year, day.month, day.day, 10)  # noqa: DTZ001 (the library's clock)
    starts = [first + timedelta(minutes=15 * step) for step in range(6)]
    spans = [f"{ROOM}/{start.isoformat()}/{(start + timedelta(minutes=45)).isoformat()}" for start in starts]
    race = booking_race(url, cards, spans)
    with libops.open(url) as ops:
        bookings = list(every(ops.storage, kind_of(Booking)))
        assert len(race.labels) == len(bookings) >= 2
        for one, other in combinations(bookings, 2):
            assert one.blocked_until <= other.blocked_from or other.blocked_until <= one.blocked_from
        assert stored(ops.storage) == rebuilt(log_of(ops.storage))
