"""Record types: what a store keeps, by kind, with its key and its indexes.

A backend knows no loans and no patrons. It knows that a kind has a name, a class, a key and some indexes.
Uniqueness lives in keys alone, so that any engine can hold it when two desks race.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from importlib import import_module
from operator import attrgetter
from typing import Any, Generic, TypeVar

from attrs import field, fields, frozen

from libops.base.errors import InvalidValue

__all__ = ["Index", "RecordType", "comparable", "home_of", "place_of", "sortable"]

R = TypeVar("R")


AS_THEY_ARE = frozenset({str, int, bool, datetime, date})


@frozen
class Index:
    """An order in which records of a kind can be found: by equality on the first fields, by range on the next.

    A record with None in one of the fields is not in the index. `carries` names fields that a store may keep with each
    place in the index: a sweep that looks at these alone (`peek`) is then spared a record from anywhere in the file
    for each place. They take room in the index, and change nothing of what it finds.
    """

    name: str
    fields: tuple[str, ...]
    carries: tuple[str, ...] = ()


@frozen(eq=False)
class RecordType(Generic[R]):
    """A kind of record: its name in the store, its attrs class, the attribute that is its key, its indexes.

    `declared` is the class, or where it is (`"libops.patrons.model:Patron"`): then it is imported when the first
    record of the kind is met, and a program that only lends never pays for the rooms it does not enter.
    `logged` is False for kinds that are the store's own business (the outbox, the cursors of sweeps): they are not
    the fold of events, and a rebuild leaves them alone. `history` marks append-only kinds that only grow.
    `full_text` names the fields whose words can be searched, the weightiest first; they hold folded words;
    `facets` names the fields by which hits are narrowed and counted.
    """

    name: str
    declared: type[R] | str
    key: str
    indexes: tuple[Index, ...] = ()
    logged: bool = field(default=True, kw_only=True)
    history: bool = field(default=False, kw_only=True)
    full_text: tuple[str, ...] = field(default=(), kw_only=True)
    facets: tuple[str, ...] = field(default=(), kw_only=True)
    key_of: Callable[[R], str] = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "key_of", attrgetter(self.key))

    @property
    def home(self) -> str:
        """Where the class is: its module and name."""
        return self.declared if isinstance(self.declared, str) else home_of(self.declared)

    @cached_property
    def cls(self) -> type[R]:
        """The attrs class; raises `InvalidValue` when it has not the fields of an index, or one that is the store's."""
        if isinstance(self.declared, str):
            module, _, name = self.declared.partition(":")
            found: type[R] = getattr(import_module(module), name)
        else:
            found = self.declared
        self.fits(found)
        return found

    def fits(self, cls: type[R]) -> None:
        known = {a.name for a in fields(cls)}  # type: ignore[arg-type]
        if "version" in known:
            raise InvalidValue(f"{cls.__name__} has a field 'version', which is the store's own: call it otherwise")
        for index in self.indexes:
            for name in (*index.fields, *index.carries):
                if name not in known:
                    raise InvalidValue(
                        f"index {index.name!r} of kind {self.name!r} names field {name!r}; "
                        f"{cls.__name__} has {', '.join(sorted(known))}"
                    )

    def index(self, name: str) -> Index:
        """The index of that name; raises `InvalidValue` with those there are."""
        for index in self.indexes:
            if index.name == name:
                return index
        there = ", ".join(index.name for index in self.indexes) or "none"
        raise InvalidValue(f"kind {self.name!r} has no index {name!r}; it has {there}")


def home_of(cls: type[Any]) -> str:
    """Where a class is, as a kind declares it.

    >>> home_of(dict)
    'builtins:dict'
    """
    return f"{cls.__module__}:{cls.__qualname__}"


def place_of(index: Index, key: str) -> Callable[[Any], tuple[Any, ...] | None]:
    """Says where a record stands in an index: its values and then its key, or None when one of the values is None."""
    every = attrgetter(*index.fields, key)

    def place(record: Any) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] = every(record)
        if AS_THEY_ARE.issuperset(map(type, found)):
            return found
        return None if None in found else sortable(found)

    return place


def sortable(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Values as they sort in an index: an enumeration by its value."""
    if AS_THEY_ARE.issuperset(map(type, values)):
        return values
    return tuple([comparable(each) for each in values])


def comparable(value: Any) -> Any:
    """A value as it sorts in an index: an enumeration by its value."""
    return value.value if isinstance(value, Enum) else value
