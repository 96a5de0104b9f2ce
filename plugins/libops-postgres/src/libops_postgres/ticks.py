"""Versions and positions without a sequence: a logical clock that follows the server's.

A tick is microseconds since 2020 in the upper bits and twelve random bits of this store in the lower ones, so that two
desks never issue the same. Every read brings the server's time along. A tick is greater than every version that the
decision read and than the server's time at that read: whatever was committed before the read has a smaller one. So the
log, ordered by tick, is in the order in which decisions depend on each other.
"""

from __future__ import annotations

import secrets
import time
from datetime import datetime
from threading import Lock

__all__ = ["SERVER_TIME", "Ticks", "tick_at"]

EPOCH = 1_577_836_800_000_000
NODE_BITS = 12

SERVER_TIME = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
"""The server's time in microseconds, as SQL."""


def tick_at(moment: datetime) -> int:
    """The first tick of a moment: whatever was written before it has a smaller one.

    >>> from datetime import UTC
    >>> tick_at(datetime(2020, 1, 1, 0, 0, 1, tzinfo=UTC))
    4096000000
    """
    return (int(moment.timestamp()) * 1_000_000 - EPOCH) << NODE_BITS


class Ticks:
    """The clock of one store."""

    def __init__(self) -> None:
        self.node = secrets.randbits(NODE_BITS)
        self.lock = Lock()
        self.last = 0
        self.ahead = time.time_ns() // 1000 - time.monotonic_ns() // 1000

    def see(self, server: int) -> None:
        """The server said what time it is."""
        self.ahead = server - time.monotonic_ns() // 1000

    def take(self, count: int, above: int = 0) -> int:
        """The first of `count` ticks in a row, all greater than `above` and than every tick taken before."""
        with self.lock:
            now = self.ahead + time.monotonic_ns() // 1000 - EPOCH
            first = max(now, self.last + 1, (above >> NODE_BITS) + 1)
            self.last = first + count - 1
        return first << NODE_BITS | self.node

    @staticmethod
    def following(tick: int, number: int) -> int:
        """The tick that comes so many after another."""
        return tick + (number << NODE_BITS)
