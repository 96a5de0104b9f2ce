"""Large batches: guards, changes and removals by kind in few statements, new records and events by COPY."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from libops.base.errors import Conflict
from libops.storage.port import Batch, Guard, Write
from libops.storage.records import RecordType
from libops_postgres.statements import EVENT_COLUMNS, numbered, statements_of

__all__ = ["write"]


def write(
    cursor: Any, tenant: str, batch: Batch, tick: int, events: Sequence[tuple[Any, ...]], *, locking: bool
) -> None:
    """Write a batch inside the transaction there is; raises `Conflict` when a guard or a version does not hold."""
    for kind, guards in by_kind(batch.guards).items():
        check(cursor, tenant, kind, guards, locking=locking)
    for kind, writes in by_kind(batch.writes).items():
        write_kind(cursor, tenant, kind, writes, tick)
    if events:
        with cursor.copy(f"COPY event ({EVENT_COLUMNS}) FROM STDIN") as copy:
            for row in events:
                copy.write_row((tenant, *row))


def by_kind(parts: Sequence[Any]) -> dict[RecordType[Any], list[Any]]:
    found: dict[RecordType[Any], list[Any]] = {}
    for part in parts:
        found.setdefault(part.type, []).append(part)
    return found


def check(cursor: Any, tenant: str, kind: RecordType[Any], guards: Sequence[Guard], *, locking: bool) -> None:
    sql = statements_of(kind)
    lock = f" ORDER BY {sql.key} FOR SHARE" if locking else ""
    cursor.execute(
        f"SELECT {sql.key}, version FROM {sql.table} WHERE tenant = $1 AND {sql.key} = ANY($2::text[]){lock}",
        (tenant, [guard.key for guard in guards]),
    )
    there = dict(cursor.fetchall())
    for guard in guards:
        if there.get(guard.key, 0) != guard.version:
            raise Conflict(
                f"{kind.name} {guard.key!r} was read at version {guard.version} and is now at {there.get(guard.key, 0)}"
            )


def write_kind(cursor: Any, tenant: str, kind: RecordType[Any], writes: Sequence[Write], tick: int) -> None:
    sql = statements_of(kind)
    gone = [(tenant, w.key, w.version) for w in writes if w.record is None]
    changed = [
        (tenant, *sql.row_of(tenant, w.record), tick, w.key, w.version)
        for w in writes
        if w.record is not None and w.version
    ]
    new = [(tenant, *sql.row_of(tenant, w.record), tick) for w in writes if w.record is not None and not w.version]
    for text, rows in ((sql.delete, gone), (sql.update, changed)):
        if rows:
            cursor.executemany(numbered(text), rows)
            if cursor.rowcount != len(rows):
                raise Conflict(f"one of {len(rows)} records of kind {kind.name} has changed since it was read")
    if new:
        with cursor.copy(f"COPY {sql.table} ({sql.columns}) FROM STDIN") as copy:
            for row in new:
                copy.write_row(row)
