"""Importing files of records: read, see what is new, write in batches, and account for every record.

Each record is matched with the catalog by all the evidence there is: content, control numbers, OCLC number, LCCN, ISBN
and ISSN with the title, match key. A record that the catalog has is laid over the one there, where the library's own
fields and the earlier version stay; one that it may have waits for a person; the rest is new. The same file again
changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from attrs import define, evolve, field, frozen

from libops.base.errors import Conflict, LibopsError, NotFound
from libops.base.events import Event
from libops.base.ids import BibId, LibraryCode
from libops.catalog.events import BibAdded, BibChanged, MatchAsked
from libops.catalog.marc import Gap, Outcome, Rejected, Rescued, read, to_bib
from libops.catalog.matching import (
    Answer,
    Arrival,
    ArrivalOutcome,
    MatchOptions,
    OnDoubt,
    OnMatch,
    OverlayPolicy,
    Verdict,
    arrival,
    filed,
    question,
)
from libops.catalog.model import BibRecord
from libops.catalog.questions import MatchAnswer, MatchQuestion
from libops.desk.catalog.import_items import ItemIntake
from libops.desk.catalog.known_bibs import KnownBibs
from libops.desk.catalog.merged_titles import survivor
from libops.desk.reads import Reads
from libops.desk.shell import Shell
from libops.items.drafts import likely_mapping
from libops.items.mapping import ItemMapping, shipped_mapping

__all__ = ["ImportReport", "ImportTerms", "Importer", "Matched", "Problem", "mapping_named"]

BATCH = 200
"""Records to one write: few enough to hold in memory, many enough that the sync of the disk costs little."""

SAMPLE = 50
"""Records looked at to find out which field holds the items."""

COUNTED = ("added", "changed", "unchanged", "skipped", "asked", "items", "rescued")
"""What a batch that could not be written takes back from the report."""


@frozen
class Problem:
    """Something to tell about a record: its number in the file (from 1), its place in bytes, and what it is."""

    record_no: int
    offset: int
    what: str

    def __str__(self) -> str:
        return f"record {self.record_no} at byte {self.offset}: {self.what}"


@frozen
class Matched:
    """What matching said of a record that is not plainly new: its number in the file, its title, its outcome, and why.

    `bib_id` is the record of the catalog that it is or, in doubt, may be.
    """

    record_no: int
    title: str
    outcome: ArrivalOutcome
    bib_id: BibId
    why: str

    def __str__(self) -> str:
        return f"record {self.record_no} ({self.title!r}), {self.outcome.value}: {self.why}"


@define
class ImportReport:
    """What became of a file. `bytes_read` is its whole length: every byte belongs to a record or a gap.

    `asked` counts the records that wait for a person, `matched` says of those that are not plainly new what they match
    and why; a record that says nothing new is not listed.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    asked: int = 0
    items: int = 0
    rescued: int = 0
    rejected: int = 0
    bytes_read: int = 0
    mapping: str = ""
    problems: list[Problem] = field(factory=list)
    matched: list[Matched] = field(factory=list)
    rejects: bytearray = field(factory=bytearray, repr=False)

    @property
    def records(self) -> int:
        """How many records the file held."""
        return self.added + self.changed + self.unchanged + self.skipped + self.asked + self.rejected

    def __str__(self) -> str:
        outcomes = {
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "skipped": self.skipped,
            "waiting for an answer": self.asked,
            "rejected": self.rejected,
        }
        told = ", ".join(f"{count} {became}" for became, count in outcomes.items() if count)
        mended = f" ({self.rescued} damaged, but readable)" if self.rescued else ""
        records = f"{counted(self.records, 'record')}: {told}{mended}" if told else "no record"
        return f"{records}; {counted(self.items, 'item')}; {counted(self.bytes_read, 'byte')} accounted for"


def counted(number: int, one: str) -> str:
    """A number with its noun: "1 record", "2 records"."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


@frozen(kw_only=True)
class ImportTerms:
    """How one import is to be done: where the items are, what becomes of a match and of a doubt, what an overlay keeps.

    `mapping` is empty where the file itself is to tell. `codes` are those that items may have, by field.
    """

    library: LibraryCode
    currency: str
    mapping: str = ""
    mappings: Mapping[str, ItemMapping] = field(factory=dict)
    item_type: str = ""
    codes: Mapping[str, Container[str]] = field(factory=dict)
    on_match: OnMatch = OnMatch.OVERLAY
    on_doubt: OnDoubt = OnDoubt.ASK
    overlay: OverlayPolicy = field(factory=OverlayPolicy)
    options: MatchOptions = field(factory=MatchOptions)


class Importer:
    """One import of one file."""

    def __init__(self, shell: Shell, terms: ImportTerms, by: str, *, dry_run: bool) -> None:
        self.shell = shell
        self.terms = terms
        self.mapping = mapping_named(terms.mapping, terms.mappings) if terms.mapping else None
        self.find_mapping = not terms.mapping
        self.by = by
        self.dry_run = dry_run
        self.report = ImportReport()
        self.name = ""
        self.known = KnownBibs(terms.options)
        self.items = ItemIntake(
            shell,
            library=terms.library,
            currency=terms.currency,
            item_type=terms.item_type,
            by=by,
            codes=terms.codes,
        )

    def run(self, source: str | Path | BinaryIO, progress: Callable[[int, int], None] | None) -> ImportReport:
        """Import the file and report."""
        with opened(source) as (stream, name, size):
            self.name = self.items.source = name
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
        report = self.report
        before = [getattr(report, name) for name in COUNTED]
        told, matched = len(report.problems), len(report.matched)
        reads = Reads(self.shell.storage)
        events: list[Event] = []
        if not self.dry_run:
            # What was written can be read again; a dry run has to remember it.
            self.items.taken = set()
            self.known.forget()
        bibs = [self.filed(outcome) for outcome in outcomes]
        self.known.prepare(bibs, reads)
        for outcome, bib in zip(outcomes, bibs, strict=True):
            events += self.taken_in(outcome, bib, reads)
        try:
            if not self.dry_run:
                self.shell.commit(events, reads)
        except Conflict:
            for name, count in zip(COUNTED, before, strict=True):
                setattr(report, name, count)
            del report.problems[told:], report.matched[matched:]
            return False
        return True

    def filed(self, outcome: Outcome) -> BibRecord:
        assert not isinstance(outcome, Gap | Rejected)
        return filed(to_bib(outcome.record, BibId(self.shell.ids())), self.terms.options)

    def tell_reading(self, outcome: Outcome) -> None:
        """Count a record that was mended, and tell what was odd about it."""
        assert not isinstance(outcome, Gap | Rejected)
        if isinstance(outcome, Rescued):
            self.report.rescued += 1
            for note in outcome.repairs:
                self.tell(outcome, f"mended: {note}")
        for note in outcome.warnings:
            self.tell(outcome, str(note))

    def taken_in(self, outcome: Outcome, bib: BibRecord, reads: Reads) -> Iterator[Event]:
        """What one record and its items bring about; counted in the report, and known to the records after it."""
        assert not isinstance(outcome, Gap | Rejected)
        self.tell_reading(outcome)
        verdict, asked = self.known.verdict(bib, reads), None
        if verdict.answer is Answer.ASK:
            verdict, asked = self.answered(bib, verdict, reads)
        terms, known = self.terms, verdict.known
        if asked is not None and asked.answer is MatchAnswer.LEFT_OUT:
            arrived = Arrival(ArrivalOutcome.SKIPPED, bib)
        else:
            arrived = arrival(
                outcome.record,
                bib,
                verdict,
                on_match=terms.on_match,
                on_doubt=terms.on_doubt,
                policy=terms.overlay,
                options=terms.options,
            )
        what, bib = arrived.outcome, arrived.bib
        setattr(self.report, what.value, getattr(self.report, what.value) + 1)
        self.matched(outcome, arrived, verdict)
        at = self.shell.clock()
        if what is ArrivalOutcome.ASKED:
            if asked is None:
                yield MatchAsked(at, self.by, self.asking(outcome, bib, verdict))
            return
        if what is ArrivalOutcome.ADDED:
            yield BibAdded(at, self.by, bib, self.name)
        elif what is ArrivalOutcome.CHANGED and known is not None:
            yield BibChanged(at, self.by, bib, known, self.shell.ids(), self.name, str(verdict))
        elif asked is not None and known is None:
            return
        self.known.remember(bib)
        if self.mapping is not None:
            for event in self.items.events(outcome.record, bib, self.mapping, reads, partial(self.tell, outcome)):
                self.report.items += 1
                yield event

    def answered(self, bib: BibRecord, verdict: Verdict, reads: Reads) -> tuple[Verdict, MatchQuestion | None]:
        """The verdict with what a person said of the same record before, and the question, if it was asked."""
        asked = reads.get(MatchQuestion, bib.content_hash)
        if asked is None or asked.answer in (MatchAnswer.OPEN, MatchAnswer.LEFT_OUT):
            return verdict, asked
        same = survivor(reads, asked.bib.id if asked.same_as is None else asked.same_as)
        return (verdict, None) if same is None or same.deleted else (verdict.decided(same), asked)

    def asking(self, outcome: Outcome, bib: BibRecord, verdict: Verdict) -> MatchQuestion:
        """The question, with what is needed to go on when it is answered."""
        assert not isinstance(outcome, Gap)
        return evolve(
            question(bib, verdict, at=self.shell.clock()),
            source=self.name,
            record_no=outcome.record_no,
            mapping="" if self.mapping is None else self.mapping.name,
            item_type=self.terms.item_type,
            library=self.terms.library,
            on_match=self.terms.on_match,
        )

    def matched(self, outcome: Outcome, arrived: Arrival, verdict: Verdict) -> None:
        assert not isinstance(outcome, Gap)
        if arrived.doubt is not None:
            self.tell(outcome, f"added, though it {arrived.doubt}: look at both")
        if verdict.candidates and arrived.outcome is not ArrivalOutcome.UNCHANGED:
            first = verdict.candidates[0].bib.id
            self.report.matched.append(
                Matched(outcome.record_no, arrived.bib.title, arrived.outcome, first, str(verdict))
            )

    def tell(self, outcome: Outcome, what: str) -> None:
        assert not isinstance(outcome, Gap)
        self.report.problems.append(Problem(outcome.record_no, outcome.offset, what))


def mapping_named(name: str, own: Mapping[str, ItemMapping]) -> ItemMapping:
    """An item mapping of the library's own, or a shipped one. Raises `NotFound`."""
    return own[name] if name in own else shipped_mapping(name)


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
        raise LibopsError(f"cannot read {str(source)!r}: {error.strerror}") from error
    with stream:
        yield stream, path.name, path.stat().st_size
