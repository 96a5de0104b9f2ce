"""The words of a record, folded: one form for "résumé" and "resume", for "Œuvre" and "oeuvre", for every script.

Stores compare words only; how letters are made equal is decided here, so that all stores find the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from attrs import frozen

from libops.base.ids import BibId
from libops.catalog.marc.record import MarcField, parse_text
from libops.catalog.model import BibRecord
from libops.catalog.naco import normalized

__all__ = ["BibText", "bib_text", "folded"]

UNSPACED: Final = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\u0e00-\u0e7f])")
"""Scripts that put no blanks between words: each letter is a word of its own, and a phrase finds the rest."""

LONGEST_TITLE: Final = 500
"""Letters of a title that is searched as a whole."""
TITLES: Final = ("130", "240", "246", "247", "440", "490", "505", "700", "710", "730", "740", "830")
NAMES: Final = ("100", "110", "111", "700", "710", "711")
NOTES: Final = ("500", "502", "504", "508", "511", "520", "586")


@frozen
class BibText:
    """What can be found of a bibliographic record, folded; keyed by the record.

    `exact_title` is the title without its leading article, for the search by a known title. A suppressed record is
    not `visible`, and no public search finds it.
    """

    bib_id: BibId
    title: str
    contributor: str
    subject: str
    other: str
    exact_title: str
    language: str
    material_type: str
    year: int | None
    visible: bool


def folded(text: str) -> str:
    """A text as words to compare: no case, no marks, no punctuation, one blank between words.

    >>> folded("L'Étranger : résumé"), folded("走れメロス")
    ('l etranger resume', '走 れ メ ロ ス')
    """
    plain = normalized(text, keep_comma=False)
    return plain if plain.isascii() else " ".join(UNSPACED.sub(r" \1 ", plain).split())


def joined(texts: Iterable[str]) -> str:
    return folded(" ".join([text for text in texts if text]))


def bib_text(bib: BibRecord, fields: Sequence[MarcField] | None = None) -> BibText:
    """The words of a record. A record that carries no MARC is found by its facts alone.

    `fields` are those of its MARC record where somebody has read it already.
    """
    if fields is None:
        fields = parse_text(bib.marc).fields if bib.marc else ()
    by_tag: dict[str, list[str]] = {}
    for found in fields:
        if not found.is_control:
            by_tag.setdefault(found.tag, []).append(words_of(found))
    numbers = (*bib.isbns, *bib.issns, bib.lccn, bib.oclc, *bib.call_numbers)
    return BibText(
        bib.id,
        joined((bib.title, *several(by_tag, TITLES))),
        joined((bib.author, bib.responsibility, *several(by_tag, NAMES))),
        joined(bib.subjects),
        joined((bib.publisher, bib.edition, *bib.series, *numbers, *several(by_tag, NOTES), *by_tag.get("880", ()))),
        folded(bib.sort_title or bib.title)[:LONGEST_TITLE].strip(),
        bib.language,
        bib.material_type.value,
        bib.year,
        bib.visible,
    )


def words_of(found: MarcField) -> str:
    """The texts of a field without its control subfields."""
    return " ".join([text for code, text in found.subfields if code.isalpha() and code not in "we"])


def several(by_tag: dict[str, list[str]], tags: Iterable[str]) -> list[str]:
    return [text for tag in tags for text in by_tag.get(tag, ())]
