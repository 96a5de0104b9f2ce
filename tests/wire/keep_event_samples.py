"""Keep samples of events that have none yet: `python tests/wire/keep_event_samples.py`.

A log is forever. For every event class, schema and set of fields two samples are kept in `tests/data/events`, one file
a room, as they were first written; the tests read them again ever after. What is there is never changed, only added to:
an event that gains a field with a default has a form before and a form after.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

from libops.testing.contracts.reference import drawn
from libops.wire.events import event_classes, event_to_text

__all__ = ["FOLDER", "keep", "kept", "missing"]

FOLDER = Path(__file__).resolve().parents[1] / "data" / "events"


def kept() -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Every sample: the event's name, its schema, its fields."""
    for path in sorted(FOLDER.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            plain = json.loads(line)
            yield plain["event"], plain["schema"], plain["fields"]


def missing() -> list[str]:
    """The events that have no sample of their present form."""
    there = {(name, schema, frozenset(fields)) for name, schema, fields in kept()}
    now = {name: frozenset(field.name for field in attrs.fields(cls)) for name, cls in event_classes().items()}
    return sorted(name for name, cls in event_classes().items() if (name, cls.schema, now[name]) not in there)


def keep() -> None:
    """Add two samples for each event that has none: the plainest that can be made, and the longest of some."""
    for name in missing():
        cls = event_classes()[name]
        texts = sorted({event_to_text(event) for event in drawn(cls)}, key=len)
        room = cls.__module__.split(".")[1]
        with (FOLDER / f"{room}.jsonl").open("a", encoding="utf-8", newline="\n") as file:
            for text in dict.fromkeys((texts[0], texts[-1])):
                fields = json.loads(text)
                file.write(
                    json.dumps({"event": name, "schema": cls.schema, "fields": fields}, ensure_ascii=True) + "\n"
                )


if __name__ == "__main__":
    keep()
