"""From a MARC record to what the catalog keeps: the facts that lists, circulation and search ask for, drawn once."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

from libops.base.ids import BibId
from libops.catalog import numbers
from libops.catalog.marc.record import MarcField, MarcRecord, parse_text, record_text
from libops.catalog.model import BibRecord, MaterialType

__all__ = ["content_hash", "marc_of", "material_type", "sort_title", "strip_isbd", "to_bib"]

ISBD_END: Final = re.compile(r"[\s/:;,=]+$")
INITIAL: Final = re.compile(r"(?:^|[\s.\-])[^\W\d_]\.$|\b(?:Jr|Sr|etc|Inc|Co|Ltd|ed)\.$")
YEAR: Final = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2})(?!\d)")
SUBJECT_TAGS: Final = ("600", "610", "611", "630", "647", "648", "650", "651", "655")
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
    text = ISBD_END.sub("", text)
    if period and text.endswith(".") and not text.endswith("...") and not INITIAL.search(text):
        text = text[:-1]
    return text.strip()


def content_hash(record: MarcRecord) -> str:
    """A fingerprint of what the record says: lengths and the date of last transaction (005) are left out."""
    stable = [found for found in record.fields if found.tag != "005"]
    return sha256(record_text(MarcRecord(record.leader, tuple(stable))).encode()).hexdigest()[:32]


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


def _distinct(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([text for text in texts if text]))


def _publication(record: MarcRecord) -> tuple[str, str]:
    """Publisher and date text: 264 of publication first, then 260, then any other 264."""
    found = [one for one in record.fields if one.tag in ("260", "264")]
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


def _call_numbers(record: MarcRecord) -> tuple[str, ...]:
    texts = []
    for tag in ("050", "060", "082", "086", "090", "092", "099"):
        for found in record.all(tag):
            base, item = found.get("a").strip(), found.get("b").strip()
            texts.append(f"{base} {item}".strip() if tag not in ("082",) else base.replace("/", ""))
    return _distinct(texts)


def _oclc(record: MarcRecord) -> str:
    for found in record.all("035"):
        number = numbers.oclc_number(found.get("a"))
        if number:
            return number
    source, number = record.value("003").strip(), record.value("001").strip()
    if source == "OCoLC" and number.isdigit():
        return number.lstrip("0")
    return numbers.oclc_number(number)


def _title(title: MarcField | None) -> str:
    """245 $a $b $n $p, or $k for archives; a record without a title has an empty one."""
    if title is None:
        return ""
    return strip_isbd(title.text("abnp") or title.text("k"), period=True)


def to_bib(record: MarcRecord, id: BibId, *, suppressed: bool = False) -> BibRecord:
    """The bibliographic record for a MARC record; never raises for odd cataloging: what is not there is empty."""
    title = record.first("245")
    publisher, date = _publication(record)
    fixed = record.value("008")
    language = fixed[35:38].strip(" |") if len(fixed) >= 38 else ""
    extent = record.first("300")
    return BibRecord(
        id=id,
        title=_title(title),
        sort_title=sort_title(title),
        author=_name(record.first("100", "110", "111") or record.first("700", "710", "711")),
        responsibility="" if title is None else strip_isbd(title.get("c"), period=True),
        edition=strip_isbd(record.subfield("250", "a"), period=True),
        isbns=_distinct([numbers.isbn_13(found.get("a")) for found in record.all("020")]),
        issns=_distinct([numbers.issn(found.get("a")) for found in record.all("022")]),
        lccn=numbers.lccn(record.subfield("010", "a")),
        oclc=_oclc(record),
        language=language or record.subfield("041", "a")[:3],
        year=_year(fixed, date),
        publisher=publisher,
        extent="" if extent is None else strip_isbd(extent.text("abce"), period=False),
        series=_distinct([strip_isbd(found.text("av"), period=True) for found in record.all("490", "440", "830")]),
        subjects=_distinct([_subject(found) for found in record.all(*SUBJECT_TAGS)]),
        call_numbers=_call_numbers(record),
        material_type=material_type(record.leader),
        control_number=record.value("001").strip(),
        control_source=record.value("003").strip(),
        encoding_level=record.leader[17:18].strip(),
        suppressed=suppressed,
        content_hash=content_hash(record),
        marc=record_text(record),
    )
