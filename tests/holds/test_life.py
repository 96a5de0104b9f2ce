"""From placing to the end: suspended, moved, cancelled, lapsed; the hold shelf; the pull list."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from libops import Permit
from libops.circulation.model import HoldState
from libops.storage.rebuild import log_of, rebuilt, stored

WEEK = dict.fromkeys(("tuesday", "wednesday", "thursday", "friday", "saturday"), "10:00-18:00")


def codes(answer) -> list[str]:
    """The codes of a refusal; empty for a yes."""
    return [] if isinstance(answer, Permit) else [reason.code for reason in answer.reasons]


def ready(world, **asked) -> tuple[str, str, str]:
    """A hold whose item waits on the hold shelf: item, card, hold."""
    label = world.item()
    world.lend(label)
    card = world.patron()
    hold = world.hold(card, **asked)
    world.back(label)
    return label, card, hold


def kept_until(world) -> str:
    """The last instant of the only item on the hold shelf of the main library, by its clocks."""
    (one,) = world.ops.holds.ready_at()
    zone = world.ops.settings.calendar_of("MAIN").zone_info
    return "" if one.keep_until is None else f"{one.keep_until.astimezone(zone):%a %Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("closed_days", "until"),
    [
        ("keep-end-of-day", "Sun 2026-03-08 23:59:59"),
        ("count-open-days", "Tue 2026-03-10 23:59:59"),
        ("next-open-day-end", "Tue 2026-03-10 23:59:59"),
        ("previous-open-day-end", "Sat 2026-03-07 23:59:59"),
        ("ignore-calendar", "Sun 2026-03-08 23:59:59"),
        ("push-one-day-at-a-time", "Tue 2026-03-10 23:59:59"),
        ("push-same-weekday", "Tue 2026-03-10 23:59:59"),
        ("keep-datetime", "Sun 2026-03-08 11:01:00"),
    ],
)
def test_shelf_time_in_calendar_days_and_in_open_days(town, closed_days, until) -> None:
    """D5: five days from a Tuesday, closed on Sunday and Monday (`pickup-period-excludes-closed-days`, FOLIO's)."""
    world = town(shelf_time="5 days", shelf_closed_days=closed_days)
    ready(world)
    assert until == kept_until(world)


@pytest.mark.parametrize(
    ("closed_days", "until"),
    [
        ("keep-end-of-day", "Tue 2026-03-10"),
        ("push-one-day-at-a-time", "Wed 2026-03-11"),
        ("push-same-weekday", "Tue 2026-03-17"),
        ("count-open-days", "Fri 2026-03-13"),
    ],
)
def test_shelf_time_that_ends_on_a_holiday(town, closed_days, until) -> None:
    """D5: a week from a Tuesday, and the next Tuesday is a holiday; seven open days end on Friday of the week after."""
    holiday = {"zone": "Europe/Berlin", "weekly": WEEK, "special": [{"first": date(2026, 3, 10)}]}
    world = town(shelf_time="7 days", shelf_closed_days=closed_days, more={"calendars": {"week": holiday}})
    ready(world)
    assert until == kept_until(world)[:14]


def test_a_shelf_time_across_the_change_of_clocks(town) -> None:
    """D5: set aside on the Friday before clocks go forward, for three days: until the end of Monday."""
    world = town(shelf_time="3 days")
    world.clock.at = datetime(2026, 3, 27, 10, tzinfo=UTC)
    ready(world)
    assert "Mon 2026-03-30 23:59:59" == kept_until(world)
    (one,) = world.ops.holds.ready_at()
    assert datetime(2026, 3, 30, 21, 59, 59, tzinfo=UTC) == one.keep_until


def test_a_shelf_time_in_hours_ends_on_the_instant(town) -> None:
    """D5: FOLIO's minutes, Palace's exact instant."""
    world = town(shelf_time="30 hours")
    ready(world)
    (one,) = world.ops.holds.ready_at()
    assert timedelta(hours=30) == one.keep_until - one.ready_at


def test_no_shelf_time_and_the_patrons_own_limit(town) -> None:
    """Absent is for good; an earlier limit of the patron's own is kept (Koha)."""
    world = town()
    ready(world)
    assert "" == kept_until(world)
    own = town(shelf_time="10 days")
    ready(own, wanted_until=date(2026, 3, 6))
    assert "Fri 2026-03-06 23:59:59" == kept_until(own)


@pytest.mark.parametrize(("option", "until"), [("keep", "Tue 2026-03-10"), ("restart", "Thu 2026-03-12")])
def test_a_second_check_in_and_the_shelf_time(town, option, until) -> None:
    """D5: not reset by a second check-in (FOLIO), or begun anew."""
    world = town(shelf_time="7 days", second_scan=option)
    label, _, _ = ready(world)
    world.clock.forward(days=2)
    world.back(label)
    assert until == kept_until(world)[:14]


@pytest.mark.parametrize(
    ("option", "on_closed_day", "on_open_day", "by_hand"),
    [("on-any-day", 1, 0, True), ("on-open-days", 0, 1, True), ("by-hand", 0, 0, True)],
)
def test_when_the_end_of_the_shelf_time_is_acted_upon(town, option, on_closed_day, on_open_day, by_hand) -> None:
    """D6: the run works on closed days too, waits for an open one, or never ends holds on the shelf."""
    world = town(shelf_time="4 days", expiry_run=option)
    _, card, hold = ready(world)
    world.clock.forward(days=5, hours=6)
    assert on_closed_day == len(list(world.ops.holds.lapse_due()))
    world.clock.forward(days=2)
    assert on_open_day == len(list(world.ops.holds.lapse_due()))
    if option == "by-hand":
        assert ["hold.run_waits"] == codes(world.ops.holds.lapse(hold, by_run=True))
        assert isinstance(world.ops.holds.lapse(hold), Permit)
    assert [] == world.ops.holds.of_patron(card)


@pytest.mark.parametrize(("option", "state"), [("at-once", "ready"), ("at-check-in", "waiting")])
def test_the_next_in_line_gets_the_item_at_once_or_when_it_is_scanned(town, option, state) -> None:
    """D7, `autofill-next-hold-on-expiry` (Koha)."""
    world = town(shelf_time="3 days", next_in_line=option)
    label, _, _ = ready(world)
    second = world.hold()
    world.clock.forward(days=8)
    assert 1 == len(list(world.ops.holds.lapse_due()))
    assert state == world.ops.holds.get(second).state.value
    world.back(label)
    assert HoldState.READY is world.ops.holds.get(second).state


def test_the_next_in_line_at_another_library_gets_the_item_sent(town) -> None:
    """D7: with a transfer if need be."""
    world = town(shelf_time="3 days")
    label, _, _ = ready(world)
    second = world.hold(pickup="EAST")
    world.clock.forward(days=8)
    list(world.ops.holds.lapse_due())
    assert "in_transit" == world.state(label)
    assert HoldState.IN_TRANSIT is world.ops.holds.get(second).state


def test_an_item_not_picked_up_costs_the_expiry_fee(town) -> None:
    """`expiry_fee` is charged once, on expiry only."""
    world = town(shelf_time="3 days", expiry_fee="1.00 EUR")
    _, card, hold = ready(world)
    assert ["hold.not_due"] == codes(world.ops.holds.lapse(hold))
    world.clock.forward(days=8)
    assert 1 == len(list(world.ops.holds.lapse_due()))
    assert [] == list(world.ops.holds.lapse_due())
    assert "1.00 EUR" == str(world.ops.fees.balance(card))


def test_a_hold_that_was_never_filled_lapses(town) -> None:
    """`expire_unfilled`, and the patron's own last day; a forecast ends nothing (D10)."""
    world = town(expire_unfilled="30 days")
    world.lend(world.item())
    card = world.patron()
    hold = world.hold(card)
    seen = world.ops.holds.forecast(hold)
    assert seen.typical is not None
    assert seen.assumptions
    assert seen.typical < world.ops.holds.get(hold).lapses_at
    world.clock.forward(days=29)
    assert [] == list(world.ops.holds.lapse_due())
    world.clock.forward(days=3)
    assert 1 == len(list(world.ops.holds.lapse_due()))
    brief = world.hold(card, wanted_until=date(2026, 4, 10))
    world.clock.forward(days=10)
    list(world.ops.holds.lapse_due())
    assert ["hold.unknown"] == codes(world.ops.holds.cancel(brief, reason="late"))


def test_an_estimate_may_pass_without_ending_the_hold(town) -> None:
    """D10: the expected date and the end on the shelf are two fields."""
    world = town(shelf_time="3 days")
    world.lend(world.item())
    hold = world.hold()
    expected = world.ops.holds.forecast(hold).worst
    world.clock.forward(days=60)
    assert expected < world.clock()
    assert [] == list(world.ops.holds.lapse_due())
    assert HoldState.WAITING is world.ops.holds.get(hold).state


def test_a_suspended_hold_keeps_its_place_and_wakes_by_itself(town) -> None:
    """Suspended until a day: passed over before it, filled after it, without any run."""
    world = town()
    label = world.item()
    first = world.hold()
    second = world.hold()
    until = world.clock() + timedelta(days=10)
    assert isinstance(world.ops.holds.suspend(first, until=until), Permit)
    assert second == world.ops.holds.next_for(label).hold.id
    world.clock.forward(days=11)
    assert first == world.ops.holds.next_for(label).hold.id
    assert ["hold.wrong_state"] == codes(world.ops.holds.resume(first))
    assert isinstance(world.ops.holds.suspend(first), Permit)
    assert isinstance(world.ops.holds.resume(first), Permit)
    assert first == world.ops.holds.next_for(label).hold.id
    assert ["hold.suspension_passed"] == codes(world.ops.holds.suspend(first, until=datetime(2020, 1, 1, tzinfo=UTC)))


def test_moving_and_reordering_are_audited(town) -> None:
    """Staff move a hold, or put several at the head; the log says who and why, and nobody else changes places."""
    world = town()
    world.lend(world.item())
    holds = [world.hold() for _ in range(5)]
    assert ["hold.why_missing"] == codes(world.ops.holds.move(holds[4], 2, why=" "))
    assert isinstance(world.ops.holds.move(holds[4], 2, why="exam next week", by="ruth"), Permit)
    queue = [hold.id for _, hold in world.ops.holds.queue_of(world.bib)]
    assert [holds[0], holds[4], holds[1], holds[2], holds[3]] == queue
    assert isinstance(world.ops.holds.reorder([holds[3], holds[2]], why="book club", by="ruth"), Permit)
    queue = [hold.id for _, hold in world.ops.holds.queue_of(world.bib)]
    assert [holds[3], holds[2], holds[0], holds[4], holds[1]] == queue
    moves = [entry.event for entry in world.ops.events if type(entry.event).__name__ == "HoldMoved"]
    assert [("ruth", "exam next week"), ("ruth", "book club"), ("ruth", "book club")] == [(m.by, m.why) for m in moves]
    assert [1, 2, 3, 4, 5] == [number for number, _ in world.ops.holds.queue_of(world.bib)]
    assert stored(world.ops.storage) == rebuilt(log_of(world.ops.storage))


def test_a_cancelled_hold_leaves_its_item_to_the_next(town) -> None:
    """Cancelled with a reason; the item on the shelf goes on in the same step."""
    world = town()
    label, card, hold = ready(world)
    second = world.hold()
    assert ["hold.why_missing"] == codes(world.ops.holds.cancel(hold, reason=""))
    assert isinstance(world.ops.holds.cancel(hold, reason="bought it", by="Ada"), Permit)
    assert HoldState.READY is world.ops.holds.get(second).state
    assert label
    assert 0 == world.ops.patrons.standing(card).holds
    assert ["hold.unknown"] == codes(world.ops.holds.cancel(hold, reason="again"))


def test_a_released_hold_waits_in_its_old_place(town) -> None:
    """The item is taken from the hold, which is first again."""
    world = town()
    label, _, hold = ready(world)
    world.hold()
    assert ["hold.wrong_state"] == codes(world.ops.holds.suspend(hold))
    assert isinstance(world.ops.holds.release(hold, why="pages missing"), Permit)
    assert "available" == world.state(label)
    assert (1, hold) == (lambda pair: (pair[0], pair[1].id))(world.ops.holds.queue_of(world.bib)[0])


def test_the_pickup_library_changes_also_when_the_item_waits(town) -> None:
    """An item on the hold shelf is sent on to the new pickup library."""
    world = town()
    label, _, hold = ready(world)
    assert ["hold.pickup_not_allowed"] == codes(world.ops.holds.change_pickup(hold, "BUS"))
    changed = world.ops.holds.change_pickup(hold, "EAST").result
    assert ("EAST", HoldState.IN_TRANSIT, "EAST") == (changed.hold.pickup_library, changed.hold.state, changed.send_to)
    assert "EAST" == world.ops.transits.of_item(label).destination
    world.back(label, "EAST")
    assert [hold] == [one.hold_id for one in world.ops.holds.ready_at("EAST")]
    assert stored(world.ops.storage) == rebuilt(log_of(world.ops.storage))


def test_the_pull_list_follows_the_shelf_and_the_policy(town) -> None:
    """One item for each hold, by location and call number; items that only returns may fill are not on it."""
    world = town()
    fiction = world.item(call_number="823 Z", shelving_location="fiction")
    first = world.item(call_number="581 A", shelving_location="nature")
    world.item("EAST")
    other = world.item(bib=world.other_bib, call_number="551 C", shelving_location="nature")
    world.hold()
    world.hold(pickup="EAST")
    world.hold(bib=world.other_bib)
    lines = world.ops.holds.pull_list()
    assert [fiction, other, first] == [line.item.barcode for line in lines]
    assert "Pull for" in lines[0].slip().heading
    assert "&lt;b&gt;" in type(lines[0].slip())("pull", "<b>", ()).html()
    never = town(on_shelf="never")
    never.lend(never.item())
    never.item()
    never.hold()
    assert [] == never.ops.holds.pull_list()


def test_a_book_club_gets_as_many_lines_as_it_asked_for(town) -> None:
    """Twelve copies for a dozen readers: all of them are fetched in one walk."""
    world = town(per_record=None)
    labels = [world.item() for _ in range(12)]
    assert world.ops.holds.place(patron=world.patron(), bib=world.bib, count=12)
    assert labels == [line.item.barcode for line in world.ops.holds.pull_list()]


def test_who_waits_for_any_of_several_hands_on_the_one_that_came(town) -> None:
    """Nobody waits for the first title of the list; the second one came, is given up, and goes to its own queue."""
    world = town()
    label = world.item(bib=world.other_bib)
    world.lend(label)
    world.lend(world.item())
    either = world.hold(any_of=[world.bib, world.other_bib])
    placed = world.ops.holds.place(patron=world.patron(), any_of=[world.bib, world.other_bib])
    assert "Braiding sweetgrass (or one of 1 more)" in str(placed.result)
    assert world.ops.holds.cancel(placed.result.hold.id, reason="bought it")
    follower = world.hold(bib=world.other_bib)
    assert "Ben Okafor" != world.back(label).hold_for
    given_up = world.ops.holds.cancel(either, reason="bought it").result
    assert ("The sea around us", [follower]) == (given_up.title, [one.hold_id for one in world.ops.holds.ready_at()])


def test_receipts_say_what_holds_now(town) -> None:
    """A suspension with its end, a recall with the date it set, a transit that was called off."""
    world = town(more={"recall_policies": {"standard": {}}, "fallback": {"recall": "standard"}})
    world.lend(world.item())
    placed = world.ops.holds.place(patron=world.patron(), bib=world.bib, recall=True).result
    assert "Recalled:      the loan that ends first is now due" in str(placed)
    until = datetime(2026, 3, 10, 11, tzinfo=UTC)
    assert "Suspended:      until Tue 2026-03-10 12:00" in str(
        world.ops.holds.suspend(placed.hold.id, until=until).result
    )
    assert "Suspended:      until it is resumed" in str(world.ops.holds.suspend(placed.hold.id).result)
    assert "Suspended" not in str(world.ops.holds.resume(placed.hold.id).result)
    other = world.item(bib=world.other_bib)
    assert str(world.ops.transits.send(other, "EAST").result).startswith("To EAST")
    called_off = str(world.ops.transits.cancel(other, why="the van is broken").result)
    assert called_off.startswith("Called off: the way to EAST")
