"""What a patron may hold: every option of a hold policy."""

from __future__ import annotations

from datetime import date

import pytest

import libops
from libops import Permit, Refuse
from libops.base.decisions import Override


def test_on_shelf_always_takes_a_hold_on_what_stands_there(town) -> None:
    """D4, `on_shelf = always`: staff fetch the item; FOLIO calls such a hold a page."""
    world = town(on_shelf="always")
    world.item()
    answer = world.ops.holds.place(patron=world.patron(), bib=world.bib)
    assert isinstance(answer, Permit)
    assert "page" == answer.result.request


def test_a_title_that_is_out_is_held_and_not_paged(town) -> None:
    """D4, `request-type-by-item-status`: with every item out, the request is a hold."""
    world = town()
    world.lend(world.item())
    answer = world.ops.holds.place(patron=world.patron(), bib=world.bib)
    assert isinstance(answer, Permit)
    assert "hold" == answer.result.request


@pytest.mark.parametrize(
    ("option", "none_out", "one_out", "all_out"),
    [
        ("always", [], [], []),
        ("if-any-out", ["hold.none_out"], [], []),
        ("if-all-out", ["hold.item_on_shelf"], ["hold.item_on_shelf"], []),
        ("never", ["hold.item_on_shelf"], [], []),
        ("only-available", [], [], ["hold.not_on_shelf"]),
    ],
)
def test_each_answer_about_items_on_the_shelf(town, option, none_out, one_out, all_out) -> None:
    """D4, `on_shelf`: whether a title can be held with none, one or all of its two items out."""
    world = town(on_shelf=option)
    first, second = world.item(), world.item()
    assert none_out == world.refused()
    world.lend(first)
    assert one_out == world.refused()
    world.lend(second)
    assert all_out == world.refused()


def test_items_that_the_patron_may_not_hold_do_not_count_as_on_the_shelf(town) -> None:
    """`if-all-out` looks only at items that the patron may hold (Koha)."""
    world = town(on_shelf="if-all-out", allowed="own-library")
    world.lend(world.item("MAIN"))
    world.item("EAST")
    assert [] == world.refused(world.patron("MAIN"))


@pytest.mark.parametrize(
    ("option", "on_title", "on_item"),
    [("no", [], ["hold.on_title_only"]), ("yes", [], []), ("only", ["hold.on_item_only"], [])],
)
def test_each_answer_about_holds_on_single_items(town, option, on_title, on_item) -> None:
    """`item_level`: no, yes, only."""
    world = town(item_level=option)
    label = world.item()
    assert on_title == world.refused()
    assert on_item == world.refused(item=label)


@pytest.mark.parametrize(
    ("option", "own", "group", "elsewhere"),
    [
        ("nowhere", ["hold.not_allowed"], ["hold.not_allowed"], ["hold.not_allowed"]),
        ("own-library", [], ["hold.not_allowed"], ["hold.not_allowed"]),
        ("group", [], [], ["hold.not_allowed"]),
        ("anywhere", [], [], []),
    ],
)
def test_each_answer_about_whose_items_may_fill(town, option, own, group, elsewhere) -> None:
    """`allowed`: nowhere, the patron's own library, its group, anywhere."""
    world = town(allowed=option, more={"holds": {"groups": {"river": ["MAIN", "EAST"]}}})
    world.item("MAIN")
    assert own == world.refused(world.patron("MAIN"))
    assert group == world.refused(world.patron("EAST"))
    assert elsewhere == world.refused(world.patron("WEST"))


@pytest.mark.parametrize(
    ("option", "main", "east", "west"),
    [
        ("any", [], [], []),
        ("home", [], ["hold.pickup_not_allowed"], ["hold.pickup_not_allowed"]),
        ("holding", ["hold.pickup_not_allowed"], [], ["hold.pickup_not_allowed"]),
        ("group", [], ["hold.pickup_not_allowed"], []),
    ],
)
def test_pickup_must_match(town, option, main, east, west) -> None:
    """D2: the pickup library matches the item's home, the library that holds it now, its group, or anything."""
    world = town(pickup_match=option, more={"holds": {"groups": {"hills": ["MAIN", "WEST"]}}})
    world.item("MAIN", holding_library="EAST")
    assert main == world.refused(pickup="MAIN")
    assert east == world.refused(pickup="EAST")
    assert west == world.refused(pickup="WEST")


def test_pickup_places_are_those_named_and_those_with_a_counter(town) -> None:
    """`pickup_libraries` narrows the choice; a library without a pickup counter is none for anybody."""
    world = town(pickup_libraries=["EAST"])
    world.item()
    assert ["hold.pickup_not_allowed"] == world.refused(pickup="MAIN")
    assert [] == world.refused(pickup="EAST")
    anywhere = town()
    anywhere.item()
    assert ["hold.pickup_not_allowed"] == anywhere.refused(pickup="BUS")


def test_limits_of_holds_per_record_per_day_and_in_all(town) -> None:
    """Each limit stops at its number; 0 is none at all and absent is no limit."""
    world = town(per_record=1, per_day=2, in_all=3)
    world.item()
    world.item(bib=world.other_bib)
    card = world.patron()
    world.hold(card)
    assert ["hold.per_record_limit"] == world.refused(card)
    world.hold(card, bib=world.other_bib)
    assert ["hold.per_record_limit", "hold.per_day_limit"] == world.refused(card)
    world.clock.forward(days=1)
    assert ["hold.per_record_limit"] == world.refused(card)
    none = town(in_all=0)
    none.item()
    assert ["hold.limit_reached"] == none.refused()
    free = town(per_record=None)
    free.item()
    card = free.patron()
    assert 3 == len({free.hold(card) for _ in range(3)})


@pytest.mark.parametrize(("option", "codes"), [("counted", ["hold.limit_reached"]), ("not-counted", [])])
def test_suspended_holds_count_as_the_policy_says(town, option, codes) -> None:
    """`suspended`: a suspended hold takes its place in the limit, or leaves it free."""
    world = town(in_all=1, suspended=option)
    world.item()
    world.item(bib=world.other_bib)
    card = world.patron()
    world.hold(card, suspended=True)
    assert codes == world.refused(card, bib=world.other_bib)


def test_the_limit_is_exact_when_several_holds_are_placed_at_once(town) -> None:
    """A book club's holds are placed all or none."""
    world = town(per_record=None, in_all=5)
    for _ in range(3):
        world.item()
    card = world.patron(category="staff")
    assert ["hold.limit_reached"] == world.refused(card, count=6)
    answer = world.ops.holds.place(patron=card, bib=world.bib, count=5)
    assert isinstance(answer, Permit)
    assert 5 == len(answer.result.holds) == len(world.ops.holds.of_patron(card))
    assert 1 == len({hold.batch for hold in answer.result.holds})


@pytest.mark.parametrize(
    ("option", "codes"), [("passes", []), ("confirm", ["patron.age_unknown"]), ("refuse", ["patron.age_not_allowed"])]
)
def test_an_unknown_birth_date_and_an_age_limit(town, option, codes) -> None:
    """D11: with an unknown birth date the age check passes (Koha), asks, or refuses."""
    world = town(age={"at_least": 16, "unknown": option})
    world.item()
    assert codes == world.refused(world.patron(birth_date=None))
    assert ["patron.age_not_allowed"] == world.refused(world.patron(birth_date=date(2015, 1, 1)))


@pytest.mark.parametrize(
    ("option", "weight"), [("allow", ""), ("alert", "alert"), ("confirm", "confirm"), ("refuse", "overridable")]
)
def test_an_age_limit_of_holds(town, option, weight) -> None:
    """A child asks for what is lent from sixteen on: nothing said, a note, a question, a refusal that a right lifts."""
    world = town(age={"at_least": 16, "otherwise": option})
    world.item()
    answer = world.ops.holds.place(patron=world.patron(birth_date=date(2015, 1, 1)), bib=world.bib)
    said = answer.alerts if answer else answer.reasons
    assert weight == "".join(reason.weight.value for reason in said)
    assert (weight in ("", "alert")) == bool(answer)


@pytest.mark.parametrize(("scope", "codes"), [("everywhere", ["patron.overdue_limit"]), ("per-library", [])])
def test_overdue_loans_stop_holds_everywhere_or_at_that_library(town, scope, codes) -> None:
    """D8: rero counts overdue loans of all libraries, ddd those of the library asked (`overdue-limit-per-branch`)."""
    limits = {"limit_policies": {"adult": {"overdue": {"limit": 2, "scope": scope}}}, "fallback": {"limits": "adult"}}
    world = town(more=limits)
    card = world.patron()
    for _ in range(2):
        world.lend(world.item("EAST"), card, library="EAST")
    world.item(bib=world.other_bib)
    world.clock.forward(days=40)
    assert codes == world.refused(card, bib=world.other_bib)


@pytest.mark.parametrize(("boundary", "codes"), [("reached", ["patron.overdue_limit"]), ("passed", [])])
def test_the_overdue_limit_itself_stops_or_not(town, boundary, codes) -> None:
    """D8, `overdue-limit-inclusive`: refused at two overdue loans, or only at more than two."""
    limits = {
        "limit_policies": {"adult": {"overdue": {"limit": 2, "boundary": boundary}}},
        "fallback": {"limits": "adult"},
    }
    world = town(more=limits)
    card = world.patron()
    for _ in range(2):
        world.lend(world.item(), card)
    world.item(bib=world.other_bib)
    world.clock.forward(days=40)
    assert codes == world.refused(card, bib=world.other_bib)


def test_no_policy_no_item_and_nothing_that_can_be_held(town) -> None:
    """A title without items, one whose items no rule covers, and one that has only a lost item."""
    world = town(more={"rules": [{"item_type": "map", "holds": ""}]})
    assert ["hold.no_item"] == world.refused()
    world.item(item_type="map")
    assert ["hold.no_policy"] == world.refused()
    gone = world.item(bib=world.other_bib)
    assert world.ops.items.withdraw(gone)
    assert ["hold.item_state"] == world.refused(bib=world.other_bib)


def test_what_nothing_lifts_for_one_copy_is_not_told_where_another_can_be_had_by_right(town) -> None:
    """The title has a map that nobody may hold: a patron at the limit is told of the limit alone."""
    world = town(more={"rules": [{"item_type": "map", "holds": ""}]}, per_record=1)
    world.item(item_type="map")
    world.lend(world.item())
    card = world.patron()
    world.hold(card)
    assert ["hold.per_record_limit"] == world.refused(card)


def test_a_title_on_order_can_be_held_by_right(town) -> None:
    """Staff with the right set `hold.no_item` aside; the event says who and why."""
    world = town()
    right = Override(["hold.no_item"], "ruth", "on order", ["hold.no_item"])
    answer = world.ops.holds.place(patron=world.patron(), bib=world.bib, override=right)
    assert isinstance(answer, Permit)
    placed = [entry.event for entry in world.ops.events if type(entry.event).__name__ == "HoldPlaced"]
    assert ("hold.no_item",) == placed[0].waived.codes


def test_a_patron_who_has_the_title_is_asked_first(town) -> None:
    """The patron has the title out: a hold on it is mostly a mistake."""
    world = town()
    card = world.lend(world.item())
    assert ["hold.title_out_to_patron"] == world.refused(card)


def test_one_title_is_named_and_it_exists(town) -> None:
    """A hold names one thing; what is not in the catalog cannot be held."""
    world = town()
    assert ["bib.unknown"] == world.refused(bib="no-such-title")
    assert ["barcode.no_item"] == world.refused(item="39999999999999")
    with pytest.raises(libops.LibopsError):
        world.ops.holds.place(patron=world.patron(), bib=world.bib, item="3123400000001")


def test_a_volume_and_any_of_several_titles(town) -> None:
    """A hold on volume 2 is filled by volume 2 only; any-of is filled by whichever comes first, once."""
    world = town()
    first, second = world.item(enumeration="v.1"), world.item(enumeration="v.2")
    for label in (first, second):
        world.lend(label)
    on_volume = world.hold(volume="v.2")
    assert "" == world.back(first).hold_for
    assert world.ops.holds.get(on_volume).state.value == "waiting"
    world.back(second)
    assert world.ops.holds.get(on_volume).state.value == "ready"

    other = world.item(bib=world.other_bib)
    world.lend(other)
    world.lend(first)
    either = world.hold(any_of=[world.other_bib, first])
    world.back(other)
    assert world.ops.holds.get(either).state.value == "ready"
    assert "" == world.back(first).hold_for


def test_a_hold_costs_what_the_policy_says(town) -> None:
    """`fee` is charged when the hold is placed."""
    world = town(fee="1.50 EUR")
    world.item()
    card = world.patron()
    world.hold(card)
    assert "1.50 EUR" == str(world.ops.fees.balance(card))


def test_a_preview_says_the_same_and_writes_nothing(town) -> None:
    """Preview is act; a stale preview is refused."""
    world = town()
    world.item()
    card = world.patron()
    seen = world.ops.holds.place(patron=card, bib=world.bib, commit=False)
    assert isinstance(seen, Permit)
    assert [] == world.ops.holds.of_patron(card)
    world.lend(world.item())
    stale = world.ops.holds.place(patron=card, bib=world.bib, preview=seen.result.preview)
    assert isinstance(stale, Refuse)
    assert ["preview.stale"] == [reason.code for reason in stale.reasons]


def test_the_trace_tells_every_item(town) -> None:
    """With `explain`, each item that could fill the hold says what speaks against it."""
    world = town(allowed="own-library")
    world.item("EAST")
    answer = world.ops.holds.place(patron=world.patron(), bib=world.bib, explain=True)
    assert isinstance(answer, Refuse)
    assert answer.trace is not None
    told = [check.reason.code for check in answer.trace.checks if check.reason is not None]
    assert ["hold.not_allowed"] == told


def test_records_that_somebody_waits_for_are_not_removed_unseen(town) -> None:
    """An item with a hold is withdrawn only by right, and a title with holds is not deleted."""
    world = town()
    label = world.item()
    world.hold(item=label)
    answer = world.ops.items.withdraw(label)
    assert isinstance(answer, Refuse)
    assert ["item.has_hold"] == [reason.code for reason in answer.reasons]
    gone = world.ops.catalog.delete(world.bib)
    assert isinstance(gone, Refuse)
    assert "bib.has_holds" in [reason.code for reason in gone.reasons]
