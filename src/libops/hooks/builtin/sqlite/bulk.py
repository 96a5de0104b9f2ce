"""Large batches: what is new goes into its table by kind, in one call for all rows of the kind."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from libops.base.errors import Conflict
from libops.hooks.builtin.sqlite.statements import Statements
from libops.storage.port import Write
from libops.storage.records import RecordType

__all__ = ["ONE_BY_ONE", "by_kind", "insert"]

ONE_BY_ONE = 40
"""Batches with more writes than this (imports, restores, sweeps) are written by kind."""


def by_kind(writes: Sequence[Write]) -> tuple[dict[RecordType[object], list[Write]], list[Write]]:
    """The new records by kind, and all other writes; an index of words wants its rows one by one."""
    new: dict[RecordType[object], list[Write]] = {}
    others: list[Write] = []
    for write in writes:
        type_, _, record, version = write
        if version or record is None or type_.full_text:
            others.append(write)
        elif type_ in new:
            new[type_].append(write)
        else:
            new[type_] = [write]
    return new, others


def insert(connection: sqlite3.Connection, sql: Statements, writes: Sequence[Write], commit: int) -> None:
    """Insert new records of one kind; raises `Conflict` naming the first whose key is taken."""
    before, to_row = connection.total_changes, sql.to_row
    try:
        connection.executemany(sql.insert, [(*to_row(write[2]), commit) for write in writes])
    except sqlite3.IntegrityError as error:
        if "UNIQUE" not in str(error):
            raise
        taken = writes[connection.total_changes - before]
        raise Conflict(f"{taken.type.name} {taken.key!r} is there already") from error
