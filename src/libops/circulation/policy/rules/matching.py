"""How a fact satisfies a criterion, by the trees that codes stand in; and what a strategy sees of a rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import frozen

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

__all__ = ["LIBRARY_AXES", "ROLE_FIELDS", "Trees", "fact", "satisfied", "shape_of"]

LIBRARY_AXES: Final = frozenset({"library", "transaction_library", "patron_library", "item_library", "holding_library"})

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


def satisfied(trees: Trees, axis: str, criterion: RuleCriterion, value: object) -> bool:
    """Whether a fact satisfies a criterion on an axis."""
    if isinstance(criterion, bool):
        return value is criterion
    if isinstance(criterion, AgeRange):
        return criterion.holds(value if isinstance(value, int) else None)
    if criterion.is_any:
        return True
    return isinstance(value, str) and criterion.holds(trees.of(axis).lineage(value))
