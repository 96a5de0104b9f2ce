"""What a target answers: a page of records, diagnostics, and what of it can be read.

Elements are known by their local names, since each version and many targets use a namespace of their own. A document
type definition is refused before anything is parsed.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from attrs import frozen

from libops.base.errors import BackendError
from libops.catalog.marc import MarcRecord, Note, Ok, RecordFormat, Rejected, Rescued, read

__all__ = ["Diagnostic", "SruError", "SruPage", "SruRecord", "page_of"]


@frozen
class Diagnostic:
    """What a target says it cannot do: a URI such as `info:srw/diagnostic/1/61`, a message, details."""

    uri: str
    message: str = ""
    details: str = ""

    @property
    def number(self) -> int | None:
        """The number of a diagnostic of the standard list, None for one of the target's own."""
        head, _, tail = self.uri.rpartition("/")
        return int(tail) if head.endswith("diagnostic/1") and tail.isdigit() else None

    def __str__(self) -> str:
        return ": ".join(part for part in (self.uri, self.message, self.details) if part)


class SruError(BackendError):
    """A target that refused or cannot be understood; `diagnostics` are its own words, if it gave any."""

    def __init__(self, message: str, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(message)
        self.diagnostics = diagnostics


@frozen
class SruRecord:
    """One record of an answer: its place in the result, its MARC, and what was noticed in reading it.

    Without a record, `diagnostic` says what the target could not do, or `reason` why its data cannot be read.
    """

    position: int
    record: MarcRecord | None
    notes: tuple[Note, ...] = ()
    diagnostic: Diagnostic | None = None
    reason: str = ""


@frozen
class SruPage:
    """A page of a result: how many records there are in all, those of this page, and where the next page begins."""

    total: int
    records: tuple[SruRecord, ...]
    next_position: int | None = None
    warnings: tuple[Diagnostic, ...] = ()


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [child for child in element if _local(child) == name]


def _text(element: ElementTree.Element, name: str) -> str:
    found = _children(element, name)
    return (found[0].text or "").strip() if found else ""


def _number(element: ElementTree.Element, name: str) -> int | None:
    text = _text(element, name)
    return int(text) if text.isascii() and text.isdigit() else None


def _diagnostics(element: ElementTree.Element) -> Iterator[Diagnostic]:
    for found in element.iter():
        if _local(found) == "diagnostic":
            yield Diagnostic(_text(found, "uri"), _text(found, "message"), _text(found, "details"))


def _record(element: ElementTree.Element, position: int) -> SruRecord:
    place = _number(element, "recordPosition") or position
    found = _children(element, "recordData")
    if not found:
        return SruRecord(place, None, reason="no recordData")
    holder = found[0]
    said = next(_diagnostics(holder), None)
    if said is not None:
        return SruRecord(place, None, diagnostic=said)
    # Packed as XML the record is an element; packed as a string it is the text.
    raw = ElementTree.tostring(holder[0]) if len(holder) else (holder.text or "").encode()
    for outcome in read(raw, format=RecordFormat.MARCXML):
        if isinstance(outcome, Ok):
            return SruRecord(place, outcome.record, outcome.warnings)
        if isinstance(outcome, Rescued):
            return SruRecord(place, outcome.record, outcome.repairs + outcome.warnings)
        if isinstance(outcome, Rejected):
            return SruRecord(place, None, (outcome.reason,), reason=str(outcome.reason))
    return SruRecord(place, None, reason=f"no MARCXML record in recordData ({_text(element, 'recordSchema')})")


def page_of(answer: bytes, start: int) -> SruPage:
    """The page in an answer. Raises `SruError` for a diagnostic that gives no records, or for anything but SRU."""
    if b"<!DOCTYPE" in answer or b"<!ENTITY" in answer:
        raise SruError("the answer brings a document type definition: it is not read")
    try:
        root = ElementTree.fromstring(answer)
    except ElementTree.ParseError as error:
        raise SruError(f"the answer is no XML ({error}): {answer[:80]!r}") from None
    if _local(root) not in ("searchRetrieveResponse", "explainResponse"):
        raise SruError(f"the answer is a {_local(root)}, where a searchRetrieveResponse would be right")
    said = tuple([one for found in _children(root, "diagnostics") for one in _diagnostics(found)])
    held = [record for found in _children(root, "records") for record in _children(found, "record")]
    total = _number(root, "numberOfRecords")
    if said and not held:
        raise SruError(f"the target refused: {'; '.join(map(str, said))}", said)
    records = tuple([_record(record, start + place) for place, record in enumerate(held)])
    return SruPage(total or 0, records, _number(root, "nextRecordPosition"), said)
