"""The dates of issues to come: by the frequency, or by what the regularity says, without those omitted.

>>> from itertools import islice
>>> from libops.catalog.serials.regularity import regularity_from
>>> pattern = SerialPattern(Frequency.MONTHLY, regularity=(regularity_from("cm07/08"), regularity_from("om12")))
>>> found = combined_dates(pattern, [date(2026, 6, 1)])
>>> [f"{day:%m}" + (f"/{until:%m}" if until else "") for day, until in islice(found, 6)]
['07/08', '09', '10', '11', '01', '02']
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from libops.base.errors import InvalidValue
from libops.catalog.serials.pattern import WINTER, Frequency, SerialPattern
from libops.catalog.serials.regularity import MonthDay, Regularity, RegularityAct, RegularityUnit, matches

__all__ = ["combined_dates"]

MONTHS: Final = {
    Frequency.MONTHLY: 1,
    Frequency.BIMONTHLY: 2,
    Frequency.QUARTERLY: 3,
    Frequency.THREE_TIMES_A_YEAR: 4,
    Frequency.SEMIANNUAL: 6,
    Frequency.ANNUAL: 12,
    Frequency.BIENNIAL: 24,
    Frequency.TRIENNIAL: 36,
}
DAYS: Final = {Frequency.DAILY: 1, Frequency.WEEKLY: 7, Frequency.BIWEEKLY: 14}
CYCLES: Final = {
    Frequency.SEMIWEEKLY: (3, 4),
    Frequency.THREE_TIMES_A_WEEK: (2, 2, 3),
    Frequency.SEMIMONTHLY: (14,),
    Frequency.THREE_TIMES_A_MONTH: (10, 10),
}
"""Days to the next issue while the cycle of a week or month is not yet known; then it repeats."""
DAY: Final = timedelta(1)
IN_VAIN: Final = timedelta(366 * 12)
"""After so long without an issue a pattern names no date at all: 29 February may be eight years away, not twelve."""


def combined_dates(pattern: SerialPattern, known: list[date]) -> Iterator[tuple[date, date | None]]:
    """The dates after the last of those known, each with the last of the dates combined with it, if any are."""
    dates = _dates(pattern, known)
    groups = [
        (one.unit, group)
        for one in pattern.regularity
        if one.is_chronology and one.act is not RegularityAct.OMITTED
        for group in one.values
        if len(group) > 1
    ]
    if not groups:
        yield from ((day, None) for day in dates)
        return
    ahead = next(dates, None)
    while ahead is not None:
        first, last = ahead, None
        ahead = next(dates, None)
        unit, rest = next(
            ((unit, group[1:]) for unit, group in groups if _named(pattern, unit, group[0], first)), (None, ())
        )
        for value in rest:
            if ahead is None or unit is None or not _named(pattern, unit, value, ahead):
                break
            last, ahead = ahead, next(dates, None)
        yield first, last


def _named(pattern: SerialPattern, unit: RegularityUnit, value: str, day: date) -> bool:
    if unit is RegularityUnit.SEASON and value == WINTER and pattern.winter_begins_the_year:
        return day.month == 1
    return matches(unit, value, day, None)


def _dates(pattern: SerialPattern, known: list[date]) -> Iterator[date]:
    """The dates at which issues come, one by one."""
    last = known[-1]
    ends_month = last.day == monthrange(last.year, last.month)[1]
    anchor = (last.month, max(day.day for day in known) if ends_month else last.day)
    omitted = [one for one in pattern.regularity if one.is_chronology and one.act is RegularityAct.OMITTED]
    found = _published(pattern, last, anchor) if pattern.published else _steps(pattern, known, anchor)
    seen = last
    try:
        for day in found:
            if not any(one.falls_on(day) for one in omitted):
                seen = day
                yield day
            elif day - seen > IN_VAIN:
                raise InvalidValue(f"no issue comes for years after {seen}: 853 $y omits all of them")
    except OverflowError:
        # The calendar ends with the year 9999, and so does what can be expected.
        return


def _published(pattern: SerialPattern, last: date, anchor: MonthDay) -> Iterator[date]:
    rules, day, seen = pattern.published, last, last
    while day < date.max:
        day += DAY
        if any(_comes(pattern, rule, day, anchor) for rule in rules):
            seen = day
            yield day
        elif day - seen > IN_VAIN:
            raise InvalidValue(f"853 $y names no date in the years after {seen}")


def _comes(pattern: SerialPattern, rule: Regularity, day: date, anchor: MonthDay) -> bool:
    if rule.unit is RegularityUnit.SEASON and pattern.winter_begins_the_year:
        on_the_day = day.day == min(anchor[1], monthrange(day.year, day.month)[1])
        return on_the_day and any(
            day.month == 1 if value == WINTER else matches(rule.unit, value, day, anchor)
            for group in rule.values
            for value in group
        )
    return rule.falls_on(day, anchor=anchor)


def _steps(pattern: SerialPattern, known: list[date], anchor: MonthDay) -> Iterator[date]:
    assert pattern.frequency is not None, "a pattern without frequency has regularity codes"
    days = list(known)
    while True:
        day = _next_day(pattern.frequency, days, anchor)
        days = [*days[-3:], day]
        yield day


def _next_day(frequency: Frequency, days: list[date], anchor: MonthDay) -> date:
    last = days[-1]
    if frequency in MONTHS:
        return _months_later(last, MONTHS[frequency], anchor[1])
    if frequency in DAYS:
        return last + timedelta(DAYS[frequency])
    steps = CYCLES[frequency]
    weekly = frequency in (Frequency.SEMIWEEKLY, Frequency.THREE_TIMES_A_WEEK)
    cycle = len(steps) if weekly else len(steps) + 1
    if len(days) >= cycle:
        first = days[-cycle]
        following = first + timedelta(7) if weekly else _months_later(first, 1, first.day)
        # A gap in what was received says nothing about the days of the cycle.
        if following > last:
            return following
    return last + timedelta(steps[(len(days) - 1) % len(steps)])


def _months_later(day: date, months: int, anchor: int) -> date:
    """The same day of a later month, its last where the month is shorter: 31 January, 28 February, 31 March."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError
    return date(year, month + 1, min(anchor, monthrange(year, month + 1)[1]))
