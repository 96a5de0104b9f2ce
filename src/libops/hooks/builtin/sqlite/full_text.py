"""Words in SQLite: an FTS5 index beside the table of each kind that declares searchable fields.

The index holds no text of its own: it points at the rows of the table and is written in the same transaction. The
words were folded before they came here, so the tokenizer only parts them at blanks. Every word of a query is quoted:
nothing that a person types can be an FTS5 expression.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import Any

from libops.storage.port import Match, Matches, Term, Versioned
from libops.storage.records import RecordType, comparable
from libops.wire.columns import layout_of

__all__ = ["index", "matches", "statements", "unindex"]

WEIGHTS = ("10.0", "5.0", "3.0", "1.0")
"""What a hit counts by the place of its field, as in `storage.words`."""


def index_of(type: RecordType[Any]) -> str:
    return f'"{type.name}_words"'


def statements(type: RecordType[Any]) -> Iterator[str]:
    """What makes the index of a kind."""
    if type.full_text:
        names = ", ".join(f'"{name}"' for name in type.full_text)
        yield (
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {index_of(type)} USING fts5("
            f"{names}, content='{type.name}', content_rowid='rowid', prefix='2 3 4', "
            f'tokenize="unicode61 remove_diacritics 0")'
        )


def unindex(connection: sqlite3.Connection, type: RecordType[Any], key: str) -> None:
    """Take a row out of the index, before the row itself is changed or removed."""
    names = ", ".join(f'"{name}"' for name in type.full_text)
    connection.execute(
        f"INSERT INTO {index_of(type)} ({index_of(type)}, rowid, {names}) "
        f'SELECT \'delete\', rowid, {names} FROM "{type.name}" WHERE "{layout_of(type).key}" = ?',
        (key,),
    )


def index(connection: sqlite3.Connection, type: RecordType[Any], key: str) -> None:
    """Put a row into the index, after it was written."""
    names = ", ".join(f'"{name}"' for name in type.full_text)
    connection.execute(
        f"INSERT INTO {index_of(type)} (rowid, {names}) "
        f'SELECT rowid, {names} FROM "{type.name}" WHERE "{layout_of(type).key}" = ?',
        (key,),
    )


def quoted(term: Term) -> str:
    """A term as an FTS5 phrase; quotes inside words are doubled, so that none ends it."""
    words = " ".join(term.words).replace('"', '""')
    phrase = f'"{words}"' + (" *" if term.prefix else "")
    return f'"{term.field}" : {phrase}' if term.field else phrase


def expression(way: tuple[Term, ...]) -> str:
    """One way to ask as an FTS5 expression; empty when nothing is wanted but exclusions."""
    wanted = [f"({quoted(term)})" for term in way if not term.excluded]
    if not wanted:
        return ""
    found = " AND ".join(wanted)
    for term in way:
        if term.excluded:
            found = f"({found}) NOT ({quoted(term)})"
    return f"({found})"


def matches(connection: sqlite3.Connection, match: Match, columns: str, from_row: Any) -> Matches:
    """Answer a `Match`: the best page, the number of hits and the facets, counted over so many hits at most."""
    wanted = " OR ".join(filter(None, map(expression, match.any_of)))
    if not wanted:
        return Matches([], 0, True, {name: {} for name in match.facets})
    kind, words = match.type, index_of(match.type)
    encode = layout_of(kind).encode
    where = [f"{words} MATCH ?", *(f'"{name}" = ?' for name, _ in match.equal)]
    values = [wanted, *(encode(name, comparable(value)) for name, value in match.equal)]
    source = f'{words} JOIN "{kind.name}" ON "{kind.name}".rowid = {words}.rowid WHERE {" AND ".join(where)}'
    weights = ", ".join(WEIGHTS[: len(kind.full_text)])
    named = ", ".join(f'"{kind.name}".{column}' for column in columns.split(", "))
    rows = connection.execute(
        f'SELECT {named}, "{kind.name}".version FROM {source} '
        f'ORDER BY bm25({words}, {weights}), "{kind.name}"."{layout_of(kind).key}" LIMIT ? OFFSET ?',
        (*values, match.limit, match.offset),
    ).fetchall()
    total, facets = counted(connection, match, source, values)
    found = [Versioned(from_row(row), row[-1]) for row in rows]
    return Matches(found, total, total < match.count_up_to, facets)


def counted(
    connection: sqlite3.Connection, match: Match, source: str, values: list[Any]
) -> tuple[int, dict[str, dict[Any, int]]]:
    """How many hits there are, up to the bound, and the values of each facet among them, in one pass."""
    names = ", ".join(f'"{match.type.name}"."{name}"' for name in match.facets) or "NULL"
    inner = f"SELECT {names} FROM {source} LIMIT ?"
    counters: list[Counter[Any]] = [Counter() for _ in match.facets]
    total = 0
    for row in connection.execute(inner, (*values, match.count_up_to)):
        total += 1
        for counter, value in zip(counters, row, strict=False):
            counter[value] += 1
    facets = {name: dict(counter.most_common()) for name, counter in zip(match.facets, counters, strict=True)}
    return total, facets
