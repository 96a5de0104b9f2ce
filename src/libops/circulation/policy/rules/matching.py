"""How a fact satisfies a criterion: each axis turns values into tokens, and rules are indexed by tokens.

A simple criterion is found by the value itself and its ancestors; a negation, an age range or a very long list gets a
token of its own. So the number of look-ups depends on the kinds of rules, not on their number.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Final

from attrs import define, field, frozen

from libops.circulation.policy.rules.model import (
    AgeRange,
    Case,
    CircRule,
    Concern,
    ControlLibraries,
    Criterion,
    LibraryRole,
    RuleCriterion,
    Tree,
)
from libops.circulation.policy.rules.precedence import Shape

__all__ = ["LIBRARY_AXES", "ROLE_FIELDS", "AxisIndex", "Token", "Trees", "fact", "shape_of", "token_keys"]

Token = str | int | bool
LIBRARY_AXES: Final = frozenset({"library", "transaction_library", "patron_library", "item_library", "holding_library"})
MOST_KEYS: Final = 64
MOST_VALUES: Final = 10_000

ROLE_FIELDS: Final = {
    LibraryRole.TRANSACTION: "transaction_library",
    LibraryRole.PATRON_HOME: "patron_library",
    LibraryRole.ITEM_HOME: "item_library",
    LibraryRole.ITEM_HOLDING: "holding_library",
}
NOTHING: Final = Tree()


@frozen(kw_only=True)
class Trees:
    """The trees of a library system: libraries, patron categories and item types, each code with its parent."""

    libraries: Tree = NOTHING
    categories: Tree = NOTHING
    item_types: Tree = NOTHING

    def of(self, axis: str) -> Tree:
        """The tree of an axis; an empty one where values stand alone."""
        if axis == "patron_category":
            return self.categories
        if axis == "item_type":
            return self.item_types
        return self.libraries if axis in LIBRARY_AXES else NOTHING


def fact(case: Case, axis: str, control: ControlLibraries, concern: Concern) -> object:
    """The fact of a case on an axis; `library` is the one whose role counts for the concern."""
    if axis == "library":
        axis = ROLE_FIELDS[getattr(control, concern.value)]
    return getattr(case, axis)


def level(axis: str, criterion: RuleCriterion, tree: Tree) -> int:
    if not tree.parents or not isinstance(criterion, Criterion) or not criterion.any_of:
        return 1
    return 1 + min(tree.depth(code) for code in criterion.any_of)


def shape_of(rule: CircRule, line: int, trees: Trees, deepest: Mapping[str, int]) -> Shape:
    """The axes that the rule names with their levels, and its line."""
    return Shape({axis: level(axis, found, trees.of(axis)) for axis, found in rule.axes.items()}, deepest, line)


@define(eq=False)
class AxisIndex:
    """Everything the rules say about one axis: which values and which complex criteria."""

    axis: str
    tree: Tree
    named: set[str] = field(factory=set)
    complex: dict[Criterion | AgeRange, int] = field(factory=dict)
    bounds: list[int] = field(factory=list)
    satisfied: dict[object, tuple[Token, ...]] = field(factory=dict)

    def tokens_for(self, criterion: RuleCriterion, *, room: int) -> tuple[Token, ...]:
        """The tokens under which a rule with this criterion is filed, at most `room` of them."""
        if isinstance(criterion, bool):
            return (criterion,)
        if isinstance(criterion, AgeRange) or criterion.none_of or len(criterion.any_of) > room:
            return (self.complex.setdefault(criterion, len(self.complex) + 2),)
        codes = criterion.any_of
        self.named.update(codes)
        return codes if len(codes) == 1 else tuple(dict.fromkeys(codes))

    def seal(self) -> None:
        """Prepare the steps of ages at which an answer may change."""
        steps = set()
        for criterion in self.complex:
            if isinstance(criterion, AgeRange):
                steps.add(criterion.at_least)
                if criterion.at_most is not None:
                    steps.add(criterion.at_most + 1)
        self.bounds = sorted(steps)

    def bucket(self, age: int | None) -> int | None:
        """The same number for all ages that satisfy the same ranges."""
        return None if age is None else bisect_left(self.bounds, age + 1)

    def tokens_of(self, value: object) -> tuple[Token, ...]:
        """All tokens that a fact satisfies."""
        found = self.satisfied.get(value)
        if found is None:
            if len(self.satisfied) >= MOST_VALUES:
                self.satisfied.clear()
            found = self.satisfied[value] = self.work_out(value)
        return found

    def work_out(self, value: object) -> tuple[Token, ...]:
        if value is None:
            return ()
        if isinstance(value, bool):
            return (value,)
        if isinstance(value, int):
            return tuple(no for found, no in self.complex.items() if isinstance(found, AgeRange) and found.holds(value))
        lineage = self.tree.lineage(str(value))
        near: list[Token] = [code for code in lineage if code in self.named]
        near += [no for found, no in self.complex.items() if isinstance(found, Criterion) and found.holds(lineage)]
        return tuple(near)


def token_keys(rule: CircRule, indexes: Mapping[str, AxisIndex]) -> tuple[tuple[str, ...], Iterable[tuple[Token, ...]]]:
    """The axes that restrict a rule, and the keys under which it is filed."""
    restricting, room, parts = [], MOST_KEYS, []
    for axis, found in rule.axes.items():
        if not is_any(found):
            tokens = indexes[axis].tokens_for(found, room=room)
            room = max(1, room // len(tokens))
            restricting.append(axis)
            parts.append(tokens)
    return tuple(restricting), product(*parts)


def is_any(criterion: RuleCriterion) -> bool:
    """Whether the axis is named but not restricted."""
    return isinstance(criterion, Criterion) and criterion.is_any
