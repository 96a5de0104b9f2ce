"""A restore that may be killed at any moment, and knows when it is begun again how far it had come.

A restore writes many batches. Each of them moves a mark that stands in the store, so that it always says how much of
the export is there. While it stands nobody else opens the store, and the half is never taken for the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from attrs import evolve

from libops.base.errors import Conflict, InvalidValue, SchemaMismatch
from libops.base.events import Event
from libops.storage.kinds import all_kinds
from libops.storage.kinds.base import RESTORES
from libops.storage.port import Batch, Get, Storage, Versioned, Write
from libops.storage.unfinished import UnfinishedRestore

__all__ = ["Restoring", "refuse_unfinished"]

RESTORE = "restore"
"""The key of the one mark that a store can have."""


def mark_of(storage: Storage) -> Versioned:
    """The mark that stands in a store, or the absent one."""
    found: Versioned = storage.read([Get(RESTORES, RESTORE)])[0]
    return found


def refuse_unfinished(storage: Storage) -> None:
    """Raise `SchemaMismatch` for a store that is half restored, with what to do."""
    found = mark_of(storage).record
    if found is not None:
        raise SchemaMismatch(
            f"the store is half restored: so far it holds {found.records} records and {found.events} events of the "
            f"export {found.folder}. If no restore is at work on it, begin it again: `libops restore {found.folder}` "
            "goes on where it stopped; or throw the store away"
        )


def refuse_if_used(storage: Storage) -> None:
    """Raise `InvalidValue` when the store holds anything."""
    if storage.events(0, 1).entries:
        raise InvalidValue("the store has a log already: restore into an empty one")
    for kind in all_kinds():
        if storage.scan(kind, page=1).rows:
            raise InvalidValue(f"the store holds records of kind {kind.name!r} already: restore into an empty one")


class Restoring:
    """The one restore that is at work on a store, begun now or begun again."""

    def __init__(self, storage: Storage, mark: UnfinishedRestore, version: int) -> None:
        self.storage, self.mark, self.version = storage, mark, version

    @classmethod
    def begun(cls, storage: Storage, home: Path) -> Restoring:
        """Set the mark in an empty store, or find the one that an interrupted restore of this export left.

        Raises:
            InvalidValue: the store holds something, or a part of another export.
        """
        manifest = sha256((home / "manifest.json").read_bytes()).hexdigest()
        there = mark_of(storage)
        if there.record is None:
            refuse_if_used(storage)
            made = cls(storage, UnfinishedRestore(RESTORE, home.resolve().as_posix(), manifest), 0)
            made.put()
            return made
        if there.record.manifest != manifest:
            raise InvalidValue(
                f"the store holds {there.record.records} records and {there.record.events} events of another export, "
                f"{there.record.folder}: restore that one again, or take an empty store for {home}"
            )
        return cls(storage, there.record, there.version)

    def put(self, writes: Sequence[Write] = (), events: Sequence[Event] = ()) -> None:
        """Write the next lines of the export, and with them how far it has come."""
        mark = evolve(self.mark, records=self.mark.records + len(writes), events=self.mark.events + len(events))
        self.commit(mark, writes, events)
        self.mark, self.version = mark, mark_of(self.storage).version

    def done(self) -> None:
        """Take the mark away: the store is whole."""
        self.commit(None)

    def commit(self, mark: Any, writes: Sequence[Write] = (), events: Sequence[Event] = ()) -> None:
        try:
            moved = Write(RESTORES, RESTORE, mark, self.version)
            self.storage.apply(Batch(writes=(*writes, moved), events=tuple(events)))
        except Conflict as error:
            raise Conflict(f"another restore is at work on this store, or has been: {error}") from error
