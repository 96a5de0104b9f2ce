"""The tables: made from the kinds, checked when a store is opened.

Every table carries the tenant first in its key and in its indexes; text sorts by code point (`COLLATE "C"`). There
are no sequences, triggers, exclusion or deferrable constraints: distributed engines that speak PostgreSQL take it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from libops.base.errors import SchemaMismatch
from libops.storage.kinds import all_kinds
from libops.storage.records import RecordType
from libops.wire.columns import Column, Layout, Sort, layout_of
from libops_postgres import full_text

__all__ = ["SCHEMA_VERSION", "TYPES", "check", "create", "statements"]

SCHEMA_VERSION = 1

TYPES = {
    Sort.TEXT: 'text COLLATE "C"',
    Sort.INTEGER: "bigint",
    Sort.REAL: "double precision",
    Sort.BOOLEAN: "boolean",
    Sort.INSTANT: "timestamptz",
    Sort.DATE: "date",
    Sort.JSON: "jsonb",
}

TENANT = 'tenant text COLLATE "C" NOT NULL'

LOG = (
    f"CREATE TABLE IF NOT EXISTS event ({TENANT}, position bigint NOT NULL, at timestamptz NOT NULL, "
    '"by" text NOT NULL, name text NOT NULL, schema integer NOT NULL, stream text COLLATE "C" NOT NULL, '
    "body jsonb NOT NULL, "
    "PRIMARY KEY (tenant, position))",
    "CREATE INDEX IF NOT EXISTS event_stream ON event (tenant, stream, position) WHERE stream <> ''",
    'CREATE TABLE IF NOT EXISTS libops_store (name text COLLATE "C" PRIMARY KEY, value bigint NOT NULL)',
    f"INSERT INTO libops_store VALUES ('schema', {SCHEMA_VERSION}) ON CONFLICT (name) DO NOTHING",
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


def statements() -> Iterator[str]:
    """All that an empty schema needs."""
    yield from LOG
    for type in all_kinds():
        yield from table_of(type)


def tables(cursor: Any) -> dict[str, set[str]]:
    """The columns of every table in the schema in use, by table."""
    cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
    )
    found: dict[str, set[str]] = {}
    for table, column in cursor.fetchall():
        found.setdefault(table, set()).add(column)
    return found


def check(cursor: Any) -> bool:
    """Whether every table is there as it should be; False when some are still to be made.

    Raises:
        SchemaMismatch: a newer libops made the tables, or a table has other columns (another program's, or damaged).
    """
    there = tables(cursor)
    if "libops_store" in there:
        cursor.execute("SELECT value FROM libops_store WHERE name = 'schema'")
        row = cursor.fetchone()
        if row is not None and row[0] > SCHEMA_VERSION:
            raise SchemaMismatch(
                f"the database has schema {row[0]}, this libops-postgres reads up to {SCHEMA_VERSION}: "
                "open it with the newer version"
            )
    for type in all_kinds():
        wanted = {column.name for column in layout_of(type).columns} | {"tenant", "version"}
        if type.full_text:
            wanted.add(full_text.COLUMN.strip('"'))
        found = there.get(type.name)
        if found is not None and found != wanted:
            differ = ", ".join(sorted(found ^ wanted))
            raise SchemaMismatch(
                f"table {type.name!r} is another program's or of another version; it differs in {differ}"
            )
    return {"event", "libops_store", *(type.name for type in all_kinds())} <= set(there)


def create(cursor: Any) -> None:
    """Make all tables and indexes that are not there. The caller holds the transaction."""
    cursor.execute(";\n".join(statements()))
