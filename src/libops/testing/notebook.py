"""A notebook: the records of one room in a dictionary, kept by its `CHANGES` table alone.

For tests and examples of the pure rooms, where no store is wanted: write events, look at the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from libops.base.events import Changes, Event, Put

__all__ = ["Notebook"]

R = TypeVar("R")


class Notebook:
    """Records by class and key. `keys` names the attribute that is the key, where it is not `id` or `key`."""

    def __init__(self, changes: Changes, keys: Mapping[type[Any], str] | None = None) -> None:
        self.changes = changes
        self.keys = keys or {}
        self.records: dict[tuple[type[Any], str], Any] = {}
        self.log: list[Event] = []

    def get(self, cls: type[R], key: str) -> R | None:
        """The record of this class with this key, or None."""
        return self.records.get((cls, key))

    def all(self, cls: type[R]) -> tuple[R, ...]:
        """All records of a class, by key."""
        return tuple(record for (kind, _), record in sorted(self.records.items(), key=str) if kind is cls)

    def write(self, events: Iterable[Event]) -> None:
        """Let the events change the records, one change after the other."""
        for event in events:
            self.log.append(event)
            for change in self.changes[type(event)](event, self):
                if isinstance(change, Put):
                    record = change.record
                    self.records[type(record), self.key_of(record)] = record
                else:
                    self.records.pop((change.cls, change.key), None)

    def key_of(self, record: Any) -> str:
        """The key of a record."""
        key: str = getattr(record, self.keys.get(type(record), "id" if hasattr(record, "id") else "key"))
        return key
