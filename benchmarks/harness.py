"""How the budgets are measured: each subject beside its floor, in the same process and the same round.

A case is a function that does `n` operations; `before(n)` makes ready what they need and is not timed. Calibration
finds the `n` that takes about 20 ms; then all cases run once per round, in turn, so that whatever else the machine
does falls on all of them. Reported are median, least and most per operation, and the ratio of the medians to the
floor's. When the floor's most is over twice its least, the run was noise and is repeated.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable, Sequence

from attrs import field, frozen

__all__ = ["BUDGETS", "NOISE", "Case", "Measured", "compare", "judged", "measure"]

ROUNDS = 9
TARGET = 0.020
NOISE = 2.0
REPEATS = 4

BUDGETS: dict[str, tuple[float, float, float]] = {
    "P1": (1.5, 1.3, 1.15),
    "P2": (4, 2.5, 1.8),
    "P3": (40, 25, 15),
    "P4": (4, 2.5, 1.5),
    "P5": (1.3, 1.0, 0.6),
    "P6": (0.8, 1.0, 1.7),
    "P7": (25, 3, 2),
    "P8": (1.10, 1.05, 1.02),
    "P9": (2.5, 2.0, 1.6),
    "P10": (2, 1.5, 1),
    "P11": (5, 3, 2),
    "P12": (10, 5, 3),
    "G1": (1.4, 1.4, 1.4),
    "G2": (1.5, 1.5, 1.5),
    "G4": (2, 2, 2),
    "G6": (1.4, 1.2, 1.1),
}
"""Ratios to the floor: first, good, aim. P6 counts loans per second: there more is better."""


def nothing(count: int) -> None:
    """Nothing to make ready."""


@frozen
class Case:
    """One thing to time: `run(n)` does n operations, `before(n)` makes them possible."""

    name: str
    run: Callable[[int], object]
    before: Callable[[int], object] = nothing
    most: int = field(default=1_000_000, kw_only=True)
    least: int = field(default=1, kw_only=True)


@frozen
class Measured:
    """Microseconds per operation, one figure for each round."""

    name: str
    times: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of the rounds."""
        return statistics.median(self.times)

    @property
    def spread(self) -> float:
        """Most over least."""
        return max(self.times) / min(self.times)


def timed(case: Case, count: int, clock: Callable[[], float]) -> float:
    case.before(count)
    gc.collect()
    start = clock()
    case.run(count)
    return clock() - start


def calibrated(case: Case, clock: Callable[[], float]) -> int:
    """How many operations take about 20 ms, once what the first one brings along is there."""
    count = case.least
    timed(case, count, clock)
    while True:
        took = timed(case, count, clock)
        if took >= TARGET / 4 or count >= case.most:
            return max(case.least, min(case.most, round(count * TARGET / max(took, 1e-9))))
        count = min(case.most, count * 4)


def measure(cases: Sequence[Case], *, rounds: int = ROUNDS, busy: bool = False) -> list[Measured]:
    """Time all cases in turn; the first is the floor. Repeated while the floor says that the run is noise."""
    clock = time.process_time if busy else time.perf_counter
    for _ in range(REPEATS):
        counts = [calibrated(case, clock) for case in cases]
        times: list[list[float]] = [[] for _ in cases]
        for _ in range(rounds):
            for found, case, count in zip(times, cases, counts, strict=True):
                found.append(timed(case, count, clock) / count * 1e6)
        measured = [Measured(case.name, tuple(found)) for case, found in zip(cases, times, strict=True)]
        if measured[0].spread <= NOISE:
            break
        print(f"(noise: the floor's most is {measured[0].spread:.1f} times its least)", file=sys.stderr)
    return measured


def judged(budget: str, ratio: float, *, more_is_better: bool = False) -> str:
    """Which level of its budget a ratio reaches."""
    levels = dict(zip(("first", "good", "aim"), BUDGETS[budget], strict=True))
    reached = [name for name, limit in levels.items() if (ratio >= limit if more_is_better else ratio <= limit)]
    return reached[-1] if reached else "missed"


def compare(
    budget: str, cases: Sequence[Case], *, rounds: int = ROUNDS, busy: bool = False, show: bool = True, of: str = ""
) -> float:
    """Measure, print the table, and print the verdict on the last case; returns its ratio to the first.

    `of` says what was measured, where one budget has several verdicts.
    """
    measured = measure(cases, rounds=rounds, busy=busy)
    floor = measured[0].median
    if show:
        print(f"{'processor time' if busy else 'elapsed time':<44}{'median µs':>12}{'min':>10}{'max':>10}{'ratio':>8}")
        for row in measured:
            print(
                f"{row.name:<44}{row.median:>12.3f}{min(row.times):>10.3f}{max(row.times):>10.3f}"
                f"{row.median / floor:>8.2f}"
            )
    ratio = measured[-1].median / floor
    noisy = ", noisy" if measured[0].spread > NOISE else ""
    where = f" ({of})" if of else ""
    print(f"= {budget} {ratio:.2f}x {judged(budget, ratio)}{where}{noisy}")
    return ratio
