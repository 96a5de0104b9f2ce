"""The four verbs on SQLite, through the standard library's driver.

Owned, every `apply` is one `BEGIN IMMEDIATE` transaction: SQLite has one writer, so what the guards see is what is
committed. Joined, the host's transaction is open already and `apply` works in a savepoint of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import RLock
from typing import Any

from libops.base.errors import BackendError, Conflict, InvalidValue, SchemaMismatch
from libops.base.events import Event
from libops.hooks.builtin.sqlite import schema
from libops.storage.port import ABSENT, Batch, EventPage, Find, Get, Logged, Page, Query, Versioned, Write
from libops.storage.records import RecordType
from libops.wire.columns import layout_of
from libops.wire.events import event_from_text, event_to_text
from libops.wire.json import time_text

__all__ = ["SqliteStorage"]

WAIT_SECONDS = 30.0
"""How long a writer waits for another process before it says that the store is busy."""

DURABILITY = {"full": "FULL", "normal": "NORMAL"}


class Statements:
    """The SQL of one kind, written once."""

    __slots__ = (
        "columns",
        "delete",
        "from_row",
        "get",
        "insert",
        "key",
        "layout",
        "table",
        "to_row",
        "update",
        "version",
    )

    def __init__(self, type: RecordType[Any]) -> None:
        layout = self.layout = layout_of(type)
        names = [f'"{column.name}"' for column in layout.columns]
        self.table, self.key = f'"{type.name}"', f'"{layout.key}"'
        self.columns = ", ".join(names)
        self.to_row, self.from_row = layout.to_row, layout.from_row
        self.get = f"SELECT {self.columns}, version FROM {self.table} WHERE {self.key} = ?"
        self.version = f"SELECT version FROM {self.table} WHERE {self.key} = ?"
        marks = ", ".join("?" * (len(names) + 1))
        self.insert = f"INSERT INTO {self.table} ({self.columns}, version) VALUES ({marks})"
        sets = ", ".join(f"{name} = ?" for name in names)
        self.update = f"UPDATE {self.table} SET {sets}, version = ? WHERE {self.key} = ? AND version = ?"
        self.delete = f"DELETE FROM {self.table} WHERE {self.key} = ? AND version = ?"


class SqliteStorage:
    """A store in one SQLite file, or on a connection of the host's.

    Use `SqliteStorage.own(url)` or `SqliteStorage.join(connection)`.
    """

    def __init__(self, connection: sqlite3.Connection, *, joined: bool) -> None:
        self.connection = connection
        self.joined = joined
        self.lock = RLock()
        self.statements: dict[str, Statements] = {}
        self.ready = False

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
        try:
            connection = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise BackendError(f"cannot open {path!r}: {error}") from error
        store = cls(connection, joined=False)
        try:
            store.prepare_file(path, DURABILITY[durability])
        except BaseException:
            connection.close()
            raise
        return store

    @classmethod
    def join(cls, connection: sqlite3.Connection) -> SqliteStorage:
        """Work inside the transactions of the host's connection: never begin, commit or roll back."""
        schema.check(connection, "the host's connection")
        return cls(connection, joined=True)

    def prepare_file(self, path: str, synchronous: str) -> None:
        connection = self.connection
        try:
            schema.check(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {synchronous}")
            if not schema.is_ours(connection) or schema.number(connection, "user_version") < schema.SCHEMA_VERSION:
                connection.execute("BEGIN IMMEDIATE")
                schema.create(connection)
                connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION}")
                connection.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise BackendError(f"cannot use {path!r}: {error}") from error
            raise SchemaMismatch(f"{path!r} is not a SQLite database or is damaged: {error}") from error
        self.ready = True

    def of(self, type: RecordType[Any]) -> Statements:
        found = self.statements.get(type.name)
        if found is None:
            found = self.statements[type.name] = Statements(type)
        return found

    def begin(self, *, write: bool) -> tuple[str, str]:
        """Open a unit of work; returns the statements that keep it and that undo it."""
        if not self.joined:
            self.connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            return "COMMIT", "ROLLBACK"
        if not self.connection.in_transaction:
            raise InvalidValue(
                "the host's connection has no open transaction, and a joined store never begins one: "
                "run connection.execute('BEGIN') first, and commit when your own work is done"
            )
        self.connection.execute("SAVEPOINT libops")
        if not self.ready:
            schema.create(self.connection)
            self.ready = True
        return "RELEASE libops", "ROLLBACK TO libops"

    def unit(self, work: Callable[[], Any], *, write: bool) -> Any:
        """Run work inside one unit; anything raised undoes it."""
        with self.lock:
            try:
                keep, undo = self.begin(write=write)
                try:
                    result = work()
                    self.connection.execute(keep)
                except BaseException:
                    with suppress(sqlite3.Error):
                        self.connection.execute(undo)
                        if self.joined:
                            self.connection.execute("RELEASE libops")
                    raise
                return result
            except sqlite3.Error as error:
                raise BackendError(f"SQLite: {error}; nothing was written") from error

    def read(self, queries: Sequence[Query]) -> list[Any]:
        """Answer each query from one snapshot; see `Storage.read`."""
        return self.unit(lambda: [self.answer(query) for query in queries], write=False)  # type: ignore[no-any-return]

    def answer(self, query: Query) -> Any:
        sql = self.of(query.type)
        if type(query) is Get:
            row = self.connection.execute(sql.get, (query.key,)).fetchone()
            return ABSENT if row is None else Versioned(sql.from_row(row), row[-1])
        return self.find(sql, query)  # type: ignore[arg-type]

    def find(self, sql: Statements, query: Find) -> list[Versioned]:
        names = query.type.index(query.by).fields
        encode = sql.layout.encode
        where = [f'"{name}" = ?' for name, _ in zip(names, query.equal, strict=False)]
        values = [encode(name, value) for name, value in zip(names, query.equal, strict=False)]
        for mark, bound in ((">=", query.low), ("<", query.high)):
            if bound is not None:
                where.append(f'"{names[len(query.equal)]}" {mark} ?')
                values.append(encode(names[len(query.equal)], bound))
        where += [f'"{name}" IS NOT NULL' for name in names[len(query.equal) :]]
        down = " DESC" if query.descending else ""
        order = ", ".join([f'"{name}"{down}' for name in names[len(query.equal) :]] + [sql.key + down])
        text = f"SELECT {sql.columns}, version FROM {sql.table} WHERE {' AND '.join(where) or '1'} ORDER BY {order}"
        if query.limit is not None:
            text += f" LIMIT {int(query.limit)}"
        rows = self.connection.execute(text, values)
        return [Versioned(sql.from_row(row), row[-1]) for row in rows]

    def apply(self, batch: Batch) -> int:
        """Write the batch, all or nothing; see `Storage.apply`."""
        return self.unit(lambda: self.write(batch), write=True)  # type: ignore[no-any-return]

    def write(self, batch: Batch) -> int:
        execute = self.connection.execute
        for type_, key, version in batch.guards:
            row = execute(self.of(type_).version, (key,)).fetchone()
            there = 0 if row is None else row[0]
            if there != version:
                raise Conflict(f"{type_.name} {key!r} was read at version {version} and is now at {there}")
        execute("UPDATE store SET value = value + 1 WHERE name = 'commits'")
        commit: int = execute("SELECT value FROM store WHERE name = 'commits'").fetchone()[0]
        for write in batch.writes:
            self.write_record(write, commit)
        position = 0
        for event in batch.events:
            position = self.append(event)
        for place, event in batch.rewrites:
            execute(
                'UPDATE event SET at = ?, "by" = ?, name = ?, schema = ?, stream = ?, body = ? WHERE position = ?',
                (*row_of(event), place),
            )
        return position

    def write_record(self, write: Write, commit: int) -> None:
        type_, key, record, version = write
        sql = self.of(type_)
        if record is None:
            done = self.connection.execute(sql.delete, (key, version)).rowcount
        elif version:
            done = self.connection.execute(sql.update, (*sql.to_row(record), commit, key, version)).rowcount
        else:
            try:
                done = self.connection.execute(sql.insert, (*sql.to_row(record), commit)).rowcount
            except sqlite3.IntegrityError as error:
                if "UNIQUE" not in str(error):
                    raise
                raise Conflict(f"{type_.name} {key!r} is there already") from error
        if done != 1:
            raise Conflict(f"{type_.name} {key!r} was read at version {version} and has changed since")

    def append(self, event: Event) -> int:
        done = self.connection.execute(
            'INSERT INTO event (at, "by", name, schema, stream, body) VALUES (?, ?, ?, ?, ?, ?)', row_of(event)
        )
        return done.lastrowid or 0

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
        return self.unit(lambda: self.page(type, index, low, high, after, page), write=False)  # type: ignore[no-any-return]

    def page(self, type_: RecordType[Any], index: str | None, low: Any, high: Any, after: Any, page: int) -> Page:
        sql = self.of(type_)
        fields = type_.index(index).fields if index is not None else ()
        order = [*(f'"{name}"' for name in fields), sql.key]
        where = [f'"{name}" IS NOT NULL' for name in fields if sql.layout.column(name).nullable]
        values: list[Any] = []
        first = fields[0] if fields else sql.layout.key
        for mark, bound in ((">=", low), ("<", high)):
            if bound is not None:
                where.append(f'"{first}" {mark} ?')
                values.append(sql.layout.encode(first, bound))
        if after is not None:
            where.append(f"({', '.join(order)}) > ({', '.join('?' * len(order))})")
            values += [sql.layout.encode(n, v) for n, v in zip((*fields, sql.layout.key), after, strict=True)]
        rows = self.connection.execute(
            f"SELECT {sql.columns}, version FROM {sql.table} WHERE {' AND '.join(where) or '1'} "
            f"ORDER BY {', '.join(order)} LIMIT {int(page) + 1}",
            values,
        ).fetchall()
        found = [Versioned(sql.from_row(row), row[-1]) for row in rows[:page]]
        if len(rows) <= page:
            return Page(found, None)
        last = found[-1].record
        return Page(found, (*(getattr(last, name) for name in fields), type_.key_of(last)))

    def events(self, after: int = 0, page: int = 500, stream: str | None = None) -> EventPage:
        """One page of the log; see `Storage.events`."""
        where = "position > ?" if stream is None else "position > ? AND stream = ?"
        values: tuple[Any, ...] = (after, page) if stream is None else (after, stream, page)
        with self.lock:
            rows = self.connection.execute(
                f"SELECT position, name, schema, body FROM event WHERE {where} ORDER BY position LIMIT ?",
                values,
            ).fetchall()
        entries = [Logged(row[0], event_from_text(row[1], row[2], row[3])) for row in rows]
        return EventPage(entries, entries[-1].position if entries else after)

    def close(self) -> None:
        """Close the file; a joined connection is the host's to close."""
        if not self.joined:
            self.connection.close()


def row_of(event: Event) -> tuple[Any, ...]:
    return (time_text(event.at), event.by, type(event).__name__, event.schema, event.stream, event_to_text(event))


def path_of(url: str) -> str:
    """The file of `sqlite:///relative.db`, `sqlite:////absolute.db` or `sqlite://` (in memory)."""
    rest = url.removeprefix("sqlite:")
    if not rest.startswith("//"):
        raise InvalidValue(f"storage URL {url!r}: write sqlite:///town.db, with three slashes before the file")
    return rest[3:] or ":memory:"
