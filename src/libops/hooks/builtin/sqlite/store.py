"""The four verbs on SQLite, through the standard library's driver.

Owned, every `apply` is one `BEGIN IMMEDIATE` transaction: SQLite has one writer, so what the guards see is what is
committed. Joined, the host's transaction is open already and `apply` works in a savepoint of it.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import Any

from libops.base.errors import BackendError, Conflict, InvalidValue, SchemaMismatch
from libops.base.events import Event
from libops.hooks.builtin.sqlite import bulk, full_text, schema, streams, upkeep
from libops.hooks.builtin.sqlite.places import hint_at, path_of, refuse_single_byte
from libops.hooks.builtin.sqlite.statements import APPEND, Kinds, check_of
from libops.hooks.builtin.sqlite.together import MOST_AT_ONCE, Together
from libops.hooks.builtin.sqlite.traces import Traces
from libops.storage.peek import Glance
from libops.storage.port import Batch, EventPage, Get, Guard, Logged, Match, Page, Query, Versioned, Write
from libops.storage.records import RecordType
from libops.wire.columns import part_of
from libops.wire.events import event_from_text, event_to_text
from libops.wire.json import time_text

__all__ = ["SqliteStorage"]

LOG = logging.getLogger("libops")

WAIT_SECONDS = 30.0
"""How long a writer waits for another process before it says that the store is busy."""

GUARDS_AT_ONCE = 500
"""How many guards one statement checks: far below the number of columns that SQLite allows."""

STATEMENTS_KEPT = 512
"""How many prepared statements the driver keeps; its own default of 128 is less than a busy desk uses."""

CACHE_KIB = 32_768
PAGES_BEFORE_CHECKPOINT = 8_000
"""A checkpoint syncs the file: at 1000 pages, the engine's default, a busy desk waits for one every hundred loans."""

NO_EVENT = ("", "", "", 0, "", "")
"""What stands in the log for a commit without events."""

LOG_PAGE = """
SELECT position, name, schema, body FROM event WHERE position > :after AND name <> '' ORDER BY position LIMIT :page
"""

DURABILITY = {"full": "FULL", "normal": "NORMAL"}


class SqliteStorage:
    """A store in one SQLite file, or on a connection of the host's.

    Use `SqliteStorage.own(url)` or `SqliteStorage.join(connection)`.
    """

    def __init__(self, connection: sqlite3.Connection, *, joined: bool) -> None:
        self.connection = connection
        self.joined = joined
        self.lock = RLock()
        self.file: upkeep.OpenFile | None = None
        self.kinds = Kinds()
        # One cursor for all: making one takes longer than running a short statement. Whatever finds rows fetches all.
        cursor = connection.cursor()
        cursor.row_factory = None
        self.execute = cursor.execute
        self.together = Together(self.execute, self.kinds)
        self.traces = Traces(connection, joined=joined)
        self.gather_at = 0
        """At which position of the log to look whether its streams are to be brought up."""

    @classmethod
    def own(cls, url: str, *, durability: str = "full") -> SqliteStorage:
        """Open or make the file of a URL such as `sqlite:///town.db` and own its transactions.

        Raises:
            SchemaMismatch: the file is damaged, another program's, or of a newer libops.
            BackendError: the file cannot be opened.
        """
        if durability not in DURABILITY:
            raise InvalidValue(f"durability {durability!r}: use one of {', '.join(map(repr, DURABILITY))}")
        path = path_of(url)
        refuse_single_byte(path)
        try:
            connection = sqlite3.connect(
                path,
                timeout=WAIT_SECONDS,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=STATEMENTS_KEPT,
            )
        except sqlite3.Error as error:
            raise BackendError(f"cannot open {path!r}: {error}{hint_at(path)}") from error
        store = cls(connection, joined=False)
        try:
            store.prepare_file(path, DURABILITY[durability])
            store.file = upkeep.OpenFile.of(connection)
        except BaseException:
            connection.close()
            raise
        return store

    @classmethod
    def join(cls, connection: sqlite3.Connection) -> SqliteStorage:
        """Work inside the transactions of the host's connection: never begin, commit or roll back.

        Raises `BackendError` when the connection is closed, or was made by another thread.
        """
        try:
            schema.check(connection, "the host's database", joined=True)
            return cls(connection, joined=True)
        except sqlite3.ProgrammingError as error:
            raise BackendError(f"the host's connection cannot be joined: {error}") from error

    def prepare_file(self, path: str, synchronous: str) -> None:
        connection = self.connection
        try:
            schema.check(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA secure_delete = ON").fetchall()
            connection.execute(f"PRAGMA synchronous = {synchronous}")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {PAGES_BEFORE_CHECKPOINT}")
            schema.bring_up_to_date(connection, path)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            if isinstance(error, sqlite3.OperationalError):
                raise BackendError(f"cannot use {path!r}: {error}") from error
            raise SchemaMismatch(f"{path!r} is not a SQLite database or is damaged: {error}") from error

    def ready_to_join(self) -> None:
        """The host's transaction must be open; its tables are made when the first thing is asked of them."""
        if not self.connection.in_transaction:
            raise InvalidValue(
                "the host's connection has no open transaction, and a joined store never begins one: "
                "begin one first (connection.execute('BEGIN'), in Django `with transaction.atomic()`, with SQLAlchemy "
                "the listeners of its manual for SQLite), and commit when your own work is done"
            )
        # Asked each time: the host may have rolled back the transaction in which the tables were made.
        if not schema.stands(self.connection):
            schema.bring_up_to_date(self.connection, "the host's database", joined=True)

    def read(self, queries: Sequence[Query]) -> list[Any]:
        """Answer each query from one snapshot; see `Storage.read`."""
        if not queries:
            return []
        with self.lock:
            if self.traces.left:
                self.traces.wipe()
            try:
                if self.joined:
                    self.ready_to_join()
                    return [self.answer(query) for query in queries]
                if len(queries) == 1 and type(queries[0]) is not Match:
                    return [self.answer(queries[0])]
                if len(queries) <= MOST_AT_ONCE:
                    if Match not in map(type, queries) and (together := self.together.read(queries)) is not None:
                        return together
                elif all(type(query) is Get and query.type is queries[0].type for query in queries):
                    return self.several(queries)
                self.execute("BEGIN")
                try:
                    return [self.answer(query) for query in queries]
                finally:
                    self.execute("COMMIT")
            except sqlite3.Error as error:
                raise BackendError(f"SQLite: {error}") from error

    def answer(self, query: Query) -> Any:
        sql = self.kinds[query.type]
        if type(query) is Get:
            return sql.answer(self.execute(sql.get, (query.key,)).fetchone())
        if type(query) is Match:
            return full_text.matches(self.connection, query, sql.columns, sql.from_row)
        text, values = sql.find(query)  # type: ignore[arg-type]
        from_row = sql.from_row
        return [Versioned(from_row(row), row[-1]) for row in self.execute(text, values).fetchall()]

    def several(self, queries: Sequence[Any]) -> list[Any]:
        """Records of one kind in one statement, which is a snapshot by itself."""
        if not queries:
            return []
        sql = self.kinds[queries[0].type]
        rows = self.execute(sql.get_several(len(queries)), [query.key for query in queries]).fetchall()
        found = {row[-2]: row for row in rows}
        return [sql.answer(found.get(query.key)) for query in queries]

    def apply(self, batch: Batch) -> int:
        """Write the batch, all or nothing; see `Storage.apply`."""
        execute = self.execute
        with self.lock:
            try:
                if self.joined:
                    self.ready_to_join()
                elif self.file is not None:
                    self.file.hold()
                execute("SAVEPOINT libops" if self.joined else "BEGIN IMMEDIATE")
                try:
                    before, commit = self.log(batch)
                    self.write(batch, commit)
                    if commit >= self.gather_at:
                        self.gather_at = streams.gathered(execute, commit)
                    execute("RELEASE libops" if self.joined else "COMMIT")
                    if not self.joined:
                        self.together.committed(batch.writes, before, commit)
                except BaseException:
                    with suppress(sqlite3.Error):
                        execute("ROLLBACK TO libops" if self.joined else "ROLLBACK")
                        if self.joined:
                            execute("RELEASE libops")
                    raise
                if self.traces.left:
                    self.traces.wipe()
                return commit
            except sqlite3.Error as error:
                raise BackendError(f"SQLite: {error}; nothing was written") from error

    def log(self, batch: Batch) -> tuple[int, int]:
        """Log the events once the guards hold, or that there was a commit without any; how far the log was, and is.

        The guards hold when nothing was committed since the read, and so the next position is still free.
        """
        rows = [row_of(event) for event in batch.events] or [NO_EVENT]
        if batch.as_of is not None and not self.joined:
            try:
                return batch.as_of, self.append(rows, batch.as_of)
            except sqlite3.IntegrityError:
                LOG.debug("others have committed since: the guards are looked at one by one")
        last = self.checked(batch.guards[:GUARDS_AT_ONCE])
        for start in range(GUARDS_AT_ONCE, len(batch.guards), GUARDS_AT_ONCE):
            self.checked(batch.guards[start : start + GUARDS_AT_ONCE])
        return last, self.append(rows, last)

    def append(self, rows: Sequence[tuple[Any, ...]], last: int) -> int:
        if len(rows) == 1:
            self.execute(APPEND, (last + 1, *rows[0]))
        else:
            self.connection.executemany(APPEND, [(place, *row) for place, row in enumerate(rows, last + 1)])
        return last + len(rows)

    def write(self, batch: Batch, commit: int) -> None:
        writes: Sequence[Write] = batch.writes
        if len(writes) > bulk.ONE_BY_ONE:
            new, writes = bulk.by_kind(writes)
            for type_, rows in new.items():
                bulk.insert(self.connection, self.kinds[type_], rows, commit)
        for write in writes:
            self.write_record(write, commit)
        if batch.rewrites:
            self.traces.made()
        for place, event in batch.rewrites:
            streams.moved(self.execute, place, event.stream)
            self.execute(
                'UPDATE event SET at = ?, "by" = ?, name = ?, schema = ?, stream = ?, body = ? WHERE position = ?',
                (*row_of(event), place),
            )

    def checked(self, guards: Sequence[Guard]) -> int:
        """Hold the guards against the versions there are; returns how far the log is."""
        text, values = check_of([self.kinds[guard.type].version for guard in guards], guards)
        commits, *versions = self.execute(text, values).fetchone()
        for (type_, key, version), there in zip(guards, versions, strict=True):
            if (there or 0) != version:
                raise Conflict(f"{type_.name} {key!r} was read at version {version} and is now at {there or 0}")
        return int(commits)

    def write_record(self, write: Write, commit: int) -> None:
        type_, key, record, version = write
        sql = self.kinds[type_]
        if type_.full_text and version:
            full_text.unindex(self.connection, type_, key)
        if record is None:
            done = self.execute(sql.delete, (key, version)).rowcount
        elif version:
            text, values = sql.updating(self.together.before((type_, key), version), record)
            done = self.execute(text, values(record, commit, key, version)).rowcount
        else:
            text, values = sql.inserting(record)
            try:
                done = self.execute(text, values(record, commit)).rowcount
            except sqlite3.IntegrityError as error:
                if "UNIQUE" not in str(error):
                    raise
                raise Conflict(f"{type_.name} {key!r} is there already") from error
        if done != 1:
            raise Conflict(f"{type_.name} {key!r} was read at version {version} and has changed since")
        if type_.full_text and record is not None:
            full_text.index(self.connection, type_, key)

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
        sql = self.kinds[type]
        rows = self.paged(*sql.page(index, low, high, after, page))
        found = [Versioned(sql.from_row(row), row[-1]) for row in rows[:page]]
        if len(rows) <= page:
            return Page(found, None)
        last = found[-1].record
        fields = type.index(index).fields if index is not None else ()
        return Page(found, (*(getattr(last, name) for name in fields), type.key_of(last)))

    def peek(
        self,
        type: RecordType[Any],
        index: str,
        fields: tuple[str, ...],
        low: Any = None,
        high: Any = None,
        after: tuple[Any, ...] | None = None,
        page: int = 500,
    ) -> Glance:
        """One page of a kind in index order, with these fields alone; see `libops.storage.peek`."""
        place = (*type.index(index).fields, type.key)
        wanted = (*fields, *(name for name in place if name not in fields))
        columns, read = part_of(type, wanted)
        rows = self.paged(*self.kinds[type].page(index, low, high, after, page, ", ".join(f'"{c}"' for c in columns)))
        found = [read(row) for row in rows[:page]]
        more = tuple(found[-1][wanted.index(name)] for name in place) if len(rows) > page else None
        return Glance(found if wanted == fields else [row[: len(fields)] for row in found], more)

    def paged(self, text: str, values: Sequence[Any]) -> list[Any]:
        with self.lock:
            try:
                if self.joined:
                    self.ready_to_join()
                return self.execute(text, values).fetchall()
            except sqlite3.Error as error:
                raise BackendError(f"SQLite: {error}") from error

    def events(self, after: int = 0, page: int = 500, stream: str | None = None) -> EventPage:
        """One page of the log; see `Storage.events`."""
        text = LOG_PAGE if stream is None else streams.OF_STREAM
        values = {"after": after, "page": page, "stream": stream}
        with self.lock:
            try:
                if self.joined:
                    self.ready_to_join()
                rows = self.execute(text, values).fetchall()
            except sqlite3.Error as error:
                raise BackendError(f"SQLite: {error}") from error
        entries = [Logged(row[0], event_from_text(row[1], row[2], row[3])) for row in rows]
        return EventPage(entries, entries[-1].position if entries else after)

    def backup(self, path: Path) -> None:
        """Copy the store to a new file while desks are at work; see `upkeep.copy`."""
        with self.lock:
            upkeep.copy(self.connection, path)

    def problems(self) -> list[str]:
        """What the engine finds wrong with the file."""
        with self.lock:
            return upkeep.problems(self.connection)

    def tidy(self) -> None:
        """Clear away what is left of what was removed; a joined connection's file is the host's to tidy."""
        with self.lock:
            if not self.joined:
                self.traces.tidy()

    def close(self) -> None:
        """Close the file; a joined connection is the host's to close."""
        if not self.joined:
            if self.traces.left:
                with self.lock:
                    self.traces.wipe(at_once=True)
            self.connection.close()


def row_of(event: Event) -> tuple[Any, ...]:
    return (time_text(event.at), event.by, type(event).__name__, event.schema, event.stream, event_to_text(event))
