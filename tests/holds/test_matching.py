"""Who gets a returned item: the order of the queue, and why each hold before is passed over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libops import Permit, Refuse
from libops.base.errors import InvalidValue
from libops.base.ids import BibId, HoldId, ItemId, LibraryCode, PatronId
from libops.circulation.model import Hold, HoldLevel, HoldPlace, HoldState, ReadyHold
from libops.circulation.policy.holds import (
    HoldSettings,
    PositionView,
    QueueKey,
    Standpoint,
    heads_to_read,
    moved_between,
    positions,
    queue_order,
    rank,
)
from libops.testing.strategies.holds import hold_settings, queues

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def filled(world, label: str, library: str = "MAIN") -> str:
    """Whose hold the item fills at a library: the hold's identifier."""
    found = world.ops.holds.next_for(label, library=library).hold
    return "" if found is None else found.id


def test_strict_queue_order_serves_who_asked_first(town) -> None:
    """D1, `strict-queue-order` (FOLIO; Koha with local holds off)."""
    world = town()
    label = world.item("MAIN")
    world.lend(label)
    first, _ = world.hold(pickup="EAST"), world.hold(pickup="MAIN")
    assert first == filled(world, label)


@pytest.mark.parametrize(
    ("of", "to", "winner"),
    [("pickup", "item-home", 1), ("patron-home", "item-home", 2), ("pickup", "item-holding", 3)],
)
def test_local_holds_first(town, of, to, winner) -> None:
    """D1, `local-holds-first`: pickup or patron's home against the item's home or holding library (Koha)."""
    settings = {"keys": ["cut", "priority", "local-first", "time"], "local_of": of, "local_to": to}
    world = town(more={"holds": settings})
    label = world.item("MAIN", holding_library="EAST")
    world.lend(label)
    holds = [
        world.hold(world.patron("WEST"), pickup="WEST"),
        world.hold(world.patron("WEST"), pickup="MAIN"),
        world.hold(world.patron("MAIN"), pickup="WEST"),
        world.hold(world.patron("WEST"), pickup="EAST"),
    ]
    assert holds[winner] == filled(world, label, "WEST")


def test_local_holds_first_with_exclusions(town) -> None:
    """Categories of patrons and types of items can be left out of local priority (Koha)."""
    settings = {
        "keys": ["cut", "priority", "local-first", "time"],
        "local_without_categories": ["staff"],
        "local_without_item_types": ["dvd"],
    }
    world = town(per_record=None, more={"holds": settings})
    book, disc = world.item("MAIN"), world.item("MAIN", item_type="dvd")
    first = world.hold(world.patron(), pickup="EAST")
    world.hold(world.patron(category="staff"), pickup="MAIN")
    assert first == filled(world, book)
    local = world.hold(world.patron(), pickup="MAIN")
    assert local == filled(world, book)
    assert first == filled(world, disc)


def test_holds_picked_up_where_the_item_is_come_first(town) -> None:
    """D1, `target-pickup-library-first` (Evergreen): an item at the pickup library goes there."""
    world = town(more={"holds": {"keys": ["cut", "priority", "pickup-here", "time"]}})
    label = world.item("MAIN")
    world.hold(pickup="MAIN")
    here = world.hold(pickup="EAST")
    assert here == filled(world, label, "EAST")


def test_the_nearer_pickup_library_comes_first(town) -> None:
    """`proximity` sends items the shorter way; a library not named is farthest."""
    near = {"keys": ["cut", "proximity", "time"], "proximity": {"MAIN": {"EAST": 3, "WEST": 8}}}
    world = town(more={"holds": near})
    label = world.item("MAIN")
    far = world.hold(pickup="WEST")
    close = world.hold(pickup="EAST")
    assert close == filled(world, label)
    assert world.ops.holds.cancel(close, reason="bought the book")
    assert far == filled(world, label)


def test_the_first_is_found_behind_any_number_that_cannot_be_filled(town) -> None:
    """However many holds are suspended before it, the one that can be filled is found."""
    world = town(more={"holds": {"keys": ["cut", "priority", "local-first", "time"]}})
    label = world.item("MAIN")
    card = world.patron(category="staff")
    for _ in range(11):
        world.hold(world.patron("EAST"), pickup="MAIN", suspended=True)
    wanted = world.hold(card, pickup="EAST")
    found = world.ops.holds.next_for(label)
    assert found.certain
    assert found.hold is not None
    assert wanted == found.hold.id
    assert 12 == len(found.considered)
    assert {"hold.suspended"} == {reason.code for each in found.considered for reason in each.reasons}


def test_every_hold_passed_over_says_why(town) -> None:
    """Suspended, wanted until yesterday, an item of the wrong library, a blocked patron."""
    limits = {"limit_policies": {"adult": {"debt": {"limit": "5.00 EUR", "stops": ["capture-hold"]}}}}
    world = town(allowed="own-library", more={**limits, "fallback": {"limits": "adult"}})
    label = world.item("MAIN")
    world.item("EAST")
    suspended = world.hold(suspended=True)
    late = world.hold(wanted_until=date(2026, 3, 4))
    elsewhere = world.hold(world.patron("EAST"))
    indebted = world.patron()
    owing = world.hold(indebted)
    assert world.ops.fees.charge(patron=indebted, amount="6.00 EUR")
    world.clock.forward(days=3)
    wanted = world.hold()
    found = world.ops.holds.next_for(label)
    told = {each.hold_id: [reason.code for reason in each.reasons] for each in found.considered}
    assert {
        suspended: ["hold.suspended"],
        late: ["hold.after_limit"],
        elsewhere: ["hold.other_library"],
        owing: ["patron.debt_limit"],
        wanted: [],
    } == told


def test_a_damaged_item_fills_no_hold(town) -> None:
    """What cannot go out is not set aside, and the desk can see that no hold was looked for."""
    world = town()
    label = world.item(damaged=True)
    world.hold(bib=world.bib)
    found = world.ops.holds.next_for(label)
    assert found.hold is None
    assert ["hold.item_not_fit"] == [reason.code for each in found.considered for reason in each.reasons]


def test_an_item_that_comes_back_damaged_is_not_set_aside(town) -> None:
    """It is marked and gets its ticket in the same step; the hold waits for a whole one."""
    world = town()
    label = world.item()
    world.lend(label)
    hold = world.hold()
    assert world.ops.circulation.check_in(item=label, damaged="pages torn")
    assert HoldState.WAITING is world.ops.holds.get(hold).state
    assert world.ops.items.get(label).damaged


def test_a_returned_item_is_set_aside_in_the_same_step(town) -> None:
    """The check-in matches the item; the trace lists the holds that were considered."""
    world = town(shelf_time="7 days")
    label = world.item()
    world.lend(label)
    hold = world.hold(suspended=True), world.hold()
    answer = world.ops.circulation.check_in(item=label, explain=True)
    assert isinstance(answer, Permit)
    assert answer.trace is not None
    assert ["item.for_hold"] == [alert.code for alert in answer.result.alerts]
    assert [f"hold {hold[0]}", f"hold {hold[1]}"] == [check.name for check in answer.trace.checks]
    assert "awaiting_pickup" == world.state(label)
    assert HoldState.READY is world.ops.holds.get(hold[1]).state


def test_an_item_set_aside_is_refused_to_everybody_else(town) -> None:
    """It goes to the patron it waits for, and that fills the hold."""
    world = town()
    label = world.item()
    world.lend(label)
    card = world.patron()
    hold = world.hold(card)
    world.back(label)
    other = world.ops.circulation.check_out(patron=world.patron(), item=label)
    assert isinstance(other, Refuse)
    assert ["item.awaiting_pickup"] == [reason.code for reason in other.reasons]
    world.lend(label, card)
    assert [] == world.ops.holds.of_patron(card)
    assert 0 == world.ops.patrons.standing(card).holds
    assert hold not in [ready.hold_id for ready in world.ops.holds.ready_at()]


@pytest.mark.parametrize("option", ["allow", "alert", "confirm", "refuse"])
def test_a_title_that_others_wait_for(town, option) -> None:
    """`held_for_others` of the loan policy: nothing said, told, asked, or refused."""
    world = town(more={"loan": {"held_for_others": option}})
    label = world.item()
    world.hold()
    answer = world.ops.circulation.check_out(patron=world.patron(), item=label)
    said = answer.alerts if isinstance(answer, Permit) else answer.reasons
    assert (option in ("allow", "alert")) == isinstance(answer, Permit)
    assert ([] if option == "allow" else ["item.held_for_others"]) == [reason.code for reason in said]


def test_who_is_first_in_the_queue_takes_the_item_from_the_shelf(town) -> None:
    """The patron's own hold is filled by any item that serves it, unless others stand before."""
    world = town()
    label = world.item()
    first, second = world.patron(), world.patron()
    world.hold(first)
    world.hold(second)
    asked = world.ops.circulation.check_out(patron=second, item=label)
    assert isinstance(asked, Refuse)
    world.lend(label, first)
    assert [] == world.ops.holds.of_patron(first)
    assert 1 == len(world.ops.holds.of_patron(second))


@pytest.mark.parametrize(
    ("option", "free_item", "alone"),
    [
        ("ignore", True, True),
        ("block", False, False),
        ("block-unless-others-fill", True, False),
    ],
)
def test_renewal_and_holds_of_others(town, option, free_item, alone) -> None:
    """C4: holds never, always, or only then block a renewal when free items cannot fill them."""
    for with_free, renewed in ((True, free_item), (False, alone)):
        world = town(more={"loan": {"renewals": {"holds": option, "without_gain": "allow"}}})
        label = world.item()
        world.lend(label)
        if with_free:
            world.item()
        world.hold()
        answer = world.ops.circulation.renew(item=label)
        assert renewed == isinstance(answer, Permit)


def test_a_hold_on_the_very_item_always_blocks_its_renewal(town) -> None:
    """C4, Koha: other free items do not help who wants this one."""
    world = town(more={"loan": {"renewals": {"holds": "block-unless-others-fill", "without_gain": "allow"}}})
    label = world.item()
    world.lend(label)
    world.item()
    world.hold(item=label)
    answer = world.ops.circulation.renew(item=label)
    assert isinstance(answer, Refuse)
    assert ["renewal.wanted_by_others"] == [reason.code for reason in answer.reasons]


# --- the queue as a pure function ---------------------------------------------------------------------------------

MAIN, EAST = LibraryCode("MAIN"), LibraryCode("EAST")
HERE = Standpoint(MAIN, MAIN, MAIN, "book")


def hold_made(number: int, *, cut: int = 0, priority: int = 0, minutes: int = 0, pickup: LibraryCode = MAIN) -> Hold:
    """A waiting title-level hold."""
    at = NOON + timedelta(minutes=minutes)
    bib = BibId("b1")
    return Hold(
        HoldId(f"h{number:03}"),
        PatronId(f"p{number}"),
        bib,
        HoldLevel.TITLE,
        ("bib:b1",),
        (bib,),
        pickup,
        NOON,
        at,
        "adult",
        pickup,
        pickup,
        cut,
        priority,
    )


@given(queues(), hold_settings(), st.randoms(use_true_random=False))
def test_the_order_is_total_and_stable(queue, settings, random) -> None:
    """Invariant 6: the order does not depend on how the holds were read, and no two stand in one place."""
    ordered = queue_order(queue, settings, HERE)
    shuffled = list(queue)
    random.shuffle(shuffled)
    assert ordered == queue_order(shuffled, settings, HERE)
    ranks = [rank(place, settings, HERE) for place in ordered]
    assert sorted(ranks) == ranks
    assert len(ranks) == len(set(ranks))


@given(queues(), hold_settings(), st.data())
def test_removing_one_hold_keeps_the_order_of_the_others(queue, settings, data) -> None:
    """Invariant 6, second half."""
    if not queue:
        return
    gone = data.draw(st.sampled_from(queue))
    before = [place for place in queue_order(queue, settings, HERE) if place != gone]
    assert before == list(queue_order([place for place in queue if place != gone], settings, HERE))


@given(queues(), st.data())
def test_a_moved_hold_stands_where_it_was_put(queue, data) -> None:
    """Moving changes the place of one hold, and the others keep their order."""
    if not queue:
        return
    ordered = list(queue_order(queue, HoldSettings(), HERE))
    moved = data.draw(st.sampled_from(ordered))
    rest = [place for place in ordered if place != moved]
    position = data.draw(st.integers(1, len(ordered)))
    changed = {place.hold_id: keys for place, *keys in moved_between(rest, moved, position)}

    def now(place: HoldPlace) -> tuple[object, ...]:
        keys = changed.get(place.hold_id)
        return (*keys, place.hold_id) if keys else (place.cut, place.priority, place.queued_at, place.hold_id)

    after = sorted(ordered, key=now)
    assert position - 1 == after.index(moved)
    assert rest == [place for place in after if place != moved]


def test_both_views_of_positions() -> None:
    """D3: Koha gives a caught hold position 0 and counts the others from 1; FOLIO numbers all, caught ones first."""
    first, second, caught = hold_made(1), hold_made(2, minutes=1), hold_made(3, minutes=2)
    object.__setattr__(caught, "state", HoldState.READY)
    holds = [first, second, caught]
    unnumbered = positions(holds, HoldSettings(), HERE)
    assert {caught.id: 0, first.id: 1, second.id: 2} == unnumbered
    numbered = positions(holds, HoldSettings(), HERE, view=PositionView.ALL_NUMBERED)
    assert {caught.id: 1, first.id: 2, second.id: 3} == numbered


@pytest.mark.parametrize("keys", [(QueueKey.CUT,), (QueueKey.TIME, QueueKey.CUT), (QueueKey.TIME, QueueKey.TIME)])
def test_keys_that_are_no_order_are_refused(keys) -> None:
    """Time must be among them, once, and behind cut and priority."""
    with pytest.raises(InvalidValue):
        HoldSettings(keys=keys)


def test_an_item_waits_for_one_patron_at_most() -> None:
    """The record of an item set aside is stored under the item: no store can keep two."""
    from libops.storage.kinds import key_of

    one = ReadyHold(ItemId("i1"), HoldId("h1"), PatronId("p1"), BibId("b1"), MAIN, NOON)
    other = ReadyHold(ItemId("i1"), HoldId("h2"), PatronId("p2"), BibId("b1"), EAST, NOON)
    assert key_of(one) == key_of(other)


@given(queues(longest=20), hold_settings(), st.integers(1, 4))
def test_the_heads_of_the_indexed_queues_hold_the_first_of_the_whole(queue, settings, limit) -> None:
    """What the desk reads by index is enough to find who is first, however the queue is ordered."""
    stored = sorted(queue, key=lambda place: (place.cut, place.priority, place.queued_at, place.key))
    whole = HoldSettings(keys=(QueueKey.CUT, QueueKey.PRIORITY, *dynamic(settings), QueueKey.TIME))
    for order in (settings, whole):
        heads = []
        for index, library in heads_to_read(order, HERE):
            field = {"by_queue": None, "by_local": "local_library", "by_pickup": "pickup_library"}[index]
            heads += [place for place in stored if field is None or getattr(place, field) == library[0]][:limit]
        if QueueKey.PRIORITY in order.keys and QueueKey.CUT in order.keys and queue:
            assert queue_order(queue, order, HERE)[0] == queue_order(heads, order, HERE)[0]


def dynamic(settings: HoldSettings) -> tuple[QueueKey, ...]:
    """The keys that depend on the item."""
    return tuple(k for k in settings.keys if k not in (QueueKey.CUT, QueueKey.PRIORITY, QueueKey.TIME))


def test_one_hold_catches_one_item_however_many_desks_race(town) -> None:
    """Eight items of a title come back at once, and one patron waits: one item is set aside, the others are free."""
    from concurrent.futures import ThreadPoolExecutor

    world = town()
    labels = [world.item() for _ in range(8)]
    for label in labels:
        world.lend(label)
    hold = world.hold()
    with ThreadPoolExecutor(8) as desks:
        assert all(desks.map(lambda label: bool(world.ops.circulation.check_in(item=label)), labels))
    assert [hold] == [ready.hold_id for ready in world.ops.holds.ready_at()]
    assert 7 == [world.state(label) for label in labels].count("available")
