"""The number of the next issue: one further on the lowest level; what is full carries over to the level above."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from attrs import frozen

from libops.catalog.serials.pattern import Issue, NumberLevel, SerialPattern
from libops.catalog.serials.regularity import RegularityAct

__all__ = ["next_numbers"]


def next_numbers(pattern: SerialPattern, last: Issue, day: date) -> tuple[tuple[int, ...], int | None]:
    """The numbers of the issue of this day after the last one, and the last of them where several are combined."""
    numbers = list(last.numbers)
    if not numbers:
        return (), None
    if last.to_number is not None:
        numbers[-1] = last.to_number
    levels = pattern.levels
    turned = len(levels) > 1 and crosses(pattern.calendar_change, last.published, day)
    for place in range(len(levels) - 1, -1, -1):
        level, rule = levels[place], rules_at(pattern, place)
        if place == 0:
            # With a calendar change the highest level waits for it, however many issues a volume should have.
            numbers[0] = rule.after(numbers[0])
            break
        full = turned if pattern.calendar_change and place == 1 else _full(level, rule, numbers[place], last, day)
        full = full or turned
        numbers[place] = rule.first if full and level.restarts else rule.after(numbers[place])
        if not full:
            break
    return tuple(numbers), rules_at(pattern, len(levels) - 1).combined_with(numbers[-1])


def _full(level: NumberLevel, rule: LevelRules, number: int, last: Issue, day: date) -> bool:
    """Whether the level above goes up: it is full, or a new year begins where nobody says how many it takes."""
    if rule.published:
        return rule.after(number) <= number
    if level.units is None:
        return day.year > last.published.year
    return rule.after(number) > level.units if level.restarts else number % level.units == 0


def crosses(points: Sequence[tuple[int, int]], before: date, day: date) -> bool:
    """Whether one of these points of the year lies after the one day, up to the other.

    >>> crosses([(7, 1)], date(2026, 6, 30), date(2026, 7, 1)), crosses([(7, 1)], date(2026, 7, 1), date(2027, 6, 1))
    (True, False)
    """
    turns = [(year, *point) for point in points for year in range(before.year, day.year + 1)]
    start, end = ((one.year, one.month, one.day) for one in (before, day))
    return any(start < turn <= end for turn in turns)


@frozen
class LevelRules:
    """What the regularity says of the numbers of one level."""

    published: tuple[int, ...] = ()
    omitted: frozenset[int] = frozenset()
    groups: tuple[tuple[int, ...], ...] = ()

    @property
    def first(self) -> int:
        """The number the level begins with."""
        return self.published[0] if self.published else self.after(0)

    def after(self, number: int) -> int:
        """The number that follows; where only certain numbers are used it begins again after the last of them."""
        if self.published:
            return next((one for one in self.published if one > number), self.published[0])
        number += 1
        while number in self.omitted:
            number += 1
        return number

    def combined_with(self, number: int) -> int | None:
        """The last of the numbers that come as one with this, if it begins such a group."""
        return next((group[-1] for group in self.groups if group[0] == number), None)


def rules_at(pattern: SerialPattern, place: int) -> LevelRules:
    """The rules of a level by its place from the top, 0 for the highest."""
    codes = [one for one in pattern.regularity if one.level == place + 1]
    if not codes:
        return PLAIN
    by_act = {
        act: [tuple(map(int, group)) for one in codes if one.act is act for group in one.values]
        for act in RegularityAct
    }
    published = by_act[RegularityAct.PUBLISHED]
    return LevelRules(
        tuple(sorted(group[0] for group in published)),
        frozenset(number for group in by_act[RegularityAct.OMITTED] for number in group),
        tuple(group for group in (*published, *by_act[RegularityAct.COMBINED]) if len(group) > 1),
    )


PLAIN = LevelRules()
