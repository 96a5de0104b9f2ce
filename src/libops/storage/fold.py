"""State is the fold of events: each room's table says what an event changes, and this applies it.

The desk folds the events of one decision over the records it read; a rebuild folds the whole log over nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
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


ChangeOf = Callable[[Any, Records], Iterable[Change]]

KNOWN: dict[type[Event], ChangeOf] = {}
"""The functions of the events met so far: a room's table is imported with its first event."""


def change_of(event: type[Event]) -> ChangeOf:
    """The function of a room that says what events of this class change; raises `InvalidValue` where none does."""
    home = event.__module__.removeprefix("libops.")
    for room in sorted(ROOMS_WITH_EVENTS, key=len, reverse=True):
        if home.startswith(f"{room}."):
            rows: Changes = import_module(f"libops.{room}.changes").CHANGES
            if event in rows:
                KNOWN[event] = rows[event]
                return rows[event]
    raise InvalidValue(f"no room says what {event.__name__} changes: add it to the room's CHANGES table")


def changes_of(event: Event, records: Records) -> Iterable[Change]:
    """What one event changes; raises `InvalidValue` for an event no room knows."""
    change = KNOWN.get(type(event)) or change_of(type(event))
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
