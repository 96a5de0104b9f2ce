"""Items between libraries: sent, arrived, arrived at the wrong place, called off, lost; floating; states."""

from __future__ import annotations

import pytest

from libops import Permit
from libops.base.decisions import Override
from libops.base.errors import InvalidValue
from libops.circulation.model import (
    TRANSITIONS,
    HoldState,
    ItemState,
    OpenRecords,
    RequestKind,
    item_state,
    requests_allowed,
)
from libops.storage.rebuild import log_of, rebuilt, stored


def codes(answer) -> list[str]:
    """The codes of a refusal; empty for a yes."""
    return [] if isinstance(answer, Permit) else [reason.code for reason in answer.reasons]


def test_a_returned_item_travels_to_the_pickup_library(town) -> None:
    """Caught at MAIN for a pickup at EAST: in transit, then ready; each state derived from what is open."""
    world = town()
    label = world.item()
    world.lend(label)
    card = world.patron()
    hold = world.hold(card, pickup="EAST")
    receipt = world.back(label)
    assert ("EAST", "in_transit") == (receipt.send_to, world.state(label))
    assert ["item.to_send"] == [alert.code for alert in receipt.alerts]
    world.back(label, "EAST")
    assert "awaiting_pickup" == world.state(label)
    world.lend(label, card, library="EAST")
    assert "on_loan" == world.state(label)
    assert ["hold.unknown"] == codes(world.ops.holds.cancel(hold, reason="too late"))
    assert stored(world.ops.storage) == rebuilt(log_of(world.ops.storage))


def test_an_item_at_the_wrong_library_is_sent_on(town) -> None:
    """A wrong arrival is told, and the item goes on to where it is awaited."""
    world = town()
    label = world.item()
    world.lend(label)
    hold = world.hold(pickup="EAST")
    world.back(label)
    receipt = world.back(label, "WEST")
    assert ["transit.wrong_arrival", "item.to_send"] == [a.code for a in receipt.alerts if a.code != "item.not_on_loan"]
    way = world.ops.transits.of_item(label)
    assert ("WEST", "EAST", hold) == (way.source, way.destination, way.hold_id)


def test_a_hold_cancelled_on_the_way_leaves_the_item_to_the_next(town) -> None:
    """On arrival the item is matched anew; with nobody waiting, it goes home."""
    world = town()
    label = world.item()
    world.lend(label)
    hold = world.hold(pickup="EAST")
    world.back(label)
    assert isinstance(world.ops.holds.cancel(hold, reason="bought it"), Permit)
    assert "MAIN" == world.back(label, "EAST").send_to
    world.back(label, "MAIN")
    assert "available" == world.state(label)


@pytest.mark.parametrize(
    ("scanned_at", "ready_at", "sent_to"), [("EAST", "", "WEST"), ("WEST", "WEST", ""), ("MAIN", "", "WEST")]
)
def test_another_pickup_library_while_the_item_is_on_its_way(town, scanned_at, ready_at, sent_to) -> None:
    """The reader calls: not there, here. The item goes on from wherever it is scanned next, and has not gone astray.

    Evergreen lets staff do so with the right UPDATE_PICKUP_LIB_FROM_TRANSIT.
    """
    world = town()
    label = world.item()
    hold = world.hold(pickup="EAST")
    world.back(label)
    changed = world.ops.holds.change_pickup(hold, "WEST")
    assert ["hold.goes_on"] == [alert.code for alert in changed.alerts]
    assert ("WEST", HoldState.IN_TRANSIT) == (changed.result.hold.pickup_library, changed.result.hold.state)
    receipt = world.back(label, scanned_at)
    assert sent_to == receipt.send_to
    assert "transit.wrong_arrival" not in [alert.code for alert in receipt.alerts]
    assert [hold] * bool(ready_at) == [one.hold_id for one in world.ops.holds.ready_at("WEST")]
    assert stored(world.ops.storage) == rebuilt(log_of(world.ops.storage))


def test_a_pickup_library_changed_back_is_where_the_item_goes_anyway(town) -> None:
    """Nothing is told of a way that leads to the right place."""
    world = town()
    label = world.item()
    hold = world.hold(pickup="EAST")
    world.back(label)
    world.ops.holds.change_pickup(hold, "WEST")
    assert () == world.ops.holds.change_pickup(hold, "EAST").alerts
    world.back(label, "EAST")
    assert [hold] == [one.hold_id for one in world.ops.holds.ready_at("EAST")]


@pytest.mark.parametrize(("scanned_at", "sent_to"), [("EAST", ""), ("WEST", "EAST")])
def test_an_item_on_its_way_home_is_first_for_whoever_waits(town, scanned_at, sent_to) -> None:
    """It needs not go home to be sent out again: each scan asks who waits (Koha, FOLIO)."""
    world = town()
    label = world.item()
    world.lend(label)
    assert "MAIN" == world.back(label, "EAST").send_to
    hold = world.hold(pickup="EAST")
    assert sent_to == world.back(label, scanned_at).send_to
    assert (HoldState.IN_TRANSIT if sent_to else HoldState.READY) is world.ops.holds.get(hold).state


def test_what_staff_sent_goes_where_they_sent_it(town) -> None:
    """Sent by hand, it is for that library: who waits elsewhere gets it from there."""
    world = town()
    label = world.item()
    assert world.ops.transits.send(label, "EAST")
    world.hold(pickup="WEST")
    assert "EAST" == world.back(label, "WEST").send_to
    assert "WEST" == world.back(label, "EAST").send_to


def test_a_transit_called_off_gives_the_hold_back_its_place(town) -> None:
    """Called off with a reason; an item on no way has nothing to call off."""
    world = town()
    label = world.item()
    world.lend(label)
    hold = world.hold(pickup="EAST")
    world.back(label)
    assert ["hold.why_missing"] == codes(world.ops.transits.cancel(label, why=""))
    assert isinstance(world.ops.transits.cancel(label, why="the van is broken"), Permit)
    assert HoldState.WAITING is world.ops.holds.get(hold).state
    assert "available" == world.state(label)
    assert ["transit.none"] == codes(world.ops.transits.cancel(label, why="again"))


@pytest.mark.parametrize("pickup", ["MAIN", "EAST"])
@pytest.mark.parametrize("gone", ["missing", "withdrawn"])
def test_who_waits_for_an_item_that_is_gone_waits_for_the_next(town, gone, pickup) -> None:
    """Not found on the hold shelf, not come with the van, or withdrawn by right: the hold has its old place again."""
    world = town()
    first, second = world.item(), world.item()
    for label in (first, second):
        world.lend(label)
    hold, later = world.hold(pickup=pickup), world.hold()
    world.back(first)
    if gone == "missing":
        assert world.ops.items.mark_missing(first)
    else:
        assert ["item.has_hold"] == codes(world.ops.items.withdraw(first))
        right = Override(["item.has_hold"], "ruth", "water damage", ["items.withdraw_with_hold"])
        assert world.ops.items.withdraw(first, override=right)
    assert gone == world.state(first)
    assert [HoldState.WAITING] * 2 == [world.ops.holds.get(each).state for each in (hold, later)]
    assert ([], None) == (world.ops.holds.ready_at(pickup), world.ops.transits.of_item(first))
    world.back(second)
    assert HoldState.WAITING is not world.ops.holds.get(hold).state
    assert stored(world.ops.storage) == rebuilt(log_of(world.ops.storage))


def test_an_item_is_on_one_way_at_a_time(town) -> None:
    """Sent by hand from the shelf; not twice, not while it is out, not to where it is."""
    world = town()
    label = world.item()
    assert ["transit.same_place"] == codes(world.ops.transits.send(label, "MAIN"))
    sent = world.ops.transits.send(label, "EAST")
    assert isinstance(sent, Permit)
    assert "To EAST" == sent.result.slip().heading
    assert ["item.in_transit"] == codes(world.ops.transits.send(label, "WEST"))
    assert [label] == [world.ops.items.get(way.item_id).barcode for way in world.ops.transits.on_the_way_to("EAST")]
    out = world.item()
    world.lend(out)
    assert ["transit.item_not_here"] == codes(world.ops.transits.send(out, "EAST"))


def test_an_item_on_the_way_is_lent_only_by_right(town) -> None:
    """Staff who have it in hand may lend it; that ends the transit, and the hold it traveled for waits again."""
    from libops.base.decisions import Override

    world = town()
    label = world.item()
    world.lend(label)
    hold = world.hold(pickup="EAST")
    world.back(label)
    card = world.patron()
    refused = world.ops.circulation.check_out(patron=card, item=label)
    assert "item.in_transit" in codes(refused)
    right = Override(["item.in_transit", "item.held_for_others"], "ruth", "reader stands here", ["loan.in_transit"])
    world.lend(label, card, override=right)
    assert world.ops.transits.of_item(label) is None
    assert HoldState.WAITING is world.ops.holds.get(hold).state
    assert stored(world.ops.storage) == rebuilt(log_of(world.ops.storage))


def test_items_lost_in_transit(town) -> None:
    """What was sent longer ago than the settings give a transit."""
    world = town(more={"returns": {"lost_in_transit_after": "5 days"}})
    label = world.item()
    assert world.ops.transits.send(label, "EAST")
    world.clock.forward(days=4)
    assert [] == list(world.ops.transits.lost())
    world.clock.forward(days=2)
    assert 1 == len(list(world.ops.transits.lost()))


@pytest.mark.parametrize(
    ("returns", "sent_to", "kept_at"),
    [
        ({"return_to": "home"}, "MAIN", "MAIN"),
        ({"return_to": "stay"}, "", "EAST"),
        ({"return_to": "float", "float_groups": {"river": {"libraries": ["MAIN", "EAST"]}}}, "", "EAST"),
        ({"return_to": "float", "float_groups": {"river": {"libraries": ["MAIN", "WEST"]}}}, "MAIN", "MAIN"),
        (
            {"return_to": "float", "float_groups": {"river": {"libraries": ["MAIN", "EAST"], "item_types": ["dvd"]}}},
            "MAIN",
            "MAIN",
        ),
        ({"return_to": "stay", "by_item_type": {"book": "home"}}, "MAIN", "MAIN"),
    ],
)
def test_where_an_item_goes_that_came_back_elsewhere(town, returns, sent_to, kept_at) -> None:
    """Home, nowhere, or nowhere within its float group; types of items may go their own way."""
    world = town(more={"returns": returns})
    label = world.item("MAIN")
    world.lend(label)
    assert sent_to == world.back(label, "EAST").send_to
    if sent_to:
        world.back(label, sent_to)
    assert kept_at == world.ops.items.get(label).holding_library
    assert "available" == world.state(label)


def test_an_item_is_sent_to_the_library_that_keeps_it(town) -> None:
    """`holding`: not to the owner, but to where it was kept."""
    world = town(more={"returns": {"return_to": "holding"}})
    label = world.item("MAIN", holding_library="WEST")
    world.lend(label)
    assert "WEST" == world.back(label, "EAST").send_to


@pytest.mark.parametrize(
    "pair",
    [
        {"on_loan": True, "awaiting_pickup": True},
        {"on_loan": True, "in_transit": True},
        {"awaiting_pickup": True, "in_transit": True},
        {"on_loan": True, "withdrawn": True},
        {"on_order": True, "on_loan": True},
        {"declared_lost": True},
        {"claimed_returned": True},
    ],
)
def test_impossible_pairs_are_rejected(pair) -> None:
    """No item is in two places at once, and nobody loses what nobody has."""
    with pytest.raises(InvalidValue):
        OpenRecords(**pair)


def test_every_state_comes_out_of_records_and_every_transition_leads_somewhere() -> None:
    """The state picture is whole: each state can be derived, and is the start or end of an act."""
    marks = {"declared_lost", "aged_to_lost", "claimed_returned"}
    derived = {
        item_state(OpenRecords(**{name: True}, **({"on_loan": True} if name in marks else {})))
        for name in OpenRecords.__slots__
        if not name.startswith("_")
    } | {item_state(OpenRecords())}
    assert set(ItemState) == derived
    told = {each.before for each in TRANSITIONS} | {state for each in TRANSITIONS for state in each.after}
    assert {ItemState.BOOKED} == set(ItemState) - told
    assert len(TRANSITIONS) == len({(each.before, each.act) for each in TRANSITIONS})


def test_which_requests_a_state_allows() -> None:
    """FOLIO's table: recall on loan and on the way; hold the same and missing; nothing for lost and withdrawn."""
    recalled = {state for state in ItemState if RequestKind.RECALL in requests_allowed(state)}
    assert {
        ItemState.ON_LOAN,
        ItemState.AWAITING_PICKUP,
        ItemState.IN_TRANSIT,
        ItemState.ON_ORDER,
        ItemState.IN_PROCESS,
    } == recalled
    held = {state for state in ItemState if RequestKind.HOLD in requests_allowed(state)}
    assert recalled | {ItemState.MISSING, ItemState.BOOKED} == held
    for state in (ItemState.DECLARED_LOST, ItemState.AGED_TO_LOST, ItemState.CLAIMED_RETURNED, ItemState.WITHDRAWN):
        assert frozenset() == requests_allowed(state)


@pytest.mark.parametrize(("option", "caught"), [("any", True), ("home", True), ("holding", False)])
def test_an_item_fills_only_the_holds_of_its_pickup_match(town, option, caught) -> None:
    """D2: one of East's that stands at Main is scanned there. Where pickup must be at the library that holds the item,
    the hold waits for one that stands at East."""
    world = town(pickup_match=option)
    there = world.item("EAST")
    here = world.item("EAST", holding_library="MAIN")
    hold = world.hold(pickup="EAST")
    world.back(here)
    assert caught is (HoldState.IN_TRANSIT is world.ops.holds.get(hold).state)
    world.back(there, "EAST")
    assert (HoldState.IN_TRANSIT if caught else HoldState.READY) is world.ops.holds.get(hold).state
