"""The four verbs on PostgreSQL, over a pool of connections that the store owns.

Transactions are serializable: what the guards of a batch saw is what is there when it commits, also for records that
were absent. When the server could not keep that promise for one of two desks (40001), or ended a deadlock (40P01), the
statement is sent again, a bounded number of times and counted in `retries`.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any, TypeVar

import psycopg
from psycopg import errors

from libops.base.errors import BackendError, Conflict, InvalidValue, OutcomeUnknown
from libops.base.events import Event
from libops.storage.port import ABSENT, Batch, EventPage, Find, Get, Logged, Match, Page, Query, Versioned
from libops.storage.records import RecordType
from libops.wire.events import event_from_text, event_to_text
from libops.wire.json import time_text
from libops_postgres import bulk, full_text, months, schema
from libops_postgres.address import Address, address_of
from libops_postgres.pool import Pool
from libops_postgres.statements import apply_text, numbered, read_text, statements_of
from libops_postgres.ticks import SERVER_TIME, Ticks

__all__ = ["Conversation", "PostgresStorage"]

T = TypeVar("T")

decoded = json.JSONDecoder().decode

ATTEMPTS = 20
"""How often a statement is sent again after 40001 or 40P01 before the caller is told."""

DURABILITY = {"full": "on", "normal": "off"}
"""`normal` answers before the server's log reached its disk: a crash of the server may lose the last loans."""

IN_ONE_STATEMENT = 40
"""Batches with more parts than this (imports, sweeps) are written by kind in a transaction of several statements."""

PAUSE_BETWEEN_LOOKS = 3_600_000_000
"""Microseconds until a month that could not be made is tried again."""

MADE_BY_ANOTHER = (
    errors.UniqueViolation,
    errors.DuplicateTable,
    errors.WrongObjectType,
    errors.InvalidObjectDefinition,
)
"""What two processes are told that make the same table, or attach the same month, at once."""

ENDED = (errors.AdminShutdown, errors.CrashShutdown)
"""The server said that it ends the connection; that it has done so may come to light a moment later."""

NOT_HERE = (errors.ReadOnlySqlTransaction, errors.CannotConnectNow)
"""The server has become a standby, or is one that is taking over: nothing was written."""

LOSSES = 5
"""How often an act is begun anew because its connection was lost."""

LONGEST_STATEMENT = "60s"
SETTINGS = {
    "TimeZone": "UTC",
    "default_transaction_isolation": "serializable",
    "statement_timeout": LONGEST_STATEMENT,
    "application_name": "libops",
    # Every statement is a look-up by key or by index: planning it anew each time costs more than running it.
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
}


class Conversation:
    """What the four verbs do on a connection, whoever it belongs to."""

    locking = False

    def __init__(self, tenant: str = "") -> None:
        self.tenant = tenant
        self.ticks = Ticks()
        self.look_again_at = 1 << 62

    def answers(self, cursor: Any, queries: Sequence[Query]) -> list[Any]:
        """Ask all queries in one statement."""
        server, *cells = self.one(cursor, *read_text(self.tenant, queries))
        self.ticks.see(int(server))
        return [answer(query, cell) for query, cell in zip(queries, cells, strict=True)]

    def one(self, cursor: Any, text: str, values: Sequence[Any]) -> tuple[Any, ...]:
        """The one row of an answer."""
        cursor.execute(text, values)
        row: tuple[Any, ...] = cursor.fetchone()
        return row

    def added_months(self, cursor: Any) -> int:
        """Make the months of the log that are lacking, all or none; returns the tick at which to look again."""
        with cursor.connection.transaction():
            return months.add_months(cursor)

    def month_made(self, cursor: Any, tick: int) -> None:
        """When a new month has begun, make another one ahead. What fails here is told when the month is needed."""
        if tick >= self.look_again_at:
            self.look_again_at = Ticks.following(tick, PAUSE_BETWEEN_LOOKS)
            with suppress(psycopg.Error):
                self.look_again_at = self.added_months(cursor)

    def tick_for(self, batch: Batch) -> int:
        """The version of what the batch writes, and the position of its first event."""
        above = max([0, *(guard.version for guard in batch.guards), *(write.version for write in batch.writes)])
        return self.ticks.take(len(batch.events) + 1, above)

    def written(self, cursor: Any, batch: Batch, tick: int) -> int:
        """Write a batch inside the transaction there is; returns the position of its last event."""
        rows = [self.event_row(event, Ticks.following(tick, number)) for number, event in enumerate(batch.events)]
        try:
            if size_of(batch) <= IN_ONE_STATEMENT:
                self.one(cursor, *apply_text(self.tenant, batch, tick, rows, locking=self.locking))
            else:
                bulk.write(cursor, self.tenant, batch, tick, rows, locking=self.locking)
            for position, event in batch.rewrites:
                cursor.execute(
                    'UPDATE event SET at = $1::timestamptz, "by" = $2, name = $3, schema = $4::integer, stream = $5, '
                    "body = $6::jsonb WHERE tenant = $7 AND position = $8::bigint",
                    (*self.event_row(event, position)[2:], self.tenant, position),
                )
        except errors.DivisionByZero as error:
            raise Conflict(f"one of {names_of(batch)} has changed since it was read") from error
        except errors.UniqueViolation as error:
            raise Conflict(f"a new record is there already: {error.diag.message_detail or error}") from error
        return rows[-1][1] if rows else 0

    def event_row(self, event: Event, position: int) -> tuple[Any, ...]:
        name, body = type(event).__name__, event_to_text(event)
        return (self.tenant, position, time_text(event.at), event.by, name, event.schema, event.stream, body)

    def page_of(
        self, cursor: Any, type: RecordType[Any], index: str | None, low: Any, high: Any, after: Any, page: int
    ) -> Page:
        """One page of a scan."""
        sql = statements_of(type)
        cursor.execute(*sql.page(self.tenant, index, low, high, after, page))
        rows = [decoded(row[0]) for row in cursor.fetchall()]
        found = [Versioned(sql.from_row(row), row[-1]) for row in rows[:page]]
        if len(rows) <= page:
            return Page(found, None)
        last, fields = found[-1].record, type.index(index).fields if index is not None else ()
        return Page(found, (*(getattr(last, name) for name in fields), type.key_of(last)))

    def log_of(self, cursor: Any, after: int, page: int, stream: str | None) -> EventPage:
        """One page of the log."""
        of_stream, values = ("", []) if stream is None else (" AND stream = %s", [stream])
        text = (
            "SELECT position, name, schema, body::text FROM event "
            f"WHERE tenant = %s AND position > %s::bigint{of_stream} ORDER BY position LIMIT %s::bigint"
        )
        cursor.execute(
            numbered(text),
            (self.tenant, after, *values, page),
        )
        entries = [Logged(row[0], event_from_text(row[1], row[2], row[3])) for row in cursor.fetchall()]
        return EventPage(entries, entries[-1].position if entries else after)


def answer(query: Query, cell: str | None) -> Any:
    """What one query gets from its cell of JSON."""
    from_row = statements_of(query.type).from_row
    if type(query) is Get:
        if cell is None:
            return ABSENT
        row = decoded(cell)
        return Versioned(from_row(row), row[-1])
    if type(query) is Match:
        return full_text.matches(statements_of(query.type), query, cell or "")
    return [] if cell is None else [Versioned(from_row(row), row[-1]) for row in decoded(cell)]


def is_lost(error: psycopg.Error, cursor: Any) -> bool:
    """Whether the connection went away under what was asked."""
    return cursor.connection.closed or isinstance(error, ENDED)


def size_of(batch: Batch) -> int:
    return len(batch.guards) + len(batch.writes) + len(batch.events)


def names_of(batch: Batch) -> str:
    """The records that a batch relies on, for the words of a conflict."""
    parts: list[Any] = [*batch.guards, *batch.writes]
    return ", ".join(f"{part.type.name} {part.key!r}" for part in parts)


class PostgresStorage(Conversation):
    """A store whose connections and transactions are its own. Use `PostgresStorage.own(url)`."""

    joined = False

    def __init__(self, pool: Pool, tenant: str) -> None:
        super().__init__(tenant)
        self.pool = pool
        self.retries = 0
        self.counting = Lock()

    @classmethod
    def own(cls, url: str, *, durability: str = "full") -> PostgresStorage:
        """Open the database of a URL such as `postgresql://libops@db.example/town`, and make its tables if need be.

        Beside libpq's own parameters the URL takes `tenant` (several libraries in one set of tables), `pool` (the
        most connections to keep, 8 when left out) and `patience` (seconds to wait for a connection or for a server
        that is gone, 30 when left out). It may name several servers: the one that takes writes is used.

        Raises:
            BackendError: the server cannot be reached.
            SchemaMismatch: the tables are of a newer version, or another program's.
        """
        if durability not in DURABILITY:
            raise InvalidValue(f"durability {durability!r}: use one of {', '.join(map(repr, DURABILITY))}")
        address = address_of(url)
        store = cls(pool_of(address, durability), address.tenant)
        try:
            store.make_tables()
        except BaseException:
            store.close()
            raise
        return store

    def one(self, cursor: Any, text: str, values: Sequence[Any]) -> tuple[Any, ...]:
        row: tuple[Any, ...] = cursor.one(text, values)
        return row

    def make_tables(self) -> None:
        """See that all tables are there; make or bring up to date what is not."""

        def look(cursor: Any) -> None:
            if not schema.stands(cursor):
                with cursor.connection.transaction():
                    schema.bring_up_to_date(cursor)
            self.look_again_at = self.added_months(cursor)
            cursor.execute(f"SELECT {SERVER_TIME}")
            self.ticks.see(cursor.fetchone()[0])

        # Two processes that make the same table at once: one of them finds it there when it looks again.
        for attempt in range(ATTEMPTS):
            try:
                return self.asked(look)
            except BackendError as error:
                if not isinstance(error.__cause__, MADE_BY_ANOTHER):
                    raise
                time.sleep(0.01 * (attempt + 1))
        return self.asked(look)

    def asked(self, ask: Callable[[Any], T]) -> T:
        """Ask on one of the pool's connections, again after a serialization failure or on a new connection."""
        lost = 0
        for attempt in range(ATTEMPTS):
            cursor = self.pool.take()
            try:
                return ask(cursor)
            except (errors.SerializationFailure, errors.DeadlockDetected) as error:
                last: psycopg.Error = error
                with self.counting:
                    self.retries += 1
            except psycopg.Error as error:
                lost += 1
                if not (is_lost(error, cursor) or isinstance(error, NOT_HERE)) or lost > LOSSES:
                    raise BackendError(f"PostgreSQL: {error}") from error
                last = error
                cursor.connection.close()
                self.pool.forget()
            finally:
                self.pool.give(cursor)
            time.sleep(random.uniform(0, 0.001 * 2 ** min(attempt, 6)))
        raise BackendError(f"PostgreSQL: gave up after {ATTEMPTS} attempts: {last}") from last

    def read(self, queries: Sequence[Query]) -> list[Any]:
        """Answer each query from one snapshot; see `Storage.read`."""
        for query in queries:
            if type(query) is Find:
                query.type.index(query.by)
        return self.asked(lambda cursor: self.answers(cursor, queries))

    def apply(self, batch: Batch) -> int:
        """Write the batch, all or nothing; see `Storage.apply`.

        Raises:
            OutcomeUnknown: the server went away while it committed, and none could be asked since.
        """
        tick = self.tick_for(batch)
        position = Ticks.following(tick, len(batch.events) - 1) if batch.events else 0
        unheard = False

        def write(cursor: Any) -> int:
            self.month_made(cursor, tick)
            # A connection that was lost while it committed says nothing: the store may hold the batch already.
            nonlocal unheard
            if unheard and self.holds(cursor, batch, tick):
                return position
            try:
                if not batch.rewrites and size_of(batch) <= IN_ONE_STATEMENT:
                    return self.written(cursor, batch, tick)
                with cursor.connection.transaction():
                    return self.written(cursor, batch, tick)
            except Conflict:
                # What is in the way may be the batch itself, committed only now by the server that was lost from view.
                if unheard and self.holds(cursor, batch, tick):
                    return position
                raise
            except psycopg.Error as error:
                unheard = unheard or is_lost(error, cursor)
                raise

        try:
            return self.asked(write)
        except BackendError as error:
            if not unheard:
                raise
            raise OutcomeUnknown(
                f"the server went away while it committed {names_of(batch)}, and could not be asked since ({error}): "
                "all of it was written or nothing; look before you do it again"
            ) from error

    def holds(self, cursor: Any, batch: Batch, tick: int) -> bool:
        """Whether an earlier attempt to write the batch was committed after all: no two batches share a tick.

        The look takes a lock, which makes it wait for the standbys as the lost commit did: what is found here is on
        as many servers as an acknowledged write has to be.
        """
        if batch.events:
            cursor.execute(
                "SELECT 1 FROM event WHERE tenant = $1 AND position = $2::bigint FOR UPDATE",
                (self.tenant, tick),
            )
            return cursor.fetchone() is not None
        for kind, key, record, _ in batch.writes:
            if record is not None:
                cursor.execute(f"{numbered(statements_of(kind).version)} FOR UPDATE", (self.tenant, key))
                row = cursor.fetchone()
                return row is not None and row[0] == tick
        return False

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
        return self.asked(lambda cursor: self.page_of(cursor, type, index, low, high, after, page))

    def events(self, after: int = 0, page: int = 500, stream: str | None = None) -> EventPage:
        """One page of the log; see `Storage.events`."""
        return self.asked(lambda cursor: self.log_of(cursor, after, page, stream))

    def close(self) -> None:
        """Let go of all connections."""
        self.pool.close()


def pool_of(address: Address, durability: str) -> Pool:
    """The pool of an address, with its first connection: a wrong address is told at once."""
    settings = {**SETTINGS, "synchronous_commit": DURABILITY[durability]}
    options = " ".join([*(f"-c {name}={value}" for name, value in settings.items()), address.options])

    def connect() -> psycopg.Connection[Any]:
        return psycopg.connect(address.conninfo, autocommit=True, options=options)

    pool = Pool(connect, address.most, address.patience)
    try:
        pool.idle.append(pool.reached(patience=0))
    except BackendError as error:
        raise BackendError(f"cannot reach the server of {address}: {error.__cause__}") from error
    return pool
