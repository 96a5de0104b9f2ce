"""Library of Congress Classification.

Parts: class letters (1 to 3), class number (1 to 4 digits, whole number), decimal (digit by digit), a date or ordinal
of the class, up to three Cutter numbers (letter, then digits as a decimal fraction), work mark, date, then volume and
copy. Source: LC Classification and Shelflisting Manual G 55, G 63, G 100, G 140.

>>> sorted(["QA76.9 .D3", "QA76 .C15", "QA9 .B2", "QA76.73 .P98"], key=sort_key)
['QA9 .B2', 'QA76 .C15', 'QA76.73 .P98', 'QA76.9 .D3']
>>> label_lines("REF PN1992.77 .S73D8 1998 v.2")
('REF', 'PN', '1992.77', '.S73', 'D8', '1998', 'v.2')
>>> format("qa 76.73p98l88 2001")
'QA76.73 .P98 L88 2001'
>>> print(explain("QA76.73 .P98", "QA76.9 .D3"))
class decimal '73' before '9' (decimal)
>>> parse("IX12 .A1").warnings
("class letters 'IX': the schedules have no class I, O, W, X or Y",)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from libops.classification import local
from libops.classification.enumeration import RawPart, captions, volume_line
from libops.classification.keys import UNREADABLE, capitals, fold, letters, tidy, whole
from libops.classification.model import Candidate, ParsedNumber, PartKind
from libops.classification.policy import (
    DEFAULT_POLICY,
    FilingPolicy,
    FirstCutterDot,
    LabelStyle,
    WordAfterClass,
)
from libops.classification.scheme import Scheme
from libops.classification.stamps import place, prefix_part
from libops.classification.tail import Marks, class_marks, is_title_word, scan_tail

__all__ = ["SCHEME", "explain", "format", "label_lines", "parse", "range", "scan_class", "sort_key"]

CLASS = re.compile(r"([A-Z]{1,3}) ?\.? ?([0-9]+)(?: ?\. ?([0-9]+)(?![0-9]|ST\b|ND\b|RD\b|TH\b|D\b))?")
PLAIN = re.compile(
    r"([A-Z]{1,3}) ?([0-9]{1,4})(\.[0-9]+)? ?\.?([A-Z][0-9]+)"
    r"(?: ?([A-Z][0-9]+))?(?: ?([A-Z][0-9]+))?(?: ([A-Z]{2,}))?(?: ([0-9]{4}))?\Z"
)
LETTERS_ONLY = re.compile(r"[A-Z]{1,3}\Z")
THREE_LETTERS = re.compile(r"DAW|DJK|K[A-Z]{2}")
UNUSED = frozenset("IOWXY")
# Enum members by name: looking them up on the class costs more than the rest of a part.
A_CLASS, A_NUMBER, A_DECIMAL, A_WORD = (
    PartKind.CLASS_LETTERS,
    PartKind.CLASS_NUMBER,
    PartKind.CLASS_DECIMAL,
    PartKind.TEXT,
)
VOLUMES = (PartKind.ENUMERATION, PartKind.CHRONOLOGY, PartKind.COPY)


def scan(text: str, policy: FilingPolicy) -> tuple[list[RawPart], Sequence[str]]:
    parts, warnings = scan_class(text, policy, class_marks(policy))
    if parts and parts[0][0] is A_CLASS and fold(parts[0][1])[0] in UNUSED:
        shown = parts[0][1]
        warnings = [*warnings, f"class letters {shown!r}: the schedules have no class I, O, W, X or Y"]
    return parts, warnings


def scan_class(text: str, policy: FilingPolicy, marks: Marks) -> tuple[list[RawPart], Sequence[str]]:
    """Read a number of LCC's shape: stamps, class, then the tail. NLM uses it too."""
    text = tidy(text)
    folded = fold(text)
    match = CLASS.match(folded)
    stamps: list[RawPart] = []
    if match is None:
        start = class_start(folded)
        if start < 0:
            return without_number(text, folded, policy)
        match = CLASS.match(folded, start)
        if match is None:
            return without_number(text, folded, policy)
        stamps.append(prefix_part(text[:start].strip(" .[]()"), policy))
    word, number, decimal = match.groups()
    begin, end = match.span()
    parts = [
        (A_CLASS, text[begin : begin + len(word)], word),
        (A_NUMBER, number, "-" + whole(number)),
    ]
    if decimal:
        parts.append((A_DECIMAL, decimal, "." + decimal))
    maps = word == "G" and len(number) == 4 and number >= "3160"
    warnings: Sequence[str] = ()
    if len(number) > 4:
        warnings = [f"class number {number!r}: LCC has at most four digits before the point"]
    if end < len(folded):
        tail = scan_tail(text, folded, end, policy, marks, maps=maps)
        if tail and tail[0][0] is A_WORD and any(part[0] is PartKind.CUTTER for part in tail):
            warnings = [*warnings, f"word {tail[0][1]!r} between class and Cutter number"]
            if policy.word_after_class is WordAfterClass.UNREADABLE:
                return unreadable(text, policy), warnings
        front = [part for part in tail if part[2][:1] == "^"]
        if front:
            parts = front + parts + [part for part in tail if part[2][:1] != "^"]
        else:
            parts += tail
    return (place(stamps, parts) if stamps else parts), warnings


def class_start(folded: str) -> int:
    """Where the class begins after words that are stamps, or -1."""
    at = folded.find(" ")
    while at >= 0:
        match = CLASS.match(folded, at + 1)
        if match and (len(match[1]) == 1 or match[1] not in captions().filed):
            return at + 1
        at = folded.find(" ", at + 1)
    return -1


def plain_key(text: str, policy: FilingPolicy) -> str | None:
    """The key of class, one to three Cutter numbers, a title word and a date; None for any other shape."""
    match = PLAIN.match(text.upper())
    if match is None or not text.isascii():
        return None
    letters_of_class, number, decimal, first, second, third, word, date = match.groups("")
    number = number.lstrip("0") or "0"
    key = f"{letters_of_class}-{len(number)}{number}{decimal}*{first}"
    if second:
        key += f"*{second}*{third}" if third else "*" + second
    if word:
        if not is_title_word(word):
            return None
        key += class_marks(policy).word + word
    return f"{key}&4{date}" if date else key


def without_number(text: str, folded: str, policy: FilingPolicy) -> tuple[list[RawPart], Sequence[str]]:
    """A class of letters alone (`QA`, NLM's `QSA`), or a text that is no number of the scheme."""
    match = LETTERS_ONLY.match(folded)
    if match:
        return [(PartKind.CLASS_LETTERS, text, letters(folded))], [f"{text!r}: class letters without a class number"]
    if not text:
        return [], ["no call number"]
    warning = f"{text!r} is not read as class letters and number, such as 'QA76.73': it files last"
    return unreadable(text, policy), [warning]


def unreadable(text: str, policy: FilingPolicy) -> list[RawPart]:
    """A text the scheme cannot read: in natural order after every number that can be read."""
    return [(PartKind.UNREAD, text, UNREADABLE + "".join([part[2] for part in local.scan(text, policy)[0]]))]


def join(number: ParsedNumber, policy: FilingPolicy) -> str:
    words: list[str] = []
    seen_cutter = False
    for part in number.parts:
        text = part.text
        if part.kind is PartKind.CLASS_LETTERS:
            words.append(capitals(text))
        elif part.kind is PartKind.CLASS_NUMBER and words:
            words[-1] += text
        elif part.kind is PartKind.CLASS_DECIMAL:
            words[-1] += "." + text
        elif part.kind is PartKind.WORK_MARK:
            words[-1] += text
        elif part.kind is PartKind.CUTTER and part.key[0] == "*":
            after = bool(words) and not words[-1].lstrip(".")[:1].isalpha()
            words.append(cutter_text(text, first=not seen_cutter, keep_dot=after, policy=policy))
            seen_cutter = True
        else:
            words.append(text)
    return " ".join(words)


def cutter_text(text: str, *, first: bool, keep_dot: bool, policy: FilingPolicy) -> str:
    """A Cutter number in capitals; the first has its dot, one after a date or scale keeps it."""
    if first and policy.first_cutter_dot is FirstCutterDot.ALWAYS:
        return "." + capitals(text.lstrip("."))
    if first or keep_dot:
        return capitals(text)
    return capitals(text.lstrip("."))


def lines(number: ParsedNumber, policy: FilingPolicy, style: LabelStyle) -> list[str]:
    found: list[str] = []
    seen_cutter = False
    for part in number.parts:
        text = part.text
        if part.kind is PartKind.CLASS_LETTERS:
            found.append(capitals(text))
        elif part.kind is PartKind.CLASS_NUMBER:
            found.append(found.pop() + text if style.class_on_one_line else text)
        elif part.kind is PartKind.CLASS_DECIMAL and style.decimal_on_own_line:
            found.append("." + text)
        elif part.kind is PartKind.CLASS_DECIMAL:
            found[-1] += "." + text
        elif part.kind is PartKind.WORK_MARK:
            found[-1] += text
        elif part.kind is PartKind.CUTTER:
            found.append(cutter_text(text, first=not seen_cutter, keep_dot=False, policy=policy))
            seen_cutter = True
        elif part.kind in VOLUMES:
            found.append(volume_line(text, policy))
        else:
            found.append(text)
    return found


def recognize(text: str) -> Candidate:
    folded = fold(tidy(text))
    match = CLASS.match(folded)
    if match is None:
        return Candidate("lcc", 0.15, ("class letters alone",)) if LETTERS_ONLY.match(folded) else Candidate("lcc", 0.0)
    word, number, decimal = match.groups()
    if word[0] in UNUSED or len(number) > 4 or (len(word) == 3 and not THREE_LETTERS.match(word)):
        return Candidate("lcc", 0.1, ("letters and digits, but not a class LC uses",))
    reasons = [f"class {word} {number}"]
    confidence = 0.5 + (0.05 if len(word) > 1 else 0.0) + (0.1 if decimal else 0.0)
    cutters = [part for part in scan(text, DEFAULT_POLICY)[0] if part[0] is PartKind.CUTTER]
    if cutters:
        confidence += 0.35
        reasons.append(f"Cutter number {cutters[0][1]}")
    if ":" in folded:
        confidence -= 0.4
        reasons.append("but a colon")
    return Candidate("lcc", round(min(confidence, 1.0), 2), tuple(reasons))


SCHEME = Scheme("lcc", "Library of Congress Classification", scan, join, lines, recognize, plain_key=plain_key)
parse, sort_key, format = SCHEME.parse, SCHEME.sort_key, SCHEME.format
label_lines, range, explain = SCHEME.label_lines, SCHEME.range, SCHEME.explain
