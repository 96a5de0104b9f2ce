"""Bookings leave as iCalendar that another reader understands, and say no more than they should."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

import libops
from libops.base.errors import InvalidValue, NotFound
from libops.base.ids import BookingId, LibraryCode, PatronId, ResourceId
from libops.bookings import Booking, BookingState, Resource
from libops.cli.main import main
from libops.testing.contracts import FormatContract
from libops.testing.fakes import FrozenClock
from libops.testing.sample_library import PATRONS, sample_library
from libops_icalendar import STATUS, bookings_as_ical, busy_times

ROOM = Resource(id=ResourceId("R-2"), name="Study room 2", kind="study room", library=LibraryCode("MAIN"))
TEN = datetime(2026, 3, 3, 9, tzinfo=UTC)
BOOKING = Booking(
    id=BookingId("B-1"),
    resource_id=ROOM.id,
    patron_id=PatronId("P-9"),
    start=TEN,
    end=TEN + timedelta(hours=2),
    blocked_from=TEN - timedelta(minutes=15),
    blocked_until=TEN + timedelta(hours=2, minutes=15),
    slot_minutes=15,
    purpose="debt advice",
    made_at=TEN - timedelta(days=1),
)
DOMAIN = "library.example"


def events(text: bytes) -> list:
    return list(Calendar.from_ical(text).walk("VEVENT"))


class TestICalendar(FormatContract):
    plugins = ("libops_icalendar",)
    name = "icalendar"
    kind = "calendar"

    def made(self, *given: object) -> list[tuple[str, str]]:
        more = {"name": "", "purposes": False, "remind_minutes": None}
        text = self.format.provider.bookings(*given, now=TEN, domain=DOMAIN, **more)
        return [(str(event["uid"]), str(event["status"])) for event in events(text)]

    def examples(self):
        off = evolve(BOOKING, state=BookingState.CANCELLED)
        confirmed, cancelled = ("B-1@library.example", "CONFIRMED"), ("B-1@library.example", "CANCELLED")
        return [(([BOOKING], [ROOM]), [confirmed]), (([off], [ROOM]), [cancelled]), (([], [ROOM]), [])]


def test_a_booking_is_an_event_with_its_own_time_not_its_lead() -> None:
    """The patron comes at ten; the quarter before is the library's."""
    (event,) = events(bookings_as_ical([BOOKING], [ROOM], now=TEN, domain=DOMAIN))
    assert ("B-1@library.example", BOOKING.start, BOOKING.end, "Study room 2", "CONFIRMED") == (
        str(event["uid"]),
        event["dtstart"].dt,
        event["dtend"].dt,
        str(event["summary"]),
        str(event["status"]),
    )


def test_nobody_is_named_and_the_purpose_only_when_asked_for() -> None:
    """A feed is read by whoever has its address."""
    plain = bookings_as_ical([BOOKING], [ROOM], now=TEN, domain=DOMAIN)
    told = bookings_as_ical([BOOKING], [ROOM], now=TEN, domain=DOMAIN, purposes=True)
    assert [False, False, True] == [b"P-9" in plain + told, b"debt advice" in plain, b"debt advice" in told]


def test_every_state_has_its_status() -> None:
    """A booking that is off leaves the calendars that have it, and no longer blocks their owner's time."""
    assert set(BookingState) == set(STATUS)
    for state in BookingState:
        (event,) = events(bookings_as_ical([evolve(BOOKING, state=state)], [ROOM], now=TEN, domain=DOMAIN))
        assert STATUS[state] == str(event["status"])
        assert (STATUS[state] == "CANCELLED" or state is BookingState.ENDED) is ("transp" in event)


def test_only_open_bookings_ring() -> None:
    """An hour before, on the calendar's owner's device."""
    ended = evolve(BOOKING, state=BookingState.ENDED, id=BookingId("B-2"))
    text = bookings_as_ical([BOOKING, ended], [ROOM], now=TEN, domain=DOMAIN, remind_minutes=60, name="Räume")
    alarms = list(Calendar.from_ical(text).walk("VALARM"))
    assert [timedelta(minutes=-60)] == [alarm["trigger"].dt for alarm in alarms]
    assert "X-WR-CALNAME:Räume" in text.decode()


def test_busy_times_hold_lead_and_trail_and_nothing_else() -> None:
    """Cut at the span asked for; requests are tentative; other rooms and what is off are left out."""
    asked = evolve(BOOKING, id=BookingId("B-2"), state=BookingState.REQUESTED)
    off = evolve(BOOKING, id=BookingId("B-3"), state=BookingState.CANCELLED)
    other = evolve(BOOKING, id=BookingId("B-4"), resource_id=ResourceId("R-9"))
    text = busy_times([asked, BOOKING, off, other], ROOM, TEN, TEN + timedelta(days=1), now=TEN, domain=DOMAIN)
    unfolded = text.decode().replace("\r\n ", "").splitlines()
    lines = [line.replace(";VALUE=PERIOD", "") for line in unfolded if line.startswith("FREEBUSY")]
    assert [
        "FREEBUSY;FBTYPE=BUSY:20260303T090000Z/20260303T111500Z",
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260303T090000Z/20260303T111500Z",
    ] == lines
    assert b"Study" not in text


def test_what_cannot_be_written_is_shown() -> None:
    """A resource nobody gave, a domain that is none."""
    with pytest.raises(InvalidValue, match="'R-2'; given were none"):
        bookings_as_ical([BOOKING], [], now=TEN, domain=DOMAIN)
    with pytest.raises(InvalidValue, match="'a b'"):
        bookings_as_ical([], [], now=TEN, domain="a b")


def test_the_desk_and_the_command_write_what_is_stored(tmp_path, capsys) -> None:
    """A booking of this week for its resource, its patron and the library; cancelled, it stays in the file as such."""
    url = f"sqlite:///{tmp_path}/town.db"
    with libops.open(url, plugins=["libops_icalendar"], clock=FrozenClock(TEN - timedelta(days=1))) as ops:
        sample_library(ops)
        ada, ben = PATRONS[0][0], PATRONS[1][0]
        assert ops.bookings.register(id="study", name="Study room", kind="study room")
        assert ops.bookings.register(id="club", name="Club room", kind="club room")
        first = ops.bookings.make(resource="study", patron=ada, start=TEN, end=TEN + timedelta(hours=1)).result
        other = ops.bookings.make(resource="club", patron=ben, start=TEN, end=TEN + timedelta(hours=1)).result
        assert ops.bookings.cancel(other.id)

        def ids(**which: str) -> list[str]:
            text = ops.bookings.calendar("2026-03-01", "2026-03-08", domain=DOMAIN, **which)
            return [str(event["uid"]).partition("@")[0] for event in events(text)]

        assert sorted([first.id, other.id]) == ids()
        assert [first.id] == ids(resource="study") == ids(patron=ada)
        assert [] == ids(patron=ada, resource="club")
        assert b"20260303T090000Z/20260303T100000Z" in ops.bookings.busy(
            "study", "2026-03-03", "2026-03-04", domain=DOMAIN
        ).replace(b"\r\n ", b"")
        with pytest.raises(NotFound, match="nothing is booked under 'attic'"):
            ops.bookings.calendar("2026-03-01", "2026-03-08", domain=DOMAIN, resource="attic")

    span = ["2026-03-01", "2026-03-08", "--domain", DOMAIN, "--db", url, "--plugin", "libops_icalendar"]
    assert 0 == main(["calendar", *span, "--resource", "study", "--out", str(tmp_path / "study.ics")])
    (event,) = events((tmp_path / "study.ics").read_bytes())
    assert "Study room" == str(event["summary"])
    assert 0 == main(["calendar", *span, "--resource", "study", "--busy"])
    assert "VFREEBUSY" in capsys.readouterr().out
    assert 0 != main(["calendar", *span, "--busy"])
    assert "give --resource" in capsys.readouterr().err


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_any_name_comes_back_as_it_was(name: str) -> None:
    """Commas, semicolons, backslashes and long names in any script survive; lines have at most 75 octets and CRLF."""
    room = evolve(ROOM, name=name)
    text = bookings_as_ical([BOOKING], [room], now=TEN, domain=DOMAIN)
    (event,) = events(text)
    assert name == str(event["summary"])
    lines = text.split(b"\r\n")
    assert not any(b"\n" in line for line in lines)
    assert all(len(line) <= 75 for line in lines)
