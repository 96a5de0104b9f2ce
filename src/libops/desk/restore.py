"""Bringing an exported library into an empty store, whatever store it came from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from attrs import field, frozen

from libops.base.errors import FormatError, InvalidValue, LibopsError, NotFound
from libops.base.events import Event
from libops.desk.export import FORMAT
from libops.storage.kinds import all_kinds, key_of, kind_named, kind_of
from libops.storage.port import Batch, Storage, Write
from libops.storage.rebuild import rebuilt, state_hash

__all__ = ["RestoreReport", "restore"]

T = TypeVar("T")

CHUNK = 500


@frozen
class RestoreReport:
    """What a restore read and wrote, and what is wrong with the export; nothing was written when `dry_run`."""

    folder: str
    records: dict[str, int]
    events: int
    state_hash: str
    dry_run: bool
    problems: tuple[str, ...] = field(default=())


def restore(storage: Storage, folder: str | Path, *, dry_run: bool = False) -> RestoreReport:
    """Read an export into an empty store.

    Everything is read and checked before anything is written: every line can be understood, the numbers and the
    fingerprint are those of the manifest, and the log alone gives the same records again.

    Args:
        storage: the open store; it must hold nothing.
        folder: what `export` wrote.
        dry_run: only check, and say what is wrong.

    Raises:
        NotFound: there is no export in the folder.
        InvalidValue: the store holds something, so that two libraries would be mixed.
        FormatError: the export is damaged or of a newer libops; all that is wrong is in the message.
    """
    home = Path(folder)
    manifest = manifest_of(home)
    report, records, events = checked(home, manifest, dry_run)
    if not dry_run:
        if report.problems:
            raise FormatError(f"{home} is not restored: " + "; ".join(report.problems))
        refuse_if_used(storage)
        for chunk in chunks(records):
            storage.apply(Batch(writes=tuple(write_of(record) for record in chunk)))
        for happened in chunks(events):
            storage.apply(Batch(events=tuple(happened)))
    return report


def manifest_of(home: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((home / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound(f"no manifest.json in {home}: name the folder that `libops export` wrote") from None
    except ValueError as error:
        raise FormatError(f"{home / 'manifest.json'} cannot be read: {error}") from error
    if manifest["format"] > FORMAT:
        raise FormatError(f"{home} has format {manifest['format']}; this libops reads up to {FORMAT}")
    return manifest


def checked(home: Path, manifest: dict[str, Any], dry_run: bool) -> tuple[RestoreReport, list[Any], list[Event]]:
    """Everything in the folder, and all that is wrong with it."""
    problems: list[str] = []
    records = list(read_records(home, problems))
    events = list(read_events(home, problems))
    counts: dict[str, int] = {}
    for kind, _ in records:
        counts[kind] = counts.get(kind, 0) + 1
    digest = fingerprint(records)
    for what, wanted, there in (
        ("records", manifest["records"], counts),
        ("events", manifest["events"], len(events)),
        ("state_hash", manifest["state_hash"], digest),
    ):
        if wanted != there:
            problems.append(f"{what}: the manifest says {wanted}, the files hold {there}")
    if not problems:
        again = state_hash(rebuilt(events))
        if again != digest:
            problems.append(f"the log gives other records: state_hash {again}, the records have {digest}")
    report = RestoreReport(home.as_posix(), counts, len(events), digest, dry_run, tuple(problems))
    return report, [record for _, record in records], events


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    if path.exists():
        with path.open(encoding="utf-8", newline="\n") as file:
            yield from enumerate(file, 1)


def read_records(home: Path, problems: list[str]) -> Iterator[tuple[str, Any]]:
    """Kind and record of every line."""
    from libops.wire.json import from_json

    for path in sorted((home / "records").glob("*.jsonl")):
        try:
            kind = kind_named(path.stem)
        except NotFound as error:
            problems.append(str(error))
            continue
        for number, line in lines_of(path):
            try:
                yield kind.name, from_json(line, kind.cls)
            except Exception as error:  # cattrs raises groups of many kinds
                problems.append(f"{path.name} line {number}: {type(error).__name__}: {error}")


def read_events(home: Path, problems: list[str]) -> Iterator[Event]:
    """Every event; older forms brought up to date."""
    from libops.wire.events import event_from_text

    for number, line in lines_of(home / "events.jsonl"):
        try:
            plain = json.loads(line)
            yield event_from_text(plain["event"], plain["schema"], json.dumps(plain["fields"]))
        except LibopsError as error:
            problems.append(f"events.jsonl line {number}: {error}")
        except Exception as error:  # cattrs raises groups of many kinds
            problems.append(f"events.jsonl line {number}: {type(error).__name__}: {error}")


def fingerprint(records: Iterable[tuple[str, Any]]) -> str:
    """The fingerprint of the records as they are written now, in the order of kinds and keys."""
    from libops.wire.json import as_json

    logged = {kind.name for kind in all_kinds() if kind.logged}
    digest = sha256()
    rows = ((kind, key_of(record), as_json(record, type(record))) for kind, record in records if kind in logged)
    for kind, key, text in sorted(rows):
        digest.update(f"{kind}\t{key}\t{text}\n".encode())
    return digest.hexdigest()


def refuse_if_used(storage: Storage) -> None:
    """Raise `InvalidValue` when the store holds anything."""
    if storage.events(0, 1).entries:
        raise InvalidValue("the store has a log already: restore into an empty one")
    for kind in all_kinds():
        if storage.scan(kind, page=1).rows:
            raise InvalidValue(f"the store holds records of kind {kind.name!r} already: restore into an empty one")


def write_of(record: Any) -> Write:
    return Write(kind_of(type(record)), key_of(record), record, 0)


def chunks(things: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
