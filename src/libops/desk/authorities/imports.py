"""The authority file at the desk: records brought in, and what a changed heading does to the catalog, listed first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from attrs import define, evolve, field

from libops.base.decisions import Decision, Permit, Reason
from libops.base.errors import FormatError
from libops.base.ids import BibId
from libops.catalog.authorities import (
    Authority,
    AuthorityFile,
    Effect,
    HeadingChangeState,
    effects,
    heading_of,
    to_authority,
)
from libops.catalog.authorities.decide import AuthorityFacts, add_authority, change_authority
from libops.catalog.marc import Gap, Ok, Outcome, Rejected, Rescued, marc_of, read
from libops.catalog.model import BibRecord
from libops.catalog.reasons import AUTHORITY_UNCHANGED
from libops.desk.authorities.heading_changes import with_forms
from libops.desk.catalog.imports import Problem, opened
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.storage.kinds import kind_of

__all__ = ["AuthorityImporter", "AuthorityReport", "Headings", "all_authorities"]

LISTED = 50
"""Fields shown for one changed authority; the event counts the records beyond as many."""


@define
class AuthorityReport:
    """What became of a file of authorities.

    `effects` are the fields of the catalog that would read otherwise under the new headings, at most 50 for each
    authority. They are listed, never changed by the import: the changes wait in `ops.catalog.authorities.waiting()`.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    problems: list[Problem] = field(factory=list)
    effects: list[Effect] = field(factory=list)

    def __str__(self) -> str:
        return (
            f"{self.added} authorities added, {self.changed} changed, {self.unchanged} unchanged, "
            f"{self.rejected} rejected; {len(self.effects)} fields of the catalog to look at"
        )


def all_authorities(shell: Shell, *, page: int = 500) -> Iterator[Authority]:
    """Every authority, by heading, a page at a time."""
    kind, after = kind_of(Authority), None
    while True:
        rows, after = shell.storage.scan(kind, "by_heading", after=after, page=page)
        yield from (row.record for row in rows)
        if after is None:
            return


class Headings:
    """Which records use which heading: the catalog is gone through once, however many authorities change."""

    def __init__(self, bibs: Iterable[BibRecord]) -> None:
        self.bibs: dict[str, BibRecord] = {}
        self.places: dict[str, dict[str, None]] = {}
        for bib in bibs:
            for found in marc_of(bib).fields:
                heading = heading_of(found)
                if heading is None or bib.deleted:
                    continue
                self.bibs[bib.id] = bib
                for text in (*found.all("0"), f"{heading.kind.value}:{heading.main}"):
                    self.places.setdefault(text, {})[bib.id] = None

    def effects(self, old: Authority, new: Authority) -> Iterator[Effect]:
        """What would change if `new` took the place of `old`."""
        own = next(iter(AuthorityFile([old]).established), None)
        texts = [old.number, "" if own is None else f"{own[0].value}:{own[1].partition(' -- ')[0]}"]
        ids = dict.fromkeys(id for text in texts if text for id in self.places.get(text, ()))
        return effects(old, new, [self.bibs[id] for id in ids])


class AuthorityImporter:
    """One import of one file of authorities; `headings` is asked for when the first heading changes."""

    def __init__(self, shell: Shell, by: str, headings: Callable[[], Headings], *, dry_run: bool) -> None:
        self.shell = shell
        self.by = by
        self.make_headings = headings
        self.headings: Headings | None = None
        self.dry_run = dry_run
        self.report = AuthorityReport()

    def run(self, source: str | Path | BinaryIO) -> AuthorityReport:
        """Import the file and report."""
        with opened(source) as (stream, name, _):
            for outcome in read(stream):
                if isinstance(outcome, Rejected):
                    self.reject(outcome, f"rejected: {outcome.reason}")
                elif isinstance(outcome, Ok | Rescued):
                    self.take(outcome, name)
        return self.report

    def take(self, outcome: Ok | Rescued, name: str) -> None:
        try:
            new = to_authority(outcome.record, self.shell.ids())
        except FormatError as error:
            self.reject(outcome, str(error))
            return
        reads = Reads(self.shell.storage)
        old = next(iter(reads.find(Authority, "by_number", new.number, limit=1)), None) if new.number else None
        if old is None:
            answer = self.act(lambda facts, at: add_authority(facts, new, at=at, by=self.by, source=name), None, new)
        else:
            new = evolve(new, id=old.id)
            key, waits = self.shell.ids(), HeadingChangeState.WAITING
            answer = self.act(
                lambda facts, at: change_authority(facts, new, at=at, by=self.by, change_id=key, state=waits), old, new
            )
        if isinstance(answer, Permit):
            self.report.added += old is None
            self.report.changed += old is not None
        elif AUTHORITY_UNCHANGED.code in [why.code for why in answer.reasons]:
            self.report.unchanged += 1
        else:
            self.reject(outcome, "; ".join(map(str, answer.reasons)))

    def act(
        self, ask: Callable[[AuthorityFacts, datetime], Any], old: Authority | None, new: Authority
    ) -> Decision[Any]:
        affected = [] if old is None or old.heading == new.heading else self.effects_of(old, new)

        def load(reads: Reads) -> AuthorityFacts:
            same = tuple([one.id for one in reads.find(Authority, "by_heading", new.heading) if one.kind is new.kind])
            linked = tuple(dict.fromkeys(BibId(effect.bib_id) for effect in affected))
            return AuthorityFacts(None if old is None else with_forms(reads, old.id), same, linked)

        def receive(plan: Any, facts: AuthorityFacts, at: datetime, alerts: tuple[Reason, ...]) -> Authority:
            return new

        if self.dry_run:
            facts = load(Reads(self.shell.storage))
            preview: Decision[Any] = ask(facts, self.shell.clock())
            return preview
        return self.shell.act(Errand(load, ask, receive))

    def effects_of(self, old: Authority, new: Authority) -> list[Effect]:
        if self.headings is None:
            self.headings = self.make_headings()
        found = list(self.headings.effects(old, new))
        self.report.effects += islice(found, LISTED)
        return found

    def reject(self, outcome: Outcome, what: str) -> None:
        assert not isinstance(outcome, Gap)
        self.report.rejected += 1
        self.report.problems.append(Problem(outcome.record_no, outcome.offset, what))
