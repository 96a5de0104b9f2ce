"""Weeding, displays, rotations and processing at the desk: what they decide is what the items' records say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

import libops
from libops.base.decisions import Override
from libops.desk.settings.loading import default_settings
from libops.inventory import Disposal, WeedingState, WithdrawalStep
from libops.processing import PreparationState
from libops.storage.rebuild import log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import ITEMS, PATRONS, sample_library

ADA = PATRONS[0][0]
OLD, OTHER, NEW = ITEMS[0][0], ITEMS[2][0], ITEMS[1][0]
TOWN = default_settings().canonical()
TOWN["libraries"] |= {code: {"name": f"{code.title()} branch", "calendar": "main"} for code in ("EAST", "WEST")}
SETTINGS = TOWN | {
    "processing": {"accession": {"pattern": "{year}-{serial:04}", "yearly": True}},
    "inventory": {
        "weeding": {"rules": [{"name": "music", "call_numbers": "780-789", "unused": 3}], "last_copy": "system"}
    },
}


@pytest.fixture(params=["memory", "sqlite"])
def ops(request, tmp_path):
    """A town library that processes and weeds, on the 3rd of March 2026."""
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/town.db"
    clock = FrozenClock(datetime(2026, 3, 3, 10, tzinfo=UTC))
    with libops.open(url, settings=SETTINGS, clock=clock, ids=CountingIds()) as opened:
        sample_library(opened)
        for barcode, _ in ITEMS:
            assert opened.items.change(barcode, call_number_scheme="ddc", shelving_location="music")
        yield opened
        assert stored(opened.storage) == rebuilt(log_of(opened.storage))


def codes(answer):
    return [reason.code for reason in answer.reasons]


def test_an_item_is_weeded_in_steps_and_can_come_back_until_it_is_gone(ops) -> None:
    """Named by the table, proposed, withdrawn, suppressed, reinstated; then withdrawn again and sold."""
    shelves = ops.inventory
    assert ops.items.change(OLD, acquired=date(2019, 5, 2))
    (candidate,) = shelves.candidates(location="music")
    assert (OLD, "music", False) == (candidate.subject.item.barcode, candidate.rule, candidate.guarded)
    assert shelves.propose_weeding(OLD, by="ruth")
    assert () == shelves.candidates(location="music")
    assert ["weeding.why_missing"] == codes(shelves.withdraw_item(OLD, why=" ", by="ruth"))
    assert shelves.withdraw_item(OLD, why="worn", by="ruth")
    assert ops.items.get(OLD).withdrawn
    assert ["item.withdrawn"] == codes(ops.circulation.check_out(patron=ADA, item=OLD))
    assert shelves.complete_step(OLD, step=WithdrawalStep.RECORD_SUPPRESSED)
    assert ops.items.get(OLD).suppressed
    assert shelves.reinstate_item(OLD, why="a patron asked for it")
    assert (False, False) == (ops.items.get(OLD).withdrawn, ops.items.get(OLD).suppressed)
    sure = Override(["weeding.kept_lately"], "ruth", "it fell apart")
    assert shelves.propose_weeding(OLD, why="it fell apart", override=sure)
    assert shelves.withdraw_item(OLD, why="it fell apart")
    for step in (WithdrawalStep.LABEL_REMOVED, WithdrawalStep.RECORD_SUPPRESSED):
        assert shelves.complete_step(OLD, step=step)
    assert WeedingState.DISPOSED is shelves.dispose_item(OLD, way=Disposal.BOOK_SALE).result.state
    assert ["weeding.wrong_state"] == codes(shelves.reinstate_item(OLD, why="too late"))
    assert "worn" in [entry.why for entry in shelves.weeding_log(OLD)]


def test_what_is_read_at_the_tables_is_used(ops) -> None:
    """Use in the house counts as use: an item that is never lent, and often read, is not named for weeding."""
    assert ops.items.change(OLD, acquired=date(2019, 5, 2))
    assert [OLD] == [one.subject.item.barcode for one in ops.inventory.candidates(location="music")]
    assert ops.in_house.count(item=OLD, uses=2)
    assert () == ops.inventory.candidates(location="music")
    assert 2 == ops.inventory.collection_report([]).total.uses


def test_a_collection_report_counts_the_uses_of_its_own_span(ops) -> None:
    """Since a day: loans that ended before it are left out, and those of more than a year ago are counted."""
    first = ops.clock().date()
    for barcode, days in ((OLD, 300), (OTHER, 100)):
        assert ops.circulation.check_out(patron=ADA, item=barcode)
        assert ops.circulation.check_in(item=barcode)
        ops.clock.forward(days=days)
    sinces = (first, first + timedelta(days=1), first + timedelta(days=301), None)
    totals = [ops.inventory.collection_report([], since=since).total for since in sinces]
    assert [(2, 4), (1, 5), (0, 6), (1, 5)] == [(total.uses, total.unused) for total in totals]


def test_a_protected_item_and_the_last_copy_need_a_right(ops) -> None:
    """Local history stays; the last item of a title stays."""
    shelves = ops.inventory
    for barcode in (OLD, OTHER, ITEMS[4][0]):
        assert shelves.propose_weeding(barcode, why="no room")
    assert shelves.protect(ops.items.get(OLD).id, list_name="local history", why="printed in town")
    assert ["weeding.protected"] == codes(shelves.withdraw_item(OLD, why="no room"))
    assert shelves.withdraw_item(OTHER, why="no room")
    assert shelves.withdraw_item(ITEMS[4][0], why="no room")
    refused = codes(shelves.withdraw_item(OLD, why="no room"))
    assert ["weeding.protected", "weeding.last_copy"] == refused


def test_a_display_lends_a_place_and_gives_it_back(ops) -> None:
    """The items' own records follow; one moved by hand meanwhile keeps its new place."""
    shelves = ops.inventory
    assert shelves.open_display(id="D-1", name="Jazz", location="window", ends=date(2026, 3, 8))
    assert shelves.add_to_display("D-1", [OLD, NEW])
    assert ["window", "window"] == [ops.items.get(barcode).shelving_location for barcode in (OLD, NEW)]
    assert ["placement.taken"] == codes(shelves.add_to_display("D-1", [OLD]))
    assert ops.items.change(NEW, shelving_location="storage")
    ops.clock.forward(days=7)
    assert ["D-1"] == [display.id for display in shelves.end_due_displays()]
    assert ["music", "storage"] == [ops.items.get(barcode).shelving_location for barcode in (OLD, NEW)]


def test_a_rotation_travels_and_comes_home(ops) -> None:
    """Each move puts the items into the next library; at the end each is where it came from."""
    shelves = ops.inventory
    assert shelves.start_rotation([OLD, NEW], id="R-1", name="Large print", stops=["EAST", "WEST"], days=30)
    assert "EAST" == ops.items.get(OLD).holding_library
    assert ["rotation.not_due"] == codes(shelves.move_rotation_on("R-1"))
    ops.clock.forward(days=31)
    assert ["R-1"] == [rotation.id for rotation in shelves.rotations_due()]
    assert shelves.move_rotation_on("R-1")
    assert "WEST" == ops.items.get(NEW).holding_library
    assert shelves.end_rotation("R-1")
    assert ["MAIN", "MAIN"] == [ops.items.get(barcode).holding_library for barcode in (OLD, NEW)]


def test_a_rotating_collection_is_on_its_way_until_it_is_scanned(ops) -> None:
    """Each move sends the items; at its stop a return stays there, elsewhere it is sent after its collection."""
    shelves, ways, desk = ops.inventory, ops.transits, ops.circulation
    assert desk.check_out(patron=ADA, item=OTHER)
    assert shelves.start_rotation([OLD, NEW, OTHER], id="R-1", name="Large print", stops=["EAST", "WEST"], days=30)
    way = ways.of_item(OLD)
    assert ("MAIN", "EAST", "rotation") == (way.source, way.destination, way.reason.value)
    # What is on loan travels when it comes back: Ada returns it at home.
    assert ways.of_item(OTHER) is None
    assert desk.check_in(item=OTHER, library="MAIN")
    assert "EAST" == ways.of_item(OTHER).destination
    assert desk.check_in(item=OLD, library="EAST")
    assert (None, "EAST") == (ways.of_item(OLD), ops.items.get(OLD).holding_library)
    ops.clock.forward(days=31)
    assert shelves.move_rotation_on("R-1")
    # One was scanned at its stop, the other never left the box: both go on from there.
    assert [("EAST", "WEST")] * 2 == [
        (ways.of_item(item).source, ways.of_item(item).destination) for item in (OLD, NEW)
    ]
    assert desk.check_in(item=NEW, library="WEST")
    assert shelves.end_rotation("R-1")
    assert [("WEST", "MAIN")] * 2 == [
        (ways.of_item(item).source, ways.of_item(item).destination) for item in (OLD, NEW)
    ]
    assert desk.check_in(item=NEW, library="MAIN")
    assert (None, "MAIN") == (ways.of_item(NEW), ops.items.get(NEW).holding_library)


def test_an_item_on_its_way_to_a_patron_goes_there_first(ops) -> None:
    """Caught for a hold at another library: the rotation does not turn it round."""
    assert ops.inventory.start_rotation([OLD], id="R-1", name="Large print", stops=["EAST", "WEST"], days=30)
    assert ops.holds.place(patron=ADA, item=OLD, pickup="MAIN")
    assert ops.circulation.check_in(item=OLD, library="EAST")
    assert ("hold", "MAIN") == (ops.transits.of_item(OLD).reason.value, ops.transits.of_item(OLD).destination)
    ops.clock.forward(days=31)
    assert ops.inventory.move_rotation_on("R-1")
    assert ("hold", "MAIN") == (ops.transits.of_item(OLD).reason.value, ops.transits.of_item(OLD).destination)


def test_new_material_is_lent_when_its_steps_are_done(ops) -> None:
    """Received it waits; ready it goes out; numbers are given once, in a row."""
    room = ops.processing
    assert PreparationState.RECEIVED is room.receive(NEW, checklist="book").result.state
    assert ["item.in_processing"] == codes(ops.circulation.check_out(patron=ADA, item=NEW))
    scanned = ops.circulation.check_in(item=NEW)
    assert "return.in_processing" in [alert.code for alert in scanned.alerts], "not shelved"
    assert "2026-0001" == room.give_accession_number(NEW).result.accession_number
    assert "2026-0001" == ops.items.get(NEW).accession_number
    assert ["accession.given_already"] == codes(room.give_accession_number(NEW))
    assert room.receive(OLD, checklist="book")
    assert "2026-0002" == room.give_accession_number(OLD).result.accession_number
    for step in room.policy.checklists["book"].steps:
        if step.required:
            assert all(answer for _, answer in room.do_batch([NEW], step=step.code)), step
    assert PreparationState.READY is room.get(NEW).state
    assert ops.circulation.check_out(patron=ADA, item=NEW)
    assert [ops.items.get(OLD).id] == [one.item_id for one in room.waiting(PreparationState.RECEIVED)]


def test_a_library_without_checklists_is_told_how_to_begin() -> None:
    """No table `processing`: nothing waits for steps, and the room says what is missing."""
    with libops.open() as ops, pytest.raises(libops.LibopsError, match="no table"):
        _ = ops.processing
