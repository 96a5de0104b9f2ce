"""What a decision read, with the version of each record: the guards of the batch that follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get, Guard, Query, Storage, Versioned

__all__ = ["Reads"]

R = TypeVar("R")


class Reads:
    """Reads for one decision. Every record seen is remembered with its version; an absent one too."""

    __slots__ = ("seen", "storage")

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.seen: dict[tuple[type[Any], str], Versioned] = {}

    def load(self, *queries: Query) -> list[Any]:
        """Answer queries in one snapshot: a record or None for a `Get`, a list of records for a `Find`."""
        found: list[Any] = []
        seen = self.seen
        for query, result in zip(queries, self.storage.read(queries), strict=True):
            if type(query) is Get:
                seen[(query.type.cls, query.key)] = result
                found.append(result.record)
            else:
                cls, key_of = query.type.cls, query.type.key_of
                for row in result:
                    seen[(cls, key_of(row.record))] = row
                found.append([row.record for row in result])
        return found

    def get(self, cls: type[R], key: str) -> R | None:
        """One record, from what was read already if it was."""
        known = self.seen.get((cls, key))
        if known is not None:
            record: R | None = known.record
            return record
        found: R | None = self.load(Get(kind_of(cls), key))[0]
        return found

    def find(self, cls: type[R], by: str, *equal: Any, limit: int | None = None) -> list[R]:
        """Records of a class by one of its indexes."""
        found: list[R] = self.load(Find(kind_of(cls), by, equal, limit=limit))[0]
        return found

    def version(self, cls: type[Any], key: str) -> int:
        """The version at which a record was read; 0 for one that was absent or never asked for."""
        known = self.seen.get((cls, key))
        return 0 if known is None else known.version

    def guards(self, written: Sequence[tuple[type[Any], str]] | Any) -> tuple[Guard, ...]:
        """A guard for every record that was read and is not written (a write is guarded by itself)."""
        return tuple(
            [
                Guard(kind_of(cls), key, row.version)
                for (cls, key), row in self.seen.items()
                if (cls, key) not in written
            ]
        )
