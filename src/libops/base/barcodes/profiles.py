"""What a scanned text is: a patron card, an item's barcode, the number of a book, of music or of a serial, or unknown.

A library says in its profile how its own barcodes begin, how long they are and which check digit they carry, if any;
barcodes are text, and leading zeros live.

>>> STANDARD_PROFILE.recognize("A30234000517861B")
Recognized(kind=<BarcodeKind.ITEM: 'item'>, text='30234000517861', problem=None)
>>> STANDARD_PROFILE.recognize("979-0-2600-0043-8").kind
<BarcodeKind.ISMN: 'ismn'>
>>> STANDARD_PROFILE.recognize("22390000027896").problem
"'22390000027896' has check digit 6, where 5 would be right"
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import Enum

from attrs import field, frozen

from libops.base.barcodes import codabar, code39, ean13, isbn, ismn, issn, library14
from libops.base.errors import InvalidValue

__all__ = [
    "STANDARD_PROFILE",
    "BarcodeKind",
    "BarcodeProfile",
    "BarcodeRule",
    "CheckDigit",
    "Recognized",
    "clean",
]

AIM_PREFIX = re.compile(r"\][A-Za-z][0-9A-Za-z]", re.ASCII)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class BarcodeKind(Enum):
    """What a scanned text names."""

    PATRON_CARD = "patron-card"
    ITEM = "item"
    ISBN = "isbn"
    ISMN = "ismn"
    ISSN = "issn"
    UNKNOWN = "unknown"


class CheckDigit(Enum):
    """Which check digit a library's barcodes carry."""

    NONE = "none"
    """None; many libraries do without."""
    LUHN = "luhn"
    """The last digit is Luhn's, as in the 14-digit library barcode."""
    CODE_39 = "code-39"
    """The last character is that of Code 39, modulo 43."""
    EAN_13 = "ean-13"
    """Thirteen digits with the check digit of EAN-13."""


@frozen
class Recognized:
    """What a text is, the text as it is kept (a book's ISBN has thirteen digits), and what is wrong with it, if so."""

    kind: BarcodeKind
    text: str
    problem: str | None = None


def clean(text: str) -> str:
    """A scan without the symbology prefix that scanners put before it (`]F0`), control characters and outer spaces.

    >>> clean("]A0*LIB-0007*\\r\\n")
    '*LIB-0007*'
    """
    bare = CONTROL.sub("", text).strip()
    return bare[3:].strip() if AIM_PREFIX.match(bare) else bare


def _luhn(text: str) -> None:
    if not (text.isascii() and text.isdigit()):
        raise InvalidValue(f"{text!r} has no check digit: it is not all digits")
    right = library14.check_digit(text[:-1])
    if text[-1] != right:
        raise InvalidValue(f"{text!r} has check digit {text[-1]}, where {right} would be right")


CHECKS: dict[CheckDigit, Callable[[str], object]] = {
    CheckDigit.LUHN: _luhn,
    CheckDigit.CODE_39: code39.validate,
    CheckDigit.EAN_13: ean13.validate,
}


@frozen(kw_only=True)
class BarcodeRule:
    """How one sort of the library's barcodes looks: what it begins with, how long it is, how it is checked.

    `prefix` empty is any beginning, `length` None any length. Only `digits_only` barcodes lose the hyphens and spaces
    that were printed for the eye.
    """

    kind: BarcodeKind
    prefix: str = ""
    length: int | None = None
    digits_only: bool = True
    check: CheckDigit = CheckDigit.NONE

    def __attrs_post_init__(self) -> None:
        if self.kind not in (BarcodeKind.PATRON_CARD, BarcodeKind.ITEM):
            raise InvalidValue(f"a barcode rule for {self.kind.value}: give patron-card or item, the rest needs none")

    def reads(self, text: str) -> str | None:
        """The barcode as it is kept, when the text looks like one of this sort; the check digit is not looked at."""
        if self.digits_only:
            text = text.replace("-", "").replace(" ", "")
            if not (text.isascii() and text.isdigit()):
                return None
        if not text or not text.startswith(self.prefix) or self.length not in (None, len(text)):
            return None
        return text

    def problem(self, text: str) -> str | None:
        """What is wrong with the check digit, if the rule asks for one."""
        check = CHECKS.get(self.check)
        try:
            if check is not None:
                check(text)
        except InvalidValue as wrong:
            return str(wrong)
        return None


def _by_prefix(rules: Iterable[BarcodeRule]) -> tuple[BarcodeRule, ...]:
    """The longest prefix first; among equals the order in which they are listed."""
    return tuple(sorted(rules, key=lambda rule: -len(rule.prefix)))


@frozen
class BarcodeProfile:
    """The library's own barcodes. What no rule reads is tried as ISBN, ISMN and ISSN, and is unknown else."""

    rules: tuple[BarcodeRule, ...] = field(default=(), converter=_by_prefix)

    def recognize(self, text: str) -> Recognized:
        """What a scanned or typed text is. Never raises: an unknown text is an answer with its problem.

        A text that looks like a barcode of the library and fails its check digit is given with its kind and problem;
        a rule that it passes goes before.
        """
        bare = clean(text)
        doubtful: Recognized | None = None
        for candidate in dict.fromkeys((bare, codabar.compact(bare), code39.compact(bare) if "*" in bare else bare)):
            for rule in self.rules:
                barcode = rule.reads(candidate)
                if barcode is None:
                    continue
                problem = rule.problem(barcode)
                if problem is None:
                    return Recognized(rule.kind, barcode)
                doubtful = doubtful or Recognized(rule.kind, barcode, problem)
        return _identifier(bare) or doubtful or Recognized(BarcodeKind.UNKNOWN, bare, _unknown(bare))


def _identifier(text: str) -> Recognized | None:
    if ismn.is_valid(text):
        return Recognized(BarcodeKind.ISMN, ismn.validate(text))
    if isbn.is_valid(text):
        return Recognized(BarcodeKind.ISBN, isbn.validate(text))
    # Eight bare digits are too easily something else: without its hyphen only the cover's EAN is taken for a serial.
    if ("-" in text or text.upper().startswith(("ISSN", "977"))) and issn.is_valid(text):
        return Recognized(BarcodeKind.ISSN, issn.validate(text))
    return None


def _unknown(text: str) -> str:
    if not text:
        return "nothing was read: scan or type a barcode"
    if ean13.is_valid(text):
        return f"{text!r} is a product code, and neither of this library nor of a book, music or a serial"
    return f"{text!r} is no barcode of this library and no ISBN, ISMN or ISSN"


STANDARD_PROFILE = BarcodeProfile(
    [
        BarcodeRule(kind=BarcodeKind.PATRON_CARD, prefix="2", length=14, check=CheckDigit.LUHN),
        BarcodeRule(kind=BarcodeKind.ITEM, prefix="3", length=14, check=CheckDigit.LUHN),
    ]
)
"""14 digits with a check digit: 2 for a patron card, 3 for an item."""
