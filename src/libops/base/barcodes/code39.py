"""Code 39: digits, capital letters and seven signs between two stars, with a check character modulo 43 if wanted.

>>> check_digit("LIB123"), validate("*LIB123D*"), compact("*lib 123d*")
('D', 'LIB123D', 'LIB 123D')
>>> validate("LIB123X")
Traceback (most recent call last):
...
libops.base.errors.InvalidValue: 'LIB123X' has check character X, where D would be right
"""

from __future__ import annotations

from libops.base.errors import InvalidValue

__all__ = ["check_digit", "compact", "format", "is_valid", "validate"]

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"


def compact(text: str) -> str:
    """The characters between the stars, in capitals; a space is a character like any other, even as the last one."""
    framed = text.strip().upper()
    if len(framed) > 1 and framed[0] == framed[-1] == "*":
        return framed[1:-1]
    return text.strip("\r\n\t").upper()


def check_digit(number: str) -> str:
    """The check character: the sum of the characters' places in the alphabet, modulo 43."""
    return ALPHABET[sum(map(ALPHABET.index, number)) % 43]


def validate(text: str) -> str:
    """The compact text with its check character; raises `InvalidValue` for a strange character or a wrong check."""
    number = compact(text)
    strange = sorted(set(number) - set(ALPHABET))
    if strange or len(number) < 2:
        raise InvalidValue(f"{text!r} is not Code 39 with a check character: use digits, capitals and -. $/+%")
    right = check_digit(number[:-1])
    if number[-1] != right:
        raise InvalidValue(f"{text!r} has check character {number[-1]}, where {right} would be right")
    return number


def is_valid(text: str) -> bool:
    """Whether it is Code 39 with the right check character."""
    try:
        return bool(validate(text))
    except InvalidValue:
        return False


def format(text: str) -> str:
    """Between stars, as a Code 39 font needs it."""
    return f"*{compact(text)}*"
