"""The SQL of the store. Every text depends on the shape of what is asked alone, so that the driver prepares it once.

Rows come as JSON, so that nothing depends on how the host's connection loads its types. An apply is one statement:
each write is a part of one `WITH`, and the statement fails as a whole (by a division by zero) when a guard does. The
tenant is always the first value, `$1`, and is sent once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import count
from typing import Any

from libops.storage.port import Batch, Find
from libops.storage.records import RecordType
from libops.wire.columns import Sort, layout_of
from libops_postgres import full_text

__all__ = ["EVENT_COLUMNS", "FindShape", "Statements", "apply_text", "find_shape", "numbered", "statements_of"]

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
EVENT_VALUES = "($1, %s::bigint, %s::timestamptz, %s, %s, %s::integer, %s, %s::jsonb)"

MARK = re.compile("%s")

TEXTS_KEPT = 1024
"""How many texts are kept of each sort; their shapes are few, but for batches of ever other sizes."""


@lru_cache(maxsize=TEXTS_KEPT)
def numbered(text: str) -> str:
    """A text with the server's own marks, behind `$1` for the tenant: the driver has nothing left to parse.

    >>> numbered("SELECT name FROM patron WHERE tenant = $1 AND id = %s AND version = %s")
    'SELECT name FROM patron WHERE tenant = $1 AND id = $2 AND version = $3'
    """
    numbers = count(2)
    return MARK.sub(lambda found: f"${next(numbers)}", text)


Op = str
"""What a write does: `insert`, `update` or `delete`."""

FindShape = tuple[str, int, bool, bool, bool]
"""What the text of a `Find` depends on: its index, how many fields are equal, whether it has ends, its direction."""


def find_shape(query: Find) -> FindShape:
    """The shape of a find."""
    _, by, equal, low, high, descending, _ = query
    return by, len(equal), low is not None, high is not None, descending


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
        self.indexed = {index.name: index.fields for index in type.indexes}
        self.table, self.key = f'"{type.name}"', f'"{layout.key}"'
        cells = [*(self.cell(column.name) for column in layout.columns), "version"]
        self.row = f"json_build_array({', '.join(cells)})"
        if type.full_text:
            self.names.append(full_text.COLUMN)
            self.casts.append("%s::tsvector")
        self.where = f"tenant = $1 AND {self.key} = %s::text"
        columns = ", ".join(["tenant", *self.names, "version"])
        self.columns = columns
        values = ", ".join(["$1", *self.casts, "%s::bigint"])
        sets = ", ".join([f"{name} = {cast}" for name, cast in zip(self.names, self.casts, strict=True)])
        guarded = f"{self.where} AND version = %s::bigint"
        self.insert = f"INSERT INTO {self.table} ({columns}) VALUES ({values})"
        self.update = f"UPDATE {self.table} SET {sets}, version = %s::bigint WHERE {guarded}"
        self.delete = f"DELETE FROM {self.table} WHERE {guarded}"
        self.version = f"SELECT version FROM {self.table} WHERE {self.where}"
        known = f"CASE WHEN version = %s::bigint THEN '0'::json ELSE {self.row} END"
        self.get = f"SELECT {known} FROM {self.table} WHERE {self.where}"
        self.several = (
            f"SELECT json_agg({self.row}) FROM {self.table} WHERE tenant = $1 AND {self.key} = ANY(%s::text[])"
        )

    def row_of(self, tenant: str, record: Any) -> tuple[Any, ...]:
        """The values of a record's columns, and the words it is found by where it can be searched."""
        row = tuple(self.to_row(record))
        return (*row, full_text.vector(self.type, record, tenant)) if self.type.full_text else row

    def cast(self, name: str) -> str:
        return CASTS[self.layout.column(name).sort]

    def found(self, shape: FindShape) -> str:
        """The rows of a find, without its order and its limit."""
        by, equals, has_low, has_high, _ = shape
        names = self.type.index(by).fields
        equal, rest = names[:equals], names[equals:]
        where = ["tenant = $1", *(f'"{name}" = {self.cast(name)}' for name in equal)]
        where += [f'"{rest[0]}" {mark} {self.cast(rest[0])}' for mark, has in ((">=", has_low), ("<", has_high)) if has]
        where += [f'"{name}" IS NOT NULL' for name in rest if self.layout.column(name).nullable]
        return f"FROM {self.table} WHERE {' AND '.join(where)}"

    def find(self, shape: FindShape) -> str:
        """The records of a find, in order, as an array."""
        down = " DESC" if shape[-1] else ""
        order = ", ".join(
            [f'"{name}"{down}' for name in self.type.index(shape[0]).fields[shape[1] :]] + [self.key + down]
        )
        rows = f"SELECT {self.row} AS record {self.found(shape)} ORDER BY {order} LIMIT %s::bigint"
        return f"SELECT json_agg(record) FROM ({rows}) AS found"

    def find_values(self, query: Find) -> list[Any]:
        """The values of `found`."""
        _, by, equal, low, high, _, _ = query
        names, encode = self.indexed[by], self.layout.encode
        # Nearly all are text, which needs no encoding.
        values = [value if type(value) is str else encode(name, value) for name, value in zip(names, equal)]  # noqa: B905
        if low is not None or high is not None:
            values += [encode(names[len(equal)], end) for end in (low, high) if end is not None]
        return values

    def page(
        self, tenant: str, index: str | None, low: Any, high: Any, after: Any, page: int, row: str = ""
    ) -> tuple[str, list[Any]]:
        """The SQL of one page of a scan, its rows an array in one cell, and its values; `row` is what of each."""
        fields = self.type.index(index).fields if index is not None else ()
        keys = (*fields, self.layout.key)
        order = ", ".join(f'"{name}"' for name in keys)
        where = ["tenant = $1", *(f'"{name}" IS NOT NULL' for name in fields if self.layout.column(name).nullable)]
        values: list[Any] = [tenant]
        for mark, bound in ((">=", low), ("<", high)):
            if bound is not None:
                where.append(f'"{keys[0]}" {mark} {self.cast(keys[0])}')
                values.append(self.layout.encode(keys[0], bound))
        if after is not None:
            where.append(f"({order}) > ({', '.join(self.cast(name) for name in keys)})")
            values += [self.layout.encode(name, value) for name, value in zip(keys, after, strict=True)]
        rows = f"FROM {self.table} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT %s::bigint"
        text = f"SELECT coalesce(json_agg(record), '[]')::text FROM (SELECT {row or self.row} AS record {rows}) AS page"
        return numbered(text), [*values, page + 1]

    def row_of_some(self, columns: Sequence[str]) -> str:
        """These columns of a row."""
        return f"json_build_array({', '.join(map(self.cell, columns))})"

    def cell(self, name: str) -> str:
        return f'"{name}"::text' if self.layout.column(name).sort is Sort.JSON else f'"{name}"'


@cache
def statements_of(type: RecordType[Any]) -> Statements:
    """The SQL of a kind, made when it is first met."""
    return Statements(type)


@lru_cache(maxsize=TEXTS_KEPT)
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
    """One statement that writes a batch or fails, and its values. `events` are rows of what follows the tenant."""
    shapes: list[tuple[RecordType[Any], Op]] = []
    values: list[Any] = [tenant]
    for kind, key, record, version in batch.writes:
        if record is None:
            shapes.append((kind, "delete"))
            values += (key, version)
        elif version:
            shapes.append((kind, "update"))
            values += (*statements_of(kind).row_of(tenant, record), tick, key, version)
        else:
            shapes.append((kind, "insert"))
            values += (*statements_of(kind).row_of(tenant, record), tick)
    for row in events:
        values += row
    guards = tuple(batch.guards)
    for _, key, version in guards:
        values += (key, version)
    kinds = tuple([guard[0] for guard in guards])
    return apply_of(kinds, tuple(shapes), len(events), locking=locking), values
