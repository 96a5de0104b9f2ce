"""A record arrives in a file, and the catalog may have it already: what becomes of the two."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Final

from attrs import evolve, frozen

from libops.catalog.marc import MarcRecord, marc_of, to_bib
from libops.catalog.matching.evidence import DEFAULT, Answer, MatchOptions
from libops.catalog.matching.overlay import OverlayPolicy, overlay
from libops.catalog.matching.verdicts import Verdict, filed
from libops.catalog.model import BibRecord
from libops.catalog.questions import MatchCandidate, MatchQuestion, OnDoubt, OnMatch

__all__ = ["Arrival", "ArrivalOutcome", "arrival", "laid_over", "question"]

KEPT: Final = OverlayPolicy()


class ArrivalOutcome(Enum):
    """What became of a record that arrived."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    """The catalog says all of it already."""
    SKIPPED = "skipped"
    """It says something else, and the library wants the record in the catalog left alone."""
    ASKED = "asked"
    """It may be one that the catalog has: it waits for a person."""


@frozen
class Arrival:
    """The record as the catalog is to have it, and what became of the one that arrived.

    `doubt` is set when it was added though it may be one that the catalog has: a person should look.
    """

    outcome: ArrivalOutcome
    bib: BibRecord
    doubt: Verdict | None = None


def arrival(
    record: MarcRecord,
    bib: BibRecord,
    verdict: Verdict,
    *,
    on_match: OnMatch = OnMatch.OVERLAY,
    on_doubt: OnDoubt = OnDoubt.ASK,
    policy: OverlayPolicy = KEPT,
    options: MatchOptions = DEFAULT,
) -> Arrival:
    """What becomes of a record that arrived as `record` (and as `bib`), by what matching said of it."""
    known = verdict.known
    if known is not None and known.content_hash == bib.content_hash:
        return Arrival(ArrivalOutcome.UNCHANGED, known)
    if known is not None and verdict.by is not None:
        said = verdict.by.content_hash == bib.content_hash
        return Arrival(ArrivalOutcome.UNCHANGED if said else ArrivalOutcome.SKIPPED, known)
    if on_match is OnMatch.ADD or verdict.answer is Answer.DIFFERENT:
        return Arrival(ArrivalOutcome.ADDED, bib)
    if known is None:
        if on_doubt is OnDoubt.ADD:
            return Arrival(ArrivalOutcome.ADDED, bib, verdict)
        return Arrival(ArrivalOutcome.ASKED, bib)
    if on_match is OnMatch.SKIP:
        return Arrival(ArrivalOutcome.SKIPPED, known)
    laid = laid_over(record, known, policy, options)
    return Arrival(ArrivalOutcome.UNCHANGED, known) if laid is None else Arrival(ArrivalOutcome.CHANGED, laid)


def laid_over(
    record: MarcRecord, known: BibRecord, policy: OverlayPolicy = KEPT, options: MatchOptions = DEFAULT
) -> BibRecord | None:
    """The record of the catalog with another laid over it; None when nothing would change."""
    laid = overlay(marc_of(known), record, policy)
    if laid.changes_nothing:
        return None
    bib = filed(to_bib(laid.record, known.id, suppressed=known.suppressed), options)
    return evolve(bib, staff_note=known.staff_note) if known.staff_note else bib


def question(bib: BibRecord, verdict: Verdict, *, at: datetime) -> MatchQuestion:
    """The question that a verdict in doubt asks."""
    candidates = [
        MatchCandidate(
            one.bib.id,
            one.bib.title,
            tuple([each.value for each in one.comparison.evidence]),
            one.comparison.against,
            one.comparison.title_likeness,
        )
        for one in verdict.candidates
    ]
    return MatchQuestion(bib.content_hash, bib, tuple(candidates), at)
