"""Shelf reading: the fewest items to move, where each belongs, and why; and the same as an exercise."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libops.base.errors import InvalidValue
from libops.inventory.decide import grade_exercise, in_place, make_exercise, read_shelf
from libops.inventory.model import Neighbors
from libops.testing.strategies.inventory import shelf_item, shelves

SHELF = [shelf_item(number) for number in range(1, 9)]


def fewest_moves(shelf):
    """By trying every set of items to take out, smallest first."""
    for size in range(len(shelf) + 1):
        for out in combinations(range(len(shelf)), size):
            rest = [item.sort_key for at, item in enumerate(shelf) if at not in out]
            if rest == sorted(rest):
                return size
    raise AssertionError("an empty shelf is in order")


@given(shelves())
def test_no_fewer_moves_put_the_shelf_in_order(shelf):
    """The number of misplaced items is the least that has to move."""
    assert fewest_moves(shelf) == len(read_shelf(shelf).misplaced)


@given(shelves(largest=30))
def test_moving_each_item_between_its_neighbors_puts_the_shelf_in_order(shelf):
    """Take the misplaced items out, put each behind its left neighbor in the order of the list: all is in order."""
    reading = read_shelf(shelf)
    out = {one.item.item_id for one in reading.misplaced}
    line = [item for item in shelf if item.item_id not in out]
    placed = {}
    for one in reading.misplaced:
        after = one.neighbors.after
        at = 0 if after is None else line.index(after) + 1
        gap = after.item_id if after else None
        line.insert(at + placed.get(gap, 0), one.item)
        placed[gap] = placed.get(gap, 0) + 1
    assert sorted(item.sort_key for item in shelf) == [item.sort_key for item in line]


@given(st.lists(st.integers(0, 40), max_size=60))
def test_what_stands_right_is_in_order(keys):
    """The items that need not move are in order as they stand; a shelf in order moves nothing."""
    kept = in_place(keys)
    assert sorted(kept) == kept
    assert sorted(keys[at] for at in kept) == [keys[at] for at in kept]
    assert list(range(len(keys))) == in_place(sorted(keys))


def test_each_misplacement_comes_with_its_reasons():
    """The trainee is told why it files behind its left and before its right neighbor."""
    line = [*SHELF[:2], *SHELF[3:7], SHELF[2], SHELF[7]]
    reading = read_shelf(line, explain=lambda a, b: f"{a} files before {b}")
    (one,) = reading.misplaced
    assert (SHELF[2], 7, Neighbors(SHELF[1], SHELF[3])) == (one.item, one.position, one.neighbors)
    assert ("500.0002 files before 500.0003", "500.0003 files before 500.0004") == one.why
    assert not reading.in_order


def test_copies_are_named_but_not_misplaced():
    """Equal keys file together in any order."""
    line = [SHELF[0], SHELF[1], SHELF[1], SHELF[2]]
    reading = read_shelf(line)
    assert reading.in_order
    assert ((SHELF[1], SHELF[1]),) == reading.copies


def test_an_empty_shelf_is_in_order():
    """Nothing stands wrong where nothing stands."""
    assert read_shelf([]).in_order


@given(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8)), max_size=4))
def test_the_tools_own_answer_gets_the_best_grade(moves):
    """Whoever names exactly the misplaced items has solved the exercise in the best way."""
    exercise = make_exercise(SHELF, moves)
    answer = {one.item.item_id for one in read_shelf(exercise.shelf).misplaced}
    grade = grade_exercise(exercise, answer)
    assert (True, True) == (grade.solved, grade.best)
    assert answer == {item.item_id for item in grade.right}
    assert () == grade.needless


def test_of_two_swapped_neighbors_either_may_be_named():
    """Third and fourth are swapped: moving one of them is enough."""
    exercise = make_exercise(SHELF, [(3, 4)])
    for answer in (SHELF[2], SHELF[3]):
        assert grade_exercise(exercise, [answer.item_id]).best


def test_a_needless_answer_is_told():
    """The last volume stands right: naming it too solves the shelf, but not best."""
    exercise = make_exercise(SHELF, [(2, 6)])
    grade = grade_exercise(exercise, [SHELF[1].item_id, SHELF[7].item_id])
    assert (True, False) == (grade.solved, grade.best)
    assert ((SHELF[1],), (SHELF[7],)) == (grade.right, grade.needless)


def test_an_overlooked_item_is_told_with_its_place():
    """Nothing was named: the second volume still stands among the last."""
    (one,) = grade_exercise(make_exercise(SHELF, [(2, 6)]), []).overlooked
    assert (SHELF[1], Neighbors(SHELF[0], SHELF[2])) == (one.item, one.neighbors)


def test_an_exercise_moves_only_what_is_there():
    """A shelf of eight has no ninth position."""
    with pytest.raises(InvalidValue, match="9"):
        make_exercise(SHELF, [(1, 9)])
