"""One ISO 2709 record from its bytes, with every repair and doubt noted.

The way of a sound record is short: its directory agrees with its fields and its bytes are what the leader says. Each
step off that way is named in a note. Source: MARC 21 Specifications for Record Structure; ANSI/NISO Z39.2.
"""

from __future__ import annotations

import re
from typing import Final
from unicodedata import normalize

from attrs import frozen

from libops.catalog.marc.marc8 import decode_marc8, decode_plain, needs_marc8, trailing_marks
from libops.catalog.marc.outcomes import Note
from libops.catalog.marc.record import MarcField, MarcRecord

__all__ = ["Decoded", "decode", "field_of", "sound_leader"]

ENTRY: Final = re.compile(r"(...)(\d{4})(\d{5})", re.ASCII)
CODES: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
CONTROLS: Final = bytes(set(range(0x20)) - {0x1B, 0x1D, 0x1E, 0x1F} | {0x7F})
CONTROL_TAGS: Final = frozenset(f"00{digit}" for digit in range(10))
LEADER: Final = re.compile(r"\d{5}[ -~]{5}\d\d\d{5}[ -~]{3}\d{4}")


@frozen
class Decoded:
    """A record read from its bytes; no record means that nothing could be made of it, and `reason` says why."""

    record: MarcRecord | None
    repairs: tuple[Note, ...] = ()
    warnings: tuple[Note, ...] = ()
    reason: Note | None = None


class Doubt(Exception):
    """The short way does not fit this record."""


def sound_leader(leader: str) -> str:
    """The leader as kept: lengths are zeros, the text is Unicode, and the frame is that of MARC 21."""
    return f"00000{leader[5:9]}a2200000{leader[17:20]}4500"


def field_of(tag: str, text: str) -> MarcField:
    """A field from its text with separators. Raises `Doubt` where indicators or codes are out of order."""
    if tag in CONTROL_TAGS:
        return MarcField(tag, "", (), text)
    head, *rest = text.split("\x1f")
    if len(head) != 2:
        raise Doubt
    try:
        subfields = [(part[0], part[1:]) for part in rest]
    except IndexError:
        raise Doubt from None
    for pair in subfields:
        if pair[0] not in CODES:
            raise Doubt
    return MarcField(tag, head, tuple(subfields))


def decode(chunk: bytes, offset: int) -> Decoded:
    """Read the bytes of one record, terminator included; `offset` is where they stand in the file."""
    try:
        text, warnings = _whole_text(chunk, offset)
        tags = _agreeing_tags(chunk)
        parts = text.split("\x1e")
        if len(parts) != len(tags) + 1:
            raise Doubt
        fields = tuple([field_of(tag, part) for tag, part in zip(tags, parts, strict=False)])
        return Decoded(MarcRecord(sound_leader(chunk[:24].decode("ascii")), fields), (), warnings)
    except (Doubt, ValueError, IndexError):
        from libops.catalog.marc.rescue import rescue

        return rescue(chunk, offset)


def _agreeing_tags(chunk: bytes) -> list[str]:
    """The tags of the directory, where its lengths and offsets are exactly those of the fields in their order."""
    base = int(chunk[12:17])
    directory = chunk[24 : base - 1].decode("ascii")
    entries = ENTRY.findall(directory)
    if len(entries) * 12 != base - 25 or chunk[base - 1] != 0x1E:
        raise Doubt
    at = base
    for _, length, start in entries:
        if int(start) != at - base:
            raise Doubt
        at += int(length)
        if chunk[at - 1] != 0x1E:
            raise Doubt
    if at != len(chunk) - 1 or not LEADER.fullmatch(chunk[:24].decode("ascii")):
        raise Doubt
    return [entry[0] for entry in entries]


def _whole_text(chunk: bytes, offset: int) -> tuple[str, tuple[Note, ...]]:
    """All fields as one text. Raises `Doubt` where single fields must be looked at."""
    body = chunk[int(chunk[12:17]) : -1]
    if body.isascii():
        if 0x1B in body or len(body.translate(None, CONTROLS)) != len(body):
            raise Doubt
        return body.decode("ascii"), ()
    if len(body.translate(None, CONTROLS)) != len(body):
        raise Doubt
    if chunk[9] == 0x61:
        return normalize("NFC", body.decode("utf-8")), ()
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return normalize("NFC", text), (contradiction(offset),)
    if 0x1B in body:
        raise Doubt
    text = decode_plain(body)
    if "\ufffd" in text or trailing_marks(body):
        raise Doubt
    return normalize("NFC", text), ()


def contradiction(offset: int) -> Note:
    return Note("encoding.leader_contradicts", offset + 9, "LDR", "leader/09 says MARC-8, the data are UTF-8")


def decode_bytes(raw: bytes, declared_utf8: bool) -> tuple[str, str, list[int]]:
    """Text of one field, the encoding that fitted, and offsets of bytes that mean nothing."""
    if not needs_marc8(raw):
        return raw.decode("ascii"), "ascii", []
    if declared_utf8 or 0x1B not in raw:
        try:
            return raw.decode("utf-8"), "utf-8", []
        except UnicodeDecodeError:
            pass
    text, odd = decode_marc8(raw)
    if not declared_utf8 or not (odd or trailing_marks(raw)):
        return text, "marc-8", odd
    try:
        return raw.decode("cp1252"), "cp1252", []
    except UnicodeDecodeError:
        return text, "marc-8", odd
