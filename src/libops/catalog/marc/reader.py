"""One door for all formats: what the file is, is seen from its first bytes."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from io import BytesIO
from typing import BinaryIO, Final, cast

from libops.base.errors import InvalidValue
from libops.catalog.marc.iso2709 import read_iso2709
from libops.catalog.marc.json_reader import read_marc_json
from libops.catalog.marc.maker import read_mrk
from libops.catalog.marc.outcomes import Outcome, Progress
from libops.catalog.marc.xml_reader import read_marcxml

__all__ = ["RecordFormat", "read", "record_format"]

HEAD: Final = 256


class RecordFormat(Enum):
    """How a file of MARC records is written."""

    ISO_2709 = "iso2709"
    """Binary MARC, usually .mrc or .marc."""
    MARCXML = "marcxml"
    MARC_JSON = "marc-json"
    """MARC-in-JSON: an array, or one record to a line."""
    MRK = "mrk"
    """MARCMaker text."""


READERS: Final = {
    RecordFormat.ISO_2709: read_iso2709,
    RecordFormat.MARCXML: read_marcxml,
    RecordFormat.MARC_JSON: read_marc_json,
    RecordFormat.MRK: read_mrk,
}


class Rejoined:
    """A stream whose first bytes were looked at, read from its beginning again."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self.head = head
        self.rest = rest

    def read(self, size: int = -1) -> bytes:
        if self.head:
            head, self.head = self.head, b""
            return head
        return self.rest.read(size)


def record_format(head: bytes) -> RecordFormat:
    """The format that the first bytes of a file speak for; ISO 2709 when they speak for no other.

    >>> record_format(b'  [{"leader":'), record_format(b"00962njm  2200253 a 4500")
    (<RecordFormat.MARC_JSON: 'marc-json'>, <RecordFormat.ISO_2709: 'iso2709'>)
    """
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\x00")[:1]
    if start == b"<":
        return RecordFormat.MARCXML
    if start in (b"{", b"["):
        return RecordFormat.MARC_JSON
    return RecordFormat.MRK if start == b"=" else RecordFormat.ISO_2709


def read(
    source: BinaryIO | bytes, *, format: RecordFormat | None = None, progress: Progress | None = None
) -> Iterator[Outcome]:
    """Read a file of MARC records: one outcome for every stretch of it, in its order, in flat memory.

    `source` is a binary stream or the bytes themselves; `format` is seen from the first bytes when it is not given;
    `progress` is told now and then how many bytes are done. What the file holds never raises; an error of the stream
    itself does.

    >>> outcomes = list(read(b"\\r\\n00026     2200025   4500\\x1e\\x1d0"))
    >>> [type(outcome).__name__ for outcome in outcomes], sum(outcome.length for outcome in outcomes)
    (['Gap', 'Ok', 'Rejected'], 29)
    """
    stream = BytesIO(source) if isinstance(source, bytes) else source
    head = stream.read(0 if format else HEAD) if hasattr(stream, "read") else None
    if not isinstance(head, bytes):
        raise InvalidValue(f"{source!r} has no bytes to read: give a binary stream, as open(path, 'rb') does")
    if format is None:
        format = record_format(head)
        stream = cast(BinaryIO, Rejoined(head, stream))
    return READERS[format](stream, progress=progress)
