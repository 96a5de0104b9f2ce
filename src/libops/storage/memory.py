"""The memory store: dictionaries and sorted places, one lock. Also the model that other backends are tested against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from threading import Lock
from typing import Any

from libops.base.errors import Conflict, InvalidValue
from libops.base.events import Event
from libops.base.makers import maker
from libops.storage.places import Places
from libops.storage.port import (
    ABSENT,
    Answers,
    Batch,
    Capabilities,
    EventPage,
    Find,
    Get,
    Logged,
    Match,
    Matches,
    Page,
    Query,
    Versioned,
)
from libops.storage.records import RecordType, comparable, place_of
from libops.storage.sorted_keys import SortedKeys
from libops.storage.words import WordIndex

__all__ = ["MEMORY_CAPABILITIES", "MemoryStorage"]

MEMORY_CAPABILITIES = Capabilities(persistent=False, processes=False, durable=False, full_text=True)


versioned = maker(Versioned)


class Table:
    """The records of one kind and the places of its indexes."""

    __slots__ = ("indexes", "keys", "rows", "type", "words")

    def __init__(self, type: RecordType[Any]) -> None:
        self.type = type
        self.rows: dict[str, Versioned] = {}
        self.keys: SortedKeys | None = None
        self.words = WordIndex(type) if type.full_text else None
        self.indexes = {index.name: (place_of(index), Places()) for index in type.indexes}

    def write(self, key: str, record: Any, version: int) -> None:
        old = self.rows.get(key)
        for place, places in self.indexes.values():
            before = None if old is None else place(old[0])
            after = None if record is None else place(record)
            if before != after:
                if before is not None:
                    places.remove((*before, key))
                if after is not None:
                    places.add((*after, key))
        if self.words is not None:
            self.words.write(key, None if old is None else old.record, record)
        if record is None:
            del self.rows[key]
            if self.keys is not None:
                self.keys.remove((key,))
        else:
            self.rows[key] = versioned(record, version)
            if self.keys is not None and old is None:
                self.keys.add((key,))

    def conflict(self, key: str, version: int) -> Conflict:
        there = self.rows.get(key, ABSENT).version
        return Conflict(f"{self.type.name} {key!r} was read at version {version} and is now at {there}")

    def places(self, index: str) -> Places:
        found = self.indexes.get(index)
        if found is None:
            self.type.index(index)
            raise AssertionError(index)
        return found[1]

    def sorted_keys(self) -> SortedKeys:
        """All keys, sorted when first asked for."""
        if self.keys is None:
            self.keys = SortedKeys.of([(key,) for key in sorted(self.rows)])
        return self.keys

    def answer(self, query: Find | Match) -> list[Versioned] | Matches:
        if type(query) is Find:
            return self.find(query)
        if self.words is None:
            raise InvalidValue(f"kind {self.type.name!r} declares no full_text fields to search")
        return self.words.find(query, self.rows)  # type: ignore[arg-type]

    def find(self, query: Find) -> list[Versioned]:
        _, by, equal, low, high, descending, limit = query
        places = self.places(by)
        if not self.rows:
            return []
        found: Iterable[tuple[Any, ...]]
        if equal:
            found = places.within(tuple([comparable(each) for each in equal]), low, high, descending=descending)
        else:
            walk = places.between_reversed if descending else places.between
            found = walk(() if low is None else (low,), None if high is None else (high,))
        if limit is not None:
            found = islice(found, limit)
        rows = self.rows
        return [rows[place[-1]] for place in found]


class Tables(dict[RecordType[Any], Table]):
    """The table of each kind, made when it is first asked for."""

    def __missing__(self, type: RecordType[Any]) -> Table:
        made = self[type] = Table(type)
        return made


class MemoryStorage:
    """A store that forgets when the program ends. Threads may share it; processes may not."""

    joined = False

    def __init__(self) -> None:
        self.tables = Tables()
        self.log: list[Event] = []
        self.streams: dict[str, list[int]] = {}
        self.commits = 0
        self.lock = Lock()

    def read(self, queries: Sequence[Query]) -> list[Any]:
        """Answer each query from one snapshot."""
        tables = self.tables
        with self.lock:
            found = Answers(
                [
                    tables[query[0]].rows.get(query[1], ABSENT)
                    if type(query) is Get
                    else tables[query[0]].answer(query)  # type: ignore[arg-type]
                    for query in queries
                ]
            )
            found.as_of = self.commits
            return found

    def apply(self, batch: Batch) -> int:
        """Write the batch, all or nothing; see `Storage.apply`."""
        with self.lock:
            tables = self.tables
            if batch.as_of != self.commits:
                for type_, key, version in batch.guards:
                    if tables[type_].rows.get(key, ABSENT).version != version:
                        raise tables[type_].conflict(key, version)
            for type_, key, _, version in batch.writes:
                if tables[type_].rows.get(key, ABSENT).version != version:
                    raise tables[type_].conflict(key, version)
            for event in batch.events:
                self.log.append(event)
                stream = event.stream
                if stream:
                    self.streams.setdefault(stream, []).append(len(self.log))
            for position, event in batch.rewrites:
                self.rewrite(position, event)
            self.commits += 1
            for type_, key, record, _ in batch.writes:
                tables[type_].write(key, record, self.commits)
            return len(self.log)

    def rewrite(self, position: int, event: Event) -> None:
        old = self.log[position - 1]
        if old.stream:
            self.streams[old.stream].remove(position)
        self.log[position - 1] = event
        if event.stream:
            self.streams.setdefault(event.stream, []).append(position)
            self.streams[event.stream].sort()

    def scan(
        self,
        type: RecordType[Any],
        index: str | None = None,
        low: Any = None,
        high: Any = None,
        after: tuple[Any, ...] | None = None,
        page: int = 500,
    ) -> Page:
        """One page of a kind in index order; see `Storage.scan`."""
        with self.lock:
            table = self.tables[type]
            start = after if after is not None else (() if low is None else (low,))
            places_ = table.sorted_keys() if index is None else table.places(index)
            walk = places_.between(start, None if high is None else (high,))
            places = list(islice(walk, page + 2))
            if after is not None and places and places[0] == after:
                del places[0]
            more = len(places) > page
            del places[page:]
            return Page([table.rows[place[-1]] for place in places], places[-1] if more else None)

    def events(self, after: int = 0, page: int = 500, stream: str | None = None) -> EventPage:
        """One page of the log; see `Storage.events`."""
        with self.lock:
            if stream is None:
                positions: Sequence[int] = range(after + 1, min(after + page, len(self.log)) + 1)
            else:
                positions = [p for p in self.streams.get(stream, ()) if p > after][:page]
            entries = [Logged(position, self.log[position - 1]) for position in positions]
        return EventPage(entries, entries[-1].position if entries else after)

    def close(self) -> None:
        """Nothing to let go of."""
