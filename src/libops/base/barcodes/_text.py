"""What all numbers share: taking out what is only there for the eye."""

from __future__ import annotations

from libops.base.errors import InvalidValue

__all__ = ["digits", "stripped"]


def stripped(text: str, marks: str = " -") -> str:
    """The text without the given marks and the hyphens that word processors make of them."""
    for mark in marks + "\u00ad\u2010\u2011\u2012\u2013\u2014" * ("-" in marks):
        text = text.replace(mark, "")
    return text.strip()


def digits(number: str, length: int, name: str, shown: str) -> str:
    """The number, if it is so many ASCII digits; raises `InvalidValue` with the text as it was given."""
    if len(number) != length or not (number.isascii() and number.isdigit()):
        raise InvalidValue(f"{shown!r} is not {name}: it has {length} digits")
    return number
