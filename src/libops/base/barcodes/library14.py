"""The 14-digit library barcode: 1 digit of type (2 patron, 3 item), 4 of the institution, 8 of serial, 1 check digit.

The check digit is Luhn's: double every other digit from the first, add the digits of all, complement to ten. Many
libraries print 14 digits without any check digit; whether it is asked for is a matter of the library's profile.

>>> validate("3 0234 00051 7861")
'30234000517861'
>>> check_digit("3319100010586")
'4'
>>> format("30234000517861")
'3 0234 00051786 1'
>>> validate("35555000012349")
Traceback (most recent call last):
...
libops.base.errors.InvalidValue: '35555000012349' has check digit 9, where 6 would be right
"""

from __future__ import annotations

from libops.base.barcodes._text import digits, stripped
from libops.base.errors import InvalidValue

__all__ = ["check_digit", "compact", "format", "is_valid", "validate"]


def compact(text: str) -> str:
    """The digits alone."""
    return stripped(text)


def check_digit(number: str) -> str:
    """The check digit for 13 digits (or any number of them)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def validate(text: str) -> str:
    """The compact number; raises `InvalidValue` when it is not 14 digits or its check digit is wrong."""
    number = digits(compact(text), 14, "a 14-digit library barcode", text)
    right = check_digit(number[:-1])
    if number[-1] != right:
        raise InvalidValue(f"{text!r} has check digit {number[-1]}, where {right} would be right")
    return number


def is_valid(text: str) -> bool:
    """Whether it is 14 digits with the right check digit."""
    try:
        return bool(validate(text))
    except InvalidValue:
        return False


def format(text: str) -> str:
    """Type, institution, serial and check digit apart, as they are printed below the bars."""
    number = compact(text)
    return f"{number[:1]} {number[1:5]} {number[5:13]} {number[13:]}"
