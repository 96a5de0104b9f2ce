"""What a library is made of, as its settings write it down: libraries, counters, categories of patrons, types of items.

Libraries, categories and types are trees: what one of them does not say, the one above it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from attrs import field, frozen

from libops.base.ids import LibraryCode
from libops.base.money import Money
from libops.base.periods import Period
from libops.circulation.policy.rules import Tree

__all__ = ["ItemType", "Library", "PatronCategory", "ServicePoint", "inherited"]

C = TypeVar("C", bound=str)
T = TypeVar("T")


@frozen(kw_only=True)
class ServicePoint:
    """A counter of a library."""

    name: str
    pickup: bool = True
    """Whether holds can be picked up here."""


@frozen(kw_only=True)
class Library:
    """A library or another organization unit; `parent` is the unit above it."""

    name: str
    parent: LibraryCode | None = None
    calendar: str | None = None
    """The calendar it keeps; absent: that of the unit above it."""
    zone: str | None = None
    """A time zone other than its calendar's."""
    service_points: Mapping[str, ServicePoint] = field(factory=dict)
    juvenile_below: int | None = None
    """Its patrons younger than this many years are juveniles to rules that ask; absent: as the unit above it says."""


@frozen(kw_only=True)
class PatronCategory:
    """A kind of patron; `parent` is the category it belongs to. `membership` is how long a new card is valid.

    `notices` names the notice policy for memberships and certifications; absent: that of the category above it.
    """

    name: str
    parent: str | None = None
    membership: Period | None = None
    notices: str | None = None


@frozen(kw_only=True)
class ItemType:
    """A kind of item; `parent` is the group of types it belongs to, which rules and limits may name."""

    name: str
    parent: str | None = None
    default_price: Money | None = None
    """What a lost item of this type costs when its own price is not known."""
    new_for: Period | None = None
    """How long after its acquisition an item counts as new to rules that ask; absent: as its group of types says."""


def inherited(tree: Tree, own: Mapping[C, T | None]) -> dict[C, T]:
    """What each code says itself, or else the nearest above it in the tree; a code of which nothing is said falls out.

    >>> inherited(Tree({"TOWN": None, "NORTH": "TOWN", "ISLE": None}), {"TOWN": 16, "NORTH": None, "ISLE": None})
    {'TOWN': 16, 'NORTH': 16}
    """
    said: Mapping[str, T | None] = {str(code): value for code, value in own.items()}
    found = {}
    for code in own:
        value = next((said[unit] for unit in tree.lineage(code) if said.get(unit) is not None), None)
        if value is not None:
            found[code] = value
    return found
