"""CODEN, the six characters that chemistry gives a serial: five letters and a check character.

Weights 11, 7, 5, 3 and 1 over A=1 to Z=26, modulo 34; the alphabet of checks is A to Z, then 2 to 9.

>>> validate("jacsat"), check_digit("NATUA"), format("scieas")
('JACSAT', 'S', 'SCIEA-S')
>>> validate("JACSAX")
Traceback (most recent call last):
...
libops.base.errors.InvalidValue: 'JACSAX' has check character X, where T would be right
"""

from __future__ import annotations

from libops.base.barcodes._text import stripped
from libops.base.errors import InvalidValue

__all__ = ["check_digit", "compact", "format", "is_valid", "validate"]

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CHECKS = LETTERS + "23456789"


def compact(text: str) -> str:
    """The characters alone, in capitals."""
    return stripped(text).upper()


def check_digit(number: str) -> str:
    """The check character for five letters."""
    total = sum((LETTERS.index(letter) + 1) * weight for letter, weight in zip(number, (11, 7, 5, 3, 1), strict=True))
    return CHECKS[total % 34 - 1]


def validate(text: str) -> str:
    """The six characters; raises `InvalidValue` for anything but five letters and their check character."""
    number = compact(text)
    if len(number) != 6 or not set(number[:5]) <= set(LETTERS):
        raise InvalidValue(f"{text!r} is not a CODEN: it has five letters and a check character")
    right = check_digit(number[:5])
    if number[-1] != right:
        raise InvalidValue(f"{text!r} has check character {number[-1]}, where {right} would be right")
    return number


def is_valid(text: str) -> bool:
    """Whether it is a CODEN with the right check character."""
    try:
        return bool(validate(text))
    except InvalidValue:
        return False


def format(text: str) -> str:
    """With the check character set apart."""
    number = compact(text)
    return f"{number[:5]}-{number[5:]}"
