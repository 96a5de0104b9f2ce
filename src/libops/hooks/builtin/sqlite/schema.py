"""Tables of a SQLite file: made from the kinds, checked when a file is opened.

A kind that has got a new field with a default, a new index or another one, needs no step of its own: the column and the
index are made, and the rows that are there hold the default. Whatever else changes is a numbered step in `migrations`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import cache
from zlib import crc32

from libops.base.errors import SchemaMismatch
from libops.hooks.builtin.sqlite import full_text, migrations
from libops.hooks.builtin.sqlite.full_text import ROW_ID
from libops.hooks.builtin.sqlite.streams import STREAMS
from libops.storage.kinds import all_kinds
from libops.storage.records import Index, RecordType
from libops.wire.columns import Layout, Sort, defaults_of, layout_of

__all__ = ["APPLICATION_ID", "bring_up_to_date", "check", "is_ours", "stands"]

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
INSERT OR IGNORE INTO event VALUES (0, '', '', '', 0, '', '');
CREATE TABLE IF NOT EXISTS store (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""
"""The log numbers the commits: each takes the next positions, one without events a row without a name, so that two
that read the same can never both be next. Row 0 stands for the empty log."""


def table_of(type: RecordType[object]) -> Iterator[str]:
    """The statements that make one kind's table and its indexes."""
    layout: Layout = layout_of(type)
    columns = ", ".join(f'"{c.name}" {TYPES[c.sort]}{"" if c.nullable else " NOT NULL"}' for c in layout.columns)
    made, key = f'CREATE TABLE IF NOT EXISTS "{type.name}"', f'("{layout.key}")'
    if type.full_text:
        # An index of words points at rows by a number that is theirs: a dump would lose a hidden one.
        yield f"{made} ({ROW_ID} INTEGER PRIMARY KEY, {columns}, version INTEGER NOT NULL, UNIQUE {key})"
    else:
        yield f"{made} ({columns}, version INTEGER NOT NULL, PRIMARY KEY {key}) WITHOUT ROWID"
    yield from full_text.statements(type)
    for index in type.indexes:
        yield f"CREATE INDEX IF NOT EXISTS {declared(type, index)}"


def declared(type: RecordType[object], index: Index) -> str:
    """An index as SQLite keeps it behind the words `CREATE INDEX`."""
    layout: Layout = layout_of(type)
    names = ", ".join(f'"{name}"' for name in (*index.fields, layout.key, *index.carries))
    empty = [f'"{name}" IS NOT NULL' for name in index.fields if layout.column(name).nullable]
    where = f" WHERE {' AND '.join(empty)}" if empty else ""
    return f'"{type.name}_{index.name}" ON "{type.name}" ({names}){where}'


@cache
def statements(kinds: tuple[RecordType[object], ...]) -> tuple[str, ...]:
    """All that an empty file needs."""
    log = (statement.strip() for statement in (LOG + STREAMS).split(";"))
    return (*filter(None, log), *(statement for type in kinds for statement in table_of(type)))


@cache
def layout_mark(kinds: tuple[RecordType[object], ...], version: int) -> int:
    """A number that changes with any table and any step: a store that carries it is as this libops makes it."""
    return crc32("\n".join((*statements(kinds), str(version))).encode())


def number(connection: sqlite3.Connection, pragma: str) -> int:
    row = connection.execute(f"PRAGMA {pragma}").fetchone()
    return int(row[0])


def kept(connection: sqlite3.Connection, name: str) -> int | None:
    """A number of the store's own."""
    row = connection.execute("SELECT value FROM store WHERE name = ?", (name,)).fetchone()
    return None if row is None else int(row[0])


def is_ours(connection: sqlite3.Connection) -> bool:
    """Whether the file already holds a libops store."""
    return columns_of(connection, "store") == ["name", "value"]


def stands(connection: sqlite3.Connection) -> bool:
    """Whether all tables are there as this libops makes them, by the mark it leaves."""
    try:
        return kept(connection, "layout") == layout_mark(all_kinds(), migrations.schema_version())
    except sqlite3.OperationalError:
        return False


def columns_of(connection: sqlite3.Connection, table: str) -> list[str]:
    """The columns of a table; none when there is no such table."""
    return [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]


def names(connection: sqlite3.Connection) -> set[str]:
    """The tables and indexes there are."""
    return {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}


def expected() -> set[str]:
    """The tables and indexes there should be."""
    kinds = all_kinds()
    indexes = {f"{type.name}_{index.name}" for type in kinds for index in type.indexes}
    words = {f"{type.name}_{part}" for type in kinds if type.full_text for part in ("words", "facets")}
    return {"event", "event_place", "store", *(type.name for type in kinds), *indexes, *words}


def is_marked(connection: sqlite3.Connection) -> bool:
    """Whether the file itself is libops'; in one of a host's, `application_id` and `user_version` are the host's."""
    return number(connection, "application_id") == APPLICATION_ID


def version_of(connection: sqlite3.Connection) -> int:
    """The schema of a store that is there."""
    return max(kept(connection, "schema") or 1, number(connection, "user_version") if is_marked(connection) else 0)


def bring_up_to_date(connection: sqlite3.Connection, where: str, *, joined: bool = False) -> None:
    """Make what a new or an older store lacks; the desks of other processes wait meanwhile.

    Joined, this happens inside the host's transaction, and the host's own marks on the file stay as they are.

    Raises `SchemaMismatch` when a table has other columns than its kind: the file was written by a newer libops,
    altered by hand, or is damaged.
    """
    if joined:
        complete(connection)
    elif not stands(connection) or not expected() <= names(connection):
        connection.execute("BEGIN IMMEDIATE")
        try:
            hosted = is_ours(connection) and not is_marked(connection)
            complete(connection)
            if not hosted:
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {migrations.schema_version()}")
            check_columns(connection, where)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        return
    check_columns(connection, where)


def complete(connection: sqlite3.Connection) -> None:
    """The steps that the store's schema lacks, then columns, tables and indexes. The caller holds the transaction."""
    there = is_ours(connection)
    if there:
        migrations.bring_up(connection, version_of(connection))
        for type in all_kinds():
            grow(connection, type)
    drop_changed_indexes(connection)
    for statement in statements(all_kinds()):
        connection.execute(statement)
    version = migrations.schema_version()
    marks = [("schema", version), ("layout", layout_mark(all_kinds(), version))]
    if not there:
        marks.append(("removed", 0))  # what may be left of what was removed: in a new file, nothing; see `traces`
    connection.executemany("INSERT OR REPLACE INTO store VALUES (?, ?)", marks)


def grow(connection: sqlite3.Connection, type: RecordType[object]) -> None:
    """Give a table the columns of fields that came later and have a default; rows that are there get the default."""
    there = columns_of(connection, type.name)
    if not there:
        return
    lacking = [column for column in layout_of(type).columns if column.name not in there]
    defaults = defaults_of(type) if lacking else {}
    for column in lacking:
        if column.name in defaults:
            needed = "" if column.nullable else " NOT NULL"
            literal = connection.execute("SELECT quote(?)", (defaults[column.name],)).fetchone()[0]
            connection.execute(
                f'ALTER TABLE "{type.name}" ADD COLUMN "{column.name}" {TYPES[column.sort]}{needed} DEFAULT {literal}'
            )
    if type.full_text:
        full_text.renew(connection, type)


def drop_changed_indexes(connection: sqlite3.Connection) -> None:
    """Drop the indexes that are declared otherwise than they were made; they are made anew with the missing ones."""
    made = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"))
    for type in all_kinds():
        for index in type.indexes:
            name = f"{type.name}_{index.name}"
            if name in made and made[name] != f"CREATE INDEX {declared(type, index)}":
                connection.execute(f'DROP INDEX "{name}"')


def check_columns(connection: sqlite3.Connection, where: str) -> None:
    for type in all_kinds():
        there = set(columns_of(connection, type.name))
        wanted = {"version", *(column.name for column in layout_of(type).columns)}
        if type.full_text:
            wanted.add(ROW_ID)
        if there != wanted:
            differ = ", ".join(sorted(there ^ wanted))
            raise SchemaMismatch(
                f"table {type.name!r} of {where} is not as this libops makes it; it differs in {differ}: "
                "it was written by a newer libops, or altered by hand"
            )


def check(connection: sqlite3.Connection, where: str, *, joined: bool = False) -> None:
    """Refuse a file that is not a libops store of this version or an older one.

    Raises:
        SchemaMismatch: the file belongs to another program, or was written by a newer libops; the host has a table
            of a name that libops needs.
    """
    if not is_ours(connection):
        refuse_strangers(connection, where, joined=joined)
        return
    version = version_of(connection)
    if version > migrations.schema_version():
        raise SchemaMismatch(
            f"{where} has schema {version}, this libops reads up to {migrations.schema_version()}: "
            "open it with the newer version"
        )


def refuse_strangers(connection: sqlite3.Connection, where: str, *, joined: bool) -> None:
    """Put no table beside those of another program unasked, and take none of a host's for one of libops'."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
    there = {row[0] for row in found if not row[0].startswith("sqlite_")}
    application = number(connection, "application_id")
    if not joined and (there or application not in (0, APPLICATION_ID)):
        what = some(there) if there else f"application id {application:#x}"
        raise SchemaMismatch(
            f"{where} is a database of another program: it has {what} and nothing of libops. "
            "Name a new file, or hand over a connection to this one (join)"
        )
    taken = there & expected()
    if taken:
        raise SchemaMismatch(
            f"{where} has {some(taken)}, and libops makes tables by such names: "
            "call yours otherwise, or keep the library in a file of its own"
        )


def some(tables: set[str]) -> str:
    """A few tables by name."""
    named = sorted(tables)
    return f"the table{'s' if len(named) > 1 else ''} {', '.join(named[:5])}{' ...' if len(named) > 5 else ''}"
