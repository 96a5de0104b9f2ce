"""Regularity (853 $y): what is published, omitted or combined beside what the frequency says.

A code has three parts: what is done, how the values count, the values. `om07` omits July, `cm07/08` combines July and
August, `pw02we` says the second Wednesday of a month, `ce27/8` combines numbers 7 and 8 of the second level.

>>> holidays = regularity_from("od0101,1225")
>>> holidays.falls_on(date(2026, 12, 25)), holidays.falls_on(date(2026, 12, 24))
(True, False)
>>> regularity_from("ow1104th").falls_on(date(2026, 11, 26))
True

Source: MARC 21 Format for Holdings Data, 853-855 $y, and its list of chronology and enumeration types.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from enum import Enum
from itertools import pairwise
from typing import Final

from attrs import frozen

from libops.base.errors import InvalidValue

__all__ = ["MonthDay", "Regularity", "RegularityAct", "RegularityUnit", "regularity_from"]

MonthDay = tuple[int, int]
"""A day of every year."""

WEEKDAYS: Final = ("mo", "tu", "we", "th", "fr", "sa", "su")
SEASONS: Final = {"21": 3, "22": 6, "23": 9, "24": 12}
"""Spring, summer, autumn and winter, by the month they begin in."""
FROM_THE_END: Final = {"99": 1, "98": 2, "97": 3}
EVERY_WEEK: Final = "00"

MONTH = "(0[1-9]|1[0-2])"
DAY = "(0[1-9]|[12][0-9]|3[01])"
WEEK = "(0[0-5]|9[789])"
NAME = "(mo|tu|we|th|fr|sa|su)"


class RegularityAct(Enum):
    """What becomes of the issues that a regularity code names."""

    PUBLISHED = "p"
    """Issues come at just these times, or have just these numbers."""
    OMITTED = "o"
    """No issue comes then, or none has that number."""
    COMBINED = "c"
    """They come as one."""


class RegularityUnit(Enum):
    """How the values of a regularity code count."""

    DAY = "d"
    """A day of the week (`su`), of the month (`15`), of the year (`0704`)."""
    MONTH = "m"
    SEASON = "s"
    """21 spring, 22 summer, 23 autumn, 24 winter."""
    WEEK = "w"
    """A week of the month and perhaps its day: `03we`, `0402th` (in April), `1299` (the last of December), or a week of
    the year: `27`."""
    YEAR = "y"
    ENUMERATION = "e"
    """Numbers at one level of enumeration."""


SHAPES: Final = {
    RegularityUnit.DAY: re.compile(f"{NAME}|{DAY}|{MONTH}{DAY}"),
    RegularityUnit.MONTH: re.compile(MONTH),
    RegularityUnit.SEASON: re.compile("2[1-4]"),
    RegularityUnit.WEEK: re.compile(f"{WEEK}{NAME}|{MONTH}{WEEK}{NAME}|{MONTH}{WEEK}|0[1-9]|[1-4][0-9]|5[0-3]"),
    RegularityUnit.YEAR: re.compile("[0-9]{4}"),
    RegularityUnit.ENUMERATION: re.compile("[1-9][0-9]{0,5}"),
}


@frozen
class Regularity:
    """One code of 853 $y. `values` are its groups: one value, or several that are combined; `level` is that of an
    enumeration, 1 for the highest, and 0 for chronology."""

    act: RegularityAct
    unit: RegularityUnit
    values: tuple[tuple[str, ...], ...]
    level: int = 0

    @property
    def is_chronology(self) -> bool:
        """Whether the code speaks of dates, not of numbers."""
        return self.unit is not RegularityUnit.ENUMERATION

    def falls_on(self, day: date, *, anchor: MonthDay | None = None) -> bool:
        """Whether one of the values names this day; with an `anchor`, a month or season is named by that day of its
        first month alone, and a year by that month and day."""
        return any(matches(self.unit, value, day, anchor) for group in self.values for value in group)


def regularity_from(text: str) -> Regularity:
    """A code as it stands in 853 $y. Raises `InvalidValue` for one that the standard does not know."""
    plain = text.strip()
    try:
        act, unit = RegularityAct(plain[:1]), RegularityUnit(plain[1:2])
    except ValueError:
        raise _unknown(text) from None
    level, rest = 0, plain[2:]
    if unit is RegularityUnit.ENUMERATION:
        if rest[:1] not in ("1", "2", "3", "4", "5", "6"):
            raise _unknown(text)
        level, rest = int(rest[0]), rest[1:]
    groups = tuple([tuple(group.split("/")) for group in rest.split(",")])
    for group in groups:
        if not all(SHAPES[unit].fullmatch(value) for value in group):
            raise _unknown(text)
        if act is RegularityAct.COMBINED and len(group) < 2:
            raise InvalidValue(f"853 $y {text!r} combines one issue with nothing: write cm07/08")
        if unit is RegularityUnit.ENUMERATION and not all(int(one) < int(other) for one, other in pairwise(group)):
            raise InvalidValue(f"853 $y {text!r} combines numbers that do not go up")
    return Regularity(act, unit, groups, level)


def _unknown(text: str) -> InvalidValue:
    return InvalidValue(f"853 $y {text!r} is no regularity code: write om07, cm07/08, pd01,15, pw02we, ce27/8")


def matches(unit: RegularityUnit, value: str, day: date, anchor: MonthDay | None) -> bool:
    """Whether a value names a day."""
    if unit is RegularityUnit.DAY:
        if value in WEEKDAYS:
            return WEEKDAYS[day.weekday()] == value
        return int(value[-2:]) == day.day and (len(value) == 2 or int(value[:2]) == day.month)
    if unit is RegularityUnit.WEEK:
        return _in_week(value, day)
    if anchor and day.day != min(anchor[1], monthrange(day.year, day.month)[1]):
        return False
    if unit is RegularityUnit.MONTH:
        return int(value) == day.month
    if unit is RegularityUnit.SEASON:
        begins = SEASONS[value]
        return day.month == begins if anchor else day.month in (begins, begins % 12 + 1, begins % 12 + 2)
    return int(value) == day.year and (anchor is None or day.month == anchor[0])


def _in_week(value: str, day: date) -> bool:
    name = value[-2:] if value[-2:] in WEEKDAYS else ""
    digits = value.removesuffix(name)
    if len(digits) == 2 and not name:
        return day.isocalendar().week == int(digits)
    month, week = digits[:-2], digits[-2:]
    if name and WEEKDAYS[day.weekday()] != name:
        return False
    if month and int(month) != day.month:
        return False
    if week == EVERY_WEEK:
        return True
    if week in FROM_THE_END:
        return (monthrange(day.year, day.month)[1] - day.day) // 7 + 1 == FROM_THE_END[week]
    return (day.day - 1) // 7 + 1 == int(week)
