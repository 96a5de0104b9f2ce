"""Reading many things at once from a SQLite store of one's own.

A desk asks for a dozen records before it decides, and has read most of them before. So a first statement reads only
versions, and whether each find would find anything; a record is fetched when it is not the one that was read last
time. Versions are never reused, so what is kept under one is what the file holds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from libops.hooks.builtin.sqlite.statements import COMMITS, Statements
from libops.storage.port import ABSENT, Answers, Find, Get, Query, Versioned, Write
from libops.storage.records import RecordType

__all__ = ["MOST_AT_ONCE", "Together"]

MOST_AT_ONCE = 40
"""So many queries go into one statement: SQLite joins up to 64 tables."""

KEPT = 4_096
"""So many records are kept as they were last read: a few megabytes."""


class Together:
    """Answers the gets and finds of one decision, from one snapshot."""

    def __init__(self, connection: sqlite3.Connection, of: Callable[[RecordType[Any]], Statements]) -> None:
        self.connection = connection
        self.of = of
        self.kept: dict[tuple[RecordType[Any], str], Versioned] = {}

    def keep(self, place: tuple[RecordType[Any], str], row: Versioned) -> None:
        """Remember a record as the file holds it."""
        if len(self.kept) >= KEPT:
            self.kept.clear()
        self.kept[place] = row

    def read(self, queries: Sequence[Query]) -> Answers | None:
        """The answers, or None when another desk committed between two statements: ask again in a transaction."""
        gets = [query for query in queries if type(query) is Get]
        finds = [query for query in queries if type(query) is Find]
        tests = [self.of(find.type).exists(find) for find in finds]
        text = overview(tuple([self.of(get.type).version for get in gets]), tuple([text for text, _ in tests]))
        values = [get.key for get in gets]
        for _, bound in tests:
            values += bound
        commits, *seen = self.connection.execute(text, values).fetchone()
        rows: dict[Query, Any] = {}
        new: list[Get] = []
        for get, version in zip(gets, seen, strict=False):
            row = ABSENT if version is None else self.kept.get(get)
            if row is None or row[1] != (version or 0):
                new.append(get)
            else:
                rows[get] = row
        hits = [find for find, hit in zip(finds, seen[len(gets) :], strict=True) if hit]
        if (new or hits) and not self.fetch(new, hits, commits, rows):
            return None
        found = Answers([rows.get(query, []) for query in queries])
        found.as_of = commits
        return found

    def committed(self, writes: Sequence[Write], commit: int) -> None:
        """What the file holds after a commit of this store's own."""
        for type_, key, record, _ in writes:
            if record is not None:
                self.keep((type_, key), Versioned(record, commit))

    def fetch(self, gets: Sequence[Get], finds: Sequence[Find], commits: int, rows: dict[Query, Any]) -> bool:
        """Read what is new and what a find finds; False when the store has moved on since the overview."""
        execute = self.connection.execute
        execute("BEGIN")
        try:
            if execute(COMMITS).fetchone()[0] != commits:
                return False
            if gets:
                sql = [self.of(get.type) for get in gets]
                row = execute(
                    joined(tuple([(each.table, each.key, each.columns) for each in sql])), [get.key for get in gets]
                ).fetchone()
                at = 0
                for get, each in zip(gets, sql, strict=True):
                    end = at + len(each.layout.columns) + 1
                    read = rows[get] = each.answer(row[at:end])
                    self.keep(get, read)
                    at = end
            for find in finds:
                each = self.of(find.type)
                text, values = each.find(find)
                rows[find] = [Versioned(each.from_row(row), row[-1]) for row in execute(text, values)]
            return True
        finally:
            execute("COMMIT")


@cache
def overview(versions: tuple[str, ...], tests: tuple[str, ...]) -> str:
    """The number of commits, the version of each record, and whether each find finds anything."""
    parts = [f"({COMMITS})", *(f"({text})" for text in versions), *(f"EXISTS({text})" for text in tests)]
    return f"SELECT {', '.join(parts)}"


@cache
def joined(kinds: tuple[tuple[str, str, str], ...]) -> str:
    """One row with the columns and version of a record of each kind; each kind as its table, key and columns."""
    columns = [
        f"t{number}.{name}" for number, (_, _, names) in enumerate(kinds) for name in (*names.split(", "), "version")
    ]
    joins = [f"LEFT JOIN {table} t{number} ON t{number}.{key} = ?" for number, (table, key, _) in enumerate(kinds)]
    return f"SELECT {', '.join(columns)} FROM (SELECT 1) {' '.join(joins)}"
