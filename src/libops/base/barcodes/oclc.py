"""OCLC control number, the number of a record in WorldCat: digits behind one of several prefixes.

Leading zeros do not count; it has no check digit.

>>> validate("(OCoLC)ocm00012345"), compact("on1234567890"), format("12345")
('12345', '1234567890', '(OCoLC)12345')
>>> validate("(DLC)12345")
Traceback (most recent call last):
...
libops.base.errors.InvalidValue: '(DLC)12345' is not an OCLC number: digits, perhaps behind (OCoLC), ocm, ocn or on
"""

from __future__ import annotations

from libops.base.errors import InvalidValue

__all__ = ["compact", "format", "is_valid", "validate"]


def compact(text: str) -> str:
    """The digits without prefix and leading zeros."""
    number = text.strip().lower().removeprefix("(ocolc)").strip()
    for prefix in ("ocm", "ocn", "on"):
        if number.startswith(prefix):
            number = number.removeprefix(prefix).strip()
            break
    return number.lstrip("0")


def validate(text: str) -> str:
    """The digits; raises `InvalidValue` for anything else, zero included."""
    number = compact(text)
    if not (number.isascii() and number.isdigit()):
        raise InvalidValue(f"{text!r} is not an OCLC number: digits, perhaps behind (OCoLC), ocm, ocn or on")
    return number


def is_valid(text: str) -> bool:
    """Whether it can be an OCLC number."""
    try:
        return bool(validate(text))
    except InvalidValue:
        return False


def format(text: str) -> str:
    """With the prefix that MARC field 035 carries."""
    return f"(OCoLC){compact(text)}"
