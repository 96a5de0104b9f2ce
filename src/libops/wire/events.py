"""The log in writing: events to JSON and back, older forms brought up to date when they are read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from libops.base.errors import SchemaMismatch
from libops.base.events import Event
from libops.storage.fold import ROOMS_WITH_EVENTS
from libops.wire.compiled import parsed, reader_of, writer_of
from libops.wire.json import what_is_wrong

__all__ = ["UPCASTERS", "event_classes", "event_from_text", "event_to_text"]

Upcast = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTERS: dict[tuple[str, int], Upcast] = {}
"""How to bring the fields of an event written at one schema to the next: `(name, schema) -> function`."""


@cache
def event_classes() -> dict[str, type[Event]]:
    """Every event class of every room, by name."""
    found: dict[str, type[Event]] = {}
    for room in ROOMS_WITH_EVENTS:
        module = import_module(f"libops.{room}.events")
        for name in module.__all__:
            value = getattr(module, name)
            if isinstance(value, type) and issubclass(value, Event):
                found[name] = value
    return found


def event_to_text(event: Event) -> str:
    """The fields of an event as JSON text; its name and schema are kept beside it."""
    cls: Any = type(event)
    return writer_of(cls)(event)


def event_from_text(name: str, schema: int, text: str) -> Event:
    """The event that was written; raises `SchemaMismatch` for a name or schema this version does not know, and
    for what is damaged."""
    cls: Any = event_classes().get(name)
    if cls is None:
        raise SchemaMismatch(f"the log holds {name!r}, which this version of libops does not know: use the newer one")
    try:
        fields: dict[str, Any] = parsed(text)
        while schema < cls.schema:
            upcast = UPCASTERS.get((name, schema))
            if upcast is None:
                raise SchemaMismatch(f"no way from schema {schema} of {name} to {cls.schema}")
            fields, schema = upcast(fields), schema + 1
        if schema > cls.schema:
            raise SchemaMismatch(
                f"{name} was written at schema {schema}; this version of libops reads up to {cls.schema}"
            )
        event: Event = reader_of(cls)(fields)
    except SchemaMismatch:
        raise
    except Exception as error:  # JSON, values, groups of cattrs
        raise SchemaMismatch(f"an event {name} of the log is damaged: {what_is_wrong(error)}") from error
    return event
