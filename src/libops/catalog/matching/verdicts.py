"""Which record of a catalog is this one? Where to look, and what follows from what was found there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attrs import evolve, frozen

from libops.catalog.matching.evidence import DEFAULT, Answer, Comparison, Evidence, MatchOptions, compare
from libops.catalog.model import BibRecord, identifiers_of
from libops.catalog.title_key import title_key

__all__ = ["Candidate", "Verdict", "filed", "identify", "lookups_of"]

STRENGTH: Final = {evidence: place for place, evidence in enumerate(Evidence)}


@frozen
class Candidate:
    """A record of the catalog, and how it compares with the one that arrived."""

    bib: BibRecord
    comparison: Comparison


@frozen
class Verdict:
    """Same as the first of the candidates, a question between them, or different from all there are.

    `by` is a record that was merged into that first one, if the one that arrived is known by it: then it says of the
    title what that one said, and the record that stayed is left as it is.
    """

    answer: Answer
    candidates: tuple[Candidate, ...] = ()
    by: BibRecord | None = None

    @property
    def known(self) -> BibRecord | None:
        """The record of the catalog that this one is; None where that is not sure."""
        return self.candidates[0].bib if self.answer is Answer.SAME else None

    def decided(self, bib: BibRecord) -> Verdict:
        """The verdict when a person has said which record it is."""
        rest = [one for one in self.candidates if one.bib.id != bib.id]
        said = next((one for one in self.candidates if one.bib.id == bib.id), Candidate(bib, Comparison(Answer.SAME)))
        return Verdict(Answer.SAME, (evolve(said, comparison=evolve(said.comparison, answer=Answer.SAME)), *rest))

    def known_by(self, merged: BibRecord | None, bib: BibRecord) -> Verdict:
        """The verdict on a record that is known by one that was merged into `bib`."""
        return evolve(self.decided(bib), by=merged)

    def __str__(self) -> str:
        if not self.candidates:
            return "new"
        first = self.candidates[0]
        against = f"; against: {', '.join(first.comparison.against)}" if first.comparison.against else ""
        agrees = ", ".join(each.value for each in first.comparison.evidence) or "a person's word"
        more = f", or one of {len(self.candidates) - 1} more" if len(self.candidates) > 1 and not self.known else ""
        what = "is" if self.known else "may be"
        return f"{what} record {first.bib.id} ({first.bib.title!r}{more}) by {agrees}{against}"


def filed(bib: BibRecord, options: MatchOptions = DEFAULT) -> BibRecord:
    """The record with the library's own match key beside the one that every record has.

    The keys of a plugin stand in the record, so that the log alone says under what it is found.
    """
    made = options.key(bib) if options.files_key else ""
    return bib if not made or made in bib.match_keys else evolve(bib, match_keys=(*bib.match_keys, made))


def lookups_of(bib: BibRecord, options: MatchOptions = DEFAULT) -> tuple[str, ...]:
    """Under what texts a catalog has the records worth comparing with this one.

    They are its numbers and match keys, and its title with the years around its own.
    """
    found = [identifier.lookup for identifier in identifiers_of(bib)]
    if bib.year is not None:
        for year in range(bib.year - options.year_tolerance, bib.year + options.year_tolerance + 1):
            key = title_key(bib.title, bib.author, year)
            if key:
                found.append(f"key:{key}")
    return tuple(dict.fromkeys(found))


def identify(bib: BibRecord, found: Iterable[BibRecord], options: MatchOptions = DEFAULT) -> Verdict:
    """Which of the records found this one is.

    The same content is the same record. Else the strongest evidence wins; two records that it names equally well are a
    question, and so is all that `compare` would rather ask about.
    """
    candidates = []
    for known in found:
        if known.deleted:
            continue
        if bib.content_hash and known.content_hash == bib.content_hash:
            return Verdict(Answer.SAME, (Candidate(known, Comparison(Answer.SAME, (Evidence.CONTENT,), (), 100)),))
        comparison = compare(known, bib, options)
        if comparison.answer is not Answer.DIFFERENT:
            candidates.append(Candidate(known, comparison))
    candidates.sort(key=lambda one: (*_rank(one), one.bib.id))
    sure = [one for one in candidates if one.comparison]
    if not candidates:
        return Verdict(Answer.DIFFERENT)
    if not sure or (len(sure) > 1 and _rank(sure[0])[:2] == _rank(sure[1])[:2]):
        return Verdict(Answer.ASK, tuple(candidates))
    return Verdict(Answer.SAME, tuple(candidates))


def _rank(one: Candidate) -> tuple[bool, int, int, int]:
    """The sure ones first, then by the strongest evidence, by likeness of title, by how much agrees."""
    found = one.comparison
    return (not found, STRENGTH[found.evidence[0]], -found.title_likeness, -len(found.evidence))
