"""ISBN, the number of a book: ten characters until 2006 (weights 10 to 2, modulo 11, X for ten), thirteen since.

The thirteen are an EAN-13 with the prefix 978 or 979. Numbers that begin with 979-0 are music (ISMN) and never a book.

>>> validate("0-306-40615-2"), validate("978 0 306 40615 7")
('9780306406157', '9780306406157')
>>> to_isbn10("9780306406157"), check_digit("080442957"), check_digit("978030640615")
('0306406152', 'X', '7')
>>> format("0306406152")
'978-030640615-7'
>>> validate("979-0-2600-0043-8")
Traceback (most recent call last):
...
libops.base.errors.InvalidValue: '979-0-2600-0043-8' is an ISMN, the number of printed music, and no ISBN
"""

from __future__ import annotations

from libops.base.barcodes import ean13
from libops.base.barcodes._text import digits, stripped
from libops.base.errors import InvalidValue

__all__ = ["check_digit", "compact", "format", "is_valid", "to_isbn10", "to_isbn13", "validate"]


def compact(text: str) -> str:
    """The characters alone, without hyphens, spaces or a leading "ISBN"; the length stays as it is."""
    number = stripped(text).upper().removeprefix("ISBN")
    # "ISBN-13:" and "ISBN-10:" lose their hyphen first.
    return number.partition(":")[2].strip() if ":" in number else number


def check_digit(number: str) -> str:
    """The check character for the first 9 of ten, or the first 12 of thirteen."""
    if len(number) == 12:
        return ean13.check_digit(number)
    rest = -sum(int(digit) * (10 - place) for place, digit in enumerate(number)) % 11
    return "X" if rest == 10 else str(rest)


def validate(text: str) -> str:
    """The ISBN as thirteen digits; raises `InvalidValue` for any other length, prefix or check digit, and for music."""
    number = compact(text)
    if len(number) == 10:
        body = digits(number[:9], 9, "an ISBN before its check character", text)
        right = check_digit(body)
        if number[-1] != right:
            raise InvalidValue(f"{text!r} has check character {number[-1]}, where {right} would be right")
        return _thirteen(body)
    if len(number) != 13:
        raise InvalidValue(f"{text!r} is not an ISBN: it has 10 or 13 characters")
    number = ean13.validate(number)
    if number.startswith("9790"):
        raise InvalidValue(f"{text!r} is an ISMN, the number of printed music, and no ISBN")
    if not number.startswith(("978", "979")):
        raise InvalidValue(f"{text!r} is not an ISBN: thirteen digits begin with 978 or 979")
    return number


def _thirteen(body: str) -> str:
    return f"978{body}{ean13.check_digit(f'978{body}')}"


def is_valid(text: str) -> bool:
    """Whether it is the number of a book, old or new."""
    try:
        return bool(validate(text))
    except InvalidValue:
        return False


def to_isbn13(text: str) -> str:
    """The thirteen digits of an ISBN of either length."""
    return validate(text)


def to_isbn10(text: str) -> str:
    """The ten characters of an ISBN; raises `InvalidValue` for one that begins with 979, which has no short form."""
    number = validate(text)
    if not number.startswith("978"):
        raise InvalidValue(f"{text!r} has no form of ten characters: only those that begin with 978 have")
    return number[3:12] + check_digit(number[3:12])


def format(text: str) -> str:
    """Thirteen digits with prefix and check digit set apart; the hyphens between would need the agency's ranges."""
    number = validate(text)
    return f"{number[:3]}-{number[3:12]}-{number[12:]}"
