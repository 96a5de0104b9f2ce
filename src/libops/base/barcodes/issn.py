"""ISSN, the number of a serial: seven digits and a check character (weights 8 to 2, modulo 11, X for ten).

On the cover it stands as an EAN-13 that begins with 977, with two digits of the publisher's own before its check digit.

>>> validate("0378-5955"), validate("977 0378595 00 2")
('03785955', '03785955')
>>> check_digit("2434561"), format("2434561X"), to_ean13("0378-5955")
('X', '2434-561X', '9770378595002')
>>> validate("0378-5954")
Traceback (most recent call last):
...
libops.base.errors.InvalidValue: '0378-5954' has check character 4, where 5 would be right
"""

from __future__ import annotations

from libops.base.barcodes import ean13
from libops.base.barcodes._text import digits, stripped
from libops.base.errors import InvalidValue

__all__ = ["check_digit", "compact", "format", "is_valid", "to_ean13", "validate"]


def compact(text: str) -> str:
    """The eight characters; those of a cover's EAN-13 are taken out of it, with their check character."""
    number = stripped(text).upper().removeprefix("ISSN").lstrip(": ")
    if len(number) == 13 and number.startswith("977") and number.isascii() and number.isdigit():
        return number[3:10] + check_digit(number[3:10])
    return number


def check_digit(number: str) -> str:
    """The check character for seven digits."""
    rest = -sum(int(digit) * (8 - place) for place, digit in enumerate(number)) % 11
    return "X" if rest == 10 else str(rest)


def validate(text: str) -> str:
    """The eight characters; raises `InvalidValue` for another length or check character, of the EAN-13 as well."""
    number = stripped(text)
    if len(number) == 13 and number.startswith("977"):
        ean13.validate(text)
    number = compact(text)
    body = digits(number[:-1], 7, "an ISSN before its check character", text)
    right = check_digit(body)
    if number[-1] != right:
        raise InvalidValue(f"{text!r} has check character {number[-1]}, where {right} would be right")
    return number


def is_valid(text: str) -> bool:
    """Whether it is the number of a serial, alone or on a cover."""
    try:
        return bool(validate(text))
    except InvalidValue:
        return False


def to_ean13(text: str, issue: str = "00") -> str:
    """The EAN-13 of a cover; `issue` are the two digits of the publisher's own."""
    body = f"977{validate(text)[:7]}{issue}"
    return body + ean13.check_digit(body)


def format(text: str) -> str:
    """Two groups of four."""
    number = compact(text)
    return f"{number[:4]}-{number[4:]}"
