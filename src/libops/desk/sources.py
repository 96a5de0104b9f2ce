"""Where a desk takes the time and new identifiers from, unless its host says otherwise."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime

from libops.base.ids import IdSource, sortable_id

__all__ = ["id_source", "now"]


def now() -> datetime:
    """The instant it is, in UTC."""
    return datetime.now(UTC)


def id_source(clock: Callable[[], datetime]) -> IdSource:
    """Identifiers from the clock and the system's randomness."""
    return lambda: sortable_id(int(clock().timestamp() * 1000), int.from_bytes(os.urandom(10)))
