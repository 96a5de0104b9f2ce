"""The SQL of the SQLite store, each text written once and kept, so that the driver finds it prepared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from libops.storage.port import ABSENT, Find, Guard, Versioned
from libops.storage.records import RecordType
from libops.wire.columns import layout_of
from libops.wire.partial import PartialRows

__all__ = ["APPEND", "COMMITS", "Kinds", "Statements", "check_of"]

COMMITS = "SELECT position FROM event ORDER BY position DESC LIMIT 1"
"""How far the log is: what numbers the commits."""

APPEND = 'INSERT INTO event (position, at, "by", name, schema, stream, body) VALUES (?, ?, ?, ?, ?, ?, ?)'

MOST_SHAPES = 64
"""So many statements a kind has for rows of some of its columns; what comes after is written with all of them."""

Written = tuple[str, Callable[..., tuple[Any, ...]]]
"""A statement, and what makes its values."""


class Statements:
    """The SQL of one kind."""

    __slots__ = (
        "columns",
        "decode",
        "delete",
        "encode",
        "fields",
        "finds",
        "firsts",
        "from_row",
        "get",
        "gets",
        "insert",
        "inserts",
        "key",
        "layout",
        "mostly_there",
        "partial",
        "table",
        "to_row",
        "type",
        "updates",
        "version",
    )

    def __init__(self, type: RecordType[Any]) -> None:
        self.type = type
        layout = self.layout = layout_of(type)
        names = [f'"{column.name}"' for column in layout.columns]
        self.table, self.key = f'"{type.name}"', f'"{layout.key}"'
        self.columns = ", ".join(names)
        self.to_row, self.from_row = layout.to_row, layout.from_row
        self.encode, self.decode = layout.encode, layout.decode
        self.get = f"SELECT {self.columns}, version FROM {self.table} WHERE {self.key} = ?"
        self.version = f"SELECT version FROM {self.table} WHERE {self.key} = ?"
        marks = ", ".join("?" * (len(names) + 1))
        self.insert = f"INSERT INTO {self.table} ({self.columns}, version) VALUES ({marks})"
        self.partial = PartialRows(type)
        self.inserts: dict[tuple[bool, ...], Written] = {}
        self.updates: dict[tuple[bool, ...], Written] = {}
        self.delete = f"DELETE FROM {self.table} WHERE {self.key} = ? AND version = ?"
        self.fields = {index.name: index.fields for index in type.indexes}
        self.finds: dict[tuple[Any, ...], str] = {}
        self.gets: dict[int, str] = {}
        self.firsts: dict[tuple[str, int], str] = {}
        self.mostly_there = False
        """Whether the last record that was asked for was there."""

    def answer(self, row: Any) -> Versioned:
        """The record of a row that is there, or the absent one."""
        return ABSENT if row is None or row[-1] is None else Versioned(self.from_row(row), row[-1])

    def inserting(self, record: Any) -> Written:
        """What stores a new record; nothing is bound for what is empty."""
        empty = self.partial.empty(record)
        found = self.inserts.get(empty)
        if found is None:
            columns, values = self.partial.of_new(empty)
            cells = ", ".join("?" if column.name in columns else "NULL" for column in self.layout.columns)
            found = f"INSERT INTO {self.table} ({self.columns}, version) VALUES ({cells}, ?)", values
            remember(self.inserts, empty, found)
        return found

    def updating(self, before: Any, record: Any) -> Written:
        """What stores the changed record; `before` is the one that is there, None when it is not at hand."""
        changes = self.partial.changes(before, record) if before is not None else ()
        found = self.updates.get(changes)
        if found is None:
            columns, values = self.partial.of_changes(changes or (True,) * len(self.partial.changing))
            sets = "".join([f'"{name}" = ?, ' for name in columns])
            text = f"UPDATE {self.table} SET {sets}version = ? WHERE {self.key} = ? AND version = ?"
            found = text, values
            remember(self.updates, changes, found)
        return found

    def get_several(self, count: int) -> str:
        """Rows of several keys, each with its key in front of the version: one statement sees one snapshot."""
        found = self.gets.get(count)
        if found is None:
            marks = ", ".join("?" * count)
            found = f"SELECT {self.columns}, {self.key}, version FROM {self.table} WHERE {self.key} IN ({marks})"
            self.gets[count] = found
        return found

    def find(self, query: Find) -> tuple[str, list[Any]]:
        """The SQL of a find and its values."""
        shape = (query.by, len(query.equal), query.low is None, query.high is None, query.descending)
        text = self.finds.get(shape)
        if text is None:
            text = self.finds[shape] = self.find_text(query)
        return text, [*self.bound(query), -1 if query.limit is None else query.limit]

    def first(self, query: Find) -> tuple[str, list[Any]]:
        """The SQL that reads what stands first behind the values that a find names, and those."""
        named = query._replace(low=None, high=None)
        shape = (query.by, len(query.equal))
        text = self.firsts.get(shape)
        if text is None:
            rest = self.fields[query.by][len(query.equal) :]
            cell = f'"{rest[0]}"' if rest else self.key
            text = f"SELECT {cell} FROM {self.table} WHERE {self.filters(named)} ORDER BY {cell} LIMIT 1"
            self.firsts[shape] = text
        return text, self.bound(named)

    def bound(self, query: Find) -> list[Any]:
        _, by, equal, low, high, *_ = query
        names, encode = self.fields[by], self.encode
        values = [each if type(each) is str else encode(name, each) for name, each in zip(names, equal, strict=False)]
        for end in (low, high):
            if end is not None:
                values.append(encode(names[len(equal)], end))
        return values

    def filters(self, query: Find) -> str:
        names = self.type.index(query.by).fields
        equal, rest = names[: len(query.equal)], names[len(query.equal) :]
        where = [f'"{name}" = ?' for name in equal]
        where += [f'"{rest[0]}" {mark} ?' for mark, end in ((">=", query.low), ("<", query.high)) if end is not None]
        where += [f'"{name}" IS NOT NULL' for name in rest if self.layout.column(name).nullable]
        return " AND ".join(where) or "1"

    def find_text(self, query: Find) -> str:
        rest = self.type.index(query.by).fields[len(query.equal) :]
        down = " DESC" if query.descending else ""
        order = ", ".join([f'"{name}"{down}' for name in rest] + [self.key + down])
        return f"SELECT {self.columns}, version FROM {self.table} WHERE {self.filters(query)} ORDER BY {order} LIMIT ?"

    def page(
        self, index: str | None, low: Any, high: Any, after: Any, page: int, columns: str = ""
    ) -> tuple[str, list[Any]]:
        """The SQL of one page of a scan and its values; `columns` are those to hand over, all when left out."""
        fields = self.type.index(index).fields if index is not None else ()
        order = [*(f'"{name}"' for name in fields), self.key]
        where = [f'"{name}" IS NOT NULL' for name in fields if self.layout.column(name).nullable]
        values: list[Any] = []
        first = fields[0] if fields else self.layout.key
        for mark, bound in ((">=", low), ("<", high)):
            if bound is not None:
                where.append(f'"{first}" {mark} ?')
                values.append(self.encode(first, bound))
        if after is not None:
            where.append(f"({', '.join(order)}) > ({', '.join('?' * len(order))})")
            values += [self.encode(n, v) for n, v in zip((*fields, self.layout.key), after, strict=True)]
        text = (
            f"SELECT {columns or f'{self.columns}, version'} FROM {self.table} WHERE {' AND '.join(where) or '1'} "
            f"ORDER BY {', '.join(order)} LIMIT ?"
        )
        return text, [*values, page + 1]


class Kinds(dict[RecordType[Any], Statements]):
    """The SQL of each kind, made when the kind is first met."""

    def __missing__(self, type: RecordType[Any]) -> Statements:
        found = self[type] = Statements(type)
        return found


def remember(shapes: dict[tuple[bool, ...], Written], shape: tuple[bool, ...], written: Written) -> None:
    if len(shapes) < MOST_SHAPES:
        shapes[shape] = written


@cache
def check_text(lookups: tuple[str, ...]) -> str:
    return f"SELECT {', '.join(f'({text})' for text in (COMMITS, *lookups))}"


def check_of(lookups: Sequence[str], guards: Sequence[Guard]) -> tuple[str, list[str]]:
    """One statement that reads how far the log is and the version of every guarded record."""
    return check_text(tuple(lookups)), [guard.key for guard in guards]
