"""The shelves as inventory sees them: items with title and state, and the item events its decisions really mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve

from libops.base.events import Event
from libops.base.ids import ItemId, LibraryCode
from libops.catalog.model import BibRecord
from libops.circulation.model import ClosedLoan, ItemState, Loan, OpenRecords, ReadyHold, Transit, item_state
from libops.desk.reads import Reads
from libops.inventory.events import ItemsPlaced, ItemsRestored
from libops.inventory.model import Place, ShelfItem, ShelfMovement, ShelfStatus, StocktakeRange
from libops.items.events import ItemChanged
from libops.items.model import Item
from libops.processing.decide import lending_reasons
from libops.processing.model import Preparation
from libops.processing.policy import ProcessingPolicy
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get, Storage

__all__ = ["Shelves", "moved", "placed"]

AT_ONCE = 500
DAY = timedelta(days=1)


class Shelves:
    """Loads items with what inventory asks about. Nothing read here is guarded: it is a picture of a moment."""

    def __init__(self, storage: Storage, processing: ProcessingPolicy | None) -> None:
        self.storage = storage
        self.processing = processing

    def of_range(self, scope: StocktakeRange) -> list[ShelfItem]:
        """Every item that belongs to the shelves of a range."""
        equal = (scope.library,) if scope.location is None else (scope.library, scope.location)
        low, high = (scope.keys.low, scope.keys.high) if scope.keys and scope.location is not None else (None, None)
        rows = self.storage.read([Find(kind_of(Item), "by_shelf", equal, low=low, high=high)])[0]
        return [item for item in self.seen([row.record for row in rows]) if scope.holds(item)]

    def by_id(self, item_ids: Iterable[str]) -> list[ShelfItem]:
        """These items, those that are there."""
        return self.seen([item for item in self.gets(Item, list(dict.fromkeys(item_ids))) if item is not None])

    def seen(self, items: Sequence[Item]) -> list[ShelfItem]:
        """Items as they stand, or should stand, on a shelf."""
        ids = [item.id for item in items]
        bibs = dict.fromkeys(item.bib_id for item in items)
        titles = {bib.id: bib.title for bib in self.gets(BibRecord, list(bibs)) if bib is not None}
        waits: list[Any] = [None] * len(ids) if self.processing is None else self.gets(Preparation, ids)
        rows = zip(items, self.gets(Loan, ids), self.gets(Transit, ids), self.gets(ReadyHold, ids), waits, strict=True)
        return [
            self.item(item, titles.get(item.bib_id, ""), loan, transit, ready, preparation)
            for item, loan, transit, ready, preparation in rows
        ]

    def item(
        self,
        item: Item,
        title: str,
        loan: Loan | None,
        transit: Transit | None,
        ready: ReadyHold | None,
        preparation: Preparation | None,
    ) -> ShelfItem:
        """One item with its state, derived from the records that are open for it."""
        state = item_state(
            OpenRecords(
                on_loan=loan is not None,
                awaiting_pickup=ready is not None,
                in_transit=transit is not None,
                withdrawn=item.withdrawn,
                declared_lost=loan is not None and loan.declared_lost_at is not None,
                aged_to_lost=loan is not None and loan.aged_to_lost_at is not None,
                claimed_returned=loan is not None and loan.claimed_returned_at is not None,
                missing=item.missing_since is not None,
                in_process=self.processing is not None and bool(lending_reasons(preparation, policy=self.processing)),
            )
        )
        mending = state is ItemState.AVAILABLE and item.in_repair
        return ShelfItem(
            item.id,
            item.barcode,
            title,
            item.call_number,
            item.shelf_key,
            item.holding_library,
            item.shelving_location,
            ShelfStatus.IN_REPAIR if mending else ShelfStatus(state.value),
            item.item_type,
            None,
            item.bib_id,
        )

    def movements(self, item_ids: Sequence[str], since: datetime) -> Iterator[ShelfMovement]:
        """What circulation did to these items from a moment on."""
        known = set(item_ids)
        closings = Find(kind_of(ClosedLoan), "by_closing_time", (), low=since - DAY)
        for row in self.storage.read([closings])[0]:
            closed = row.record
            # A forgotten loan is told by the day: on the day of that moment it may have come back behind it.
            if closed.item_id in known and (closed.closed_at >= since or closed.patron_id is None):
                if closed.checked_out_at >= since:
                    yield ShelfMovement(closed.item_id, closed.checked_out_at, ShelfStatus.ON_LOAN)
                yield ShelfMovement(closed.item_id, max(closed.closed_at, since), ShelfStatus.AVAILABLE)
        for cls, field, status in (
            (Loan, "checked_out_at", ShelfStatus.ON_LOAN),
            (Transit, "sent_at", ShelfStatus.IN_TRANSIT),
            (ReadyHold, "ready_at", ShelfStatus.AWAITING_PICKUP),
            (Item, "withdrawn_at", ShelfStatus.WITHDRAWN),
        ):
            for record in self.gets(cls, list(item_ids)):
                at = None if record is None else getattr(record, field)
                if at is not None and at >= since:
                    yield ShelfMovement(getattr(record, "item_id", None) or record.id, at, status)

    def gets(self, cls: type[Any], keys: Sequence[str]) -> list[Any]:
        """Records by their keys, None where there is none."""
        kind = kind_of(cls)
        return [
            row.record
            for start in range(0, len(keys), AT_ONCE)
            for row in self.storage.read([Get(kind, key) for key in keys[start : start + AT_ONCE]])
        ]


def placed(item: Item, place: Place) -> Item:
    """The item at another place."""
    return evolve(
        item,
        holding_library=LibraryCode(place.library),
        shelving_location=place.location,
        item_type=place.item_type,
    )


def moved(events: Iterable[Event], reads: Reads, at: datetime, by: str) -> Iterator[ItemChanged]:
    """The changes of items that temporary placements, and their ends, mean."""
    for event in events:
        if isinstance(event, ItemsPlaced | ItemsRestored):
            for placement in event.placements:
                item = reads.get(Item, ItemId(placement.item_id))
                assert item is not None, f"item {placement.item_id!r} of a placement is gone"
                after = placed(item, placement.now if isinstance(event, ItemsPlaced) else placement.home)
                if after != item:
                    yield ItemChanged(at, by, after, item)
