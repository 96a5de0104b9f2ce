"""What the four verbs do on a connection, whoever it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from operator import itemgetter
from typing import Any, TypeVar

import psycopg
from psycopg import errors

from libops.base.errors import BackendError, Conflict
from libops.base.events import Event
from libops.storage.peek import Glance
from libops.storage.port import Batch, EventPage, Logged, Page, Query
from libops.storage.records import RecordType
from libops.wire.columns import part_of
from libops.wire.events import event_from_text, event_to_text
from libops.wire.json import time_text
from libops_postgres import bulk, months
from libops_postgres.reading import Reading, decoded, rows_of
from libops_postgres.statements import apply_text, instant, numbered, statements_of
from libops_postgres.ticks import Ticks

__all__ = ["IN_ONE_STATEMENT", "Conversation", "half_a_letter", "names_of", "size_of"]

T = TypeVar("T")

IN_ONE_STATEMENT = 40
"""Batches with more parts than this (imports, sweeps) are written by kind in a transaction of several statements."""

GUARDED, WRITTEN = itemgetter(2), itemgetter(3)
"""The version that a guard, and that a write relies on."""

PAUSE_BETWEEN_LOOKS = 3_600_000_000
"""Microseconds until a month that could not be made is tried again."""

LONGEST_WAIT = "1s"
"""How long a desk waits to make a month ahead while the log is held by somebody else."""


class Conversation:
    """What the four verbs do on a connection, whoever it belongs to."""

    joined: bool
    locking = False

    def __init__(self, tenant: str = "") -> None:
        self.tenant = tenant
        self.ticks = Ticks()
        self.reading = Reading()
        self.look_again_at = 1 << 62

    def asked(self, ask: Callable[[Any], T]) -> T:
        """What a connection is asked for, with its cursor."""
        raise NotImplementedError

    def read(self, queries: Sequence[Query]) -> list[Any]:
        """Answer each query from one snapshot; see `Storage.read`."""
        return self.asked(lambda cursor: self.answers(cursor, queries)) if queries else []

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
        return self.asked(lambda cursor: self.glance_of(cursor, type, index, fields, low, high, after, page))

    def log_of(self, cursor: Any, after: int, page: int, stream: str | None) -> EventPage:
        """One page of the log."""
        of_stream, values = ("", []) if stream is None else (" AND stream = %s", [stream])
        text = (
            "SELECT position, name, schema, body::text FROM event "
            f"WHERE tenant = $1 AND position > %s::bigint{of_stream} ORDER BY position LIMIT %s::bigint"
        )
        cursor.execute(
            numbered(text),
            (self.tenant, after, *values, page),
        )
        entries = [Logged(row[0], event_from_text(row[1], row[2], row[3])) for row in cursor.fetchall()]
        return EventPage(entries, entries[-1].position if entries else after)

    def answers(self, cursor: Any, queries: Sequence[Query]) -> list[Any]:
        """Ask all queries in one statement."""
        server, found = self.reading.read(partial(self.one, cursor), self.tenant, queries)
        self.ticks.see(server)
        return found

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
            with suppress(psycopg.Error), cursor.connection.transaction():
                if not self.joined:
                    # Somebody may be taking an old month out, which lasts; this one is not needed yet.
                    cursor.execute(f"SET LOCAL lock_timeout = '{LONGEST_WAIT}'")
                self.look_again_at = self.added_months(cursor)

    def tick_for(self, batch: Batch) -> int:
        """The version of what the batch writes, and the position of its first event."""
        above = max([0, *map(GUARDED, batch.guards), *map(WRITTEN, batch.writes)])
        return self.ticks.take(len(batch.events) + 1, above)

    def written(self, cursor: Any, batch: Batch, tick: int) -> int:
        """Write a batch inside the transaction there is; returns the position of its last event."""
        rows = [self.event_row(event, Ticks.following(tick, number)) for number, event in enumerate(batch.events)]
        try:
            size = size_of(batch)
            if size > IN_ONE_STATEMENT:
                bulk.write(cursor, self.tenant, batch, tick, rows, locking=self.locking)
            elif size:
                self.one(cursor, *apply_text(self.tenant, batch, tick, rows, locking=self.locking))
            for position, event in batch.rewrites:
                cursor.execute(
                    'UPDATE event SET at = $3::timestamptz, "by" = $4, name = $5, schema = $6::integer, stream = $7, '
                    "body = $8::jsonb WHERE tenant = $1 AND position = $2::bigint",
                    (self.tenant, *self.event_row(event, position)),
                )
        except errors.DivisionByZero as error:
            raise Conflict(f"one of {names_of(batch)} has changed since it was read") from error
        except errors.UniqueViolation as error:
            raise Conflict(f"a new record is there already: {error.diag.message_detail or error}") from error
        except psycopg.DataError as error:
            for text in texts_of(self.tenant, batch):
                if "\0" in text:
                    raise BackendError(f"{text!r}: text in PostgreSQL cannot hold the character NUL") from error
            raise
        self.reading.written(batch.writes, tick)
        return rows[-1][0] if rows else 0

    def event_row(self, event: Event, position: int) -> tuple[Any, ...]:
        name, body = type(event).__name__, event_to_text(event)
        return (position, time_text(event.at), event.by, name, event.schema, event.stream, body)

    def page_of(
        self, cursor: Any, type: RecordType[Any], index: str | None, low: Any, high: Any, after: Any, page: int
    ) -> Page:
        """One page of a scan."""
        sql = statements_of(type)
        rows = decoded(self.one(cursor, *sql.page(self.tenant, index, low, high, after, page))[0])
        found = rows_of(type, rows[:page])
        if len(rows) <= page:
            return Page(found, None)
        last, fields = found[-1].record, type.index(index).fields if index is not None else ()
        return Page(found, (*(getattr(last, name) for name in fields), type.key_of(last)))

    def glance_of(
        self,
        cursor: Any,
        type: RecordType[Any],
        index: str,
        fields: tuple[str, ...],
        low: Any,
        high: Any,
        after: Any,
        page: int,
    ) -> Glance:
        """One page of single fields."""
        place = (*type.index(index).fields, type.key)
        wanted = (*fields, *(name for name in place if name not in fields))
        columns, read = part_of(type, wanted, instant=instant)
        sql = statements_of(type)
        text, values = sql.page(self.tenant, index, low, high, after, page, sql.row_of_some(columns))
        found = list(map(read, decoded(self.one(cursor, text, values)[0])))
        more = tuple(found[page - 1][wanted.index(name)] for name in place) if len(found) > page else None
        return Glance([row[: len(fields)] for row in found[:page]], more)


def texts_of(tenant: str, batch: Batch) -> Iterator[str]:
    """All texts of the records to be written."""
    for kind, _, record, _ in batch.writes:
        if record is not None:
            yield from (cell for cell in statements_of(kind).row_of(tenant, record) if isinstance(cell, str))


def half_a_letter(error: UnicodeEncodeError) -> str:
    """What to say of a text that is none."""
    return f"{error.object!r}: no text, it holds half of a letter; read the file that it came from in its own encoding"


def size_of(batch: Batch) -> int:
    return len(batch.guards) + len(batch.writes) + len(batch.events)


def names_of(batch: Batch) -> str:
    """The records that a batch relies on, for the words of a conflict."""
    parts: list[Any] = [*batch.guards, *batch.writes]
    return ", ".join(f"{part.type.name} {part.key!r}" for part in parts)
