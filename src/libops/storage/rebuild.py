"""Rebuilding: the whole log folded over nothing gives the records that the store holds, byte for byte.

`rebuilt` folds a log, `stored` reads a store, and `state_hash` is one fingerprint for either, so that two stores can
be compared without being side by side. `rebuild_into` and `store_hash` do the same for a library that does not fit
into memory: the fold lives in a scratch store, and the fingerprint is taken page by page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, TypeVar

from libops.base.events import Event, Put
from libops.storage.fold import changes_of
from libops.storage.kinds import all_kinds, key_of, kind_of
from libops.storage.port import Batch, Get, Storage, Versioned, Write
from libops.storage.records import RecordType

__all__ = ["State", "differing", "every", "log_of", "rebuild_into", "rebuilt", "state_hash", "store_hash", "stored"]

R = TypeVar("R")

AT_ONCE = 500
"""So many events are folded before what they change is written to the scratch store, and so many records hashed."""

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
    # What has no key belongs to nobody any more: the patron was taken out of the events (see desk/privacy/desk.py).
    return {place: record for place, record in state.items() if place[1] and kind_of(place[0]).logged}


class InStore:
    """Records as they are while a log is folded into a store: those of the last events are at hand, the rest in it."""

    def __init__(self, store: Storage) -> None:
        self.store = store
        self.seen: dict[tuple[type[Any], str], Versioned] = {}
        self.changed: set[tuple[type[Any], str]] = set()

    def get(self, cls: type[R], key: str) -> R | None:
        """The record as of the last event."""
        found: R | None = self.row(cls, key).record
        return found

    def row(self, cls: type[Any], key: str) -> Versioned:
        place = (cls, key)
        row = self.seen.get(place)
        if row is None:
            row = self.seen[place] = self.store.read([Get(kind_of(cls), key)])[0]
        return row

    def fold(self, event: Event) -> None:
        for change in changes_of(event, self):
            put = isinstance(change, Put)
            cls, key = (type(change.record), key_of(change.record)) if put else (change.cls, change.key)  # type: ignore[union-attr]
            self.seen[(cls, key)] = self.row(cls, key)._replace(record=change.record if put else None)  # type: ignore[union-attr]
            self.changed.add((cls, key))

    def flush(self) -> None:
        writes = [
            Write(kind_of(cls), key, row.record, row.version)
            for (cls, key), row in ((place, self.seen[place]) for place in self.changed)
            if row.record is not None or row.version
        ]
        self.store.apply(Batch(writes=tuple(writes)))
        self.seen.clear()
        self.changed.clear()


def rebuild_into(store: Storage, events: Iterable[Event]) -> None:
    """Fold a log into an empty scratch store: `rebuilt` for a log whose records do not fit into memory."""
    records = InStore(store)
    for number, event in enumerate(events, 1):
        records.fold(event)
        if number % AT_ONCE == 0:
            records.flush()
    records.flush()


def store_hash(store: Storage) -> str:
    """The `state_hash` of what a store holds, taken page by page."""
    from libops.wire.json import as_json

    digest = sha256()
    for kind in sorted(all_kinds(), key=lambda kind: kind.name):
        if kind.logged:
            for record in every(store, kind, page=AT_ONCE):
                key = kind.key_of(record)
                if key:
                    digest.update(f"{kind.name}\t{key}\t{as_json(record, kind.cls)}\n".encode())
    return digest.hexdigest()


def differing(store: Storage, other: Storage) -> Iterator[tuple[RecordType[Any], str]]:
    """Kind and key of each logged record that two stores do not hold alike, compared page by page."""
    for kind in all_kinds():
        if kind.logged:
            ours, theirs = by_key(store, kind), by_key(other, kind)
            mine, yours = next(ours, None), next(theirs, None)
            while mine is not None or yours is not None:
                key = min(place[0] for place in (mine, yours) if place is not None)
                if mine != yours and key:
                    yield kind, key
                mine = next(ours, None) if mine is not None and mine[0] == key else mine
                yours = next(theirs, None) if yours is not None and yours[0] == key else yours


def by_key(store: Storage, kind: RecordType[Any]) -> Iterator[tuple[str, Any]]:
    return ((kind.key_of(record), record) for record in every(store, kind, page=AT_ONCE))


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
