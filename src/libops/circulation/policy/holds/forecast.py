"""How long a patron will probably wait, with what was assumed. A forecast is no promise and ends nothing (D10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from attrs import frozen

__all__ = ["Forecast", "forecast"]


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


def forecast(
    *,
    at: datetime,
    ahead: int,
    free_from: Sequence[datetime],
    loan: timedelta,
    shelf: timedelta = timedelta(days=0),
    transit: timedelta = timedelta(days=0),
    typical_share: float = 0.6,
) -> Forecast:
    """When the turn comes to a hold that has `ahead` others before it.

    Args:
        at: now.
        ahead: holds that are served before.
        free_from: for each item that circulates, when it is due back; `at` or earlier for one that is here or late.
        loan: the loan period.
        shelf: how long an item may wait for its patron.
        transit: how long a way between libraries takes.
        typical_share: the part of the loan and shelf time that readers usually use.

    >>> from datetime import UTC
    >>> now = datetime(2026, 3, 2, tzinfo=UTC)
    >>> found = forecast(at=now, ahead=2, free_from=[now, now + timedelta(days=14)], loan=timedelta(days=28))
    >>> (found.worst - now).days, (found.typical - now).days
    (28, 16)
    """
    assumptions = (
        f"{len(free_from)} items circulate, and none is lost or added",
        f"{ahead} holds are served before, and none is cancelled",
        "nobody renews, and items that are out come back on their due date",
        f"at worst each reader takes {shelf.days} days to pick up and {loan.days} days to read",
        f"usually it is {typical_share:.0%} of that",
        f"each way between libraries takes {transit.days} days",
    )
    if not free_from:
        return Forecast(None, None, ahead, 0, assumptions)
    turns = []
    for share in (typical_share, 1.0):
        free = sorted(max(at, each) for each in free_from)
        for _ in range(ahead):
            free.append(free.pop(0) + transit + (shelf + loan) * share)
            free.sort()
        turns.append(free[0] + transit)
    return Forecast(turns[0], turns[1], ahead, len(free_from), assumptions)
