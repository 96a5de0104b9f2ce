"""A stocktake finds what is wrong on the shelves, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from libops.base.ids import ItemId, LibraryCode
from libops.classification import KeyRange
from libops.inventory.decide import ReckonFacts, reckon
from libops.inventory.model import (
    ALARMS,
    ExpectedItem,
    FindingKind,
    OrderCheck,
    RepeatedScan,
    ShelfMovement,
    ShelfStatus,
    Stocktake,
    StocktakeRange,
    StocktakeScan,
    StocktakeState,
    StocktakeTerms,
)
from libops.testing.strategies.inventory import OPENED, seeded_stocktakes, shelf_item, walks

EVENING = OPENED + timedelta(hours=12)
SHELF = [shelf_item(number) for number in range(1, 13)]


def session(*, state=StocktakeState.CLOSED, location="STACKS", keys=None, listed=False, **terms):
    return Stocktake(
        id="ST-2026-03",
        name="Stacks, spring",
        range=StocktakeRange(library=LibraryCode("MAIN"), location=location, keys=keys, listed=listed),
        terms=StocktakeTerms(**terms),
        expected=len(SHELF),
        state=state,
        opened_at=OPENED,
        opened_by="staff-7",
    )


def count(barcodes, *, expected=None, others=(), movements=(), at=EVENING, device="wand-1", scanned_at=None, **options):
    """The result of one run along the shelf; `scanned_at` is the location that the scans name."""
    rows = [ExpectedItem(session_id="ST-2026-03", item=item) for item in (SHELF if expected is None else expected)]
    scans = [evolve(scan, location=scanned_at) for scan in walks([(device, barcodes)])]
    return reckon(ReckonFacts(session(**options), rows, scans, others, movements), at=at)


def barcodes(items):
    return [item.barcode for item in items]


def alarms(result):
    return {(finding.kind, finding.text) for finding in result.alarms}


@given(seeded_stocktakes())
def test_seeded_errors_are_all_found_and_nothing_else(counted):
    """Every error put on the shelf is found, and no other, from two devices and runs in any order."""
    result = reckon(counted.facts, at=EVENING)
    found = {kind: {finding.text for finding in result.of(kind)} for kind in ALARMS}
    assert counted.seeded == {kind: texts for kind, texts in found.items() if texts}
    assert counted.away == set(result.away)
    assert counted.moved == set(result.moved)


@given(seeded_stocktakes())
def test_every_expected_item_is_in_one_group(counted):
    """Found, not yet seen, away, moved, missing or flagged: each expected item is counted exactly once."""
    result = reckon(counted.facts, at=EVENING)
    groups = (result.found, result.pending, result.away, result.moved, result.missing, result.flagged)
    everyone = [item_id for group in groups for item_id in group]
    assert sorted(row.item.item_id for row in counted.facts.expected) == sorted(everyone)


@given(seeded_stocktakes(), st.data())
def test_the_order_in_which_scans_arrive_does_not_matter(counted, data):
    """Offline batches come late and mixed: the result depends on what was scanned where, not on when it came in."""
    shuffled = data.draw(st.permutations(counted.facts.scans))
    straight = reckon(counted.facts, at=EVENING)
    assert straight == reckon(evolve(counted.facts, scans=shuffled), at=EVENING)


@given(seeded_stocktakes(), st.data())
def test_runs_may_be_walked_in_any_order_by_any_device(counted, data):
    """Whoever scans which stretch first, from whichever end of the room: the result is the same."""
    order = data.draw(st.permutations(counted.walks))
    carried = [(f"wand-{data.draw(st.integers(1, 3))}", run) for run in order]
    again = reckon(evolve(counted.facts, scans=walks(carried)), at=EVENING)
    assert reckon(counted.facts, at=EVENING).fingerprint == again.fingerprint


@given(seeded_stocktakes(), st.data())
def test_scanning_a_stretch_again_changes_nothing(counted, data):
    """A second bearer, or a first one who lost the thread, scans some stretches again: the result stays."""
    again = [("wand-1", run) for run in counted.walks]
    for _ in range(data.draw(st.integers(1, 3))):
        run = data.draw(st.sampled_from(counted.walks))
        start = data.draw(st.integers(0, len(run) - 4))
        stretch = run[start : start + data.draw(st.integers(4, len(run)))]
        again.insert(data.draw(st.integers(0, len(again))), ("wand-2", stretch))
    second = reckon(evolve(counted.facts, scans=walks(again)), at=EVENING)
    assert reckon(counted.facts, at=EVENING).fingerprint == second.fingerprint


@settings(max_examples=40)
@given(seeded_stocktakes(state=StocktakeState.COUNTING), st.data())
def test_a_live_result_calls_nothing_missing(counted, data):
    """While counting goes on an item not scanned is not yet seen; nobody goes looking for it."""
    so_far = counted.facts.scans[: data.draw(st.integers(0, len(counted.facts.scans)))]
    result = reckon(evolve(counted.facts, scans=so_far), at=EVENING)
    assert () == result.missing
    assert not result.final
    assert not result.of(FindingKind.MISSING)


def test_a_shelf_in_order_is_found_whole():
    """Nothing wrong: everything is found and there are no findings."""
    result = count(barcodes(SHELF))
    assert tuple(item.item_id for item in SHELF) == result.found
    assert () == result.findings


def test_a_misplaced_item_is_told_between_which_two_it_belongs():
    """The sixth volume stands after the ninth: it goes between the fifth and the seventh."""
    line = barcodes(SHELF)
    line.insert(8, line.pop(5))
    (finding,) = count(line).findings
    assert FindingKind.MISPLACED is finding.kind
    assert SHELF[5] == finding.item
    assert (SHELF[4], SHELF[6]) == (finding.neighbors.after, finding.neighbors.before)
    assert "between 500.0005 and 500.0007" == str(finding.neighbors)


def test_an_item_on_another_devices_shelf_is_misplaced():
    """A volume of the first bay stands at the end of the last bay, where it is in order with nothing after it."""
    line = barcodes(SHELF)
    first, last = [*line[:3], *line[4:6]], [*line[6:], line[3]]
    rows = [ExpectedItem(session_id="ST-2026-03", item=item) for item in SHELF]
    scans = walks([("wand-2", last), ("wand-1", first)])
    result = reckon(ReckonFacts(session(), rows, scans), at=EVENING)
    assert {(FindingKind.MISPLACED, line[3])} == alarms(result)


def test_an_item_of_the_location_beyond_the_range_is_misplaced():
    """Counting 500.0001 to 500.0012, a volume of the 700s stands among them: it belongs after all of them."""
    stray = evolve(shelf_item(77), call_number="720.9", sort_key="720.9")
    line = [*barcodes(SHELF), stray.barcode]
    result = count(line, others=[stray], keys=KeyRange("500", "600"))
    (finding,) = result.findings
    assert (FindingKind.MISPLACED, stray.barcode) == (finding.kind, finding.text)
    assert (SHELF[-1], None) == (finding.neighbors.after, finding.neighbors.before)


def test_copies_may_stand_in_any_order():
    """Two copies have one call number: their order among themselves is nobody's fault."""
    copies = [evolve(shelf_item(number), sort_key="500.0001") for number in (1, 2, 3)]
    assert () == count(barcodes(reversed(copies)), expected=copies).findings


def test_an_item_of_another_library_is_in_the_wrong_location():
    """A book of the Westside library was shelved here."""
    stray = evolve(shelf_item(500), library=LibraryCode("WEST"))
    (finding,) = count([*barcodes(SHELF), stray.barcode], others=[stray]).findings
    assert (FindingKind.WRONG_LOCATION, "STACKS", "WEST") == (finding.kind, finding.location, finding.item.library)


def test_a_device_set_to_a_location_finds_strays_in_a_whole_library():
    """Where a whole library is counted, only the device knows at which shelves it stands."""
    rows = [ExpectedItem(session_id="ST-2026-03", item=item) for item in SHELF]
    scan = StocktakeScan("ST-2026-03", "wand-1", 1, SHELF[0].barcode, OPENED, "bay 1", "CHILDREN")
    result = reckon(ReckonFacts(session(location=None), rows[:1], [scan]), at=EVENING)
    assert {(FindingKind.WRONG_LOCATION, SHELF[0].barcode)} == alarms(result)
    assert "CHILDREN" == result.findings[0].location


def test_a_stray_in_a_whole_library_belongs_among_its_own():
    """Where all locations are counted at once, a children's book in the stacks goes between two children's books."""
    children = [shelf_item(number, location="CHILDREN") for number in range(101, 107)]
    line = barcodes([*SHELF[:6], children[2], *SHELF[6:]])
    rows = [ExpectedItem(session_id="ST-2026-03", item=item) for item in [*SHELF, *children]]
    scans = walks([("wand-1", line), ("wand-2", barcodes([*children[:2], *children[3:]]))])
    result = reckon(ReckonFacts(session(location=None), rows, scans), at=EVENING)
    (finding,) = result.findings
    assert (FindingKind.MISPLACED, children[2]) == (finding.kind, finding.item)
    assert (children[1], children[3]) == (finding.neighbors.after, finding.neighbors.before)


@pytest.mark.parametrize("status", [status for status in ShelfStatus if not status.on_shelf])
def test_an_item_that_should_not_be_here_is_noticed(status):
    """On loan, withdrawn, missing, in transit: any item whose record says it is elsewhere, standing on the shelf."""
    expected = [*SHELF[:5], evolve(SHELF[5], status=status), *SHELF[6:]]
    (finding,) = count(barcodes(SHELF), expected=expected).findings
    assert (FindingKind.WRONG_STATUS, status) == (finding.kind, finding.status)


def test_an_item_scanned_while_on_loan_and_checked_in_later_is_in_order():
    """It was reshelved before its check-in reached the system: by the end of the session nothing is wrong."""
    expected = [evolve(SHELF[0], status=ShelfStatus.ON_LOAN), *SHELF[1:]]
    returned = ShelfMovement(SHELF[0].item_id, OPENED + timedelta(hours=8), ShelfStatus.AVAILABLE)
    assert () == count(barcodes(SHELF), expected=expected, movements=[returned]).findings


def test_an_item_lent_twice_while_counting_is_no_alarm():
    """Lent, returned, scanned, lent again: circulation explains all of it."""
    hours = (ShelfStatus.ON_LOAN, ShelfStatus.AVAILABLE, ShelfStatus.ON_LOAN)
    moves = [
        ShelfMovement(SHELF[3].item_id, OPENED + timedelta(minutes=minutes), status)
        for minutes, status in zip((5, 20, 300), hours, strict=True)
    ]
    assert () == count(barcodes(SHELF), movements=moves).findings


def test_the_tolerance_forgives_a_device_clock():
    """Lent three minutes before its scan, says the device's clock: within five minutes, the last instant
    included, nobody is alarmed."""
    lent = ShelfMovement(SHELF[0].item_id, OPENED + timedelta(minutes=57), ShelfStatus.ON_LOAN)
    strict = count(barcodes(SHELF), movements=[lent])
    assert {(FindingKind.WRONG_STATUS, SHELF[0].barcode)} == alarms(strict)
    assert () == count(barcodes(SHELF), movements=[lent], clock_tolerance=5).findings
    earlier = evolve(lent, at=walks([("wand-1", barcodes(SHELF))])[0].at - timedelta(minutes=5))
    assert () == count(barcodes(SHELF), movements=[earlier], clock_tolerance=5).findings
    assert alarms(strict) == alarms(count(barcodes(SHELF), movements=[earlier], clock_tolerance=4))


def test_an_item_moved_to_another_location_while_counting_is_not_missing():
    """The children's desk took it for a display after the session was opened."""
    taken = ShelfMovement(SHELF[2].item_id, OPENED + timedelta(minutes=5), ShelfStatus.AVAILABLE, "DISPLAY")
    result = count(barcodes([*SHELF[:2], *SHELF[3:]]), movements=[taken])
    assert () == result.alarms
    assert (SHELF[2].item_id,) == result.moved


def test_two_reads_of_one_beep_are_one():
    """A barcode read twice in a row is the scanner's stutter."""
    line = barcodes(SHELF)
    assert () == count([line[0], line[0], *line[1:]]).findings


def test_a_shelf_scanned_twice_is_no_duplicate():
    """The device was interrupted and its bearer starts again three books back."""
    line = barcodes(SHELF)
    assert () == count([*line[:7], *line[4:]]).findings


def test_one_barcode_at_two_places_is_a_duplicate():
    """The third volume's barcode is read again among the last ones: two things carry it."""
    line = barcodes(SHELF)
    (finding,) = count([*line[:10], line[2], *line[10:]]).findings
    assert (FindingKind.DUPLICATE_BARCODE, line[2]) == (finding.kind, finding.text)
    assert (3, 11) == (finding.seen.number, finding.also_seen.number)


def test_where_the_last_scan_counts_an_item_put_right_is_right():
    """The third volume stood at the end, was carried back and scanned again in its place."""
    line = barcodes(SHELF)
    first = [*line[:2], *line[3:], line[2]]
    rows = [ExpectedItem(session_id="ST-2026-03", item=item) for item in SHELF]
    put_right = walks([("wand-1", first), ("wand-1", line[:4])])
    terms = {"repeated_scan": RepeatedScan.LAST_COUNTS}
    assert {(FindingKind.MISPLACED, line[2])} == alarms(count(first, **terms))
    assert () == reckon(ReckonFacts(session(**terms), rows, put_right), at=EVENING).findings


def test_a_shelf_scanned_again_inside_a_longer_run_changes_nothing():
    """A second bearer counts four volumes in the middle of a bay that was counted already."""
    line = barcodes(SHELF)
    rows = [ExpectedItem(session_id="ST-2026-03", item=item) for item in SHELF]
    scans = walks([("wand-2", line[4:8]), ("wand-1", line)])
    assert () == reckon(ReckonFacts(session(), rows, scans), at=EVENING).findings


def test_two_records_of_one_barcode_are_a_duplicate_and_neither_is_missing():
    """Migrated records may share a barcode: both are named."""
    twin = evolve(SHELF[4], item_id=ItemId("I-99999"), title="Star Atlas")
    result = count(barcodes(SHELF), expected=[*SHELF, twin])
    assert {(FindingKind.DUPLICATE_BARCODE, twin.barcode)} == alarms(result)
    assert {SHELF[4].item_id, twin.item_id} == set(result.flagged)
    assert () == result.missing


def test_an_unknown_barcode_is_reported_once():
    """No record has it, however often it was read."""
    result = count([*barcodes(SHELF), "49999999999999", SHELF[11].barcode, "49999999999999"])
    assert [(FindingKind.UNKNOWN, "49999999999999")] == [(one.kind, one.text) for one in result.findings]


def test_an_item_is_found_by_its_tag():
    """A wand reads the tag's identity where the desk reads the barcode."""
    tagged = [evolve(item, tag=f"E0040150{at:08d}") for at, item in enumerate(SHELF)]
    result = count([item.tag for item in tagged], expected=tagged)
    assert len(SHELF) == len(result.found)
    assert () == result.findings


def test_a_tag_that_carries_the_barcode_is_one_item_with_it():
    """ISO 28560: the primary item identifier on a tag is mostly the barcode; that makes no second record."""
    tagged = [evolve(item, tag=item.barcode) for item in SHELF]
    result = count(barcodes(tagged), expected=tagged)
    assert (len(SHELF), ()) == (len(result.found), result.findings)


def test_an_item_added_since_the_start_is_unexpected_but_no_alarm():
    """It was made shelf-ready during the session and belongs exactly here."""
    new = shelf_item(13)
    result = count([*barcodes(SHELF), new.barcode], others=[new])
    assert () == result.alarms
    assert [FindingKind.UNEXPECTED] == [finding.kind for finding in result.findings]


def test_a_list_of_items_is_counted_wherever_they_stand():
    """Counting a list, in any order, says which of it is there; another item scanned is only unexpected."""
    listed, other = SHELF[:3], SHELF[7]
    result = count(
        barcodes([other, *reversed(listed[:2])]), expected=listed, others=[other], location=None, listed=True
    )
    kinds = {(finding.kind, finding.item.item_id) for finding in result.findings}
    assert {(FindingKind.MISSING, listed[2].item_id), (FindingKind.UNEXPECTED, other.item_id)} == kinds


@pytest.mark.parametrize(
    ("location", "kinds"), [(None, []), ("OVERSIZE", []), ("STACKS", [FindingKind.WRONG_LOCATION])]
)
def test_a_listed_item_of_another_library_is_where_it_belongs(location, kinds):
    """A list is counted wherever its items stand (`StocktakeRange`); only a shelf that is named can be wrong."""
    away = evolve(SHELF[0], library=LibraryCode("EAST"), location="OVERSIZE")
    result = count([away.barcode], expected=[away], listed=True, scanned_at=location)
    assert kinds == [finding.kind for finding in result.findings]


def test_bulk_reads_say_nothing_about_order():
    """An RFID wand reads a bay at once: everything is found, nothing is misplaced or doubled."""
    line = barcodes(SHELF)
    bulk = [line[5], line[0], line[9], line[5], *line[1:5], *line[6:9], line[0], *line[10:]]
    assert () == count(bulk, order_check=OrderCheck.OFF).findings


def test_a_long_pause_starts_a_new_run():
    """The bearer walked to another bay without telling the device: the pause tells it."""
    line = barcodes(SHELF)
    far, near = walks([("wand-1", line[6:])]), walks([("wand-1", line[:6])])
    later = [evolve(s, number=s.number + 6, at=s.at + timedelta(minutes=30), run="run 0") for s in near]
    rows = [ExpectedItem(session_id="ST-2026-03", item=item) for item in SHELF]
    one_run = reckon(ReckonFacts(session(), rows, [*far, *later]), at=EVENING)
    two_runs = reckon(ReckonFacts(session(new_run_after=600), rows, [*far, *later]), at=EVENING)
    assert 6 == len(one_run.of(FindingKind.MISPLACED))
    assert () == two_runs.findings


def test_a_missing_item_is_told_where_to_look():
    """Its neighbors on the shelf say where it should stand."""
    (finding,) = count(barcodes([*SHELF[:4], *SHELF[5:]])).findings
    assert (FindingKind.MISSING, "between 500.0004 and 500.0006") == (finding.kind, str(finding.neighbors))


def test_nothing_scanned_leaves_all_missing():
    """A session closed without a scan: everything that should stand here is missing."""
    result = count([])
    assert len(SHELF) == len(result.missing)
