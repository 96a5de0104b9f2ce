"""What a circulation rule is: the facts it matches on, and the names of the policies it gives.

A rule leaves an axis out to say nothing about it. `"*"` names the axis without restricting it, which matters to
strategies that count criteria (FOLIO's `all`). A value matches its whole subtree of libraries, categories or types.

>>> Criterion.parse(["!reference", "!rare"])
Criterion(any_of=(), none_of=('reference', 'rare'))
>>> rule = CircRule(id="student-dvd", patron_category=Criterion(("student",)), loan="one-week")
>>> rule.axes, rule.policies
({'patron_category': Criterion(any_of=('student',), none_of=())}, {<Concern.LOAN: 'loan'>: 'one-week'})
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Final

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.base.ids import LibraryCode

__all__ = [
    "AXES",
    "AgeRange",
    "Axis",
    "Case",
    "CircRule",
    "Concern",
    "ControlLibraries",
    "Criterion",
    "LibraryRole",
    "RuleCriterion",
    "Tree",
]


class Axis(Enum):
    """A fact about a loan that a rule may match on; the value is the name of the field in `CircRule`."""

    LIBRARY = "library"
    """The library whose rule counts, by the role that `ControlLibraries` gives it for each concern."""
    TRANSACTION_LIBRARY = "transaction_library"
    PATRON_LIBRARY = "patron_library"
    ITEM_LIBRARY = "item_library"
    HOLDING_LIBRARY = "holding_library"
    PATRON_CATEGORY = "patron_category"
    ITEM_TYPE = "item_type"
    LOAN_TYPE = "loan_type"
    SHELVING_LOCATION = "shelving_location"
    COLLECTION = "collection"
    BIB_LEVEL = "bib_level"
    BIB_FORM = "bib_form"
    PATRON_AGE = "patron_age"
    ITEM_AGE = "item_age"
    JUVENILE = "juvenile"
    REFERENCE = "reference"
    NEW = "new"
    RENEWAL = "renewal"


AXES: Final = tuple(axis.value for axis in Axis)


class Concern(Enum):
    """What a rule decides about; the value is the name of the field in `CircRule` that names the policy."""

    LOAN = "loan"
    FINE = "fine"
    LIMITS = "limits"
    HOLDS = "holds"
    LOST = "lost"
    SUSPENSION = "suspension"
    """Days without borrowing in place of money."""
    REMINDERS = "reminders"
    """A schedule of reminders, each with its fee."""
    RECALL = "recall"
    NOTICES = "notices"


class LibraryRole(Enum):
    """Which of the libraries around a loan counts."""

    TRANSACTION = "transaction"
    """Where the desk stands."""
    PATRON_HOME = "patron-home"
    ITEM_HOME = "item-home"
    ITEM_HOLDING = "item-holding"
    """Where the item is kept at present."""


@frozen(kw_only=True)
class ControlLibraries:
    """Whose library counts for each concern, when a rule names a `library`."""

    loan: LibraryRole = LibraryRole.TRANSACTION
    fine: LibraryRole = LibraryRole.TRANSACTION
    limits: LibraryRole = LibraryRole.TRANSACTION
    holds: LibraryRole = LibraryRole.TRANSACTION
    lost: LibraryRole = LibraryRole.TRANSACTION
    suspension: LibraryRole = LibraryRole.TRANSACTION
    reminders: LibraryRole = LibraryRole.TRANSACTION
    recall: LibraryRole = LibraryRole.TRANSACTION
    notices: LibraryRole = LibraryRole.TRANSACTION


@frozen
class Criterion:
    """Values an axis must have, or must not have; neither: any value ("*")."""

    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()

    @classmethod
    def parse(cls, written: str | list[str]) -> Criterion:
        """Read `"adult"`, `["adult", "student"]`, `"!reference"`, `["!a", "!b"]` or `"*"`.

        Raises `InvalidValue` for an empty list or text, and for a mixture of values and negated values.
        """
        names = [written] if isinstance(written, str) else list(written)
        if names == ["*"]:
            return cls()
        if not names or not all(name.strip("! ") for name in names) or "*" in names:
            raise InvalidValue(f"{written!r} names no value: write a code, a list of codes, '!code', or '*' for any")
        negated = [name for name in names if name.startswith("!")]
        if negated and len(negated) < len(names):
            raise InvalidValue(f"{written!r} mixes codes and negated codes: write one kind only")
        if negated:
            return cls((), tuple(name[1:].strip() for name in negated))
        return cls(tuple(names))

    @property
    def is_any(self) -> bool:
        """Whether the axis is named but not restricted."""
        return not self.any_of and not self.none_of

    def holds(self, lineage: tuple[str, ...]) -> bool:
        """Whether a value with this lineage (itself first, then its ancestors) satisfies the criterion."""
        if self.none_of and not set(lineage).isdisjoint(self.none_of):
            return False
        return not self.any_of or not set(lineage).isdisjoint(self.any_of)

    def written(self) -> str | list[str]:
        """The form that `parse` reads."""
        names = [*self.any_of, *(f"!{name}" for name in self.none_of)] or ["*"]
        return names[0] if len(names) == 1 else names

    def __str__(self) -> str:
        written = self.written()
        return written if isinstance(written, str) else " or ".join(written)


RANGE: Final = re.compile(r"(\d+)\s*(?:-\s*(\d+)|(\+))|(\d+)", re.ASCII)


@frozen
class AgeRange:
    """An age from `at_least` up to and including `at_most`: full years for patrons, days for items."""

    at_least: int = 0
    at_most: int | None = None

    def __attrs_post_init__(self) -> None:
        if self.at_most is not None and self.at_least > self.at_most:
            raise InvalidValue(f"age range {self} is empty: write the lower age first")

    @classmethod
    def parse(cls, written: str) -> AgeRange:
        """Read `"12-17"`, `"65+"` or `"18"`. Raises `InvalidValue` for anything else."""
        found = RANGE.fullmatch(written.strip())
        if found is None:
            raise InvalidValue(f"{written!r} is no age range: write '12-17', '65+' or '18'")
        low, high, _, exact = found.groups()
        if exact is not None:
            return cls(int(exact), int(exact))
        return cls(int(low), int(high) if high is not None else None)

    def holds(self, age: int | None) -> bool:
        """Whether the age lies in the range; an unknown age lies in none."""
        if age is None:
            return False
        return age >= self.at_least and (self.at_most is None or age <= self.at_most)

    def written(self) -> str:
        """The form that `parse` reads."""
        if self.at_most is None:
            return f"{self.at_least}+"
        return f"{self.at_least}-{self.at_most}"

    def __str__(self) -> str:
        return self.written()


RuleCriterion = Criterion | AgeRange | bool


@frozen(kw_only=True)
class CircRule:
    """A circulation rule: when all its criteria hold, these policies apply.

    A policy left out is unset: with inheritance it comes from the next rule that sets it. An empty name says
    explicitly that there is none.
    """

    id: str
    library: Criterion | None = None
    transaction_library: Criterion | None = None
    patron_library: Criterion | None = None
    item_library: Criterion | None = None
    holding_library: Criterion | None = None
    patron_category: Criterion | None = None
    item_type: Criterion | None = None
    loan_type: Criterion | None = None
    """A second type of item, where a library has two (FOLIO's loan type beside the material type)."""
    shelving_location: Criterion | None = None
    collection: Criterion | None = None
    bib_level: Criterion | None = None
    bib_form: Criterion | None = None
    patron_age: AgeRange | None = None
    """In full years; a patron of unknown age is in no range."""
    item_age: AgeRange | None = None
    """In days since the item joined the collection."""
    juvenile: bool | None = None
    reference: bool | None = None
    new: bool | None = None
    renewal: bool | None = None
    """True: only renewals; false: only first loans."""
    loan: str | None = None
    fine: str | None = None
    limits: str | None = None
    holds: str | None = None
    lost: str | None = None
    suspension: str | None = None
    reminders: str | None = None
    recall: str | None = None
    notices: str | None = None
    note: str = ""
    axes: Mapping[str, RuleCriterion] = field(init=False, eq=False, repr=False)
    """The criteria that the rule names, by axis."""

    def __attrs_post_init__(self) -> None:
        named = {axis: found for axis in AXES if (found := getattr(self, axis)) is not None}
        object.__setattr__(self, "axes", named)

    def __repr__(self) -> str:
        given = [*self.axes, *(concern.value for concern in self.policies)]
        return f"CircRule({', '.join(f'{name}={getattr(self, name)!r}' for name in ('id', *given))})"

    @property
    def policies(self) -> dict[Concern, str]:
        """The names of the policies that the rule sets."""
        return {concern: name for concern in Concern if (name := getattr(self, concern.value)) is not None}


# Without slots a frozen value is made in half the time, and one is made for every decision.
@frozen(slots=False)
class Case:
    """The facts of one loan that rules match on. A fact that is unknown is `None` and matches no criterion."""

    transaction_library: LibraryCode | None = None
    patron_category: str | None = None
    item_type: str | None = None
    patron_library: LibraryCode | None = None
    item_library: LibraryCode | None = None
    holding_library: LibraryCode | None = None
    loan_type: str | None = None
    shelving_location: str | None = None
    collection: str | None = None
    bib_level: str | None = None
    bib_form: str | None = None
    patron_age: int | None = None
    item_age: int | None = None
    juvenile: bool = False
    reference: bool = False
    new: bool = False
    renewal: bool = False


@frozen
class Tree:
    """Codes with their parents: libraries below organizations, categories and item types below groups."""

    parents: Mapping[str, str | None] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        for code in self.parents:
            self.lineage(code)

    def lineage(self, code: str) -> tuple[str, ...]:
        """The code itself, then its ancestors up to the root.

        Raises `InvalidValue` when the parents run in a circle.
        """
        found = [code]
        while (parent := self.parents.get(found[-1])) is not None:
            if parent in found:
                raise InvalidValue(f"{code!r} is its own ancestor: {' < '.join([*found, parent])}")
            found.append(parent)
        return tuple(found)

    def depth(self, code: str) -> int:
        """0 for a root, 1 for its children, and so on."""
        return len(self.lineage(code)) - 1
