"""Dewey Decimal Classification.

Parts: stamps (`REF`, `J`, several words), a class of three digits with decimals compared digit by digit, a book number
(Cutter number or letters of the author), work mark, date, volume, copy. Segmentation marks of MARC 082 are neither
filed nor printed. The edition of the schedules is not part of the number. Sources: DDC introduction, shelving guides.

>>> sorted(["813.6 M32", "813.54 Z9", "81 A1", "813 K5"], key=sort_key)
['81 A1', '813 K5', '813.54 Z9', '813.6 M32']
>>> label_lines("J 599.2/22 H49 2001 v.2 c.3")
('J', '599.222', 'H49', '2001', 'v.2', 'c.3')
>>> label_lines("R220.3 R5c.1")
('R', '220.3', 'R5', 'c.1')
>>> print(explain("813.54 Z9", "813.6 M32"))
class decimal '54' before '6' (decimal)
>>> format("fic ROW")
'FIC ROW'
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from libops.classification.enumeration import RawPart, volume_line
from libops.classification.keys import OWN_SEQUENCE, capitals, fold, tidy
from libops.classification.lcc import VOLUMES, unreadable
from libops.classification.model import Candidate, Comparison, ParsedNumber, PartKind
from libops.classification.policy import FilingPolicy, LabelStyle, ShortClass
from libops.classification.scheme import Scheme
from libops.classification.stamps import place, prefix_part, stamp_piece
from libops.classification.tail import book_marks, is_title_word, scan_tail

__all__ = ["SCHEME", "explain", "format", "label_lines", "parse", "range", "sort_key"]

CLASS = re.compile(r"([0-9](?:['/]?[0-9])*)(?:['/]?\.['/]?([0-9](?:['/]{0,2}[0-9])*)['/]?)?")
PLAIN = re.compile(r"(?:([A-Z]+) )?([0-9]{3}(?:\.[0-9]+)?)(?: (?:\.?([A-Z][0-9]+)|([A-Z]{2,}))(?: ([0-9]{4}))?)?\Z")
STAMP = re.compile(r"[\[(]?([^\W\d_]+)[\])]?[ .]*")
CLASSLESS = frozenset(["E", "EASY", "F", "FIC", "FICTION", "B", "BIO", "BIOG", "PIC", "PB", "SC", "SS"])
"""Stamps that stand for a class: fiction, picture books, biography, story collections."""
THREE_DIGITS = re.compile(r"[0-9]{3}(?![0-9])")
UNMARKED = str.maketrans("", "", "'/")
PADDED = ("", "00", "0", "")


def scan(text: str, policy: FilingPolicy) -> tuple[list[RawPart], Sequence[str]]:
    text = tidy(text)
    folded = fold(text)
    match = CLASS.match(folded)
    stamps: list[RawPart] = []
    start = 0
    if match is None:
        start, classless = stamp_end(folded)
        if start < 0:
            if not text:
                return [], ["no call number"]
            warning = f"{text!r} is not read as a Dewey class such as '813.54': it files last"
            return unreadable(text, policy), [warning]
        stamps.append(prefix_part(text[:start].strip(" .[]()"), policy))
        match = None if classless else CLASS.match(folded, start)
    parts: list[RawPart] = []
    warnings: Sequence[str] = ()
    if match is not None:
        start = match.end()
        if folded[start:] == " S":  # "510 s": the number of the series, not of the book (MARC 082)
            start = len(folded)
        parts, warnings = class_parts(match, folded, policy)
    if start < len(folded):
        parts += scan_tail(text, folded, start, policy, book_marks(policy), maps=False)
    if stamps or any(part[2][:1] in "^ " for part in parts):
        parts = place(stamps, parts)
    return parts, warnings


def plain_key(text: str, policy: FilingPolicy) -> str | None:
    """The key of a stamp, a class of three digits, a book number and a date; None for any other shape."""
    match = PLAIN.match(text.upper())
    if match is None or not text.isascii():
        return None
    stamp, key, cutter, word, date = match.groups()
    if cutter is not None:
        key += "*" + cutter
    elif word is not None:
        if not is_title_word(word):
            return None
        key += "*" + word
    if date is not None:
        key += "&4" + date
    if stamp is None:
        return key
    piece = stamp_piece(stamp, policy)
    return piece + key if piece[:1] == OWN_SEQUENCE else key + piece


def class_parts(match: re.Match[str], folded: str, policy: FilingPolicy) -> tuple[list[RawPart], Sequence[str]]:
    """The class and its decimals without segmentation marks."""
    digits, decimal = match.group(1, 2)
    warnings: Sequence[str] = ()
    if len(digits) != 3:
        digits = digits.translate(UNMARKED)
        if len(digits) < 3:
            written = digits
            biography = digits == "92" and not decimal and folded[match.end() + 1 : match.end() + 2].isalpha()
            if policy.short_class is ShortClass.PAD and not biography:
                digits = PADDED[len(digits)] + digits
            warnings = [f"class {written!r} has fewer than three digits: filed as {digits}"]
        elif len(digits) > 3:
            warnings = [f"class {digits!r} has more than three digits before the point"]
    parts = [(PartKind.CLASS_NUMBER, digits, digits)]
    if decimal:
        decimal = decimal.translate(UNMARKED)
        parts.append((PartKind.CLASS_DECIMAL, decimal, "." + decimal))
    return parts, warnings


def stamp_end(folded: str) -> tuple[int, bool]:
    """Where the stamps end, or -1, and whether the last of them stands for a class."""
    at = 0
    classless = False
    while match := STAMP.match(folded, at):
        word, begin, end = match[1], at, match.end()

        number = folded[end : end + 1].isdecimal()
        if classless and not THREE_DIGITS.match(folded, end):
            return begin, True
        if number:
            return end, False
        classless = word in CLASSLESS
        at = end
    return (at, True) if classless else (-1, False)


def join(number: ParsedNumber, policy: FilingPolicy) -> str:
    words: list[str] = []
    for part in number.parts:
        if part.kind is PartKind.CLASS_DECIMAL:
            words[-1] += "." + part.text
        elif part.kind is PartKind.WORK_MARK and words:
            words[-1] += part.text
        elif part.kind is PartKind.CUTTER:
            words.append(part.text.lstrip("."))
        else:
            words.append(capitals(part.text) if part.kind is PartKind.PREFIX else part.text)
    return " ".join(words)


def lines(number: ParsedNumber, policy: FilingPolicy, style: LabelStyle) -> list[str]:
    found: list[str] = []
    for part in number.parts:
        if part.kind is PartKind.CLASS_DECIMAL and not style.decimal_on_own_line:
            found[-1] += "." + part.text
        elif part.kind is PartKind.CLASS_DECIMAL:
            found.append("." + part.text)
        elif part.kind is PartKind.WORK_MARK and found:
            found[-1] += part.text
        elif part.kind is PartKind.CUTTER:
            found.append(part.text.lstrip("."))
        elif part.kind is PartKind.PREFIX:
            found += capitals(part.text).split()
        elif part.kind in VOLUMES:
            found.append(volume_line(part.text, policy))
        else:
            found.append(part.text)
    return found


RECOGNIZED = re.compile(r"([0-9]{1,3})(?:['/]?\.['/]?([0-9][0-9'/]*))?(?: |\Z)")


def recognize(text: str) -> Candidate:
    folded = fold(tidy(text))
    begin, classless = (0, False) if folded[:1].isdecimal() else stamp_end(folded)
    if classless and begin > 0:
        return Candidate("ddc", 0.6, ("a stamp for fiction, biography or picture books",))
    match = RECOGNIZED.match(folded, max(begin, 0)) if begin >= 0 else None
    if match is None:
        return Candidate("ddc", 0.0)
    digits, decimal = match.groups()
    rest = folded[match.end() :]
    confidence = 0.55 if len(digits) == 3 else 0.2
    reasons = [f"class {digits}"]
    if decimal:
        confidence += 0.1
    if re.match(r"[.]?[A-Z]{1,3}[0-9]|[A-Z]{3}\b", rest):
        confidence += 0.3
        reasons.append("a book number after it")
    return Candidate("ddc", round(confidence, 2), tuple(reasons))


DECIMAL = {PartKind.CLASS_NUMBER: Comparison.DECIMAL}
SCHEME = Scheme("ddc", "Dewey Decimal Classification", scan, join, lines, recognize, DECIMAL, plain_key)
parse, sort_key, format = SCHEME.parse, SCHEME.sort_key, SCHEME.format
label_lines, range, explain = SCHEME.label_lines, SCHEME.range, SCHEME.explain
