"""Closings that a library announces, beside the special days that stand in its settings."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from attrs import evolve, frozen

from libops.base.calendars import SpecialDays
from libops.base.ids import LibraryCode

__all__ = ["AnnouncedClosing", "closing_key"]


@frozen
class AnnouncedClosing:
    """Days, both included, on which a library is closed whatever its settings say, from `announced_at` on.

    It counts for all due dates, fines, shelf times and bookings of the library until it is undone, at `undone_at`.
    """

    key: str
    library: LibraryCode
    first: date
    last: date
    why: str
    announced_at: datetime
    undone_at: datetime | None = None

    def days_in(self, zone: tzinfo) -> SpecialDays:
        """What it adds to the calendar; `zone` is the library's, and says on which day it was announced there."""
        note = f"closing announced {self.announced_at.astimezone(zone):%Y-%m-%d}"
        return SpecialDays(self.first, self.last, note=f"{note}: {self.why}" if self.why else note)

    def days_from_announcement(self, zone: tzinfo) -> SpecialDays | None:
        """What it adds to the calendar from the day of the announcement on; None for nothing."""
        known = self.announced_at.astimezone(zone).date()
        return None if known > self.last else evolve(self.days_in(zone), first=max(known, self.first))

    def counts(self, at: datetime | None = None) -> bool:
        """Whether it was known, and not undone, at a moment; at present when left out."""
        if at is None:
            return self.undone_at is None
        return self.announced_at <= at and (self.undone_at is None or at < self.undone_at)


def closing_key(library: str, first: date, last: date) -> str:
    """The key of a library's closing.

    >>> closing_key("MAIN", date(2026, 3, 31), date(2026, 4, 2))
    'MAIN/2026-03-31/2026-04-02'
    """
    return f"{library}/{first.isoformat()}/{last.isoformat()}"
