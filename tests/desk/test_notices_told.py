"""What patrons are told of besides loans: holds, bookings, memberships, certifications, faults they reported."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import libops
from libops.base.errors import InvalidValue, SettingsError
from libops.bookings import BookingTerms, CertificationAct, WaitingList
from libops.desk.reads import Reads
from libops.desk.settings.loading import default_settings
from libops.notices import Notice, NoticeTrack, Timing, Trigger
from libops.storage.rebuild import log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock, RecordingChannel
from libops.testing.sample_library import sample_library

ADA, BEN, CLARA = "21234000000017", "21234000000025", "21234000000033"
BOOK, OTHER = "31234000000014", "31234000000022"
ROOM, CLUB = "study-2", "club"


def told(template: str, trigger: str, **more: Any) -> dict[str, Any]:
    return {"template": template, "trigger": trigger, "digest": "none", **more}


NOTICES = [
    told("recall", "recall"),
    told("hold_ready", "hold-ready"),
    told("hold_cancelled", "hold-cancelled"),
    told("hold_expired", "hold-expired"),
    told("hold_not_collected", "hold-not-collected"),
    told("booking_reminder", "booking", timing="before", period="1 day"),
    told("booking_requested", "booking-requested"),
    told("booking_confirmed", "booking-confirmed"),
    told("booking_approved", "booking-approved"),
    told("booking_rejected", "booking-rejected"),
    told("booking_changed", "booking-changed"),
    told("booking_cancelled", "booking-cancelled"),
    told("booking_offered", "booking-offered"),
    told("booking_promoted", "booking-promoted"),
    told("ticket_resolved", "ticket-resolved"),
    told("membership_ending", "membership", timing="before", period="14 days"),
    told("certification_ending", "certification", timing="before", period="7 days"),
]


def settings(**policy: Any) -> dict[str, Any]:
    plain = default_settings().canonical()
    plain["notice_policies"] = {"letters": {"notices": NOTICES} | policy}
    plain["fallback"] |= {"notices": "letters", "recall": "standard"}
    plain["recall_policies"] = {"standard": {"terms": {"guaranteed": "1 week", "return_within": "3 days"}}}
    plain["hold_policies"]["standard"]["expire_unfilled"] = "30 days"
    for category in plain["patron_categories"].values():
        category["notices"] = "letters"
    plain["equipment"] = {"notices": "letters"}
    club = {"approval": "always", "waiting": "book_first", "notices": "letters"}
    plain["bookings"] = {"default": {"notices": "letters"}, "named": {"club room": club}}
    return plain


class Town:
    """A library that tells everything, and a channel that keeps what it is sent; Tuesday the 3rd of March at eleven."""

    def __init__(self, url: str = "memory:", **policy: Any) -> None:
        self.clock, self.channel = FrozenClock(datetime(2026, 3, 3, 10, tzinfo=UTC)), RecordingChannel()
        self.ops = libops.open(
            url,
            settings=settings(**policy),
            clock=self.clock,
            ids=CountingIds(),
            plugins=[self.channel],
            channels={"email": "recording"},
        )
        sample_library(self.ops)
        for card, name in ((ADA, "ada"), (BEN, "ben"), (CLARA, "clara")):
            assert self.ops.patrons.change(card, email=f"{name}@example.org", language="en")
        for id, kind in ((ROOM, "study room"), (CLUB, "club room")):
            assert self.ops.bookings.register(id=id, name=id.title(), kind=kind)

    def book(self, resource: str = ROOM, patron: str = ADA, day: int = 10, hour: int = 12) -> Any:
        start = datetime(2026, 3, day, hour)  # noqa: DTZ001 (the library's clock)
        return self.ops.bookings.make(
            resource=resource, patron=patron, start=start, end=start + timedelta(hours=2)
        ).result

    def nights(self, count: int) -> None:
        for _ in range(count):
            self.clock.forward(days=1)
            self.ops.run_due()

    @property
    def sent(self) -> list[tuple[str, str]]:
        """Template and reader of all that went out, in order."""
        return [(message.kind, message.to.partition("@")[0]) for message in self.channel.sent]


@pytest.fixture(params=["memory", "sqlite"])
def town(request, tmp_path):
    opened = Town("memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/town.db")
    yield opened
    assert stored(opened.ops.storage) == rebuilt(log_of(opened.ops.storage))
    opened.ops.close()


# --- holds --------------------------------------------------------------------------------------------------------


def test_a_returned_item_is_announced_to_whoever_waits_for_it(town) -> None:
    """Ben waits for Ada's book; when it comes back he hears of it once, with the day until which it is kept."""
    desk = town.ops.circulation
    assert desk.check_out(patron=ADA, item=BOOK)
    assert town.ops.holds.place(patron=BEN, item=BOOK)
    assert desk.check_in(item=BOOK)
    assert [("hold_ready", "ben")] == town.sent
    (ready,) = town.ops.holds.ready_at()
    assert f"{ready.keep_until:%d %B}" in town.channel.sent[0].body
    town.nights(2)
    assert [("hold_ready", "ben")] == town.sent


def test_a_hold_shelf_notice_is_withdrawn_when_the_patron_was_faster() -> None:
    """The letter waits for the end of quiet hours; by then Ben has picked the book up."""
    town = Town(quiet_from="00:00", quiet_until="23:00")
    desk = town.ops.circulation
    assert desk.check_out(patron=ADA, item=BOOK)
    assert town.ops.holds.place(patron=BEN, item=BOOK)
    assert desk.check_in(item=BOOK)
    assert ["hold_ready"] == [entry.message.kind for entry in town.ops.notices.waiting()]
    assert desk.check_out(patron=BEN, item=BOOK)
    town.clock.forward(hours=12, minutes=30)
    assert 1 == town.ops.notices.deliver_due().withdrawn
    assert [] == town.sent


def test_a_recall_tells_the_new_due_date(town) -> None:
    """Ada's loan is shortened for Ben; she hears by when she has to bring it."""
    desk = town.ops.circulation
    first = desk.check_out(patron=ADA, item=BOOK).result.due
    town.clock.forward(days=8)
    assert town.ops.holds.place(patron=BEN, item=BOOK, recall=True)
    due = desk.loan_of(BOOK).due
    assert due < first
    assert [("recall", "ada")] == town.sent
    assert f"{due:%d %B}" in town.channel.sent[0].body


def test_a_recall_that_waits_is_withdrawn_when_the_book_is_back() -> None:
    """Nobody is asked to bring what was brought."""
    town = Town(quiet_from="00:00", quiet_until="23:00")
    desk = town.ops.circulation
    assert desk.check_out(patron=ADA, item=BOOK)
    town.clock.forward(days=8)
    assert town.ops.holds.place(patron=BEN, item=BOOK, recall=True)
    assert desk.check_in(item=BOOK)
    town.clock.forward(hours=12, minutes=30)
    delivery = town.ops.notices.deliver_due()
    assert (1, [("hold_ready", "ben")]) == (delivery.withdrawn, town.sent)


def test_a_cancelled_hold_is_told_with_its_reason(town) -> None:
    """The book fell apart; Ben is told why he will not have it."""
    assert town.ops.circulation.check_out(patron=ADA, item=BOOK)
    hold = town.ops.holds.place(patron=BEN, item=BOOK).result.hold
    assert town.ops.holds.cancel(hold.id, reason="the last copy is worn out")
    assert [("hold_cancelled", "ben")] == town.sent
    assert "the last copy is worn out" in town.channel.sent[0].body


def test_holds_that_end_unfilled_or_uncollected_are_told_apart(town) -> None:
    """Ben's book is not collected within a week; Clara's is never returned, and her hold lapses after a month."""
    desk = town.ops.circulation
    assert desk.check_out(patron=ADA, item=BOOK)
    assert desk.check_out(patron=ADA, item=OTHER)
    assert town.ops.holds.place(patron=BEN, item=BOOK)
    assert town.ops.holds.place(patron=CLARA, item=OTHER)
    assert desk.check_in(item=BOOK)
    town.nights(40)
    holds = [row for row in town.sent if row[0].startswith("hold")]
    assert [("hold_ready", "ben"), ("hold_not_collected", "ben"), ("hold_expired", "clara")] == holds


# --- bookings -----------------------------------------------------------------------------------------------------


def test_a_booking_is_confirmed_and_reminded_of_once(town) -> None:
    """Told when it is made, and on the day before; however often the run comes."""
    town.book()
    assert [("booking_confirmed", "ada")] == town.sent
    assert "Study-2: 10 March 2026, 12:00 to 10 March 2026, 14:00" in town.channel.sent[0].body
    town.nights(9)
    town.ops.run_due()
    assert [("booking_confirmed", "ada"), ("booking_reminder", "ada")] == town.sent


def test_a_booking_that_moves_is_reminded_of_at_its_new_time(town) -> None:
    """Reminded of the 10th, then moved to the 13th: told so, and reminded again."""
    booking = town.book()
    town.nights(6)
    moved = town.ops.bookings.change(booking.id, start="2026-03-13T12:00", end="2026-03-13T13:00")
    assert moved
    town.nights(6)
    assert ["booking_confirmed", "booking_reminder", "booking_changed", "booking_reminder"] == [k for k, _ in town.sent]
    assert "13 March 2026, 12:00" in town.channel.sent[-1].body


def test_nobody_is_reminded_of_what_was_cancelled(town) -> None:
    """Given up two days before; she is told that it is off, with the reason, and nothing more."""
    booking = town.book()
    town.nights(4)
    assert town.ops.bookings.cancel(booking.id, why="burst pipe")
    town.nights(4)
    assert [("booking_confirmed", "ada"), ("booking_cancelled", "ada")] == town.sent
    assert "burst pipe" in town.channel.sent[-1].body


def test_a_reminder_that_waits_is_withdrawn_with_its_booking() -> None:
    """Planned in the night, cancelled in the morning, due to go out in the evening."""
    town = Town(quiet_from="00:00", quiet_until="23:00")
    booking = town.book()
    town.clock.at = datetime(2026, 3, 9, 3, tzinfo=UTC)
    assert 1 == {step.name: step.acts for step in town.ops.run_due().steps}["booking-reminders"]
    assert town.ops.bookings.cancel(booking.id)
    town.clock.forward(hours=19, minutes=30)
    delivery = town.ops.notices.deliver_due()
    # Neither the confirmation nor the reminder tells anything true by then.
    assert (2, [("booking_cancelled", "ada")]) == (delivery.withdrawn, town.sent)


def test_an_approval_is_asked_for_given_or_refused(town) -> None:
    """The club room needs a yes: the patron hears that it was asked, and what became of it."""
    yes, no = town.book(CLUB), town.book(CLUB, BEN, day=11)
    assert town.ops.bookings.approve(yes.id)
    assert town.ops.bookings.reject(no.id, why="the room is being painted")
    assert [
        ("booking_requested", "ada"),
        ("booking_requested", "ben"),
        ("booking_approved", "ada"),
        ("booking_rejected", "ben"),
    ] == town.sent
    assert "being painted" in town.channel.sent[-1].body


def test_who_waits_is_told_what_came_free(town) -> None:
    """A study room is offered to the first who waits; in a room that books by itself the request is told."""
    for resource in (ROOM, CLUB):
        booking = town.book(resource)
        assert town.ops.bookings.wait(resource=resource, patron=BEN, start="2026-03-10T12:00", end="2026-03-10T13:00")
        assert town.ops.bookings.cancel(booking.id)
    assert [("booking_offered", "ben"), ("booking_requested", "ben")] == [row for row in town.sent if row[1] == "ben"]


def test_a_span_that_is_booked_for_who_waited_is_told_as_such() -> None:
    """Where no approval is needed the patron simply has it."""
    town = Town()
    terms = BookingTerms(waiting=WaitingList.BOOK_FIRST, notices="letters")
    town.ops.settings.file.bookings.named["club room"] = terms  # type: ignore[index]
    booking = town.book(CLUB)
    assert town.ops.bookings.wait(resource=CLUB, patron=BEN, start="2026-03-10T12:00", end="2026-03-10T13:00")
    assert town.ops.bookings.cancel(booking.id)
    assert [("booking_promoted", "ben")] == [row for row in town.sent if row[1] == "ben"]


def test_an_offer_is_withdrawn_when_somebody_was_faster() -> None:
    """Who books first has it; the letter that still waits would tell of a room that is taken."""
    town = Town(quiet_from="00:00", quiet_until="23:00")
    booking = town.book()
    assert town.ops.bookings.wait(resource=ROOM, patron=BEN, start="2026-03-10T12:00", end="2026-03-10T13:00")
    assert town.ops.bookings.cancel(booking.id)
    town.book(patron=CLARA)
    town.clock.forward(hours=12, minutes=30)
    town.ops.notices.deliver_due()
    assert [] == [row for row in town.sent if row[1] == "ben"]


def test_what_a_day_would_bring_knows_bookings_and_memberships(town) -> None:
    """Nothing is written, and when the day comes the same goes out."""
    town.book(hour=14)
    assert town.ops.patrons.change(BEN, expires=date(2026, 3, 23))
    foreseen = town.ops.notices.on(date(2026, 3, 9))
    assert Counter(["booking_reminder", "membership_ending"]) == Counter(message.kind for message in foreseen)
    town.nights(6)
    bodies = {message.kind: message.body for message in town.channel.sent}
    assert {message.kind: message.body for message in foreseen}.items() <= bodies.items()


# --- people and machines ------------------------------------------------------------------------------------------


def test_a_card_that_ends_is_told_once_and_not_when_it_was_renewed(town) -> None:
    """Two weeks ahead; Clara renewed in time, Ben did not; next year he is told again."""
    assert town.ops.patrons.change(BEN, expires=date(2026, 3, 20))
    assert town.ops.patrons.change(CLARA, expires=date(2026, 3, 20))
    town.clock.forward(days=1)
    assert town.ops.patrons.change(CLARA, expires=date(2027, 3, 20))
    town.nights(20)
    assert [("membership_ending", "ben")] == town.sent
    assert "20 March 2026" in town.channel.sent[0].body
    assert town.ops.patrons.change(BEN, expires=date(2026, 4, 20))
    town.nights(30)
    assert [("membership_ending", "ben")] * 2 == town.sent


def test_a_certification_that_ends_is_told(town) -> None:
    """A week before the laser course is too old; revoked, nobody is told."""
    assert town.ops.bookings.certify(patron=ADA, subject="laser", expires_at="2026-03-20T12:00")
    assert town.ops.bookings.certify(patron=BEN, subject="laser", expires_at="2026-03-20T12:00")
    assert town.ops.bookings.certify(
        patron=BEN, subject="laser", act=CertificationAct.REVOKE, why="left the visor open"
    )
    town.nights(20)
    assert [("certification_ending", "ada")] == town.sent
    assert "laser, until 20 March 2026, 12:00" in town.channel.sent[0].body


def test_who_reported_a_fault_hears_that_it_is_fixed(town) -> None:
    """Once for each fix; who works here hears nothing; an unknown card is refused."""
    repairs = town.ops.equipment
    assert repairs.register(id="printer-3", name="Printer 3", kind="printer")
    mine = repairs.open_ticket(asset="printer-3", symptom="prints stripes", patron=ADA).result
    assert repairs.open_ticket(asset="printer-3", symptom="squeaks").result.patron_id is None
    assert ["barcode.no_patron"] == [
        reason.code for reason in repairs.open_ticket(asset="printer-3", symptom="x", patron="29999999999999").reasons
    ]
    assert repairs.resolve(mine.id, fix="new drum")
    assert [("ticket_resolved", "ada")] == town.sent
    assert "- Printer 3: prints stripes" in town.channel.sent[0].body
    assert repairs.reopen(mine.id, why="still stripes")
    assert repairs.resolve(mine.id, fix="new fuser")
    assert [("ticket_resolved", "ada")] * 2 == town.sent


def test_a_fix_that_did_not_hold_is_not_told() -> None:
    """Reopened before the letter went out."""
    town = Town(quiet_from="00:00", quiet_until="23:00")
    repairs = town.ops.equipment
    assert repairs.register(id="printer-3", name="Printer 3", kind="printer")
    ticket = repairs.open_ticket(asset="printer-3", symptom="prints stripes", patron=ADA).result
    assert repairs.resolve(ticket.id, fix="new drum")
    assert repairs.reopen(ticket.id, why="still stripes")
    town.clock.forward(hours=12, minutes=30)
    assert 1 == town.ops.notices.deliver_due().withdrawn


def test_an_erased_patron_leaves_no_track_of_what_was_told() -> None:
    """The track of a membership is kept under the patron's identifier, and goes with the patron."""
    town = Town()
    patron = town.ops.patrons.change(BEN, expires=date(2026, 3, 18)).result
    town.nights(1)
    assert Reads(town.ops.storage).get(NoticeTrack, patron.id) is not None
    assert town.ops.privacy.erase(BEN)
    assert Reads(town.ops.storage).get(NoticeTrack, patron.id) is None


# --- words and settings -------------------------------------------------------------------------------------------


def test_only_a_due_date_is_followed_up() -> None:
    """A booking that is over brings no notice after it."""
    with pytest.raises(InvalidValue, match="after 'booking': only after 'due'"):
        Notice(template="booking_reminder", trigger=Trigger.BOOKING, timing=Timing.AFTER)


def test_a_policy_that_is_not_there_is_named_with_its_place() -> None:
    """Each with what may have been meant."""
    plain = settings()
    plain["equipment"]["notices"] = "leters"
    plain["patron_categories"]["adult"]["notices"] = "cards"
    plain["bookings"]["named"]["club room"]["notices"] = "clubs"
    with pytest.raises(SettingsError) as caught:
        libops.open(settings=plain)
    paths = sorted(problem.split(":")[0] for problem in caught.value.problems)
    assert [
        "settings.bookings.named.club room.notices",
        "settings.equipment.notices",
        "settings.patron_categories.adult.notices",
    ] == paths
    assert "letters" in next(problem for problem in caught.value.problems if "equipment" in problem)
