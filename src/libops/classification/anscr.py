"""ANSCR, the alpha-numeric system for classification of recordings.

Four terms, each compared letter by letter: category (one to three letters), four letters of the name, up to three of
the title, then the performer's initial with the last two digits of the label number.

>>> sorted(["ES BEET SYM K67", "EC BACH BRA K12", "ES BEET SYM B90", "ES BEET"], key=sort_key)
['EC BACH BRA K12', 'ES BEET', 'ES BEET SYM B90', 'ES BEET SYM K67']
>>> label_lines("es beet sym k 67")
('ES', 'BEET', 'SYM', 'K67')
>>> print(explain("ES BEET SYM B90", "ES BEET SYM K67"))
performer and label number 'B90' before 'K67' (alphabetic)
>>> parse("ESOTERIC BEET").warnings
("category 'ESOTERIC' has more than three letters",)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from libops.classification import enumeration
from libops.classification.enumeration import RawPart, volume_line
from libops.classification.keys import capitals, fold, letters, tidy
from libops.classification.lcc import VOLUMES, unreadable
from libops.classification.model import Candidate, ParsedNumber, PartKind
from libops.classification.policy import FilingPolicy, LabelStyle
from libops.classification.scheme import Scheme

__all__ = ["SCHEME", "explain", "format", "label_lines", "parse", "range", "sort_key"]

TERM = re.compile(r"[^\W_]+")
TERMS = (PartKind.CATEGORY, PartKind.NAME, PartKind.TITLE, PartKind.PERFORMER)
LONGEST = (3, 4, 3, 3)
SHAPE = re.compile(r"[A-Z]{1,3} [A-Z]{4} [A-Z0-9]{1,3} [A-Z] ?[0-9]{2}\b")


def scan(text: str, policy: FilingPolicy) -> tuple[list[RawPart], Sequence[str]]:
    text = tidy(text)
    folded = fold(text)
    parts: list[RawPart] = []
    warnings: list[str] = []
    for match in TERM.finditer(folded):
        term, written = match[0], text[match.start() : match.end()]
        if len(parts) == 4:
            kind, initial, _ = parts[3]
            if len(initial) == 1 and term.isdecimal():
                parts[3] = (kind, initial + written, parts[3][2] + letters(term))
                continue
            parts += enumeration.scan(text, folded, match.start(), policy)
            break
        place = len(parts)
        if len(term) > LONGEST[place]:
            length = ("three", "four", "three", "three")[place]
            warnings.append(f"{TERMS[place].value} {written!r} has more than {length} letters")
        parts.append((TERMS[place], written, ("*" if parts else "") + letters(term)))
    if not parts:
        return (unreadable(text, policy), [f"{text!r} has no term"]) if text else ([], ["no call number"])
    return parts, warnings


def join(number: ParsedNumber, policy: FilingPolicy) -> str:
    return " ".join(capitals(part.text) if part.kind in TERMS else part.text for part in number.parts)


def lines(number: ParsedNumber, policy: FilingPolicy, style: LabelStyle) -> list[str]:
    return [volume_line(part.text, policy) if part.kind in VOLUMES else capitals(part.text) for part in number.parts]


def recognize(text: str) -> Candidate:
    if SHAPE.match(fold(tidy(text))):
        return Candidate("anscr", 0.9, ("category, four letters of a name, title letters, performer",))
    return Candidate("anscr", 0.0)


SCHEME = Scheme("anscr", "Alpha-Numeric System for Classification of Recordings", scan, join, lines, recognize)
parse, sort_key, format = SCHEME.parse, SCHEME.sort_key, SCHEME.format
label_lines, range, explain = SCHEME.label_lines, SCHEME.range, SCHEME.explain
