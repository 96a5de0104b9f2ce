"""A log is forever: every form in which an event was ever written can still be read, and means the same."""

from __future__ import annotations

import json
import runpy
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import pytest
from attrs import frozen

from libops.base.errors import SchemaMismatch
from libops.base.events import Event
from libops.wire import events as wire
from libops.wire.events import UPCASTERS, event_classes, event_from_text, event_to_text

SAMPLES = runpy.run_path(str(Path(__file__).with_name("keep_event_samples.py")))
KEPT = list(SAMPLES["kept"]())


def stands(kept, again) -> bool:
    """Whether what was kept is still there; in a record, too, a new field may stand beside it."""
    if isinstance(kept, dict) and isinstance(again, dict):
        return all(stands(value, again.get(field, KeyError)) for field, value in kept.items())
    if isinstance(kept, list) and isinstance(again, list):
        return len(kept) == len(again) and all(map(stands, kept, again))
    return bool(kept == again)


def test_every_event_has_samples() -> None:
    """One that is new, or whose schema was raised, gets its own by the script."""
    assert [] == SAMPLES["missing"](), "run `python tests/wire/keep_event_samples.py` and commit what it wrote"


def test_old_samples_are_read_as_they_were_meant() -> None:
    """Written again at the same schema, each kept field has the same value; a new field may stand beside them."""
    changed = []
    for name, schema, fields in KEPT:
        event = event_from_text(name, schema, json.dumps(fields))
        if schema == event_classes()[name].schema:
            again = json.loads(event_to_text(event))
            changed += [f"{name}.{field}" for field in fields if not stands(fields[field], again.get(field, KeyError))]
    assert [] == changed, "fields of an event changed: raise its `schema` and add an upcaster to wire/events.py"


def test_every_older_schema_has_its_upcaster() -> None:
    """From each schema that samples were kept of there is a way, step by step, to the present one."""
    steps = {
        (name, step)
        for name, schema, _ in KEPT
        if name in event_classes()
        for step in range(schema, event_classes()[name].schema)
    }
    assert set() == steps - set(UPCASTERS)


@frozen
class HoursChanged(Event):
    """A library changed its opening hours; at schema 1 the hours were one text, at schema 2 there was no reason."""

    schema: ClassVar[int] = 3
    library: str
    opens: str
    closes: str
    why: str


OLD = {
    1: {"at": "2026-03-02T09:00:00.000000+00:00", "by": "ruth", "library": "MAIN", "hours": "10:00-18:00"},
    2: {"at": "2026-03-02T09:00:00.000000+00:00", "by": "ruth", "library": "MAIN", "opens": "10:00", "closes": "18:00"},
}


@pytest.fixture
def hours(monkeypatch):
    """An event that has had three forms, known to the log."""

    def split(fields):
        opens, closes = fields.pop("hours").split("-")
        return fields | {"opens": opens, "closes": closes}

    known = dict(event_classes())
    monkeypatch.setattr(wire, "event_classes", lambda: known | {"HoursChanged": HoursChanged})
    monkeypatch.setitem(UPCASTERS, ("HoursChanged", 1), split)
    monkeypatch.setitem(UPCASTERS, ("HoursChanged", 2), lambda fields: fields | {"why": ""})


@pytest.mark.parametrize("schema", [1, 2])
def test_an_older_form_is_brought_up_to_date_step_by_step(hours, schema) -> None:
    """Each upcaster knows one step; they follow each other."""
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    expected = HoursChanged(at, "ruth", "MAIN", "10:00", "18:00", "")
    assert expected == event_from_text("HoursChanged", schema, json.dumps(OLD[schema]))


def test_what_cannot_be_read_is_told(hours) -> None:
    """A form from the future, an event nobody knows, and a step that is missing."""
    with pytest.raises(SchemaMismatch, match="reads up to 3"):
        event_from_text("HoursChanged", 4, json.dumps(OLD[2]))
    with pytest.raises(SchemaMismatch, match="HoursForgotten"):
        event_from_text("HoursForgotten", 1, "{}")
    del UPCASTERS[("HoursChanged", 2)]
    with pytest.raises(SchemaMismatch, match="no way from schema 2"):
        event_from_text("HoursChanged", 1, json.dumps(OLD[1]))
