"""State is the fold of events: each room's table says what an event changes, and this applies it.

The desk folds the events of one decision over the records it read; a rebuild folds the whole log over nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

from libops.base.errors import InvalidValue
from libops.base.events import Change, Changes, Event, Put, Records
from libops.storage.kinds import kind_of
from libops.storage.records import RecordType

__all__ = ["Overlay", "changes_of", "fold"]

R = TypeVar("R")

ROOMS_WITH_EVENTS = (
    "catalog",
    "catalog.serials",
    "items",
    "patrons",
    "fees",
    "circulation",
    "equipment",
    "bookings",
    "inventory",
    "processing",
)


@cache
def all_changes() -> dict[type[Event], Callable[[Any, Records], Iterable[Change]]]:
    """Every room's table in one; rooms are imported on first use, so that opening libops stays cheap."""
    table: dict[type[Event], Callable[[Any, Records], Iterable[Change]]] = {}
    for room in ROOMS_WITH_EVENTS:
        rows: Changes = import_module(f"libops.{room}.changes").CHANGES
        table.update(rows)
    return table


def changes_of(event: Event, records: Records) -> Iterable[Change]:
    """What one event changes; raises `InvalidValue` for an event no room knows."""
    change = all_changes().get(type(event))
    if change is None:
        raise InvalidValue(f"no room says what {type(event).__name__} changes: add it to the room's CHANGES table")
    return change(event, records)


class Overlay:
    """Records as they will be: what was written during a fold on top of what was read."""

    __slots__ = ("below", "written")

    def __init__(self, below: Records) -> None:
        self.below = below
        self.written: dict[tuple[RecordType[Any], str], Any] = {}

    def get(self, cls: type[R], key: str) -> R | None:
        """The record as of the last event folded."""
        if self.written:
            place = (kind_of(cls), key)
            if place in self.written:
                found: R | None = self.written[place]
                return found
        return self.below.get(cls, key)


def fold(events: Iterable[Event], below: Records) -> dict[tuple[RecordType[Any], str], Any]:
    """The records that these events leave behind, by kind and key; None where one is removed."""
    overlay = Overlay(below)
    written = overlay.written
    for event in events:
        for change in changes_of(event, overlay):
            if type(change) is Put:
                record = change.record
                kind = kind_of(type(record))
                written[kind, kind.key_of(record)] = record
            else:
                written[kind_of(change.cls), change.key] = None  # type: ignore[union-attr]
    return written
