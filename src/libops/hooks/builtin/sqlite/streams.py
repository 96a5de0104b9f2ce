"""The log by stream: at which positions the events of one loan, item or patron stand.

A commit that kept this index itself would write a page more for it, of the seven that a checkout writes. So it is
brought up for a thousand positions at once, by the commit that comes to that many; what is younger is found by going
through the end of the log, a few milliseconds at most.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

__all__ = ["AT_ONCE", "OF_STREAM", "STREAMS", "gather", "gathered", "moved"]

AT_ONCE = 1_000
"""So many positions are put in order at once."""

STREAMS = """
CREATE TABLE IF NOT EXISTS event_place (
  stream TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (stream, position)
) WITHOUT ROWID;
INSERT OR IGNORE INTO store VALUES ('streamed', 0);
"""
"""Up to the position `streamed` the log is known by stream."""

STREAMED = "SELECT value FROM store WHERE name = 'streamed'"

OF_STREAM = f"""
SELECT position, name, schema, body FROM event WHERE position IN (
  SELECT position FROM event_place WHERE stream = :stream AND position > :after
  UNION ALL
  SELECT position FROM event WHERE position > max(:after, ({STREAMED})) AND stream = :stream
) ORDER BY position LIMIT :page
"""

Execute = Callable[..., sqlite3.Cursor]


def gather(execute: Execute, last: int) -> None:
    """Bring the index up to a position. The caller holds the transaction."""
    execute(
        "INSERT INTO event_place SELECT stream, position FROM event "
        f"WHERE position > ({STREAMED}) AND position <= ? AND stream <> '' ORDER BY stream, position",
        (last,),
    )
    execute("UPDATE store SET value = ? WHERE name = 'streamed'", (last,))


def gathered(execute: Execute, last: int) -> int:
    """Bring the index up if the log has gone on far enough; returns at which position to ask again."""
    streamed: Any = execute(STREAMED).fetchone()[0]
    if last - streamed < AT_ONCE:
        return int(streamed) + AT_ONCE
    gather(execute, last)
    return last + AT_ONCE


def moved(execute: Execute, position: int, stream: str) -> None:
    """An event is about to be rewritten into this stream, the empty one for none."""
    execute(
        "DELETE FROM event_place WHERE position = :at AND stream = (SELECT stream FROM event WHERE position = :at)",
        {"at": position},
    )
    if stream:
        placed = {"stream": stream, "at": position}
        execute(f"INSERT INTO event_place SELECT :stream, :at WHERE :at <= ({STREAMED})", placed)
