"""Calendars: when a library is open, and which day a moment belongs to.

A `Calendar` is one library's weekly hours, its special days and its time zone. Hours are half-open: the closing
instant itself is closed, so a loan due exactly at closing time is due outside hours (as in FOLIO). A wall-clock time
that the spring change skips moves forward by the change; one that the autumn change repeats is the first of the two.

>>> from datetime import date
>>> town = Calendar(
...     "Europe/Berlin",
...     WeeklyHours(tuesday="10:00-13:00 15:00-19:00", saturday="10:00-14:00"),
...     special=(SpecialDays(date(2026, 12, 24), date(2027, 1, 1), note="Christmas"),),
... )
>>> town.is_open_day(date(2026, 12, 22)), town.is_open_day(date(2026, 12, 29))
(True, False)
>>> town.next_open_day(date(2026, 12, 22))
datetime.date(2027, 1, 2)
"""

from libops.base.calendars.calendar import SEARCH_DAYS, Calendar
from libops.base.calendars.hours import Hours, OpenSpan, SpecialDays, WeeklyHours

__all__ = ["SEARCH_DAYS", "Calendar", "Hours", "OpenSpan", "SpecialDays", "WeeklyHours"]
