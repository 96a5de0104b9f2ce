"""Local schemes and accession numbers: letters by letter, digits as whole numbers, left to right.

Serves running numbers (`DVD 1042`, `2024-0173`), RVK, UN document symbols and a library's own schemes. A thousands
separator does not count. Source: natural order as library shelving guides describe it for running numbers.

>>> sorted(["DVD 1,042", "DVD 97", "CD 1200"], key=sort_key)
['CD 1200', 'DVD 97', 'DVD 1,042']
>>> label_lines("NH 7000 T288-2")
('NH', '7000', 'T288-2')
>>> print(explain("DVD 97", "DVD 1,042"))
number '97' before '1,042' (whole number)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from libops.classification.enumeration import RawPart
from libops.classification.keys import fold, letters, tidy, whole
from libops.classification.model import Candidate, ParsedNumber, PartKind
from libops.classification.policy import FilingPolicy, LabelStyle
from libops.classification.scheme import Scheme

__all__ = ["SCHEME", "explain", "format", "label_lines", "parse", "range", "scan", "sort_key"]

TOKEN = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])|[0-9]+)|([^\W\d_]+)")
RUNNING = re.compile(r"(?:[A-Z]{1,8}[ .-]?)?[0-9]{1,12}\Z")


def scan(text: str, policy: FilingPolicy) -> tuple[list[RawPart], Sequence[str]]:
    """Words and whole numbers in turn."""
    text = tidy(text)
    folded = fold(text)
    parts: list[RawPart] = []
    for match in TOKEN.finditer(folded):
        mark = "!" if parts else ""
        digits, match_text = match[1], text[match.start() : match.end()]
        if digits is not None:
            piece, kind = mark + "0" + whole(digits.replace(",", "")), PartKind.NUMBER
        else:
            piece, kind = mark + letters(match[2]), PartKind.TEXT
        parts.append((kind, match_text, piece))
    if not parts:
        return ([(PartKind.TEXT, text, "".join([f"_{ord(char):06X}" for char in folded]))] if text else []), [
            f"{text!r} has neither letters nor digits"
        ]
    return parts, ()


def join(number: ParsedNumber, policy: FilingPolicy) -> str:
    return tidy(number.text)


def lines(number: ParsedNumber, policy: FilingPolicy, style: LabelStyle) -> list[str]:
    return tidy(number.text).split()


def recognize(text: str) -> Candidate:
    folded = fold(tidy(text)).replace(",", "")
    if RUNNING.match(folded):
        return Candidate("local", 0.45, ("looks like a running number",))
    return Candidate("local", 0.05, ("any text files in a local scheme",))


SCHEME = Scheme("local", "Local scheme or accession numbers", scan, join, lines, recognize)
parse, sort_key, format = SCHEME.parse, SCHEME.sort_key, SCHEME.format
label_lines, range, explain = SCHEME.label_lines, SCHEME.range, SCHEME.explain
