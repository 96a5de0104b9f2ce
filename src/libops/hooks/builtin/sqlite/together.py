"""Reading many things at once from a SQLite store of one's own.

A desk asks for a dozen records before it decides, and has read many of them before. What it has read or written since
the last commit of anybody else is what the file holds: the statement that says how many commits there were says so.
When others have committed, the statement reads the versions of records, and one is fetched when it is not the one that
was read last time; versions are never reused. Of a find it reads whether it would find anything. A record that is new
to the desk comes whole with the first statement, if its kind is one that is mostly there: in a large library most are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from libops.base.makers import maker
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

NOTHING: list[Any] = []
"""Stands for the answer to a find that finds nothing; whoever asks gets a list of his own."""

versioned = maker(Versioned)


class Together:
    """Answers the gets and finds of one decision, from one snapshot."""

    def __init__(self, execute: Callable[..., sqlite3.Cursor], kinds: Kinds) -> None:
        self.execute = execute
        self.kinds = kinds
        self.kept: dict[Place, Versioned] = {}
        """Records as they were last read."""
        self.sure: dict[Any, Any] = {}
        """Those, the absent ones, and finds of nothing: so as long as there were no more commits than `sure_at`."""
        self.sure_at = -1
        self.vain: dict[RecordType[Any], list[Find]] = {}
        """The finds that found nothing: so until a record of the kind is written."""

    def keep(self, place: Place, row: Versioned) -> None:
        """Remember a record, or that there is none, as the file holds it."""
        if len(self.sure) >= KEPT:
            self.forget()
        self.sure[place] = row
        if row is not ABSENT:
            if len(self.kept) >= KEPT:
                self.kept.clear()
            self.kept[place] = row

    def forget(self) -> None:
        """Be sure of nothing: others may have committed."""
        self.sure.clear()
        self.vain.clear()

    def before(self, place: Place, version: int) -> Any:
        """The record that the file holds at this version, None when it is not at hand."""
        row = self.kept.get(place)
        return row[0] if row is not None and row[1] == version else None

    def read(self, queries: Sequence[Query]) -> Answers | None:
        """The answers, or None when another desk committed between two statements: ask again in a transaction."""
        found = Answers(map(self.sure.get, queries))
        unsure = []
        for place, answer in enumerate(found):
            if answer is None:
                unsure.append(place)
            elif answer is NOTHING:
                found[place] = []
        row, asked, whole = self.ask(queries, unsure)
        found.as_of = commits = row[0]
        if commits != self.sure_at:
            self.forget()
            self.sure_at = commits
            if len(unsure) < len(queries):
                return self.read(queries)
        new = self.tell(queries, asked, row, found)
        if whole:
            self.take(row[1 + len(asked) :], whole, found)
        return found if not new or self.fetch(new, found) else None

    def ask(
        self, queries: Sequence[Any], unsure: Sequence[int]
    ) -> tuple[Sequence[Any], list[int], list[tuple[int, Get, Statements]]]:
        """The number of commits, a cell for each query that one cell answers, and the cells of whole records."""
        if not unsure:
            return self.execute(COMMITS).fetchone(), [], []
        kinds, kept = self.kinds, self.kept
        texts: list[str] = []
        values: list[Any] = []
        asked: list[int] = []
        whole: list[tuple[int, Get, Statements]] = []
        for place in unsure:
            query = queries[place]
            sql = kinds[query[0]]
            if type(query) is not Get:
                text, bound = sql.exists(query)
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
                found[place] = []
                if cell is not None:
                    new.append((place, query))
                elif query[3] is query[4] is None:
                    self.sure[query] = NOTHING
                    self.vain.setdefault(query[0], []).append(query)
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

    def take(self, cells: Sequence[Any], asked: Sequence[tuple[int, Get, Statements]], found: Answers) -> None:
        """Put the records of a joined row in their places, and keep those that are there."""
        at = 0
        for place, get, sql in asked:
            end = at + len(sql.layout.columns) + 1
            found[place] = answer = sql.answer(cells[at:end])
            sql.mostly_there = answer is not ABSENT
            self.keep(get, answer)
            at = end

    def committed(self, writes: Sequence[Write], commit: int) -> None:
        """What the file holds after a commit of this store's own; what has become history is seldom asked for again."""
        if commit != self.sure_at + 1 or len(writes) > KEPT:
            self.forget()
        self.sure_at = commit
        for type_, key, record, _ in writes[-KEPT:]:
            if record is None:
                self.keep((type_, key), ABSENT)
                continue
            if type_ in self.vain:
                for find in self.vain.pop(type_):
                    self.sure.pop(find, None)
            if type_.history:
                self.sure.pop((type_, key), None)
            else:
                self.keep((type_, key), versioned(record, commit))

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
    """The number of commits, the first cell that each of the statements finds, then a record of each kind."""
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
