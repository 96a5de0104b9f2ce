"""The kinds of records libops keeps: one module a room, each with its `KINDS`.

A kind says where its class is, and imports it when a record of that kind is first met, so that a program that only
lends books does not pay for the rooms it never enters.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any, TypeVar

from libops.base.errors import InvalidValue, NotFound
from libops.storage.records import RecordType, home_of

__all__ = ["ROOMS", "all_kinds", "key_of", "kind_named", "kind_of"]

R = TypeVar("R")

ROOMS = (
    "base",
    "catalog",
    "serials",
    "items",
    "patrons",
    "fees",
    "circulation",
    "notices",
    "equipment",
    "bookings",
    "inventory",
    "processing",
)
"""The rooms that keep records."""

BY_HOME: dict[str, RecordType[Any]] = {}
BY_CLASS: dict[type[Any], RecordType[Any]] = {}


@cache
def all_kinds() -> tuple[RecordType[Any], ...]:
    """Every kind of every room, in a stable order."""
    return tuple(kind for room in ROOMS for kind in kinds_of(room))


@cache
def kinds_of(room: str) -> tuple[RecordType[Any], ...]:
    """The kinds of one room."""
    found: tuple[RecordType[Any], ...] = import_module(f"libops.storage.kinds.{room}").KINDS
    for kind in found:
        BY_HOME[kind.home] = kind
    BY_CLASS.clear()
    return found


def kind_of(cls: type[R]) -> RecordType[R]:
    """The kind that a class is stored as; raises `InvalidValue` for a class no room stores."""
    kind = BY_CLASS.get(cls)
    if kind is None:
        all_kinds()
        kind = BY_HOME.get(home_of(cls))
        if kind is None:
            raise InvalidValue(f"{cls.__module__}.{cls.__qualname__} is no kind of record: declare it in storage/kinds")
        BY_CLASS[cls] = kind
    return kind


def kind_named(name: str) -> RecordType[Any]:
    """The kind of that name; raises `NotFound` with the names there are."""
    for kind in all_kinds():
        if kind.name == name:
            return kind
    raise NotFound(f"no kind of record is named {name!r}; there are {', '.join(k.name for k in all_kinds())}")


def key_of(record: Any) -> str:
    """The key that a record is stored under."""
    return kind_of(type(record)).key_of(record)
