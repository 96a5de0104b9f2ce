"""G1: a checkout in a library of a million items, against one in a library of a thousand.

Run with `python benchmarks/g1_growth.py [ITEMS] [FOLDER]`: 1,000,000 items on SQLite when left out, with a tenth as
many patrons and open loans. For ten million write `python3 dev.py bench g1 10000000`: it takes ten minutes and 7 GB of
disk. Where the system cannot keep so large a file in its memory, a checkout reads from the disk, and that is what is
measured then. The files are made in the folder, and stay there for another run; without one they are made anew and
removed. The memory store is filled with 100,000 at most.

Items and patrons come from all over the library, so that what a checkout needs is seldom what the one before it has
read. SQLite is measured twice: as it is opened by default, where every checkout waits for the disk, and in processor
time at durability `normal`, which shows the whole difference. Beside it stands how much longer six statements by hand
take among many: that is the engine's part, whose trees get deeper and whose pages are no longer all in a cache. The
small library's records have all been read before, and the desk remembers them; the large one's are read anew.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles

from borrowing import BorrowingByHand, BorrowingDesk, Lending, connected
from grown import grow, grow_file
from harness import NOISE, judged

import libops

FEW, MANY = 1_000, 1_000_000
IN_MEMORY = 100_000
ROUNDS = 9
EACH = 200


def remembered(items: int) -> BorrowingDesk:
    """The desk of a library in memory."""
    ops = libops.open("memory:")
    started = time.perf_counter()
    grow(ops, items)
    told("memory", items, started)
    return BorrowingDesk(ops, items)


def told(name: str, items: int, started: float) -> None:
    if items > FEW:
        print(f"{name}: {items:,} items filled in {time.perf_counter() - started:.0f} s")


def compared(desks: Sequence[Lending], name: str, clock: Callable[[], float]) -> tuple[float, bool]:
    """Lend in turn from a small and a large library; the ratio of the medians, and whether the run was noise."""
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
    floor = [median(each) for each in rounds[0]]
    return middles[-1] / middles[0], max(floor) > NOISE * min(floor)


def verdict(ratio: float, noisy: bool, what: str) -> None:
    print(f"= G1 {ratio:.2f}x {judged('G1', ratio)} ({what}){', noisy' if noisy else ''}")


def on_sqlite(folder: Path, items: int) -> None:
    """Two files, filled once; opened at both durabilities, by libops and by hand in turn."""
    paths = {size: folder / f"{size}.db" for size in (FEW, items)}
    for size, path in paths.items():
        if not path.exists():
            started = time.perf_counter()
            grow_file(path, size)
            told("sqlite", size, started)
    for durability, clock in (("full", time.perf_counter), ("normal", time.process_time)):
        with ExitStack() as open_ones:
            desks = [
                BorrowingDesk(open_ones.enter_context(libops.open(f"sqlite:///{path}", durability=durability)), size)
                for size, path in paths.items()
            ]
            ratio, noisy = compared(desks, f"SQLite, {durability}", clock)
        with ExitStack() as open_ones:
            hands = [
                BorrowingByHand(open_ones.enter_context(connected(path, durability)), size)
                for size, path in paths.items()
            ]
            by_hand, _ = compared(hands, f"by hand, {durability}", clock)
        verdict(ratio, noisy, f"SQLite, {durability}, {items:,} items; by hand {by_hand:.2f}x")


def main(items: int = MANY, folder: Path | None = None) -> int:
    with tempfile.TemporaryDirectory() as passing:
        on_sqlite(folder or Path(passing), items)
    most = min(items, IN_MEMORY)
    ratio, noisy = compared([remembered(size) for size in (FEW, most)], "memory", time.process_time)
    verdict(ratio, noisy, f"memory, {most:,} items")
    return 0


if __name__ == "__main__":
    sys.exit(main(*(kind(word) for kind, word in zip((int, Path), sys.argv[1:], strict=False))))
