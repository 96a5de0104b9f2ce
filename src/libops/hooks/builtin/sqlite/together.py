"""Reading many things at once from a SQLite store of one's own.

A desk asks for a dozen records before it decides, and has read many of them before. What it has read or written since
the last commit of anybody else is what the file holds: a statement that says how far the log is says so.
When others have committed, the statement reads the versions of records, and one is fetched when it is not the one that
was read last time; versions are never reused. Of a find it reads what it would find first. A record that is new
to the desk comes whole with the first statement, if its kind is one that is mostly there: in a large library most are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from libops.base.makers import maker
from libops.hooks.builtin.sqlite.firsts import Firsts
from libops.hooks.builtin.sqlite.statements import COMMITS, Kinds, Statements
from libops.storage.port import ABSENT, Answers, Find, Get, Query, Versioned, Write
from libops.storage.records import RecordType

__all__ = ["MOST_AT_ONCE", "Together"]

MOST_AT_ONCE = 40
"""So many queries go into one statement: SQLite joins up to 64 tables."""

KEPT = 8_192
"""So many records are kept as they were last read: a few megabytes."""

Place = tuple[RecordType[Any], str]
"""A kind and a key."""

Whole = tuple[int, Get, Statements]
"""The place of a query, and the query, whose record is read whole."""

versioned = maker(Versioned)


class Together:
    """Answers the gets and finds of one decision, from one snapshot."""

    def __init__(self, execute: Callable[..., sqlite3.Cursor], kinds: Kinds) -> None:
        self.execute = execute
        self.kinds = kinds
        self.kept: dict[Place, Versioned] = {}
        """Records as they were last read."""
        self.sure: dict[Place, Versioned] = {}
        """Those, and the absent ones, that are so as long as the log goes no further than `sure_at`."""
        self.firsts = Firsts(kinds)
        """What finds would find first, so long."""
        self.sure_at = -1

    def keep(self, place: Place, row: Versioned) -> None:
        """Remember a record, or that there is none, as the file holds it."""
        self.sure[place] = row
        if row is not ABSENT:
            self.kept[place] = row

    def forget(self) -> None:
        """Be sure of nothing: others have committed, or it becomes too much."""
        self.sure.clear()
        self.firsts.clear()

    def keep_few(self) -> None:
        """Let go of what was remembered when it becomes too much."""
        if len(self.sure) > KEPT:
            self.forget()
        if len(self.kept) > KEPT:
            self.kept.clear()

    def before(self, place: Place, version: int) -> Any:
        """The record that the file holds at this version, None when it is not at hand."""
        row = self.kept.get(place)
        return row[0] if row is not None and row[1] == version else None

    def read(self, queries: Sequence[Query]) -> Answers | None:
        """The answers, or None when another desk committed between two statements: ask again in a transaction."""
        found = Answers(map(self.sure.get, queries))  # type: ignore[arg-type]
        unsure: list[int] = []
        for place, answer in enumerate(found):
            if answer is None:
                query = queries[place]
                if type(query) is Find and self.firsts.nothing(query):
                    found[place] = []
                else:
                    unsure.append(place)
        row, asked, whole = self.ask(queries, unsure, found) if unsure else (self.execute(COMMITS).fetchone(), (), ())
        found.as_of = row[0]
        if row[0] != self.sure_at:
            self.forget()
            self.sure_at = row[0]
            if len(asked) + len(whole) < len(queries):
                return self.read(queries)
        new = self.tell(queries, asked, row, found) if asked else []
        if whole:
            self.take(row[1 + len(asked) :], whole, found)
        return found if not new or self.fetch(new, found) else None

    def ask(
        self, queries: Sequence[Any], unsure: Sequence[int], found: Answers
    ) -> tuple[Sequence[Any], Sequence[int], Sequence[Whole]]:
        """How far the log is, a cell for each query that one cell answers, and the cells of whole records."""
        self.keep_few()
        kinds, kept = self.kinds, self.kept
        texts: list[str] = []
        values: list[Any] = []
        asked: list[int] = []
        whole: list[Whole] = []
        for place in unsure:
            query = queries[place]
            sql = kinds[query[0]]
            if type(query) is not Get:
                text, bound = sql.first(query)
                values += bound
            elif sql.mostly_there and query not in kept:
                whole.append((place, query, sql))
                continue
            else:
                text = sql.version
                values.append(query[1])
            texts.append(text)
            asked.append(place)
        tables = tuple([(sql.table, sql.key, sql.columns) for _, _, sql in whole])
        values += [query[1] for _, query, _ in whole]
        return self.execute(overview(tuple(texts), tables), values).fetchone(), asked, whole

    def tell(
        self, queries: Sequence[Any], asked: Sequence[int], row: Sequence[Any], found: Answers
    ) -> list[tuple[int, Query]]:
        """Put what the cells say in its place; returns what there is and is not at hand."""
        new: list[tuple[int, Query]] = []
        for place, cell in zip(asked, row[1:], strict=False):
            query = queries[place]
            if type(query) is not Get:
                if self.firsts.learn(query, cell):
                    found[place] = []
                else:
                    new.append((place, query))
            elif cell is None:
                found[place] = ABSENT
                self.keep(query, ABSENT)
            else:
                last = self.kept.get(query)
                if last is None or last[1] != cell:
                    new.append((place, query))
                else:
                    found[place] = last
                    self.keep(query, last)
        return new

    def take(self, cells: Sequence[Any], asked: Sequence[Whole], found: Answers) -> None:
        """Put the records of a joined row in their places, and keep those that are there."""
        at = 0
        for place, get, sql in asked:
            end = at + len(sql.layout.columns) + 1
            found[place] = answer = sql.answer(cells[at:end])
            sql.mostly_there = answer is not ABSENT
            self.keep(get, answer)
            at = end

    def committed(self, writes: Sequence[Write], before: int, commit: int) -> None:
        """What the file holds after a commit of this store's own, with the log from `before` to `commit`.

        What has become history is seldom asked for again.
        """
        if before != self.sure_at or len(writes) > KEPT:
            self.forget()
        self.keep_few()
        self.sure_at = commit
        sure, kept, firsts = self.sure, self.kept, self.firsts
        for type_, key, record, _ in writes[-KEPT:]:
            place = type_, key
            if record is None:
                sure[place] = ABSENT
                continue
            if type_ in firsts.groups:
                firsts.written(type_, record)
            if type_.history:
                sure.pop(place, None)
            else:
                sure[place] = kept[place] = versioned(record, commit)

    def fetch(self, new: Sequence[tuple[int, Query]], found: Answers) -> bool:
        """Read what is not kept and what finds find, each at its place; False when the store has moved on since."""
        execute = self.execute
        gets = [(place, query, self.kinds[query.type]) for place, query in new if type(query) is Get]
        execute("BEGIN")
        try:
            if execute(COMMITS).fetchone()[0] != found.as_of:
                return False
            if gets:
                text = joined(tuple([(sql.table, sql.key, sql.columns) for _, _, sql in gets]))
                self.take(execute(text, [get.key for _, get, _ in gets]).fetchone(), gets, found)
            for place, query in new:
                if type(query) is Find:
                    sql = self.kinds[query.type]
                    text, values = sql.find(query)
                    found[place] = [versioned(sql.from_row(row), row[-1]) for row in execute(text, values).fetchall()]
            return True
        finally:
            execute("COMMIT")


Tables = tuple[tuple[str, str, str], ...]
"""Kinds to read whole records of, each as its table, key and columns."""


@cache
def overview(texts: tuple[str, ...], tables: Tables) -> str:
    """How far the log is, the first cell that each of the statements finds, then a record of each kind."""
    cells = ", ".join([f"({COMMITS})", *(f"({text})" for text in texts)])
    return f"SELECT {cells}, {joined(tables).removeprefix('SELECT ')}" if tables else f"SELECT {cells}"


@cache
def joined(tables: Tables) -> str:
    """One row with the columns and version of a record of each kind."""
    columns = [
        f"t{number}.{name}" for number, (_, _, names) in enumerate(tables) for name in (*names.split(", "), "version")
    ]
    joins = [f"LEFT JOIN {table} t{number} ON t{number}.{key} = ?" for number, (table, key, _) in enumerate(tables)]
    return f"SELECT {', '.join(columns)} FROM (SELECT 1) {' '.join(joins)}"
