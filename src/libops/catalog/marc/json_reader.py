"""MARC-in-JSON: an array of records, one record to a line, or one record alone, read one by one.

A record begins where an object opens with "leader" or "fields", which cannot stand inside a JSON text; so damage in one
record never reaches the next.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from libops.base.errors import FormatError
from libops.catalog.marc.decode import Decoded
from libops.catalog.marc.outcomes import Gap, Note, Outcome, Progress, Rejected
from libops.catalog.marc.pieces import pieces
from libops.catalog.marc.record import record_from_json
from libops.catalog.marc.shape import outcome_of, shaped

__all__ = ["read_marc_json"]

START: Final = re.compile(rb'\{\s{0,40}"(?:leader|fields)"\s{0,10}:')
FRAME: Final = re.compile(rb"[\s,\[\]{}\x00\x1a\xef\xbb\xbf]*")


def read_marc_json(source: BinaryIO, *, progress: Progress | None = None) -> Iterator[Outcome]:
    """Read records from a binary stream. Never raises for what the stream holds."""
    number = 0
    for offset, raw in pieces(source, START, progress=progress):
        for outcome in _piece(raw, offset, number + 1):
            number = number if isinstance(outcome, Gap) else outcome.record_no
            yield outcome


def _piece(raw: bytes, offset: int, number: int) -> Iterator[Outcome]:
    if not START.match(raw):
        yield from _between(raw, offset, number)
        return
    broken: tuple[Note, ...] = ()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        text = raw.decode("utf-8", "replace")
        broken = (Note("encoding.not_utf8", offset + error.start, "", "unreadable bytes became U+FFFD"),)
    try:
        found, end = json.JSONDecoder().raw_decode(text)
        record = record_from_json(found)
    except (ValueError, FormatError, RecursionError) as error:
        yield Rejected(number, offset, len(raw), Note("json.bad", offset, "", str(error)[:200]), raw)
        return
    decoded = shaped(record.leader, record.fields, offset)
    if broken:
        # Replaced bytes have other lengths than the text: the whole piece stays with its record.
        yield outcome_of(Decoded(decoded.record, broken + decoded.repairs, decoded.warnings), number, offset, raw)
        return
    length = len(text[:end].encode())
    yield outcome_of(decoded, number, offset, raw[:length])
    if length < len(raw):
        yield from _between(raw[length:], offset + length, number + 1)


def _between(raw: bytes, offset: int, number: int) -> Iterator[Outcome]:
    """What stands between records: commas, brackets and line ends are a gap, anything else is wreckage."""
    if FRAME.fullmatch(raw):
        yield Gap(offset, len(raw))
    else:
        yield Rejected(number, offset, len(raw), Note("json.outside_record", offset, "", f"{raw[:60]!r}"), raw)
