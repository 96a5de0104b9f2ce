"""Volumes, dates of issue and copies: the end of a call number, the same in every scheme.

Each level (`v.2`, `no. 10`, `1990:Jan.`) compares as a whole number, its caption only between equal numbers; a range
files by its first number; series, supplements and indexes follow the plain run of volumes; a copy counts last.

>>> key_of("v.9") < key_of("Vol. 10") < key_of("v.10 no.2") < key_of("v.11-12") < key_of("n.s. v.1") < key_of("Index")
True
>>> volume_line("v. 3"), volume_line("Heft  42"), volume_line("Bd. IV")
('v.3', 'Heft 42', 'Bd.4')
"""

from __future__ import annotations

import re
from functools import cache

from attrs import frozen

from libops.classification.keys import fold, letters, reverse, tidy, whole
from libops.classification.model import PartKind
from libops.classification.policy import DEFAULT_POLICY, FilingPolicy, RomanNumerals, VolumeCaptions, VolumeOrder

__all__ = ["Captions", "RawPart", "captions", "copy_part", "key_of", "roman_value", "scan", "volume_line"]

RawPart = tuple[PartKind, str, str]
"""A part while it is being read: kind, text, piece of the key."""

TOKEN = re.compile(r"(N\. ?S\b|NEW SER(?:IES)?\b|[^\W\d_]+)(\.?)|([0-9]+)([^\W\d_]*)|([-/])|[^\s.]")
ORDINAL = frozenset(["ST", "ND", "RD", "TH", "D"])
ROMAN = re.compile(r"(?=[XVI]|L[XVI]|C[LXVI])C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\Z")
ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


@frozen
class Captions:
    """The words of enumeration: how each caption files, which may stand alone, months, words for a copy."""

    filed: dict[str, str]
    alone: frozenset[str]
    months: dict[str, str]
    copy: frozenset[str]


@cache
def captions() -> Captions:
    """The caption table of the package, read once."""
    from importlib.resources import files
    from tomllib import loads

    table = loads(files(__package__).joinpath("captions.toml").read_text("utf-8"))
    filed = {word: f"{row['rank']}{row['filed']}" for row in table["caption"] for word in row["spellings"]}
    alone = frozenset(word for row in table["caption"] if row.get("alone") for word in row["spellings"])
    months = {word: number for number, words in table["months"].items() for word in words}
    return Captions(filed, alone, months, frozenset(table["copy"]))


def roman_value(folded: str) -> int | None:
    """The number a Roman numeral up to 399 means, or None; lone C, D, L, M stay letters, being series and parts.

    >>> roman_value("XIV"), roman_value("C"), roman_value("IIX")
    (14, None, None)
    """
    if len(folded) > 12 or not ROMAN.match(folded):
        return None
    values = [ROMAN_VALUES[char] for char in folded]
    signed = [
        value if value >= following else -value for value, following in zip(values, [*values[1:], 0], strict=True)
    ]
    return sum(signed)


class Reading:
    """The levels read so far and the one being read."""

    __slots__ = ("begin", "caption", "end", "joined", "key", "kind", "parts", "pending", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.parts: list[RawPart] = []
        self.kind = PartKind.ENUMERATION
        self.key = self.caption = ""
        self.begin = self.end = 0
        self.pending = self.joined = False

    def open(self, kind: PartKind, key: str, match: re.Match[str], *, pending: bool, caption: str = "") -> None:
        """Close the level being read and begin another; a caption given apart counts after the number."""
        self.close()
        self.caption = caption
        self.kind, self.key, self.begin, self.end = kind, key, match.start(), match.end()
        self.pending, self.joined = pending, False

    def close(self) -> None:
        """Keep the level being read."""
        if self.key:
            key = f"{self.key}&{self.caption}" if self.caption else self.key
            self.parts.append((self.kind, self.text[self.begin : self.end].rstrip(" ,:;"), key))
        self.key = ""

    def number(self, piece: str, match: re.Match[str], kind: PartKind) -> None:
        """A number: of the caption before it, of the range being read, or a level of its own."""
        if self.key and (self.pending or self.joined):
            self.key += "(" + piece
            self.end = match.end()
            self.pending = self.joined = False
        else:
            self.open(kind, "$1(" + piece, match, pending=False)


def scan(text: str, folded: str, start: int, policy: FilingPolicy) -> list[RawPart]:
    """The levels of an enumeration that begins at `start` of a tidy text."""
    table = captions()
    newest_first = policy.volumes is VolumeOrder.NEWEST_FIRST
    reading = Reading(text)
    for match in TOKEN.finditer(folded, start):
        word, _, digits, glued, dash = match.groups()
        if digits is not None:
            piece = whole(digits)
            if newest_first and reading.kind is not PartKind.COPY:
                piece = reverse(piece)
            if glued and glued not in ORDINAL:
                piece += ")" + letters(glued)
            issued = len(digits) == 4 and digits[0] in "12"
            reading.number(piece, match, PartKind.CHRONOLOGY if issued else PartKind.ENUMERATION)
        elif word is not None:
            read_word(reading, word, match, table, policy)
        elif dash is not None:
            reading.joined = bool(reading.key) and not reading.pending
        else:
            reading.joined = False
    reading.close()
    return reading.parts


def read_word(reading: Reading, word: str, match: re.Match[str], table: Captions, policy: FilingPolicy) -> None:
    """A caption, a month, a Roman numeral or another word."""
    following = match.string[match.end() : match.end() + 2].lstrip()
    if word in table.copy and following[:1].isdecimal():
        reading.open(PartKind.COPY, "!", match, pending=True)
    elif word in table.months:
        piece = whole(table.months[word])
        if policy.volumes is VolumeOrder.NEWEST_FIRST:
            piece = reverse(piece)
        reading.number(piece, match, PartKind.CHRONOLOGY)
    elif (
        reading.pending
        and policy.roman_numerals is RomanNumerals.AS_NUMBERS
        and not (word in table.filed and following[:1].isdecimal())  # "n.s. v.2": a caption, not a five
        and (value := roman_value(word))
    ):
        piece = whole(str(value))
        reading.number(reverse(piece) if policy.volumes is VolumeOrder.NEWEST_FIRST else piece, match, reading.kind)
    else:
        folded_caption = "NS" if word[0] == "N" and word.endswith("S") and len(word) > 2 else word
        if word.startswith("NEW SER"):
            folded_caption = "NS"
        filed = table.filed.get(folded_caption)
        if filed is None or policy.captions is VolumeCaptions.BY_CAPTION:
            filed = filed or "3" + letters(word)
            reading.open(PartKind.ENUMERATION, "$" + filed, match, pending=True)
        else:
            reading.open(PartKind.ENUMERATION, "$" + filed[0], match, pending=True, caption=filed[1:])


def key_of(text: str, policy: FilingPolicy = DEFAULT_POLICY) -> str:
    """The key of an enumeration or chronology field by itself."""
    text = tidy(text)
    return "".join([part[2] for part in scan(text, fold(text), 0, policy)])


def copy_part(text: str) -> RawPart:
    """The part for a copy field: `2`, `c.2` and `copy 2` are the same."""
    folded = fold(tidy(text))
    digits = re.search(r"[0-9]+", folded)
    if digits:
        return PartKind.COPY, text, "!(" + whole(digits[0])
    return PartKind.COPY, text, "!" + letters("".join(filter(str.isalnum, folded)))


def volume_line(text: str, policy: FilingPolicy = DEFAULT_POLICY) -> str:
    """One level as a label prints it: no brackets or colons, Arabic numbers, no space after a caption's full stop."""
    line = tidy("".join(" " if char in "()[]<>:;" else char for char in text))
    if policy.roman_numerals is RomanNumerals.AS_NUMBERS:
        words = re.split(r"([\s.]+)", line)
        for place in range(2, len(words), 2):
            value = roman_value(fold(words[place]))
            if value is not None and fold(words[0]) in captions().filed:
                words[place] = str(value)
        line = "".join(words)
    return re.sub(r"\. (?=[0-9])", ".", line)
