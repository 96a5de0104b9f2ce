"""Calendars of libraries with the closings that were announced since the settings were written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from libops.base.calendars import Calendar, SpecialDays
from libops.base.ids import LibraryCode
from libops.circulation.model import AnnouncedClosing

__all__ = ["calendars_as_announced", "calendars_with"]


def calendars_with(
    calendars: Mapping[LibraryCode, Calendar], closings: Iterable[AnnouncedClosing], *, at: datetime | None = None
) -> dict[LibraryCode, Calendar]:
    """The calendars with the closings that count, or counted at a moment. A library without any keeps its calendar.

    >>> from datetime import UTC, date
    >>> closing = AnnouncedClosing(
    ...     "MAIN/2026-03-31/2026-04-02",
    ...     "MAIN",
    ...     date(2026, 3, 31),
    ...     date(2026, 4, 2),
    ...     "burst pipe",
    ...     datetime(2026, 3, 3, 11, tzinfo=UTC),
    ... )
    >>> town = {"MAIN": Calendar.always_open("Europe/Berlin")}
    >>> calendars_with(town, [closing])["MAIN"].next_open_day(date(2026, 3, 30))
    datetime.date(2026, 4, 3)
    """
    closed: dict[LibraryCode, list[SpecialDays]] = {}
    for closing in closings:
        calendar = calendars.get(closing.library)
        if closing.counts(at) and calendar is not None:
            closed.setdefault(closing.library, []).append(closing.days_in(calendar.zone_info))
    return {library: calendar.with_special(*closed.get(library, ())) for library, calendar in calendars.items()}


def calendars_as_announced(
    calendars: Mapping[LibraryCode, Calendar], closings: Iterable[AnnouncedClosing]
) -> dict[LibraryCode, Calendar]:
    """The calendars of libraries with closings, each of which closes the days from its announcement on and none before.

    >>> from datetime import UTC, date
    >>> days = date(2026, 3, 31), date(2026, 4, 2)
    >>> closing = AnnouncedClosing("MAIN/..", "MAIN", *days, "burst pipe", datetime(2026, 4, 1, 11, tzinfo=UTC))
    >>> town = calendars_as_announced({"MAIN": Calendar.always_open("Europe/Berlin")}, [closing])["MAIN"]
    >>> town.is_open_day(date(2026, 3, 31)), town.is_open_day(date(2026, 4, 1))
    (True, False)
    """
    closed: dict[LibraryCode, list[SpecialDays]] = {}
    for closing in closings:
        calendar = calendars.get(closing.library)
        if closing.counts() and calendar is not None:
            days = closing.days_from_announcement(calendar.zone_info)
            closed.setdefault(closing.library, []).extend(() if days is None else (days,))
    return {library: calendars[library].with_special(*days) for library, days in closed.items()}
