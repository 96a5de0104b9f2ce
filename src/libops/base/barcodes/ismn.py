"""ISMN, the number of printed music: `M` and nine digits until 2007, since then 979-0 and nine digits.

>>> validate("M-2600-0043-8"), validate("979-0-2600-0043-8")
('9790260000438', '9790260000438')
>>> check_digit("979026000043")
'8'
>>> format("M260000438")
'979-0-26000043-8'
>>> validate("978-0-306-40615-7")
Traceback (most recent call last):
...
libops.base.errors.InvalidValue: '978-0-306-40615-7' is not an ISMN: it begins with M or 979-0
"""

from __future__ import annotations

from libops.base.barcodes import ean13
from libops.base.barcodes._text import stripped
from libops.base.errors import InvalidValue

__all__ = ["check_digit", "compact", "format", "is_valid", "validate"]


def compact(text: str) -> str:
    """The thirteen digits, the old `M` turned into 979-0."""
    number = stripped(text).upper().removeprefix("ISMN").strip()
    return f"9790{number[1:]}" if number.startswith("M") else number


def check_digit(number: str) -> str:
    """The check digit for 12 digits that begin with 9790; the old form has the same one."""
    return ean13.check_digit(number)


def validate(text: str) -> str:
    """The ISMN as thirteen digits; raises `InvalidValue` for another prefix, length or check digit."""
    number = compact(text)
    if not number.startswith("9790"):
        raise InvalidValue(f"{text!r} is not an ISMN: it begins with M or 979-0")
    if len(number) != 13:
        raise InvalidValue(f"{text!r} is not an ISMN: it has nine digits after M or 979-0")
    return ean13.validate(number)


def is_valid(text: str) -> bool:
    """Whether it is the number of printed music, old or new."""
    try:
        return bool(validate(text))
    except InvalidValue:
        return False


def format(text: str) -> str:
    """With prefix and check digit set apart; the hyphen after the publisher would need the agency's ranges."""
    number = compact(text)
    return f"979-0-{number[4:12]}-{number[12:]}"
