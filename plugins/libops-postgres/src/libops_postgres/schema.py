"""The tables: made from the kinds, checked when a store is opened, brought up to date when an older libops made them.

Every table carries the tenant first in its key and in its indexes; text sorts by code point (`COLLATE "C"`). There
are no sequences, triggers, exclusion or deferrable constraints: distributed engines that speak PostgreSQL take it. On
PostgreSQL itself the log is kept by months.

A kind that has got a new field with a default, or a new index, needs no step of its own: the column and the index are
made, and the rows that are there hold the default. Whatever else changes is a numbered step.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any
from zlib import crc32

from psycopg.sql import Literal

from libops.base.errors import SchemaMismatch
from libops.storage.kinds import all_kinds
from libops.storage.records import RecordType
from libops.wire.columns import Column, Layout, Sort, defaults_of, layout_of
from libops_postgres import full_text, months
from libops_postgres.statements import numbered, statements_of

__all__ = ["SCHEMA_VERSION", "TYPES", "bring_up_to_date", "stands", "statements"]

SCHEMA_VERSION = 3
"""1: the log is one table. 2: on PostgreSQL itself, it is kept by months. 3: loans have no index by title."""

TYPES = {
    Sort.TEXT: 'text COLLATE "C"',
    Sort.INTEGER: "bigint",
    Sort.REAL: "double precision",
    Sort.BOOLEAN: "boolean",
    Sort.INSTANT: "timestamptz",
    Sort.DATE: "date",
    Sort.JSON: "jsonb",
}

WORDS = full_text.COLUMN.strip('"')

TENANT = 'tenant text COLLATE "C" NOT NULL'

STORE = (
    'CREATE TABLE IF NOT EXISTS libops_store (name text COLLATE "C" PRIMARY KEY, value bigint NOT NULL)',
    "INSERT INTO libops_store VALUES ('schema', 0) ON CONFLICT (name) DO NOTHING",
)


def log(*, by_month: bool) -> tuple[str, ...]:
    """The statements that make the log."""
    return (
        f"CREATE TABLE IF NOT EXISTS event ({TENANT}, position bigint NOT NULL, at timestamptz NOT NULL, "
        '"by" text NOT NULL, name text NOT NULL, schema integer NOT NULL, stream text COLLATE "C" NOT NULL, '
        f"body jsonb NOT NULL, PRIMARY KEY (tenant, position)){months.BY_MONTH if by_month else ''}",
        "CREATE INDEX IF NOT EXISTS event_stream ON event (tenant, stream, position) WHERE stream <> ''",
    )


def declared(column: Column) -> str:
    return f'"{column.name}" {TYPES[column.sort]}{"" if column.nullable else " NOT NULL"}'


def table_of(type: RecordType[Any]) -> Iterator[str]:
    """The statements that make one kind's table and its indexes."""
    layout: Layout = layout_of(type)
    columns = ", ".join([*map(declared, layout.columns), *([full_text.declared()] if type.full_text else [])])
    yield (
        f'CREATE TABLE IF NOT EXISTS "{type.name}" ({TENANT}, {columns}, version bigint NOT NULL, '
        f'PRIMARY KEY (tenant, "{layout.key}"))'
    )
    if type.full_text:
        yield full_text.index_of(type)
    for index in type.indexes:
        names = ", ".join(f'"{name}"' for name in (*index.fields, layout.key))
        filled = [f'"{name}" IS NOT NULL' for name in index.fields if layout.column(name).nullable]
        where = f" WHERE {' AND '.join(filled)}" if filled else ""
        yield f'CREATE INDEX IF NOT EXISTS "{type.name}_{index.name}" ON "{type.name}" (tenant, {names}){where}'


def statements(*, by_month: bool = False) -> Iterator[str]:
    """All that an empty schema needs."""
    yield from STORE
    yield from log(by_month=by_month)
    for type in all_kinds():
        yield from table_of(type)


@cache
def layout_mark(kinds: tuple[RecordType[Any], ...]) -> int:
    """A number that changes with any table: a store that carries it is as this libops makes it."""
    made = (statement for type in kinds for statement in table_of(type))
    return crc32("\n".join([*STORE, *log(by_month=True), *made, str(SCHEMA_VERSION)]).encode())


def tables(cursor: Any) -> dict[str, set[str]]:
    """The columns of every table in the schema in use, by table."""
    cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
    )
    found: dict[str, set[str]] = {}
    for table, column in cursor.fetchall():
        found.setdefault(table, set()).add(column)
    return found


def kept(cursor: Any, name: str, *, locked: bool = False) -> int | None:
    """A number of the store's own."""
    cursor.execute(f"SELECT value FROM libops_store WHERE name = $1{' FOR UPDATE' if locked else ''}", (name,))
    row = cursor.fetchone()
    return None if row is None else int(row[0])


def stands(cursor: Any) -> bool:
    """Whether all tables are there as this libops makes them.

    Raises:
        SchemaMismatch: a newer libops made the tables, or a table has other columns (another program's, or damaged).
    """
    there = tables(cursor)
    if "libops_store" not in there:
        refuse_foreign(there, grown=False)
        if "event" in there:
            raise SchemaMismatch(
                "the database has a table 'event', and libops makes one by that name: "
                "call yours otherwise, or give libops a schema of its own (search_path)"
            )
        return False
    version = kept(cursor, "schema") or 0
    if version > SCHEMA_VERSION:
        raise SchemaMismatch(
            f"the database has schema {version}, this libops-postgres reads up to {SCHEMA_VERSION}: "
            "open it with the newer version"
        )
    as_made = version == SCHEMA_VERSION and kept(cursor, "layout") == layout_mark(all_kinds())
    refuse_foreign(there, grown=as_made)
    return as_made and {"event", *(type.name for type in all_kinds())} <= set(there)


def refuse_foreign(there: dict[str, set[str]], *, grown: bool) -> None:
    """Refuse tables that have columns which this libops does not know, or lack some that it cannot add."""
    for type in all_kinds():
        words = {WORDS} if type.full_text else set()
        wanted = {column.name for column in layout_of(type).columns} | {"tenant", "version"} | words
        found = there.get(type.name)
        if found is None:
            continue
        addable = set() if grown else set(defaults_of(type)) | words
        if found - wanted or wanted - found - addable:
            differ = ", ".join(sorted(found ^ wanted))
            raise SchemaMismatch(
                f"table {type.name!r} is another program's or of a newer version; it differs in {differ}: "
                "call yours otherwise, or give libops a schema of its own (search_path)"
            )


def bring_up_to_date(cursor: Any) -> None:
    """Make what a new or an older store lacks. The caller holds the transaction; other processes wait meanwhile."""
    there = tables(cursor)
    by_month = months.native(cursor)
    for statement in STORE:
        cursor.execute(statement)
    version = kept(cursor, "schema", locked=True) or 0
    if "event" in there and version < 2 and by_month and not months.is_partitioned(cursor):
        months.split(cursor, log(by_month=True))
    if version < 3:
        cursor.execute("DROP INDEX IF EXISTS loan_by_bib")
    for type in all_kinds():
        if type.name in there:
            grow(cursor, type, there[type.name])
    for statement in statements(by_month=by_month):
        cursor.execute(statement)
    months.add_months(cursor)
    for name, value in (("schema", SCHEMA_VERSION), ("layout", layout_mark(all_kinds()))):
        cursor.execute(
            "INSERT INTO libops_store VALUES ($1, $2::bigint) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )


def grow(cursor: Any, type: RecordType[Any], there: set[str]) -> None:
    """Give a table the columns of fields that came later and have a default; rows that are there get the default."""
    lacking = [column for column in layout_of(type).columns if column.name not in there]
    defaults = defaults_of(type) if lacking else {}
    for column in lacking:
        default = Literal(defaults[column.name]).as_string(cursor)
        cursor.execute(f'ALTER TABLE "{type.name}" ADD COLUMN IF NOT EXISTS {declared(column)} DEFAULT {default}')
    if type.full_text and (lacking or WORDS not in there):
        cursor.execute(f"ALTER TABLE \"{type.name}\" ADD COLUMN IF NOT EXISTS {full_text.declared()} DEFAULT ''")
        cursor.execute(f'ALTER TABLE "{type.name}" ALTER COLUMN {full_text.COLUMN} DROP DEFAULT')
        gather_words(cursor, type)


def gather_words(cursor: Any, type: RecordType[Any]) -> None:
    """Fill the index of words from the records that are there."""
    sql = statements_of(type)
    cursor.execute(f"SELECT tenant, {sql.row}::text FROM {sql.table}")
    found = [(tenant, sql.from_row(json.loads(row))) for tenant, row in cursor.fetchall()]
    cursor.executemany(
        numbered(f"UPDATE {sql.table} SET {full_text.COLUMN} = %s::tsvector WHERE {sql.where}"),
        [(tenant, full_text.vector(type, record, tenant), type.key_of(record)) for tenant, record in found],
    )
