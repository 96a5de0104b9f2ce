"""Opening hours as a library writes them: spans of a day, a week of them, and the days that differ.

>>> Hours.parse("09:00-12:30")
Hours(opens=datetime.time(9, 0), closes=datetime.time(12, 30))
>>> print(Hours.parse("20:00-02:00"), Hours.parse("0:00-24:00"))
20:00-02:00 00:00-24:00
>>> Hours.parse("nine to five")
Traceback (most recent call last):
...
libops.base.errors.InvalidValue: 'nine to five' is not a span of opening hours: write it like '09:00-12:30'
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from itertools import pairwise

from attrs import field, frozen

from libops.base.errors import InvalidValue

__all__ = ["Hours", "OpenSpan", "SpecialDays", "WeeklyHours", "as_hours"]

SPAN = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*", re.ASCII)


@frozen(order=True)
class Hours:
    """One opening span on the wall clock of the library.

    A span that closes at or before the time it opens runs past midnight into the next day; it belongs to the day it
    opens on. 00:00-00:00 (or 00:00-24:00) is the whole day.
    """

    opens: time
    closes: time

    def __attrs_post_init__(self) -> None:
        if self.opens.tzinfo or self.closes.tzinfo:
            raise InvalidValue(
                f"opening hours {self} carry a time zone: give wall-clock times, the calendar has the zone"
            )

    @classmethod
    def parse(cls, text: str) -> Hours:
        """The span that a text such as "09:00-12:30", "20:00-02:00" or "00:00-24:00" names."""
        found = SPAN.fullmatch(text)
        if found:
            hour, minute, until, minute_until = map(int, found.groups())
            if (until, minute_until) == (24, 0):
                until = 0
            if hour < 24 and until < 24 and minute < 60 and minute_until < 60:
                return cls(time(hour, minute), time(until, minute_until))
        raise InvalidValue(f"{text!r} is not a span of opening hours: write it like '09:00-12:30'")

    @property
    def past_midnight(self) -> bool:
        """Whether it closes on the day after it opens; closing at midnight counts as such."""
        return self.closes <= self.opens

    def __str__(self) -> str:
        closes = "24:00" if self.closes == time(0) else f"{self.closes:%H:%M}"
        return f"{self.opens:%H:%M}-{closes}"


def as_hours(spans: str | Iterable[Hours | str]) -> tuple[Hours, ...]:
    """The spans of one day in order, from text ("10:00-13:00 15:00-19:00", "" or "closed") or a list of spans.

    Raises `InvalidValue` when two of them overlap; spans that touch are allowed.
    """
    if isinstance(spans, str):
        words = re.sub(r"\s*[-–]\s*", "-", spans).replace(",", " ").split()
        spans = () if words == ["closed"] else words
    hours = sorted(Hours.parse(span) if isinstance(span, str) else span for span in spans)
    for earlier, later in pairwise(hours):
        if earlier.past_midnight or later.opens < earlier.closes:
            raise InvalidValue(f"opening hours {earlier} and {later} overlap: give spans of a day that do not")
    return tuple(hours)


@frozen
class WeeklyHours:
    """The hours of an ordinary week; a day that is not named is closed. Each day takes text or a list of spans.

    >>> WeeklyHours(monday="09:00-12:00 13:00-18:00").monday[1].opens
    datetime.time(13, 0)
    """

    monday: tuple[Hours, ...] = field(default=(), converter=as_hours)
    tuesday: tuple[Hours, ...] = field(default=(), converter=as_hours)
    wednesday: tuple[Hours, ...] = field(default=(), converter=as_hours)
    thursday: tuple[Hours, ...] = field(default=(), converter=as_hours)
    friday: tuple[Hours, ...] = field(default=(), converter=as_hours)
    saturday: tuple[Hours, ...] = field(default=(), converter=as_hours)
    sunday: tuple[Hours, ...] = field(default=(), converter=as_hours)

    @classmethod
    def every_day(cls, hours: str | Iterable[Hours | str]) -> WeeklyHours:
        """The same hours on all seven days."""
        spans = as_hours(hours)
        return cls(spans, spans, spans, spans, spans, spans, spans)

    @property
    def days(self) -> tuple[tuple[Hours, ...], ...]:
        """The seven days, Monday first, as `date.weekday` numbers them."""
        return (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday)


@frozen
class SpecialDays:
    """Days that differ from the ordinary week: closed when `hours` is empty, else open as given.

    `last` is included; without it the entry is one day. `yearly` repeats it every year from the first on (29 February
    only in leap years); a range may run over New Year. A dated entry beats a yearly one; of two of the same kind the
    one listed later wins.
    """

    first: date
    last: date | None = None
    hours: tuple[Hours, ...] = field(default=(), converter=as_hours)
    yearly: bool = False
    note: str = ""

    def __attrs_post_init__(self) -> None:
        if self.last is None:
            return
        if self.last < self.first:
            raise InvalidValue(f"special days end on {self.last} before they begin on {self.first}: swap the two")
        if self.yearly and (self.last - self.first).days > 364:
            raise InvalidValue(f"special days {self.first} to {self.last} cannot repeat yearly: give less than a year")

    def covers(self, day: date) -> bool:
        """Whether `day` is one of these days."""
        last = self.last or self.first
        if not self.yearly:
            return self.first <= day <= last
        if day < self.first:
            return False
        start, end, this = (self.first.month, self.first.day), (last.month, last.day), (day.month, day.day)
        return start <= this <= end if start <= end else this >= start or this <= end


@frozen
class OpenSpan:
    """A stretch in which the library is open, as UTC instants; `closes` itself is closed."""

    opens: datetime
    closes: datetime
