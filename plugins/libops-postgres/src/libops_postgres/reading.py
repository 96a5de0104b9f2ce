"""Reading many things at once: one statement, one snapshot, one round trip.

A desk asks for a dozen records before it decides. Some it has read or written before; some are hardly ever there (a
transit of the item that is lent). Of both, the version alone says enough: versions are never reused, so a record at
hand that the server holds at the same version is the same record. To make JSON of a record takes the server as long as
to find it, so a place in a question that long needed no more is asked for its version alone, and a find for whether it
would find anything. When that turns out to be too little, all is asked for once more, whole, from one new snapshot.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

from attrs import frozen

from libops.base.makers import maker
from libops.storage.port import ABSENT, Find, Get, Match, Query, Versioned, Write
from libops.storage.records import RecordType
from libops_postgres import full_text
from libops_postgres.statements import find_shape, numbered, statements_of
from libops_postgres.ticks import SERVER_TIME

__all__ = ["Reading", "asking", "decoded", "rows_of", "shape_of"]

KEPT = 8_192
"""So many records are kept as they were last read: a few megabytes."""

OCCASIONS = 512
"""So many sorts of questions are remembered."""

ONE_BY_ONE = 40
"""Of more queries than this, those for records of one kind share a look: their number is not in the text then."""

IN_ONE_CELL = 90
"""So many answers go into one array of JSON: a function of the server takes up to a hundred arguments."""

UNNEEDED = 32
"""So many times in a row the whole record was not needed, until its version alone is asked for; twice as many after
each time that this was too little."""

decoded = json.JSONDecoder().decode
versioned = maker(Versioned)

Ask = Callable[[str, Sequence[Any]], tuple[Any, ...]]
"""Sends a statement and its values; returns the cells of the first row."""


def shape_of(query: Query) -> Any:
    """What the text of a query depends on."""
    if type(query) is Get:
        return query[0]
    if type(query) is Find:
        return query[0], find_shape(query)
    assert isinstance(query, Match)
    return query.type, full_text.match_shape(query), Match


@frozen
class Asking:
    """A statement, and which of its places ask in brief."""

    text: str
    brief: tuple[bool, ...]


def asking(shapes: tuple[Any, ...], brief: tuple[bool, ...]) -> Asking:
    """The statement that asks these places in brief, the others whole."""
    return Asking(statement([part(shape, short) for shape, short in zip(shapes, brief, strict=True)]), brief)


def part(shape: Any, brief: bool) -> str:
    """The cell that answers a query of this shape."""
    if type(shape) is not tuple:
        return f"({statements_of(shape).version if brief else statements_of(shape).get})"
    sql = statements_of(shape[0])
    if shape[-1] is Match:
        return f"({full_text.match_sql(sql, shape[1])})"
    return f"EXISTS (SELECT 1 {sql.found(shape[1])})" if brief else f"({sql.find(shape[1])})"


def statement(parts: Sequence[str]) -> str:
    """One row: the server's time and the answers, gathered into as few cells as can be."""
    cells = [SERVER_TIME, *parts]
    arrays = [", ".join(cells[start : start + IN_ONE_CELL]) for start in range(0, len(cells), IN_ONE_CELL)]
    return numbered("SELECT " + ", ".join([f"json_build_array({array})::text" for array in arrays]))


def answers_of(row: Sequence[str]) -> list[Any]:
    """The server's time and the answers of a `statement`."""
    return list(decoded(row[0])) if len(row) == 1 else list(chain.from_iterable(map(decoded, row)))


class Occasion:
    """A sort of question, and what answering it has needed so far."""

    def __init__(self, shapes: tuple[Any, ...]) -> None:
        self.shapes = shapes
        self.whole = asking(shapes, (False,) * len(shapes))
        self.now = self.whole
        self.unneeded = [0] * len(shapes)
        self.enough = [UNNEEDED] * len(shapes)

    def learn(self, place: int) -> None:
        """The whole record was not needed."""
        self.unneeded[place] += 1
        if self.unneeded[place] >= self.enough[place]:
            self.turn(place, brief=True)

    def turn(self, place: int, *, brief: bool) -> None:
        """Ask for a place in brief, or whole again."""
        self.unneeded[place] = 0
        if not brief:
            self.enough[place] *= 2
        ways = self.now.brief
        self.now = asking(self.shapes, (*ways[:place], brief, *ways[place + 1 :]))


class Reading:
    """Answers the queries of decisions, and keeps what was read for the next one."""

    def __init__(self) -> None:
        self.kept: dict[Any, Versioned] = {}
        """Records as they were last read or written, by kind and key."""
        self.occasions: dict[tuple[Any, ...], Occasion] = {}

    def read(self, ask: Ask, tenant: str, queries: Sequence[Query]) -> tuple[int, list[Any]]:
        """The server's time, and the answers from one snapshot."""
        if len(queries) > ONE_BY_ONE:
            return self.many(ask, tenant, queries)
        shapes = tuple([query[0] if type(query) is Get else shape_of(query) for query in queries])
        occasion = self.occasions.get(shapes)
        if occasion is None:
            if len(self.occasions) >= OCCASIONS:
                self.occasions.clear()
            occasion = self.occasions[shapes] = Occasion(shapes)
        found = self.told(ask, tenant, queries, occasion, occasion.now)
        while found is None:
            found = self.told(ask, tenant, queries, occasion, occasion.whole)
        return found

    def told(
        self, ask: Ask, tenant: str, queries: Sequence[Any], occasion: Occasion, asking: Asking
    ) -> tuple[int, list[Any]] | None:
        """The answers when asked in this way; None when they were too brief."""
        kept, brief = self.kept, asking.brief
        values: list[Any] = [tenant]
        at_hand: list[Any] = []
        for query, short in zip(queries, brief, strict=True):
            row: Any = None
            if type(query) is Get:
                row = kept.get(query)
                if not short:
                    values.append(0 if row is None else row[1])
                values.append(query[1])
            else:
                values += values_of(tenant, query, short)
            at_hand.append(row)
        server, *cells = answers_of(ask(asking.text, values))
        found: list[Any] = []
        wanting = []
        for place, (query, row, cell, short) in enumerate(zip(queries, at_hand, cells, brief, strict=True)):
            if not cell:
                if not short:
                    occasion.learn(place)
                row = [] if type(query) is not Get else ABSENT if cell is None else row
            elif not short:
                occasion.unneeded[place] = 0
                row = self.take(query, cell)
            elif row is None or row[1] != cell:
                wanting.append(place)
            found.append(row)
        for place in wanting:
            occasion.turn(place, brief=False)
        return None if wanting else (server, found)

    def many(self, ask: Ask, tenant: str, queries: Sequence[Any]) -> tuple[int, list[Any]]:
        """Answers to more queries than have a look of their own each."""
        places: dict[RecordType[Any], list[int]] = {}
        parts, values, others = [], [tenant], []
        for place, query in enumerate(queries):
            if type(query) is Get:
                places.setdefault(query[0], []).append(place)
            else:
                others.append(place)
        for kind, of_kind in places.items():
            parts.append(f"({statements_of(kind).several})")
            values.append(array_of([queries[place][1] for place in of_kind]))
        for place in others:
            parts.append(part(shape_of(queries[place]), False))
            values += values_of(tenant, queries[place], False)
        server, *cells = answers_of(ask(statement(parts), values))
        found: list[Any] = [ABSENT] * len(queries)
        for (kind, of_kind), rows in zip(places.items(), cells, strict=False):
            there = {kind.key_of(row[0]): row for row in rows_of(kind, rows)}
            for place in of_kind:
                found[place] = there.get(queries[place][1], ABSENT)
        for place, cell in zip(others, cells[len(places) :], strict=True):
            found[place] = self.take(queries[place], cell) if cell else []
        return server, found

    def take(self, query: Any, cell: Any) -> Any:
        """What a query found, from its cell."""
        kind = query[0]
        if type(query) is Find:
            return rows_of(kind, cell)
        if type(query) is Match:
            return full_text.matches(statements_of(kind), query, cell)
        row = versioned(statements_of(kind).from_row(cell), cell[-1])
        if not kind.history:
            self.keep(query, row)
        return row

    def keep(self, place: Any, row: Versioned) -> None:
        if len(self.kept) >= KEPT:
            self.kept.clear()
        self.kept[place] = row

    def written(self, writes: Sequence[Write], version: int) -> None:
        """What the store holds now. What has become history is seldom asked for again."""
        if len(writes) > ONE_BY_ONE:
            return
        for kind, key, record, _ in writes:
            if record is None:
                self.kept.pop((kind, key), None)
            elif not kind.history:
                self.keep((kind, key), versioned(record, version))


def rows_of(kind: RecordType[Any], cell: Any) -> list[Versioned]:
    """The records of an array of rows."""
    from_row = statements_of(kind).from_row
    return [versioned(from_row(row), row[-1]) for row in cell or ()]


def values_of(tenant: str, query: Any, brief: bool) -> list[Any]:
    """The values of a find or a match."""
    sql = statements_of(query[0])
    if type(query) is Match:
        return full_text.match_values(sql, tenant, query)
    return sql.find_values(query) if brief else [*sql.find_values(query), query[6]]


def array_of(keys: Sequence[str]) -> str:
    """Keys as the server reads an array of text.

    >>> array_of(["patron-1", 'a "b"'])
    '{"patron-1","a \\\\"b\\\\""}'
    """
    quoted = [key.replace("\\", "\\\\").replace('"', '\\"') for key in keys]
    return "{" + ",".join([f'"{key}"' for key in quoted]) + "}"
