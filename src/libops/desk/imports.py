"""Importing files of records: read, see what is new, write in batches, and account for every record.

The same file again changes nothing: a record whose content is in the catalog already is passed over, one with the
same control number and other content is laid over the record in the catalog. The library's own fields and the earlier
version stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from attrs import define, field, frozen

from libops.base.errors import Conflict, InvalidValue, LibopsError, NotFound
from libops.base.events import Event
from libops.base.holders import BarcodeUse
from libops.base.ids import BibId, ItemId, LibraryCode
from libops.catalog.events import BibAdded, BibChanged
from libops.catalog.marc import Gap, MarcRecord, Outcome, Rejected, Rescued, read, to_bib
from libops.catalog.matching import ArrivalOutcome, OnMatch, OverlayPolicy, arrival, closest
from libops.catalog.model import BibIdentifier, BibRecord, lookup_text
from libops.desk.items import shelved
from libops.desk.reads import Reads
from libops.desk.shell import Shell
from libops.items.drafts import ItemDraft, draft_items, likely_mapping
from libops.items.events import ItemAdded
from libops.items.mapping import ItemMapping, shipped_mapping

__all__ = ["ImportReport", "Importer", "Problem", "on_match_of"]

BATCH = 200
"""Records to one write: few enough to hold in memory, many enough that the sync of the disk costs little."""

SAMPLE = 50
"""Records looked at to find out which field holds the items."""

UNDER_ONE_NUMBER = 20
"""Records looked at that share a control number of unknown source."""

COUNTED = ("added", "changed", "unchanged", "skipped", "items", "rescued")
"""What a batch that could not be written takes back from the report."""


@frozen
class Problem:
    """Something to tell about a record: its number in the file (from 1), its place in bytes, and what it is."""

    record_no: int
    offset: int
    what: str

    def __str__(self) -> str:
        return f"record {self.record_no} at byte {self.offset}: {self.what}"


@define
class ImportReport:
    """What became of a file. `bytes_read` is its whole length: every byte belongs to a record or a gap."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    items: int = 0
    rescued: int = 0
    rejected: int = 0
    bytes_read: int = 0
    mapping: str = ""
    problems: list[Problem] = field(factory=list)
    rejects: bytearray = field(factory=bytearray, repr=False)

    @property
    def records(self) -> int:
        """How many records the file held."""
        return self.added + self.changed + self.unchanged + self.skipped + self.rejected

    def __str__(self) -> str:
        skipped = f"{self.skipped} skipped, " if self.skipped else ""
        return (
            f"{self.records} records: {self.added} added, {self.changed} changed, {self.unchanged} unchanged, {skipped}"
            f"{self.rejected} rejected ({self.rescued} of the others were damaged and could be read); "
            f"{self.items} items; {self.bytes_read} bytes accounted for"
        )


class Importer:
    """One import of one file."""

    def __init__(
        self,
        shell: Shell,
        library: str,
        currency: str,
        mapping: str,
        item_type: str,
        by: str,
        *,
        dry_run: bool,
        on_match: OnMatch,
        policy: OverlayPolicy | None = None,
    ) -> None:
        self.shell = shell
        self.library = LibraryCode(library)
        self.currency = currency
        self.mapping: ItemMapping | None = shipped_mapping(mapping) if mapping else None
        self.find_mapping = not mapping
        self.item_type = item_type
        self.by = by
        self.dry_run = dry_run
        self.on_match = on_match
        self.policy = OverlayPolicy() if policy is None else policy
        self.report = ImportReport()
        self.name = ""
        self.taken: set[str] = set()
        self.seen: dict[str, BibRecord] = {}

    def run(self, source: str | Path | BinaryIO, progress: Callable[[int, int], None] | None) -> ImportReport:
        """Import the file and report."""
        with opened(source) as (stream, name, size):
            self.name = name
            tell = None if progress is None else lambda done: progress(done, size)
            batch: list[Outcome] = []
            for outcome in read(stream, progress=tell):
                self.report.bytes_read += outcome.length
                if isinstance(outcome, Gap):
                    continue
                batch.append(outcome)
                if len(batch) >= BATCH:
                    self.take(batch)
                    batch = []
            self.take(batch)
        return self.report

    def take(self, batch: list[Outcome]) -> None:
        """Write one batch; if another desk interferes, record by record, so that one conflict stops one record."""
        readable = [outcome for outcome in batch if not isinstance(outcome, Rejected | Gap)]
        for outcome in batch:
            if isinstance(outcome, Rejected):
                self.report.rejected += 1
                self.report.rejects += outcome.raw
                self.tell(outcome, f"rejected: {outcome.reason}")
        if self.find_mapping and readable:
            self.mapping = likely_mapping([outcome.record.fields for outcome in readable[:SAMPLE]])
            self.find_mapping = False
        self.report.mapping = "" if self.mapping is None else self.mapping.name
        if readable and not self.written(readable):
            for outcome in readable:
                if not self.written([outcome]):
                    self.report.rejected += 1
                    self.report.rejects += outcome.raw
                    self.tell(outcome, "not written: another desk changed the same records; import it again")

    def written(self, outcomes: Sequence[Outcome]) -> bool:
        before = [getattr(self.report, name) for name in COUNTED]
        told = len(self.report.problems)
        reads = Reads(self.shell.storage)
        events: list[Event] = []
        if not self.dry_run:
            # What was written can be read again; a dry run has to remember it.
            self.taken, self.seen = set(), {}
        for outcome in outcomes:
            events += self.events_of(outcome, reads)
        try:
            if not self.dry_run:
                self.shell.commit(events, reads)
        except Conflict:
            for name, count in zip(COUNTED, before, strict=True):
                setattr(self.report, name, count)
            del self.report.problems[told:]
            return False
        return True

    def events_of(self, outcome: Outcome, reads: Reads) -> Iterator[Event]:
        assert not isinstance(outcome, Gap | Rejected)
        if isinstance(outcome, Rescued):
            self.report.rescued += 1
            for note in outcome.repairs:
                self.tell(outcome, f"mended: {note}")
        for note in outcome.warnings:
            self.tell(outcome, str(note))
        bib = to_bib(outcome.record, BibId(self.shell.ids()))
        known = self.known(bib, reads)
        at = self.shell.clock()
        arrived = arrival(outcome.record, bib, known, on_match=self.on_match, policy=self.policy)
        what, bib = arrived.outcome, arrived.bib
        setattr(self.report, what.value, getattr(self.report, what.value) + 1)
        if arrived.doubt is not None and known is not None:
            self.tell(
                outcome, f"added, though record {known.id} ({known.title!r}) has its control number: look at both"
            )
        if what is ArrivalOutcome.ADDED:
            yield BibAdded(at, self.by, bib, self.name)
        elif what is ArrivalOutcome.CHANGED and known is not None:
            yield BibChanged(at, self.by, bib, known, self.shell.ids(), self.name)
        for key in lookups(bib):
            self.seen[key] = bib
        yield from self.item_events(outcome, outcome.record, bib, reads)

    def known(self, bib: BibRecord, reads: Reads) -> BibRecord | None:
        """The record in the catalog, or earlier in this file, that this one is: same content, or same number."""
        for key in lookups(bib):
            if key in self.seen:
                return self.seen[key]
            found = reads.find(BibIdentifier, "by_lookup", key, limit=UNDER_ONE_NUMBER)
            if found:
                return closest(bib, [one for each in found if (one := reads.get(BibRecord, each.bib_id)) is not None])
        return None

    def item_events(self, outcome: Outcome, record: MarcRecord, bib: BibRecord, reads: Reads) -> Iterator[Event]:
        if self.mapping is None:
            return
        for draft in draft_items(record.fields, self.mapping, currency=self.currency):
            for problem in draft.problems:
                self.tell(outcome, f"item {draft.barcode or ''}: {problem}")
            event = self.item_event(outcome, draft, bib, reads)
            if event is not None:
                self.report.items += 1
                yield event

    def item_event(self, outcome: Outcome, draft: ItemDraft, bib: BibRecord, reads: Reads) -> Event | None:
        barcode, at = draft.barcode, self.shell.clock()
        if barcode is not None:
            use = reads.get(BarcodeUse, barcode)
            if use is not None and use.bib_id == bib.id:
                return None
            if use is not None or barcode in self.taken:
                self.tell(outcome, f"item {barcode}: the barcode is in use already; the item was left out")
                return None
            self.taken.add(barcode)
        try:
            item = draft.item(ItemId(self.shell.ids()), bib.id, library=self.library, item_type=self.item_type, at=at)
        except InvalidValue as error:
            self.tell(outcome, f"item {barcode or ''} was left out: {error}")
            return None
        return ItemAdded(at, self.by, shelved(item), self.name)

    def tell(self, outcome: Outcome, what: str) -> None:
        assert not isinstance(outcome, Gap)
        self.report.problems.append(Problem(outcome.record_no, outcome.offset, what))


def on_match_of(text: OnMatch | str) -> OnMatch:
    """What to do on a match, as written. Raises `InvalidValue` with the words there are."""
    try:
        return OnMatch(text)
    except ValueError:
        words = ", ".join(each.value for each in OnMatch)
        raise InvalidValue(f"on_match is {text!r}; it is one of {words}") from None


def lookups(bib: BibRecord) -> list[str]:
    """The numbers by which a record is known again: its content, then its control number at its source."""
    found = [lookup_text("content", bib.content_hash)]
    if bib.control_number:
        found.append(lookup_text("control", f"{bib.control_source}/{bib.control_number}"))
    return found


@contextmanager
def opened(source: str | Path | BinaryIO) -> Iterator[tuple[BinaryIO, str, int]]:
    """The stream, its name and its length; a path is opened and closed here."""
    if not isinstance(source, str | Path):
        yield source, getattr(source, "name", "stream"), 0
        return
    path = Path(source)
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        raise NotFound(f"no file {str(source)!r} to import") from None
    except OSError as error:
        raise LibopsError(f"cannot read {str(source)!r}: {error}") from error
    with stream:
        yield stream, path.name, path.stat().st_size
