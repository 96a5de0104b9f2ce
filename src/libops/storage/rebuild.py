"""Rebuilding: the whole log folded over nothing gives the records that the store holds, byte for byte.

`rebuilt` folds a log, `stored` reads a store, and `state_hash` is one fingerprint for either, so that two stores can
be compared without being side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, TypeVar

from libops.base.events import Event, Put
from libops.storage.fold import changes_of
from libops.storage.kinds import all_kinds, key_of, kind_of
from libops.storage.port import Storage
from libops.storage.records import RecordType

__all__ = ["State", "every", "log_of", "rebuilt", "state_hash", "stored"]

R = TypeVar("R")

State = Mapping[tuple[type[Any], str], Any]
"""All records of the logged kinds, by class and key."""


class Growing:
    """Records as they are while a log is folded."""

    def __init__(self) -> None:
        self.state: dict[tuple[type[Any], str], Any] = {}

    def get(self, cls: type[R], key: str) -> R | None:
        """The record as of the last event."""
        found: R | None = self.state.get((cls, key))
        return found


def rebuilt(events: Iterable[Event]) -> State:
    """The records that a log leaves behind."""
    growing = Growing()
    state = growing.state
    for event in events:
        for change in changes_of(event, growing):
            if isinstance(change, Put):
                state[(type(change.record), key_of(change.record))] = change.record
            else:
                state.pop((change.cls, change.key), None)
    # What has no key belongs to nobody any more: the patron was taken out of the events (see desk/privacy.py).
    return {place: record for place, record in state.items() if place[1] and kind_of(place[0]).logged}


def every(store: Storage, kind: RecordType[R], *, page: int = 1000) -> Iterator[R]:
    """Every record of a kind, in the order of the keys, a page at a time."""
    after = None
    while True:
        rows, after = store.scan(kind, after=after, page=page)
        yield from (row.record for row in rows)
        if after is None:
            return


def log_of(store: Storage, *, page: int = 1000) -> Iterator[Event]:
    """The whole log, a page at a time."""
    position = 0
    while True:
        entries, position = store.events(position, page)
        yield from (entry.event for entry in entries)
        if len(entries) < page:
            return


def stored(store: Storage) -> State:
    """The records that a store holds, of the logged kinds."""
    return {
        (kind.cls, kind.key_of(record)): record for kind in all_kinds() if kind.logged for record in every(store, kind)
    }


def state_hash(state: State) -> str:
    """A fingerprint of a state: equal for equal records, whatever store they came from."""
    from libops.wire.json import as_json

    digest = sha256()
    for (cls, key), record in sorted(state.items(), key=lambda row: (kind_of(row[0][0]).name, row[0][1])):
        digest.update(f"{kind_of(cls).name}\t{key}\t{as_json(record, cls)}\n".encode())
    return digest.hexdigest()
