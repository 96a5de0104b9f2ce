"""Words in SQLite: an FTS5 index beside the table of each kind that declares searchable fields.

The index holds no text of its own: it points at the rows of the table and is written in the same transaction. The
words were folded before they came here, so the tokenizer only parts them at blanks. Every word of a query is quoted:
nothing that a person types can be an FTS5 expression. The facets stand once more in a table of narrow rows, since
counting over the wide ones would read the whole catalog from the disk.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from libops.storage.port import Match, Matches, Term, Versioned
from libops.storage.records import RecordType, comparable
from libops.wire.columns import layout_of

__all__ = ["ROW_ID", "index", "matches", "renew", "statements", "unindex"]

ROW_ID = "row_id"
"""The column by which the index points at a row."""

WEIGHTS = ("10.0", "5.0", "3.0", "1.0")
"""What a hit counts by the place of its field, as in `storage.words`."""


def index_of(type: RecordType[Any]) -> str:
    return f'"{type.name}_words"'


def facets_of(type: RecordType[Any]) -> str:
    return f'"{type.name}_facets"'


def listed(names: Sequence[str], table: str = "") -> str:
    return ", ".join(f'{table}"{name}"' for name in names)


def statements(type: RecordType[Any]) -> Iterator[str]:
    """What makes the index of a kind."""
    if type.full_text:
        yield (
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {index_of(type)} USING fts5("
            f"{listed(type.full_text)}, content='{type.name}', content_rowid='{ROW_ID}', prefix='3 4', "
            f'tokenize="unicode61 remove_diacritics 0")'
        )
        yield f"CREATE TABLE IF NOT EXISTS {facets_of(type)} (number INTEGER PRIMARY KEY, {listed(type.facets)})"


def renew(connection: sqlite3.Connection, type: RecordType[Any]) -> None:
    """Make the index of a table that is there anew, when it is missing or was made for other fields."""
    words = [row[1] for row in connection.execute(f"PRAGMA table_info({index_of(type)})")]
    facets = [row[1] for row in connection.execute(f"PRAGMA table_info({facets_of(type)})")]
    if words == [*type.full_text] and facets == ["number", *type.facets]:
        return
    for table in (index_of(type), facets_of(type)):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in statements(type):
        connection.execute(statement)
    connection.execute(f"INSERT INTO {index_of(type)} ({index_of(type)}) VALUES ('rebuild')")
    names = listed(type.facets)
    connection.execute(f'INSERT INTO {facets_of(type)} (number, {names}) SELECT rowid, {names} FROM "{type.name}"')


def unindex(connection: sqlite3.Connection, type: RecordType[Any], key: str) -> None:
    """Take a row out of the index, before the row itself is changed or removed."""
    where = f'FROM "{type.name}" WHERE "{layout_of(type).key}" = ?'
    names = listed(type.full_text)
    connection.execute(
        f"INSERT INTO {index_of(type)} ({index_of(type)}, rowid, {names}) SELECT 'delete', rowid, {names} {where}",
        (key,),
    )
    connection.execute(f"DELETE FROM {facets_of(type)} WHERE number = (SELECT rowid {where})", (key,))


def index(connection: sqlite3.Connection, type: RecordType[Any], key: str) -> None:
    """Put a row into the index, after it was written."""
    where = f'FROM "{type.name}" WHERE "{layout_of(type).key}" = ?'
    names, facets = listed(type.full_text), listed(type.facets)
    connection.execute(f"INSERT INTO {index_of(type)} (rowid, {names}) SELECT rowid, {names} {where}", (key,))
    connection.execute(f"INSERT INTO {facets_of(type)} (number, {facets}) SELECT rowid, {facets} {where}", (key,))


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
    kind, words, facets = match.type, index_of(match.type), facets_of(match.type)
    encode = layout_of(kind).encode
    where = [f"{words} MATCH ?", *(f'{facets}."{name}" = ?' for name, _ in match.equal)]
    values = [wanted, *(encode(name, comparable(value)) for name, value in match.equal)]
    source = f"{words} JOIN {facets} ON {facets}.number = {words}.rowid WHERE {' AND '.join(where)}"
    total, counts = counted(connection, match, source, values)
    numbers = ranked(connection, match, source, values, few=total <= match.count_up_to)
    marks = ", ".join("?" * len(numbers))
    page = f'SELECT {columns}, version, rowid FROM "{kind.name}" WHERE rowid IN ({marks})'
    rows = {row[-1]: row for row in connection.execute(page, numbers)}
    found = [Versioned(from_row(rows[number]), rows[number][-2]) for number in numbers]
    return Matches(found, min(total, match.count_up_to), total <= match.count_up_to, counts)


def ranked(connection: sqlite3.Connection, match: Match, source: str, values: list[Any], *, few: bool) -> list[int]:
    """The rows of the page. A word that stands everywhere ranks nothing: of many hits only the first are weighed."""
    words = index_of(match.type)
    weights = ", ".join(WEIGHTS[: len(match.type.full_text)])
    bound, more = "", []
    if not few:
        first = f"SELECT {words}.rowid AS number FROM {source} LIMIT {int(match.count_up_to)}"
        bound, more = f" AND {words}.rowid <= (SELECT max(number) FROM ({first}))", values
    rows = connection.execute(
        f"SELECT {words}.rowid FROM {source}{bound} ORDER BY bm25({words}, {weights}), {words}.rowid LIMIT ? OFFSET ?",
        (*values, *more, match.limit, match.offset),
    )
    return [row[0] for row in rows]


def counted(
    connection: sqlite3.Connection, match: Match, source: str, values: list[Any]
) -> tuple[int, dict[str, dict[Any, int]]]:
    """How many hits there are, at most one above the bound, and each facet's values up to the bound, in one pass."""
    names = listed(match.facets, f"{facets_of(match.type)}.") or "NULL"
    counters: list[Counter[Any]] = [Counter() for _ in match.facets]
    rows = connection.execute(f"SELECT {names} FROM {source} LIMIT ?", (*values, match.count_up_to + 1)).fetchall()
    for counter, column in zip(counters, zip(*rows[: match.count_up_to], strict=True), strict=False):
        counter.update(column)
    facets = {name: dict(counter.most_common()) for name, counter in zip(match.facets, counters, strict=True)}
    return len(rows), facets
