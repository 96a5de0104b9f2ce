"""Any libops value as JSON text and back: one converter, made when it is first needed.

Times are written in UTC with microseconds, so that text sorts as time does; money as amount and currency; an
enumeration by its value; mappings with sorted keys, so that equal values make equal text.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import cache, lru_cache
from typing import Any, TypeVar

from cattrs import BaseValidationError, Converter, transform_error
from cattrs.preconf.json import make_converter

__all__ = ["as_json", "converter", "from_json", "time_text", "what_is_wrong"]

T = TypeVar("T")

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def time_text(at: datetime) -> str:
    """An instant as text that sorts: UTC, microseconds.

    >>> time_text(datetime(2026, 3, 2, 17, 30, tzinfo=UTC))
    '2026-03-02T17:30:00.000000+00:00'
    """
    # Moments of a zone with a repeated hour are equal there and are not the same: only those in UTC are remembered.
    return utc_text(at if at.tzinfo is UTC else at.astimezone(UTC))


@lru_cache(maxsize=1024)
def utc_text(at: datetime) -> str:
    # Naming the precision takes Python as long again as writing the text, and is needed once in a million instants.
    return at.isoformat() if at.microsecond else at.isoformat(timespec="microseconds")


@cache
def converter() -> Converter:
    """The converter of libops values to and from plain JSON types."""
    made = make_converter()
    made.register_unstructure_hook(datetime, time_text)
    made.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    made.register_unstructure_hook(date, date.isoformat)
    made.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    made.register_unstructure_hook(time, time.isoformat)
    made.register_structure_hook(time, lambda text, _: time.fromisoformat(text))
    made.register_unstructure_hook(Enum, lambda member: member.value)
    return made


def as_json(value: Any, declared: Any = None) -> str:
    """A value as JSON text; `declared` is its type where the value alone does not tell."""
    return encode(converter().unstructure(value, declared))


def from_json(text: str, declared: type[T]) -> T:
    """The value of the declared type that the text stands for."""
    return converter().structure(json.loads(text), declared)


def what_is_wrong(error: Exception) -> str:
    """What `from_json` could not read, and where in the text.

    >>> try:
    ...     from_json('{"item_id": "item-9"}', dict[str, int])
    ... except Exception as error:
    ...     print(what_is_wrong(error))
    invalid value for type, expected int @ $['item_id']
    """
    if isinstance(error, BaseValidationError):
        return "; ".join(transform_error(error))
    return f"{type(error).__name__}: {error}"
