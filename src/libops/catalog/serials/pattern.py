"""Publication patterns: 853 (captions and pattern) and 863 (enumeration and chronology) of MARC 21 holdings.

>>> from libops.catalog.marc import MarcField
>>> pattern = pattern_from(MarcField("853", "20", subfields=(("a", "v."), ("b", "no."), ("u", "4"), ("v", "r"),
...                                                          ("i", "(year)"), ("j", "(season)"), ("w", "q"))))
>>> pattern.frequency, [level.caption for level in pattern.levels]
(<Frequency.QUARTERLY: 'q'>, ['v.', 'no.'])
>>> issue = issue_from(MarcField("863", "40", subfields=(("a", "12"), ("b", "1"), ("i", "2026"), ("j", "21"))))
>>> issue.numbers, issue.published
((12, 1), datetime.date(2026, 3, 1))
"""

from __future__ import annotations

import re
from datetime import date
from enum import Enum
from typing import Final

from attrs import evolve, field, frozen

from libops.base.bounds import at_least_one
from libops.base.errors import InvalidValue
from libops.catalog.marc.record import MarcField
from libops.catalog.serials.regularity import SEASONS, Regularity, RegularityAct, RegularityUnit, regularity_from

__all__ = ["Frequency", "Issue", "NumberLevel", "SerialPattern", "issue_from", "pattern_from"]

LEVELS: Final = "abcdef"
CHRONOLOGY: Final = "ijkl"
CHRONOLOGICAL: Final = ("(year)", "(season)", "(month)", "(week)", "(day)")
CHANGE: Final = re.compile(r"(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])?|2[1-4]")
WINTER: Final = "24"


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
    units: int | None = field(default=None, validator=at_least_one)
    restarts: bool = True

    def text(self, number: str) -> str:
        """A number with its caption; `(*)` is none, and one that begins with `+` follows the number."""
        if self.caption.startswith("+"):
            return f"{number}{self.caption[1:]}"
        return number if self.caption.startswith("(") else f"{self.caption}{number}"


@frozen
class SerialPattern:
    """How a serial is numbered, from the highest level down, and how often it comes.

    `frequency` is None where the regularity alone says when issues come. `calendar_change` are the points of the year,
    as month and day, at which the highest level goes up (853 $x). `chronology` are the captions of $i to $l. `part` is
    what kind of supplement or index it is (854 and 855 $o).
    """

    frequency: Frequency | None
    levels: tuple[NumberLevel, ...] = ()
    regularity: tuple[Regularity, ...] = ()
    calendar_change: tuple[tuple[int, int], ...] = ()
    chronology: tuple[str, ...] = ()
    part: str = ""

    @property
    def published(self) -> tuple[Regularity, ...]:
        """The codes that say at which dates issues come; where there are any, the frequency adds nothing."""
        dated = [one for one in self.regularity if one.is_chronology and one.act is not RegularityAct.OMITTED]
        if any(one.act is RegularityAct.PUBLISHED for one in dated):
            return tuple(dated)
        return ()

    @property
    def winter_begins_the_year(self) -> bool:
        """Whether a year's issues begin with winter: `ps24,21,22,23` lists it first, and then it is dated January."""
        seasons = [one for one in self.published if one.unit is RegularityUnit.SEASON]
        return bool(seasons) and seasons[0].values[0][0] == WINTER

    def text(self, issue: Issue) -> str:
        """The issue as it stands in an item's enumeration: `v.12:no.3`, `v.12:no.7/8`."""
        numbers = [str(number) for number in issue.numbers]
        if numbers and issue.to_number is not None:
            numbers[-1] = f"{numbers[-1]}/{issue.to_number}"
        told = ":".join(level.text(number) for level, number in zip(self.levels, numbers, strict=False))
        return f"{self.part} {told}".strip()


@frozen(order=True)
class Issue:
    """One issue: its numbers from the highest level down, and the day it is dated.

    Where several came as one, `to_number` is the last number of the lowest level, and `until` the last of the dates.
    """

    numbers: tuple[int, ...]
    published: date
    to_number: int | None = field(default=None, order=False)
    until: date | None = field(default=None, order=False)

    @property
    def last_date(self) -> date:
        """The last date that the issue stands for."""
        return self.published if self.until is None else self.until


def pattern_from(found: MarcField) -> SerialPattern:
    """The pattern in an 853, 854 or 855.

    Raises `InvalidValue` for a frequency that cannot be counted ahead (irregular, continuously updated, none given, or
    a plain number) unless $y says when issues come, and for a $u, $x or $y that cannot be read.
    """
    levels: list[NumberLevel] = []
    chronology: list[str] = []
    for name, text in found.subfields:
        if name in CHRONOLOGY or (name in LEVELS and text.strip() in CHRONOLOGICAL):
            chronology.append(text.strip())
        elif name in LEVELS:
            levels.append(NumberLevel(text.strip()))
        elif name == "u" and levels and text.strip() != "var":
            levels[-1] = evolve(levels[-1], units=_number(text, "853 $u"))
        elif name == "v" and levels:
            levels[-1] = evolve(levels[-1], restarts=text.strip() != "c")
    changes = tuple([_change(text) for value in found.all("x") for text in value.split(",") if text.strip()])
    rules = tuple([regularity_from(text) for text in found.all("y")])
    for rule in rules:
        if rule.level > len(levels):
            raise InvalidValue(f"853 $y speaks of level {rule.level}, and there are {len(levels)}")
    pattern = SerialPattern(None, tuple(levels), rules, changes, tuple(chronology), found.get("o").strip())
    return evolve(pattern, frequency=_frequency(found.get("w").strip(), pattern))


def _frequency(code: str, pattern: SerialPattern) -> Frequency | None:
    try:
        return Frequency(code)
    except ValueError:
        if pattern.published:
            return None
        known = " ".join(each.value for each in Frequency)
        raise InvalidValue(
            f"frequency {code!r} in 853 $w: issues can be expected for {known}, or where $y says when they come"
        ) from None


def _change(text: str) -> tuple[int, int]:
    code = text.strip()
    if not CHANGE.fullmatch(code):
        raise InvalidValue(f"853 $x {text!r} is no point of the year: write 07, 0701 or a season from 21 to 24")
    return SEASONS.get(code) or int(code[:2]), int(code[2:] or 1)


def issue_from(found: MarcField, pattern: SerialPattern | None = None) -> Issue:
    """The issue in an 863: the last one, where it tells a range (`1-12`).

    The pattern is asked where the year stands among the numbers. Raises `InvalidValue` for numbers or a date that
    cannot be read.
    """
    texts = {name: text.strip().rpartition("-")[2] for name, text in found.subfields}
    numbers = {name: text for name, text in texts.items() if name in LEVELS}
    dates = [texts[name] for name in CHRONOLOGY if name in texts]
    if pattern is not None and pattern.chronology and not dates:
        # Chronology in the place of numbers: $a (year) $b (season).
        names = sorted(numbers)[len(pattern.levels) :]
        dates = [numbers.pop(name) for name in names]
    ends = [_combined(text, f"863 ${name}") for name, text in numbers.items()]
    first, last = _dates(dates, winter_first=pattern is not None and pattern.winter_begins_the_year)
    to_number = ends[-1][1] if ends and ends[-1][1] != ends[-1][0] else None
    return Issue(tuple([one for one, _ in ends]), first, to_number, last if last != first else None)


def _dates(parts: list[str], *, winter_first: bool) -> tuple[date, date]:
    """The first and the last date of year, month or season, and day, of which each may be combined."""
    year, month, day = [*parts, "1", "1", "1"][:3] if parts else ("", "1", "1")
    found = []
    for end in (0, -1):
        text = month.split("/")[end]
        number = 1 if winter_first and text == WINTER else SEASONS.get(text)
        try:
            found.append(date(int(year.split("/")[end]), number or int(text), int(day.split("/")[end])))
        except ValueError:
            raise InvalidValue(f"863 $i {year!r} $j {month!r} $k {day!r} is no date") from None
    first, last = found
    if last < first and "/" not in year:
        # Combined over the turn of the year: December and January of one 863 $i.
        last = last.replace(year=last.year + 1)
    return first, last


def _combined(text: str, where: str) -> tuple[int, int]:
    first, slash, last = text.partition("/")
    return _number(first, where), _number(last if slash else first, where)


def _number(text: str, where: str) -> int:
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit()) or int(plain) < 1:
        raise InvalidValue(f"{where} is {text!r}: a whole number from 1 is wanted")
    return int(plain)
