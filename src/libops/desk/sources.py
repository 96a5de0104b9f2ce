"""Where a desk takes the time and new identifiers from, unless its host says otherwise."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from time import time_ns

from libops.base.errors import InvalidValue
from libops.base.ids import IdSource, sortable_id

__all__ = ["id_source", "now", "refuse_useless"]

CHANCE = Random()
"""Seeded by the system, and no host's `random.seed` reaches it: asking the system for each identifier costs as much
as reading the patron. A forked process must not go on with its parent's numbers, so it is seeded again."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=CHANCE.seed)


def now() -> datetime:
    """The instant it is, in UTC."""
    return datetime.now(UTC)


def id_source(clock: Callable[[], datetime]) -> IdSource:
    """Identifiers from the clock and chance."""
    if clock is now:
        # The same instant, without the calendar date that nobody asks of it.
        return lambda: sortable_id(time_ns() // 1_000_000, CHANCE.getrandbits(80))
    return lambda: sortable_id(int(clock().timestamp() * 1000), CHANCE.getrandbits(80))


def refuse_useless(clock: Callable[[], datetime]) -> None:
    """Raise `InvalidValue` for what is no clock, and for one whose times could be those of any zone."""
    if not callable(clock):
        raise InvalidValue(f"clock {clock!r}: give a function that returns the time, such as lambda: datetime.now(UTC)")
    at = clock()
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise InvalidValue(f"clock() returned {at!r}: a time with its zone is needed, such as datetime.now(UTC)")
