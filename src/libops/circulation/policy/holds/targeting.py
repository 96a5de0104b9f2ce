"""Which item is fetched for a hold, and where first: terms that the whole network agrees on.

An item that is returned or scanned fills the first hold of its queue, wherever it is. Targeting is about items that
stand on shelves: of several libraries that could fetch one, one is asked, and after a while another.

>>> Targeting().retarget_after is None, Targeting(loops=0)
Traceback (most recent call last):
    ...
libops.base.errors.InvalidValue: loops = 0 is below 1: write 1 or more, or leave it out
"""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from libops.base.bounds import at_least_one
from libops.base.periods import Period

__all__ = ["AfterLoops", "ClosedLibraries", "Targeting"]


class ClosedLibraries(Enum):
    """Whether a library is asked to fetch an item on a day on which it is closed."""

    SKIPPED = "skipped"
    """Another one is asked (Koha, Evergreen)."""
    SKIPPED_UNLESS_PICKUP = "skipped-unless-pickup"
    """Skipped, except where the hold is picked up: its item need not travel (Evergreen's option)."""
    ASKED = "asked"
    """As on any other day."""


class AfterLoops(Enum):
    """What becomes of a hold when every library was asked as often as the limit says."""

    WAITS = "waits-for-returns"
    """No library is asked any more; the next item that is returned or scanned fills it."""
    CANCELLED = "cancelled"
    """It ends, and the log says why (Evergreen)."""


@frozen(kw_only=True)
class Targeting:
    """How long only items nearby fill a hold, and how libraries are asked in turn to fetch one."""

    stall: Period | None = None
    """So long after it was placed, only items at the pickup library fill a hold (Evergreen's stalling)."""
    stall_without_local: bool = False
    """Whether a hold is stalled also where the pickup library has no item that could fill it."""
    retarget_after: Period | None = None
    """One library at a time is asked to fetch an item, and after this long the next; absent: all that have one are
    shown it, and the first to scan it fills the hold."""
    loops: int | None = field(default=None, validator=at_least_one)
    """How often every library is asked; absent: again and again."""
    after_loops: AfterLoops = AfterLoops.WAITS
    closed: ClosedLibraries = ClosedLibraries.SKIPPED
