"""The desk of these tests: a notebook for this room's records, and the steps of a count as the desk takes them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from libops.base.ids import LibraryCode
from libops.inventory import (
    CHANGES,
    Correction,
    ExpectedItem,
    OpenStocktakeFacts,
    Protection,
    ReckonFacts,
    ScanBatchFacts,
    Stocktake,
    StocktakeDevice,
    StocktakeRange,
    StocktakeScan,
    StocktakeTerms,
    TemporaryPlacement,
    WeedingCase,
    WeedingLogEntry,
    close_counting,
    open_stocktake,
    record_scans,
)
from libops.testing.notebook import Notebook
from libops.testing.strategies.inventory import OPENED, SESSION, shelf_item, walks

EVENING = OPENED + timedelta(hours=12)
STACKS = StocktakeRange(library=LibraryCode("MAIN"), location="STACKS")
SHELF = [shelf_item(number) for number in range(1, 13)]
WHO = {"at": EVENING, "by": "staff-7"}
KEYED = (Correction, ExpectedItem, Protection, StocktakeDevice, StocktakeScan, WeedingLogEntry)
KEYED_BY_ITEM = (TemporaryPlacement, WeedingCase)


class CountingDesk(Notebook):
    """The records of this room, changed by events alone, as the desk and a rebuild would have them."""

    def __init__(self):
        super().__init__(CHANGES, dict.fromkeys(KEYED, "key") | dict.fromkeys(KEYED_BY_ITEM, "item_id"))

    def open_session(self, items, *, terms=None, **facts):
        facts = OpenStocktakeFacts(range=STACKS, items=items, **facts)
        decision = open_stocktake(
            facts, session_id=SESSION, name="Stacks", at=OPENED, by="staff-7", terms=terms or StocktakeTerms()
        )
        self.write(decision.result.events)
        return decision

    def upload(self, scans, *, at=EVENING, **options):
        """Hand in a batch as the desk does: read what is stored under its keys, decide, self."""
        device = scans[0].device
        known = {scan.key: self.get(StocktakeScan, scan.key) for scan in scans}
        facts = ScanBatchFacts(
            session=self.get(Stocktake, SESSION),
            recorded={key: scan for key, scan in known.items() if scan is not None},
        )
        decision = record_scans(facts, device=device, scans=scans, at=at, by="staff-7", **options)
        if decision:
            self.write(decision.result.events)
        return decision

    def facts_of(self, *, others=(), movements=()):
        return ReckonFacts(
            self.get(Stocktake, SESSION), self.all(ExpectedItem), self.all(StocktakeScan), others, movements
        )

    def counted_shelf(self, *, scanned=None, items=None, terms=None):
        self.open_session(SHELF if items is None else items, terms=terms)
        self.upload(walks([("wand-1", [item.barcode for item in (SHELF if scanned is None else scanned)])]))
        self.write(close_counting(self.get(Stocktake, SESSION), **WHO).result.events)
        return self


@pytest.fixture(scope="session")
def new_store():
    """Makes an empty desk: one for each example of a property."""
    return CountingDesk
