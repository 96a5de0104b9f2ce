"""Superintendent of Documents classification: stem, colon, number of the document.

Whole numbers everywhere; a dot is never a decimal point. Stems compare first; at one place of a number nothing comes
before a colon, a colon before a dash, a dash before a slash; and years before letters before numbers. After the colon
three digits from 800 are the years 1800 to 1999. Dots inside abbreviations do not count (`U.K.` is `UK`).
Source: filing rule of the Government Publishing Office as library guides restate it.

>>> sorted(["A 1.10:R 42", "A 1.2:321", "A 1.2:2004", "A 1.2:999", "A 1.2/2:1"], key=sort_key)
['A 1.2:999', 'A 1.2:2004', 'A 1.2:321', 'A 1.2/2:1', 'A 1.10:R 42']
>>> label_lines("Y 4.Ag 8/1:S.HRG. 105-23")
('Y 4.Ag 8/1:', 'S.HRG. 105-23')
>>> print(explain("A 1.2:R 42", "A 1.10:R 42"))
stem number '.2' before '.10' (whole number)
>>> parse("A 1.2").warnings
("'A 1.2' has no colon: read as a stem",)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from libops.classification.enumeration import RawPart
from libops.classification.keys import fold, letters, tidy, whole
from libops.classification.lcc import unreadable
from libops.classification.model import Candidate, ParsedNumber, PartKind
from libops.classification.policy import FilingPolicy, LabelStyle, SudocHearings, SudocLetters, SudocYears
from libops.classification.scheme import Scheme

__all__ = ["SCHEME", "explain", "format", "label_lines", "parse", "range", "sort_key"]

TOKEN = re.compile(r"([^\W\d_]+(?:\.[^\W\d_]+)*\.?)|([0-9]+)|([:/-])|(\.)")
START = re.compile(r"[A-Z]+[. ]*[0-9]")
MARKS = {"": "&", ":": "(", ".": "*", "-": "+", "/": ","}
"""Which mark a separator files as: nothing, colon, dot, dash, slash, in this order."""
HEARINGS = frozenset(["SHRG", "SPRT"])


def scan(text: str, policy: FilingPolicy) -> tuple[list[RawPart], Sequence[str]]:
    text = tidy(text)
    folded = fold(text)
    if not START.match(folded):
        if not text:
            return [], ["no call number"]
        return unreadable(text, policy), [f"{text!r} is not read as a stem such as 'A 1.2:': it files last"]
    parts: list[RawPart] = []
    separator, colon, year = "", False, 0
    for match in TOKEN.finditer(folded):
        word, digits, cut, _ = match.groups()
        if cut is not None:
            separator = cut
            colon = colon or cut == ":"
            continue
        if word is None and digits is None:
            if parts and folded[match.start() - 1].isdecimal() and not separator:
                separator = "."
            continue
        written = separator + text[match.start() : match.end()]
        if not parts:
            parts.append((PartKind.AGENCY, written, letters(word.replace(".", ""))))
            continue
        kind = PartKind.RELATED if separator in ("/", "-") else PartKind.STEM
        if digits is None:
            kind = PartKind.TEXT if colon else kind
            piece, year = word_piece(word.replace(".", ""), policy), 0
        else:
            piece, year = number_piece(digits, year if separator == "-" else 0, policy, colon=colon)
            kind = kind if not colon else PartKind.DATE if year else PartKind.NUMBER
        parts.append((kind, written, MARKS[separator] + piece))
        separator = ""
    if separator == ":":
        parts.append((PartKind.SIMPLE, ":", MARKS[":"]))
    return parts, () if colon else [f"{text!r} has no colon: read as a stem"]


def word_piece(word: str, policy: FilingPolicy) -> str:
    """Letters: between years and numbers, unless the policy says otherwise."""
    if policy.sudoc_hearings is SudocHearings.LAST and word in HEARINGS:
        return "9" + word
    return ("2" if policy.sudoc_letters is SudocLetters.BEFORE_NUMBERS else "4") + letters(word)


def number_piece(digits: str, first_year: int, policy: FilingPolicy, *, colon: bool) -> tuple[str, int]:
    """A year or a number, and the year it is (0 for none); `first_year` is the year before a dash."""
    if not colon or policy.sudoc_years is SudocYears.AS_NUMBERS:
        return "3" + whole(digits), 0
    value = int(digits) if len(digits) < 5 else 0
    if len(digits) == 3 and value >= 800:
        value += 1000
    elif len(digits) == 2 and first_year and value > first_year % 100:
        value += first_year - first_year % 100
    elif len(digits) != 4 or not 1700 <= value < 2100:
        value = 0
    return (f"1{value}", value) if value else ("3" + whole(digits), 0)


def join(number: ParsedNumber, policy: FilingPolicy) -> str:
    line = ""
    for part in number.parts:
        glued = part.text[:1] in ("", ":", "/", ".", "-") or not line
        line += part.text if glued else " " + part.text
    return line


def lines(number: ParsedNumber, policy: FilingPolicy, style: LabelStyle) -> list[str]:
    line = join(number, policy)
    stem, colon, book = line.partition(":")
    return [stem + colon, book] if style.break_after_colon and book else [line]


SHAPE = re.compile(r"[A-Z]{1,5} ?[0-9]+\.[0-9A-Z][0-9A-Z ./-]{0,40}(:)?")


def recognize(text: str) -> Candidate:
    match = SHAPE.match(fold(tidy(text)))
    if match is None:
        return Candidate("sudocs", 0.0)
    if match[1]:
        return Candidate("sudocs", 0.95, ("agency, number, dot, series and colon",))
    return Candidate("sudocs", 0.25, ("agency, number, dot and series, but no colon",))


SCHEME = Scheme("sudocs", "Superintendent of Documents Classification", scan, join, lines, recognize)
parse, sort_key, format = SCHEME.parse, SCHEME.sort_key, SCHEME.format
label_lines, range, explain = SCHEME.label_lines, SCHEME.range, SCHEME.explain
