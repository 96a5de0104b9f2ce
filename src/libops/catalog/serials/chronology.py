"""The date of an issue as it stands on its label.

>>> from libops.catalog.serials.pattern import Frequency
>>> monthly = SerialPattern(Frequency.MONTHLY)
>>> chronology_text(monthly, Issue((), date(2026, 7, 1), until=date(2026, 8, 1)))
'2026:July/Aug.'
>>> chronology_text(monthly, Issue((), date(2026, 12, 1), until=date(2027, 1, 1)), language="de")
'2026/2027:Dez./Jan.'

Source: ANSI/NISO Z39.71, Holdings Statements for Bibliographic Items, for order and punctuation.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from tomllib import loads
from typing import Any, Final

from libops.catalog.serials.pattern import Frequency, Issue, SerialPattern
from libops.catalog.serials.regularity import SEASONS

__all__ = ["chronology_text"]

YEARLY: Final = (Frequency.ANNUAL, Frequency.BIENNIAL, Frequency.TRIENNIAL)
MONTHLY: Final = (
    Frequency.MONTHLY,
    Frequency.BIMONTHLY,
    Frequency.QUARTERLY,
    Frequency.THREE_TIMES_A_YEAR,
    Frequency.SEMIANNUAL,
)


@cache
def _names() -> dict[str, Any]:
    return loads(files(__package__).joinpath("chronology.toml").read_text("utf-8"))


def captions_of(pattern: SerialPattern) -> tuple[str, ...]:
    """The parts of a date that the issues of a pattern bear: its own captions, or what its frequency needs."""
    if pattern.chronology:
        return pattern.chronology
    if pattern.frequency in YEARLY:
        return ("(year)",)
    return ("(year)", "(month)") if pattern.frequency in MONTHLY else ("(year)", "(month)", "(day)")


def chronology_text(pattern: SerialPattern, issue: Issue, *, language: str = "en") -> str:
    """The date of an issue in the parts that its pattern names, combined dates with a slash."""
    names = _names().get(language) or _names()["en"]
    ends = (issue.published, issue.last_date)
    parts = [
        [_part(caption, day, names, winter_first=pattern.winter_begins_the_year) for day in ends]
        for caption in captions_of(pattern)
    ]
    shown = [first if first == last else f"{first}/{last}" for first, last in parts if first]
    year, rest = shown[:1], shown[1:]
    return ":".join([*year, *([" ".join(rest)] if rest else [])])


def _part(caption: str, day: date, names: dict[str, Any], *, winter_first: bool) -> str:
    if caption == "(year)":
        return str(day.year)
    if caption == "(month)":
        return str(names["months"][day.month - 1])
    if caption == "(day)":
        return str(day.day)
    if caption == "(week)":
        return str(day.isocalendar().week)
    if caption == "(season)":
        return str(names["seasons"][_season(day, winter_first=winter_first)])
    return ""


def _season(day: date, *, winter_first: bool) -> int:
    if winter_first and day.month == 1:
        return 3
    begins = [month for month in SEASONS.values() if month <= day.month]
    return list(SEASONS.values()).index(max(begins)) if begins else 3
