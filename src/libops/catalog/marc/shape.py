"""A record from a format that carries text (XML, JSON, MARCMaker), brought into shape, with what was odd noted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from unicodedata import normalize

from libops.catalog.marc.decode import CODES, CONTROL_TAGS, Decoded, sound_leader
from libops.catalog.marc.outcomes import Note, Ok, Outcome, Rejected, Rescued
from libops.catalog.marc.record import BLANK_LEADER, MarcField, MarcRecord

__all__ = ["outcome_of", "shaped", "without_halves"]

SEPARATORS: Final = ("\x1d", "\x1e", "\x1f")


def without_halves(text: str) -> str:
    """The text with U+FFFD for halves of characters (lone surrogates), which no file can hold."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _leader(leader: str, offset: int, repairs: list[Note]) -> str:
    readable = "".join([char if " " <= char <= "~" else " " for char in leader])
    if len(leader) != 24 or readable != leader:
        repairs.append(Note("leader.bad", offset, "LDR", f"{leader!r:.60}: brought to 24 characters"))
        readable = readable.ljust(24)[:24] if leader.strip() else BLANK_LEADER
    return sound_leader(readable)


def _text(found: MarcField, text: str, offset: int, warnings: list[Note], repairs: list[Note]) -> str:
    if text.isascii() and text.isprintable():
        return text
    if any(mark in text for mark in SEPARATORS):
        repairs.append(Note("field.separator", offset, found.tag, "a MARC separator inside became a blank"))
        for mark in SEPARATORS:
            text = text.replace(mark, " ")
    if any(char < " " or char == "\x7f" for char in text):
        warnings.append(Note("field.control_character", offset, found.tag))
    whole = without_halves(text) if any("\ud800" <= char <= "\udfff" for char in text) else text
    if whole != text:
        repairs.append(Note("encoding.half_character", offset, found.tag, "became U+FFFD"))
    return normalize("NFC", whole)


def _shaped_field(found: MarcField, offset: int, warnings: list[Note], repairs: list[Note]) -> MarcField:
    tag = found.tag
    if len(tag) != 3 or not (tag.isascii() and tag.isalnum()):
        warnings.append(Note("field.bad_tag", offset, tag, repr(tag)))
    if found.is_control:
        if tag not in CONTROL_TAGS:
            warnings.append(Note("field.bad_tag", offset, tag, "a control field with the tag of a data field"))
        return MarcField(tag, "", (), _text(found, found.value, offset, warnings, repairs))
    indicators = found.indicators
    if len(indicators) != 2 or not (indicators.isascii() and indicators.isprintable()):
        repairs.append(Note("field.indicators", offset, tag, f"{indicators!r:.40}: brought to two"))
        indicators = "".join([char if " " <= char <= "~" else " " for char in indicators]).ljust(2)[:2]
    subfields = []
    for code, text in found.subfields:
        if code not in CODES:
            warnings.append(Note("field.bad_code", offset, tag, repr(code)))
        subfields.append((code, _text(found, text, offset, warnings, repairs)))
    return MarcField(tag, indicators, tuple(subfields))


def shaped(leader: str, fields: Iterable[MarcField], offset: int) -> Decoded:
    """The record with a sound leader and text in NFC; what is only odd is kept and noted, the validator decides."""
    warnings: list[Note] = []
    repairs: list[Note] = []
    sound = _leader(leader, offset, repairs)
    kept = tuple([_shaped_field(found, offset, warnings, repairs) for found in fields])
    return Decoded(MarcRecord(sound, kept), tuple(repairs), tuple(warnings))


def outcome_of(decoded: Decoded, number: int, offset: int, raw: bytes) -> Outcome:
    """The outcome for the bytes of one record."""
    if decoded.record is None:
        reason = decoded.reason or Note("record.no_structure", offset)
        return Rejected(number, offset, len(raw), reason, raw)
    if decoded.repairs:
        return Rescued(number, offset, len(raw), decoded.record, raw, decoded.repairs, decoded.warnings)
    return Ok(number, offset, len(raw), decoded.record, raw, decoded.warnings)
