"""A closing that is announced: loans, hold shelf, bookings and fines; listed, done, told to patrons, and undone."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from libops.bookings import BookingState
from libops.circulation.model import ReadyHold
from libops.cli.main import main
from libops.desk.circulation.closings import Closing
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every
from libops.testing.fakes import RecordingChannel
from libops.wire.json import as_json, from_json

WEEK = (date(2026, 3, 17), date(2026, 3, 21))
"""A burst pipe: from Tuesday to Saturday. The next open day is Tuesday, the 24th."""

ROOM = {"start": datetime(2026, 3, 18, 11, tzinfo=UTC), "end": datetime(2026, 3, 18, 12, tzinfo=UTC)}


def announced(here, library: str = "MAIN") -> Closing:
    return here.ops.closings.announce(library, *WEEK)


def apply(here, closing: Closing):
    return here.ops.closings.apply(closing, why="burst pipe")


def undo(here, closing: Closing):
    return here.ops.closings.undo(closing, why="repaired")


def kept_until(here) -> list[str]:
    return [f"{ready.keep_until:%Y-%m-%d}" for ready in every(here.ops.storage, kind_of(ReadyHold))]


def test_due_dates_in_the_closing_move_and_move_back(town) -> None:
    """Due on the first closed day: on Tuesday after it. Listed, nothing has moved yet; undone, all is as before."""
    here = town()
    assert here.lend("book")
    closing = announced(here)
    assert [("2026-03-17", "2026-03-24")] == [(f"{m.before:%Y-%m-%d}", f"{m.after:%Y-%m-%d}") for m in closing.moves]
    assert "2026-03-17 23:59:00" == here.due()
    assert (1, ()) == (apply(here, closing).done, apply(here, announced(here)).refused)
    assert "2026-03-24 23:59:00" == here.due()
    assert 1 == undo(here, closing).done
    assert "2026-03-17 23:59:00" == here.due()


def test_what_has_changed_since_the_list_is_left_alone(town) -> None:
    """One book was returned before the list was applied, the other renewed before it was undone."""
    here = town()
    assert here.lend("book")
    assert here.lend("second book")
    closing = announced(here)
    assert here.bring_back("book")
    report = apply(here, closing)
    assert (1, [("loan", ["loan.changed"])]) == (report.done, [(r.what, here.codes(r)) for r in report.refused])
    here.until("2026-03-24 12:00")
    assert here.renew("second book")
    assert 0 == undo(here, closing).done


@pytest.mark.parametrize(
    ("closed_days", "after"),
    [
        ("count-open-days", "2026-03-26"),
        ("next-open-day-end", "2026-03-24"),
        ("keep-end-of-day", None),
        ("ignore-calendar", None),
    ],
)
def test_items_wait_longer_on_the_hold_shelf(town, closed_days, after) -> None:
    """Seven days from the 10th, by the policy's own way over closed days; where it knows none nothing is moved."""
    before = "2026-03-19" if closed_days == "count-open-days" else "2026-03-17"
    here = town(hold_policies={"standard": {"shelf_time": "7 days", "shelf_closed_days": closed_days}})
    here.until("2026-03-10 12:00")
    assert here.hold("book", this=True)
    assert here.bring_back("book")
    assert [before] == kept_until(here)
    closing = announced(here)
    assert ([after] if after else []) == [f"{move.after:%Y-%m-%d}" for move in closing.shelf]
    assert () == apply(here, closing).refused
    assert [after or before] == kept_until(here)
    assert () == undo(here, closing).refused
    assert [before] == kept_until(here)


def test_an_item_picked_up_meanwhile_waits_for_nobody(town) -> None:
    """Listed, then lent to the patron whose hold it is: the closing leaves it, and says so."""
    here = town(hold_policies={"standard": {"shelf_closed_days": "next-open-day-end"}})
    here.until("2026-03-10 12:00")
    assert here.hold("book", this=True)
    assert here.bring_back("book")
    closing = announced(here)
    assert here.lend("book", to="Ben")
    assert [("hold", ["closing.outdated"])] == [(r.what, here.codes(r)) for r in apply(here, closing).refused]


@pytest.mark.parametrize(
    ("option", "state", "flag"),
    [
        ("leave-bookings", BookingState.CONFIRMED, ""),
        ("flag-bookings", BookingState.CONFIRMED, "closing of MAIN, 2026-03-17 to 2026-03-21"),
        ("cancel-bookings", BookingState.CANCELLED, ""),
    ],
)
def test_bookings_in_the_closing(town, option, state, flag) -> None:
    """`bookings.in_closing`: listed only, marked for staff, or cancelled at no cost; undone, the room is booked."""
    fee = {"cancel_notice": 60 * 24 * 30, "cancel_fee": "5.00 EUR"}
    here = town(bookings={"in_closing": option, "default": fee})
    rooms = here.ops.bookings
    assert rooms.register(id="study", name="Study room", kind="room")
    made = rooms.make(resource="study", patron="21234000000017", **ROOM).result
    closing = announced(here)
    assert [(made.id, option)] == [(each.booking_id, each.act.value) for each in closing.bookings]
    assert () == apply(here, closing).refused
    assert (state, flag, "0.00 EUR") == (rooms.get(made.id).state, rooms.get(made.id).flag, here.owed("Ada"))
    assert () == undo(here, closing).refused
    assert [""] == [each.flag for each in rooms.of_resource("study", **ROOM)]


@pytest.mark.parametrize(
    ("terms", "listed"), [("refuse", 1), ("span_closed", 0), ("allow", 0)], ids=["room", "taken home", "own door"]
)
def test_a_booking_that_spans_the_closing(town, terms, listed) -> None:
    """From the 14th to the 24th: a room needs every hour, a projector only start and end, a locker no hours at all."""
    here = town(bookings={"default": {"outside_hours": terms}})
    rooms = here.ops.bookings
    assert rooms.register(id="thing", name="Thing", kind="thing")
    span = {"start": datetime(2026, 3, 14, 11, tzinfo=UTC), "end": datetime(2026, 3, 24, 11, tzinfo=UTC)}
    allow = here.allow("booking.outside_hours", right="bookings.hours")
    assert rooms.make(resource="thing", patron="21234000000017", **span, override=allow)
    assert listed == len(announced(here).bookings)


def test_a_booking_that_has_begun_is_marked_where_others_are_cancelled(town) -> None:
    """It cannot be taken back from the patron who is there; a library elsewhere closes without it."""
    here = town(bookings={"in_closing": "cancel-bookings"})
    rooms = here.ops.bookings
    assert rooms.register(id="study", name="Study room", kind="room")
    made = rooms.make(resource="study", patron="21234000000017", **ROOM).result
    here.until("2026-03-18 12:10")
    assert rooms.start(made.id)
    assert () == announced(here, "NORTH").bookings
    assert apply(here, announced(here)).done
    assert rooms.get(made.id).flag


@pytest.mark.parametrize(
    ("option", "closed", "owed"),
    [
        ("leave-fines", "exclude-closed-days", "1.40 EUR"),
        ("forgive-fines", "exclude-closed-days", "0.40 EUR"),
        ("leave-fines", "count-closed-time", "2.20 EUR"),
        ("forgive-fines", "count-closed-time", "1.20 EUR"),
    ],
)
def test_fines_charged_for_the_closed_days(town, option, closed, owed) -> None:
    """`accounts.fines_in_closing`: eleven days late, seven of them open, five noted as a closing afterwards."""
    here = town(
        accounts={"fines_in_closing": option},
        fine_policies={"standard": {"amount": "0.20 EUR", "closed": closed}},
        loan_policies={"standard": {"due": {"period": "11 days"}}},
    )
    assert here.lend("book", library="NORTH" if closed == "count-closed-time" else "MAIN")
    here.until("2026-03-25 12:00")
    here.night()
    before = here.owed("Ada")
    library = "NORTH" if closed == "count-closed-time" else "MAIN"
    closing = announced(here, library)
    assert () == apply(here, closing).refused
    assert owed == here.owed("Ada")
    assert () == undo(here, closing).refused
    assert before == here.owed("Ada")


@pytest.mark.parametrize(
    ("option", "charged", "came_back", "owed"),
    [
        ("leave-fines", True, None, "1.40 EUR"),
        ("forgive-fines", True, None, "0.40 EUR"),
        ("leave-fines", False, None, "0.40 EUR"),
        ("leave-fines", True, datetime(2026, 3, 19, 11, tzinfo=UTC), "0.60 EUR"),
        ("leave-fines", True, datetime(2026, 3, 14, 11, tzinfo=UTC), "0.00 EUR"),
    ],
    ids=["left", "forgiven", "never charged", "back in the closing", "back in time"],
)
def test_a_fine_that_was_left_stays_when_the_item_comes_back(town, option, charged, came_back, owed) -> None:
    """Left is left, unless something else makes it smaller: the item was back earlier than anybody knew."""
    here = town(
        accounts={"fines_in_closing": option},
        fine_policies={"standard": {"amount": "0.20 EUR", "closed": "exclude-closed-days"}},
        loan_policies={"standard": {"due": {"period": "11 days"}}},
    )
    assert here.lend("book")
    here.until("2026-03-25 12:00")
    if charged:
        here.night()
    apply(here, announced(here))
    answer = here.bring_back("book", returned_at=came_back, explain=True)
    assert owed == here.owed("Ada")
    steps = [step.why for step in answer.trace.fees if step.name == "closing"]
    left = charged and option == "leave-fines" and owed != "0.00 EUR"
    assert (["charged before the closing was announced, and left"] if left else []) == steps


def test_a_closing_known_before_the_days_come_leaves_nothing_behind(town) -> None:
    """No night charged its days; a return that is dated back into later days must not charge them either."""
    here = town(
        fine_policies={"standard": {"amount": "0.20 EUR", "closed": "exclude-closed-days"}},
        loan_policies={"standard": {"due": {"period": "11 days"}}},
    )
    assert here.lend("book")
    apply(here, announced(here))
    here.until("2026-03-28 12:00")
    here.night()
    assert "1.00 EUR" == here.owed("Ada")
    assert here.bring_back("book", returned_at=datetime(2026, 3, 24, 11, tzinfo=UTC))
    assert "0.20 EUR" == here.owed("Ada")


def test_what_was_paid_of_a_fine_goes_back_or_stays(town) -> None:
    """Where the policy leaves closed days out the patron gets it back; a waiver only touches what is open."""
    for closed, owed in (("exclude-closed-days", "-0.60 EUR"), ("count-closed-time", "0.00 EUR")):
        here = town(
            accounts={"fines_in_closing": "forgive-fines"},
            fine_policies={"standard": {"amount": "0.20 EUR", "closed": closed}},
        )
        assert here.lend("book")
        here.until("2026-03-20 12:00")
        here.night()
        assert here.ops.fees.pay(patron="21234000000017", amount="0.60 EUR")
        apply(here, announced(here))
        assert owed == here.owed("Ada"), closed


def test_patrons_are_told_of_what_moves(town) -> None:
    """New due dates, longer on the hold shelf, a booking cancelled: one letter each, where the rules ask for it."""
    notices = [
        {"template": "due_moved", "trigger": "due-moved", "digest": "none"},
        {"template": "shelf_moved", "trigger": "shelf-moved", "digest": "none"},
        {"template": "booking_cancelled", "trigger": "booking-cancelled", "digest": "none"},
    ]
    sent = RecordingChannel()
    here = town(
        plugins=[sent],
        channels={"email": "recording"},
        notice_policies={"standard": {"notices": notices}},
        fallback={"notices": "standard"},
        bookings={"in_closing": "cancel-bookings", "default": {"notices": "standard"}},
        hold_policies={"standard": {"shelf_closed_days": "next-open-day-end"}},
    )
    for who in ("Ada", "Ben"):
        here.patron(who, email=f"{who.lower()}@example.org")
    assert here.lend("second book")
    here.until("2026-03-10 12:00")
    assert here.hold("book", this=True)
    assert here.bring_back("book")
    assert here.ops.bookings.register(id="study", name="Study room", kind="room")
    assert here.ops.bookings.make(resource="study", patron="21234000000017", **ROOM)
    assert 3 == apply(here, announced(here)).done
    here.night()
    assert ["booking_cancelled", "due_moved", "shelf_moved"] == sorted(message.kind for message in sent.sent)
    assert any("Study room: 18 March 2026, 12:00" in message.body for message in sent.sent)
    assert any("now due 24 March 2026" in message.body for message in sent.sent)
    assert any("kept until" in message.body and "24 March 2026" in message.body for message in sent.sent)


def test_a_list_can_be_kept_and_read_again(town) -> None:
    """The file of `libops closing list --keep` is the list itself."""
    here = town(bookings={"in_closing": "cancel-bookings"}, accounts={"fines_in_closing": "forgive-fines"})
    assert here.lend("book")
    closing = announced(here)
    assert closing == from_json(as_json(closing), Closing)


def test_a_closing_at_the_command_line(town, tmp_path, capsys) -> None:
    """List, apply, undo; what was left alone makes exit code 1; a list that is not there is told as not found."""
    store, kept = tmp_path / "town.db", tmp_path / "pipe.json"
    settings = tmp_path / "town.toml"
    settings.write_text(
        'currency = "EUR"\n[libraries.MAIN]\nname = "Town"\ncalendar = "c"\n'
        '[calendars.c]\nzone = "Europe/Berlin"\nweekly = { monday = "10:00-18:00", tuesday = "10:00-18:00" }\n'
        '[patron_categories.adult]\nname = "Adult"\n[item_types.book]\nname = "Book"\n'
        '[loan_policies.short]\ndue = { period = "1 week" }\n[fallback]\nloan = "short"\n'
    )
    shared = ["--db", str(store), "--settings", str(settings)]
    assert 0 == main(["init", *shared])
    listing = ["closing", "list", "MAIN", "2026-03-31", "2026-04-02", "--keep", str(kept)]
    assert 0 == main([*listing, *shared])
    assert "closing of MAIN, 2026-03-31 to 2026-04-02: 0 loans, 0 holds, 0 bookings, 0 fines" in capsys.readouterr().out
    assert "MAIN" == json.loads(kept.read_text())["library"]
    assert 0 == main(["closing", "apply", str(kept), "--why", "burst pipe", *shared])
    assert 0 == main(["closing", "undo", str(kept), "--why", "repaired", *shared])
    assert 3 == main(["closing", "apply", str(tmp_path / "other.json"), "--why", "?", *shared])
