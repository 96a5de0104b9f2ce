"""Words in SQLite: an FTS5 index beside the table of each kind that declares searchable fields.

The index holds no text of its own: it points at the rows of the table and is written in the same transaction. The
words were folded before they came here, so the tokenizer only parts them at blanks. Every word of a query is quoted:
nothing that a person types can be an FTS5 expression. The facets stand once more in a table of narrow rows, since
counting over the wide ones would read the whole catalog from the disk.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
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


def matches(connection: sqlite3.Connection, match: Match, names: str, from_row: Any) -> Matches:
    """Answer a `Match`: the best page, the number of hits and the facets, counted over so many hits at most.

    The caller holds a transaction: the page is of the catalog that was counted.
    """
    wanted = " OR ".join(filter(None, map(expression, match.any_of)))
    if not wanted:
        return Matches([], 0, True, {name: {} for name in match.facets}, [])
    most, encode = match.count_up_to, layout_of(match.type).encode
    values = [wanted, *(encode(name, comparable(value)) for name, value in match.equal)]
    rows = hits(connection, match, values)
    columns = list(zip(*rows[:most], strict=True))[2:] or [()] * len(match.facets)
    facets = {name: spread(column) for name, column in zip(match.facets, columns, strict=True)}
    numbers = page(rows[:most], match)
    shown = fetched(connection, match.type, numbers, names if match.records else "NULL")
    records = [Versioned(from_row(row), row[-3]) for row in shown] if match.records else []
    return Matches(records, min(len(rows), most), len(rows) <= most, facets, [row[-2] for row in shown])


def hits(connection: sqlite3.Connection, match: Match, values: list[Any]) -> list[tuple[Any, ...]]:
    """The hits in the order of the table, at most one above the bound: weight, number and facets of each.

    A word that stands everywhere ranks nothing: of many hits only the first are weighed. FTS5 weighs a hit by how rare
    each of the words is, and for that reads through all that hold one of them; several words mostly leave one title,
    and nothing is weighed then.
    """
    words, facets = index_of(match.type), facets_of(match.type)
    where = [f"{words} MATCH ?", *(f'{facets}."{name}" = ?' for name, _ in match.equal)]
    source = f"{words} CROSS JOIN {facets} ON number = {words}.rowid WHERE {' AND '.join(where)} LIMIT ?"
    weight = f"bm25({words}, {', '.join(WEIGHTS[: len(match.type.full_text)])})"
    names = "".join(f', {facets}."{name}"' for name in match.facets)
    bound = [*values, match.count_up_to + 1]
    if len(match.any_of) == len(match.any_of[0]) == 1:
        return connection.execute(f"SELECT {weight}, number{names} FROM {source}", bound).fetchall()
    rows = connection.execute(f"SELECT 0.0, number{names} FROM {source}", bound).fetchall()
    if len(rows) < 2:
        return rows
    weights = connection.execute(f"SELECT {weight} FROM {source}", bound)
    return [(*found, *row[1:]) for found, row in zip(weights, rows, strict=True)]


def page(rows: list[tuple[Any, ...]], match: Match) -> list[int]:
    """The numbers of the page, the best first; equal ones in the order of the table."""
    ranked = sorted(rows, key=itemgetter(0))
    return [row[1] for row in ranked[match.offset : match.offset + match.limit]]


def spread(values: Iterable[Any]) -> dict[Any, int]:
    """How often each value occurs, the commonest first."""
    return dict(Counter(values).most_common())


def fetched(connection: sqlite3.Connection, type: RecordType[Any], numbers: list[int], columns: str) -> list[Any]:
    """The rows of these numbers, in their order: the columns, then version, key and number."""
    key, marks = layout_of(type).key, ", ".join("?" * len(numbers))
    text = f'SELECT {columns}, version, "{key}", {ROW_ID} FROM "{type.name}" WHERE {ROW_ID} IN ({marks})'
    rows = {row[-1]: row for row in connection.execute(text, numbers)}
    return [rows[number] for number in numbers]
