"""The alphabet of sort keys: ASCII, upper case, in byte order.

Each part of a number adds one piece: a mark from the punctuation below `0` (which kind of part it is), then letters
and digits. As every mark sorts below every letter and digit, comparing two joined keys byte by byte is the same as
comparing the parts one after the other, and a number that ends first files first.

>>> whole("9") < whole("10") < whole("0100")
True
>>> fold("Čapek"), tidy(" QA   76 ")
('CAPEK', 'QA 76')
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

__all__ = [
    "COUNTS_LAST",
    "LAST",
    "OWN_SEQUENCE",
    "UNREADABLE",
    "capitals",
    "fold",
    "letters",
    "reverse",
    "tidy",
    "whole",
]

OWN_SEQUENCE = "^"
"""Begins the key of a number in a sequence of its own: after all plain numbers."""
UNREADABLE = "_"
"""Begins the key of a number its scheme cannot read: after everything else."""
COUNTS_LAST = " "
"""Begins the piece of a stamp that counts after all else."""
LAST = "~"
"""Above every character of every key: ends a range."""

LENGTHS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXY"
UNDECOMPOSED = {"Æ": "A", "æ": "A", "Ø": "O", "ø": "O", "Œ": "O", "œ": "O", "Ł": "L", "ł": "L", "Đ": "D", "đ": "D"}
UNDECOMPOSED |= {"ß": "S", "ẞ": "S", "Þ": "T", "þ": "T", "Ð": "D", "ð": "D", "ı": "I", "ʹ": "'", "′": "'", "’": "'"}
DIGITS_AND_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
REVERSED = str.maketrans(DIGITS_AND_LETTERS, DIGITS_AND_LETTERS[::-1])


def whole(digits: str) -> str:
    """The piece for a whole number of any length: its count of digits, then the digits; leading zeros do not count."""
    digits = digits.lstrip("0") or "0"
    length = len(digits)
    if length < 35:
        return LENGTHS[length] + digits
    return "Z" + whole(str(length)) + digits


def reverse(piece: str) -> str:
    """The piece that sorts the other way round, for newest first."""
    return piece.translate(REVERSED)


def letters(text: str) -> str:
    """Folded text as it stands in a key: letters outside ASCII by code point, after Z."""
    if text.isascii():
        return text
    return "".join([char if char.isascii() else f"_{ord(char):06X}" for char in text])


def tidy(text: str) -> str:
    """Text with single spaces and composed letters: what is parsed."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def fold(text: str) -> str:
    """Tidy text in upper case without diacritics, of the same length, so that places in both agree."""
    if text.isascii():
        return text.upper()
    return "".join([plain(char) for char in text])


def capitals(text: str) -> str:
    """Text in capitals for printing, letter for letter: what has no single capital stays as it is."""
    return text.upper() if text.isascii() else "".join([up if len(up := char.upper()) == 1 else char for char in text])


@lru_cache(maxsize=4096)
def plain(char: str) -> str:
    if char.isascii():
        return char.upper()
    if char in UNDECOMPOSED:
        return UNDECOMPOSED[char]
    base = unicodedata.normalize("NFKD", char)[0]
    if base.isascii():
        return base.upper()
    if unicodedata.combining(base):
        return " "
    upper = base.upper()
    return upper if len(upper) == 1 else base
