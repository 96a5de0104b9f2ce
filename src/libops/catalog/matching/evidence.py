"""Are these two records one edition? The evidence in its order, and an answer that rather asks than merges wrongly.

Numbers come first: the control number of one source (001 with 003, 035), the OCLC number, the LCCN, then ISBN, ISSN and
the numbers of 024 and 028, which are reused and therefore count only when the titles agree; a control number of unknown
source counts no more than they do. Then a match key, then likeness of title and author. What speaks against (another
year, edition, part, material, language, extent) turns a match into a question. A false merge loses work and holds; a
missed one is a duplicate that the next report finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import Final

from attrs import frozen

from libops.catalog.matching.keys import TITLE_YEAR_AUTHOR, MatchKey
from libops.catalog.model import BibRecord, MaterialType
from libops.catalog.naco import words

__all__ = ["Answer", "Comparison", "Evidence", "MatchOptions", "compare", "likeness"]

NUMBER: Final = re.compile(r"\d+")
EXTENT_END: Final = re.compile(r"\s[:;+]\s|\s[:;+]$")
PAGES: Final = frozenset(
    {"p", "page", "leaf", "leave", "l", "v", "vol", "volume", "col", "column", "seite", "bd", "band"}
    | {"unpaged", "various", "paging"}
)
ROMAN: Final = re.compile(r"[ivxlc]+")
EDITION_WORDS: Final = {"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6"}


class Answer(Enum):
    """Whether two records describe one edition."""

    SAME = "same"
    ASK = "ask"
    """A person should look: the numbers agree and something else does not, or much agrees and no number does."""
    DIFFERENT = "different"


class Evidence(Enum):
    """What agrees, strongest first."""

    CONTENT = "content"
    """They say the same, byte for byte."""
    CONTROL_NUMBER = "control_number"
    OCLC = "oclc"
    LCCN = "lccn"
    ISBN = "isbn"
    ISSN = "issn"
    OTHER_NUMBER = "other_number"
    """A number of a recording, score or video (024, 028); publishers count each for themselves."""
    BARE_NUMBER = "bare_number"
    """One control number, and neither record says whose it is: many systems count from 1."""
    KEY = "key"
    LIKENESS = "likeness"


@frozen
class MatchOptions:
    """Where a library draws its lines. Likeness goes from 0 to 100.

    `title_agrees`: from here on, two titles are taken for one when a number agrees too. `title_corrected`: from here
    on, the titles under one control number of one source are one title, corrected. `same_work`: from here on, records
    without a common number are worth a question. `year_tolerance`: years apart that say nothing. `key` is the match key
    that counts as evidence.
    """

    title_agrees: int = 60
    title_corrected: int = 30
    same_work: int = 85
    year_tolerance: int = 1
    key: MatchKey = TITLE_YEAR_AUTHOR

    @property
    def files_key(self) -> bool:
        """Whether records must be filed under the key to be found by it: the shipped ones are found by their title."""
        return self.key is not TITLE_YEAR_AUTHOR


DEFAULT: Final = MatchOptions()
FORGIVEN: Final = {
    Evidence.CONTROL_NUMBER: frozenset({"year", "edition", "language"}),
    Evidence.OCLC: frozenset({"year", "edition", "language"}),
    Evidence.LCCN: frozenset({"edition", "language"}),
}
"""What may differ between two states of one record: it was a draft, and has been corrected since."""


@frozen
class Comparison:
    """The answer, what agreed in the order of its strength, what spoke against, and how alike the titles are."""

    answer: Answer
    evidence: tuple[Evidence, ...] = ()
    against: tuple[str, ...] = ()
    title_likeness: int = 0

    def __bool__(self) -> bool:
        return self.answer is Answer.SAME


def likeness(one: str, other: str) -> int:
    """How many words two texts share, from 0 to 100 (Dice); order and repetition do not count.

    >>> likeness("Psychological contracts in employment", "Contracts, psychological, in employment : a study")
    80
    """
    mine, theirs = set(words(one)), set(words(other))
    if not mine or not theirs:
        return 0
    return 200 * len(mine & theirs) // (len(mine) + len(theirs))


def _title_likeness(one: BibRecord, other: BibRecord) -> int:
    """With and without the subtitle, as catalogers differ in giving it."""
    heads = one.title.partition(" : ")[0], other.title.partition(" : ")[0]
    whole = likeness(one.title, other.title)
    return max(whole, min(likeness(*heads), 90)) if " : " not in one.title or " : " not in other.title else whole


def control_numbers(bib: BibRecord) -> set[str]:
    """Its own control number, if it says whose, and those of other systems."""
    own = {f"{bib.control_source}/{bib.control_number}"} if bib.control_number and bib.control_source else set()
    return own.union(bib.system_numbers)


def _numbers(one: BibRecord, other: BibRecord, key: MatchKey) -> Iterator[Evidence]:
    if control_numbers(one) & control_numbers(other):
        yield Evidence.CONTROL_NUMBER
    if one.oclc and one.oclc == other.oclc:
        yield Evidence.OCLC
    if one.lccn and one.lccn == other.lccn:
        yield Evidence.LCCN
    if set(one.isbns) & set(other.isbns):
        yield Evidence.ISBN
    if set(one.issns) & set(other.issns):
        yield Evidence.ISSN
    if set(one.other_numbers) & set(other.other_numbers):
        yield Evidence.OTHER_NUMBER
    bare = one.control_number and not (one.control_source or other.control_source)
    if bare and one.control_number == other.control_number:
        yield Evidence.BARE_NUMBER
    made = key(one)
    if made and made == key(other):
        yield Evidence.KEY


def _edition(text: str) -> str:
    """The number of an edition, or its distinctive words; a first edition is as good as none."""
    found = NUMBER.search(text) or NUMBER.search(" ".join(EDITION_WORDS.get(word, word) for word in words(text)))
    if found:
        return "" if found[0] == "1" else found[0]
    return " ".join(word for word in words(text) if word not in ("ed", "edition", "auflage", "aufl"))


def _numbering(bib: BibRecord) -> tuple[str, ...]:
    """The numbers in a title: parts, volumes, years of a conference."""
    return tuple(NUMBER.findall(bib.title))


def _against(one: BibRecord, other: BibRecord, options: MatchOptions) -> Iterator[str]:
    unknown = MaterialType.UNKNOWN
    if one.material_type is not other.material_type and unknown not in (one.material_type, other.material_type):
        yield "material_type"
    if one.language and other.language and one.language != other.language:
        yield "language"
    serial = MaterialType.SERIAL in (one.material_type, other.material_type)
    # A serial's year is when it began or when the record was made: customs differ.
    dated = one.year is not None and other.year is not None and not serial
    if dated and abs((one.year or 0) - (other.year or 0)) > options.year_tolerance:
        yield "year"
    if _edition(one.edition) != _edition(other.edition):
        yield "edition"
    if _numbering(one) != _numbering(other):
        yield "part"


def _extents_agree(one: BibRecord, other: BibRecord) -> bool:
    """Whether both say how many of what there are, and the same: a score and its recording share all the rest."""
    mine, theirs = _extent(one.extent), _extent(other.extent)
    return mine == theirs and any(mine)


def _extent(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The figures of an extent and its carriers; pages and volumes, however they are written, are no carrier."""
    head = EXTENT_END.split(text, maxsplit=1)[0]
    carriers = {word.rstrip("s") for word in words(head) if not word.isdigit() and not ROMAN.fullmatch(word)}
    return frozenset(NUMBER.findall(head)), frozenset(carriers - PAGES)


def compare(one: BibRecord, other: BibRecord, options: MatchOptions = DEFAULT) -> Comparison:
    """Whether two records describe one edition, and why. The order of the two does not matter.

    Numbers that only one source can give (control number with its source, OCLC, LCCN) make the records one when the
    titles agree, and ISBN and ISSN when nothing speaks against it besides; a match key alone when authors and extent
    agree too. Otherwise a person is asked.
    """
    evidence = list(_numbers(one, other, options.key))
    against = tuple(_against(one, other, options))
    alike = _title_likeness(one, other)
    if evidence == [Evidence.BARE_NUMBER] and alike < options.title_agrees:
        evidence = []
    if evidence:
        first = evidence[0]
        agrees = alike >= (options.title_corrected if first is Evidence.CONTROL_NUMBER else options.title_agrees)
        sure = agrees and not set(against) - FORGIVEN.get(first, frozenset())
        if first is Evidence.BARE_NUMBER and alike < options.same_work:
            sure = False
        if first is Evidence.KEY and not _extents_agree(one, other):
            sure, against = False, (*against, "extent")
        if first is Evidence.KEY and not _authors_agree(one, other):
            sure = False
        return Comparison(Answer.SAME if sure else Answer.ASK, tuple(evidence), against, alike)
    if alike >= options.same_work and _authors_agree(one, other) and not against:
        return Comparison(Answer.ASK, (Evidence.LIKENESS,), against, alike)
    return Comparison(Answer.DIFFERENT, (), against, alike)


def _authors_agree(one: BibRecord, other: BibRecord) -> bool:
    mine, theirs = words(one.author or one.responsibility), words(other.author or other.responsibility)
    return bool(set(mine) & set(theirs)) if mine and theirs else mine == theirs
