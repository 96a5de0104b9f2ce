"""When a hold's turn comes: items at another library travel first, over the open days of the pickup place."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libops.base.calendars import Calendar, WeeklyHours
from libops.base.errors import SettingsError
from libops.base.ids import LibraryCode
from libops.circulation.policy.holds import ComingItem, arrives, forecast

MAIN, EAST = LibraryCode("MAIN"), LibraryCode("EAST")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
PLAIN, PARTED = "10:00-18:00", "10:00-12:00 14:00-18:00"
FRIDAY, TUESDAY = date(2026, 3, 6), date(2026, 3, 10)


def weekdays(hours: str) -> Calendar:
    """Open from Monday to Friday, closed on the weekend."""
    return Calendar("Europe/Berlin", WeeklyHours(**dict.fromkeys(WEEKDAYS, hours)))


@pytest.fixture
def two(town):
    """Two libraries that close for the weekend, on a Friday at noon; the branch has a midday break."""

    def made(**returns: object):
        calendars = {
            name: {"zone": "Europe/Berlin", "weekly": dict.fromkeys(WEEKDAYS, hours)}
            for name, hours in (("week", PLAIN), ("parted", PARTED))
        }
        libraries = {
            "MAIN": {"name": "Main library", "calendar": "week"},
            "EAST": {"name": "East branch", "calendar": "parted"},
        }
        tables = {"calendars": calendars, "libraries": libraries, "returns": returns}
        world = town(more=tables, shelf_time="7 days")
        world.clock.forward(days=3, hours=1)
        return world

    return made


def day(at: datetime | None) -> date:
    """The day in the library."""
    assert at is not None
    return weekdays(PLAIN).local(at).date()


@pytest.mark.parametrize(
    ("returns", "pickup", "expected"),
    [
        ({}, "MAIN", FRIDAY),
        ({}, "EAST", TUESDAY),
        ({"transit_days": 0}, "EAST", FRIDAY),
        ({"transit_days": 1}, "EAST", date(2026, 3, 9)),
        ({"transit_days": 6}, "EAST", date(2026, 3, 16)),
    ],
)
def test_an_item_on_the_shelf_elsewhere_travels_first(two, returns, pickup, expected) -> None:
    """Sent on a Friday, it is there on Tuesday: the weekend does not count, and at its own library it need not go."""
    world = two(**returns)
    world.item("MAIN")
    found = world.ops.holds.forecast(world.hold(pickup=pickup))
    assert (expected, expected) == (day(found.typical), day(found.worst))
    said = f"travels for {returns.get('transit_days', 2)} open days"
    assert 1 == sum(said in each for each in found.assumptions)


def test_an_item_that_is_lent_travels_once_it_is_back(two) -> None:
    """Due on a Friday in four weeks; the branch has it on the Tuesday after."""
    world = two()
    item = world.item("MAIN")
    world.lend(item)
    due = day(world.ops.circulation.loan_of(item).due)
    assert FRIDAY + timedelta(weeks=4) == due
    here, there = (world.ops.holds.forecast(world.hold(pickup=place)) for place in ("MAIN", "EAST"))
    assert due == day(here.worst)
    assert (1, True) == (there.ahead, day(there.worst) > due + timedelta(weeks=4))
    alone = two()
    alone.lend(alone.item("MAIN"))
    assert due + timedelta(days=4) == day(alone.ops.holds.forecast(alone.hold(pickup="EAST")).worst)


def test_an_item_on_its_way_is_there_when_it_arrives(two) -> None:
    """Sent on Friday, asked for on Monday: it comes on Tuesday, not two days from Monday."""
    world = two()
    item = world.item("MAIN")
    assert world.ops.transits.send(item, "EAST")
    world.clock.forward(days=3)
    assert TUESDAY == day(world.ops.holds.forecast(world.hold(pickup="EAST")).worst)


def test_the_item_that_need_not_travel_serves_first(two) -> None:
    """Of two on the shelf, the one at the pickup place."""
    world = two()
    world.item("MAIN")
    world.item("EAST")
    assert FRIDAY == day(world.ops.holds.forecast(world.hold(pickup="EAST")).worst)


@pytest.mark.parametrize("what", ["missing", "damaged", "in repair", "for the house", "withdrawn", "lost", "claimed"])
def test_only_items_that_can_come_are_counted(two, what) -> None:
    """Of two copies one is missing or being mended, and nobody knows for how long: the reader waits for the other."""
    world = two()
    other, gone = world.item("MAIN"), world.item("MAIN")
    world.lend(other)
    due = day(world.ops.circulation.loan_of(other).due)
    if what in ("lost", "claimed"):
        world.lend(gone)
    hold = world.hold(pickup="MAIN")
    assert 2 == world.ops.holds.forecast(hold).items
    marked: dict[str, dict[str, object]] = {
        "missing": {"missing_since": world.clock()},
        "damaged": {"damaged": True},
        "in repair": {"in_repair": True},
        "for the house": {"not_for_loan": "reference"},
    }
    if what in marked:
        assert world.ops.items.change(gone, **marked[what])
    elif what == "withdrawn":
        assert world.ops.items.withdraw(gone, reason="worn")
    else:
        assert (world.ops.losses.declare_lost if what == "lost" else world.ops.losses.claim_returned)(item=gone)
    found = world.ops.holds.forecast(hold)
    assert (1, due) == (found.items, day(found.worst))


def test_no_day_is_told_where_no_item_can_come(two) -> None:
    """The only copy is missing: there is nothing to reckon with."""
    world = two()
    item = world.item("MAIN")
    hold = world.hold(pickup="MAIN")
    assert world.ops.items.change(item, missing_since=world.clock())
    found = world.ops.holds.forecast(hold)
    assert (0, None, None) == (found.items, found.typical, found.worst)


def test_a_negative_way_is_no_setting(two) -> None:
    """An item does not arrive before it was sent."""
    with pytest.raises(SettingsError, match="transit_days"):
        two(transit_days=-1)


def test_an_item_travels_from_reader_to_reader() -> None:
    """A reader at the branch is served before one at the main library: there, and back again."""
    at = datetime(2026, 3, 6, 12, tzinfo=UTC)
    week = timedelta(weeks=1)
    terms = {"items": [ComingItem(at, MAIN)], "loan": week, "transit_days": 2, "calendar": lambda _: weekdays(PLAIN)}
    kept = forecast(at=at, pickup=MAIN, ahead=[MAIN], **terms)
    sent = forecast(at=at, pickup=MAIN, ahead=[EAST], **terms)
    assert date(2026, 3, 13) == day(kept.worst)
    assert date(2026, 3, 19) == day(sent.worst), "Tuesday at the branch, a week, two days back"


@given(st.integers(0, 330 * 24 * 60), st.integers(0, 15))
def test_only_days_count(minutes, days) -> None:
    """A midday break delays nothing, and an item arrives on an open day, at the hour at which it was sent."""
    plain, parted, at = weekdays(PLAIN), weekdays(PARTED), datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    there = arrives(at, plain, days)
    assert there == arrives(at, parted, days)
    local, sent = plain.local(there), plain.local(at)
    assert plain.is_open_day(local.date()) or not days
    passed = [sent.date() + timedelta(days=1 + number) for number in range((local.date() - sent.date()).days)]
    assert days == sum(map(plain.is_open_day, passed))
    # The change to summer time skips an hour.
    assert local.time() in (sent.time(), (sent + timedelta(hours=1)).time())


@given(
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from([MAIN, EAST])), min_size=1, max_size=4),
    st.lists(st.sampled_from([MAIN, EAST]), max_size=5),
    st.integers(0, 5),
)
def test_ways_make_nobody_wait_less(items, ahead, days) -> None:
    """And in a library that is alone they change nothing."""
    at = datetime(2026, 3, 6, 12, tzinfo=UTC)

    def asked(places: list[LibraryCode], coming: list[ComingItem], transit_days: int):
        terms = {"loan": timedelta(weeks=4), "transit_days": transit_days, "calendar": lambda _: weekdays(PARTED)}
        return forecast(at=at, pickup=MAIN, ahead=places, items=coming, **terms)

    coming = [ComingItem(at + timedelta(days=free), place) for free, place in items]
    slow, fast = asked(ahead, coming, days), asked(ahead, coming, 0)
    assert slow.typical >= fast.typical
    assert slow.worst >= fast.worst
    alone = [ComingItem(one.free_from, MAIN) for one in coming]
    found = [asked([MAIN] * len(ahead), alone, number) for number in (days, 0)]
    assert (found[1].typical, found[1].worst) == (found[0].typical, found[0].worst)


def test_a_library_that_never_opens_counts_all_days() -> None:
    """A closed branch has no open day to count; the answer is still a day."""
    at = datetime(2026, 3, 6, 12, tzinfo=UTC)
    closed = Calendar("Europe/Berlin")
    assert closed.instant(date(2026, 3, 8), time(13)) == arrives(at, closed, 2)


def test_only_what_the_policy_lets_the_patron_have_is_counted(town) -> None:
    """A branch's copy that is not sent to readers of other libraries brings the turn of none of them nearer."""
    world = town(allowed="own-library")
    own = world.item("MAIN")
    world.item("EAST")
    assert world.ops.circulation.check_out(patron=world.patron(), item=own)
    due = day(world.ops.circulation.loan_of(own).due)
    found = world.ops.holds.forecast(world.hold())
    assert (1, due) == (found.items, day(found.worst))


@pytest.mark.parametrize("types", [("map", "book"), ("book", "map")])
def test_the_longest_loan_of_the_copies_is_reckoned_with(town, types) -> None:
    """At worst the reader before has the copy that is lent for longer, whichever was added first."""
    loans = {"two-weeks": {"due": {"period": "2 weeks"}}, "week": {"due": {"period": "1 week"}}}
    world = town(
        more={
            "fallback": {"loan": "two-weeks"},
            "loan_policies": loans,
            "rules": [{"item_type": "map", "loan": "week"}],
        }
    )
    for each in types:
        world.item(item_type=each)
    found = world.ops.holds.forecast(world.hold())
    assert [] != [each for each in found.assumptions if "14 days to read" in each]
