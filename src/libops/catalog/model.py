"""What the catalog keeps: bibliographic records, holdings, earlier versions, and the numbers records are found by.

A `BibRecord` carries its whole MARC record as text (`marc`, MARC-in-JSON) beside the few facts that circulation,
search and lists ask for again and again. The facts are drawn from the MARC once, when the record is made
(`libops.catalog.marc.to_bib`), and never edited on their own.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.base.ids import BibId, HoldingsId, LibraryCode

__all__ = ["BibIdentifier", "BibRecord", "BibVersion", "Holdings", "MaterialType", "identifiers_of", "lookup_text"]


class MaterialType(Enum):
    """What kind of thing is described: MARC 21 leader positions 06 and 07."""

    BOOK = "book"
    SERIAL = "serial"
    ARTICLE = "article"
    """A part of something else: a chapter, an article (leader/07 a or b)."""
    MANUSCRIPT = "manuscript"
    SCORE = "score"
    MAP = "map"
    VIDEO = "video"
    """A projected medium: film, video, slides."""
    SPOKEN_RECORDING = "spoken_recording"
    MUSIC_RECORDING = "music_recording"
    PICTURE = "picture"
    ELECTRONIC = "electronic"
    KIT = "kit"
    MIXED = "mixed"
    OBJECT = "object"
    """A three-dimensional thing: a game, a ukulele, a model."""
    UNKNOWN = "unknown"
    """The leader says nothing that the standard knows."""


def _has_id(record: object, attribute: object, value: Any) -> None:
    if not value:
        raise InvalidValue(f"identifier {value!r} of {type(record).__name__} is empty: an id source makes one")


@frozen(weakref_slot=False)
class BibRecord:
    """A bibliographic record: what the library knows about a title.

    `isbns` hold thirteen digits and `issns` the form 1234-5679, valid ones only; `year` is that of publication, or
    None; `language` is a MARC code. `control_number` is 001 as its source (003) gave it. `content_hash` is that of the
    MARC content without lengths and the date of last change, so that a second import of the same record is seen.
    `bib_level` is the letter of MARC leader/07 (`m` one publication, `s` serial, `a` part of another).
    `system_numbers` are the numbers of other systems (035), as "source/number"; `other_numbers` those of recordings,
    scores and videos (024, 028), as letters and figures; `match_keys` are short texts, each with
    the name and version of its recipe, that are equal for two descriptions of one edition.
    A deleted record stays as a trace, hidden from everyone; a suppressed one is hidden from the public. One that was
    merged away is deleted and names the record it was `merged_into`, which its numbers lead to.
    """

    id: BibId = field(validator=_has_id)
    title: str
    sort_title: str = ""
    author: str = ""
    responsibility: str = ""
    edition: str = ""
    isbns: tuple[str, ...] = ()
    issns: tuple[str, ...] = ()
    lccn: str = ""
    oclc: str = ""
    language: str = ""
    year: int | None = None
    publisher: str = ""
    extent: str = ""
    series: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    call_numbers: tuple[str, ...] = ()
    material_type: MaterialType = MaterialType.UNKNOWN
    control_number: str = ""
    control_source: str = ""
    encoding_level: str = ""
    suppressed: bool = False
    staff_note: str = ""
    deleted: bool = False
    content_hash: str = ""
    system_numbers: tuple[str, ...] = ()
    other_numbers: tuple[str, ...] = ()
    match_keys: tuple[str, ...] = ()
    marc: str = ""
    bib_level: str = ""
    merged_into: BibId | None = None

    @property
    def visible(self) -> bool:
        """Whether the public may see the record."""
        return not (self.suppressed or self.deleted)


@frozen
class Holdings:
    """What one library has of a title: where it stands and, for sets and serials, which parts.

    Optional in small libraries: an item can hang on its bibliographic record directly.
    """

    id: HoldingsId = field(validator=_has_id)
    bib_id: BibId = field(validator=_has_id)
    library: LibraryCode
    shelving_location: str = ""
    call_number: str = ""
    call_number_scheme: str = ""
    statements: tuple[str, ...] = ()
    """What is held, in words: "v.1 (1990)-v.12 (2001)" (MARC 866 to 868)."""
    public_notes: tuple[str, ...] = ()
    staff_notes: tuple[str, ...] = ()
    suppressed: bool = False
    deleted: bool = False
    marc: str = ""


@frozen
class BibVersion:
    """A bibliographic record as it was before it was replaced, kept so that the replacement can be undone."""

    id: str = field(validator=_has_id)
    bib_id: BibId
    replaced_at: datetime
    replaced_by: str
    source: str
    """Where the replacing record came from: a file, a search target, an editor."""
    bib: BibRecord


@frozen
class BibIdentifier:
    """A number that finds a bibliographic record exactly, such as `isbn:9780131103627`.

    Several records may share one number (ISBNs are reused), so the key joins both; find by `lookup`.
    """

    key: str
    lookup: str
    bib_id: BibId


def lookup_text(scheme: str, value: str) -> str:
    """The text under which a number is found.

    >>> lookup_text("isbn", "9780131103627")
    'isbn:9780131103627'
    """
    return f"{scheme}:{value}"


def identifiers_of(bib: BibRecord) -> tuple[BibIdentifier, ...]:
    """What finds this record: ISBN, ISSN, LCCN, OCLC number, control numbers, content hash and match keys.

    A deleted record has none; one that was merged into another keeps them, and is found by that one as well.
    """
    if bib.deleted and bib.merged_into is None:
        return ()
    found: list[tuple[str, str]] = [] if bib.merged_into is None else [("merged", bib.merged_into)]
    found += [("isbn", isbn) for isbn in bib.isbns]
    found += [("issn", issn) for issn in bib.issns]
    if bib.lccn:
        found.append(("lccn", bib.lccn))
    if bib.oclc:
        found.append(("oclc", bib.oclc))
    if bib.control_number:
        found.append(("control", f"{bib.control_source}/{bib.control_number}"))
    if bib.content_hash:
        found.append(("content", bib.content_hash))
    found += [("control", number) for number in bib.system_numbers]
    found += [("number", number) for number in bib.other_numbers]
    found += [("key", key) for key in bib.match_keys]
    lookups = dict.fromkeys(lookup_text(scheme, value) for scheme, value in found)
    return tuple(BibIdentifier(f"{lookup}|{bib.id}", lookup, bib.id) for lookup in lookups)
