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

from libops.base.barcodes import isbn as isbn_number
from libops.base.barcodes import issn as issn_number
from libops.base.barcodes import lccn as lccn_number
from libops.base.errors import InvalidValue

__all__ = ["isbn_13", "issn", "lccn", "oclc_number"]

ISBN_SHAPE: Final = re.compile(r"(?<![0-9A-Za-z])(97[89](?:[- ]?\d){10}|\d(?:[- ]?\d){8}[- ]?[\dXx])(?![0-9A-Za-z])")
ISSN_SHAPE: Final = re.compile(r"(?<![0-9A-Za-z])(\d{4}[-\u2013 ]?\d{3}[\dXx])(?![0-9A-Za-z])")
OCLC_SHAPE: Final = re.compile(r"\s*(?:\(OCoLC\)\s*(?:ocm|ocn|on)?|ocm|ocn|on)\s*0*(\d+)", re.IGNORECASE)


def isbn_13(text: str) -> str:
    """The first valid ISBN in the text, as thirteen digits; a printed-music number (979-0) is none."""
    for found in ISBN_SHAPE.finditer(text):
        try:
            return isbn_number.validate(found[1])
        except InvalidValue:
            continue
    return ""


def issn(text: str) -> str:
    """The first valid ISSN in the text, as four digits, hyphen, four."""
    for found in ISSN_SHAPE.finditer(text):
        if issn_number.is_valid(found[1]):
            return issn_number.format(found[1].upper())
    return ""


def lccn(text: str) -> str:
    """A Library of Congress control number in its normal form."""
    try:
        return lccn_number.validate(text)
    except InvalidValue:
        return ""


def oclc_number(text: str) -> str:
    """An OCLC number from 035 or 001 without prefix and leading zeros; empty when the text is from another source."""
    found = OCLC_SHAPE.match(text)
    return found[1] if found else ""
