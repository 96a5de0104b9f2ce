"""What was removed, gone from the file and its write-ahead log, too.

The engine overwrites what is removed with zeros (`secure_delete`; some builds do so anyway). Copies are left in two
places. The write-ahead log holds pages as they were, until it is emptied. And a page that was parted may keep, in its
unused middle, bytes of a row that went to another page (`rebuildPage` in SQLite's btree.c): they stay when the row is
removed there. That happens to one row in some hundreds, and only a file made anew (VACUUM) is without it, as it is
without what was left before anything was zeroed.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from contextlib import suppress

from libops.hooks.builtin.sqlite.schema import is_marked, kept, number

__all__ = ["Traces"]

LOG = logging.getLogger("libops")

PAUSE = 10.0
"""So many seconds lie between two attempts to empty the log: a night takes thousands of people's loans out."""

HOURS_BETWEEN = 20
"""So many hours lie between two times to make it anew: hosts may call the nightly run every minute."""

SOME, IN_HAND = 1, 2
"""What the store notes as `removed`: something was since the file was made, and the file is being made anew now."""

MOST_BYTES = 512 * 1024 * 1024
"""Larger files are not made anew unasked: desks that write wait meanwhile, a few seconds on a common disk."""


class Traces:
    """Where the engine may still hold what was removed; with a host's connection nothing is done but kept account."""

    def __init__(self, connection: sqlite3.Connection, *, joined: bool) -> None:
        self.connection = connection
        self.joined = joined
        self.left = False
        """Whether the write-ahead log may hold somebody who was taken out by this store."""
        self.try_at = 0.0

    def made(self) -> None:
        """A batch takes somebody out; the caller holds its transaction. Most write no page for it."""
        self.connection.execute(f"UPDATE store SET value = {SOME} WHERE name = 'removed' AND value <> {SOME}")
        self.left = not self.joined

    def wipe(self, *, at_once: bool = False) -> None:
        """Empty the write-ahead log into the file, unless others are reading from it or the last time was just now.

        What was to be done has been committed by then: this never fails, and never waits for anybody.
        """
        now = time.monotonic()
        if now < self.try_at and not at_once:
            return
        self.try_at = now + PAUSE
        with suppress(sqlite3.Error):
            (patience,) = self.connection.execute("PRAGMA busy_timeout").fetchone()
            self.connection.execute("PRAGMA busy_timeout = 0").fetchall()
            try:
                held, *_ = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                self.left = bool(held)
            finally:
                self.connection.execute(f"PRAGMA busy_timeout = {patience}").fetchall()

    def tidy(self) -> None:
        """Empty the log, and make the file anew where that is due."""
        try:
            if self.is_due():
                LOG.info("the file is made anew, without what was removed from it")
                marks = [("removed", IN_HAND), ("tidied", int(time.time()))]
                self.connection.executemany("INSERT OR REPLACE INTO store VALUES (?, ?)", marks)
                self.connection.execute("VACUUM")
                # Not if somebody has been taken out since: that may have left something in the new file.
                self.connection.execute(f"UPDATE store SET value = 0 WHERE name = 'removed' AND value = {IN_HAND}")
        except sqlite3.Error as error:
            LOG.warning("the file could not be made anew, and is as it was: %s", error)
        self.wipe(at_once=True)

    def is_due(self) -> bool:
        """Whether anything may be left: after a removal, and in a file of a libops that kept no account of them."""
        if kept(self.connection, "removed") == 0 or not is_marked(self.connection):
            return False
        hours = (time.time() - (kept(self.connection, "tidied") or 0)) / 3600
        size = number(self.connection, "page_count") * number(self.connection, "page_size")
        return size <= MOST_BYTES and not 0 <= hours < HOURS_BETWEEN
