"""Headings and titles in the form in which they are compared: the NACO rules, as far as comparison needs them.

Case and diacritics go, letters outside the basic alphabet become their base letters, punctuation becomes a blank but
for the first comma of a heading, which parts a surname from a forename. The two ways to write a ligature over two
letters (U+FE20 with U+FE21, or U+0361) end up the same.

Source: Library of Congress, Authority File Comparison Rules (NACO Normalization).

>>> normalized("Dvořák, Antonín,"), normalized("L'Œuvre d'Ørsted; [2nd ed.]")
('dvorak, antonin', 'l oeuvre d orsted 2nd ed')
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from unicodedata import category, normalize

__all__ = ["normalized", "words"]

LETTERS: Final = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "ı": "i", "ʻ": "", "ʼ": ""}
    | {"ʹ": "", "ʺ": "", "©": " ", "®": " ", "&": " and "}
)
APART: Final = re.compile(r"[^\w,]|_")


def normalized(text: str, *, keep_comma: bool = True) -> str:
    """The text for comparison; with `keep_comma` its first comma stays, as in a personal name."""
    plain = normalize("NFD", text.casefold())
    if not plain.isascii():
        plain = "".join([char for char in plain if category(char) not in ("Mn", "Me")])
    plain = APART.sub(" ", plain.translate(LETTERS))
    head, comma, tail = plain.partition(",")
    tail = tail.replace(",", " ")
    kept = " ".join(head.split()), " ".join(tail.split())
    if comma and keep_comma and kept[1]:
        return f"{kept[0]}, {kept[1]}"
    return " ".join(part for part in kept if part)


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """The words of a text for comparison.

    >>> words("Hafiz, the Dīvān : a translation")
    ('hafiz', 'the', 'divan', 'a', 'translation')
    """
    return tuple(normalized(text, keep_comma=False).split())
