"""Rules as boxes: which values each axis allows, as bits, and the search for a case inside one box and outside others.

All values of an axis that satisfy the same criteria are one class, so that a case stands for very many. The search
takes the first cover that still meets what is left, and steps outside it along each axis in turn; when no cover meets
what is left, any case in it is a witness.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from math import gcd, prod
from typing import Any, Final

from attrs import frozen

from libops.circulation.policy.rules.explain import RuleBook
from libops.circulation.policy.rules.matching import ROLE_FIELDS, satisfied
from libops.circulation.policy.rules.model import AgeRange, Case, CircRule, Concern, Criterion, RuleCriterion

__all__ = ["Box", "Space", "TooMany", "all_cases", "filled", "space_of", "witness"]

Box = Mapping[str, int]
"""For each axis that is restricted, the classes of values it allows, as bits."""

MOST_STEPS: Final = 20_000
TREE_AXES: Final = {
    "patron_category": "categories",
    "item_type": "item_types",
    **dict.fromkeys(ROLE_FIELDS.values(), "libraries"),
}


class TooMany(Exception):
    """The search was given up: too many rules overlap here."""


@frozen(eq=False)
class Space:
    """The axes that rules name for one concern, with a value for each class, and the rules as boxes in it."""

    values: Mapping[str, tuple[Any, ...]]
    full: Mapping[str, int]
    boxes: Mapping[str, Box]

    def case(self, box: Box) -> Case:
        """A case in the box: the first allowed value of each axis."""
        return filled({axis: values[lowest(box.get(axis, self.full[axis]))] for axis, values in self.values.items()})

    def meets(self, one: Box, other: Box) -> bool:
        """Whether some case lies in both boxes."""
        return all(bits & other.get(axis, bits) for axis, bits in one.items())


def filled(chosen: Mapping[str, Any]) -> Case:
    """A case of these facts; libraries that are not among them are the same as one that is."""
    library = next((chosen[field] for field in ROLE_FIELDS.values() if chosen.get(field)), None)
    return Case(**{**dict.fromkeys(ROLE_FIELDS.values(), library), **chosen})


def all_cases(spaces: Sequence[Space], *, most: int) -> Iterator[Case]:
    """A case for every combination of classes that any of the spaces tells apart; every n-th if there are too many."""
    values: dict[str, dict[Any, None]] = {}
    for space in spaces:
        for axis, found in space.values.items():
            values.setdefault(axis, {}).update(dict.fromkeys(found))
    axes, total = tuple(values), prod(len(found) for found in values.values())
    step = -(-total // most)
    # A step that shares a factor with the size of an axis would skip some of its values for good.
    while step > 1 and any(gcd(step, len(found)) > 1 for found in values.values()):
        step += 1
    for combination in islice(product(*values.values()), 0, None, step):
        yield filled(dict(zip(axes, combination, strict=True)))


def lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def space_of(book: RuleBook, concern: Concern) -> Space:
    """The space of the rules in `book`, where `library` is the one whose role counts for the concern."""
    role = ROLE_FIELDS[getattr(book.control, concern.value)]
    asked: dict[str, dict[RuleCriterion, None]] = {}
    for rule in book.rules:
        for axis, criterion in rule.axes.items():
            asked.setdefault(role if axis == "library" else axis, {})[criterion] = None
    values: dict[str, tuple[Any, ...]] = {}
    bits: dict[tuple[str, RuleCriterion], int] = {}
    for axis, criteria in asked.items():
        classes: dict[tuple[bool, ...], Any] = {}
        for value in sample(book, axis, criteria):
            classes.setdefault(tuple(satisfied(book.trees, axis, found, value) for found in criteria), value)
        values[axis] = tuple(classes.values())
        for place, criterion in enumerate(criteria):
            bits[axis, criterion] = sum(1 << number for number, holds in enumerate(classes) if holds[place])
    full = {axis: (1 << len(found)) - 1 for axis, found in values.items()}
    return Space(values, full, {rule.id: box_of(rule, role, bits) for rule in book.rules})


def box_of(rule: CircRule, role: str, bits: Mapping[tuple[str, RuleCriterion], int]) -> Box:
    box: dict[str, int] = {}
    for axis, criterion in rule.axes.items():
        name = role if axis == "library" else axis
        found = bits[name, criterion]
        box[name] = box[name] & found if name in box else found
    return box


def sample(book: RuleBook, axis: str, criteria: Mapping[RuleCriterion, None]) -> Iterator[Any]:
    """Values of every kind that rules tell apart: all codes of a tree, else those named and one that is not."""
    if any(isinstance(criterion, bool) for criterion in criteria):
        yield from (False, True)
        return
    ages = [criterion for criterion in criteria if isinstance(criterion, AgeRange)]
    if ages:
        yield 0
        for age in ages:
            yield from (edge for edge in (age.at_least, age.at_most, (age.at_most or 0) + 1) if edge is not None)
        yield None
        return
    tree = getattr(book.trees, TREE_AXES[axis]) if axis in TREE_AXES else None
    if tree is not None and tree.parents:
        yield from tree.parents
        return
    for criterion in criteria:
        if isinstance(criterion, Criterion):
            yield from (*criterion.any_of, *criterion.none_of)
    yield f"another {axis.replace('_', ' ')}"


def witness(space: Space, box: Box, covers: Sequence[Box], *, steps: list[int] | None = None) -> Box | None:
    """A part of `box` that no cover meets; `None` if they cover it. Raises `TooMany` after many steps."""
    steps = [0] if steps is None else steps
    steps[0] += 1
    if steps[0] > MOST_STEPS:
        raise TooMany
    near = [cover for cover in covers if space.meets(cover, {**space.full, **box})]
    if not near:
        return box
    cover = min(near, key=len)
    rest = dict(box)
    for axis, bits in cover.items():
        inside = rest.get(axis, space.full[axis])
        outside = inside & ~bits
        if outside:
            found = witness(space, {**rest, axis: outside}, near, steps=steps)
            if found is not None:
                return found
        rest[axis] = inside & bits
    return None
