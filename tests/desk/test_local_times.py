"""What patrons and staff read is by the library's clocks: the day of an evening payment is the evening's.

Denver is behind UTC, so that its evening is the next day there; Auckland ahead, so that its morning is the day before.
Both are asked on days next to a change of their clocks: Denver's went forward on 8 March 2026, Auckland's back on
5 April.
"""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest

import libops
from libops.base.decisions import Override
from libops.base.errors import InvalidValue
from libops.cli.main import main
from libops.equipment.report import equipment_html
from libops.inventory import stocktake_csv, stocktake_html
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import ITEMS, sample_library

ADA, BEN = "21234000000017", "21234000000025"
BOOK, SPARE, DISC = "31234000000014", "31234000000022", "31234000000030"

SCENES = {
    "denver, last evening of winter": ("America/Denver", "2026-03-08T02:30", "2026-03-07", "19:30"),
    "denver, first evening of summer": ("America/Denver", "2026-03-09T01:30", "2026-03-08", "19:30"),
    "auckland, last morning of summer": ("Pacific/Auckland", "2026-04-03T20:30", "2026-04-04", "09:30"),
    "auckland, first morning of winter": ("Pacific/Auckland", "2026-04-04T21:30", "2026-04-05", "09:30"),
}


class Town:
    """A library in another zone at a moment, where something of everything is done."""

    def __init__(self, zone: str, at: str, day: str, clock: str, url: str = "memory:") -> None:
        self.at, self.day, self.time = datetime.fromisoformat(at).replace(tzinfo=UTC), day, clock
        default = files("libops.desk.settings").joinpath("default.toml").read_text(encoding="utf-8")
        self.settings = default.replace("Europe/Berlin", zone)
        settings, clock = tomllib.loads(self.settings), FrozenClock(self.at)
        self.ops = libops.open(url, settings=settings, clock=clock, ids=CountingIds())
        sample_library(self.ops)

    def by_local_clocks(self, text: object, *, time: bool = True) -> None:
        """The day, and the time if it says one, are the library's, and UTC's appear nowhere."""
        said = str(text)
        assert self.day in said, said
        assert f"{self.at:%Y-%m-%d}" not in said, said
        assert not time or f"{self.day} {self.time}" in said, said


@pytest.fixture(params=SCENES)
def town(request):
    made = Town(*SCENES[request.param])
    with made.ops:
        yield made


def test_an_account_and_its_receipts(town) -> None:
    """Statement and receipts of one evening name one day, as text and as a card."""
    charged = town.ops.fees.charge(patron=ADA, amount="2.50 EUR").result
    paid = town.ops.fees.pay(patron=ADA, amount="1.00 EUR").result
    for receipt in (charged, paid):
        town.by_local_clocks(receipt)
        town.by_local_clocks(receipt.html())
    statement = town.ops.fees.statement(ADA)
    town.by_local_clocks(statement, time=False)
    town.by_local_clocks(statement._repr_html_(), time=False)
    assert 2 == str(statement).count(town.day)


def test_loans_holds_and_their_slips(town) -> None:
    """Receipts, slips for the shelf and for the way, and what a refusal says of a moment."""
    lent = town.ops.circulation.check_out(patron=ADA, item=BOOK, explain=True)
    town.by_local_clocks(lent.result)
    assert re.search(r"Due: +\w{3} 2026-\d\d-\d\d \d\d:\d\d", str(lent.result))
    due = town.ops.settings.calendar_of(town.ops.library).local(lent.result.due)
    assert f"{due:%Y-%m-%d %H:%M}" in str(lent.trace)
    assert f"{due:%Y-%m-%d}" in str(town.ops.circulation.check_out(patron=BEN, item=BOOK))
    assert town.ops.patrons.place_block(BEN, note="lost a key", until=town.at)
    town.by_local_clocks(town.ops.circulation.check_out(patron=BEN, item=SPARE))
    town.by_local_clocks(town.ops.holds.place(patron=ADA, item=DISC).result)
    back = town.ops.circulation.check_in(item=BOOK).result
    town.by_local_clocks(back)


def test_reports_of_equipment_and_stocktakes(town) -> None:
    """Pages that staff print; the spreadsheet says the zone with each time."""
    ops = town.ops
    ops.equipment.register(id="kiln", name="Kiln", kind="kiln")
    assert ops.equipment.open_ticket(symptom="stays cold", asset="kiln")
    report = ops.equipment.report(since=town.at - timedelta(days=10), until=town.at + timedelta(minutes=1))
    town.by_local_clocks(equipment_html(report))
    session = ops.inventory.open_stocktake(name="Spring", items=[barcode for barcode, _ in ITEMS]).result
    assert ops.inventory.scan(session.id, [BOOK, "31234000009999"], device="wand")
    result = ops.inventory.result(session.id)
    town.by_local_clocks(stocktake_html(result, session))
    assert f"{town.day}T{town.time}:00" in stocktake_csv(result)


def test_closings_and_the_log(town) -> None:
    """On which day a closing was announced, and on which day how much happened."""
    ops = town.ops
    first = date.fromisoformat(town.day) + timedelta(3)
    assert ops.closings.apply(ops.closings.announce("MAIN", first, first), why="burst pipe")
    (closing,) = ops.closings.announced()
    note = closing.days_in(ops.settings.calendar_of(ops.library).zone_info).note
    town.by_local_clocks(note, time=False)
    counted = ops.events.statistics()
    assert [town.day] == [str(day) for day in counted.by_day]
    town.by_local_clocks(counted)


@pytest.mark.parametrize("act", ["make", "wait", "change"])
def test_a_booking_that_ends_before_it_starts(town, act) -> None:
    """Whether it is made, waited for or moved, the times that are wrong are told as they were meant."""
    desk, hour = town.ops.bookings, timedelta(hours=1)
    asked = {"resource": "study-2", "patron": ADA, "start": town.at, "end": town.at + hour}
    assert desk.register(id="study-2", name="Study room 2", kind="study room")
    right = Override({"booking.outside_hours"}, rights={"bookings.hours"})
    made = desk.make(**asked, override=right).result
    given, named = ([made.id], {}) if act == "change" else ([], asked)
    with pytest.raises(InvalidValue, match="the end comes after the start") as wrong:
        getattr(desk, act)(*given, **{**named, "end": town.at - hour})
    town.by_local_clocks(wrong.value)


def test_when_an_item_was_last_used(town) -> None:
    """A weeding list names the day in the library."""
    ops = town.ops
    assert ops.circulation.check_out(patron=ADA, item=BOOK)
    assert ops.circulation.check_in(item=BOOK)
    (item,) = ops.inventory.weeding_items(ops.inventory.shelves.seen([ops.items.get(BOOK)]))
    assert town.day == str(item.last_used)


def test_when_an_issue_was_claimed(town) -> None:
    """A vendor has so many days from the day of the claim in the library to answer."""
    ops = town.ops
    bib = next(iter(ops.catalog.all())).id
    pattern = "$a v. $b no. $u 12 $v r $i (year) $j (month) $w m"
    assert ops.serials.subscribe(bib, pattern=pattern, last="$a 41 $b 12 $i 2025 $j 12")
    (subscription,) = ops.serials.subscriptions()
    issue = ops.serials.issues(subscription.id)[0]
    early = libops.Override(["issue.not_late"], by="ruth", why="the vendor asks for it")
    assert ops.serials.claim(issue.id, override=early)
    again = ops.serials.claim(issue.id, override=early)
    town.by_local_clocks(again.reasons[0], time=False)


@pytest.mark.parametrize("scene", SCENES)
def test_what_the_command_prints(scene, tmp_path, capsys) -> None:
    """For people; with `--json`, for programs, times stay in UTC."""
    town = Town(*SCENES[scene], url=f"sqlite:///{tmp_path}/town.db")
    (tmp_path / "town.toml").write_text(town.settings, encoding="utf-8")
    ops = town.ops
    ops.equipment.register(id="kiln", name="Kiln", kind="kiln")
    ticket = ops.equipment.open_ticket(symptom="stays cold", asset="kiln").result
    assert ops.holds.place(patron=ADA, item=DISC)
    ops.close()
    where = ("--db", f"{tmp_path}/town.db", "--settings", str(tmp_path / "town.toml"))

    def printed(*words: str) -> str:
        assert 0 == main([*words, *where])
        return capsys.readouterr().out

    town.by_local_clocks(printed("events"))
    town.by_local_clocks(printed("ticket", "show", ticket.id))
    assert f"state new, at {town.day} {town.time}" in printed("ticket", "show", ticket.id)
    town.by_local_clocks(printed("hold", "list", "--patron", ADA), time=False)
    assert f"{town.at:%Y-%m-%dT%H:%M}" in printed("ticket", "show", ticket.id, "--json")
