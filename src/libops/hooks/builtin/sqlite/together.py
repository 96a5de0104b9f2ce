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
        of, kept = self.of, self.kept
        texts: list[str] = []
        values: list[Any] = []
        for query in queries:
            if type(query) is Get:
                texts.append(of(query[0]).version)
                values.append(query[1])
            else:
                text, bound = of(query[0]).exists(query)  # type: ignore[arg-type]
                texts.append(text)
                values += bound
        commits, *seen = self.connection.execute(overview(tuple(texts)), values).fetchone()
        found = Answers()
        new: list[tuple[int, Query]] = []
        for query, version in zip(queries, seen, strict=True):
            if type(query) is not Get:
                row: Any = []
                if version is not None:
                    new.append((len(found), query))
            elif version is None:
                row = ABSENT
            else:
                row = kept.get(query)
                if row is None or row[1] != version:
                    new.append((len(found), query))
            found.append(row)
        if new and not self.fetch(new, commits, found):
            return None
        found.as_of = commits
        return found

    def committed(self, writes: Sequence[Write], commit: int) -> None:
        """What the file holds after a commit of this store's own."""
        for type_, key, record, _ in writes[-KEPT:]:
            if record is not None:
                self.keep((type_, key), Versioned(record, commit))

    def fetch(self, new: Sequence[tuple[int, Query]], commits: int, found: Answers) -> bool:
        """Read what is not kept and what finds find, each at its place; False when the store has moved on since."""
        execute = self.connection.execute
        gets = [(place, query, self.of(query.type)) for place, query in new if type(query) is Get]
        execute("BEGIN")
        try:
            if execute(COMMITS).fetchone()[0] != commits:
                return False
            if gets:
                text = joined(tuple([(sql.table, sql.key, sql.columns) for _, _, sql in gets]))
                row = execute(text, [get.key for _, get, _ in gets]).fetchone()
                at = 0
                for place, get, sql in gets:
                    end = at + len(sql.layout.columns) + 1
                    found[place] = sql.answer(row[at:end])
                    self.keep(get, found[place])
                    at = end
            for place, query in new:
                if type(query) is Find:
                    sql = self.of(query.type)
                    text, values = sql.find(query)
                    found[place] = [Versioned(sql.from_row(row), row[-1]) for row in execute(text, values)]
            return True
        finally:
            execute("COMMIT")


@cache
def overview(texts: tuple[str, ...]) -> str:
    """The number of commits, and the first cell that each of the statements finds."""
    return f"SELECT ({COMMITS}), {', '.join(f'({text})' for text in texts)}"


@cache
def joined(kinds: tuple[tuple[str, str, str], ...]) -> str:
    """One row with the columns and version of a record of each kind; each kind as its table, key and columns."""
    columns = [
        f"t{number}.{name}" for number, (_, _, names) in enumerate(kinds) for name in (*names.split(", "), "version")
    ]
    joins = [f"LEFT JOIN {table} t{number} ON t{number}.{key} = ?" for number, (table, key, _) in enumerate(kinds)]
    return f"SELECT {', '.join(columns)} FROM (SELECT 1) {' '.join(joins)}"
