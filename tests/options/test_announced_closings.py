"""A closing that was announced counts like the special days of the settings: for later loans, fines, bookings."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

import libops
from libops.cli.main import main
from libops.desk.library_calendars import LOOKED_AT_EVERY
from libops.testing.fakes import FrozenClock
from libops.testing.sample_library import sample_library

WEEK = (date(2026, 3, 17), date(2026, 3, 21))
"""From Tuesday to Saturday; the next open day is Tuesday, the 24th."""


def announce(here, library: str = "MAIN", first: date = WEEK[0], last: date = WEEK[1]):
    closing = here.ops.closings.announce(library, first, last)
    here.ops.closings.apply(closing, why="burst pipe", by="Mira")
    return closing


def test_a_later_loan_is_not_due_in_the_closing(town) -> None:
    """Lent after the closing was announced: due on the first open day, and the trace says why. Undone: as ever."""
    here = town()
    closing = announce(here)
    answer = here.lend("book", explain=True)
    assert "2026-03-24 23:59:00" == here.due("book")
    why = "Tuesday 2026-03-17 is closed (closing announced 2026-03-03: burst pipe); next open day"
    assert [why] == [step.why for step in answer.trace.steps if step.name == "closed day"]
    assert here.ops.closings.undo(closing, why="repaired")
    assert here.lend("second book")
    assert "2026-03-17 23:59:00" == here.due("second book")


def test_an_hourly_loan_passes_over_the_closing(town) -> None:
    """Until the next opening, which is that after the closing; the trace says what closed the library."""
    terms = {"period": "4 hours", "closing": "extend-to-opening"}
    here = town(loan_policies={"standard": {"due": terms}})
    announce(here, first=date(2026, 3, 4), last=date(2026, 3, 6))
    here.until("2026-03-03 16:00")
    assert here.lend("book")
    assert "2026-03-07 10:00:00" == here.due("book")
    announce(here, first=date(2026, 3, 3), last=date(2026, 3, 3))
    answer = here.lend("second book", explain=True)
    assert "closing announced 2026-03-03: burst pipe" in " ".join(step.why for step in answer.trace.steps)


def test_only_the_library_that_closes(town) -> None:
    """The other branch lends as ever."""
    here = town()
    announce(here, "NORTH")
    assert here.lend("book")
    assert here.lend("second book", library="NORTH")
    assert ["2026-03-17", "2026-03-22"] == [here.due("book")[:10], here.due("second book")[:10]]


def test_a_renewal_passes_over_the_closing(town) -> None:
    """Renewed on the day it is lent, counted from then: the same day, moved behind the closing."""
    policy = {"due": {"period": "1 week"}, "renewals": {"count": 2, "period": "2 weeks", "renew_from": "now"}}
    here = town(loan_policies={"standard": policy})
    announce(here)
    assert here.lend("book")
    assert here.renew("book")
    assert "2026-03-24" == here.due("book")[:10]


@pytest.mark.parametrize(("noted", "owed"), [(False, "1.00 EUR"), (True, "0.20 EUR")])
def test_the_nightly_count_of_fines_knows_it(town, noted, owed) -> None:
    """Due on the 14th, counted on the 24th: five open days that were none leave one."""
    here = town(
        fine_policies={"standard": {"amount": "0.20 EUR", "closed": "exclude-closed-days"}},
        loan_policies={"standard": {"due": {"period": "11 days"}}},
    )
    assert here.lend("book")
    if noted:
        announce(here)
    here.until("2026-03-24 12:00" if noted else "2026-03-21 12:00")
    here.night()
    assert owed == here.owed("Ada")


def test_a_room_is_not_booked_in_the_closing(town) -> None:
    """The library is closed: a booking in it is refused as outside hours, and taken once the closing is undone."""
    here = town()
    rooms = here.ops.bookings
    assert rooms.register(id="study", name="Study room", kind="room")
    slot = {"start": datetime(2026, 3, 18, 11, tzinfo=UTC), "end": datetime(2026, 3, 18, 12, tzinfo=UTC)}
    closing = announce(here)
    refused = rooms.make(resource="study", patron="21234000000017", **slot)
    assert ["booking.outside_hours"] == here.codes(refused)
    here.ops.closings.undo(closing, why="repaired")
    assert rooms.make(resource="study", patron="21234000000017", **slot)


def test_what_counts_can_be_listed(town) -> None:
    """The closings of all libraries or of one, with who knew since when; announced twice, undone twice, it is one."""
    here = town()
    closing = announce(here)
    assert () == here.ops.closings.apply(closing, why="again").refused
    announce(here, "NORTH")
    listed = here.ops.closings.announced()
    assert [("MAIN", *WEEK, "burst pipe"), ("NORTH", *WEEK, "burst pipe")] == [
        (each.library, each.first, each.last, each.why) for each in listed
    ]
    assert listed[1:] == here.ops.closings.announced("NORTH")
    for _ in range(2):
        here.ops.closings.undo(closing, why="repaired")
    assert ["NORTH"] == [each.library for each in here.ops.closings.announced()]
    announce(here)
    assert 2 == len(here.ops.closings.announced())


def test_a_preview_from_before_the_announcement_is_stale(town) -> None:
    """The patron was told the 17th; the closing announced since makes it the 24th, so the desk must look again."""
    here = town()
    shown = here.ops.circulation.preview_check_out(patron="21234000000017", item="31234000000014").result.preview
    announce(here)
    answer = here.ops.circulation.check_out(patron="21234000000017", item="31234000000014", preview=shown)
    assert ["preview.stale"] == here.codes(answer)


def test_another_desk_knows_within_a_minute(tmp_path) -> None:
    """Two programs share a store: one announces the closing, the other lends by it from the next minute on."""
    clock = FrozenClock()
    with libops.open(f"sqlite:///{tmp_path}/town.db", clock=clock) as here:
        sample_library(here)
        with libops.open(f"sqlite:///{tmp_path}/town.db", clock=clock) as there:
            lend = {"patron": "21234000000017"}
            first = there.circulation.check_out(item="31234000000014", **lend)
            day = first.result.due.date()
            here.closings.apply(here.closings.announce("MAIN", day, day), why="burst pipe")
            clock.forward(minutes=LOOKED_AT_EVERY // timedelta(minutes=1))
            later = there.circulation.check_out(item="31234000000022", **lend)
            assert day < later.result.due.date()
            assert 1 == len(there.closings.announced())
        with libops.open(f"sqlite:///{tmp_path}/town.db", clock=clock) as again:
            assert later.result.due == again.circulation.loan_of("31234000000022").due
            assert 1 == len(again.closings.announced("MAIN"))


def test_a_checkout_reads_no_more_for_it(town, monkeypatch) -> None:
    """Closings are asked for once a minute at most, not at every loan."""
    here = town()
    assert here.lend("book")
    asked = []
    read = here.ops.storage.read
    monkeypatch.setattr(here.ops.storage, "read", lambda queries: (asked.extend(queries), read(queries))[1])
    assert here.lend("second book")
    assert [] == [query for query in asked if query[0].name == "announced_closing"]
    here.clock.forward(minutes=1)
    assert here.lend("third book")
    assert 1 == len([query for query in asked if query[0].name == "announced_closing"])


def test_two_libraries_of_one_settings_object_keep_their_own_closings() -> None:
    """Settings read once serve several stores: what one town announces is no business of the other."""
    from libops.desk.settings.loading import default_settings

    settings, clock = default_settings(), FrozenClock()
    with libops.open(settings=settings, clock=clock) as one, libops.open(settings=settings, clock=clock) as other:
        one.closings.apply(one.closings.announce("MAIN", *WEEK), why="burst pipe")
        assert (1, 0) == (len(one.closings.announced()), len(other.closings.announced()))
        assert one.book.calendar("MAIN") != other.book.calendar("MAIN") == settings.calendar_of("MAIN")


def test_announced_closings_at_the_command_line(tmp_path, capsys) -> None:
    """`libops closing announced` lists what counts beside the settings."""
    store, kept = f"sqlite:///{tmp_path}/town.db", str(tmp_path / "pipe.json")
    assert 0 == main(["init", "--db", store])
    assert 0 == main(["closing", "list", "MAIN", "2026-03-31", "2026-04-02", "--keep", kept, "--db", store])
    assert 0 == main(["closing", "apply", kept, "--why", "burst pipe", "--by", "Mira", "--db", store])
    capsys.readouterr()
    assert 0 == main(["closing", "announced", "--db", store])
    assert "MAIN  2026-03-31 to 2026-04-02  burst pipe" in capsys.readouterr().out
    assert 0 == main(["closing", "undo", kept, "--why", "repaired", "--db", store])
    capsys.readouterr()
    assert 0 == main(["closing", "announced", "--db", store])
    assert "MAIN" not in capsys.readouterr().out
