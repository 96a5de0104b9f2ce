"""Bookings looked at beforehand, limits that hold when desks race, loans that end before a booking made meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import libops
from libops.base.decisions import Permit
from libops.base.errors import NotFound
from libops.base.money import Money
from libops.bookings import Booking, BookingState, BookingTally, ChargeCause, tally_key
from libops.circulation.model import Loan
from libops.desk.reads import Reads
from libops.desk.settings.loading import default_settings
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.interrupted_runs import settings_text
from libops.testing.races import booking_race, lend_or_book_race
from libops.testing.sample_library import ITEMS, PATRONS, sample_library

ADA, BEN, CLARA = (card for card, _, _ in PATRONS)
PROJECTOR = ITEMS[0][0]
TERMS = {
    "named": {
        "study room": {"max_open": 2, "waiting": "book_first", "cancel_notice": 90, "cancel_fee": "1.50 EUR"},
        "laser cutter": {"deposit": "20.00 EUR", "rent_per_hour": "6.00 EUR"},
        "projector": {"outside_hours": "span_closed"},
    }
}
SETTINGS = default_settings().canonical() | {"bookings": TERMS}


@pytest.fixture(params=["memory", "sqlite"])
def ops(request, tmp_path):
    """A town library with three study rooms, a cutter and a projector, on Tuesday the 3rd of March at eleven."""
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/town.db"
    clock = FrozenClock(datetime(2026, 3, 3, 10, tzinfo=UTC))
    with libops.open(url, settings=SETTINGS, clock=clock, ids=CountingIds()) as opened:
        sample_library(opened)
        for number in range(3):
            assert opened.bookings.register(id=f"room-{number}", name=f"Room {number}", kind="study room")
        assert opened.bookings.register(id="cutter", name="Laser cutter", kind="laser cutter")
        assert opened.bookings.register(id="projector", name="Projector", kind="projector", item=PROJECTOR)
        yield opened
        assert stored(opened.storage) == rebuilt(log_of(opened.storage))


def codes(answer: Any) -> list[str]:
    return [reason.code for reason in answer.reasons]


def span(resource: str = "room-0", patron: str = ADA, day: int = 4, hour: int = 12) -> dict[str, Any]:
    return {
        "resource": resource,
        "patron": patron,
        "start": f"2026-03-{day:02}T{hour}:00",
        "end": f"2026-03-{day:02}T{hour + 1}:00",
    }


# --- previews -----------------------------------------------------------------------------------------------------


def test_a_preview_is_what_the_booking_becomes_and_writes_nothing(ops) -> None:
    """Looked at, then made with the same arguments: the same booking under another identifier."""
    seen = ops.bookings.preview_make(**span()).result
    assert [] == ops.bookings.of_patron(ADA)
    made = ops.bookings.make(**span(), preview=seen.preview).result
    assert (seen.booking.start, seen.booking.blocked_until, seen.booking.state) == (
        made.start,
        made.blocked_until,
        made.state,
    )
    assert ["booking.overlaps"] == codes(ops.bookings.preview_make(**span(patron=BEN)))


def test_a_stale_preview_is_refused(ops) -> None:
    """Somebody booked the hour before in the meantime: look again."""
    seen = ops.bookings.preview_make(**span()).result
    assert ops.bookings.make(**span(patron=BEN, hour=11))
    # The neighboring slot was part of what the preview had seen.
    assert ["preview.stale"] == codes(ops.bookings.make(**span(), preview=seen.preview))
    again = ops.bookings.preview_make(**span()).result
    assert ops.bookings.make(**span(), preview=again.preview)


def test_a_preview_says_what_an_act_would_cost(ops) -> None:
    """A deposit at the start, rent at the end, a fee for cancelling late; the account does not move."""
    rooms = ops.bookings
    booking = rooms.make(**span("cutter", day=3, hour=12)).result
    ops.clock.forward(hours=1)
    start = rooms.preview_start(booking.id).result
    assert ([(ChargeCause.DEPOSIT, Money(2000, "EUR"))], BookingState.STARTED) == (
        [(charge.cause, charge.amount) for charge in start.charges],
        start.booking.state,
    )
    assert rooms.start(booking.id, preview=start.preview)
    ops.clock.forward(hours=1)
    end = rooms.preview_end(booking.id).result
    assert {ChargeCause.RENT: 600, ChargeCause.DEPOSIT_BACK: -2000} == {
        charge.cause: charge.amount.amount for charge in end.charges
    }
    assert Money(2000, "EUR") == ops.fees.balance(ADA)
    assert rooms.end(booking.id, preview=end.preview)
    assert ["preview.stale"] == codes(rooms.cancel(rooms.make(**span()).result.id, preview=end.preview))

    soon = rooms.make(**span(day=3, hour=14)).result
    assert rooms.wait(resource="room-0", patron=BEN, start="2026-03-03T14:00", end="2026-03-03T15:00")
    off = rooms.preview_cancel(soon.id).result
    assert (["booking.cancelled_late"], True) == ([alert.code for alert in off.alerts], off.passed_on)
    assert BookingState.CONFIRMED is rooms.get(soon.id).state
    moved = rooms.preview_change(soon.id, end="2026-03-03T14:30").result
    assert (30, 60) == (moved.booking.minutes, rooms.get(soon.id).minutes)


def test_a_calendar_format_that_is_not_there_says_what_to_install(ops) -> None:
    """No plugin brings one here."""
    with pytest.raises(NotFound, match="pip install libops-icalendar"):
        ops.bookings.calendar("2026-03-01", "2026-04-01", domain="library.example")


# --- limits across resources --------------------------------------------------------------------------------------


def test_open_bookings_are_counted_and_the_count_ends_with_them(ops) -> None:
    """Two of two; cancelled, there is room for another; the count of nobody's bookings is no record."""
    rooms, patron = ops.bookings, ops.patrons.get(ADA).id
    first, second = (rooms.make(**span(f"room-{n}")).result for n in range(2))
    assert ["booking.limit_reached"] == codes(rooms.make(**span("room-2")))
    key = tally_key(patron=patron)
    assert BookingTally(key, 2) == Reads(ops.storage).get(BookingTally, key)
    assert rooms.cancel(first.id)
    assert rooms.make(**span("room-2"))
    for booking in (second, *rooms.of_patron(ADA)):
        rooms.cancel(booking.id)
    assert Reads(ops.storage).get(BookingTally, key) is None


def test_who_may_have_no_more_is_passed_over_on_the_waiting_list(ops) -> None:
    """Ben waits longest and has two bookings already: Clara has what comes free."""
    rooms = ops.bookings
    taken = rooms.make(**span()).result
    for patron in (BEN, CLARA):
        assert rooms.wait(resource="room-0", patron=patron, start="2026-03-04T12:00", end="2026-03-04T13:00")
    for number in (1, 2):
        assert rooms.make(**span(f"room-{number}", BEN))
    assert rooms.cancel(taken.id)
    assert (2, 1) == (len(rooms.of_patron(BEN)), len(rooms.of_patron(CLARA)))


def racers(tmp_path, count: int = 4) -> tuple[str, str, list[str], datetime]:
    """A store with many rooms and a projector, its settings, some cards, and a day far ahead at ten."""
    file, url = tmp_path / "town.toml", f"sqlite:///{tmp_path / 'town.db'}"
    file.write_text(settings_text(SETTINGS), encoding="utf-8")
    cards = [f"2999900000{number:04}" for number in range(count)]
    with libops.open(url, settings=file, durability="normal") as ops:
        sample_library(ops)
        for number in range(8):
            assert ops.bookings.register(id=f"room-{number}", name=f"Room {number}", kind="study room")
        assert ops.bookings.register(id="projector", name="Projector", kind="projector", item=PROJECTOR)
        for card in cards:
            assert ops.patrons.register(name=f"Patron {card[-2:]}", category="adult", card=card)
        # A Tuesday far ahead: these processes live by the system's clock.
        day = ops.clock().date() + timedelta(days=10)
        while day.weekday() != 1:
            day += timedelta(days=1)
    return url, str(file), cards, datetime(day.year, day.month, day.day, 10)  # noqa: DTZ001 (the library's clock)


def test_the_limit_of_bookings_is_exact_when_desks_race_across_rooms(tmp_path) -> None:
    """Four desks book eight rooms for one patron at once: two bookings stand, never three."""
    url, settings, _, ten = racers(tmp_path)
    with libops.open(url, settings=settings) as ops:
        assert ops.patrons.register(name="Dora Lindgren", category="adult", card="28888000000001")
    spans = [f"room-{n}/{ten.isoformat()}/{(ten + timedelta(hours=1)).isoformat()}" for n in range(8)]
    race = booking_race(url, ["28888000000001"] * 4, spans, settings=settings)
    with libops.open(url, settings=settings) as ops:
        assert 2 == len(race.labels) == len(list(every(ops.storage, kind_of(Booking))))
        assert stored(ops.storage) == rebuilt(log_of(ops.storage))


# --- bookings and loans -------------------------------------------------------------------------------------------


def interleaved(ops: Any, act: Any, meanwhile: Any) -> Any:
    """Do an act; after it has read and before it writes, something else happens once."""
    apply, begun = ops.storage.apply, []

    def between(batch: Any) -> Any:
        if not begun:
            begun.append(True)
            assert meanwhile()
        return apply(batch)

    ops.storage.apply = between
    try:
        return act()
    finally:
        ops.storage.apply = apply


@pytest.mark.parametrize("renewing", [False, True])
def test_a_loan_ends_before_a_booking_made_while_it_was_decided(ops, renewing) -> None:
    """Four weeks were decided, then somebody else booked the third: the desk asks again, and the loan ends before."""
    circulation = ops.circulation

    def book() -> Any:
        return ops.bookings.make(**span("projector", BEN, 20))

    if renewing:
        assert circulation.check_out(patron=ADA, item=PROJECTOR)
        loan = circulation.loan_of(PROJECTOR)
        assert loan is not None
        assert ops.circulation.check_in(item=PROJECTOR)
        ops.clock.forward(days=1)
    answer = interleaved(ops, lambda: circulation.check_out(patron=ADA, item=PROJECTOR), book)
    assert isinstance(answer, Permit)
    (booking,) = ops.bookings.of_patron(BEN)
    assert answer.result.due <= booking.start


def test_a_booking_that_moves_forward_meanwhile_is_seen(ops) -> None:
    """Booked for the 25th, moved to the 20th while the loan was decided."""
    booking = ops.bookings.make(**span("projector", BEN, 25)).result
    answer = interleaved(
        ops,
        lambda: ops.circulation.check_out(patron=ADA, item=PROJECTOR),
        lambda: ops.bookings.change(booking.id, start="2026-03-20T12:00", end="2026-03-20T13:00"),
    )
    assert answer.result.due <= ops.bookings.get(booking.id).start


def test_a_booking_asks_again_when_the_item_was_lent_meanwhile(ops) -> None:
    """The other way round: the loan is there first, and the booking is refused."""
    answer = interleaved(
        ops,
        lambda: ops.bookings.make(**span("projector", BEN, 20)),
        lambda: ops.circulation.check_out(patron=ADA, item=PROJECTOR),
    )
    assert ["item.lent_beyond"] == codes(answer)


def test_no_loan_runs_into_a_booking_when_desks_race(tmp_path) -> None:
    """Each desk wants the projector now and wants it booked for days ahead; whoever is first, the two never overlap."""
    url, settings, cards, ten = racers(tmp_path)
    days = [ten + timedelta(days=7 * week) for week in range(3)]
    spans = [f"projector/{day.isoformat()}/{(day + timedelta(hours=1)).isoformat()}" for day in days]
    race = lend_or_book_race(url, cards, [PROJECTOR, *spans], settings=settings)
    assert race.labels
    with libops.open(url, settings=settings) as ops:
        (loan,) = list(every(ops.storage, kind_of(Loan))) or [None]
        patron = None if loan is None else loan.patron_id
        for booking in every(ops.storage, kind_of(Booking)):
            assert loan is None or booking.patron_id == patron or loan.due <= booking.start
        assert stored(ops.storage) == rebuilt(log_of(ops.storage))
