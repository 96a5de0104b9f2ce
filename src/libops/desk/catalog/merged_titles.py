"""Where a record that was merged away leads to, and which were merged into one."""

from __future__ import annotations

from collections.abc import Iterable

from libops.base.ids import BibId
from libops.catalog.model import BibIdentifier, BibRecord, lookup_text
from libops.desk.reads import Reads

__all__ = ["merged_into", "survivor", "survivors"]


def survivor(reads: Reads, bib: str) -> BibRecord | None:
    """The record itself, or the one that it was merged into, over any number of merges; None where there is none."""
    found = reads.get(BibRecord, BibId(bib))
    while found is not None and found.merged_into is not None:
        found = reads.get(BibRecord, found.merged_into)
    return found


def survivors(reads: Reads, bibs: Iterable[str]) -> list[BibRecord]:
    """The records that these lead to, each once; those that are there."""
    found = (survivor(reads, bib) for bib in bibs)
    return list({one.id: one for one in found if one is not None}.values())


def merged_into(reads: Reads, bib: str) -> list[BibId]:
    """The records that were merged into this one, directly or over others."""
    found: list[BibId] = []
    waiting = [BibId(bib)]
    while waiting:
        merged = reads.find(BibIdentifier, "by_lookup", lookup_text("merged", waiting.pop()))
        waiting += [one.bib_id for one in merged]
        found += [one.bib_id for one in merged]
    return found
