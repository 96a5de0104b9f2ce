"""Records as rows: a kind's fields laid out as typed columns, so that a plain SQL report reads like the glossary.

Text, numbers, yes-no, dates, times and enumerations have a column of their own; a sum of money is one column of
minor units and one with the currency; whatever has parts (tuples, mappings, nested values) is a column of JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from types import SimpleNamespace
from typing import Any

import attrs
from attrs import frozen

from libops.base.errors import InvalidValue, SchemaMismatch
from libops.base.makers import maker
from libops.base.money import Money
from libops.storage.records import RecordType
from libops.wire.compiled import bare, text_reader_of, writer_of
from libops.wire.json import time_text, what_is_wrong

__all__ = ["Column", "Layout", "Part", "Sort", "defaults_of", "layout_of", "part_of"]


class Sort(Enum):
    """What a column holds; a backend chooses its own type for each."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    INSTANT = "instant"
    DATE = "date"
    JSON = "json"


@frozen
class Column:
    """A column: its name, what it holds, whether it may be empty."""

    name: str
    sort: Sort
    nullable: bool


@frozen
class Part:
    """The columns of one field: their names, the source of their cells, and of those cells when the field has a value.

    Yes and no are 1 and 0 in the latter, as engines without such a type have them.
    """

    field: str
    nullable: bool
    columns: tuple[str, ...]
    cells: tuple[str, ...]
    filled: tuple[str, ...]


@frozen(eq=False)
class Layout:
    """How a kind becomes rows: `to_row(record)` gives the values of `columns`, `from_row(row)` the record again.

    Cells are text, numbers and yes-no alone: an engine with a type for times or JSON casts them in its SQL. `encode`
    makes the cell that one field's value has, for finding by it, and `decode` the value by which records sort there,
    of an enumeration's its own. `parts` and `names` are what `to_row` was compiled
    from, for rows of some of the columns (`libops.wire.partial`).
    """

    type: RecordType[Any]
    key: str
    columns: tuple[Column, ...]
    to_row: Callable[[Any], tuple[Any, ...]]
    from_row: Callable[[Sequence[Any]], Any]
    encode: Callable[[str, Any], Any]
    decode: Callable[[str, Any], Any]
    parts: tuple[Part, ...]
    names: dict[str, Any]

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


SCALARS = {str: Sort.TEXT, int: Sort.INTEGER, float: Sort.REAL, bool: Sort.BOOLEAN, date: Sort.DATE}


class Writer:
    """Gathers the source of `to_row` and `from_row` field by field: compiled once, they cost a call per scalar less."""

    def __init__(self, instant: Callable[[str], datetime]) -> None:
        self.columns: list[Column] = []
        self.out: list[str] = []
        self.back: list[str] = []
        self.parts: list[Part] = []
        self.names: dict[str, Any] = {"Money": Money, "time_text": time_text, "instant": instant}

    def bind(self, prefix: str, value: Any) -> str:
        name = f"{prefix}{len(self.names)}"
        self.names[name] = value
        return name

    def scalar(self, field: str, sort: Sort, nullable: bool, out: str, back: str) -> None:
        """One column; `out` and `back` are call names, empty where the value goes as it is."""
        value, cell = f"r.{field}", f"row[{len(self.columns)}]"
        self.columns.append(Column(field, sort, nullable))
        self.out.append(self.call(out, value, nullable))
        self.back.append(self.call(back, cell, nullable))
        filled = f"+{value}" if sort is Sort.BOOLEAN else self.call(out, value, False)
        self.parts.append(Part(field, nullable, (field,), (self.out[-1],), (filled,)))

    @staticmethod
    def call(name: str, value: str, nullable: bool) -> str:
        if not name:
            return value
        return f"(None if {value} is None else {name}({value}))" if nullable else f"{name}({value})"

    def money(self, field: str, nullable: bool) -> None:
        at = len(self.columns)
        columns = (field, f"{field}_currency")
        filled = (f"r.{field}.amount", f"r.{field}.currency")
        cells = tuple(f"(None if r.{field} is None else {each})" for each in filled) if nullable else filled
        self.columns += [Column(columns[0], Sort.INTEGER, nullable), Column(columns[1], Sort.TEXT, nullable)]
        self.out += cells
        self.parts.append(Part(field, nullable, columns, cells, filled))
        made = f"Money(row[{at}], row[{at + 1}])"
        self.back.append(f"(None if row[{at}] is None else {made})" if nullable else made)

    def field(self, name: str, declared: Any) -> None:
        plain, nullable = bare(declared)
        if plain is Money:
            self.money(name, nullable)
        elif plain is datetime:
            self.scalar(name, Sort.INSTANT, nullable, "time_text", "instant")
        elif plain is bool:
            self.scalar(name, Sort.BOOLEAN, nullable, "", self.bind("as_bool", bool))
        elif plain is date:
            self.scalar(name, Sort.DATE, nullable, self.bind("day", date.isoformat), self.bind("d", date.fromisoformat))
        elif plain is time:
            self.scalar(
                name, Sort.TEXT, nullable, self.bind("clock", time.isoformat), self.bind("t", time.fromisoformat)
            )
        elif plain in SCALARS:
            self.scalar(name, SCALARS[plain], nullable, "", "")
        elif isinstance(plain, type) and issubclass(plain, Enum):
            self.enumeration(name, plain, nullable)
        else:
            self.nested(name, declared, nullable)

    def enumeration(self, name: str, cls: type[Enum], nullable: bool) -> None:
        by_value = {member.value: member for member in cls}
        sort = Sort.INTEGER if all(isinstance(value, int) for value in by_value) else Sort.TEXT
        self.scalar(name, sort, nullable, self.bind("value", value_of), self.bind("member", by_value.__getitem__))

    def nested(self, name: str, declared: Any, nullable: bool) -> None:
        self.scalar(
            name,
            Sort.JSON,
            nullable,
            self.bind("json", writer_of(declared)),
            self.bind("value", text_reader_of(declared)),
        )


def value_of(member: Enum) -> Any:
    # Behind `.value` are two calls in Python.
    return member._value_


def made_fast(cls: type[Any]) -> Callable[..., Any]:
    """What makes records of a class: a maker where it takes one."""
    try:
        return maker(cls)
    except InvalidValue:
        return cls


@cache
def layout_of(type: RecordType[Any], *, instant: Callable[[str], datetime] = datetime.fromisoformat) -> Layout:
    """The layout of a kind, compiled on first use; `instant` reads the text of a time that is not ours."""
    cls = attrs.resolve_types(type.cls)
    writer = Writer(instant)
    for attribute in attrs.fields(cls):
        if attribute.init:
            writer.field(attribute.name, attribute.type)
            if attribute.kw_only:
                writer.back[-1] = f"{attribute.alias}={writer.back[-1]}"
    writer.names["cls"] = made_fast(cls)
    key = type.key
    if not any(column.name == key for column in writer.columns):
        # A key made of several fields is a property of the class: it gets a column of its own.
        key, cell = "key", f"r.{type.key}"
        writer.columns.append(Column(key, Sort.TEXT, False))
        writer.out.append(cell)
        writer.parts.append(Part(key, False, (key,), (cell,), (cell,)))
    columns = tuple(writer.columns)
    to_row = eval(f"lambda r: ({', '.join(writer.out)},)", writer.names)
    from_row = reading(type.name, f"cls({', '.join(writer.back)})", writer.names)
    encoders = {Sort.INSTANT: time_text, Sort.DATE: date.isoformat}
    by_name = {column.name: encoders.get(column.sort) for column in columns}

    def encode(name: str, value: Any) -> Any:
        if isinstance(value, Enum):
            return value.value
        make = by_name[name]
        return make(value) if make is not None else value

    decoders: dict[Sort, Callable[[Any], Any]] = {
        Sort.INSTANT: instant,
        Sort.DATE: date.fromisoformat,
        Sort.BOOLEAN: bool,
    }
    sorts = {column.name: column.sort for column in columns}

    def decode(name: str, cell: Any) -> Any:
        make = decoders.get(sorts[name])
        return make(cell) if make is not None else cell

    return Layout(type, key, columns, to_row, from_row, encode, decode, tuple(writer.parts), writer.names)


READING = """
def read(row):
    try:
        return {made}
    except Exception as error:
        raise unreadable({kind!r}, row, error) from error
"""


def reading(kind: str, made: str, names: dict[str, Any]) -> Callable[[Any], Any]:
    """What makes a value of a row, by its source; a row that it cannot be made of is damaged, or of another version."""
    found = {**names, "unreadable": unreadable}
    exec(READING.format(made=made, kind=kind), found)
    read: Callable[[Any], Any] = found["read"]
    return read


def unreadable(kind: str, row: Sequence[Any], error: Exception) -> SchemaMismatch:
    """The error for a row that no record can be made of."""
    return SchemaMismatch(
        f"a record of kind {kind!r} cannot be read ({row[0]!r} ...): {what_is_wrong(error)}. "
        "It is damaged, or of another version of libops"
    )


def defaults_of(type: RecordType[Any]) -> dict[str, Any]:
    """The cells of the columns whose fields have a default, by name: what a row lacks that an older libops wrote.

    >>> from libops.storage.kinds import kind_named
    >>> defaults_of(kind_named("standing"))["open_loans"]
    0
    """
    cls = attrs.resolve_types(type.cls)
    writer, found = Writer(datetime.fromisoformat), {}
    for attribute in attrs.fields(cls):
        if attribute.init:
            first = len(writer.columns)
            writer.field(attribute.name, attribute.type)
            default = attribute.default
            if default is attrs.NOTHING or getattr(default, "takes_self", False):
                continue
            record = SimpleNamespace(**{attribute.name: default.factory() if hasattr(default, "factory") else default})
            for column, cell in zip(writer.columns[first:], writer.out[first:], strict=True):
                found[column.name] = eval(cell, writer.names, {"r": record})
    return found


@cache
def part_of(
    type: RecordType[Any], fields: tuple[str, ...], *, instant: Callable[[str], datetime] = datetime.fromisoformat
) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """The columns of some fields, and what reads a row of these columns as a tuple of the fields' values.

    A key that is a property of the class is a field like any other here: it has a column of its own.
    """
    attrs.resolve_types(type.cls)
    declared = attrs.fields_dict(type.cls)
    writer = Writer(instant)
    for name in fields:
        if name in declared:
            writer.field(name, declared[name].type)
        else:
            writer.scalar(layout_of(type).key, Sort.TEXT, False, "", "")
    read = reading(type.name, f"({', '.join(writer.back)},)", writer.names)
    return tuple(column.name for column in writer.columns), read
