"""The order of a shelf: the fewest items to move, by the longest stretch that already stands right.

What need not move is a longest non-decreasing subsequence of the sort keys; it is found in O(n log n) by patience
sorting (M. Fredman, "On computing the length of longest increasing subsequences", 1975).

>>> in_place(["510", "512", "519", "514", "516"])
[0, 1, 3, 4]
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from libops.inventory.model import Neighbors, ShelfItem

__all__ = ["in_place", "neighbors_of"]


def in_place(keys: Sequence[Any]) -> list[int]:
    """The positions of a longest non-decreasing subsequence: equal keys are copies and stand in any order."""
    tails: list[Any] = []
    tail_positions: list[int] = []
    previous: list[int] = []
    for position, key in enumerate(keys):
        length = bisect_right(tails, key)
        previous.append(tail_positions[length - 1] if length else -1)
        if length == len(tails):
            tails.append(key)
            tail_positions.append(position)
        else:
            tails[length] = key
            tail_positions[length] = position
    kept = []
    position = tail_positions[-1] if tail_positions else -1
    while position >= 0:
        kept.append(position)
        position = previous[position]
    kept.reverse()
    return kept


def neighbors_of(item: ShelfItem, standing: Sequence[ShelfItem], keys: Sequence[Any]) -> Neighbors:
    """Between which two of the items that stand right (`keys` are their orders, ascending) an item belongs."""
    at = bisect_right(keys, item.order)
    after = standing[at - 1] if at else None
    return Neighbors(after, standing[at] if at < len(standing) else None)
