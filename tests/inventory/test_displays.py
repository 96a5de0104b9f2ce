"""Displays and rotating collections: items stand elsewhere for a while, and every one of them goes home again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from libops.base.decisions import Override, Permit
from libops.base.errors import InvalidValue, NotFound
from libops.inventory import (
    DISPLAY_TRANSITIONS,
    ROTATION_TRANSITIONS,
    Display,
    DisplayAct,
    DisplayState,
    DisplayTerms,
    EndDate,
    Place,
    PlacingFacts,
    Rotation,
    RotationAct,
    RotationState,
    Rounds,
    ShelfStatus,
    TemporaryPlacement,
    add_to_display,
    add_to_rotation,
    displays_due,
    end_display,
    end_rotation,
    extend_display,
    move_rotation_on,
    open_display,
    remove_from_display,
    remove_from_rotation,
    rotations_due,
    start_rotation,
)
from libops.inventory.events import DisplayEnded, DisplayExtended, ItemsPlaced, ItemsRestored, RotationEnded
from libops.testing.strategies.inventory import shelf_item

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WHO = {"at": NOW, "by": "staff-7"}
BOOKS = [shelf_item(number) for number in range(1, 7)]
IDS = [book.item_id for book in BOOKS]
GARDEN = Display(
    id="D-1", name="Spring gardens", library="MAIN", location="DISPLAY", item_type="7-day", ends=date(2026, 3, 31),
    opened_at=NOW, opened_by="staff-7",
)  # fmt: skip
GAMES = Rotation(
    id="R-1", name="Board games", stops=("EAST", "WEST", "NORTH"), days=90, arrived=TODAY, started_at=NOW,
    started_by="staff-7",
)  # fmt: skip


def codes(decision):
    return [reason.code for reason in decision.reasons]


def alerts(decision):
    return [alert.code for alert in decision.alerts]


class Items:
    """The item records, which the desk changes along with the events of this room."""

    def __init__(self, store, items=BOOKS):
        self.store = store
        self.by_id = {item.item_id: item for item in items}

    def facts(self, ids=None):
        return PlacingFacts(
            items=[self.by_id[one] for one in (self.by_id if ids is None else ids)],
            placements={one.item_id: one for one in self.store.all(TemporaryPlacement)},
        )

    def put(self, item_id, place):
        self.by_id[item_id] = evolve(
            self.by_id[item_id], library=place.library, location=place.location, item_type=place.item_type
        )

    def perform(self, decision):
        for event in decision.result.events:
            placed = event.placements if isinstance(event, ItemsPlaced | ItemsRestored) else ()
            for one in placed:
                self.put(one.item_id, one.now if isinstance(event, ItemsPlaced) else one.home)
        self.store.write(decision.result.events)
        return decision


def opened(store, ids=None, **display):
    items = Items(store)
    garden = evolve(GARDEN, **display)
    items.perform(open_display(garden, on=TODAY, terms=DisplayTerms(end_date=EndDate.OPTIONAL)))
    items.perform(add_to_display(garden, items.facts(ids), **WHO))
    return items


def traveling(store, **rotation):
    items = Items(store)
    items.perform(start_rotation(evolve(GAMES, **rotation), items.facts()))
    return items


@given(st.sets(st.sampled_from(IDS), min_size=1), st.sets(st.sampled_from(IDS)))
def test_after_a_display_every_item_is_where_it_was(new_store, shown, taken_early):
    """Whatever was put on it and taken off early: at the end all are home, with their own location and item type."""
    items = opened(new_store(), sorted(shown))
    assert {Place("MAIN", "DISPLAY", "7-day")} == {items.by_id[one].place for one in shown}
    early = sorted(shown & taken_early)
    if early:
        items.perform(remove_from_display(GARDEN, items.facts(early), **WHO))
    items.perform(end_display(items.store.get(Display, "D-1"), items.facts(), **WHO))
    assert {book.item_id: book for book in BOOKS} == items.by_id
    assert () == items.store.all(TemporaryPlacement)
    assert (DisplayState.ENDED, NOW) == (
        items.store.get(Display, "D-1").state,
        items.store.get(Display, "D-1").ended_at,
    )


def test_a_display_may_leave_the_item_type_alone(new_store):
    """A table of new arrivals, lent on their usual terms."""
    items = opened(new_store(), item_type=None)
    assert {Place("MAIN", "DISPLAY", "")} == {item.place for item in items.by_id.values()}


def test_an_item_with_another_place_meanwhile_keeps_it(new_store):
    """The cataloger moved it to local history while it was on display: the end of the display must not undo that."""
    items = opened(new_store())
    items.put(IDS[0], Place("MAIN", "LOCAL HISTORY"))
    decision = items.perform(end_display(GARDEN, items.facts(), **WHO))
    assert ["placement.moved_since"] == alerts(decision)
    assert "LOCAL HISTORY" == items.by_id[IDS[0]].location
    assert () == items.store.all(TemporaryPlacement)


def test_an_item_is_on_one_display_at_a_time(new_store):
    """Two displays want the same book: the second is told which."""
    items = opened(new_store(), IDS[:2])
    other = evolve(GARDEN, id="D-2", name="Easter")
    decision = add_to_display(other, items.facts(IDS[1:4]), **WHO)
    assert ["placement.taken"] == codes(decision)
    assert (IDS[1],) == decision.reasons[0].data["items"]


def test_gone_items_are_not_displayed_and_lent_ones_join_later(new_store):
    """A withdrawn book refuses the whole; a book on loan joins when it comes back."""
    items = Items(new_store())
    items.by_id[IDS[0]] = evolve(BOOKS[0], status=ShelfStatus.ON_LOAN)
    assert ["placement.item_away"] == alerts(add_to_display(GARDEN, items.facts(), **WHO))
    items.by_id[IDS[1]] = evolve(BOOKS[1], status=ShelfStatus.WITHDRAWN)
    assert ["placement.item_gone"] == codes(add_to_display(GARDEN, items.facts(), **WHO))


def test_items_of_another_library_have_to_be_confirmed(new_store):
    """They must be sent here first, and home afterward."""
    items = Items(new_store(), [evolve(book, library="WEST") for book in BOOKS])
    assert ["display.other_library"] == codes(add_to_display(GARDEN, items.facts(), **WHO))
    sure = Override(["display.other_library"], "staff-7", "agreed with Westside")
    items.perform(add_to_display(GARDEN, items.facts(), override=sure, **WHO))
    assert {"MAIN"} == {item.library for item in items.by_id.values()}


@pytest.mark.parametrize(
    ("ends", "terms", "expected"),
    [
        (None, DisplayTerms(), ["display.end_missing"]),
        (None, DisplayTerms(end_date=EndDate.OPTIONAL), []),
        (date(2026, 3, 1), DisplayTerms(), ["display.end_passed"]),
        (TODAY, DisplayTerms(), []),
        (date(2026, 3, 31), DisplayTerms(longest=30), []),
        (date(2026, 4, 1), DisplayTerms(longest=30), ["display.too_long"]),
    ],
)
def test_the_last_day_of_a_display_is_policy(ends, terms, expected):
    """Required or not, not over yet, and not farther than the library allows: 30 days from 2 March end on the 31st."""
    decision = open_display(evolve(GARDEN, ends=ends), on=TODAY, terms=terms)
    assert expected == ([] if decision else codes(decision))


def test_a_display_is_opened_once():
    """Its identifier is taken."""
    assert ["display.exists"] == codes(open_display(GARDEN, on=TODAY, same_id=GARDEN))


def test_a_longer_display_keeps_its_items_longer(new_store):
    """The new last day is on the display and on each of its items."""
    items = opened(new_store())
    later = date(2026, 4, 30)
    items.perform(extend_display(GARDEN, items.facts(), ends=later, on=TODAY, **WHO))
    assert later == items.store.get(Display, "D-1").ends
    assert {later} == {one.until for one in items.store.all(TemporaryPlacement)}


def test_what_is_not_on_a_display_cannot_be_taken_off(new_store):
    """The wrong book was scanned."""
    items = opened(new_store(), IDS[:2])
    decision = remove_from_display(GARDEN, items.facts(IDS[1:3]), **WHO)
    assert ["display.item_not_on_it"] == codes(decision)
    assert (IDS[2],) == decision.reasons[0].data["items"]


def test_displays_whose_last_day_is_over_are_due():
    """The last day still counts; standing displays and ended ones are never due."""
    displays = [
        evolve(GARDEN, id="D-3", ends=date(2026, 3, 1)),
        evolve(GARDEN, id="D-2", ends=date(2026, 2, 1)),
        evolve(GARDEN, id="D-4", ends=TODAY),
        evolve(GARDEN, id="D-5", ends=None),
        evolve(GARDEN, id="D-6", ends=date(2026, 1, 1), state=DisplayState.ENDED),
    ]
    assert ["D-2", "D-3"] == [display.id for display in displays_due(displays, on=TODAY)]


@pytest.mark.parametrize("state", DisplayState)
@pytest.mark.parametrize("act", DisplayAct)
def test_display_acts_follow_the_table(new_store, state, act):
    """An ended display is history."""
    items = opened(new_store(), IDS[:2])
    display = evolve(GARDEN, state=state)
    decision = {
        DisplayAct.ADD: lambda: add_to_display(display, items.facts(IDS[3:]), **WHO),
        DisplayAct.REMOVE: lambda: remove_from_display(display, items.facts(IDS[:2]), **WHO),
        DisplayAct.EXTEND: lambda: extend_display(display, items.facts(), ends=TODAY, on=TODAY, **WHO),
        DisplayAct.END: lambda: end_display(display, items.facts(), **WHO),
    }[act]()
    assert (act in DISPLAY_TRANSITIONS[state]) == isinstance(decision, Permit)
    if not decision:
        assert ["display.wrong_state"] == codes(decision)


@given(st.integers(0, 7), st.sampled_from(Rounds))
def test_after_a_rotation_every_item_is_home(new_store, moves, rounds):
    """However many stops it made: in the end each item is back in its own library."""
    items = traveling(new_store(), rounds=rounds)
    day = TODAY
    for _ in range(moves):
        rotation = items.store.get(Rotation, "R-1")
        if rotation.next_stop is None:
            break
        day = rotation.next_move
        items.perform(move_rotation_on(rotation, items.facts(), on=day, **WHO))
        assert {items.store.get(Rotation, "R-1").library} == {item.library for item in items.by_id.values()}
    items.perform(end_rotation(items.store.get(Rotation, "R-1"), items.facts(), **WHO))
    assert {book.item_id: book for book in BOOKS} == items.by_id
    assert () == items.store.all(TemporaryPlacement)
    assert RotationState.ENDED is items.store.get(Rotation, "R-1").state


def test_a_rotation_goes_from_stop_to_stop(new_store):
    """East, West, North and East again, ninety days each; the shelving location stays each item's own."""
    items = traveling(new_store())
    way = []
    for _ in range(4):
        rotation = items.store.get(Rotation, "R-1")
        way.append((rotation.library, rotation.arrived))
        items.perform(move_rotation_on(rotation, items.facts(), on=rotation.next_move, **WHO))
    days = [TODAY + timedelta(days=90 * number) for number in range(4)]
    assert list(zip(["EAST", "WEST", "NORTH", "EAST"], days, strict=True)) == way
    assert {"STACKS"} == {item.location for item in items.by_id.values()}


def test_a_rotation_that_is_over_after_its_last_stop_goes_home(new_store):
    """Once around: after North there is no further stop."""
    items = traveling(new_store())
    last = evolve(GAMES, rounds=Rounds.ONCE, stop=2)
    assert ["rotation.at_last_stop"] == codes(move_rotation_on(last, items.facts(), on=last.next_move, **WHO))


def test_moving_on_early_has_to_be_confirmed(new_store):
    """The van drives a day before."""
    items = traveling(new_store())
    early = GAMES.next_move - timedelta(days=1)
    assert ["rotation.not_due"] == codes(move_rotation_on(GAMES, items.facts(), on=early, **WHO))
    sure = Override(["rotation.not_due"], "staff-7", "holiday on Monday")
    assert move_rotation_on(GAMES, items.facts(), on=early, override=sure, **WHO)


def test_an_item_with_another_place_meanwhile_leaves_the_rotation(new_store):
    """One game was given to the Westside library for good."""
    items = traveling(new_store())
    items.put(IDS[0], Place("WEST", "GAMES"))
    decision = items.perform(move_rotation_on(GAMES, items.facts(), on=GAMES.next_move, **WHO))
    assert ["placement.moved_since"] == alerts(decision)
    assert IDS[1:] == [one.item_id for one in items.store.all(TemporaryPlacement)]
    assert ("WEST", "GAMES") == (items.by_id[IDS[0]].library, items.by_id[IDS[0]].location)


def test_items_join_and_leave_a_rotation(new_store):
    """A new game travels along from where the collection is; one with missing pieces goes home."""
    items = traveling(new_store())
    new = shelf_item(50)
    items.by_id[new.item_id] = new
    items.perform(add_to_rotation(GAMES, items.facts([new.item_id]), **WHO))
    assert "EAST" == items.by_id[new.item_id].library
    items.perform(remove_from_rotation(GAMES, items.facts([IDS[0]]), **WHO))
    assert BOOKS[0] == items.by_id[IDS[0]]
    assert ["rotation.item_not_in_it"] == codes(remove_from_rotation(GAMES, items.facts([IDS[0]]), **WHO))


def test_a_rotation_takes_no_item_from_a_display(new_store):
    """An item stands at one temporary place only."""
    items = opened(new_store(), IDS[:1])
    decision = start_rotation(GAMES, items.facts(), same_id=GAMES)
    assert ["rotation.exists", "placement.taken"] == codes(decision)


def test_rotations_whose_days_are_over_are_due():
    """On the day of the move it is due; ended ones never."""
    ended = evolve(GAMES, id="R-2", state=RotationState.ENDED)
    assert ("R-1",) == tuple(one.id for one in rotations_due([GAMES, ended], on=GAMES.next_move))
    assert () == rotations_due([GAMES, ended], on=GAMES.next_move - timedelta(days=1))


@pytest.mark.parametrize("state", RotationState)
@pytest.mark.parametrize("act", RotationAct)
def test_rotation_acts_follow_the_table(new_store, state, act):
    """A rotation that has gone home is history."""
    items = traveling(new_store())
    new = shelf_item(50)
    items.by_id[new.item_id] = new
    rotation = evolve(GAMES, state=state)
    decision = {
        RotationAct.ADD: lambda: add_to_rotation(rotation, items.facts([new.item_id]), **WHO),
        RotationAct.REMOVE: lambda: remove_from_rotation(rotation, items.facts(IDS), **WHO),
        RotationAct.MOVE_ON: lambda: move_rotation_on(rotation, items.facts(IDS), on=GAMES.next_move, **WHO),
        RotationAct.END: lambda: end_rotation(rotation, items.facts(), **WHO),
    }[act]()
    assert (act in ROTATION_TRANSITIONS[state]) == isinstance(decision, Permit)
    if not decision:
        assert ["rotation.wrong_state"] == codes(decision)


@pytest.mark.parametrize(
    "wrong",
    [{"stops": ("EAST",)}, {"stops": ("EAST", "EAST")}, {"stops": ("A", "B", "A")}, {"days": 0}, {"stop": 3}],
)
def test_a_rotation_travels(wrong):
    """Two stops or more, no library twice in a row, a day or more at each."""
    with pytest.raises(InvalidValue):
        evolve(GAMES, **wrong)


def test_a_display_runs_a_day_or_more():
    """No limit is None, not 0."""
    with pytest.raises(InvalidValue, match="0"):
        DisplayTerms(longest=0)


@pytest.mark.parametrize(
    "event",
    [
        DisplayEnded(display_id="D-9", **WHO),
        RotationEnded(rotation_id="R-9", **WHO),
        DisplayExtended(display_id="D-9", ends=None, items=(), **WHO),
    ],
)
def test_what_was_never_opened_cannot_end(new_store, event):
    """A log without its beginning is no log."""
    with pytest.raises(NotFound, match="9"):
        new_store().write([event])
