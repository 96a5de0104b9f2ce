"""MARCMaker text (.mrk): one field to a line, `=245  10$aTown libraries :$ba guide`, records apart by a blank line.

Blanks in the leader, in control fields and indicators are written as a backslash; a dollar sign, braces and a backslash
in a text have names in braces. Source: Library of Congress, MARCMaker and MARCBreaker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from libops.base.errors import FormatError
from libops.catalog.marc.decode import CONTROL_TAGS, Decoded
from libops.catalog.marc.outcomes import Gap, Note, Outcome, Progress, Rejected
from libops.catalog.marc.pieces import pieces
from libops.catalog.marc.record import MarcField, MarcRecord
from libops.catalog.marc.shape import outcome_of, shaped

__all__ = ["mrk_text", "read_mrk"]

START: Final = re.compile(rb"(?<=\n)(?:=LDR|=000)|(?<=\n\n)=|(?<=\n\r\n)=")
PADDING: Final = re.compile(rb"[\s\x00\x1a\xef\xbb\xbf]*")
LINE: Final = re.compile(r"=(...) {0,2}(.*)", re.DOTALL)
NAMES: Final = {"dollar": "$", "lcub": "{", "rcub": "}", "bsol": "\\"}
NAMED: Final = re.compile(r"\{(dollar|lcub|rcub|bsol)\}")
WRITTEN: Final = str.maketrans({char: f"{{{name}}}" for name, char in NAMES.items()})


def read_mrk(source: BinaryIO, *, progress: Progress | None = None) -> Iterator[Outcome]:
    """Read records from a binary stream. Never raises for what the stream holds."""
    number = 0
    for offset, raw in pieces(source, START, progress=progress):
        padding = PADDING.match(raw)
        lead = padding.end() if padding else 0
        if lead:
            yield Gap(offset, lead)
        body = raw[lead:].rstrip(b"\r\n\x00\x1a")
        if body:
            number += 1
            yield _record(body, offset + lead, number)
        if lead + len(body) < len(raw):
            yield Gap(offset + lead + len(body), len(raw) - lead - len(body))


def _record(raw: bytes, offset: int, number: int) -> Outcome:
    repairs = []
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        text = raw.decode("cp1252", "replace")
        repairs.append(Note("encoding.not_utf8", offset + error.start, "", "read as cp1252"))
    leader, fields = "", []
    for line in re.split(r"\r?\n(?==)", text):
        found = LINE.fullmatch(line)
        if found is None:
            reason = Note("mrk.bad_line", offset, "", f"{line!r:.60} is no field: a line begins with = and a tag")
            return Rejected(number, offset, len(raw), reason, raw)
        tag, body = found[1], found[2].replace("\r\n", " ").replace("\n", " ")
        if tag in ("LDR", "000"):
            leader = body.replace("\\", " ")
        else:
            fields.append(_field(tag, body))
    if not leader:
        return Rejected(number, offset, len(raw), Note("mrk.no_leader", offset, "", "no =LDR line"), raw)
    decoded = shaped(leader, fields, offset)
    return outcome_of(Decoded(decoded.record, (*repairs, *decoded.repairs), decoded.warnings), number, offset, raw)


def _plain(text: str) -> str:
    return NAMED.sub(lambda found: NAMES[found[1]], text)


def _field(tag: str, body: str) -> MarcField:
    if tag in CONTROL_TAGS:
        return MarcField(tag, "", (), _plain(body.replace("\\", " ")))
    head, *parts = body.split("$")
    subfields = [(part[:1], _plain(part[1:])) for part in parts if part]
    if len(head) > 2:
        subfields.insert(0, (" ", _plain(head[2:])))
    return MarcField(tag, head[:2].replace("\\", " ").ljust(2), tuple(subfields))


def mrk_text(record: MarcRecord) -> str:
    """The record as MARCMaker text, with the blank line that ends it.

    Raises `FormatError` for a line end inside a value, which the format cannot hold.
    """
    lines = [f"=LDR  {record.leader.replace(' ', chr(92))}"]
    for found in record.fields:
        if found.is_control:
            lines.append(f"={found.tag}  {found.value.translate(WRITTEN).replace(' ', chr(92))}")
        else:
            texts = "".join([f"${code}{text.translate(WRITTEN)}" for code, text in found.subfields])
            lines.append(f"={found.tag}  {found.indicators.replace(' ', chr(92))}{texts}")
    for line in lines:
        if "\n" in line or "\r" in line:
            raise FormatError(f"{line!r:.80} holds a line end: MARCMaker text cannot")
    return "\n".join(lines) + "\n\n"
