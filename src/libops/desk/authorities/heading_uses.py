"""The titles that a heading concerns, found by the index of headings; a store without one is gone through once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from libops.base.errors import Conflict
from libops.catalog.authorities.model import Authority
from libops.catalog.authorities.uses import FILLED, HeadingUse, places_of, uses_of
from libops.catalog.model import BibRecord
from libops.desk.shell import Shell
from libops.storage.kinds import kind_of
from libops.storage.port import Batch, Get, Write

__all__ = ["HeadingUses"]

PAGE = 200
ATTEMPTS = 5
"""So often a page is put into the index again while other desks write the same titles."""


class HeadingUses:
    """The index of headings of one store."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.kind = kind_of(HeadingUse)

    def titles(self, authorities: Iterable[Authority]) -> Iterator[BibRecord]:
        """The titles that may carry a heading or a number of these authorities, by their identifiers."""
        self.fill()
        places = {place for one in authorities for place in places_of(one)}
        keys = sorted({key for place in places for key in self.under(place)})
        bibs = kind_of(BibRecord)
        for start in range(0, len(keys), PAGE):
            rows = self.shell.storage.read([Get(bibs, key) for key in keys[start : start + PAGE]])
            yield from [row.record for row in rows if row.record is not None]

    def under(self, place: str) -> Iterator[str]:
        """The identifiers of the titles that stand in a place."""
        after = None
        while True:
            # The sign after "|" is "}".
            rows, after = self.shell.storage.scan(self.kind, None, f"{place}|", f"{place}}}", after=after, page=PAGE)
            yield from (row.record.bib_id for row in rows)
            if after is None:
                return

    def fill(self) -> None:
        """Put all titles into the index, unless that was done: those that an older libops wrote are not there."""
        if self.read([FILLED.key])[0].version:
            return
        bibs, after = kind_of(BibRecord), None
        while True:
            rows, after = self.shell.storage.scan(bibs, after=after, page=PAGE)
            self.put([use for row in rows for use in uses_of(row.record)])
            if after is None:
                break
        self.put([FILLED])

    def put(self, uses: Sequence[HeadingUse]) -> None:
        """Write those that lack. What another desk wrote in the meantime is there then."""
        for attempt in range(ATTEMPTS):
            there = self.read([use.key for use in uses])
            lacking = [use for use, row in zip(uses, there, strict=True) if not row.version]
            try:
                if lacking:
                    writes = tuple([Write(self.kind, use.key, use, 0) for use in lacking])
                    self.shell.storage.apply(Batch(writes=writes))
                return
            except Conflict:
                if attempt == ATTEMPTS - 1:
                    raise

    def read(self, keys: Sequence[str]) -> list[Any]:
        found: list[Any] = []
        for start in range(0, len(keys), PAGE):
            found += self.shell.storage.read([Get(self.kind, key) for key in keys[start : start + PAGE]])
        return found
