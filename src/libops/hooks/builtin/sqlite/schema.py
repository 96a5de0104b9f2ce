"""Tables of a SQLite file: made from the kinds, checked when a file is opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from libops.base.errors import SchemaMismatch
from libops.hooks.builtin.sqlite import full_text, migrations
from libops.storage.kinds import all_kinds
from libops.storage.records import RecordType
from libops.wire.columns import Layout, Sort, layout_of

__all__ = ["APPLICATION_ID", "bring_up_to_date", "check", "create", "is_ours"]

APPLICATION_ID = 0x6C69626F
"""Marks the file as a libops store ("libo"), so that another program's database is not taken for one."""

TYPES = {
    Sort.TEXT: "TEXT",
    Sort.INTEGER: "INTEGER",
    Sort.REAL: "REAL",
    Sort.BOOLEAN: "INTEGER",
    Sort.INSTANT: "TEXT",
    Sort.DATE: "TEXT",
    Sort.JSON: "TEXT",
}

LOG = """
CREATE TABLE IF NOT EXISTS event (
  position INTEGER PRIMARY KEY,
  at TEXT NOT NULL, "by" TEXT NOT NULL, name TEXT NOT NULL, schema INTEGER NOT NULL, stream TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS event_stream ON event (stream, position) WHERE stream <> '';
CREATE TABLE IF NOT EXISTS store (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT OR IGNORE INTO store VALUES ('commits', 0);
"""


def table_of(type: RecordType[object]) -> Iterator[str]:
    """The statements that make one kind's table and its indexes."""
    layout: Layout = layout_of(type)
    columns = ", ".join(f'"{c.name}" {TYPES[c.sort]}{"" if c.nullable else " NOT NULL"}' for c in layout.columns)
    yield (
        f'CREATE TABLE IF NOT EXISTS "{type.name}" '
        f'({columns}, version INTEGER NOT NULL, PRIMARY KEY ("{layout.key}"))'
        # An index of words points at rows by their number.
        f"{'' if type.full_text else ' WITHOUT ROWID'}"
    )
    yield from full_text.statements(type)
    for index in type.indexes:
        names = ", ".join(f'"{name}"' for name in (*index.fields, layout.key))
        empty = [f'"{name}" IS NOT NULL' for name in index.fields if layout.column(name).nullable]
        where = f" WHERE {' AND '.join(empty)}" if empty else ""
        yield f'CREATE INDEX IF NOT EXISTS "{type.name}_{index.name}" ON "{type.name}" ({names}){where}'


def create(connection: sqlite3.Connection) -> None:
    """Make all tables that are not there. The caller holds the transaction."""
    for statement in LOG.split(";"):
        if statement.strip():
            connection.execute(statement)
    for type in all_kinds():
        for statement in table_of(type):
            connection.execute(statement)


def number(connection: sqlite3.Connection, pragma: str) -> int:
    row = connection.execute(f"PRAGMA {pragma}").fetchone()
    return int(row[0])


def is_ours(connection: sqlite3.Connection) -> bool:
    """Whether the file already holds a libops store."""
    return (
        connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'store'").fetchone() is not None
    )


def names(connection: sqlite3.Connection) -> set[str]:
    """The tables and indexes there are."""
    return {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}


def expected() -> set[str]:
    """The tables and indexes there should be."""
    kinds = all_kinds()
    indexes = {f"{type.name}_{index.name}" for type in kinds for index in type.indexes}
    return {"event", "event_stream", "store", *(type.name for type in kinds), *indexes}


def bring_up_to_date(connection: sqlite3.Connection, where: str) -> None:
    """Make what a new or an older file lacks; the desks of other processes wait meanwhile.

    Raises `SchemaMismatch` when a table has other columns than its kind: the file was altered by hand or is damaged.
    """
    version = migrations.schema_version()
    if number(connection, "user_version") < version or not expected() <= names(connection):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if is_ours(connection):
                migrations.bring_up(connection, max(1, number(connection, "user_version")))
            create(connection)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {version}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    for type in all_kinds():
        there = {row[1] for row in connection.execute(f'PRAGMA table_info("{type.name}")')}
        wanted = {"version", *(column.name for column in layout_of(type).columns)}
        if there != wanted:
            differ = ", ".join(sorted(there ^ wanted))
            raise SchemaMismatch(f"table {type.name!r} of {where} is not as libops makes it; it differs in {differ}")


def check(connection: sqlite3.Connection, where: str) -> None:
    """Refuse a file that is not a libops store of this version.

    Raises:
        SchemaMismatch: the file belongs to another program, or was written by a newer libops.
    """
    application, version = number(connection, "application_id"), number(connection, "user_version")
    if application not in (0, APPLICATION_ID):
        raise SchemaMismatch(f"{where} is a database of another program (application id {application:#x})")
    if version > migrations.schema_version():
        raise SchemaMismatch(
            f"{where} has schema {version}, this libops reads up to {migrations.schema_version()}: "
            "open it with the newer version"
        )
