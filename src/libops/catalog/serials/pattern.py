"""Publication patterns: 853 (captions and pattern) and 863 (enumeration and chronology) of MARC 21 holdings.

>>> from libops.catalog.marc import MarcField
>>> pattern = pattern_from(MarcField("853", "20", subfields=(("a", "v."), ("b", "no."), ("u", "4"), ("v", "r"),
...                                                          ("i", "(year)"), ("j", "(season)"), ("w", "q"))))
>>> pattern.frequency, [level.caption for level in pattern.levels]
(<Frequency.QUARTERLY: 'q'>, ['v.', 'no.'])
>>> issue_from(MarcField("863", "40", subfields=(("a", "12"), ("b", "1"), ("i", "2026"), ("j", "21"))))
Issue(numbers=(12, 1), published=datetime.date(2026, 3, 1))
"""

from __future__ import annotations

from datetime import date
from enum import Enum

from attrs import frozen

from libops.base.errors import InvalidValue
from libops.catalog.marc.record import MarcField

__all__ = ["Frequency", "Issue", "NumberLevel", "SerialPattern", "issue_from", "pattern_from"]

LEVELS = "abcdef"
SEASONS = {"21": 3, "22": 6, "23": 9, "24": 12}
"""Spring, summer, autumn and winter, by the month they begin in."""


class Frequency(Enum):
    """How often issues come: the codes of 853 $w that can be counted ahead."""

    ANNUAL = "a"
    BIMONTHLY = "b"
    SEMIWEEKLY = "c"
    DAILY = "d"
    BIWEEKLY = "e"
    SEMIANNUAL = "f"
    BIENNIAL = "g"
    TRIENNIAL = "h"
    THREE_TIMES_A_WEEK = "i"
    THREE_TIMES_A_MONTH = "j"
    MONTHLY = "m"
    QUARTERLY = "q"
    SEMIMONTHLY = "s"
    THREE_TIMES_A_YEAR = "t"
    WEEKLY = "w"


@frozen
class NumberLevel:
    """A level of numbering: its caption, how many make one of the level above (None: not said), and whether it then
    starts from 1 again."""

    caption: str
    units: int | None = None
    restarts: bool = True


@frozen
class SerialPattern:
    """How a serial is numbered, from the highest level down, and how often it comes."""

    frequency: Frequency
    levels: tuple[NumberLevel, ...] = ()

    def text(self, issue: Issue) -> str:
        """The issue as it stands in an item's enumeration: `v.12:no.3`."""
        return ":".join(f"{level.caption}{number}" for level, number in zip(self.levels, issue.numbers, strict=False))


@frozen(order=True)
class Issue:
    """One issue: its numbers from the highest level down, and the day it is dated."""

    numbers: tuple[int, ...]
    published: date


def pattern_from(field: MarcField) -> SerialPattern:
    """The pattern in an 853.

    Raises `InvalidValue` for a frequency that cannot be counted ahead (irregular, continuously updated, none given, or
    a plain number) or a $u that is no number.
    """
    code = field.get("w").strip()
    try:
        frequency = Frequency(code)
    except ValueError:
        known = " ".join(each.value for each in Frequency)
        raise InvalidValue(f"frequency {code!r} in 853 $w: issues can be expected for {known}") from None
    levels: list[NumberLevel] = []
    for name, text in field.subfields:
        if name in LEVELS:
            levels.append(NumberLevel(text))
        elif name == "u" and levels and text.strip() != "var":
            levels[-1] = NumberLevel(levels[-1].caption, _number(text, "853 $u"), levels[-1].restarts)
        elif name == "v" and levels:
            levels[-1] = NumberLevel(levels[-1].caption, levels[-1].units, text.strip() != "c")
    return SerialPattern(frequency, tuple(levels))


def issue_from(field: MarcField) -> Issue:
    """The issue in an 863. Raises `InvalidValue` for numbers or a date that cannot be read."""
    numbers = tuple(_number(text, f"863 ${name}") for name, text in field.subfields if name in LEVELS)
    year, month, day = field.get("i"), field.get("j") or "1", field.get("k") or "1"
    try:
        published = date(int(year), SEASONS.get(month) or int(month), int(day))
    except ValueError:
        raise InvalidValue(f"863 $i {year!r} $j {month!r} $k {day!r} is no date") from None
    return Issue(numbers, published)


def _number(text: str, where: str) -> int:
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit()) or int(plain) < 1:
        raise InvalidValue(f"{where} is {text!r}: a whole number from 1 is wanted")
    return int(plain)
