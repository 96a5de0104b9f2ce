"""EAN-13, the number under the bars on goods: 12 digits and a check digit, weighted 1 and 3 in turn. UPC-A is its
12-digit form with a leading zero left out.

>>> validate("978-0-306-40615-7"), validate("0 36000 29145 2")
('9780306406157', '0036000291452')
>>> check_digit("978030640615")
'7'
>>> validate("9780306406158")
Traceback (most recent call last):
...
libops.base.errors.InvalidValue: '9780306406158' has check digit 8, where 7 would be right
"""

from __future__ import annotations

from libops.base.barcodes._text import digits, stripped
from libops.base.errors import InvalidValue

__all__ = ["check_digit", "compact", "format", "is_valid", "validate"]


def compact(text: str) -> str:
    """The 13 digits alone; 12 digits are a UPC-A and get their leading zero."""
    number = stripped(text)
    return f"0{number}" if len(number) == 12 else number


def check_digit(number: str) -> str:
    """The check digit for 12 digits."""
    return str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(number)) % 10)


def validate(text: str) -> str:
    """The compact number; raises `InvalidValue` when it is not 13 digits or its check digit is wrong."""
    number = digits(compact(text), 13, "an EAN-13", text)
    right = check_digit(number[:-1])
    if number[-1] != right:
        raise InvalidValue(f"{text!r} has check digit {number[-1]}, where {right} would be right")
    return number


def is_valid(text: str) -> bool:
    """Whether it is an EAN-13 or UPC-A with the right check digit."""
    try:
        return bool(validate(text))
    except InvalidValue:
        return False


def format(text: str) -> str:
    """In three groups, as below the bars."""
    number = compact(text)
    return f"{number[:1]} {number[1:7]} {number[7:]}"
