"""Who booked a camera for a day had it on that day: bookings of lent items are forgotten as loans are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from libops.bookings import Booking, BookingState
from libops.circulation.model import ClosedLoan
from libops.patrons import HistoryConsent
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.watched_town import ADA, BEN, BOOK, Town
from libops.wire.events import event_to_text

CAMERA = {
    "deposit": "20.00 EUR",
    "rent_per_hour": "1.00 EUR",
    "late_fee": "1.00 EUR",
    "late_every": 15,
    "waiting": "book_first",
}


def town(keep: str = "until-return", url: str = "memory:") -> Town:
    """A library that lends a camera by the hour, and a room."""
    made = Town(keep, url, more={"bookings": {"named": {"camera": CAMERA}}})
    assert made.ops.bookings.register(id="camera", name="Camera", kind="camera", item=BOOK)
    assert made.ops.bookings.register(id="room", name="Study room", kind="room")
    made.public |= made.values("")
    return made


def booked(at: Town, card: str, resource: str = "camera", hours: int = 2) -> Booking:
    """Made for tomorrow at eleven."""
    start = (at.clock() + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
    end = start + timedelta(hours=hours)
    return at.do(at.ops.bookings.make, resource=resource, patron=card, start=start, end=end).result  # type: ignore[no-any-return]


def used(at: Town, booking: Booking, card: str) -> None:
    """Fetched in time and lent, brought back two hours late, and paid."""
    at.clock.at = booking.start
    at.do(at.ops.bookings.start, booking=booking.id)
    at.settle(card)
    at.do(at.ops.circulation.check_out, patron=card, item=BOOK)
    at.clock.forward(hours=4)
    at.do(at.ops.circulation.check_in, item=BOOK)
    at.do(at.ops.bookings.end, booking=booking.id)
    at.settle(card)


def bookings(at: Town) -> list[Booking]:
    return list(every(at.ops.storage, kind_of(Booking)))


@pytest.mark.parametrize("url", ["memory:", "sqlite:///{}/town.db"])
@pytest.mark.parametrize("keep", ["until-return", "never"])
def test_a_booking_does_not_lead_from_the_loan_to_the_patron(keep, url, tmp_path) -> None:
    """Booked, fetched, late, charged, paid: no record, event or note joins Ada and the camera after the next run."""
    at = town(keep, url.format(tmp_path))
    booking = booked(at, ADA)
    used(at, booking, ADA)
    before = at.ops.fees.balance(ADA), at.ops.patrons.standing(ADA)
    lines = sorted(row.line.amount.amount for row in at.ops.fees.statement(ADA).rows)
    assert set() != at.joined(ADA, BOOK)
    at.night()
    assert set() == at.joined(ADA, BOOK)
    assert [] == at.neighbors(ADA, BOOK)
    assert [] == [text for text in at.texts() if booking.id in text]
    assert [None] == [loan.patron_id for loan in every(at.ops.storage, kind_of(ClosedLoan))]
    assert before == (at.ops.fees.balance(ADA), at.ops.patrons.standing(ADA))
    assert lines == sorted(row.line.amount.amount for row in at.ops.fees.statement(ADA).rows)
    assert stored(at.ops.storage) == rebuilt(log_of(at.ops.storage))


def test_what_was_booked_and_for_how_long_stays() -> None:
    """For statistics: the thing, the day, the length, how it ended; and it takes no slot and counts for nobody."""
    at = town()
    booking = booked(at, ADA)
    used(at, booking, ADA)
    at.night()
    (kept,) = bookings(at)
    assert ("", "camera", 120, BookingState.ENDED) == (kept.patron_id, kept.resource_id, kept.minutes, kept.state)
    assert booking.start.date() - timedelta(days=1) <= kept.start.date() <= booking.start.date()
    assert [] == at.ops.bookings.of_patron(ADA)
    assert booked(at, BEN)


def test_bookings_of_rooms_and_open_ones_stay() -> None:
    """A room is no loan; what is still ahead, or has not been ended, waits, and so does one with an open fee."""
    at = town()
    room, owing = booked(at, ADA, "room"), booked(at, ADA)
    at.do(at.ops.bookings.cancel, booking=room.id)
    at.clock.at = owing.start
    at.do(at.ops.bookings.start, booking=owing.id)
    at.night()
    at.do(at.ops.bookings.end, booking=owing.id)
    at.night()
    assert at.ops.fees.balance(ADA).amount > 0
    assert {room.id, owing.id} == {each.id for each in bookings(at)}
    at.settle(ADA)
    at.night()
    assert {"camera": "", "room": room.patron_id} == {each.resource_id: each.patron_id for each in bookings(at)}


def test_who_wants_a_history_keeps_the_bookings_too() -> None:
    """And who wants none has none, whatever the library keeps."""
    for keep, wish, known in (("until-return", HistoryConsent.KEEP, True), ("always", HistoryConsent.FORGET, False)):
        at = town(keep)
        assert at.ops.patrons.change(ADA, history=wish)
        at.do(at.ops.bookings.cancel, booking=booked(at, ADA).id, why="it rains")
        at.night()
        assert [known] == [bool(each.patron_id) for each in bookings(at)]


def test_having_waited_for_it_is_forgotten_too() -> None:
    """Ben waited for the camera and got it when Ada gave it back: no event of the waiting list tells so afterwards."""
    at = town()
    first = booked(at, ADA)
    at.do(at.ops.bookings.wait, resource="camera", patron=BEN, start=first.start, end=first.end)
    at.do(at.ops.bookings.cancel, booking=first.id)
    (second,) = at.ops.bookings.of_patron(BEN)
    used(at, second, BEN)
    at.night()
    ben = at.ops.patrons.get(BEN).id
    assert [] == [text for text in at.texts() if ben in text and "camera" in text]
    assert [] == at.neighbors(BEN, BOOK)
    assert stored(at.ops.storage) == rebuilt(log_of(at.ops.storage))


def test_an_erased_person_has_no_bookings_of_items() -> None:
    """Whatever the rules say."""
    at = town("always")
    used(at, booked(at, ADA), ADA)
    ada = at.ops.patrons.get(ADA).id
    at.do(at.ops.fees.pay_out, patron=ADA, amount="9.00 EUR")
    assert at.ops.privacy.erase(ADA)
    assert [""] == [each.patron_id for each in bookings(at)]
    told = [event_to_text(event) for event in log_of(at.ops.storage)]
    assert [] == [text for text in told if ada in text and "camera" in text]
    assert stored(at.ops.storage) == rebuilt(log_of(at.ops.storage))


def test_a_run_that_was_killed_between_the_two_steps_is_finished_by_the_next() -> None:
    """After the first step the booking still names its patron; then nothing does."""
    at = town()
    used(at, booked(at, ADA), ADA)
    who = at.ops.patrons.get(ADA).id
    at.clock.forward(days=1)
    assert at.ops.privacy.booking_parting.parted(who, bookings(at), at.clock())
    assert [who] == [each.patron_id for each in bookings(at)]
    at.night()
    assert [""] == [each.patron_id for each in bookings(at)]
    assert stored(at.ops.storage) == rebuilt(log_of(at.ops.storage))
