"""Items on the shelves of several libraries: which one is asked to fetch, and who is asked next."""

from __future__ import annotations

from datetime import timedelta

import pytest

import libops
from libops.base.errors import InvalidValue
from libops.circulation.model import HoldTarget
from libops.circulation.policy.holds import Targeting
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every

NEAR = {"EAST": {"MAIN": 2}, "WEST": {"MAIN": 7}}
"""EAST is nearer to MAIN than WEST is."""


def asking(town, *, near=NEAR, more=None, **terms):
    """A town in which libraries are asked in turn, a day each."""
    targeting = {"retarget_after": "24 hours", **terms}
    return town(more={"holds": {"targeting": targeting, "proximity": near}, **(more or {})})


def asked(library) -> dict[str, list[str]]:
    """What each library is to fetch."""
    found = {}
    for place in ("MAIN", "EAST", "WEST"):
        lines = library.ops.holds.pull_list(place)
        if lines:
            found[place] = [line.item.barcode for line in lines]
    return found


def night(library, *, hours: int = 25) -> None:
    """Time goes by, and the nightly run comes."""
    library.clock.forward(hours=hours)
    library.ops.run_due(only=["targets"])


def test_without_targeting_every_library_is_shown_what_it_has(town) -> None:
    """Each finds the hold on its own list; who scans the item first fills it."""
    library = town(more={"holds": {"proximity": NEAR}})
    east, west = library.item("EAST"), library.item("WEST")
    library.hold(pickup="MAIN")
    library.ops.run_due(only=["targets"])
    assert {"EAST": [east], "WEST": [west]} == asked(library)
    assert [] == list(every(library.ops.storage, kind_of(HoldTarget)))


def test_the_nearest_library_is_asked_then_the_next(town) -> None:
    """A day later the item has not come: the farther library is asked, then the nearer one again."""
    library = asking(town)
    east, west = library.item("EAST"), library.item("WEST")
    hold = library.hold(pickup="MAIN")
    assert {} == asked(library)
    seen = []
    for _ in range(3):
        night(library)
        seen.append(asked(library))
    assert [{"EAST": [east]}, {"WEST": [west]}, {"EAST": [east]}] == seen
    target = library.ops.holds.target_of(hold)
    assert (1, ()) == (target.loops, target.tried)


def test_a_hold_on_any_of_several_titles_is_asked_for_at_one_library(town) -> None:
    """Each title stands in a library of its own: one is asked, has its time, and then the other one is."""
    library = asking(town)
    east = library.item("EAST")
    west = library.item("WEST", bib=library.other_bib)
    library.hold(pickup="MAIN", any_of=[library.bib, library.other_bib])
    night(library)
    assert {"EAST": [east]} == asked(library)
    assert [] == list(library.ops.holds.choose_targets())
    night(library, hours=1)
    assert {"EAST": [east]} == asked(library)
    late = library.hold(bib=library.other_bib, pickup="MAIN")
    night(library)
    assert {"WEST": [west]} == asked(library)
    assert library.ops.holds.target_of(late).item_id is None


def test_a_library_has_its_time(town) -> None:
    """Run again within the day, the same item stays asked for, and nothing is written."""
    library = asking(town)
    library.item("EAST")
    library.item("WEST")
    hold = library.hold(pickup="MAIN")
    night(library)
    before = library.ops.holds.target_of(hold)
    night(library, hours=23)
    assert before == library.ops.holds.target_of(hold)
    assert [] == list(library.ops.holds.choose_targets())


def test_each_item_that_was_not_chosen_says_why(town) -> None:
    """One is asked for already, one is too far for now, one library has been asked in this round."""
    library = asking(town, stall="100 hours", closed="asked")
    main, second = library.item("MAIN"), library.item("MAIN")
    east = library.item("EAST")
    first, later = library.hold(pickup="MAIN"), library.hold(pickup="MAIN")
    night(library)
    codes = {
        hold: {each.item_id: each.code for each in library.ops.holds.target_of(hold).refused} for hold in (first, later)
    }
    keys = {barcode: library.ops.items.get(barcode).id for barcode in (main, second, east)}
    assert {keys[east]: "hold.stalled"} == codes[first]
    assert {keys[main]: "hold.item_asked_for", keys[east]: "hold.stalled"} == codes[later]
    library.clock.forward(hours=80)
    night(library)
    refused = library.ops.holds.target_of(first).refused
    assert {"hold.library_tried"} == {each.code for each in refused if each.item_id in (keys[main], keys[second])}


@pytest.mark.parametrize(
    ("option", "asked_on_monday"),
    [("skipped", "WEST"), ("skipped-unless-pickup", "MAIN"), ("asked", "MAIN")],
)
def test_a_closed_library_is_asked_or_not(town, option, asked_on_monday) -> None:
    """MAIN, where the hold is picked up, is closed on Mondays; WEST is open."""
    week = dict.fromkeys(("tuesday", "wednesday", "thursday", "friday", "saturday"), "10:00-18:00")
    tables = {
        "libraries": {
            "MAIN": {"name": "Main library", "calendar": "week"},
            "EAST": {"name": "East branch", "calendar": "week"},
            "WEST": {"name": "West branch", "calendar": "every-day"},
        },
        "calendars": {
            "week": {"zone": "Europe/Berlin", "weekly": week},
            "every-day": {"zone": "Europe/Berlin", "weekly": {**week, "monday": "10:00-18:00"}},
        },
    }
    library = asking(town, closed=option, more=tables)
    library.item("MAIN")
    library.item("EAST")
    library.item("WEST")
    hold = library.hold(pickup="MAIN")
    monday = library.clock() + timedelta(days=6)
    assert 0 == monday.weekday()
    library.clock.forward(days=6)
    library.ops.run_due(only=["targets"])
    target = library.ops.holds.target_of(hold)
    assert asked_on_monday == target.library
    closed = {each.code for each in target.refused}
    assert ("hold.library_closed" in closed) == (option != "asked")


@pytest.mark.parametrize(("option", "waits"), [("waits-for-returns", True), ("cancelled", False)])
def test_after_so_many_rounds_nobody_is_asked(town, option, waits) -> None:
    """Two libraries, two rounds: after four days the hold waits for returns, or is cancelled with its reason."""
    library = asking(town, loops=2, after_loops=option, closed="asked")
    library.item("EAST")
    library.item("WEST")
    hold = library.hold(pickup="MAIN")
    lists = []
    for _ in range(6):
        night(library)
        lists.append(list(asked(library)))
    assert [["EAST"], ["WEST"], ["EAST"], ["WEST"], [], []] == lists
    found = library.ops.holds.queue_of(library.bib)
    assert ([hold] if waits else []) == [each.id for _, each in found]


def test_what_is_no_longer_there_is_on_no_list(town) -> None:
    """The item was lent meanwhile, or the hold cancelled: the list is right at once, the choice goes with the run."""
    library = asking(town)
    east = library.item("EAST")
    library.item("WEST")
    hold = library.hold(pickup="MAIN")
    night(library)
    library.lend(east, override=libops.Override(["item.held_for_others"]))
    assert {} == asked(library)
    night(library, hours=1)
    assert ["WEST"] == list(asked(library))
    library.ops.holds.cancel(hold, reason="bought it")
    assert {} == asked(library)
    night(library, hours=1)
    assert [] == list(every(library.ops.storage, kind_of(HoldTarget)))


def test_the_item_asked_for_fills_the_hold_when_it_is_scanned(town) -> None:
    """Fetched from the shelf and scanned, it travels to the pickup library."""
    library = asking(town)
    east = library.item("EAST")
    hold = library.hold(pickup="MAIN")
    night(library)
    receipt = library.back(east, "EAST")
    assert "MAIN" == receipt.send_to
    assert hold == library.ops.transits.of_item(east).hold_id


def test_a_limit_of_no_rounds_makes_no_sense() -> None:
    """No targeting at all is `retarget_after` left out."""
    with pytest.raises(InvalidValue, match="loops = 0"):
        Targeting(loops=0)
