"""From a MARC record to what the catalog keeps: the facts that lists, circulation and search ask for, drawn once."""

from __future__ import annotations

import re
from typing import Final

from libops.base.ids import BibId
from libops.catalog import numbers
from libops.catalog.marc.record import MarcField, MarcRecord, parse_text, text_and_hash
from libops.catalog.model import BibRecord, MaterialType
from libops.catalog.title_key import title_key

__all__ = ["content_hash", "marc_of", "material_type", "sort_title", "strip_isbd", "to_bib"]

ISBD_END: Final = " \t\n/:;,="
INITIAL: Final = re.compile(r"(?:^|[\s.\-])[^\W\d_]\.$|\b(?:Jr|Sr|etc|Inc|Co|Ltd|ed)\.$")
YEAR: Final = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2})(?!\d)")
LONGEST_NUMBER: Final = 120
"""A longer number is damage or a sentence; nobody asks for it, and no index of a database has room for all of it."""
SHORTEST_NUMBER: Final = 4
LONGEST_HEADING: Final = 500
"""Letters of a title or name that lists are sorted by: a page of an index has room for no more."""
NO_NUMBER: Final = re.compile(r"[^0-9A-Za-z]+")
SYSTEM_NUMBER: Final = re.compile(r"\(([^()]+)\)\s*(\S.*)")
SUBJECT_TAGS: Final = frozenset({"600", "610", "611", "630", "647", "648", "650", "651", "655"})
BY_TYPE: Final = {
    "t": MaterialType.MANUSCRIPT,
    "c": MaterialType.SCORE,
    "d": MaterialType.SCORE,
    "e": MaterialType.MAP,
    "f": MaterialType.MAP,
    "g": MaterialType.VIDEO,
    "i": MaterialType.SPOKEN_RECORDING,
    "j": MaterialType.MUSIC_RECORDING,
    "k": MaterialType.PICTURE,
    "m": MaterialType.ELECTRONIC,
    "o": MaterialType.KIT,
    "p": MaterialType.MIXED,
    "r": MaterialType.OBJECT,
}


def material_type(leader: str) -> MaterialType:
    """What is described, from leader/06 and 07.

    >>> material_type("00000nas a2200000 a 4500")
    <MaterialType.SERIAL: 'serial'>
    """
    kind, level = leader[6:7], leader[7:8]
    if kind == "a":
        if level in "bis":
            return MaterialType.ARTICLE if level == "b" else MaterialType.SERIAL
        return MaterialType.ARTICLE if level == "a" else MaterialType.BOOK
    return BY_TYPE.get(kind, MaterialType.UNKNOWN)


def strip_isbd(text: str, *, period: bool = False) -> str:
    """The text without the punctuation that leads to the next element; with `period` without its full stop too.

    The full stop of an initial or an abbreviation stays.

    >>> strip_isbd("Town libraries :"), strip_isbd("Austen, Jane,"), strip_isbd("Smith, J.", period=True)
    ('Town libraries', 'Austen, Jane', 'Smith, J.')
    """
    text = text.rstrip(ISBD_END)
    if period and text.endswith(".") and not text.endswith("...") and not INITIAL.search(text):
        text = text[:-1]
    return text.strip()


def content_hash(record: MarcRecord) -> str:
    """A fingerprint of what the record says: lengths and the date of last transaction (005) are left out."""
    return text_and_hash(record)[1]


def sort_title(title: MarcField | None) -> str:
    """The title without its nonfiling characters (245 second indicator), in lower case, for lists.

    >>> sort_title(MarcField("245", "14", (("a", "The town library /"),)))
    'town library'
    """
    if title is None:
        return ""
    text = title.text("abnp")
    skip = int(title.ind2) if title.ind2.isdigit() else 0
    return strip_isbd(text[skip:] if skip < len(text) else text, period=True).casefold()


def marc_of(bib: BibRecord) -> MarcRecord:
    """The MARC record a bibliographic record carries. Raises `FormatError` when it carries none."""
    return parse_text(bib.marc)


def _name(found: MarcField | None) -> str:
    return "" if found is None else strip_isbd(found.text("abcdnq"), period=True)


def _subject(found: MarcField) -> str:
    head = found.text("abcdnpqt")
    parts = [strip_isbd(text) for text in (head, *found.all("vxyz"))]
    return strip_isbd(" -- ".join([part for part in parts if part]), period=True)


class Lookup:
    """The fields of a record by tag, so that they are looked through once."""

    def __init__(self, record: MarcRecord) -> None:
        self.by_tag: dict[str, list[MarcField]] = {}
        for found in record.fields:
            self.by_tag.setdefault(found.tag, []).append(found)

    def all(self, *tags: str) -> list[MarcField]:
        """The fields with these tags, tag by tag."""
        return [found for tag in tags for found in self.by_tag.get(tag, ())]

    def first(self, *tags: str) -> MarcField | None:
        """The first field of the first of these tags that is there."""
        return next(iter(self.all(*tags)), None)

    def text(self, tag: str, codes: str) -> str:
        found = self.first(tag)
        return "" if found is None else found.value if found.is_control else found.get(codes)


def _distinct(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([text for text in texts if text]))


def _publication(record: Lookup) -> tuple[str, str]:
    """Publisher and date text: 264 of publication first, then 260, then any other 264."""
    found = record.all("264", "260")
    found.sort(key=lambda one: 0 if one.tag == "264" and one.ind2 == "1" else 1 if one.tag == "260" else 2)
    for one in found:
        publisher, date = strip_isbd(one.get("b")), one.get("c")
        if publisher or date:
            return publisher, date
    return "", ""


def _year(fixed: str, date: str) -> int | None:
    """The year of publication: 008/07-10 when it is one, else the first year in 26X $c."""
    if len(fixed) >= 11 and fixed[7:11].isdigit() and fixed[7:11] not in ("0000", "9999"):
        return int(fixed[7:11])
    found = YEAR.search(date)
    return int(found[1]) if found else None


def _call_numbers(record: Lookup) -> tuple[str, ...]:
    texts = []
    for tag in ("050", "060", "082", "086", "090", "092", "099"):
        for found in record.all(tag):
            base, item = found.get("a").strip(), found.get("b").strip()
            texts.append(f"{base} {item}".strip() if tag not in ("082",) else base.replace("/", ""))
    return _distinct(texts)


def _oclc(record: Lookup) -> str:
    for found in record.all("035"):
        number = numbers.oclc_number(found.get("a"))
        if number:
            return number
    source, number = record.text("003", "").strip(), record.text("001", "").strip()
    if source == "OCoLC" and number.isdigit():
        return number.lstrip("0")
    return numbers.oclc_number(number)


def _system_numbers(record: Lookup) -> tuple[str, ...]:
    """Numbers of other systems in 035, as "source/number"; OCLC's stands by itself."""
    found = [SYSTEM_NUMBER.fullmatch(one.get("a").strip()) for one in record.all("035")]
    texts = [f"{each[1].strip()}/{each[2]}" for each in found if each and each[1].casefold() != "ocolc"]
    return _distinct([text for text in texts if len(text) <= LONGEST_NUMBER])


def _other_numbers(record: Lookup) -> tuple[str, ...]:
    """Standard numbers in 024 and publishers' numbers in 028, without their punctuation; short ones tell nothing."""
    found = [NO_NUMBER.sub("", one.get("a")).upper() for one in record.all("024", "028")]
    return _distinct([number for number in found if SHORTEST_NUMBER <= len(number) <= LONGEST_NUMBER])


def _title(title: MarcField | None) -> str:
    """245 $a $b $n $p, or $k for archives; a record without a title has an empty one."""
    if title is None:
        return ""
    return strip_isbd(title.text("abnp") or title.text("k"), period=True)


def to_bib(record: MarcRecord, id: BibId, *, suppressed: bool = False) -> BibRecord:
    """The bibliographic record for a MARC record; never raises for odd cataloging: what is not there is empty."""
    look = Lookup(record)
    text, fingerprint = text_and_hash(record)
    title = look.first("245")
    publisher, date = _publication(look)
    fixed = look.text("008", "")
    language = fixed[35:38].strip(" |") if len(fixed) >= 38 else ""
    extent = look.first("300")
    named, author = _title(title), _name(look.first("100", "110", "111", "700", "710", "711"))
    year, control = _year(fixed, date), look.text("001", "").strip()
    key = title_key(named, author, year)
    return BibRecord(
        id=id,
        title=named,
        sort_title=sort_title(title)[:LONGEST_HEADING],
        author=author[:LONGEST_HEADING],
        responsibility="" if title is None else strip_isbd(title.get("c"), period=True),
        edition=strip_isbd(look.text("250", "a"), period=True),
        isbns=_distinct([numbers.isbn_13(found.get("a")) for found in look.all("020")]),
        issns=_distinct([numbers.issn(found.get("a")) for found in look.all("022")]),
        lccn=numbers.lccn(look.text("010", "a")),
        oclc=_oclc(look),
        language=language or look.text("041", "a")[:3],
        year=year,
        publisher=publisher,
        extent="" if extent is None else strip_isbd(extent.text("abce")),
        series=_distinct([strip_isbd(found.text("av"), period=True) for found in look.all("490", "440", "830")]),
        subjects=_distinct([_subject(found) for found in record.fields if found.tag in SUBJECT_TAGS]),
        call_numbers=_call_numbers(look),
        material_type=material_type(record.leader),
        control_number=control if len(control) <= LONGEST_NUMBER else "",
        control_source=look.text("003", "").strip()[:LONGEST_NUMBER],
        encoding_level=record.leader[17:18].strip(),
        suppressed=suppressed,
        content_hash=fingerprint,
        system_numbers=_system_numbers(look),
        other_numbers=_other_numbers(look),
        match_keys=(key,) if key else (),
        marc=text,
        bib_level=record.leader[7:8].strip(),
    )
