"""Standard numbers as catalogs write them: ISBN, ISSN, LCCN and OCLC number, cleaned to the form they are found by.

Each function takes the text of a subfield, with the qualifiers and prefixes found in the wild, and returns the number
in its one form, or an empty text when there is none or its check digit is wrong.

>>> isbn_13("0-13-110362-8 (pbk.)"), isbn_13("(v. 1) 0131103628"), isbn_13("0131103629")
('9780131103627', '9780131103627', '')
>>> issn("2049-3630"), lccn("   85-2 "), oclc_number("(OCoLC)ocm00012345")
('2049-3630', '85000002', '12345')
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["isbn_13", "isbn_10", "issn", "lccn", "oclc_number"]

ISBN_SHAPE: Final = re.compile(r"(?<![0-9A-Za-z])(97[89](?:[- ]?\d){10}|\d(?:[- ]?\d){8}[- ]?[\dXx])(?![0-9A-Za-z])")
ISSN_SHAPE: Final = re.compile(r"(?<![0-9A-Za-z])(\d{4})[-\u2013 ]?(\d{3}[\dXx])(?![0-9A-Za-z])")
OCLC_SHAPE: Final = re.compile(r"\s*(?:\(OCoLC\)\s*(?:ocm|ocn|on)?|ocm|ocn|on)\s*0*(\d+)", re.IGNORECASE)


def _sum_13(digits: str) -> int:
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))


def _value(char: str) -> int:
    return 10 if char == "X" else int(char)


def _isbn_10_is_right(digits: str) -> bool:
    return sum((10 - place) * _value(char) for place, char in enumerate(digits)) % 11 == 0


def isbn_13(text: str) -> str:
    """The first valid ISBN in the text, as thirteen digits.

    A printed-music number (979-0) is an ISMN and never taken for a book. Source: ISO 2108; ISO 10957.
    """
    for found in ISBN_SHAPE.finditer(text):
        digits = found[1].replace("-", "").replace(" ", "").upper()
        if len(digits) == 13:
            if _sum_13(digits) % 10 == 0 and not digits.startswith("9790"):
                return digits
        elif _isbn_10_is_right(digits):
            stem = "978" + digits[:9]
            return f"{stem}{-_sum_13(stem) % 10}"
    return ""


def isbn_10(isbn: str) -> str:
    """The older form of a 978 ISBN of thirteen digits, empty for one that has none (979).

    >>> isbn_10("9780131103627")
    '0131103628'
    """
    if not (isbn.startswith("978") and len(isbn) == 13):
        return ""
    stem = isbn[3:12]
    rest = -sum((10 - place) * int(char) for place, char in enumerate(stem)) % 11
    return stem + ("X" if rest == 10 else str(rest))


def issn(text: str) -> str:
    """The first valid ISSN in the text, as four digits, hyphen, four. Source: ISO 3297."""
    for found in ISSN_SHAPE.finditer(text):
        digits = (found[1] + found[2]).upper()
        if sum((8 - place) * _value(char) for place, char in enumerate(digits)) % 11 == 0:
            return f"{digits[:4]}-{digits[4:]}"
    return ""


def lccn(text: str) -> str:
    """A Library of Congress Control Number in its normalized form.

    Blanks go, a slash and what follows goes, and a hyphenated serial part is filled to six digits.
    Source: Library of Congress, info:lccn normalization.
    """
    plain = "".join(text.split()).partition("/")[0]
    head, hyphen, serial = plain.partition("-")
    if hyphen:
        plain = head + serial.zfill(6) if serial.isdigit() else head + serial
    found = re.fullmatch(r"([A-Za-z]{0,3})(\d{8}|\d{10})", plain)
    return found[1].lower() + found[2] if found else ""


def oclc_number(text: str) -> str:
    """An OCLC number from 035 or 001 without prefix and leading zeros; empty when the text is from another source."""
    found = OCLC_SHAPE.match(text)
    return found[1] if found else ""
