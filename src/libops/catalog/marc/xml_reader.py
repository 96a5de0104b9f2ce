"""MARCXML, read as a stream: each `record` element is cut out and parsed alone.

So an error in one record ends that record and no other, whatever stands around it: a collection, several roots, none,
or the envelope of a search answer (SRU) or a harvest (OAI-PMH). There is never a document type definition in what is
parsed, so no entity is ever expanded or fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final
from xml.parsers import expat

from attrs import evolve

from libops.catalog.marc.decode import Decoded
from libops.catalog.marc.outcomes import Gap, Note, Outcome, Progress, Rejected
from libops.catalog.marc.pieces import LONGEST_SEARCH, READ_SIZE
from libops.catalog.marc.record import MarcField
from libops.catalog.marc.shape import outcome_of, shaped

__all__ = ["read_marcxml"]

MARK: Final = re.compile(
    rb"<!--|<!\[CDATA\[|<(?:[A-Za-z_][\w.-]{0,40}:)?record(?=[\s>/])|</(?:[A-Za-z_][\w.-]{0,40}:)?record\s{0,10}>"
)
CONTENT: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,40}:)?(?:leader|controlfield|datafield|subfield)\b")
ENCODING: Final = re.compile(rb"""^[\s\xef\xbb\xbf]*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
NOT_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST_MARK: Final = 128


class Cutter:
    """The part of the stream that is held, and what is known about it so far."""

    def __init__(self, source: BinaryIO) -> None:
        self.source = source
        self.buffer = b""
        self.offset = 0
        self.at_end = False
        self.line = 1
        self.number = 0
        self.encoding = "utf-8"

    def more(self) -> bool:
        """Read on; False when the stream has ended or too much is held already."""
        if self.at_end or len(self.buffer) > LONGEST_SEARCH:
            return False
        read = self.source.read(READ_SIZE)
        if not self.offset and not self.buffer:
            self._note_encoding(read)
        self.at_end = not read
        self.buffer += read
        return bool(read)

    def _note_encoding(self, head: bytes) -> None:
        found = ENCODING.match(head)
        if found:
            self.encoding = found[1].decode("ascii")

    def cut(self, length: int) -> tuple[int, int, bytes]:
        """Take this many bytes off the front: their offset, their line, themselves."""
        raw, offset, line = self.buffer[:length], self.offset, self.line
        self.buffer = self.buffer[length:]
        self.offset += length
        self.line += raw.count(b"\n")
        return offset, line, raw

    def find(self, mark: re.Pattern[bytes] | bytes, start: int) -> tuple[int, int, bytes] | None:
        """The next mark from here, reading on as needed: where it begins and ends, and its text."""
        while True:
            if isinstance(mark, bytes):
                at = self.buffer.find(mark, start)
                found = (at, at + len(mark), mark) if at >= 0 else None
            else:
                match = mark.search(self.buffer, start)
                found = (match.start(), match.end(), match[0]) if match else None
            if found and (self.at_end or found[1] < len(self.buffer)):
                return found
            start = max(start, len(self.buffer) - LONGEST_MARK)
            if not self.more():
                return found

    def next_tag(self, start: int) -> tuple[int, int, bytes] | None:
        """The next opening or closing `record` tag outside comments and CDATA sections."""
        while found := self.find(MARK, start):
            _, end, text = found
            closing = {b"<!--": b"-->", b"<![CDATA[": b"]]>"}.get(text)
            if closing is None:
                return found
            closed = self.find(closing, end)
            # One that is never closed is damage, and hides nothing.
            start = closed[1] if closed else end
        return None


def read_marcxml(source: BinaryIO, *, progress: Progress | None = None) -> Iterator[Outcome]:
    """Read records from a binary stream. Never raises for what the stream holds."""
    cutter = Cutter(source)
    cutter.more()
    while cutter.buffer or cutter.more():
        opening = cutter.next_tag(0)
        if opening is None or opening[2].startswith(b"</"):
            length = opening[1] if opening else len(cutter.buffer)
            if opening is None and not cutter.at_end:
                length = max(1, length - LONGEST_MARK)
            yield _between(cutter, length)
        elif opening[0]:
            yield _between(cutter, opening[0])
        else:
            yield _element(cutter, opening[1])
        if progress is not None:
            progress(cutter.offset)


def _between(cutter: Cutter, length: int) -> Outcome:
    """What stands outside records: a gap, or wreckage when it holds MARC elements."""
    offset, line, raw = cutter.cut(length)
    if CONTENT.search(raw):
        return _rejected(cutter, offset, line, raw, "xml.outside_record", "MARC elements outside a record")
    return Gap(offset, length)


def _element(cutter: Cutter, start: int) -> Outcome:
    """The record that begins at the front of the buffer."""
    first = cutter.find(b">", start)
    if first and cutter.buffer[first[0] - 1 : first[0]] == b"/":
        offset, line, raw = cutter.cut(first[1])
        return _rejected(cutter, offset, line, raw, "xml.empty_record", "an empty record element")
    closing = cutter.next_tag(start)
    if closing is None:
        return _between(cutter, len(cutter.buffer))
    if not closing[2].startswith(b"</"):
        # An envelope's own record element holds nothing before the MARC record in it; else the record never closed.
        return _between(cutter, closing[0])
    offset, line, raw = cutter.cut(closing[1])
    decoded = _parse(raw, offset, line, cutter.encoding)
    if decoded.record is None and not CONTENT.search(raw):
        return Gap(offset, len(raw))
    cutter.number += 1
    return outcome_of(decoded, cutter.number, offset, raw)


def _rejected(cutter: Cutter, offset: int, line: int, raw: bytes, code: str, detail: str) -> Rejected:
    cutter.number += 1
    return Rejected(cutter.number, offset, len(raw), Note(code, offset, "", f"line {line}: {detail}"), raw)


class Builder:
    """What the parser has found of one record."""

    def __init__(self) -> None:
        self.leader = ""
        self.fields: list[MarcField] = []
        self.tag = self.indicators = self.code = ""
        self.subfields: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.odd: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        self.text = []
        if local in ("controlfield", "datafield"):
            if "tag" not in attributes:
                self.odd.append(f"{local} without a tag")
            self.tag = attributes.get("tag", "???")
            self.subfields = []
            self.indicators = (attributes.get("ind1") or " ") + (attributes.get("ind2") or " ")
        elif local == "subfield":
            if "code" not in attributes:
                self.odd.append(f"subfield of {self.tag} without a code")
            self.code = attributes.get("code", "?")

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "leader":
            self.leader = "".join(self.text)
        elif local == "controlfield":
            self.fields.append(MarcField(self.tag, "", (), "".join(self.text)))
        elif local == "subfield":
            self.subfields.append((self.code, "".join(self.text)))
        elif local == "datafield":
            self.fields.append(MarcField(self.tag, self.indicators, tuple(self.subfields)))


def _run(raw: bytes | str, encoding: str | None) -> Builder:
    builder = Builder()
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = lambda text: builder.text.append(text)
    parser.Parse(raw, True)
    return builder


def _parse(raw: bytes, offset: int, line: int, encoding: str) -> Decoded:
    repairs: tuple[Note, ...] = ()
    try:
        builder = _run(raw, encoding)
    except (expat.ExpatError, LookupError, ValueError) as error:
        text = raw.decode("utf-8", "replace")
        mended = NOT_XML.sub("\ufffd", text)
        place = f"line {line + getattr(error, 'lineno', 1) - 1}"
        try:
            if mended.encode() == raw:
                raise
            builder = _run(mended, None)
        except (expat.ExpatError, LookupError, ValueError):
            return Decoded(None, (), (), Note("xml.bad", offset, "", f"{place}: {error}"))
        repairs = (Note("encoding.not_xml", offset, "", f"{place}: unreadable bytes became U+FFFD"),)
    if not builder.leader and not builder.fields:
        return Decoded(None, (), (), Note("xml.empty_record", offset, "", f"line {line}: no leader and no fields"))
    decoded = shaped(builder.leader, builder.fields, offset)
    odd = tuple([Note("xml.attribute_missing", offset, "", f"line {line}: {what}") for what in builder.odd])
    return evolve(decoded, repairs=repairs + odd + decoded.repairs)
