"""Records of any kind, made from the types of their fields; invariants of the class are kept by drawing again."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from types import UnionType
from typing import Any, Union, get_args, get_origin

import attrs
from hypothesis import strategies as st

from libops.base.errors import InvalidValue
from libops.base.money import Money
from libops.wire.compiled import bare

__all__ = ["instants", "record_of", "texts"]

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(str.strip)
"""Text of any script, never empty or blank."""

instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 zone added
"""Instants in UTC, to the microsecond."""

MONEY = st.builds(Money, st.integers(-(10**9), 10**9), st.sampled_from(["EUR", "JPY", "KWD"]))

SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    int: st.integers(0, 2) | st.integers(1, 10**9),
    float: st.floats(allow_nan=False, allow_infinity=False, width=32),
    bool: st.booleans(),
    datetime: instants,
    date: st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    time: st.times(),
    Money: MONEY,
}


def value_of(declared: Any) -> st.SearchStrategy[Any]:
    """Values of a declared type."""
    plain, nullable = bare(declared)
    found = part_of(plain)
    return st.none() | found if nullable else found


def part_of(plain: Any) -> st.SearchStrategy[Any]:
    if plain in SCALARS:
        return SCALARS[plain]
    origin, parts = get_origin(plain), get_args(plain)
    if origin in (Union, UnionType):
        return st.one_of([value_of(part) for part in parts])
    if origin is tuple:
        if len(parts) == 2 and parts[1] is Ellipsis:
            return st.lists(value_of(parts[0]), max_size=3).map(tuple)
        return st.tuples(*map(value_of, parts))
    if (origin is not None and issubclass(origin, dict | attrs.Attribute)) or str(origin).endswith("Mapping'>"):
        return st.dictionaries(value_of(parts[0]), value_of(parts[1]), max_size=3)
    if origin is not None and issubclass(origin, frozenset | set):
        return st.frozensets(value_of(parts[0]), max_size=3)
    if isinstance(plain, type) and attrs.has(plain):
        return record_of(plain)
    return st.from_type(plain)


def record_of(cls: type[Any]) -> st.SearchStrategy[Any]:
    """Records of an attrs class whose fields are typed; draws that the class refuses are drawn again."""
    fields = {a.alias: value_of(a.type) for a in attrs.fields(attrs.resolve_types(cls)) if a.init}

    def made(values: dict[str, Any]) -> Any:
        try:
            return cls(**values)
        except (InvalidValue, ValueError):
            return None

    return st.fixed_dictionaries(fields).map(made).filter(lambda record: record is not None)
