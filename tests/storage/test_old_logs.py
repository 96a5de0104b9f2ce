"""Logs that older versions wrote are read where they lie: in a file, in an export, on the way to another store."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import ClassVar

from attrs import frozen

import libops
from libops.base.events import Event
from libops.desk.moving.restore import Reading
from libops.storage.port import Batch
from libops.storage.rebuild import log_of
from libops.wire import events as wire
from libops.wire.events import UPCASTERS, event_from_text

SAMPLES = runpy.run_path(str(Path(__file__).resolve().parents[1] / "wire" / "keep_event_samples.py"))
KEPT = list(SAMPLES["kept"]())
MEANT = [event_from_text(name, schema, json.dumps(fields)) for name, schema, fields in KEPT]


def old_file(path: Path, rows: list[tuple[str, int, dict]]) -> str:
    """A store whose log holds events just as they were once written; its URL."""
    with libops.open(f"sqlite:///{path}") as ops:
        for name, schema, fields in rows:
            ops.storage.connection.execute(
                'INSERT INTO event (at, "by", name, schema, stream, body) VALUES (?, ?, ?, ?, ?, ?)',
                (fields["at"], fields["by"], name, schema, "", json.dumps(fields)),
            )
    return f"sqlite:///{path}"


def test_every_form_of_every_event_is_read_from_a_file_and_from_an_export(tmp_path) -> None:
    """Page by page and line by line: what the sample means."""
    with libops.open(old_file(tmp_path / "old.db", KEPT)) as ops:
        assert MEANT == list(log_of(ops.storage, page=7))
        ops.export(tmp_path / "out")
    reading = Reading(tmp_path / "out")
    assert MEANT == list(reading.events())
    assert ([], len(KEPT)) == (reading.problems, reading.read)


def test_every_event_keeps_its_meaning_from_store_to_store(tmp_path) -> None:
    """Written into the memory store and on into a new file, each is the same."""
    with libops.open() as between, libops.open(f"sqlite:///{tmp_path}/new.db") as new:
        between.storage.apply(Batch(events=tuple(MEANT)))
        new.storage.apply(Batch(events=tuple(log_of(between.storage))))
        assert MEANT == list(log_of(new.storage))


@frozen
class NewspaperRead(Event):
    """Somebody read a newspaper in the hall; once the title was not asked."""

    schema: ClassVar[int] = 2
    title: str


def test_an_older_form_is_written_on_in_the_newer_one(tmp_path, monkeypatch) -> None:
    """The file keeps what was written; the export of it holds the form of today."""
    known = dict(wire.event_classes())
    monkeypatch.setattr(wire, "event_classes", lambda: known | {"NewspaperRead": NewspaperRead})
    monkeypatch.setitem(UPCASTERS, ("NewspaperRead", 1), lambda fields: fields | {"title": "unknown"})
    fields = {"at": "2026-03-02T09:00:00.000000+00:00", "by": "ruth"}
    with libops.open(old_file(tmp_path / "old.db", [("NewspaperRead", 1, fields)])) as ops:
        ops.export(tmp_path / "out")
        kept = ops.storage.connection.execute("SELECT schema, body FROM event WHERE name <> ''").fetchone()
    assert (1, fields) == (kept[0], json.loads(kept[1]))
    line = json.loads((tmp_path / "out" / "events.jsonl").read_text(encoding="utf-8"))
    assert (2, "unknown") == (line["schema"], line["fields"]["title"])
