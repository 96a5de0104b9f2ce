"""How long a patron will probably wait, with what was assumed. A forecast is no promise and ends nothing (D10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from attrs import frozen

from libops.base.calendars import Calendar
from libops.base.ids import LibraryCode

__all__ = ["ComingItem", "Forecast", "arrives", "forecast"]

ALWAYS_OPEN = Calendar.always_open("UTC")


@frozen
class Forecast:
    """When an item will come: as it usually goes, and if every reader before keeps it as long as allowed.

    None where no item circulates. `assumptions` say in words what was taken for granted.
    """

    typical: datetime | None
    worst: datetime | None
    ahead: int
    items: int
    assumptions: tuple[str, ...]


@frozen
class ComingItem:
    """An item that circulates: from when on it is free, and at which library it is then."""

    free_from: datetime
    library: LibraryCode


def arrives(at: datetime, calendar: Calendar, open_days: int) -> datetime:
    """When an item that is sent at an instant is there: so many open days of the other library later.

    Only days count, not hours: a midday break or a short day delays no van. A library that never opens counts all days.

    >>> from libops.base.calendars import Hours, WeeklyHours
    >>> weekdays = Calendar("Europe/Berlin", WeeklyHours(*[(Hours.parse("10:00-18:00"),)] * 5))
    >>> friday = datetime(2026, 3, 6, 15, tzinfo=weekdays.zone_info)
    >>> str(weekdays.local(arrives(friday, weekdays, 2)))
    '2026-03-10 15:00:00+01:00'
    """
    local = calendar.local(at)
    day = calendar.add_open_days(local.date(), open_days) or local.date() + timedelta(days=open_days)
    return calendar.instant(day, local.timetz().replace(tzinfo=None))


def forecast(
    *,
    at: datetime,
    pickup: LibraryCode,
    ahead: Sequence[LibraryCode],
    items: Sequence[ComingItem],
    loan: timedelta,
    shelf: timedelta = timedelta(days=0),
    transit_days: int = 0,
    calendar: Callable[[LibraryCode], Calendar] = lambda code: ALWAYS_OPEN,
    typical_share: float = 0.6,
) -> Forecast:
    """When the turn comes to a hold that has others before it.

    Args:
        at: now.
        pickup: where the hold is picked up.
        ahead: of each hold that is served before, where it is picked up, in the order of the queue.
        items: those that circulate, without the missing, the lost, those in repair and those that stay in the house;
            `free_from` is when one is due back, `at` or earlier for one that is here or late.
        loan: the loan period.
        shelf: how long an item may wait for its patron.
        transit_days: how many open days a way between libraries takes.
        calendar: the calendar of a library.
        typical_share: the part of the loan and shelf time that readers usually use.

    >>> from datetime import UTC
    >>> now, main, east = datetime(2026, 3, 2, tzinfo=UTC), LibraryCode("MAIN"), LibraryCode("EAST")
    >>> items = [ComingItem(now, main), ComingItem(now + timedelta(days=14), main)]
    >>> month = timedelta(days=28)
    >>> found = forecast(at=now, pickup=main, ahead=[main, main], items=items, loan=month)
    >>> (found.worst - now).days, (found.typical - now).days
    (28, 16)
    >>> found = forecast(at=now, pickup=east, ahead=[main, main], items=items, loan=month, transit_days=2)
    >>> (found.worst - now).days, (found.typical - now).days
    (30, 18)
    """
    assumptions = (
        f"{len(items)} items circulate, and none is lost or added",
        f"{len(ahead)} holds are served before, and none is cancelled",
        "nobody renews, and items that are out come back on their due date, to where they were lent",
        f"at worst each reader takes {shelf.days} days to pick up and {loan.days} days to read",
        f"usually it is {typical_share:.0%} of that",
        f"an item at another library than the pickup place travels for {transit_days} open days",
    )
    if not items:
        return Forecast(None, None, len(ahead), 0, assumptions)

    def brought(item: ComingItem, place: LibraryCode) -> datetime:
        away = item.library != place
        return arrives(item.free_from, calendar(place), transit_days) if away else item.free_from

    turns = []
    for share in (typical_share, 1.0):
        free = [ComingItem(max(at, item.free_from), item.library) for item in items]
        for place in (*ahead, pickup):
            # Whatever is free first is sent, also from afar; of several, the one that need not travel.
            first = min(free, key=lambda item: (item.free_from, item.library != place))
            turn = brought(first, place)
            free[free.index(first)] = ComingItem(turn + (shelf + loan) * share, place)
        turns.append(turn)
    return Forecast(turns[0], turns[1], len(ahead), len(items), assumptions)
