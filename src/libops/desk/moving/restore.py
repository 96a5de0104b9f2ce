"""Bringing an exported library into an empty store, whatever store it came from.

It may be interrupted at any moment: begun again, it goes on where it was; see `libops.desk.moving.restoring`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import chain, islice, zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from attrs import evolve, field, frozen

from libops.base.errors import FormatError, LibopsError, NotFound
from libops.base.events import Event
from libops.desk.moving.export import FORMAT
from libops.desk.moving.restoring import Restoring
from libops.hooks.loader import load
from libops.storage.kinds import key_of, kind_named, kind_of
from libops.storage.memory import MemoryStorage
from libops.storage.port import Storage, Write
from libops.storage.rebuild import log_of, rebuild_into, store_hash

__all__ = ["RestoreReport", "restore", "scratch_store"]

T = TypeVar("T")

CHUNK = 500

IN_MEMORY = 50_000
"""A log of so many events is folded in memory when an export is checked; a longer one in a scratch file."""


@frozen
class RestoreReport:
    """What a restore read and wrote, and what is wrong with the export; nothing was written when `dry_run`.

    `already` is how many records and events were there from a restore of the same export that was interrupted.
    """

    folder: str
    records: dict[str, int]
    events: int
    state_hash: str
    dry_run: bool
    problems: tuple[str, ...] = field(default=())
    already: int = field(default=0, kw_only=True)


def restore(storage: Storage, folder: str | Path, *, dry_run: bool = False) -> RestoreReport:
    """Read an export into an empty store.

    Everything is read and checked before anything is written: every line can be understood, the numbers and the
    fingerprint are those of the manifest, and the log alone gives the same records again. Then it is read once more
    and written, a few hundred lines at a time: however large the export, it is never in memory as a whole. A restore
    that was killed on the way is begun again in the same way: it goes on with the first line that is not there.

    Args:
        storage: the open store; it must hold nothing, or the beginning of the same export.
        folder: what `export` wrote.
        dry_run: only check, and say what is wrong.

    Raises:
        NotFound: there is no export in the folder.
        InvalidValue: the store holds something else, so that two libraries would be mixed.
        Conflict: another restore is at work on the store.
        FormatError: the export is damaged or of a newer libops; all that is wrong is in the message.
    """
    home = Path(folder)
    manifest = manifest_of(home)
    report = checked(home, manifest, dry_run)
    if not dry_run:
        if report.problems:
            raise FormatError(f"{home} is not restored: " + "; ".join(report.problems))
        return evolve(report, already=filled(storage, home, report.state_hash))
    return report


def filled(storage: Storage, home: Path, state_hash: str) -> int:
    """Write what the store lacks of an export that was checked; returns how many lines it had already."""
    restoring, reading = Restoring.begun(storage, home), Reading(home)
    before = restoring.mark
    for chunk in chunks(skipped(reading.records(), before.records)):
        restoring.put(writes=[write_of(record) for record in chunk])
    for happened in chunks(skipped(reading.events(), before.events)):
        restoring.put(events=happened)
    if reading.problems or state_hash != reading.digest.hexdigest():
        raise FormatError(f"{home} was changed while it was restored: the store is not whole, throw it away")
    already = before.records + before.events
    if already and not holds(storage, home, state_hash):
        raise FormatError(f"{home} was changed since the restore that was interrupted: throw the store away")
    restoring.done()
    return already


def holds(storage: Storage, home: Path, state_hash: str) -> bool:
    """Whether the store holds this export: what an earlier restore wrote was read by none since."""
    pairs = zip_longest(log_of(storage), Reading(home).events())
    return state_hash == store_hash(storage) and all(event == written for event, written in pairs)


def skipped(lines: Iterator[T], count: int) -> Iterator[T]:
    """The lines behind so many."""
    for _ in islice(lines, count):
        pass
    return lines


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


def checked(home: Path, manifest: dict[str, Any], dry_run: bool) -> RestoreReport:
    """What is in the folder, and all that is wrong with it."""
    reading = Reading(home)
    for _ in chain(reading.records(), reading.events()):
        pass
    digest, problems = reading.digest.hexdigest(), reading.problems
    kinds = sorted({*manifest["records"], *reading.counts})
    for what, wanted, there in (
        *((f"records of {kind}", manifest["records"].get(kind, 0), reading.counts.get(kind, 0)) for kind in kinds),
        ("events", manifest["events"], reading.read),
        ("state_hash", manifest["state_hash"], digest),
    ):
        if wanted != there:
            problems.append(f"{what}: the manifest says {wanted}, the files hold {there}")
    if not problems:
        problems += log_problems(home, digest, reading.read)
    return RestoreReport(home.as_posix(), reading.counts, reading.read, digest, dry_run, tuple(problems))


def log_problems(home: Path, digest: str, events: int) -> Iterator[str]:
    """Whether the log alone gives the records of this fingerprint."""
    with scratch_store(events) as scratch:
        try:
            rebuild_into(scratch, Reading(home).events())
        except (LibopsError, LookupError, AssertionError) as error:
            yield f"the log cannot be folded: {type(error).__name__}: {error}"
            return
        again = store_hash(scratch)
    if again != digest:
        yield f"the log gives other records: state_hash {again}, the records have {digest}"


@contextmanager
def scratch_store(events: int) -> Iterator[Storage]:
    """Where a log of so many events is folded: in memory, or for a long one in a file that goes when it is done."""
    if events <= IN_MEMORY:
        yield MemoryStorage()
        return
    with TemporaryDirectory(prefix="libops-restore-") as folder:
        url = f"sqlite:///{Path(folder).as_posix()}/scratch.db"
        store = load().backend_for(url).own(url, durability="normal")
        try:
            yield store
        finally:
            store.close()


class Reading:
    """One pass over the files of an export: counts and fingerprint grow as the lines go by."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.problems: list[str] = []
        self.counts: dict[str, int] = {}
        self.read = 0
        self.digest = sha256()

    def lines(self, name: str) -> Iterator[tuple[int, bytes]]:
        """The lines as they are: one that is not UTF-8 is damaged, and the others are read all the same."""
        path = self.home / name
        if path.exists():
            with path.open("rb") as file:
                yield from enumerate(file, 1)

    def records(self) -> Iterator[Any]:
        """Every record, kind by kind in the order of the keys, as an export writes them."""
        from libops.wire.json import as_json, from_json, what_is_wrong

        for path in sorted((self.home / "records").glob("*.jsonl")):
            try:
                kind = kind_named(path.stem)
            except NotFound as error:
                self.problems.append(str(error))
                continue
            last = ""
            for number, line in self.lines(f"records/{path.name}"):
                try:
                    record = from_json(line.decode(), kind.cls)
                except Exception as error:  # cattrs raises groups of many kinds
                    self.problems.append(f"{path.name} line {number}: {what_is_wrong(error)}")
                    continue
                key = kind.key_of(record)
                if key <= last and number > 1:
                    self.problems.append(f"{path.name} line {number}: {key!r} after {last!r}, keys should ascend")
                last = key
                self.counts[kind.name] = self.counts.get(kind.name, 0) + 1
                if kind.logged:
                    self.digest.update(f"{kind.name}\t{key}\t{as_json(record, kind.cls)}\n".encode())
                yield record

    def events(self) -> Iterator[Event]:
        """Every event, older forms brought up to date."""
        from libops.wire.events import event_from_text
        from libops.wire.json import what_is_wrong

        for number, line in self.lines("events.jsonl"):
            try:
                plain = json.loads(line.decode())
                event = event_from_text(plain["event"], plain["schema"], json.dumps(plain["fields"]))
            except LibopsError as error:
                self.problems.append(f"events.jsonl line {number}: {error}")
            except Exception as error:  # cattrs raises groups of many kinds
                self.problems.append(f"events.jsonl line {number}: {what_is_wrong(error)}")
            else:
                self.read += 1
                yield event


def write_of(record: Any) -> Write:
    return Write(kind_of(type(record)), key_of(record), record, 0)


def chunks(things: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
