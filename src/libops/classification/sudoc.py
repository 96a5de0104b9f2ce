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

TOKEN = re.compile(r"([0-9]+)|([:/-])|(\.)|([^\W\d_]+(?:\.[^\W\d_]+)*\.?)")
DIGITS, SEPARATOR, DOT, WORD = 1, 2, 3, 4
START = re.compile(r"([A-Z]+(?:\.[A-Z]+)*)[. ]*(?=[0-9])")
# Enum members by name: looking them up on the class costs more than the rest of a part.
AGENCY, STEM, RELATED = PartKind.AGENCY, PartKind.STEM, PartKind.RELATED
A_WORD, A_DATE, A_NUMBER = PartKind.TEXT, PartKind.DATE, PartKind.NUMBER
YEARS_FIRST, LETTERS_FIRST = SudocYears.YEARS_FIRST, SudocLetters.BEFORE_NUMBERS
MARKS = {"": "&", ":": "(", ".": "*", "-": "+", "/": ","}
"""Which mark a separator files as: nothing, colon, dot, dash, slash, in this order."""
HEARINGS = frozenset(["SHRG", "SPRT"])


def scan(text: str, policy: FilingPolicy) -> tuple[list[RawPart], Sequence[str]]:
    text = tidy(text)
    folded = fold(text)
    start = START.match(folded)
    if start is None:
        if not text:
            return [], ["no call number"]
        return unreadable(text, policy), [f"{text!r} is not read as a stem such as 'A 1.2:': it files last"]
    agency = start.end()
    parts: list[RawPart] = [(AGENCY, text[:agency].rstrip(". "), letters(start[1].replace(".", "")))]
    years = policy.sudoc_years is YEARS_FIRST
    separator, colon, year = "", False, 0
    for match in TOKEN.finditer(folded, agency):
        token = match.lastindex
        begin, end = match.span()
        if token == SEPARATOR:
            separator = match[SEPARATOR]
            colon = colon or separator == ":"
            continue
        if token == DOT:
            if folded[begin - 1].isdecimal() and not separator:
                separator = "."
            continue
        written = separator + text[begin:end]
        if token == WORD:
            kind = A_WORD if colon else RELATED if separator in "/-" and separator else STEM
            piece, year = word_piece(match[WORD].replace(".", ""), policy), 0
        else:
            digits, after = match[DIGITS], year if separator == "-" else 0
            year = year_of(digits, after) if colon and years else 0
            piece = f"1{year}" if year else "3" + whole(digits)
            kind = A_DATE if year else A_NUMBER if colon else RELATED if separator in "/-" and separator else STEM
        parts.append((kind, written, MARKS[separator] + piece))
        separator = ""
    if separator == ":":
        parts.append((PartKind.SIMPLE, ":", MARKS[":"]))
    return parts, () if colon else [f"{text!r} has no colon: read as a stem"]


def word_piece(word: str, policy: FilingPolicy) -> str:
    """Letters: between years and numbers, unless the policy says otherwise."""
    if word in HEARINGS and policy.sudoc_hearings is SudocHearings.LAST:
        return "9" + word
    return ("2" if policy.sudoc_letters is LETTERS_FIRST else "4") + letters(word)


def year_of(digits: str, first_year: int) -> int:
    """The year that digits after the colon mean, 0 for a number; `first_year` is the year before a dash."""
    length = len(digits)
    if length > 4 or length < 2:
        return 0
    value = int(digits)
    if length == 3 and value >= 800:
        return value + 1000
    if length == 2 and first_year and value > first_year % 100:
        return value + first_year - first_year % 100
    return value if length == 4 and 1700 <= value < 2100 else 0


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
