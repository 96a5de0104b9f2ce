"""Codabar, the bars of older library labels: digits and six signs between two of the letters A to D.

Scanners send the start and stop letters or leave them out; they are no part of the number. The symbology itself has a
check character modulo 16 that libraries seldom use: their 14 digits carry Luhn's instead (see `library14`).

>>> compact("A31234000000013B"), compact("31234000000013")
('31234000000013', '31234000000013')
>>> check_digit("A37859B"), validate("A37859+B")
('+', 'A37859+B')
>>> validate("A378594B")
Traceback (most recent call last):
...
libops.base.errors.InvalidValue: 'A378594B' has check character 4, where + would be right
"""

from __future__ import annotations

import re

from libops.base.errors import InvalidValue

__all__ = ["check_digit", "compact", "format", "is_valid", "validate"]

ALPHABET = "0123456789-$:/.+ABCD"
# The alternative names of the four letters in older scanners' manuals.
LETTERS = str.maketrans("TN*E", "ABCD")
FRAMED = re.compile(r"[ABCD][0-9\-$:/.+]+[ABCD]", re.ASCII)


def _framed(text: str) -> str | None:
    number = text.strip().upper()
    if number[:1] in ("T", "N", "*", "E") and number[-1:] in ("T", "N", "*", "E"):
        number = number[0].translate(LETTERS) + number[1:-1] + number[-1].translate(LETTERS)
    return number if FRAMED.fullmatch(number) else None


def compact(text: str) -> str:
    """The number without its start and stop letters, if it has them."""
    framed = _framed(text)
    return text.strip() if framed is None else framed[1:-1]


def check_digit(number: str) -> str:
    """The check character modulo 16 for a number with its start and stop letters: it goes before the stop letter."""
    return ALPHABET[-sum(map(ALPHABET.index, number)) % 16]


def validate(text: str) -> str:
    """The number with start and stop letters; raises `InvalidValue` without them or with a wrong check character."""
    framed = _framed(text)
    if framed is None or len(framed) < 4:
        raise InvalidValue(f"{text!r} is not Codabar with a check character: it stands between two letters A to D")
    right = check_digit(framed[:-2] + framed[-1])
    if framed[-2] != right:
        raise InvalidValue(f"{text!r} has check character {framed[-2]}, where {right} would be right")
    return framed


def is_valid(text: str) -> bool:
    """Whether it is Codabar with letters and the right check character."""
    try:
        return bool(validate(text))
    except InvalidValue:
        return False


def format(text: str) -> str:
    """Between A and B, the pair that library labels mostly use, or the letters it already has."""
    return _framed(text) or f"A{compact(text)}B"
