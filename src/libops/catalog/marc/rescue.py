"""The long way for a damaged ISO 2709 record: use what agrees, mend what can be mended, name each repair.

Most records that other tools refuse have a consistent directory and only a bad byte or a wrong length; where the
number of directory entries is the number of fields, the fields are rebuilt by their order.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final
from unicodedata import normalize

from attrs import field, mutable

from libops.catalog.marc.decode import CODES, CONTROL_TAGS, ENTRY, LEADER, Decoded, decode_bytes, sound_leader
from libops.catalog.marc.marc8 import trailing_marks
from libops.catalog.marc.outcomes import Note
from libops.catalog.marc.record import MarcField, MarcRecord

__all__ = ["rescue"]

SHORTEST: Final = 26
"""A leader, the end of an empty directory, and the end of the record."""


@mutable
class Patient:
    """A record under repair: its bytes, where they stand in the file, and what has been noted so far."""

    chunk: bytes
    offset: int
    leader: str = ""
    repairs: list[Note] = field(factory=list)
    warnings: list[Note] = field(factory=list)

    def mended(self, code: str, at: int, tag: str = "", detail: str = "", raw: bytes = b"") -> None:
        self.repairs.append(Note(code, self.offset + at, tag, detail, raw))

    def doubted(self, code: str, at: int, tag: str = "", detail: str = "", raw: bytes = b"") -> None:
        self.warnings.append(Note(code, self.offset + at, tag, detail, raw))


Slice = tuple[str, int, int]
"""A tag, and where the bytes of its field begin and end in the chunk (without the field terminator)."""


def rescue(chunk: bytes, offset: int) -> Decoded:
    """Read a damaged record as far as it can be read without guessing."""
    patient = Patient(chunk, offset)
    if len(chunk) < SHORTEST or b"\x1e" not in chunk:
        return _hopeless(patient, "record.no_structure", f"{len(chunk)} bytes without leader and directory")
    base = _read_leader(patient)
    slices = _slices(patient, base)
    if isinstance(slices, str):
        return _hopeless(patient, "directory.disagrees", slices)
    declared_utf8 = chunk[9:10] == b"a"
    fields = tuple([_field(patient, one, declared_utf8) for one in slices])
    if not declared_utf8:
        _note_contradiction(patient)
    record = MarcRecord(patient.leader, fields)
    return Decoded(record, tuple(patient.repairs), tuple(patient.warnings))


def _hopeless(patient: Patient, code: str, detail: str) -> Decoded:
    return Decoded(None, (), (), Note(code, patient.offset, "", detail))


def _read_leader(patient: Patient) -> int:
    """Note what is wrong with the leader; returns where the fields begin."""
    chunk = patient.chunk
    leader = chunk[:24].decode("latin-1")
    readable = "".join([char if " " <= char <= "~" else " " for char in leader])
    if readable != leader:
        patient.mended("leader.bad_byte", 0, "LDR", "unreadable positions made blank", chunk[:24])
    elif not LEADER.fullmatch(leader):
        patient.doubted("leader.frame", 0, "LDR", repr(leader))
    patient.leader = sound_leader(readable)
    end = chunk.index(0x1E) + 1
    try:
        base = int(chunk[12:17])
    except ValueError:
        base = -1
    if base != end:
        patient.mended("leader.base_address", 12, "LDR", f"says {chunk[12:17]!r}, fields begin at {end}")
    return end


def _slices(patient: Patient, base: int) -> list[Slice] | str:
    """Which bytes belong to which tag; a text when entries and fields cannot be brought together."""
    directory = patient.chunk[24 : base - 1].decode("latin-1")
    ends = _field_ends(patient, base)
    found = _by_directory(directory, base, ends)
    if found is not None:
        _note_unlisted(patient, found, ends, base)
        return found
    tags = _tags_of(directory, base, ends)
    if tags is None:
        return f"{len(directory)} characters of directory, {len(ends)} fields"
    patient.mended("directory.rebuilt", 24, "", f"{len(tags)} fields taken in their order")
    starts = [base, *[end + 1 for end in ends[:-1]]] if ends else []
    return [(tag, start, end) for tag, start, end in zip(tags, starts, ends, strict=True)]


def _field_ends(patient: Patient, base: int) -> list[int]:
    chunk, ends, at = patient.chunk, [], base
    while (at := chunk.find(0x1E, at)) >= 0:
        ends.append(at)
        at += 1
    rest = chunk[(ends[-1] + 1 if ends else base) : -1]
    if rest:
        patient.mended("field.terminator_missing", len(chunk) - 1, "", "the last field ends with the record")
        ends.append(len(chunk) - 1)
    return ends


def _by_directory(directory: str, base: int, ends: list[int]) -> list[Slice] | None:
    """The directory's own view, when each entry is exactly one field (in any order), or spans whole fields."""
    entries = ENTRY.findall(directory)
    if len(entries) * 12 != len(directory):
        return None
    starts, closing = {base, *[end + 1 for end in ends]}, set(ends)
    found, taken = [], set()
    for tag, length, start in entries:
        begin = base + int(start)
        end = begin + int(length) - 1
        if begin not in starts or end not in closing or end < begin or begin in taken:
            return None
        taken.add(begin)
        found.append((tag, begin, end))
    ordered = sorted(found, key=lambda one: one[1])
    if any(one[2] >= after[1] for one, after in pairwise(ordered)):
        return None
    return found


def _note_unlisted(patient: Patient, found: list[Slice], ends: list[int], base: int) -> None:
    covered = {end for _, start, stop in found for end in ends if start <= end <= stop}
    start = base
    for end in ends:
        if end not in covered:
            patient.mended("field.unlisted", start, "", "no directory entry names it", patient.chunk[start:end])
        start = end + 1


def _tags_of(directory: str, base: int, ends: list[int]) -> list[str] | None:
    """The tags when there is one entry for each field: 12 characters each, or more where a number overflowed."""
    if len(directory) == 12 * len(ends):
        return [directory[at : at + 3] for at in range(0, len(directory), 12)]
    tags, at, start = [], 0, base
    for end in ends:
        numbers = f"{end + 1 - start:04d}{start - base:05d}"
        if not directory.startswith(numbers, at + 3):
            return None
        tags.append(directory[at : at + 3])
        at += 3 + len(numbers)
        start = end + 1
    return tags if at == len(directory) else None


def _field(patient: Patient, one: Slice, declared_utf8: bool) -> MarcField:
    tag, start, end = one
    raw = patient.chunk[start:end]
    text, encoding, odd = decode_bytes(raw, declared_utf8)
    if declared_utf8 and encoding not in ("ascii", "utf-8"):
        patient.mended("encoding.not_utf8", start, tag, f"read as {encoding}", raw)
    for at in odd:
        patient.doubted("encoding.unmapped", start + at, tag, f"byte 0x{raw[at]:02X} means nothing in MARC-8")
    if encoding == "marc-8" and 0x1B not in raw:
        for at in trailing_marks(raw):
            patient.doubted("encoding.mark_without_letter", start + at, tag, f"byte 0x{raw[at]:02X}")
    if any((char < " " and char not in "\x1e\x1f") or char == "\x7f" for char in text):
        patient.doubted("field.control_character", start, tag, "", raw)
    if "\x1e" in text:
        patient.mended("field.inner_terminator", start, tag, "a field terminator inside became a blank", raw)
        text = text.replace("\x1e", " ")
    if not tag.isalnum():
        patient.doubted("field.bad_tag", start, tag, repr(tag))
    if tag in CONTROL_TAGS:
        return MarcField(tag, "", (), normalize("NFC", text))
    return _data_field(patient, tag, start, text)


def _data_field(patient: Patient, tag: str, start: int, text: str) -> MarcField:
    head, *rest = text.split("\x1f")
    subfields = []
    if len(head) > 2:
        patient.mended("field.indicators", start, tag, f"{head!r:.40}: the rest became a subfield with a blank code")
        subfields.append((" ", normalize("NFC", head[2:])))
    elif len(head) < 2:
        patient.mended("field.indicators", start, tag, f"{head!r}: blanks added")
    for part in rest:
        if not part:
            patient.doubted("field.empty_subfield", start, tag, "a separator with nothing behind it")
            continue
        if part[0] not in CODES:
            patient.doubted("field.bad_code", start, tag, repr(part[0]))
        # Not before the cut: a mark at the beginning of a text would be drawn into its subfield code.
        subfields.append((part[0], normalize("NFC", part[1:])))
    return MarcField(tag, head[:2].ljust(2), tuple(subfields))


def _note_contradiction(patient: Patient) -> None:
    body = patient.chunk[24:]
    if not body.isascii():
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            return
        patient.doubted("encoding.leader_contradicts", 9, "LDR", "leader/09 says MARC-8, the data are UTF-8")
