"""The memory store: dictionaries and sorted places, one lock. Also the model that other backends are tested against."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Sequence
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
from libops.storage.records import RecordType, place_of, sortable
from libops.storage.sorted_keys import SortedKeys
from libops.storage.words import WordIndex

__all__ = ["MEMORY_CAPABILITIES", "MemoryStorage"]

MEMORY_CAPABILITIES = Capabilities(persistent=False, processes=False, durable=False, full_text=True)


versioned = maker(Versioned)


class Table:
    """The records of one kind, and the places of those of its indexes that somebody has asked for.

    An index is made when it is first asked for and kept from then on: a desk that only lends never sorts by due date.
    """

    __slots__ = ("indexes", "keys", "rows", "type", "words")

    def __init__(self, type: RecordType[Any]) -> None:
        self.type = type
        self.rows: dict[str, Versioned] = {}
        self.keys: SortedKeys | None = None
        self.words = WordIndex(type) if type.full_text else None
        self.indexes: dict[str, tuple[Callable[[Any], tuple[Any, ...] | None], Places]] = {}

    def write(self, key: str, record: Any, version: int) -> None:
        old = self.rows.get(key)
        for place, places in self.indexes.values():
            before = None if old is None else place(old[0])
            after = None if record is None else place(record)
            if before != after:
                if before is not None:
                    places.remove(before)
                if after is not None:
                    places.add(after)
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

    def holds(self, key: str, version: int) -> None:
        """Raise `Conflict` unless the record still has this version."""
        there = self.rows.get(key, ABSENT)[1]
        if there != version:
            raise Conflict(f"{self.type.name} {key!r} was read at version {version} and is now at {there}")

    def places(self, index: str) -> Places:
        """The places of an index, in order; raises `InvalidValue` when the kind declares none of that name."""
        kept = self.indexes.get(index)
        if kept is None:
            place = place_of(self.type.index(index), self.type.key)
            there = [found for row in self.rows.values() if (found := place(row[0])) is not None]
            kept = self.indexes[index] = place, Places.of(there)
        return kept[1]

    def sorted_keys(self) -> SortedKeys:
        """All keys, sorted when first asked for."""
        if self.keys is None:
            self.keys = SortedKeys.of([(key,) for key in sorted(self.rows)])
        return self.keys

    def match(self, query: Match) -> Matches:
        if self.words is None:
            raise InvalidValue(f"kind {self.type.name!r} declares no full_text fields to search")
        return self.words.find(query, self.rows)

    def find(self, query: Find) -> list[Versioned]:
        kept = self.indexes.get(query[1])
        places = self.places(query[1]) if kept is None else kept[1]
        if not places.groups:
            return []
        _, _, equal, low, high, descending, limit = query
        found: Iterable[tuple[Any, ...]]
        if equal:
            found = places.within(sortable(equal), low, high, descending)
        else:
            walk = places.between_reversed if descending else places.between
            found = walk(() if low is None else (low,), None if high is None else (high,))
        if not found:
            return []
        if limit is not None:
            found = islice(found, limit)
        rows = self.rows
        return [rows[place[-1]] for place in found]


class MemoryStorage:
    """A store that forgets when the program ends. Threads may share it; processes may not."""

    joined = False

    def __init__(self) -> None:
        self.tables: dict[RecordType[Any], Table] = {}
        self.log: list[Event] = []
        self.streams: dict[str, list[int]] = {}
        self.streamed = 0
        """Up to this position the log is known by stream: nobody may ever ask for the rest."""
        self.commits = 0
        self.lock = Lock()

    def table(self, type: RecordType[Any]) -> Table:
        """The table of a kind, made when it is first asked for."""
        found = self.tables.get(type)
        if found is None:
            found = self.tables[type] = Table(type)
        return found

    def read(self, queries: Sequence[Query]) -> list[Any]:
        """Answer each query from one snapshot."""
        with self.lock:
            try:
                found = self.answers(queries)
            except KeyError:
                for query in queries:
                    self.table(query[0])
                found = self.answers(queries)
            found.as_of = self.commits
            return found

    def answers(self, queries: Sequence[Query]) -> Answers:
        tables = self.tables
        return Answers(
            [
                tables[query[0]].rows.get(query[1], ABSENT)
                if type(query) is Get
                else tables[query[0]].find(query)
                if type(query) is Find
                else tables[query[0]].match(query)  # type: ignore[arg-type]
                for query in queries
            ]
        )

    def apply(self, batch: Batch) -> int:
        """Write the batch, all or nothing; see `Storage.apply`."""
        with self.lock:
            if batch.as_of != self.commits:
                for type_, key, version in batch.guards:
                    self.table(type_).holds(key, version)
            tables = self.tables
            for type_, key, _, version in batch.writes:
                table = tables.get(type_) or self.table(type_)
                if table.rows.get(key, ABSENT)[1] != version:
                    table.holds(key, version)
            self.log += batch.events
            for position, event in batch.rewrites:
                self.rewrite(position, event)
            commits = self.commits = self.commits + 1
            for type_, key, record, _ in batch.writes:
                tables[type_].write(key, record, commits)
            return len(self.log)

    def rewrite(self, position: int, event: Event) -> None:
        old = self.log[position - 1]
        self.log[position - 1] = event
        if position <= self.streamed and old.stream != event.stream:
            if old.stream:
                self.streams[old.stream].remove(position)
            if event.stream:
                insort(self.streams.setdefault(event.stream, []), position)

    def stream(self, name: str) -> Sequence[int]:
        """The positions of the events of one stream."""
        for position, event in enumerate(self.log[self.streamed :], self.streamed + 1):
            if event.stream:
                self.streams.setdefault(event.stream, []).append(position)
        self.streamed = len(self.log)
        return self.streams.get(name, ())

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
            table = self.table(type)
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
                positions = [p for p in self.stream(stream) if p > after][:page]
            entries = [Logged(position, self.log[position - 1]) for position in positions]
        return EventPage(entries, entries[-1].position if entries else after)

    def close(self) -> None:
        """Nothing to let go of."""
