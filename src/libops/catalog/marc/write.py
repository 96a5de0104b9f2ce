"""The safe writer: a record becomes bytes that read back as the same record, or a typed error says why it cannot.

ISO 2709 cannot hold a field of more than 9,999 bytes or a record of more than 99,999; MARCXML and MARC-in-JSON can.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from attrs import evolve

from libops.base.errors import FormatError, InvalidValue
from libops.catalog.marc.record import MarcField, MarcRecord, record_text

__all__ = ["iso2709_bytes", "marcxml_text", "stamped", "write_json_lines", "write_marcxml"]

LONGEST_FIELD: Final = 9_999
LONGEST_RECORD: Final = 99_999
SEPARATORS: Final = ("\x1d", "\x1e", "\x1f")
NOT_IN_XML: Final = frozenset(map(chr, set(range(0x20)) - {0x09, 0x0A, 0x0D})) | {"\ufffe", "\uffff"}
NAMESPACE: Final = "http://www.loc.gov/MARC21/slim"


def stamped(record: MarcRecord, at: datetime, *, status: str = "c") -> MarcRecord:
    """The record as it is saved: leader/05 says new or changed, 005 the date and time of it (in UTC).

    Raises `InvalidValue` for a status that MARC 21 does not know, or a time without a zone.
    """
    if status not in tuple("acdnp"):
        raise InvalidValue(f"record status {status!r} is none of a, c, d, n, p")
    if at.tzinfo is None:
        raise InvalidValue(f"{at!r} has no zone: give an aware datetime")
    moment = MarcField("005", "", (), f"{at.astimezone(UTC):%Y%m%d%H%M%S}.0")
    fields = [found for found in record.fields if found.tag != "005"]
    place = sum(1 for found in fields if found.tag in ("001", "003"))
    leader = record.leader[:5] + status + record.leader[6:]
    return evolve(record, leader=leader, fields=(*fields[:place], moment, *fields[place:]))


def _field_bytes(found: MarcField) -> bytes:
    tag = found.tag
    if not (len(tag) == 3 and tag.isascii() and tag.isalnum()):
        raise FormatError(f"tag {tag!r} is not three digits or letters: ISO 2709 cannot hold it")
    if found.is_control:
        text = found.value
        separators = 0
    else:
        if len(found.indicators) != 2 or not found.indicators.isascii():
            raise FormatError(f"indicators {found.indicators!r} of {tag} are not two ASCII characters")
        for code, _ in found.subfields:
            if len(code) != 1 or not code.isascii():
                raise FormatError(f"subfield code {code!r} of {tag} is not one ASCII character")
        text = found.indicators + "".join([f"\x1f{code}{value}" for code, value in found.subfields])
        separators = len(found.subfields)
    if text.count("\x1f") != separators or "\x1e" in text or "\x1d" in text:
        raise FormatError(f"{tag} {text!r:.80} holds a MARC separator inside a value: take it out")
    try:
        raw = text.encode() + b"\x1e"
    except UnicodeEncodeError as error:
        raise FormatError(f"{tag} {text!r:.80} holds half a character: {error.reason}") from None
    if len(raw) > LONGEST_FIELD:
        raise FormatError(
            f"{tag} has {len(raw)} bytes, ISO 2709 holds {LONGEST_FIELD} in a field: write MARCXML or MARC-in-JSON"
        )
    return raw


def iso2709_bytes(record: MarcRecord) -> bytes:
    """The record in ISO 2709, in UTF-8.

    Raises `FormatError` for anything that would not read back: too long, a separator inside a value, a bad tag,
    indicator, subfield code or leader.
    """
    leader = record.leader
    if len(leader) != 24 or not leader.isascii() or not leader.isprintable():
        raise FormatError(f"leader {leader!r} is not 24 ASCII characters")
    bodies = [_field_bytes(found) for found in record.fields]
    directory, at = [], 0
    for found, body in zip(record.fields, bodies, strict=True):
        directory.append(f"{found.tag}{len(body):04d}{at:05d}")
        at += len(body)
    base = 24 + 12 * len(bodies) + 1
    length = base + at + 1
    if length > LONGEST_RECORD:
        raise FormatError(f"record of {length} bytes, ISO 2709 holds {LONGEST_RECORD}: write MARCXML or MARC-in-JSON")
    head = f"{length:05d}{leader[5:9]}a22{base:05d}{leader[17:20]}4500{''.join(directory)}\x1e"
    return head.encode("ascii") + b"".join(bodies) + b"\x1d"


def _xml_value(tag: str, text: str) -> str:
    if not NOT_IN_XML.isdisjoint(text):
        raise FormatError(f"{tag} {text!r:.80} holds a control character: XML cannot")
    return escape(text, {"\r": "&#13;"})


def marcxml_text(record: MarcRecord, *, namespace: bool = False) -> str:
    """The record as one MARCXML `record` element; with `namespace` it stands alone.

    Raises `FormatError` for control characters, which XML cannot hold.
    """
    lines = [f'<record xmlns="{NAMESPACE}">' if namespace else "<record>"]
    lines.append(f"  <leader>{_xml_value('LDR', record.leader)}</leader>")
    for found in record.fields:
        tag = quoteattr(_xml_value("tag", found.tag))
        if found.is_control:
            lines.append(f"  <controlfield tag={tag}>{_xml_value(found.tag, found.value)}</controlfield>")
            continue
        first, second = quoteattr(_xml_value(found.tag, found.ind1)), quoteattr(_xml_value(found.tag, found.ind2))
        lines.append(f"  <datafield tag={tag} ind1={first} ind2={second}>")
        for code, text in found.subfields:
            mark = quoteattr(_xml_value(found.tag, code))
            lines.append(f"    <subfield code={mark}>{_xml_value(found.tag, text)}</subfield>")
        lines.append("  </datafield>")
    lines.append("</record>\n")
    return "\n".join(lines)


def write_marcxml(records: Iterable[MarcRecord]) -> Iterator[bytes]:
    """A MARCXML collection, piece by piece."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{NAMESPACE}">\n'.encode()
    for record in records:
        yield marcxml_text(record).encode()
    yield b"</collection>\n"


def write_json_lines(records: Iterable[MarcRecord]) -> Iterator[bytes]:
    """MARC-in-JSON, one record to a line."""
    for record in records:
        yield record_text(record).encode() + b"\n"
