"""Sorted places of an index in memory: a list of short sorted runs, so that an insert moves little.

>>> keys = SortedKeys()
>>> for place in [("b", 2), ("a", 1), ("b", 1)]:
...     keys.add(place)
>>> list(keys.between(("b",), None))
[('b', 1), ('b', 2)]
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["RUN", "Place", "SortedKeys"]

Place = tuple[Any, ...]

RUN = 512
"""Longest run: an insert moves at most this many references, and a million places still make few runs."""


class SortedKeys:
    """Places in order. Adding and removing take a bisect over the runs and one within a run."""

    __slots__ = ("firsts", "runs")

    def __init__(self) -> None:
        self.runs: list[list[Place]] = []
        self.firsts: list[Place] = []

    @classmethod
    def of(cls, places: Sequence[Place]) -> SortedKeys:
        """Places that are in order already."""
        keys = cls()
        keys.runs = [list(places[start : start + RUN]) for start in range(0, len(places), RUN)]
        keys.firsts = [run[0] for run in keys.runs]
        return keys

    def __len__(self) -> int:
        return sum(map(len, self.runs))

    def __iter__(self) -> Iterator[Place]:
        for run in self.runs:
            yield from run

    def run_of(self, place: Place) -> int:
        at = bisect_left(self.firsts, place)
        if at < len(self.firsts) and self.firsts[at] == place:
            return at
        return max(at - 1, 0)

    def add(self, place: Place) -> None:
        """Put a place in order. It must not be there yet."""
        if not self.runs:
            self.runs.append([place])
            self.firsts.append(place)
            return
        at = self.run_of(place)
        run = self.runs[at]
        insort(run, place)
        self.firsts[at] = run[0]
        if len(run) > RUN:
            half = len(run) // 2
            self.runs.insert(at + 1, run[half:])
            self.firsts.insert(at + 1, run[half])
            del run[half:]

    def remove(self, place: Place) -> None:
        """Take a place out. It must be there."""
        at = self.run_of(place)
        run = self.runs[at]
        del run[bisect_left(run, place)]
        if run:
            self.firsts[at] = run[0]
        else:
            del self.runs[at]
            del self.firsts[at]

    def between(self, low: Place, high: Place | None) -> Iterator[Place]:
        """Places with `low <= place < high` in order; no upper end when `high` is None."""
        if not self.runs:
            return
        at = self.run_of(low)
        start = bisect_left(self.runs[at], low)
        for number in range(at, len(self.runs)):
            run = self.runs[number]
            end = len(run) if high is None or run[-1] < high else bisect_left(run, high)
            yield from run[start:end]
            if end < len(run):
                return
            start = 0

    def between_reversed(self, low: Place, high: Place | None) -> Iterator[Place]:
        """The same places, last first."""
        number = len(self.runs) - 1 if high is None else min(self.run_of(high), len(self.runs) - 1)
        while number >= 0:
            run = self.runs[number]
            end = len(run) if high is None else bisect_left(run, high)
            start = bisect_left(run, low)
            yield from reversed(run[start:end])
            if start > 0:
                return
            number -= 1
