"""Writers and readers of JSON compiled for one declared type: the same text as the general converter, in less time.

Only the shapes that records and events are made of are compiled (attrs classes, text, numbers, times, named options,
tuples, mappings and what may be None); `writer_of` and `reader_of` hand anything else to the converter of
`libops.wire.json`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from json import JSONDecoder, encoder, loads
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin

import attrs

from libops.wire.json import as_json, converter, time_text

__all__ = ["Reader", "Writer", "parsed", "reader_of", "text_reader_of", "writer_of"]

Writer = Callable[[Any], str]
"""A value to its JSON text."""

Reader = Callable[[Any], Any]
"""A parsed JSON value to the value it stands for."""

quoted: Callable[[str], str] = encoder.encode_basestring


def bare(declared: Any) -> tuple[Any, bool]:
    """A declared type without `| None` and without `NewType`, and whether None is allowed."""
    nullable = False
    if get_origin(declared) in (Union, UnionType):
        rest = [part for part in get_args(declared) if part is not NoneType]
        nullable = len(rest) < len(get_args(declared))
        declared = rest[0] if len(rest) == 1 else Union[tuple(rest)]  # noqa: UP007 built at run time
    while isinstance(declared, NewType):
        declared = declared.__supertype__
    return declared, nullable


def uniform(declared: Any) -> Any:
    """What a tuple of any length holds, or None when it is another type."""
    parts = get_args(declared)
    return parts[0] if get_origin(declared) is tuple and len(parts) == 2 and parts[1] is Ellipsis else None


def table(declared: Any) -> Any:
    """What a mapping from text holds, or None when it is another type."""
    origin, parts = get_origin(declared), get_args(declared)
    is_mapping = isinstance(origin, type) and issubclass(origin, Mapping)
    return parts[1] if is_mapping and bare(parts[0]) == (str, False) else None


def is_enum(declared: Any) -> bool:
    return isinstance(declared, type) and issubclass(declared, Enum)


# --- Writing


def in_quotes(write: Callable[[Any], str]) -> Writer:
    return lambda value: f'"{write(value)}"'


WRITERS: dict[Any, Writer] = {
    str: quoted,
    int: repr,
    bool: lambda value: "true" if value else "false",
    datetime: in_quotes(time_text),
    date: in_quotes(date.isoformat),
    time: in_quotes(time.isoformat),
}


@cache
def writer_of(declared: Any) -> Writer:
    """How to write values of a declared type; equal to what `as_json` writes."""
    plain, nullable = bare(declared)
    write = plain_writer(plain)
    if nullable:
        return lambda value: "null" if value is None else write(value)
    return write


def plain_writer(declared: Any) -> Writer:
    if declared in WRITERS:
        return WRITERS[declared]
    if is_enum(declared):
        return {member: as_json(member.value) for member in declared}.__getitem__
    if isinstance(declared, type) and attrs.has(declared):
        return class_writer(declared)
    if (part := uniform(declared)) is not None:
        write = writer_of(part)
        return lambda value: "[" + ",".join([write(each) for each in value]) + "]" if value else "[]"
    if (part := table(declared)) is not None:
        write_part = writer_of(part)
        return lambda value: "{" + ",".join([f"{quoted(key)}:{write_part(value[key])}" for key in sorted(value)]) + "}"
    return lambda value: as_json(value, declared)


def class_writer(cls: type[Any]) -> Writer:
    """One expression for all fields, in the order of their names."""
    attrs.resolve_types(cls)
    names: dict[str, Any] = {"null": "null", "true": "true", "false": "false", "time_text": time_text}
    parts = []
    for number, one in enumerate(sorted((a for a in attrs.fields(cls) if a.init), key=lambda a: a.name)):
        names[f"w{number}"] = plain_writer(bare(one.type)[0])
        parts.append(f'{"," if number else ""}"{one.name}":{inline(f"r.{one.name}", one.type, f"w{number}")}')
    text = "".join(parts)
    written: Writer = eval(f"lambda r: f'{{{{{text}}}}}'", names)
    return written


def inline(value: str, declared: Any, write: str) -> str:
    """The part of a format string that writes a value, without a call where that can be."""
    plain, nullable = bare(declared)
    if plain is datetime and not nullable:
        return f'"{{time_text({value})}}"'
    written = {int: value, bool: f"(true if {value} else false)"}.get(plain, f"{write}({value})")
    return f"{{null if {value} is None else {written}}}" if nullable else f"{{{written}}}"


# --- Reading


def same(value: Any) -> Any:
    return value


READERS: dict[Any, Reader] = {
    str: same,
    int: same,
    bool: same,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    time: time.fromisoformat,
}


@cache
def reader_of(declared: Any) -> Reader:
    """How to read values of a declared type from parsed JSON; equal to what the converter reads."""
    plain, nullable = bare(declared)
    read = plain_reader(plain)
    if nullable and read is not same:
        return lambda value: None if value is None else read(value)
    return read


def plain_reader(declared: Any) -> Reader:
    if declared in READERS:
        return READERS[declared]
    if is_enum(declared):
        return {member.value: member for member in declared}.__getitem__
    if isinstance(declared, type) and attrs.has(declared):
        return class_reader(declared)
    if (part := uniform(declared)) is not None:
        read = reader_of(part)
        return tuple if read is same else lambda value: tuple([read(each) for each in value])
    if (part := table(declared)) is not None:
        read_part = reader_of(part)
        return same if read_part is same else lambda value: {key: read_part(each) for key, each in value.items()}
    return lambda value: converter().structure(value, declared)


def class_reader(cls: type[Any]) -> Reader:
    """One call with all fields; one that is missing (written before there was such a field) has its default."""
    attrs.resolve_types(cls)
    names: dict[str, Any] = {"cls": cls}
    parts = []
    for number, one in enumerate(a for a in attrs.fields(cls) if a.init):
        read = names[f"r{number}"] = reader_of(one.type)
        value = f"p[{one.name!r}]" if read is same else f"r{number}(p[{one.name!r}])"
        parts.append(f"{one.alias}={value}" if one.kw_only else value)
    complete: Reader = eval(f"lambda p: cls({', '.join(parts)})", names)

    def read_class(plain: Any) -> Any:
        try:
            return complete(plain)
        except (KeyError, TypeError):
            return converter().structure(plain, cls)

    return read_class


def text_reader_of(declared: Any) -> Callable[[str], Any]:
    """How to read values of a declared type from JSON text."""
    plain, nullable = bare(declared)
    read = reader_of(declared)
    if uniform(plain) is not None and not nullable:
        return lambda text: () if text == "[]" else read(parsed(text))
    return lambda text: read(parsed(text))


decoded = JSONDecoder().raw_decode


def parsed(text: str) -> Any:
    """What a text of JSON says; as `json.loads`, which looks for blanks around it and costs three times as much.

    >>> parsed('{"book@MAIN":2}'), parsed(" [1] ")
    ({'book@MAIN': 2}, [1])
    """
    try:
        value, end = decoded(text)
    except ValueError:
        return loads(text)
    return value if end == len(text) else loads(text)
