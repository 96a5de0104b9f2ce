"""A record arrives in a file, and the catalog may have it already: what becomes of the two."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Final

from attrs import frozen

from libops.catalog.marc import MarcRecord, marc_of, to_bib
from libops.catalog.matching.evidence import Comparison, compare, likeness
from libops.catalog.matching.overlay import OverlayPolicy, overlay
from libops.catalog.model import BibRecord

__all__ = ["Arrival", "ArrivalOutcome", "OnMatch", "arrival", "closest"]

DEFAULT: Final = OverlayPolicy()


class OnMatch(Enum):
    """What an import does with a record whose control number the catalog knows, with other content."""

    OVERLAY = "overlay"
    """It takes the place of the one in the catalog; the library's own fields stay, and so does the earlier version."""
    SKIP = "skip"
    """The record in the catalog stays as it is; only new items join it."""
    ADD = "add"
    """It is added beside the one in the catalog."""


class ArrivalOutcome(Enum):
    """What became of a record that arrived."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    """The catalog says all of it already."""
    SKIPPED = "skipped"
    """It says something else, and the library wants the record in the catalog left alone."""


@frozen
class Arrival:
    """The record as the catalog is to have it, and what became of the one that arrived.

    `doubt` is set when the control number is known but the two were not taken for one: a person should look.
    """

    outcome: ArrivalOutcome
    bib: BibRecord
    doubt: Comparison | None = None


def closest(bib: BibRecord, known: Sequence[BibRecord]) -> BibRecord | None:
    """Of several records under one number, the one whose title is likest; None when there are none."""
    return max(known, key=lambda one: likeness(one.title, bib.title), default=None) if len(known) != 1 else known[0]


def arrival(
    record: MarcRecord,
    bib: BibRecord,
    known: BibRecord | None,
    *,
    on_match: OnMatch = OnMatch.OVERLAY,
    policy: OverlayPolicy = DEFAULT,
) -> Arrival:
    """What becomes of a record that arrived as `record` (and as `bib`), when the catalog holds `known`.

    A control number (001) names a record only within its source (003). Without a source the titles have to agree too,
    or the record is added and the doubt told: a false merge is worse than a missed one.
    """
    if known is None:
        return Arrival(ArrivalOutcome.ADDED, bib)
    if known.content_hash == bib.content_hash:
        return Arrival(ArrivalOutcome.UNCHANGED, known)
    if on_match is OnMatch.ADD:
        return Arrival(ArrivalOutcome.ADDED, bib)
    if not bib.control_source:
        comparison = compare(known, bib)
        if not comparison:
            return Arrival(ArrivalOutcome.ADDED, bib, comparison)
    if on_match is OnMatch.SKIP:
        return Arrival(ArrivalOutcome.SKIPPED, known)
    laid = overlay(marc_of(known), record, policy)
    if laid.changes_nothing:
        return Arrival(ArrivalOutcome.UNCHANGED, known)
    return Arrival(ArrivalOutcome.CHANGED, to_bib(laid.record, known.id, suppressed=known.suppressed))
