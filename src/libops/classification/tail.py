"""What follows the class in LCC, NLM and DDC: Cutter numbers, work marks, dates, words, volumes.

One pass over the text; every character is looked at a bounded number of times.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from libops.classification import enumeration
from libops.classification.enumeration import RawPart, captions
from libops.classification.keys import letters, whole
from libops.classification.model import PartKind
from libops.classification.policy import (
    ClassYear,
    FilingPolicy,
    MultiLetterCutters,
    ThematicNumbers,
    WordAfterClass,
    WordAfterCutter,
    WorkMarks,
)
from libops.classification.stamps import SIZE_WORDS, place, size_part

__all__ = ["Marks", "book_marks", "class_marks", "is_title_word", "scan_tail"]

CUTTER, DATE, WORD = 4, 6, 8
# Enum members by name: looking them up on the class costs more than the rest of a part.
A_CUTTER, A_MARK, A_DATE, A_CLASS_DATE, A_WORD = (
    PartKind.CUTTER,
    PartKind.WORK_MARK,
    PartKind.DATE,
    PartKind.CLASS_DATE,
    PartKind.TEXT,
)
TOKEN = re.compile(
    r"(\.?)([A-Z]{1,3})([0-9]+)((?:[A-Z]+(?![A-Z0-9]|\.[0-9]))?)|([0-9]+)([A-Z]+|-*)|([^\W\d_]+)(\.?)|(\+)"
)
DIGITS = re.compile("[0-9]+")
NEW_SERIES = re.compile(r" ?S\b")
ORDINAL = frozenset(["ST", "ND", "RD", "TH", "D"])
THEMATIC = frozenset(["BWV", "BUXWV", "HWV", "TWV", "RV", "KV", "OP", "WOO", "HOB"])
"""Catalogs of composers' works that are written with a space before the number."""


class Marks(NamedTuple):
    """The marks of one policy: which character begins the piece of which part."""

    work_mark: str
    word: str
    class_word: str
    multi_letter: str
    thematic: bool
    class_year: PartKind


@lru_cache(maxsize=64)
def class_marks(policy: FilingPolicy) -> Marks:
    """The marks for LCC and NLM."""
    word = "(" if policy.word_after_cutter is WordAfterCutter.BEFORE_CUTTER else "*"
    return Marks(
        work_mark=")" if policy.work_marks is WorkMarks.BEFORE_CUTTER else "+",
        word=word,
        class_word="(" if policy.word_after_class is WordAfterClass.BEFORE_CUTTERS else ",",
        multi_letter="*" if policy.multi_letter_cutters is MultiLetterCutters.BY_LETTER else word,
        thematic=policy.thematic_numbers is ThematicNumbers.WHOLE_NUMBER,
        class_year=PartKind.CLASS_DATE if policy.class_year is ClassYear.CLASS_DATE else PartKind.DATE,
    )


@lru_cache(maxsize=64)
def book_marks(policy: FilingPolicy) -> Marks:
    """The marks for DDC and NLM book numbers, where words and letters with digits are one alphabet."""
    return class_marks(policy)._replace(word="*", class_word="*", multi_letter="*")


def scan_tail(text: str, folded: str, start: int, policy: FilingPolicy, marks: Marks, *, maps: bool) -> list[RawPart]:
    """The parts from `start` on; `maps` says that `s250` before a dotted Cutter number is a scale."""
    parts: list[RawPart] = []
    stamps: list[RawPart] = []
    cutters = skip = 0
    for match in TOKEN.finditer(folded, start):
        begin, end = match.span()
        if begin < skip:
            continue
        token = match.lastindex
        if token == CUTTER:
            dot, word, digits, mark = match.group(1, 2, 3, 4)
            if len(word) > 1 and not dot and parts and is_volume(word, digits):
                parts += enumeration.scan(text, folded, begin, policy)
                break
            if maps and word == "S" and not dot and folded[end : end + 2].lstrip()[:1] == ".":
                parts.append((PartKind.SCALE, text[begin:end], "&" + whole(digits)))
                continue
            cutters += 1
            key = ("*" if len(word) == 1 else marks.multi_letter) + word + digits
            parts.append((A_CUTTER, text[begin : end - len(mark)], key))
            if mark:
                parts.append((A_MARK, text[end - len(mark) : end], marks.work_mark + mark))
        elif token == DATE:
            parts.append(date_part(text[begin:end], match[5], match[6], cutters, marks))
        elif token == WORD:
            word = match[7]
            dated = bool(parts) and parts[-1][0] in (A_DATE, A_CLASS_DATE)
            if starts_volume(folded, word, end, bool(match[8])) or (dated and word in captions().months):
                parts += enumeration.scan(text, folded, begin, policy)
                break
            if word in SIZE_WORDS or (word in ("F", "Q") and end == len(folded) and parts):
                stamps.append(size_part(text[begin:end], policy))
                continue
            part, skip = word_part(text, folded, match, cutters, marks)
            parts.append(part)
        else:
            stamps.append(size_part("+", policy))
    if cutters and parts[0][0] is A_DATE:
        parts[0] = (A_CLASS_DATE, *parts[0][1:])
    return place(stamps, parts) if stamps else parts


def is_volume(word: str, digits: str) -> bool:
    """Whether letters glued to digits are a volume after all: `vol12`, `no3`, but not the Cutter number `V12`."""
    return len(digits) < 4 and word in captions().filed


def starts_volume(folded: str, word: str, end: int, dotted: bool) -> bool:
    """Whether a word begins the enumeration: a known caption before a number, not a title word before a date."""
    table = captions()
    if word == "N" and dotted and NEW_SERIES.match(folded, end):
        return True
    if word == "NEW" and folded.startswith(" SER", end):
        return True
    if word not in table.filed and word not in table.copy:
        return False
    following = folded[end : end + 7].lstrip()
    digits = len(following) - len(following.lstrip("0123456789"))
    if dotted:
        return digits > 0 or word in table.alone or enumeration.roman_value(following.split(" ")[0]) is not None
    if not following:
        return word in table.alone
    return digits > 0 and (digits < 4 or len(word) > 3) and (len(word) > 1 or word == "V")


@lru_cache(maxsize=4096)
def is_title_word(word: str) -> bool:
    """Whether a word means nothing else: no caption, copy, month, size mark or thematic catalog."""
    table = captions()
    meanings = (table.filed, table.copy, table.months, SIZE_WORDS, THEMATIC)
    return not any(word in words for words in meanings)


def date_part(text: str, digits: str, rest: str, cutters: int, marks: Marks) -> RawPart:
    """A date, an ordinal of the class, or another number."""
    places = len(digits) + rest.count("-")
    if places == 4 and (len(digits) == 4 or len(digits) > 1):
        letter = rest if rest[:1] != "-" else ""
        kind = A_DATE if cutters else marks.class_year
        return kind, text.rstrip("-") if len(digits) == 4 else text, "&4" + digits + letter
    if not cutters:
        ordinal = "" if rest in ORDINAL or rest[:1] == "-" else rest
        return PartKind.CLASS_DATE, text, "&" + whole(digits) + ordinal
    return PartKind.NUMBER, text, "&" + whole(digits) + rest.strip("-")


def word_part(text: str, folded: str, match: re.Match[str], cutters: int, marks: Marks) -> tuple[RawPart, int]:
    """A word, or a thematic number with its digits, and where it ends."""
    word, dotted, (begin, end) = match[7], bool(match[8]), match.span()
    gap = end + 1 if word in THEMATIC and folded[end : end + 1] == " " else end
    digits = DIGITS.match(folded, gap) if dotted or gap > end else None
    if digits is None:
        mark = marks.word if cutters else marks.class_word
        return (A_WORD, text[begin:end], mark + letters(word)), end
    whole_text = text[begin : digits.end()]
    if marks.thematic:
        return (PartKind.THEMATIC, whole_text, f"*{letters(word)}&{whole(digits[0])}"), digits.end()
    return (PartKind.CUTTER, whole_text, f"*{letters(word)}{digits[0]}"), digits.end()
