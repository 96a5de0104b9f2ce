"""Precedence: which rule wins when several match. Each strategy turns a rule's shape into a score; the highest wins.

`FixedWeights` is Koha's, `ColumnWeights` Evergreen's, `PriorityLine` FOLIO's and `LibraryPair` rero's. Except for the
line numbers of `PriorityLine`, no score depends on the order in which the rules are written.

>>> shape = Shape({"library": 2, "item_type": 1}, {"library": 3}, line=4)
>>> FixedWeights().score(shape)[:3]
(2, 0, 1)
>>> PriorityLine("number-of-criteria, last-line").score(shape)
(2, 4)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.circulation.policy.rules.model import AXES

__all__ = [
    "ColumnWeights",
    "FixedWeights",
    "LibraryPair",
    "Precedence",
    "PriorityLine",
    "Score",
    "Shape",
    "WeightScale",
]

Score = tuple[float, ...]


@frozen
class Shape:
    """What a strategy may look at: the axes a rule names, with their levels, and its line.

    A level is 1 for an axis that is no tree, and the depth plus 1 in a tree: 1 at the root. A list counts as its
    member nearest to the root, and a negation as the root.
    """

    levels: Mapping[str, int]
    deepest: Mapping[str, int] = field(factory=dict)
    """The deepest level of each tree."""
    line: int = 0


def known_axes(instance: object, attribute: object, value: tuple[str, ...] | Mapping[str, float]) -> None:
    for axis in value:
        if axis not in AXES:
            raise InvalidValue(f"{axis!r} is not an axis that rules match on; those are: {', '.join(AXES)}")


@frozen
class FixedWeights:
    """Axes in a fixed order (E1): naming an earlier one beats naming any number of later ones (Koha).

    Axes not in `order` follow in the order of `AXES`; in a tree the node nearest to the case wins.
    """

    order: tuple[str, ...] = field(default=("library", "patron_category", "item_type"), validator=known_axes)
    inherit: bool = False
    """Whether a policy that the winner leaves unset comes from the next rule that sets it (E3)."""
    all_axes: tuple[str, ...] = field(init=False, eq=False, repr=False)
    """`order`, then the axes it does not name."""

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "all_axes", tuple(dict.fromkeys((*self.order, *AXES))))

    def score(self, shape: Shape) -> Score:
        """The levels of the axes, first in order first."""
        levels = shape.levels
        return tuple([levels.get(axis, 0) for axis in self.all_axes])

    def words(self, shape: Shape) -> str:
        """The score in words."""
        named = [axis for axis in self.all_axes if axis in shape.levels]
        return " > ".join(f"{axis} {shape.levels[axis]}" for axis in named) or "no criteria"


class WeightScale(Enum):
    """How column weights add up."""

    POWERS = "powers"
    """Each step of weight counts four times the step below, so that a heavier column beats three lighter ones
    (Evergreen)."""
    LINEAR = "linear"
    """Weights are added as they stand."""


DEFAULT_WEIGHTS: Final = {
    "patron_category": 11.0,
    "library": 10.0,
    "patron_library": 10.0,
    "item_library": 8.0,
    "renewal": 7.0,
    "juvenile": 6.0,
    "item_type": 5.0,
    "bib_level": 4.0,
    "bib_form": 3.0,
    "item_age": 2.0,
    "patron_age": 1.0,
    "reference": 0.0,
}


@frozen
class ColumnWeights:
    """A weight for each axis (E1); the rule with the greatest sum wins (Evergreen).

    In a tree every level away from the deepest takes a part of the weight off, so that the nearest node wins. Two
    rules of equal sum that match the same case are a tie, which the linter reports.
    """

    weights: Mapping[str, float] = field(factory=lambda: dict(DEFAULT_WEIGHTS), validator=known_axes)
    scale: WeightScale = WeightScale.POWERS
    inherit: bool = True

    def score(self, shape: Shape) -> Score:
        """The sum of the weights."""
        return (round(sum(self.part(axis, level, shape) for axis, level in shape.levels.items()), 6),)

    def part(self, axis: str, level: int, shape: Shape) -> float:
        """What one axis adds."""
        weight = self.weights.get(axis, 0.0)
        deepest = shape.deepest.get(axis, 1)
        short = (deepest - min(level, deepest)) / (deepest + 1)
        if self.scale is WeightScale.LINEAR:
            return weight - short
        power: float = 2.0 ** (2 * weight - short)
        return power

    def words(self, shape: Shape) -> str:
        """The score in words."""
        parts = [f"{axis} {self.part(axis, level, shape):g}" for axis, level in shape.levels.items()]
        return f"{self.score(shape)[0]:g} = {' + '.join(parts)}" if parts else "0"


@frozen
class LibraryPair:
    """A rule with a library, then one with category and item type, then the rest (rero).

    Of two rules of one rank the one wins that names the earlier axis, as with fixed weights.
    """

    inherit: bool = False

    def score(self, shape: Shape) -> Score:
        """2 with a library, 1 with a pair, 0 otherwise; then whether it is a pair, then the levels."""
        levels = shape.levels
        pair = "patron_category" in levels and "item_type" in levels
        rank = 2 if "library" in levels else 1 if pair else 0
        return (rank, int(pair), *[levels.get(axis, 0) for axis in AXES])

    def words(self, shape: Shape) -> str:
        """The score in words."""
        pair = "patron_category" in shape.levels and "item_type" in shape.levels
        if "library" in shape.levels:
            rank = "library and pair" if pair else "library"
        else:
            rank = "organization pair" if pair else "default"
        named = [f"{axis} {shape.levels[axis]}" for axis in AXES if axis in shape.levels]
        return f"{rank}: {' > '.join(named)}" if named else rank


LETTERS: Final[Mapping[str, tuple[str, int]]] = {
    "g": ("patron_category", 0),
    "m": ("item_type", 0),
    "t": ("loan_type", 0),
    "s": ("shelving_location", 0),
    "a": ("library", 1),
    "b": ("library", 2),
    "c": ("library", 3),
}
"""FOLIO's letters: the axis, and the level in the tree of libraries (institution, campus, library)."""

PLACE: Final = frozenset({"library", "item_library", "holding_library", "shelving_location"})
SHORT_FORM: Final = re.compile(r"\s*\w+(\s*,\s*\w+)*\s*")
REGULATION: Final = re.compile(r"criterium\s*\(([^)]*)\)|([\w-]+)")
LINES: Final = {"first-line": -1, "last-line": 1}


@frozen
class PriorityLine:
    """FOLIO's `priority` line: up to three regulations, asked one after the other, the last about line numbers.

    `criterium(t, s, c, b, a, m, g)` takes each rule's best letter; `number-of-criteria` counts axes, where all places
    count as one; `first-line` or `last-line` decides the rest. The letters alone are short for
    `criterium(...), number-of-criteria, last-line`. An axis without a letter is written by its name.

    Raises `InvalidValue` for a line that does not end with first-line or last-line.
    """

    priority: str = "criterium(t, s, c, b, a, m, g), number-of-criteria, last-line"
    inherit: bool = False
    regulations: tuple[tuple[str, tuple[str, ...]], ...] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "regulations", read_regulations(self.priority))

    @property
    def fallback_comes_last(self) -> bool:
        """With first-line, the fallback policy stands after all rules."""
        return self.regulations[-1][0] == "first-line"

    def score(self, shape: Shape) -> Score:
        """One number for each regulation."""
        return tuple(ASKED[name](shape, letters) for name, letters in self.regulations)

    def words(self, shape: Shape) -> str:
        """The score in words."""
        scores = [(name, letters, int(abs(ASKED[name](shape, letters)))) for name, letters in self.regulations]
        named = [f" {letters[-score]}" if letters and score else "" for _, letters, score in scores]
        return ", ".join(f"{name}{best} {score}" for (name, _, score), best in zip(scores, named, strict=True))


def read_regulations(priority: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The regulations of a priority line, in order, each with the letters of a criterium list."""
    if SHORT_FORM.fullmatch(priority) and "," in priority:
        priority = f"criterium({priority}), number-of-criteria, last-line"
    found = []
    for letters, name in REGULATION.findall(priority):
        if not name:
            found.append(("criterium", known_letters(letters, priority)))
        elif name in ("number-of-criteria", *LINES):
            found.append((name, ()))
        else:
            raise InvalidValue(f"{name!r} in priority {priority!r}: write criterium(...), number-of-criteria or a line")
    names = [name for name, _ in found]
    if not names or names[-1] not in LINES or len(set(names)) < len(names) or len(LINES.keys() & names) > 1:
        raise InvalidValue(f"priority {priority!r} must name each regulation once and end with first-line or last-line")
    return tuple(found)


def known_letters(letters: str, priority: str) -> tuple[str, ...]:
    found = tuple(letter.strip() for letter in letters.split(","))
    for letter in found:
        if letter not in LETTERS and letter not in AXES:
            raise InvalidValue(f"{letter!r} in priority {priority!r}: the letters are {', '.join(LETTERS)}")
    return found


def best_letter(shape: Shape, letters: tuple[str, ...]) -> float:
    for place, letter in enumerate(letters):
        axis, level = LETTERS.get(letter, (letter, 0))
        if axis in shape.levels and level in (0, min(shape.levels[axis], 3)):
            return len(letters) - place
    return 0


def number_of_criteria(shape: Shape, letters: tuple[str, ...]) -> float:
    places = PLACE & shape.levels.keys()
    return len(shape.levels) - len(places) + bool(places)


ASKED: Final[Mapping[str, Callable[[Shape, tuple[str, ...]], float]]] = {
    "criterium": best_letter,
    "number-of-criteria": number_of_criteria,
    "first-line": lambda shape, letters: -shape.line,
    "last-line": lambda shape, letters: shape.line,
}

Precedence = FixedWeights | ColumnWeights | PriorityLine | LibraryPair
