"""Bookings that come back: every Tuesday at four, on the wall clock of the library."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.base.periods import Period

__all__ = ["LONGEST_SERIES", "Recurrence", "occurrences"]

LONGEST_SERIES = 366
"""How many bookings one series may have."""

Span = tuple[datetime, datetime]


@frozen(kw_only=True)
class Recurrence:
    """How a booking comes back: every so many days, weeks or months, `count` times or `until` a date (included).

    Days in `without` are left out (and not made up for).
    """

    every: Period = field()
    count: int | None = None
    until: date | None = None
    without: tuple[date, ...] = ()

    @every.validator
    def _by_the_calendar(self, _: object, every: Period) -> None:
        if every.is_timed or every.amount == 0:
            raise InvalidValue(f"a booking every {every}: give days, weeks or months, at least 1")

    def __attrs_post_init__(self) -> None:
        if (self.count is None) == (self.until is None):
            raise InvalidValue(f"a series of count {self.count} until {self.until}: give exactly one of the two")
        if self.count is not None and not 1 <= self.count <= LONGEST_SERIES:
            raise InvalidValue(f"a series of {self.count} bookings: give 1 to {LONGEST_SERIES}")


def occurrences(start: datetime, end: datetime, recurrence: Recurrence, zone: ZoneInfo) -> tuple[Span, ...]:
    """The spans of a series, the first included, in UTC.

    The wall-clock time stays the same when the clocks change, and the 31st is the last day of shorter months. Raises
    `InvalidValue` when the series has more than `LONGEST_SERIES` bookings.

    >>> from datetime import UTC
    >>> four, five = (datetime(2026, 3, 24, hour, tzinfo=UTC) for hour in (15, 16))
    >>> weekly = Recurrence(every=Period.parse("1 week"), count=2)
    >>> [str(start) for start, _ in occurrences(four, five, weekly, ZoneInfo("Europe/Berlin"))]
    ['2026-03-24 15:00:00+00:00', '2026-03-31 14:00:00+00:00']
    """
    spans: list[Span] = []
    for number in range(recurrence.count or LONGEST_SERIES + 1):
        ahead = Period(recurrence.every.amount * number, recurrence.every.unit)
        begins = ahead.after_instant(start, zone)
        day = begins.astimezone(zone).date()
        if recurrence.until is not None and day > recurrence.until:
            return tuple(spans)
        if day not in recurrence.without:
            spans.append((begins, ahead.after_instant(end, zone)))
    if recurrence.until is not None:
        raise InvalidValue(f"a series until {recurrence.until} has more than {LONGEST_SERIES} bookings: end it earlier")
    return tuple(spans)
