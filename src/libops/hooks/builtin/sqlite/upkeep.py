"""Looking after a SQLite file: a copy while desks are at work, the way back, and what is wrong with it."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

from libops.base.errors import BackendError, InvalidValue
from libops.hooks.builtin.sqlite import schema

__all__ = ["OpenFile", "copy", "problems", "restore"]

PAGES_AT_ONCE = 1_000
"""Between two portions of a copy other desks may write."""


LOOK_AGAIN = 1.0
"""After so many seconds a writer looks whether the file is still where it was: not at each of a thousand loans."""


class OpenFile:
    """The file that a store has open, as it was found under its name.

    Where a file may be removed or replaced while it is open, the engine goes on in what nobody will find again: loans
    that were acknowledged would be lost.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.mark = self.found()
        self.look_at = time.monotonic() + LOOK_AGAIN

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> OpenFile | None:
        """The file of a connection; None for one in memory."""
        path = connection.execute("PRAGMA database_list").fetchone()[2]
        return cls(path) if path else None

    def found(self) -> tuple[int, int] | None:
        """What stands under the name now."""
        try:
            there = os.stat(self.path)
        except OSError:
            return None
        return there.st_dev, there.st_ino

    def hold(self) -> None:
        """Raise `BackendError` when the file is no longer there, or another one is."""
        now = time.monotonic()
        if now < self.look_at:
            return
        if self.found() != self.mark:
            raise BackendError(
                f"{self.path} was moved, removed or replaced while it was open: nothing was written. "
                "Put it back, or close the library and open it again"
            )
        self.look_at = now + LOOK_AGAIN


def copy(connection: sqlite3.Connection, path: Path) -> None:
    """Copy an open store to a new file, as it is at one moment.

    Raises:
        InvalidValue: there is a file of that name; a backup never replaces one.
        BackendError: the file cannot be written.
    """
    if path.exists():
        raise InvalidValue(f"{path} is there already: name a new file, a backup never replaces one")
    # A copy that is killed on the way must not be taken for a store: it gets its name when it is whole.
    part = path.with_name(f"{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        target = sqlite3.connect(part)
        try:
            connection.backup(target, pages=PAGES_AT_ONCE)
        finally:
            target.close()
        part.replace(path)
    except (sqlite3.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise BackendError(f"cannot copy to {path}: {error}") from error


def restore(backup: Path, path: Path, *, dry_run: bool = False) -> None:
    """Make a store of a backup, which is checked first. No desk may be at work on the file that is made.

    Raises:
        InvalidValue: there is a file of that name, or the backup has faults.
        SchemaMismatch: the backup is another program's, or of a newer version.
    """
    if not backup.exists():
        raise InvalidValue(f"there is no backup {backup}")
    source = sqlite3.connect(f"{backup.resolve().as_uri()}?mode=ro", uri=True)
    try:
        schema.check(source, str(backup))
        found = problems(source)
        if found:
            raise InvalidValue(f"{backup} has faults and is not restored: {found[0]}")
        if not dry_run:
            copy(source, path)
    except sqlite3.DatabaseError as error:
        raise InvalidValue(f"{backup} is not a backup of a store: {error}") from error
    finally:
        source.close()


def problems(connection: sqlite3.Connection) -> list[str]:
    """What the engine finds wrong with the file, page by page and index by index; nothing when it is sound."""
    try:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [] if found == ["ok"] else found
