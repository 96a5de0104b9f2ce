"""ISIL, the identifier of a library (ISO 15511): a country or another registry, a hyphen, up to eleven characters.

Letters keep their case, as two units may differ by it; it has no check digit.

>>> validate("DE-Tue120"), validate("ISIL US-InU-Mu"), format(" oclc-IDIVF ")
('DE-Tue120', 'US-InU-Mu', 'oclc-IDIVF')
>>> validate("Tuebingen 120")
Traceback (most recent call last):
...
libops.base.errors.InvalidValue: 'Tuebingen 120' is not an ISIL: write it like 'DE-Tue120', at most 16 characters
"""

from __future__ import annotations

import re

from libops.base.errors import InvalidValue

__all__ = ["compact", "format", "is_valid", "validate"]

SHAPE = re.compile(r"[A-Za-z0-9]{1,4}-[A-Za-z0-9:/-]{1,11}", re.ASCII)


def compact(text: str) -> str:
    """The identifier without spaces and a leading "ISIL"."""
    return text.strip().removeprefix("ISIL").strip()


def validate(text: str) -> str:
    """The identifier; raises `InvalidValue` when it has not the shape of one."""
    identifier = compact(text)
    if not SHAPE.fullmatch(identifier):
        raise InvalidValue(f"{text!r} is not an ISIL: write it like 'DE-Tue120', at most 16 characters")
    return identifier


def is_valid(text: str) -> bool:
    """Whether it has the shape of an ISIL."""
    return SHAPE.fullmatch(compact(text)) is not None


def format(text: str) -> str:
    """The identifier as it is written."""
    return compact(text)
