"""A library as a folder of plain files, for a move to another store, for another program, and for the long run.

`records/KIND.jsonl` holds every record of a kind, one a line; `events.jsonl` the log; `catalog.xml` the catalog as
MARCXML; `patrons.csv`, `items.csv` and `loans.csv` what a spreadsheet asks for. `manifest.json` says how many of each
there are, with a fingerprint of all records, so that a copy can be compared with its original.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from attrs import field, frozen

from libops.base.errors import FormatError, InvalidValue, LibopsError
from libops.storage.kinds import all_kinds, kind_named
from libops.storage.port import Logged, Storage
from libops.storage.rebuild import every
from libops.storage.records import RecordType

__all__ = ["FORMAT", "ExportReport", "export", "log_entries"]

FORMAT = 1
"""Raised when the files change so that an older libops cannot read them."""

TABLES = {"patrons.csv": "patron", "items.csv": "item", "loans.csv": "loan"}


@frozen
class ExportReport:
    """What an export wrote: records by kind, events, a fingerprint of the state, and what could not be written.

    The fingerprint is `state_hash` of `libops.storage.rebuild`: equal for two stores that hold the same records.
    """

    folder: str
    records: dict[str, int]
    events: int
    state_hash: str
    problems: tuple[str, ...] = field(default=())


def export(storage: Storage, folder: str | Path, *, at: datetime, settings: str = "") -> ExportReport:
    """Write everything that a store holds into a new folder.

    Args:
        storage: the open store.
        folder: where to; it must not be there, or be empty.
        at: when, for the manifest.
        settings: the version of the settings in force, for the manifest.

    Returns:
        The report. A title that XML cannot hold is left out of `catalog.xml` and named among the problems; its
        record is in `records` all the same. So is the fact that somebody wrote to the store meanwhile.

    Raises:
        InvalidValue: the folder holds something.
        LibopsError: the folder cannot be made or written; what there is of it lacks `manifest.json`, without which
            nothing is restored.
    """
    home = Path(folder)
    try:
        if home.exists() and any(home.iterdir()):
            raise InvalidValue(f"{home} is not empty: an export wants a folder of its own")
        (home / "records").mkdir(parents=True, exist_ok=True)
        return write_all(storage, home, at, settings)
    except OSError as error:
        raise LibopsError(
            f"cannot write the export {str(home)!r}: {error.strerror}; it has no manifest.json"
        ) from error


def write_all(storage: Storage, home: Path, at: datetime, settings: str) -> ExportReport:
    """All files, the manifest last: what lacks it was cut short."""
    before = last_position(storage)
    records, digest = write_records(storage, home / "records")
    events = write_events(storage, home / "events.jsonl")
    problems = write_catalog(storage, home / "catalog.xml")
    for name, kind in TABLES.items():
        write_table(storage, home / name, kind_named(kind))
    if last_position(storage) != before:
        problems.append("the store was written to during the export: close the other desks and export again")
    report = ExportReport(home.as_posix(), records, events, digest, tuple(problems))
    manifest = {
        "format": FORMAT,
        "exported_at": at.isoformat(),
        "settings": settings,
        "records": records,
        "events": events,
        "state_hash": digest,
    }
    (home / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return report


def log_entries(storage: Storage, *, after: int = 0, page: int = 1000) -> Iterator[Logged]:
    """The log from a position on, a page at a time."""
    while True:
        entries, after = storage.events(after, page)
        yield from entries
        if len(entries) < page:
            return


def last_position(storage: Storage) -> int:
    """The position of the last event; 0 for an empty log."""
    position = 0
    for entry in log_entries(storage, page=5000):
        position = entry.position
    return position


def write_records(storage: Storage, folder: Path) -> tuple[dict[str, int], str]:
    """One file for each kind that has records; how many of each, and the fingerprint of the logged ones."""
    from libops.wire.json import as_json

    counts: dict[str, int] = {}
    digest = sha256()
    for kind in sorted(all_kinds(), key=lambda kind: kind.name):
        lines = ((kind.key_of(record), as_json(record, kind.cls)) for record in every(storage, kind))
        path = folder / f"{kind.name}.jsonl"
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for key, text in lines:
                file.write(f"{text}\n")
                counts[kind.name] = counts.get(kind.name, 0) + 1
                if kind.logged:
                    digest.update(f"{kind.name}\t{key}\t{text}\n".encode())
        if kind.name not in counts:
            path.unlink()
    return counts, digest.hexdigest()


def write_events(storage: Storage, path: Path) -> int:
    """The log, one event a line, with its name and schema; how many there are."""
    from libops.wire.events import event_to_text

    written = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for _, event in log_entries(storage):
            name, schema = json.dumps(type(event).__name__), event.schema
            file.write(f'{{"event":{name},"schema":{schema},"fields":{event_to_text(event)}}}\n')
            written += 1
    return written


def write_catalog(storage: Storage, path: Path) -> list[str]:
    """The titles that are not deleted, as MARCXML; what could not be written."""
    from libops.catalog.marc import marc_of, write_marcxml
    from libops.catalog.marc.write import marcxml_text

    problems: list[str] = []

    def titles() -> Iterator[Any]:
        for bib in every(storage, kind_named("bib")):
            if bib.deleted or not bib.marc:
                continue
            try:
                record = marc_of(bib)
                marcxml_text(record)
            except FormatError as error:
                problems.append(f"title {bib.id} ({bib.title}) is not in catalog.xml: {error}")
            else:
                yield record

    with path.open("wb") as file:
        file.writelines(write_marcxml(titles()))
    return problems


def write_table(storage: Storage, path: Path, kind: RecordType[Any]) -> None:
    """The records of a kind as a table with a line of column names, those of the glossary."""
    from libops.wire.columns import layout_of

    layout = layout_of(kind)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in layout.columns])
        writer.writerows(layout.to_row(record) for record in every(storage, kind))
