"""A stocktake's life: opened, counted by several devices, interrupted, closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from libops.base.decisions import Override, Permit, Refuse
from libops.base.errors import InvalidValue, NotFound
from libops.base.ids import LibraryCode
from libops.classification import KeyRange
from libops.inventory.changes import CHANGES
from libops.inventory.decide import (
    OpenStocktakeFacts,
    ScanBatchFacts,
    UndoFacts,
    accept_stocktake,
    cancel_stocktake,
    close_counting,
    open_stocktake,
    reckon,
    record_scans,
    reopen_counting,
    undo_stocktake,
)
from libops.inventory.events import CountingClosed, ScansRecorded
from libops.inventory.model import (
    ALARMS,
    STOCKTAKE_TRANSITIONS,
    Correction,
    ExpectedItem,
    LateScans,
    ShelfStatus,
    Stocktake,
    StocktakeAct,
    StocktakeDevice,
    StocktakeRange,
    StocktakeScan,
    StocktakeState,
    StocktakeTerms,
)
from libops.inventory.policy import CorrectionTerms
from libops.testing.strategies.inventory import (
    OPENED,
    SESSION,
    SeededError,
    count_shelf,
    seeded_stocktakes,
    shelf_item,
    walks,
)

EVENING = OPENED + timedelta(hours=12)
MAIN = LibraryCode("MAIN")
STACKS = StocktakeRange(library=MAIN, location="STACKS")
SHELF = [shelf_item(number) for number in range(1, 13)]
WHO = {"at": EVENING, "by": "staff-7"}
SEE_ALL = CorrectionTerms(missing_share=None)


def codes(decision):
    return [reason.code for reason in decision.reasons]


def test_opening_freezes_the_list_of_expected_items(new_store):
    """Items on loan are on the list too, with the status of that morning; the session only keeps the number."""
    store = new_store()
    items = [evolve(SHELF[0], status=ShelfStatus.ON_LOAN), *SHELF[1:]]
    store.open_session(items)
    session = store.get(Stocktake, SESSION)
    assert (12, StocktakeState.COUNTING) == (session.expected, session.state)
    assert items == [row.item for row in store.all(ExpectedItem)]


def test_a_long_list_is_told_in_parts():
    """Ten thousand items come as events of 500, so that no event is too large to read back."""
    items = [shelf_item(number) for number in range(2100)]
    plan = open_stocktake(
        OpenStocktakeFacts(range=STACKS, items=items), session_id=SESSION, name="Stacks", at=OPENED, by="staff-7"
    ).result
    assert [500, 500, 500, 500, 100] == [len(event.rows) for event in plan.events[1:]]


def test_an_empty_range_has_to_be_confirmed():
    """Nothing belongs there: perhaps the location was mistyped."""
    facts = OpenStocktakeFacts(range=STACKS, items=())
    asked = {"session_id": SESSION, "name": "Stacks", "at": OPENED, "by": "staff-7"}
    assert ["stocktake.nothing_expected"] == codes(open_stocktake(facts, **asked))
    sure = Override(["stocktake.nothing_expected"], "staff-7", "a new bay, still empty")
    assert open_stocktake(facts, override=sure, **asked)


def test_two_sessions_over_the_same_shelves_have_to_be_confirmed(new_store):
    """Another session counts 500 to 599 of the same location."""
    store = new_store()
    store.open_session(SHELF)
    other = evolve(store.get(Stocktake, SESSION), range=evolve(STACKS, keys=KeyRange("500", "600")))
    facts = OpenStocktakeFacts(range=STACKS, items=SHELF, open_sessions=[other], same_id=other)
    decision = open_stocktake(facts, session_id=SESSION, name="Stacks", at=OPENED, by="staff-7", explain=True)
    assert ["stocktake.exists", "stocktake.overlaps"] == codes(decision)
    assert 5 == len(decision.trace.checks)
    elsewhere = evolve(other, range=evolve(STACKS, location="CHILDREN"))
    assert open_stocktake(evolve(facts, open_sessions=[elsewhere], same_id=None), session_id="ST-2", name="May", **WHO)


def test_items_outside_the_range_are_no_part_of_it():
    """The list handed in must be the range's own."""
    stray = shelf_item(900, location="CHILDREN")
    decision = open_stocktake(
        OpenStocktakeFacts(range=STACKS, items=[stray]), session_id=SESSION, name="Spring", at=OPENED, by="staff-7"
    )
    assert ["stocktake.item_outside_range"] == codes(decision)


def test_items_that_nobody_can_scan_are_said_beforehand():
    """Without barcode and tag they will come out as missing."""
    bare = evolve(SHELF[0], barcode=None)
    decision = open_stocktake(
        OpenStocktakeFacts(range=STACKS, items=[bare]), session_id=SESSION, name="Spring", at=OPENED, by="staff-7"
    )
    assert ["stocktake.items_without_barcode"] == [alert.code for alert in decision.alerts]


@settings(max_examples=40)
@given(seeded_stocktakes(), st.data())
def test_an_interrupted_count_gives_the_same_result(new_store, counted, data):
    """Both devices crash, upload in pieces and upload again what they are not sure of: nothing is lost or doubled."""
    store = new_store()
    store.open_session([row.item for row in counted.facts.expected])
    for device in sorted({scan.device for scan in counted.facts.scans}):
        scans = [scan for scan in counted.facts.scans if scan.device == device]
        start = 0
        while start < len(scans):
            end = start + data.draw(st.integers(1, len(scans)))
            store.upload(scans[max(0, start - data.draw(st.integers(0, 5))) : end])
            start = end
        mark = store.get(StocktakeDevice, f"{SESSION}:{device}")
        last = max(scans, key=lambda scan: scan.number)
        assert StocktakeDevice(SESSION, device, len(scans), last.number, last.at) == mark
    store.write(close_counting(store.get(Stocktake, SESSION), **WHO).result.events)
    resumed = reckon(store.facts_of(others=counted.facts.others, movements=counted.facts.movements), at=EVENING)
    assert reckon(counted.facts, at=EVENING).fingerprint == resumed.fingerprint


def test_every_kind_of_error_at_once_is_found_by_two_devices(new_store):
    """A long shelf with each kind of error twice, two bearers from both ends, one of them interrupted by a crash."""
    from_both_ends = [9, 0, 8, 1, 7, 2, 6, 3, 5, 4]
    counted = count_shelf(
        [*SeededError, *SeededError], cuts=range(2, 27, 3), order=from_both_ends, devices=(1, 2), overlaps=[2] * 9
    )
    store = new_store()
    store.open_session([row.item for row in counted.facts.expected])
    first, second = ([scan for scan in counted.facts.scans if scan.device == name] for name in ("wand-1", "wand-2"))
    store.upload(first[:50])
    store.upload(second)
    store.upload(first[30:])
    store.write(close_counting(store.get(Stocktake, SESSION), **WHO).result.events)
    result = reckon(store.facts_of(others=counted.facts.others, movements=counted.facts.movements), at=EVENING)
    found = {kind: {finding.text for finding in result.of(kind)} for kind in ALARMS}
    assert counted.seeded == found
    assert (counted.away, counted.moved) == (set(result.away), set(result.moved))


def test_a_batch_handed_in_again_writes_nothing(new_store):
    """The device did not hear that its upload arrived."""
    store = new_store()
    store.open_session(SHELF)
    scans = walks([("wand-1", [item.barcode for item in SHELF])])
    store.upload(scans)
    assert () == store.upload(scans).result.events


def test_two_devices_of_one_name_are_noticed(new_store):
    """Under number 1 another barcode is on record: one of the devices must be renamed, and nothing is written."""
    store = new_store()
    store.open_session(SHELF)
    store.upload(walks([("wand-1", [SHELF[0].barcode])]))
    decision = store.upload(walks([("wand-1", [SHELF[5].barcode, SHELF[6].barcode])]))
    assert ["scan.number_reused"] == codes(decision)
    assert (1,) == decision.reasons[0].data["numbers"]
    assert 1 == len(store.all(StocktakeScan))


def test_scans_of_another_session_are_refused(new_store):
    """The wand still held last year's session."""
    store = new_store()
    store.open_session(SHELF)
    decision = store.upload(walks([("wand-1", [SHELF[0].barcode])], session="ST-2025"))
    assert ["scan.of_another_batch"] == codes(decision)


def test_the_clock_of_a_device_is_put_right(new_store):
    """A wand an hour ahead says 13:00 when it is 12:00: its scans are shifted by that hour."""
    store = new_store()
    store.open_session(SHELF)
    scans = walks([("wand-1", [SHELF[0].barcode])])
    store.upload(scans, device_time=EVENING + timedelta(hours=1))
    assert [scans[0].at - timedelta(hours=1)] == [scan.at for scan in store.all(StocktakeScan)]


def test_a_wrong_clock_is_said(new_store):
    """Scans from before the session and from the future point to a wrong clock; they count all the same."""
    store = new_store()
    store.open_session(SHELF)
    one, two = walks([("wand-1", [SHELF[0].barcode, SHELF[1].barcode])])
    early = evolve(one, at=OPENED - timedelta(days=3))
    decision = store.upload([early, evolve(two, at=EVENING + timedelta(hours=2))])
    assert ["scan.before_opening", "scan.clock_ahead"] == [alert.code for alert in decision.alerts]
    assert 2 == len(store.all(StocktakeScan))


def test_a_clock_two_minutes_ahead_is_not_wrong(new_store):
    """No two clocks show the same second: the desk is told from the first second beyond two minutes on."""
    store = new_store()
    store.open_session(SHELF)
    one, two = walks([("wand-1", [SHELF[0].barcode, SHELF[1].barcode])])
    assert () == store.upload([evolve(one, at=EVENING + timedelta(minutes=2))]).alerts
    (alert,) = store.upload([evolve(two, at=EVENING + timedelta(minutes=2, seconds=1))]).alerts
    assert "scan.clock_ahead" == alert.code


@pytest.mark.parametrize(("late", "expected"), [(LateScans.TAKE, []), (LateScans.REFUSE, ["stocktake.late_scans"])])
def test_scans_that_come_after_closing_are_the_librarys_choice(new_store, late, expected):
    """A wand was forgotten in the cellar and is docked the next morning."""
    store = new_store().counted_shelf(terms=StocktakeTerms(late_scans=late))
    decision = store.upload(walks([("wand-9", [SHELF[0].barcode])]))
    assert expected == (codes(decision) if isinstance(decision, Refuse) else [])


def test_scans_after_acceptance_are_refused(new_store):
    """The result is signed."""
    store = new_store().counted_shelf()
    session = evolve(store.get(Stocktake, SESSION), state=StocktakeState.ACCEPTED)
    decision = record_scans(ScanBatchFacts(session=session), device="wand-1", scans=(), **WHO)
    assert ["stocktake.wrong_state"] == codes(decision)


@pytest.mark.parametrize("state", StocktakeState)
@pytest.mark.parametrize("act", StocktakeAct)
def test_only_legal_acts_are_permitted(new_store, state, act):
    """The table of transitions is what the decisions keep to, and where they lead."""
    store = new_store().counted_shelf()
    session = evolve(store.get(Stocktake, SESSION), state=state)
    facts = evolve(store.facts_of(), session=session)
    store.records[(Stocktake, SESSION)] = session
    acts = {
        StocktakeAct.SCAN: lambda: record_scans(
            ScanBatchFacts(session=session), device="w", scans=walks([("w", ["49999999999999"])]), **WHO
        ),
        StocktakeAct.CLOSE: lambda: close_counting(session, **WHO),
        StocktakeAct.REOPEN: lambda: reopen_counting(session, **WHO),
        StocktakeAct.CANCEL: lambda: cancel_stocktake(session, why="wrong range", **WHO),
        StocktakeAct.ACCEPT: lambda: accept_stocktake(
            facts, reviewed=reckon(facts, at=EVENING).fingerprint, corrections=(), **WHO
        ),
        StocktakeAct.UNDO: lambda: undo_stocktake(
            UndoFacts(session=session, corrections=(), items={}), why="counted the wrong bay", **WHO
        ),
    }
    decision = acts[act]()
    after = STOCKTAKE_TRANSITIONS[state].get(act)
    assert (after is not None) == isinstance(decision, Permit)
    if isinstance(decision, Permit):
        store.write(decision.result.events)
        assert after is store.get(Stocktake, SESSION).state


def test_giving_up_and_taking_back_need_a_reason(new_store):
    """Who reads the log next year wants to know why."""
    store = new_store().counted_shelf()
    session = store.get(Stocktake, SESSION)
    assert ["stocktake.why_missing"] == codes(cancel_stocktake(session, why=" ", **WHO))
    accepted = evolve(session, state=StocktakeState.ACCEPTED)
    undo = undo_stocktake(UndoFacts(session=accepted, corrections=(), items={}), why="", **WHO)
    assert ["stocktake.why_missing"] == codes(undo)


def test_nothing_is_corrected_before_the_result_is_accepted(new_store):
    """Counting and closing make sessions and scans, never a correction."""
    assert () == new_store().counted_shelf(scanned=SHELF[:9]).all(Correction)


def test_a_scan_is_written_alone(new_store):
    """One more scan touches its own record and its device's mark: a long session is no slower than a short one."""
    store = new_store()
    store.open_session(SHELF)
    decision = store.upload(walks([("wand-1", [SHELF[0].barcode])]))
    (event,) = decision.result.events
    assert [StocktakeScan, StocktakeDevice] == [type(change.record) for change in CHANGES[ScansRecorded](event, store)]


def test_a_session_must_be_opened_before_it_is_closed(new_store):
    """A log without its beginning is no log."""
    with pytest.raises(NotFound, match=SESSION):
        new_store().write([CountingClosed(at=EVENING, by="staff-7", session_id=SESSION)])


def test_scan_numbers_count_from_one():
    """Zero is a device that has not scanned."""
    with pytest.raises(InvalidValue, match="0"):
        StocktakeScan(SESSION, "wand-1", 0, "31234000000013", OPENED)


@pytest.mark.parametrize("terms", [{"clock_tolerance": -1}, {"new_run_after": 0}])
def test_terms_that_cannot_be_are_refused(terms):
    """No negative minutes, no pause of nothing."""
    with pytest.raises(InvalidValue):
        StocktakeTerms(**terms)
