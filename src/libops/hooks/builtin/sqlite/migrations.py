"""How a file of an older schema is brought up to this one: steps numbered by hand, each run once, in order.

Step number n turns schema n into schema n + 1. Tables of kinds that are new need no step: they are made whenever a
file is opened that lacks them. A step is never edited after a release.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

__all__ = ["MIGRATIONS", "bring_up", "schema_version"]

MIGRATIONS: list[Callable[[sqlite3.Connection], None]] = []
"""The steps so far: schema 1 is the first, and no file of an older one was ever released."""


def schema_version() -> int:
    """The schema that this version writes."""
    return len(MIGRATIONS) + 1


def bring_up(connection: sqlite3.Connection, version: int) -> None:
    """Run the steps that a file of this schema still needs. The caller holds the transaction."""
    for step in MIGRATIONS[version - 1 :]:
        step(connection)
