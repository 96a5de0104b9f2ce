"""The duplicate report: records of one catalog that may describe one edition, for a person to go through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from libops.catalog.matching.evidence import DEFAULT, Answer, Comparison, MatchOptions, compare
from libops.catalog.model import BibRecord, identifiers_of

__all__ = ["DuplicatePair", "duplicates", "match_lookups"]

LARGEST_BLOCK = 50
"""More records under one number say something about the number (a reused or a dummy one), not about the records."""


@frozen
class DuplicatePair:
    """Two records that are, or may be, one; the sure ones first in a report."""

    one: BibRecord
    other: BibRecord
    comparison: Comparison


def match_lookups(bib: BibRecord, options: MatchOptions = DEFAULT) -> tuple[str, ...]:
    """Under what texts records worth comparing with this one are found: its numbers and its match key."""
    found = [identifier.lookup for identifier in identifiers_of(bib)]
    made = options.key(bib)
    return tuple(dict.fromkeys([*found, f"key:{made}"] if made else found))


def duplicates(bibs: Iterable[BibRecord], options: MatchOptions = DEFAULT) -> Iterator[DuplicatePair]:
    """The pairs that share a number or a key and are not plainly different; each pair once.

    Records under one number are compared with each other, so the work grows with the catalog, not with its square.
    """
    blocks: dict[str, list[BibRecord]] = {}
    for bib in bibs:
        if bib.deleted:
            continue
        for lookup in match_lookups(bib, options):
            blocks.setdefault(lookup, []).append(bib)
    seen: set[tuple[str, str]] = set()
    for block in blocks.values():
        if len(block) > LARGEST_BLOCK:
            continue
        for place, one in enumerate(block):
            for other in block[place + 1 :]:
                pair = (one.id, other.id)
                if pair in seen:
                    continue
                seen.add(pair)
                comparison = compare(one, other, options)
                if comparison.answer is not Answer.DIFFERENT:
                    yield DuplicatePair(one, other, comparison)
