"""LCCN, the Library of Congress control number, in its normal form: perhaps a prefix of letters, the year, six digits.

What stands after a slash is dropped, spaces go, and what follows a hyphen is filled up to six digits. It has no check
digit.

>>> validate("66-17874"), compact("n 78-890351"), compact("75-425165//r75")
('66017874', 'n78890351', '75425165')
>>> format("2001000002"), format("85000002")
('2001-000002', '85-000002')
>>> validate("vol. 3")
Traceback (most recent call last):
...
libops.base.errors.InvalidValue: 'vol. 3' is not an LCCN: up to three letters, a year of two or four digits, six digits
"""

from __future__ import annotations

import re

from libops.base.barcodes._text import stripped
from libops.base.errors import InvalidValue

__all__ = ["compact", "format", "is_valid", "validate"]

# Up to three letters before a year of two digits, up to two before one of four.
NORMAL = re.compile(r"([a-z]{0,3})(\d{2})(\d{6})|([a-z]{0,2})(\d{4})(\d{6})", re.ASCII)


def compact(text: str) -> str:
    """The normal form, by which two spellings of one number are equal."""
    number = stripped(text.partition("/")[0], " ").lower()
    year, hyphen, serial = number.partition("-")
    return year + serial.zfill(6) if hyphen else number


def validate(text: str) -> str:
    """The normal form; raises `InvalidValue` when it cannot be an LCCN."""
    number = compact(text)
    if not NORMAL.fullmatch(number):
        raise InvalidValue(f"{text!r} is not an LCCN: up to three letters, a year of two or four digits, six digits")
    return number


def is_valid(text: str) -> bool:
    """Whether it can be an LCCN."""
    try:
        return bool(validate(text))
    except InvalidValue:
        return False


def format(text: str) -> str:
    """With a hyphen between year and serial number."""
    number = compact(text)
    return f"{number[:-6]}-{number[-6:]}"
