"""The places of an index in memory: in groups by their first field, each group in order.

Nearly every question names the first field (this patron's loans, this title's holds), and a group is short: it is
found by a look-up and an insert moves little. The groups themselves are put in order when a range over the first
field is first asked for.

>>> places = Places()
>>> for place in [("b", 2), ("a", 1), ("b", 1)]:
...     places.add(place)
>>> list(places.between(("a",), None))
[('a', 1), ('b', 1), ('b', 2)]
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from libops.storage.sorted_keys import RUN, Place, SortedKeys

__all__ = ["Places"]


class Places:
    """Places in order. A group longer than one run is kept in runs."""

    __slots__ = ("firsts", "groups")

    def __init__(self) -> None:
        self.groups: dict[Any, list[Place] | SortedKeys] = {}
        self.firsts: SortedKeys | None = None

    @classmethod
    def of(cls, places: Iterable[Place]) -> Places:
        """These places, which may come in any order."""
        made = cls()
        for first, group in groupby(sorted(places), itemgetter(0)):
            run = list(group)
            made.groups[first] = run if len(run) <= RUN else SortedKeys.of(run)
        return made

    def add(self, place: Place) -> None:
        """Put a place in order. It must not be there yet."""
        first = place[0]
        group = self.groups.get(first)
        if group is None:
            self.groups[first] = [place]
            if self.firsts is not None:
                self.firsts.add((first,))
        elif isinstance(group, list):
            insort(group, place)
            if len(group) > RUN:
                self.groups[first] = SortedKeys.of(group)
        else:
            group.add(place)

    def remove(self, place: Place) -> None:
        """Take a place out. It must be there."""
        first = place[0]
        group = self.groups[first]
        if isinstance(group, list):
            del group[bisect_left(group, place)]
        else:
            group.remove(place)
        if not group:
            del self.groups[first]
            if self.firsts is not None:
                self.firsts.remove((first,))

    def within(self, equal: Place, low: Any, high: Any, descending: bool = False) -> Iterable[Place]:
        """The places that begin with `equal` and go on with `low <= next field < high`, in order.

        `equal` names at least the first field; None leaves an end open.
        """
        group = self.groups.get(equal[0])
        if group is None:
            return ()
        start = equal if low is None else (*equal, low)
        end = (*equal, BEYOND if high is None else high)
        if isinstance(group, SortedKeys):
            return group.between_reversed(start, end) if descending else group.between(start, end)
        if len(equal) > 1 or low is not None:
            group = group[bisect_left(group, start) : bisect_left(group, end)]
        elif high is not None:
            group = group[: bisect_left(group, end)]
        return reversed(group) if descending else group

    def between(self, low: Place, high: Place | None) -> Iterator[Place]:
        """Places with `low <= place < high` in order; no upper end when `high` is None."""
        for (first,) in self.ordered().between(low[:1], None if high is None else (*high[:1], BEYOND)):
            group = self.groups[first]
            inside = (not low or first != low[0]) and (high is None or first != high[0])
            if inside:
                yield from group
            else:
                run = SortedKeys.of(group) if isinstance(group, list) else group
                yield from run.between(low, high)

    def between_reversed(self, low: Place, high: Place | None) -> Iterator[Place]:
        """The same places, last first."""
        for (first,) in self.ordered().between_reversed(low[:1], None if high is None else (*high[:1], BEYOND)):
            group = self.groups[first]
            run = SortedKeys.of(group) if isinstance(group, list) else group
            yield from run.between_reversed(low, high)

    def ordered(self) -> SortedKeys:
        """The first fields, put in order when first asked for and kept so from then on."""
        if self.firsts is None:
            self.firsts = SortedKeys.of(sorted((first,) for first in self.groups))
        return self.firsts


class Beyond:
    """Greater than every value: closes the range of places that share a prefix."""

    __slots__ = ()

    def __lt__(self, other: object) -> bool:
        return False

    def __gt__(self, other: object) -> bool:
        return True


BEYOND = Beyond()
