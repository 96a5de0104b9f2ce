"""The scanner for ISO 2709 files: cuts a stream into spans and accounts for every byte.

A record ends at its terminator (0x1D), whatever its leader says; the declared length is only evidence. Where they
disagree, the span is also searched for a whole record at its end, so that damage never takes the next record along.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from attrs import evolve

from libops.catalog.marc.decode import decode
from libops.catalog.marc.outcomes import Gap, Note, Ok, Outcome, Progress, Rejected, Rescued

__all__ = ["read_iso2709"]

READ_SIZE: Final = 1 << 18
LONGEST_SEARCH: Final = 1 << 22
"""Bytes searched for a terminator before they are given up; the format itself ends at 99 999."""
LONGEST_RECORD: Final = 99_999
PADDING: Final = re.compile(rb"[\r\n\x00\x1a ]+")
WHOLE_LEADER: Final = re.compile(rb"(?=(\d{5})[ -~]{7}\d{5}[ -~]{7})")


def read_iso2709(source: BinaryIO, *, progress: Progress | None = None) -> Iterator[Outcome]:
    """Read records from a binary stream, in flat memory. Never raises for what the stream holds."""
    buffer, offset, number, searched = b"", 0, 0, 0
    at_end = False
    while True:
        at = 0
        while (end := buffer.find(0x1D, max(at, searched))) >= 0:
            searched = 0
            for outcome in _span(buffer, at, end + 1, offset, number):
                number = number if isinstance(outcome, Gap) else outcome.record_no
                yield outcome
            at = end + 1
        buffer = buffer[at:]
        offset += at
        searched = len(buffer)
        if progress is not None:
            progress(offset)
        if at_end:
            break
        if len(buffer) > LONGEST_SEARCH:
            surplus = len(buffer) - LONGEST_RECORD
            number += 1
            yield _rejected(number, offset, buffer[:surplus], "record.no_terminator", "no 0x1D within 4 MiB")
            buffer, offset, searched = buffer[surplus:], offset + surplus, LONGEST_RECORD
        more = source.read(READ_SIZE)
        at_end = not more
        buffer += more
    if buffer:
        yield from _tail(buffer, offset, number)
    if progress is not None:
        progress(offset + len(buffer))


def _rejected(number: int, offset: int, raw: bytes, code: str, detail: str) -> Rejected:
    return Rejected(number, offset, len(raw), Note(code, offset, "", detail), raw)


def _tail(buffer: bytes, offset: int, number: int) -> Iterator[Outcome]:
    """What stands after the last terminator of the file."""
    padding = PADDING.match(buffer)
    start = padding.end() if padding else 0
    if start:
        yield Gap(offset, start)
    if start < len(buffer):
        detail = f"{len(buffer) - start} bytes and no 0x1D to the end of the file"
        yield _rejected(number + 1, offset + start, buffer[start:], "record.truncated", detail)


def _span(buffer: bytes, at: int, end: int, offset: int, number: int) -> Iterator[Outcome]:
    """The outcomes of the bytes up to a terminator: padding, perhaps wreckage, and a record."""
    declared = buffer[at : at + 5]
    if declared.isdigit() and int(declared) == end - at:
        yield _record(buffer, at, end, offset, number + 1, None)
        return
    padding = PADDING.match(buffer, at, end)
    if padding:
        start = _with_padded_length(buffer, padding, end)
        if start > at:
            yield Gap(offset + at, start - at)
        at = start
        declared = buffer[at : at + 5]
        if declared.isdigit() and int(declared) == end - at:
            yield _record(buffer, at, end, offset, number + 1, None)
            return
    whole = _whole_record(buffer, at, end)
    if whole > at:
        detail = f"{whole - at} bytes without 0x1D before the next record"
        yield _rejected(number + 1, offset + at, buffer[at:whole], "record.truncated", detail)
        yield _record(buffer, whole, end, offset, number + 2, None)
        return
    detail = f"leader says {declared!r}, the terminator stands after {end - at} bytes"
    yield _record(buffer, at, end, offset, number + 1, Note("leader.length", offset + at, "LDR", detail))


def _with_padded_length(buffer: bytes, padding: re.Match[bytes], end: int) -> int:
    """Where the record begins after padding: a length written with blanks for zeros belongs to the record."""
    for blanks in range(1, 5):
        start = padding.end() - blanks
        if start < padding.start() or buffer[start] != 0x20:
            break
        declared = buffer[start : start + 5].strip()
        if declared.isdigit() and int(declared) == end - start:
            return start
    return padding.end()


def _whole_record(buffer: bytes, at: int, end: int) -> int:
    """Where a record begins whose declared length ends exactly here; `at` when there is none behind it."""
    for found in WHOLE_LEADER.finditer(buffer, max(at + 1, end - LONGEST_RECORD), end):
        start = found.start()
        if int(found[1]) == end - start and end - start >= 26:
            return start
    return at


def _record(buffer: bytes, at: int, end: int, offset: int, number: int, repair: Note | None) -> Outcome:
    chunk, start = buffer[at:end], offset + at
    decoded = decode(chunk, start)
    if decoded.record is None:
        reason = decoded.reason or Note("record.no_structure", start)
        return Rejected(number, start, len(chunk), evolve(reason, offset=start), chunk)
    if repair is None and not decoded.repairs:
        return Ok(number, start, len(chunk), decoded.record, chunk, decoded.warnings)
    repairs = decoded.repairs if repair is None else (repair, *decoded.repairs)
    return Rescued(number, start, len(chunk), decoded.record, chunk, repairs, decoded.warnings)
