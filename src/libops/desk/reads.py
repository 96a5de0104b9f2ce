"""What a decision read, with the version of each record: the guards of the batch that follows."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import product, starmap
from operator import itemgetter
from typing import Any, TypeVar, overload

from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get, Guard, Query, Storage, Versioned
from libops.storage.records import RecordType

__all__ = ["Place", "Reads"]

Place = tuple[RecordType[Any], str]
"""Where a record is: its kind and its key."""

R = TypeVar("R")
RECORD = itemgetter(0)
GET = (Get,)
"""With a place: what `tuple` makes a `Get` of, without a call of Python's for each."""


class Reads:
    """Reads for one decision. Every record seen is remembered with its version; an absent one too.

    `at` is the instant the decision is made for, where there is one. `as_of` is how many commits the store had seen
    when the first record was read, where it counts them.
    """

    __slots__ = ("as_of", "at", "seen", "storage")

    def __init__(self, storage: Storage, at: datetime | None = None) -> None:
        self.storage = storage
        self.at = at
        self.seen: dict[Place, Versioned] = {}
        """What was read, by kind and key: a `Get` is such a pair."""
        self.as_of: int | None = None

    def load(self, *queries: Query) -> list[Any]:
        """Answer queries in one snapshot: a record or None for a `Get`, a list of records for a `Find`."""
        answers = self.storage.read(queries)
        seen = self.seen
        if not seen:
            self.as_of = getattr(answers, "as_of", None)
        found: list[Any] = []
        for query, result in zip(queries, answers, strict=True):
            if type(query) is Get:
                seen[query] = result
                found.append(result[0])
            else:
                found.append(self.each(query[0], result) if result else result)
        return found

    def records(self, places: Sequence[Place], finds: Sequence[Find] = ()) -> list[Any]:
        """The records of these kinds and keys, then the lists of `finds`: `load`, for an act that many wait for."""
        answers = self.storage.read([*starmap(tuple.__new__, product(GET, places)), *finds])
        seen = self.seen
        if not seen:
            self.as_of = getattr(answers, "as_of", None)
        seen.update(zip(places, answers))  # noqa: B905  the answers go on with those to the finds
        first = len(places)
        found = [*map(RECORD, answers[:first]), *answers[first:]]
        for at, find in enumerate(finds, first):
            if found[at]:
                found[at] = self.each(find[0], found[at])
        return found

    def each(self, kind: RecordType[Any], rows: list[Versioned]) -> list[Any]:
        """The records that a `Find` found, each remembered under its key."""
        for row in rows:
            self.seen[kind, kind.key_of(row[0])] = row
        return [row[0] for row in rows]

    def get(self, cls: type[R], key: str) -> R | None:
        """One record, from what was read already if it was."""
        kind = kind_of(cls)
        known = self.seen.get((kind, key))
        found: R | None = self.load(Get(kind, key))[0] if known is None else known[0]
        return found

    def find(self, cls: type[R], by: str, *equal: Any, limit: int | None = None) -> list[R]:
        """Records of a class by one of its indexes."""
        found: list[R] = self.load(Find(kind_of(cls), by, equal, limit=limit))[0]
        return found

    def version(self, cls: type[Any], key: str) -> int:
        """The version at which a record was read; 0 for one that was absent or never asked for."""
        known = self.seen.get((kind_of(cls), key))
        return 0 if known is None else known.version

    def guards(self, written: Container[Place]) -> Sequence[Guard]:
        """A guard for every record that was read and is not written (a write is guarded by itself)."""
        return Guards(self.seen, written)


class Guards(Sequence[Guard]):
    """Guards made when a backend looks at them: one that counts its commits mostly need not."""

    __slots__ = ("made", "seen", "written")

    def __init__(self, seen: Mapping[Place, Versioned], written: Container[Place]) -> None:
        self.seen = seen
        self.written = written
        self.made: tuple[Guard, ...] | None = None

    def all(self) -> tuple[Guard, ...]:
        if self.made is None:
            self.made = tuple(
                [Guard(*place, row.version) for place, row in self.seen.items() if place not in self.written]
            )
        return self.made

    @overload
    def __getitem__(self, at: int) -> Guard: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Guard, ...]: ...
    def __getitem__(self, at: int | slice) -> Guard | tuple[Guard, ...]:
        return self.all()[at]

    def __len__(self) -> int:
        return len(self.all())

    def __iter__(self) -> Iterator[Guard]:
        return iter(self.all())
