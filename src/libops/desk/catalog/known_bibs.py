"""The records that an import may meet again: those of the catalog, found by their numbers and keys in few round trips,
and those of this file that are not yet written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import evolve

from libops.base.ids import BibId
from libops.catalog.matching import MatchOptions, Verdict, identify, lookups_of
from libops.catalog.model import BibIdentifier, BibRecord, identifiers_of, lookup_text
from libops.desk.catalog.merged_titles import survivor
from libops.desk.reads import Reads
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get, Query

__all__ = ["KnownBibs"]

UNDER_ONE_NUMBER = 20
"""Records looked at that share a number or a key: more say something about the number, not about the record."""

AT_ONCE = 64
"""Questions in one round trip; always as many, so that a store prepares few statements."""


class KnownBibs:
    """Every lookup goes by an index. `prepare` a batch, ask for a `verdict` on each, `remember` what became of it."""

    def __init__(self, options: MatchOptions) -> None:
        self.options = options
        self.places: dict[str, tuple[str, ...]] = {}
        self.fresh: dict[str, dict[BibId, None]] = {}
        self.latest: dict[BibId, BibRecord] = {}

    def prepare(self, bibs: Sequence[BibRecord], reads: Reads) -> None:
        """Look up a batch: by content first, which settles a file that comes again; the rest by all there is."""
        self.places = {}
        self.look_up([content_of(bib) for bib in bibs], reads)
        new = [bib for bib in bibs if not self.places.get(content_of(bib))]
        self.look_up([lookup for bib in new for lookup in lookups_of(bib, self.options)], reads)
        wanted = {key for found in self.places.values() for key in found}
        kind = kind_of(BibRecord)
        asked(reads, [Get(kind, key) for key in wanted if (kind, key) not in reads.seen])

    def look_up(self, lookups: Iterable[str], reads: Reads) -> None:
        kind = kind_of(BibIdentifier)
        new = [lookup for lookup in dict.fromkeys(lookups) if lookup not in self.places]
        finds = [Find(kind, "by_lookup", (lookup,), limit=UNDER_ONE_NUMBER) for lookup in new]
        for lookup, found in zip(new, asked(reads, finds), strict=True):
            self.places[lookup] = tuple([each.bib_id for each in found])

    def verdict(self, bib: BibRecord, reads: Reads) -> Verdict:
        """Which record of the catalog, or of this file, the record is."""
        ids: dict[BibId, None] = {}
        content = content_of(bib)
        settled = self.places.get(content) or self.fresh.get(content)
        for lookup in (content,) if settled else lookups_of(bib, self.options):
            ids.update(dict.fromkeys(map(BibId, self.places.get(lookup, ()))))
            ids.update(self.fresh.get(lookup, {}))
        found = [one for id in ids if (one := self.latest.get(id) or reads.get(BibRecord, id)) is not None]
        merged = [one for one in found if one.merged_into is not None]
        led = (survivor(reads, one.id) or one for one in found)
        there = [self.latest.get(one.id, one) for one in {one.id: one for one in led}.values()]
        verdict = identify(bib, there, self.options)
        if not merged:
            return verdict
        # What was said of a record that was merged away is said of the one it is now.
        as_it_was = [evolve(one, deleted=False) for one in merged]
        best = identify(bib, [*there, *as_it_was], self.options).known
        if best is None and verdict.known is None:
            best = identify(bib, as_it_was, self.options).known
        same = None if best is None or best.merged_into is None else survivor(reads, best.id)
        return verdict if same is None or same.deleted else verdict.known_by(best, self.latest.get(same.id, same))

    def remember(self, bib: BibRecord) -> None:
        """A record as this import leaves it, before it is written."""
        self.latest[bib.id] = bib
        for identifier in identifiers_of(bib):
            under = self.fresh.setdefault(identifier.lookup, {})
            if len(under) < UNDER_ONE_NUMBER:
                under[bib.id] = None

    def forget(self) -> None:
        """What was remembered is written, and will be found in the catalog."""
        self.fresh, self.latest = {}, {}


def content_of(bib: BibRecord) -> str:
    return lookup_text("content", bib.content_hash)


def asked(reads: Reads, queries: Sequence[Query]) -> list[list[BibIdentifier]]:
    """The answers to many questions, so many in one round trip."""
    found: list[list[BibIdentifier]] = []
    for start in range(0, len(queries), AT_ONCE):
        found += reads.load(*queries[start : start + AT_ONCE])
    return found
