"""Crosswalks: a MARC record as simple Dublin Core and as MODS, for harvesters and other systems.

Both lose detail on purpose; MARC stays the record. Sources: Library of Congress, MARC to Dublin Core Crosswalk and MARC
Mapping to MODS 3.7.

>>> from libops.catalog.marc import BLANK_LEADER, data_field
>>> book = MarcRecord(BLANK_LEADER, (data_field("245", "10", ("a", "Town libraries :"), ("b", "a guide /")),))
>>> dublin_core(book)
(('title', 'Town libraries : a guide'), ('type', 'Text'))
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from attrs import frozen

from libops.base.errors import FormatError
from libops.catalog import numbers
from libops.catalog.authorities.headings import heading_text
from libops.catalog.marc import MarcField, MarcRecord, strip_isbd

__all__ = ["dublin_core", "dublin_core_xml", "mods_xml"]

DCMI_TYPES: Final = {
    "a": "Text", "t": "Text", "c": "Text", "d": "Text", "e": "Image", "f": "Image", "g": "MovingImage", "i": "Sound",
    "j": "Sound", "k": "StillImage", "m": "Software", "o": "Collection", "p": "Collection", "r": "PhysicalObject",
}  # fmt: skip
MODS_TYPES: Final = {
    "a": "text", "t": "text", "c": "notated music", "d": "notated music", "e": "cartographic", "f": "cartographic",
    "g": "moving image", "i": "sound recording-nonmusical", "j": "sound recording-musical", "k": "still image",
    "m": "software, multimedia", "o": "three dimensional object", "p": "mixed material",
    "r": "three dimensional object",
}  # fmt: skip
NAMES: Final = {"00": "personal", "10": "corporate", "11": "conference"}
SUBJECTS: Final = ("600", "610", "611", "630", "648", "650", "651", "653")
AUTHORITIES: Final = {"0": "lcsh", "1": "lcshac", "2": "mesh", "3": "nal", "5": "csh", "6": "rvm"}
NOT_IN_XML: Final = frozenset(map(chr, set(range(0x20)) - {0x09, 0x0A, 0x0D})) | {"\ufffe", "\uffff"}


def _publication(record: MarcRecord) -> MarcField | None:
    found = [one for one in record.all("264") if one.ind2 == "1"]
    return found[0] if found else record.first("260", "264")


def _language(record: MarcRecord) -> Iterator[str]:
    code = record.value("008")[35:38].strip(" |")
    if code:
        yield code
    for found in record.all("041"):
        yield from found.all("a")


def _elements(record: MarcRecord) -> Iterator[tuple[str, str]]:
    title = record.first("245")
    if title is not None:
        yield "title", strip_isbd(title.text("abfgknps"), period=True)
    for found in record.all("100", "110", "111"):
        yield "creator", heading_text(found)
    for found in record.all("700", "710", "711", "720"):
        yield "contributor", heading_text(found)
    for found in record.all(*SUBJECTS):
        yield "subject", heading_text(found) if found.tag != "653" else found.get("a")
    for found in record.all("050", "060", "080", "082"):
        yield "subject", found.get("a")
    for found in record.all("500", "505", "520", "545"):
        yield "description", found.text("abgrtu")
    issued = _publication(record)
    if issued is not None:
        yield "publisher", strip_isbd(issued.text("ab"))
        yield "date", strip_isbd(issued.get("c"), period=True)
    yield "type", DCMI_TYPES.get(record.leader[6:7], "")
    for found in record.all("655"):
        yield "type", heading_text(found)
    for found in record.all("300"):
        yield "format", strip_isbd(found.text("abce"))
    for found in record.all("856"):
        yield "format", found.get("q")
        yield "identifier", found.get("u")
    for found in record.all("020"):
        yield "identifier", f"ISBN {numbers.isbn_13(found.get('a'))}" if numbers.isbn_13(found.get("a")) else ""
    for found in record.all("022"):
        yield "identifier", f"ISSN {numbers.issn(found.get('a'))}" if numbers.issn(found.get("a")) else ""
    for found in record.all("534", "786"):
        yield "source", found.text("atoz")
    for language in _language(record):
        yield "language", language
    for found in record.all("490", "530", "760", "773", "776", "780", "785", "830"):
        yield "relation", strip_isbd(found.text("atv"), period=True)
    for found in record.all("522", "651", "752"):
        yield "coverage", heading_text(found) if found.tag == "651" else found.text("abcd")
    for found in record.all("506", "540"):
        yield "rights", found.text("au")


def dublin_core(record: MarcRecord) -> tuple[tuple[str, str], ...]:
    """The record as elements of simple Dublin Core and their texts, without repetitions or empty ones."""
    return tuple(dict.fromkeys([(name, text.strip()) for name, text in _elements(record) if text.strip()]))


@frozen
class Element:
    """An XML element to be written."""

    name: str
    text: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Element, ...] = ()

    def lines(self, depth: int = 0) -> Iterator[str]:
        marks = "".join([f" {name}={quoteattr(_checked(value))}" for name, value in self.attributes])
        pad = "  " * depth
        if not self.children:
            yield f"{pad}<{self.name}{marks}>{escape(_checked(self.text))}</{self.name}>"
            return
        yield f"{pad}<{self.name}{marks}>"
        for child in self.children:
            yield from child.lines(depth + 1)
        yield f"{pad}</{self.name}>"


def _checked(text: str) -> str:
    if not NOT_IN_XML.isdisjoint(text):
        raise FormatError(f"{text!r:.80} holds a control character: XML cannot")
    return text


def dublin_core_xml(record: MarcRecord) -> str:
    """The record as one `oai_dc:dc` element. Raises `FormatError` for control characters, which XML cannot hold."""
    names = (
        ("xmlns:oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc/"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    )
    children = tuple([Element(f"dc:{name}", text) for name, text in dublin_core(record)])
    return "\n".join(Element("oai_dc:dc", "", names, children).lines()) + "\n"


def _wrapped(name: str, children: Iterable[Element | None], *attributes: tuple[str, str]) -> Element | None:
    """The element, or None when nothing is in it."""
    kept = tuple([child for child in children if child is not None])
    return Element(name, "", attributes, kept) if kept else None


def _leaf(name: str, text: str, *attributes: tuple[str, str]) -> Element | None:
    return Element(name, text.strip(), attributes) if text.strip() else None


def _title_element(found: MarcField, *attributes: tuple[str, str]) -> Element | None:
    title = found.get("a")
    skip = int(found.ind2) if found.tag == "245" and found.ind2.isdigit() else 0
    article, rest = (title[:skip], title[skip:]) if 0 < skip < len(title) else ("", title)
    parts = [
        _leaf("nonSort", article),
        _leaf("title", strip_isbd(rest, period=True)),
        _leaf("subTitle", strip_isbd(found.get("b"), period=True)),
        _leaf("partNumber", strip_isbd(found.get("n"), period=True)),
        _leaf("partName", strip_isbd(found.get("p"), period=True)),
    ]
    return _wrapped("titleInfo", parts, *attributes)


def _name(found: MarcField) -> Element | None:
    roles = [strip_isbd(text, period=True) for text in found.all("e")] or (["creator"] if found.tag < "200" else [])
    parts = [
        _leaf("namePart", strip_isbd(found.text("abcnq"), period=True)),
        _leaf("namePart", strip_isbd(found.get("d"), period=True), ("type", "date")),
        *[_wrapped("role", [_leaf("roleTerm", role, ("type", "text"))]) for role in roles],
    ]
    return _wrapped("name", parts, ("type", NAMES[found.tag[1:]]))


def _subject(found: MarcField) -> Element | None:
    main = {"50": "topic", "51": "geographic", "48": "temporal"}.get(found.tag[1:], "topic")
    names = {"v": "genre", "x": "topic", "y": "temporal", "z": "geographic"}
    head = strip_isbd(" ".join([text for code, text in found.subfields if code in "abcdnpqt"]), period=True)
    parts = [_leaf(main, head)]
    parts += [_leaf(names[code], strip_isbd(text, period=True)) for code, text in found.subfields if code in names]
    source = found.get("2") if found.ind2 == "7" else AUTHORITIES.get(found.ind2, "")
    return _wrapped("subject", parts, *([("authority", source)] if source else []))


def _origin(record: MarcRecord) -> Element | None:
    issued = _publication(record)
    parts = []
    if issued is not None:
        place = _leaf("placeTerm", strip_isbd(issued.get("a")), ("type", "text"))
        parts = [_wrapped("place", [place]), _leaf("publisher", strip_isbd(issued.get("b")))]
        parts.append(_leaf("dateIssued", strip_isbd(issued.get("c"), period=True)))
    parts.append(_leaf("edition", strip_isbd(record.subfield("250", "a"), period=True)))
    level = {"s": "serial", "i": "integrating resource"}.get(record.leader[7:8], "monographic")
    return _wrapped("originInfo", [*parts, _leaf("issuance", level)])


def _identifiers(record: MarcRecord) -> Iterator[Element | None]:
    for found in record.all("020"):
        yield _leaf("identifier", numbers.isbn_13(found.get("a")), ("type", "isbn"))
    for found in record.all("022"):
        yield _leaf("identifier", numbers.issn(found.get("a")), ("type", "issn"))
    yield _leaf("identifier", numbers.lccn(record.subfield("010", "a")), ("type", "lccn"))
    for found in record.all("035"):
        yield _leaf("identifier", numbers.oclc_number(found.get("a")), ("type", "oclc"))


def _mods(record: MarcRecord) -> Iterator[Element | None]:
    for found in record.all("245"):
        yield _title_element(found)
    for found in record.all("246"):
        yield _title_element(found, ("type", "alternative"))
    for found in record.all("130", "240"):
        yield _title_element(found, ("type", "uniform"))
    for found in record.fields:
        if found.tag[:1] in "17" and found.tag[1:] in NAMES:
            yield _name(found)
    yield _leaf("typeOfResource", MODS_TYPES.get(record.leader[6:7], ""))
    for found in record.all("655"):
        yield _leaf("genre", heading_text(found))
    yield _origin(record)
    for language in dict.fromkeys(_language(record)):
        yield _wrapped("language", [_leaf("languageTerm", language, ("type", "code"), ("authority", "iso639-2b"))])
    for found in record.all("300"):
        yield _wrapped("physicalDescription", [_leaf("extent", found.text("abce"))])
    for found in record.all("520"):
        yield _leaf("abstract", found.text("ab"))
    for found in record.all("505"):
        yield _leaf("tableOfContents", found.text("agrt"))
    for found in record.all("500", "504"):
        yield _leaf("note", found.get("a"))
    for found in record.all(*SUBJECTS):
        yield _subject(found)
    for tag, scheme in (("050", "lcc"), ("060", "nlm"), ("080", "udc"), ("082", "ddc")):
        for found in record.all(tag):
            yield _leaf("classification", found.text("ab").replace("/", ""), ("authority", scheme))
    for found in record.all("490", "830"):
        yield _wrapped("relatedItem", [_title_element(found)], ("type", "series"))
    for found in record.all("773"):
        host = _wrapped("titleInfo", [_leaf("title", strip_isbd(found.get("t"), period=True))])
        yield _wrapped("relatedItem", [host], ("type", "host"))
    yield from _identifiers(record)
    for found in record.all("856"):
        yield _wrapped("location", [_leaf("url", found.get("u"))])
    number = _leaf(
        "recordIdentifier", record.value("001"), *([("source", source)] if (source := record.value("003")) else [])
    )
    yield _wrapped("recordInfo", [number])


def mods_xml(record: MarcRecord) -> str:
    """The record as one MODS 3.7 `mods` element. Raises `FormatError` for control characters, which XML cannot hold."""
    children = tuple([child for child in _mods(record) if child is not None])
    top = Element("mods", "", (("xmlns", "http://www.loc.gov/mods/v3"), ("version", "3.7")), children)
    return "\n".join(top.lines()) + "\n"
