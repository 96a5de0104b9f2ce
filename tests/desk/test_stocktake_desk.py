"""A stocktake of the sample library: seeded errors are found, every one and nothing else; accepted, taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest

import libops
from libops.base.decisions import Override
from libops.base.ids import StocktakeId
from libops.inventory import FindingKind, StocktakeScan, StocktakeState
from libops.items.model import Item
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.counting_wand import count_until_done
from libops.testing.fakes import CountingIds, FrozenClock

ADA = "21234000000017"
NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)
SAMPLE = files("libops.cli").joinpath("sample", "catalog.mrc")


def town(url: str, clock: FrozenClock, first_id: int = 1):
    return libops.open(url, clock=clock, ids=CountingIds(first_id))


@pytest.fixture
def shelves(tmp_path):
    """The sample library in a file, and the barcodes of its stacks in shelf order."""
    url, clock = f"sqlite:///{tmp_path}/town.db", FrozenClock(NOW)
    with town(url, clock) as ops:
        with SAMPLE.open("rb") as catalog:
            assert ops.catalog.import_marc(catalog).added > 600
        assert ops.patrons.register(name="Ada Flores", category="adult", card=ADA)
        items = list(every(ops.storage, kind_of(Item)))
    here = [item for item in items if (item.holding_library, item.shelving_location) == ("MAIN", "stacks")]
    here.sort(key=lambda item: (item.shelf_key, item.id))
    children = next(item.barcode for item in items if item.shelving_location == "children")
    return url, clock, [item.barcode for item in here], children


def scans(device: str, run: str, barcodes: list[str], clock: FrozenClock) -> list[StocktakeScan]:
    """What a device reads walking along a shelf, one item a second from now on."""
    return [
        StocktakeScan(StocktakeId("spring"), device, number, text, clock() + timedelta(seconds=number), run)
        for number, text in enumerate(barcodes, 1)
    ]


def test_every_seeded_error_is_found_and_nothing_else(shelves) -> None:
    """Two devices, one broken off and handed in again after a restart; loans and returns go on meanwhile."""
    url, clock, line, stray = shelves
    missing, misplaced, on_loan, withdrawn, back = line[40], line[100], line[150], line[200], line[250]
    lent_meanwhile = line[300]
    with town(url, clock) as ops:
        assert ops.circulation.check_out(patron=ADA, item=on_loan)
        assert ops.circulation.check_out(patron=ADA, item=back)
        assert ops.items.withdraw(withdrawn, override=Override(["item.last_of_title"], "ruth", "worn", ["items.last"]))
        opened = ops.inventory.open_stocktake(id="spring", name="Stacks", location="stacks", by="ruth").result
        assert len(line) == opened.expected
        # Wand 1 walks the first half; one book stands ten places too far to the right, one is a stray.
        walked = [text for text in line[:220] if text not in (missing, misplaced)]
        walked.insert(108, misplaced)
        walked.insert(60, stray)
        walked.insert(20, "31234999999999")
        first = scans("wand-1", "north", walked, clock)
        assert 100 == ops.inventory.record_scans("spring", device="wand-1", scans=first[:100]).result
        # The program stops here, in the middle of the batch.
    clock.forward(minutes=20)
    with town(url, clock, 10**6) as ops:
        assert len(first) - 100 == ops.inventory.record_scans("spring", device="wand-1", scans=first).result
        # A book is lent that nobody has scanned yet; another comes back and is scanned on its shelf after that.
        assert ops.circulation.check_out(patron=ADA, item=lent_meanwhile)
        assert ops.circulation.check_in(item=back)
        clock.forward(minutes=5)
        rest = [text for text in line[220:] if text != lent_meanwhile]
        assert ops.inventory.record_scans("spring", device="wand-2", scans=scans("wand-2", "south", rest, clock))
        assert missing in [finding.text for finding in ops.inventory.result("spring").of(FindingKind.PENDING)]
        clock.forward(minutes=20)
        assert ops.inventory.close_counting("spring", by="ruth")
        result = ops.inventory.result("spring")
        found = {kind: [finding.text for finding in result.of(kind)] for kind in FindingKind if result.of(kind)}
        assert {
            FindingKind.MISSING: [missing],
            FindingKind.MISPLACED: [misplaced],
            FindingKind.WRONG_LOCATION: [stray],
            FindingKind.WRONG_STATUS: sorted([on_loan, withdrawn], key=line.index),
            FindingKind.UNKNOWN: ["31234999999999"],
            FindingKind.MOVED: [lent_meanwhile],
        } == found
        (moved,) = result.of(FindingKind.MISPLACED)
        assert (line[99], line[101]) == (moved.neighbors.after.barcode, moved.neighbors.before.barcode)

        accepted = ops.inventory.accept_stocktake("spring", reviewed=result.fingerprint, by="ruth")
        assert StocktakeState.ACCEPTED is accepted.result.state
        assert NOW < ops.items.get(missing).missing_since
        assert ops.circulation.loan_of(on_loan) is None
        assert ops.items.get(withdrawn).withdrawn
        assert stored(ops.storage) == rebuilt(log_of(ops.storage))

        due = next(event.loan.due for event in log_of(ops.storage) if getattr(event, "loan", None))
        assert ops.inventory.undo_stocktake("spring", why="a shelf was forgotten", by="ruth")
        assert ops.items.get(missing).missing_since is None
        assert due == ops.circulation.loan_of(on_loan).due
        assert StocktakeState.CLOSED is ops.inventory.stocktake("spring").state
        assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_killed_in_the_middle_of_counting_another_program_goes_on(shelves) -> None:
    """The wand's program dies at random moments: no acknowledged scan is lost, none counts twice."""
    url, clock, line, _ = shelves
    walked = [*line[:30], *line[31:90]]
    with town(url, clock) as ops:
        assert ops.inventory.open_stocktake(id="spring", name="Ninety books", items=line[:90])
    clock.forward(minutes=1)
    counted = count_until_done(url, "spring", "wand-1", walked, clock(), seed=11)
    assert counted.kills > 0, "the wand was too fast to be killed"
    clock.forward(days=1)
    with town(url, clock, 10**6) as ops:
        there = list(every(ops.storage, kind_of(StocktakeScan)))
        assert walked == [scan.text for scan in sorted(there, key=lambda scan: scan.number)]
        assert counted.acknowledged <= {scan.number for scan in there}
        assert len(walked) == ops.inventory.device("spring", "wand-1").scans
        assert ops.inventory.close_counting("spring")
        result = ops.inventory.result("spring")
        assert ([line[30]], len(walked)) == ([finding.text for finding in result.findings], len(result.found))
        assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_a_result_that_changed_since_its_review_is_not_accepted(shelves) -> None:
    """Somebody borrows the missing book after all: nobody signs what they have not seen."""
    url, clock, line, _ = shelves
    with town(url, clock) as ops:
        ops.inventory.open_stocktake(id="spring", name="Ten books", items=line[:10])
        ops.inventory.scan("spring", line[:9], device="desk")
        assert ops.inventory.close_counting("spring")
        reviewed = ops.inventory.result("spring").fingerprint
        clock.forward(minutes=5)
        assert ops.circulation.check_out(patron=ADA, item=line[9])
        refused = ops.inventory.accept_stocktake("spring", reviewed=reviewed)
        assert ["stocktake.changed_since_review"] == [reason.code for reason in refused.reasons]
        again = ops.inventory.result("spring")
        assert () == again.missing
        assert ops.inventory.accept_stocktake("spring", reviewed=again.fingerprint)


def test_shelf_reading_says_which_move_and_why(shelves) -> None:
    """One book out of place is one move, with the part of the number that decides."""
    url, clock, line, _ = shelves
    with town(url, clock) as ops:
        shelf = [line[3], *line[:3], *line[4:9]]
        (wrong,) = ops.inventory.read_shelf(shelf).misplaced
        assert (line[3], 1) == (wrong.item.barcode, wrong.position)
        assert wrong.why
        assert ops.inventory.read_shelf(line[:20]).in_order
