"""G6: one more scan in a stocktake that has 100,000 already, against one that has 1,000; and what the rest takes.

Run with `python benchmarks/g6_stocktake.py`. Two SQLite files, each with as many items on its shelves as are scanned.
The scans come in pages of 1,000, as a device hands in what it has kept; then one by one, which the verdict is about.
All times are the processor's.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from attrs import evolve
from harness import Case, compare
from lending import filled

import libops
from libops.base.holders import BarcodeUse, Holder
from libops.base.ids import ItemId, StocktakeId
from libops.inventory import StocktakeScan
from libops.items.model import Item
from libops.storage.kinds import kind_of
from libops.storage.port import Batch, Write
from libops.testing.fakes import FrozenClock

SMALL, LARGE = 1_000, 100_000
PAGE = 1_000
SESSION = StocktakeId("spring")


def shelve(ops: libops.Operations, count: int) -> list[str]:
    """Put so many items on the shelves of the stacks, and say their barcodes in shelf order."""
    _, (label,) = filled(ops, items=1, patrons=0)
    first = ops.items.change(label, shelving_location="stacks").result
    labels = [label]
    for start in range(1, count, PAGE):
        writes = []
        for number in range(start, min(start + PAGE, count)):
            item_id, barcode = ItemId(f"item{number:010}"), f"3{number:013}"
            item = evolve(first, id=item_id, barcode=barcode, shelf_key=f"{first.shelf_key} {number:08}")
            writes.append(Write(kind_of(Item), item_id, item, 0))
            use = BarcodeUse(barcode, Holder.ITEM, item_id, item.bib_id)
            writes.append(Write(kind_of(BarcodeUse), barcode, use, 0))
            labels.append(barcode)
        ops.storage.apply(Batch(writes=tuple(writes)))
    return labels


def counted(ops: libops.Operations, clock: FrozenClock, count: int) -> Callable[[int], None]:
    """A session in which so many items were scanned, and what scans one more; prints what each part took."""
    labels, took = shelve(ops, count), Timer()
    assert ops.inventory.open_stocktake(id=SESSION, name="Stacks", location="stacks")
    print(f"{count:,} items: the list frozen in {took():.2f} s")
    pages = []
    for start in range(0, count, PAGE):
        scans = [
            StocktakeScan(SESSION, "wand-1", number, text, clock() + timedelta(milliseconds=number))
            for number, text in enumerate(labels[start : start + PAGE], start + 1)
        ]
        assert ops.inventory.record_scans(SESSION, device="wand-1", scans=scans)
        pages.append(took() / len(scans) * 1e6)
    print(
        f"    a scan of the first page {pages[0]:.0f} µs, of the last {pages[-1]:.0f} µs, of all {mean(pages):.0f} µs"
    )
    clock.forward(minutes=10)
    took()
    result = ops.inventory.result(SESSION)
    assert (count, count) == (len(result.found), result.scans), result
    print(f"    the result of {result.scans:,} scans in {took():.2f} s", flush=True)

    def run(more: int) -> None:
        for _ in range(more):
            assert ops.inventory.scan(SESSION, labels[:1], device="desk")

    return run


class Timer:
    """Seconds of processor time since it was last asked."""

    def __init__(self) -> None:
        self.last = time.process_time()

    def __call__(self) -> float:
        now = time.process_time()
        before, self.last = self.last, now
        return now - before


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def main() -> int:
    clock = FrozenClock()
    with tempfile.TemporaryDirectory() as folder:
        small, large = (
            libops.open(f"sqlite:///{Path(folder) / f'{count}.db'}", clock=clock, durability="normal")
            for count in (SMALL, LARGE)
        )
        with small, large:
            cases = [
                Case(f"one scan after {count:,}", counted(ops, clock, count), most=200)
                for ops, count in ((small, SMALL), (large, LARGE))
            ]
            compare("G6", cases, busy=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
