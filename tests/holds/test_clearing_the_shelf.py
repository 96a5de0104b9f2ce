"""Clearing the hold shelf: what stands there after its hold is over, for whom it stood there, and where it goes now.

FOLIO has a hold shelf clearance report, Evergreen its "clear holds shelf", Koha the tab "holds over": a run at night
ends holds, but only people take books off a shelf.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libops.storage.rebuild import log_of, rebuilt, stored

OVER = {"days": 9}


def shelved(town, library="EAST", card=None):
    """An item of MAIN on the hold shelf of a library; its barcode and its hold."""
    book = town.item("MAIN")
    hold = town.hold(card, pickup=library)
    town.back(book)
    town.back(book, library)
    town.clock.forward(minutes=1)
    return book, hold


def to_clear(town, library="EAST"):
    return [(line.item.barcode, line.now_for, line.send_to) for line in town.ops.holds.to_clear(library)]


def test_after_the_night_the_shelf_says_what_is_over_and_for_whom_it_stood_there(town) -> None:
    """The item is to go home; the slip names whom it waited for, since the shelf is in their order."""
    town = town(shelf_time="7 days")
    book, _ = shelved(town, card=town.patron("EAST"))
    assert [] == town.ops.holds.to_clear("EAST")
    town.clock.forward(**OVER)
    town.ops.run_due()
    (line,) = town.ops.holds.to_clear("EAST")
    assert (book, "Ben Okafor", "MAIN") == (line.item.barcode, line.waited_for, line.send_to)
    assert "Take off the hold shelf at EAST" == line.slip().heading
    assert ("Waited for", "Ben Okafor") == line.slip().lines[0]
    assert [] == town.ops.holds.to_clear("MAIN")


def test_an_item_leaves_the_list_when_it_is_scanned_and_has_not_gone_astray(town) -> None:
    """The scan where it stands sends it on its way: nobody is told that it was meant for another library."""
    town = town(shelf_time="7 days")
    book, _ = shelved(town)
    town.clock.forward(**OVER)
    list(town.ops.holds.lapse_due())
    receipt = town.back(book, "EAST")
    assert "MAIN" == receipt.send_to
    assert "transit.wrong_arrival" not in [alert.code for alert in receipt.alerts]
    assert [] == to_clear(town)


def test_the_next_in_line_at_the_same_library_gets_a_new_slip(town) -> None:
    """The night gave it to the next reader, whose name the book does not bear yet: it is on the list until it does."""
    town = town(shelf_time="7 days")
    book, _ = shelved(town, card=town.patron("EAST"))
    town.hold(town.patron("EAST"), pickup="EAST")
    town.clock.forward(**OVER)
    list(town.ops.holds.lapse_due())
    assert [(book, "Clara Lindqvist", "")] == to_clear(town)
    assert "Clara Lindqvist" == town.back(book, "EAST").hold_for
    assert [] == to_clear(town)


@pytest.mark.parametrize("act", ["cancel", "release", "pickup"])
def test_every_end_of_a_ready_hold_leaves_its_item_on_the_shelf(town, act) -> None:
    """Cancelled, released or moved to another pickup library: the book does not walk off by itself."""
    town = town()
    book, hold = shelved(town)
    holds = town.ops.holds
    acts = {
        "cancel": lambda: holds.cancel(hold, reason="bought it"),
        "release": lambda: holds.release(hold, why="wrong volume"),
        "pickup": lambda: holds.change_pickup(hold, "WEST"),
    }
    assert acts[act]()
    goes = {"cancel": "MAIN", "release": "", "pickup": "WEST"}[act]
    assert [(book, "", goes)] == to_clear(town)
    town.back(book, "EAST")
    assert [] == to_clear(town)


def test_what_is_to_be_cleared_is_on_no_pull_list(town) -> None:
    """It stands on a hold shelf, not on its own: who looks for it there looks in vain (FOLIO)."""
    town = town(shelf_time="7 days", next_in_line="at-check-in")
    book, _ = shelved(town, library="MAIN")
    town.hold(pickup="WEST")
    town.clock.forward(**OVER)
    list(town.ops.holds.lapse_due())
    assert [(book, "", "")] == to_clear(town, "MAIN")
    assert [] == town.ops.holds.pull_list("MAIN")
    assert "WEST" == town.back(book, "MAIN").send_to


@pytest.mark.parametrize("gone", ["lent", "missing", "withdrawn"])
def test_what_stands_there_no_more_is_not_looked_for(town, gone) -> None:
    """Somebody borrowed it from the trolley, or it is marked missing or withdrawn."""
    town = town(next_in_line="at-check-in")
    book, hold = shelved(town)
    town.ops.holds.cancel(hold, reason="bought it")
    assert [(book, "", "")] == to_clear(town)
    if gone == "lent":
        town.lend(book, library="EAST")
    elif gone == "missing":
        town.ops.items.change(book, missing_since=town.clock())
    else:
        town.ops.items.withdraw(book)
    assert [] == to_clear(town)
    if gone == "lent":
        town.back(book, "EAST")
        assert [] == to_clear(town)


def test_the_list_names_nobody_who_is_forgotten(town) -> None:
    """The list keeps the item; the name comes from the ended hold, and goes with it."""
    town = town(shelf_time="7 days", more={"privacy": {"history": {"keep": "until-return"}}})
    shelved(town)
    town.clock.forward(**OVER)
    town.ops.run_due()
    town.clock.forward(days=1)
    town.ops.run_due()
    (line,) = town.ops.holds.to_clear("EAST")
    assert "" == line.waited_for


ACTS = st.sampled_from(["scan", "cancel", "release", "night", "lend", "hold"])
STORIES = st.lists(st.tuples(ACTS, st.sampled_from(["MAIN", "EAST"])), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=STORIES)
def test_no_story_leaves_a_scanned_item_on_the_list_or_loses_one_that_stands_there(town, story) -> None:
    """A ready hold that ended without a scan puts its item on the list of that library; any scan takes it off."""
    town = town(shelf_time="7 days")
    book, _ = shelved(town)
    left_at = None
    for act, library in story:
        holds = town.ops.holds
        ready = [each for place in ("MAIN", "EAST") for each in holds.ready_at(place)]
        if act == "hold":
            town.hold(pickup=library)
        elif act == "scan":
            town.back(book, library)
            left_at = None
        elif act == "lend":
            if town.ops.circulation.check_out(patron=town.patron(), item=book, library=library):
                town.back(book, library)
                left_at = None
        elif ready:
            left_at = ready[0].pickup_library
            if act == "night":
                town.clock.forward(**OVER)
                list(holds.lapse_due())
            elif act == "cancel":
                holds.cancel(ready[0].hold_id, reason="bought it")
            else:
                holds.release(ready[0].hold_id, why="wrong volume")
        town.clock.forward(minutes=1)
        listed = {place for place in ("MAIN", "EAST") for _ in holds.to_clear(place)}
        assert (set() if left_at is None else {left_at}) == listed
        assert left_at is None or [] == holds.pull_list("MAIN")
    assert stored(town.ops.storage) == rebuilt(log_of(town.ops.storage))
