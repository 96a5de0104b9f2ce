"""MARC-8 to Unicode: the character set of MARC files before UTF-8, still that of many exports.

Text without escape sequences is ASCII and ANSEL, read through one table of 256 characters; combining marks, which
MARC-8 writes before their letter, are moved behind it. Escape sequences to Greek, Cyrillic, Hebrew, Arabic and East
Asian sets take the slower way. A byte that means nothing becomes U+FFFD and is reported with its offset.

Character tables: those of the Library of Congress, as pymarc carries them (loaded on first need).
Source: MARC 21 Specifications, Character Sets and Encoding Options, part 2.
"""

from __future__ import annotations

import re
from codecs import charmap_decode
from functools import cache
from typing import Any, Final

__all__ = ["UNMAPPED", "decode_marc8", "decode_plain", "needs_marc8", "trailing_marks"]

UNMAPPED: Final = "\ufffd"
ESCAPE: Final = 0x1B
BASIC_LATIN, ANSEL, EAST_ASIAN = 0x42, 0x45, 0x31
SEPARATORS = "\x1e\x1f"
MARKS = "\u0300-\u036f\ufe20-\ufe2f"
MARK_BEFORE_LETTER: Final = re.compile(f"([{MARKS}]+)([^{MARKS}{SEPARATORS}])", re.DOTALL)


def needs_marc8(data: bytes) -> bool:
    """Whether the bytes are more than plain ASCII."""
    return not data.isascii() or ESCAPE in data


@cache
def _sets() -> dict[int, dict[int, tuple[int, int]]]:
    from pymarc import marc8_mapping

    sets: dict[int, dict[int, tuple[int, int]]] = marc8_mapping.CODESETS
    return sets


@cache
def _odd() -> dict[int, int]:
    from pymarc import marc8_mapping

    odd: dict[int, int] = marc8_mapping.ODD_MAP
    return odd


@cache
def _plain_table() -> str:
    ansel: dict[int, Any] = _sets()[ANSEL]
    high = [chr(ansel[byte][0]) if byte in ansel else UNMAPPED for byte in range(0x80, 0x100)]
    return "".join(map(chr, range(0x80))) + "".join(high)


def decode_plain(data: bytes) -> str:
    """ASCII and ANSEL without escape sequences; field and subfield separators stay where they are.

    >>> decode_plain(b"Caf\\xe2e")
    'Cafe\u0301'
    """
    text = charmap_decode(data, "strict", _plain_table())[0]
    return MARK_BEFORE_LETTER.sub(r"\2\1", text)


def trailing_marks(data: bytes) -> list[int]:
    """Offsets of combining marks that stand before no letter (at the end of a subfield)."""
    text = charmap_decode(data, "strict", _plain_table())[0]
    return [found.start() for found in re.finditer(f"[{MARKS}]+(?=[{SEPARATORS}]|$)", text)]


def decode_marc8(data: bytes) -> tuple[str, list[int]]:
    """Text of one field in MARC-8, and the offsets in it of the bytes that mean nothing.

    Each subfield starts with the default sets, ASCII and ANSEL.
    """
    if ESCAPE not in data:
        text = decode_plain(data)
        if UNMAPPED not in text:
            return text, []
        plain = charmap_decode(data, "strict", _plain_table())[0]
        return text, [at for at, char in enumerate(plain) if char == UNMAPPED]
    texts, odd, start = [], [], 0
    for part in data.split(b"\x1f"):
        text, offsets = _decode_escaped(part)
        texts.append(text)
        odd += [start + offset for offset in offsets]
        start += len(part) + 1
    return "\x1f".join(texts), odd


def _escape(data: bytes, at: int) -> tuple[int, int, int]:
    """The escape sequence at this offset: which half it sets (0, 1, or -1 for none), to which set, and its length."""
    tail = data[at + 1 : at + 4]
    if not tail:
        return -1, 0, 1
    first = tail[:1]
    if first in b"ps" or first in b"bg":
        return 0, BASIC_LATIN if first == b"s" else tail[0], 2
    if first in (b"(", b",", b")", b"-") and len(tail) >= 2:
        skip = 2 if tail[1:2] == b"!" and len(tail) >= 3 else 1
        return (0 if first in b"(," else 1), tail[skip], 2 + skip
    if first == b"$" and len(tail) >= 2:
        if tail[1:2] in b"()-," and len(tail) >= 3:
            return (1 if tail[1:2] in b")-" else 0), tail[2], 4
        return 0, tail[1], 3
    return -1, 0, 1


def _decode_escaped(data: bytes) -> tuple[str, list[int]]:
    sets = _sets()
    halves = [BASIC_LATIN, ANSEL]
    out: list[str] = []
    marks: list[str] = []
    odd: list[int] = []
    at, end = 0, len(data)
    while at < end:
        byte = data[at]
        if byte == ESCAPE:
            half, chosen, length = _escape(data, at)
            if half < 0 or chosen not in sets:
                odd.append(at)
                length = 1 if half < 0 else length
            else:
                halves[half] = chosen
            at += length
            continue
        active = halves[1 if byte >= 0x80 else 0]
        if active == EAST_ASIAN and byte > 0x20:
            point, width = int.from_bytes(data[at : at + 3], "big") & 0x7F7F7F, 3
        else:
            point, width = byte, 1
        letter, is_mark = _letter(sets, active, point)
        if letter == UNMAPPED:
            odd.append(at)
            width = 1
        at += width
        if is_mark:
            marks.append(letter)
            continue
        out.append(letter)
        if marks:
            out += marks
            marks = []
    return "".join(out + marks), odd


def _letter(sets: dict[int, dict[int, tuple[int, int]]], active: int, point: int) -> tuple[str, int]:
    if point <= 0x20:
        return chr(point), 0
    table = sets[active]
    found = table.get(point)
    if found is None and active not in (BASIC_LATIN, ANSEL, EAST_ASIAN):
        # The tables list a set where it is customarily used; the other half holds the same letters 0x80 apart.
        found = table.get(point ^ 0x80)
    if found is not None:
        return chr(found[0]), found[1]
    return (chr(_odd()[point]) if point in _odd() else UNMAPPED), 0
