"""G1: a checkout in a library of a million items, against one in a library of a thousand.

Run with `python benchmarks/g1_growth.py [ITEMS]`: 1,000,000 items on SQLite when left out, with a tenth as many
patrons and open loans. For ten million write `python3 dev.py bench g1 10000000`: it takes half an hour and 7 GB of
disk. Where the system cannot keep so large a file in its memory, a checkout reads from the disk, and that is what is
measured then. The memory store is filled with 100,000 at most.

Items and patrons come from all over the library, so that what a checkout needs is seldom what the one before it has
read. SQLite is measured twice: as it is opened by default, where every checkout waits for the disk, and in processor
time at durability `normal`, which shows the whole difference.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

from grown import BorrowingDesk, grow
from harness import NOISE, judged

import libops

FEW, MANY = 1_000, 1_000_000
IN_MEMORY = 100_000
ROUNDS = 9
EACH = 200


def filled(url: str, items: int) -> BorrowingDesk:
    """The desk of a new library of so many items."""
    ops = libops.open(url, durability="normal")
    started = time.perf_counter()
    grow(ops, items)
    if items > FEW:
        print(f"{url.partition(':')[0]}: {items:,} items filled in {time.perf_counter() - started:.0f} s")
    return BorrowingDesk(ops, items)


def compared(desks: list[BorrowingDesk], name: str, clock: Callable[[], float]) -> None:
    """Lend in turn from a small and a large library, and judge the ratio of the medians."""
    rounds: list[list[list[float]]] = [[] for _ in desks]
    for number in range(ROUNDS + 1):
        for found, desk in zip(rounds, desks, strict=True):
            took = desk.lend(EACH, clock)
            desk.take_back()
            if number:
                found.append(took)
    middles = []
    kind = "processor time" if clock is time.process_time else "elapsed time"
    print(f"{f'{kind} of a checkout, µs':<44}{'p50':>12}{'p95':>10}{'min':>10}{'ratio':>8}")
    for desk, found in zip(desks, rounds, strict=True):
        every = [took for each in found for took in each]
        middles.append(median(every))
        row = f"{name}, {desk.items:,} items"
        print(f"{row:<44}{middles[-1]:>12.1f}{quantiles(every, n=20)[-1]:>10.1f}{min(every):>10.1f}", end="")
        print(f"{middles[-1] / middles[0]:>8.2f}")
    ratio = middles[-1] / middles[0]
    floor = [median(each) for each in rounds[0]]
    noisy = ", noisy" if max(floor) > NOISE * min(floor) else ""
    print(f"= G1 {ratio:.2f}x {judged('G1', ratio)} ({name}, {desks[-1].items:,} items){noisy}")


def on_sqlite(folder: str, items: int) -> None:
    """Two files, filled once; opened at both durabilities."""
    urls = {size: f"sqlite:///{Path(folder)}/{size}.db" for size in (FEW, items)}
    for size, url in urls.items():
        filled(url, size).ops.close()
    for durability, clock in (("full", time.perf_counter), ("normal", time.process_time)):
        desks = [BorrowingDesk(libops.open(url, durability=durability), size) for size, url in urls.items()]
        compared(desks, f"SQLite, {durability}", clock)
        for desk in desks:
            desk.ops.close()


def main(items: int = MANY) -> int:
    with tempfile.TemporaryDirectory() as folder:
        on_sqlite(folder, items)
    compared([filled("memory:", size) for size in (FEW, min(items, IN_MEMORY))], "memory", time.process_time)
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
