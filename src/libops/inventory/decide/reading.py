"""Shelf reading: the order check of a shelf with an explanation, as a tool and as an exercise for new shelvers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import groupby

from libops.base.errors import InvalidValue
from libops.base.ids import ItemId
from libops.inventory.decide.order import in_place, neighbors_of
from libops.inventory.model import ExerciseGrade, Misplacement, Neighbors, ShelfExercise, ShelfItem, ShelfReading

__all__ = ["Explain", "grade_exercise", "make_exercise", "read_shelf"]

Explain = Callable[[str, str], str]
"""Says in words why the first call number files before the second: which part of them decides."""


def _why(item: ShelfItem, neighbors: Neighbors, explain: Explain | None) -> tuple[str, ...]:
    if explain is None:
        return ()
    words = []
    if neighbors.after is not None and neighbors.after.sort_key < item.sort_key:
        words.append(explain(neighbors.after.call_number, item.call_number))
    if neighbors.before is not None and item.sort_key < neighbors.before.sort_key:
        words.append(explain(item.call_number, neighbors.before.call_number))
    return tuple(words)


def read_shelf(shelf: Sequence[ShelfItem], *, explain: Explain | None = None) -> ShelfReading:
    """Check the order of a shelf as it stands, first item first.

    The misplaced items are the fewest that have to move; each comes with the two items that stand right and between
    which it belongs. Several for one gap are listed in the order in which they go there.
    """
    kept = in_place([item.order for item in shelf])
    standing = [shelf[at] for at in kept]
    orders = [item.order for item in standing]
    out = sorted(set(range(len(shelf))) - set(kept), key=lambda at: (shelf[at].order, at))
    misplaced = []
    for at in out:
        between = neighbors_of(shelf[at], standing, orders)
        why = _why(shelf[at], between, explain)
        misplaced.append(Misplacement(item=shelf[at], position=at + 1, neighbors=between, why=why))
    alike = (tuple(group) for _, group in groupby(sorted(shelf, key=lambda item: item.order), lambda item: item.order))
    return ShelfReading(
        items=len(shelf), misplaced=tuple(misplaced), copies=tuple(group for group in alike if len(group) > 1)
    )


def make_exercise(shelf: Iterable[ShelfItem], moves: Iterable[tuple[int, int]]) -> ShelfExercise:
    """A shelf for a trainee: put in order, then each move takes the item at one position (from 1) to another.

    Raises `InvalidValue` for a position that is not on the shelf.
    """
    line = sorted(shelf, key=lambda item: (item.order, item.item_id))
    for source, target in moves:
        for position in (source, target):
            if not 1 <= position <= len(line):
                raise InvalidValue(f"position {position} is not on a shelf of {len(line)}: give 1 to {len(line)}")
        line.insert(target - 1, line.pop(source - 1))
    return ShelfExercise(shelf=tuple(line), moves_needed=len(read_shelf(line).misplaced))


def grade_exercise(
    exercise: ShelfExercise, named: Collection[ItemId], *, explain: Explain | None = None
) -> ExerciseGrade:
    """Grade the items a trainee named as standing wrong.

    Where two neighbors are swapped either may be named: an answer is right when the rest of the shelf is in order.
    A named item is needless when the rest would be in order with it as well.
    """
    rest = [item for item in exercise.shelf if item.item_id not in named]
    reading = read_shelf(rest, explain=explain)
    right: list[ShelfItem] = []
    needless: list[ShelfItem] = []
    standing = {item.item_id for item in rest} - {one.item.item_id for one in reading.misplaced}
    for item in exercise.shelf:
        if item.item_id in named:
            with_it = [one.order for one in exercise.shelf if one.item_id in standing or one is item]
            (needless if len(in_place(with_it)) == len(with_it) else right).append(item)
    return ExerciseGrade(
        solved=reading.in_order,
        best=reading.in_order and len(exercise.shelf) - len(rest) == exercise.moves_needed,
        right=tuple(right),
        needless=tuple(needless),
        overlooked=reading.misplaced,
    )
