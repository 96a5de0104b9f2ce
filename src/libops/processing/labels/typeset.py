"""How wide a line of text is, and how a long one is broken: at a blank, or inside the decimals of a number.

>>> round(text_width("813.54", 12), 2)
12.95
>>> break_line("813.5409764", 12, 12.0)
('813.5', '4097', '64')
>>> break_line("Smithsonian", 12, 12.0) is None
True
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from libops.processing.labels.model import MM_PER_POINT
from libops.processing.labels.stock import table

__all__ = ["Measure", "break_line", "is_measured", "text_width"]

Measure = Callable[[str, float, bool], float]
"""The width in mm of a text of so many points, bold or not: another typeface brings its own."""
DECIMALS = re.compile(r"(?P<before>.*?[0-9]+\.)(?P<decimals>[0-9]{2,})(?P<after>.*)", re.S)
UNKNOWN_SIGN = 1000


@cache
def tables() -> dict[str, Any]:
    return table("type_widths.toml")


@lru_cache(maxsize=512)
def known_width(sign: str, bold: bool) -> int | None:
    plain = unicodedata.normalize("NFD", sign)[0]
    place = ord(plain) - 32
    widths = tables()["bold" if bold else "regular"]
    return int(widths[place]) if 0 <= place < len(widths) else 0 if unicodedata.combining(sign) else None


def sign_width(sign: str, bold: bool) -> int:
    known = known_width(sign, bold)
    # What the table does not know is taken for as wide as it is high: never too narrow.
    return UNKNOWN_SIGN if known is None else known


def is_measured(text: str, bold: bool = False) -> bool:
    """Whether the width of a text is known, and not only that it is no wider."""
    return all(known_width(sign, bold) is not None for sign in text)


def text_width(text: str, size: float, bold: bool = False) -> float:
    """The width of a line in mm, set in Helvetica (or Arial, or Liberation Sans) of so many points."""
    return sum(sign_width(sign, bold) for sign in text) * size * MM_PER_POINT / 1000


def break_line(
    line: str, size: float, room: float, bold: bool = False, measure: Measure = text_width
) -> tuple[str, ...] | None:
    """The line in pieces that fit, None when there is a piece that cannot be broken. Nothing is lost."""
    if measure(line, size, bold) <= room:
        return (line,)
    words = line.split()
    if len(words) > 1:
        return _filled(words, size, room, bold, measure)
    found = DECIMALS.fullmatch(line)
    if found is None:
        return None
    before, decimals, after = found["before"], found["decimals"], found["after"]
    first = _most(before, decimals, size, room, bold, measure)
    if first < 1:
        return None
    lines, rest = [before + decimals[:first]], decimals[first:]
    while rest and measure(rest + after, size, bold) > room:
        taken = _most("", rest, size, room, bold, measure)
        if taken == 0:
            return None
        lines.append(rest[:taken])
        rest = rest[taken:]
    if measure(rest + after, size, bold) > room:
        return None
    # One digit alone on a line is easily overlooked on a shelf.
    if len(rest + after) == 1 and lines[-1][-2:].isdigit():
        lines[-1], rest = lines[-1][:-1], lines[-1][-1] + rest
    return (*lines, rest + after)


def _most(before: str, digits: str, size: float, room: float, bold: bool, measure: Measure) -> int:
    """How many of the digits fit on the line."""
    taken = 0
    while taken < len(digits) and measure(before + digits[: taken + 1], size, bold) <= room:
        taken += 1
    return taken


def _filled(words: list[str], size: float, room: float, bold: bool, measure: Measure) -> tuple[str, ...] | None:
    lines: list[str] = []
    for word in words:
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and measure(joined, size, bold) <= room:
            lines[-1] = joined
            continue
        pieces = break_line(word, size, room, bold, measure)
        if pieces is None:
            return None
        lines += pieces
    return tuple(lines)
