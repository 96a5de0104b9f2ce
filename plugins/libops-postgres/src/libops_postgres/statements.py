"""The SQL of the store. Every text depends on the shape of what is asked alone, so that the driver prepares it once.

A read is one statement: each query is a scalar subquery that gives its rows as JSON, so all are answered from one
snapshot and nothing depends on how the host's connection loads its types. An apply is one statement, too: each write
is a part of one `WITH`, and the statement fails as a whole (by a division by zero) when a guard does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import count
from typing import Any

from libops.storage.port import Batch, Find, Get, Match, Query
from libops.storage.records import RecordType
from libops.wire.columns import Sort, layout_of
from libops_postgres import full_text
from libops_postgres.ticks import SERVER_TIME

__all__ = ["EVENT_COLUMNS", "Statements", "apply_text", "numbered", "read_text", "statements_of"]

CASTS = {
    Sort.TEXT: "%s::text",
    Sort.INTEGER: "%s::bigint",
    Sort.REAL: "%s::double precision",
    Sort.BOOLEAN: "%s::boolean",
    Sort.INSTANT: "%s::timestamptz",
    Sort.DATE: "%s::date",
    Sort.JSON: "%s::jsonb",
}

EVENT_COLUMNS = 'tenant, position, at, "by", name, schema, stream, body'
EVENT_VALUES = "(%s, %s::bigint, %s::timestamptz, %s, %s, %s::integer, %s, %s::jsonb)"

MARK = re.compile("%s")


@lru_cache(maxsize=4096)
def numbered(text: str) -> str:
    """A text with the server's own marks, `$1` and so on: the driver has nothing left to parse.

    >>> numbered("SELECT name FROM patron WHERE tenant = %s AND id = %s")
    'SELECT name FROM patron WHERE tenant = $1 AND id = $2'
    """
    numbers = count(1)
    return MARK.sub(lambda found: f"${next(numbers)}", text)


Op = str
"""What a write does: `insert`, `update` or `delete`."""


def instant(text: str) -> datetime:
    """An instant as the server writes it in JSON, whatever time zone the host's session speaks."""
    return datetime.fromisoformat(text).astimezone(UTC)


class Statements:
    """The SQL of one kind."""

    def __init__(self, type: RecordType[Any]) -> None:
        self.type = type
        layout = self.layout = layout_of(type, instant=instant)
        self.to_row, self.from_row = layout.to_row, layout.from_row
        self.names = [f'"{column.name}"' for column in layout.columns]
        self.casts = [CASTS[column.sort] for column in layout.columns]
        self.table, self.key = f'"{type.name}"', f'"{layout.key}"'
        texts = [
            f"{name}::text" if column.sort is Sort.JSON else name
            for name, column in zip(self.names, layout.columns, strict=True)
        ]
        self.row = f"json_build_array({', '.join([*texts, 'version'])})"
        if type.full_text:
            self.names.append(full_text.COLUMN)
            self.casts.append("%s::tsvector")
        self.where = f"tenant = %s AND {self.key} = %s::text"
        columns = ", ".join(["tenant", *self.names, "version"])
        self.columns = columns
        values = ", ".join(["%s", *self.casts, "%s::bigint"])
        sets = ", ".join([f"{name} = {cast}" for name, cast in zip(self.names, self.casts, strict=True)])
        guarded = f"{self.where} AND version = %s::bigint"
        self.insert = f"INSERT INTO {self.table} ({columns}) VALUES ({values})"
        self.update = f"UPDATE {self.table} SET {sets}, version = %s::bigint WHERE {guarded}"
        self.delete = f"DELETE FROM {self.table} WHERE {guarded}"
        self.version = f"SELECT version FROM {self.table} WHERE {self.where}"
        self.get = f"SELECT {self.row} FROM {self.table} WHERE {self.where}"

    def row_of(self, tenant: str, record: Any) -> tuple[Any, ...]:
        """The values of a record's columns, and the words it is found by where it can be searched."""
        row = tuple(self.to_row(record))
        return (*row, full_text.vector(self.type, record, tenant)) if self.type.full_text else row

    def cast(self, name: str) -> str:
        return CASTS[self.layout.column(name).sort]

    def find(self, shape: tuple[Any, ...]) -> str:
        by, equals, has_low, has_high, descending = shape
        names = self.type.index(by).fields
        equal, rest = names[:equals], names[equals:]
        where = ["tenant = %s", *(f'"{name}" = {self.cast(name)}' for name in equal)]
        where += [f'"{rest[0]}" {mark} {self.cast(rest[0])}' for mark, has in ((">=", has_low), ("<", has_high)) if has]
        where += [f'"{name}" IS NOT NULL' for name in rest if self.layout.column(name).nullable]
        down = " DESC" if descending else ""
        order = ", ".join([f'"{name}"{down}' for name in rest] + [self.key + down])
        rows = f"SELECT * FROM {self.table} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT %s::bigint"
        return f"SELECT json_agg({self.row}) FROM ({rows}) AS found"

    def find_values(self, tenant: str, query: Find) -> list[Any]:
        names, encode = self.type.index(query.by).fields, self.layout.encode
        values = [tenant, *(encode(name, value) for name, value in zip(names, query.equal, strict=False))]
        values += [encode(names[len(query.equal)], end) for end in (query.low, query.high) if end is not None]
        return [*values, query.limit]

    def page(self, tenant: str, index: str | None, low: Any, high: Any, after: Any, page: int) -> tuple[str, list[Any]]:
        """The SQL of one page of a scan and its values."""
        fields = self.type.index(index).fields if index is not None else ()
        keys = (*fields, self.layout.key)
        order = ", ".join(f'"{name}"' for name in keys)
        where = ["tenant = %s", *(f'"{name}" IS NOT NULL' for name in fields if self.layout.column(name).nullable)]
        values: list[Any] = [tenant]
        for mark, bound in ((">=", low), ("<", high)):
            if bound is not None:
                where.append(f'"{keys[0]}" {mark} {self.cast(keys[0])}')
                values.append(self.layout.encode(keys[0], bound))
        if after is not None:
            where.append(f"({order}) > ({', '.join(self.cast(name) for name in keys)})")
            values += [self.layout.encode(name, value) for name, value in zip(keys, after, strict=True)]
        text = (
            f"SELECT {self.row}::text FROM {self.table} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT %s::bigint"
        )
        return numbered(text), [*values, page + 1]


@cache
def statements_of(type: RecordType[Any]) -> Statements:
    """The SQL of a kind, made when it is first met."""
    return Statements(type)


def shape_of(query: Query) -> Any:
    if type(query) is Get:
        return query.type
    if type(query) is Match:
        return (query.type, full_text.match_shape(query), Match)
    assert isinstance(query, Find)
    low, high = query.low is not None, query.high is not None
    return (query.type, (query.by, len(query.equal), low, high, query.descending))


@cache
def read_of(shapes: tuple[Any, ...]) -> str:
    parts = []
    for shape in shapes:
        if type(shape) is not tuple:
            inner = statements_of(shape).get
        elif shape[-1] is Match:
            inner = full_text.match_sql(statements_of(shape[0]), shape[1])
        else:
            inner = statements_of(shape[0]).find(shape[1])
        parts.append(f"({inner})::text")
    return numbered(f"SELECT {', '.join([SERVER_TIME, *parts])}")


def read_text(tenant: str, queries: Sequence[Query]) -> tuple[str, list[Any]]:
    """One statement that answers all queries, and its values."""
    values: list[Any] = []
    for query in queries:
        if type(query) is Get:
            values += (tenant, query.key)
        elif type(query) is Match:
            values += full_text.match_values(statements_of(query.type), tenant, query)
        else:
            values += statements_of(query.type).find_values(tenant, query)  # type: ignore[arg-type]
    return read_of(tuple([shape_of(query) for query in queries])), values


@cache
def apply_of(
    guards: tuple[RecordType[Any], ...],
    writes: tuple[tuple[RecordType[Any], Op], ...],
    events: int,
    *,
    locking: bool,
) -> str:
    parts = []
    for number, (kind, op) in enumerate(writes):
        # A new record is there or the statement fails; whether a change found its record has to be asked.
        told = "" if op == "insert" else " RETURNING 1"
        parts.append(f"w{number} AS ({getattr(statements_of(kind), op)}{told})")
    if events:
        parts.append(f"logged AS (INSERT INTO event ({EVENT_COLUMNS}) VALUES {', '.join([EVENT_VALUES] * events)})")
    held = [f"(SELECT count(*) FROM w{number}) = 1" for number, (_, op) in enumerate(writes) if op != "insert"]
    lock = " FOR SHARE" if locking else ""
    held += [f"coalesce(({statements_of(kind).version}{lock}), 0) = %s::bigint" for kind in guards]
    checked = f"SELECT 1 / (CASE WHEN {' AND '.join(held) or 'true'} THEN 1 ELSE 0 END)"
    return numbered(f"WITH {', '.join(parts)} {checked}" if parts else checked)


def apply_text(
    tenant: str, batch: Batch, tick: int, events: Sequence[tuple[Any, ...]], *, locking: bool
) -> tuple[str, list[Any]]:
    """One statement that writes a batch or fails, and its values. `events` are rows of `EVENT_COLUMNS`."""
    shapes: list[tuple[RecordType[Any], Op]] = []
    values: list[Any] = []
    for kind, key, record, version in batch.writes:
        if record is None:
            shapes.append((kind, "delete"))
            values += (tenant, key, version)
        elif version:
            shapes.append((kind, "update"))
            values += (*statements_of(kind).row_of(tenant, record), tick, tenant, key, version)
        else:
            shapes.append((kind, "insert"))
            values += (tenant, *statements_of(kind).row_of(tenant, record), tick)
    for row in events:
        values += row
    for guard in batch.guards:
        values += (tenant, guard.key, guard.version)
    kinds = tuple([guard.type for guard in batch.guards])
    return apply_of(kinds, tuple(shapes), len(events), locking=locking), values
