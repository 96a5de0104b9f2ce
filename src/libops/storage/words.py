"""An index of words in memory: for each word of each field, the keys of the records that hold it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from libops.storage.port import Match, Matches, Term, Versioned
from libops.storage.records import RecordType, comparable

__all__ = ["WordIndex"]

WEIGHTS = (10.0, 5.0, 3.0, 1.0)
"""How much a hit counts, by the place of its field: a word of the title tells more than one of a note."""


class WordIndex:
    """The words of one kind."""

    __slots__ = ("fields", "holders", "type")

    def __init__(self, type: RecordType[Any]) -> None:
        self.type = type
        self.fields = type.full_text
        self.holders: dict[str, dict[str, set[str]]] = {name: {} for name in self.fields}

    def write(self, key: str, before: Any, after: Any) -> None:
        """A record came, changed or went."""
        for name in self.fields:
            holders = self.holders[name]
            for word in set(getattr(before, name).split()) if before is not None else ():
                holders[word].discard(key)
            for word in set(getattr(after, name).split()) if after is not None else ():
                holders.setdefault(word, set()).add(key)

    def keys(self, term: Term, rows: dict[str, Versioned]) -> set[str]:
        """The records that hold a term."""
        names = (term.field,) if term.field else self.fields
        return {key for name in names for key in self.in_field(term, name, rows)}

    def in_field(self, term: Term, name: str, rows: dict[str, Versioned]) -> set[str]:
        holders = self.holders[name]
        *exact, last = term.words
        if term.prefix:
            found = {key for word, keys in holders.items() if word.startswith(last) for key in keys}
        else:
            found = set(holders.get(last, ()))
        for word in exact:
            found &= holders.get(word, set())
        if len(term.words) == 1:
            return found
        phrase = f" {' '.join(term.words)}" + ("" if term.prefix else " ")
        return {key for key in found if phrase in f" {getattr(rows[key].record, name)} "}

    def find(self, match: Match, rows: dict[str, Versioned]) -> Matches:
        """The hits, the best first: those whose words stand in weightier fields."""
        hits: dict[str, float] = {}
        for way in match.any_of:
            for key in self.holding(way, rows):
                hits[key] = max(hits.get(key, 0.0), self.score(way, rows[key].record))
        for name, value in match.equal:
            wanted = comparable(value)
            hits = {key: score for key, score in hits.items() if comparable(getattr(rows[key].record, name)) == wanted}
        ranked = sorted(hits, key=lambda key: (-hits[key], key))
        counted = ranked[: match.count_up_to]
        facets = {
            name: dict(Counter(getattr(rows[key].record, name) for key in counted).most_common())
            for name in match.facets
        }
        page = ranked[match.offset : match.offset + match.limit]
        records = [rows[key] for key in page] if match.records else []
        return Matches(records, len(counted), len(counted) == len(ranked), facets, page)

    def holding(self, way: tuple[Term, ...], rows: dict[str, Versioned]) -> set[str]:
        wanted = [self.keys(term, rows) for term in way if not term.excluded]
        if not wanted:
            return set()
        found = set.intersection(*wanted)
        for term in way:
            if term.excluded:
                found -= self.keys(term, rows)
        return found

    def score(self, way: tuple[Term, ...], record: Any) -> float:
        """Weightier fields and shorter texts first."""
        total = 0.0
        for weight, name in zip(WEIGHTS, self.fields, strict=False):
            text = f" {getattr(record, name)} "
            length = 1 + text.count(" ")
            held = sum(f" {' '.join(term.words)}" in text for term in way if term.field in ("", name))
            total += weight * held / length**0.5
        return total
