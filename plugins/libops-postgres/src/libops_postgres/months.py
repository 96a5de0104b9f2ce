"""The log by months: native range partitions of the table `event`, on PostgreSQL itself.

Positions in the log grow with time, so a month is a range of positions: the key of the log stays what it was,
`(tenant, position)`, and is unique over all months. A new month is made as a table of its own and then attached, which
stops neither readers nor writers, some months before it is needed. There is no default partition, so that an old month
can be detached while desks are at work:

    ALTER TABLE event DETACH PARTITION event_2026_11 CONCURRENTLY;

Engines that merely speak PostgreSQL get the same log as one plain table: they spread it over machines in ways of their
own.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from libops_postgres.ticks import SERVER_TIME, tick_at

__all__ = ["AHEAD", "BY_MONTH", "add_months", "months_from", "native", "split", "table_of_month"]

AHEAD = 3
"""How many months there are beyond the present one."""

BY_MONTH = " PARTITION BY RANGE (position)"
"""What makes the log a partitioned table."""

EARLIER = "event_earlier"
"""The partition of everything before the first month: a whole older log, or nothing."""

OURS = "to_regclass(quote_ident(current_schema()) || '.{}')"
"""A table of the schema in use."""

OTHER_ENGINES = ("-YB-", "Cockroach", "Greenplum", "Redshift", "EnterpriseDB")


def native(cursor: Any) -> bool:
    """Whether the server is PostgreSQL itself."""
    cursor.execute("SELECT version()")
    said = str(cursor.fetchone()[0])
    return said.startswith("PostgreSQL") and not any(name in said for name in OTHER_ENGINES)


def months_from(start: datetime, count: int) -> list[datetime]:
    """The beginnings of `count` months, the first that of `start`.

    >>> [f"{month:%Y-%m}" for month in months_from(datetime(2026, 11, 23, tzinfo=UTC), 3)]
    ['2026-11', '2026-12', '2027-01']
    """
    months = [start.replace(day=1, hour=0, minute=0, second=0, microsecond=0)]
    while len(months) < count:
        months.append((months[-1] + timedelta(days=31)).replace(day=1))
    return months


def table_of_month(month: datetime) -> str:
    """The name of a month's table.

    >>> table_of_month(datetime(2026, 11, 1, tzinfo=UTC))
    'event_2026_11'
    """
    return f"event_{month:%Y_%m}"


def server_time(cursor: Any) -> datetime:
    cursor.execute(f"SELECT {SERVER_TIME}")
    return datetime.fromtimestamp(cursor.fetchone()[0] / 1_000_000, UTC)


def is_partitioned(cursor: Any) -> bool:
    """Whether the log of this schema is kept by months; False also when there is none yet."""
    cursor.execute(f"SELECT relkind = 'p' FROM pg_class WHERE oid = {OURS.format('event')}")
    row = cursor.fetchone()
    return row is not None and bool(row[0])


def attached(cursor: Any) -> set[str]:
    """The names of the partitions."""
    cursor.execute(
        "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid "
        f"WHERE inhparent = {OURS.format('event')}"
    )
    return {name for (name,) in cursor.fetchall()}


def split(cursor: Any, log: tuple[str, ...]) -> None:
    """Let a log that is one plain table become the first partition of one that is kept by months.

    `log` are the statements that make the new, empty one. No event is copied; the server reads them once to see that
    they are where they belong. The caller holds the transaction.
    """
    cursor.execute(f"ALTER TABLE event RENAME TO {EARLIER}")
    cursor.execute(f"ALTER INDEX event_pkey RENAME TO {EARLIER}_pkey")
    cursor.execute(f"ALTER INDEX event_stream RENAME TO {EARLIER}_stream")
    for statement in log:
        cursor.execute(statement)
    cursor.execute(f"SELECT coalesce(max(position), 0) FROM {EARLIER}")
    last = cursor.fetchone()[0]
    # Whatever the clocks said: the last month of the old table is one that all of its events lie before.
    after = next(month for month in months_from(server_time(cursor), 1200)[1:] if tick_at(month) > last)
    cursor.execute(f"ALTER TABLE event ATTACH PARTITION {EARLIER} FOR VALUES FROM (MINVALUE) TO ({tick_at(after)})")


def add_months(cursor: Any) -> int:
    """Make the months that are still lacking, the present one and some ahead; returns when to look again, as a tick.

    That is long before the last of them begins. Nothing is done, and the far future returned, where the log is one
    plain table.
    """
    if not is_partitioned(cursor):
        return 1 << 62
    there = attached(cursor)
    months = months_from(server_time(cursor), AHEAD + 2)
    if not there:
        cursor.execute(f"CREATE TABLE {EARLIER} (LIKE event INCLUDING CONSTRAINTS)")
        cursor.execute(
            f"ALTER TABLE event ATTACH PARTITION {EARLIER} FOR VALUES FROM (MINVALUE) TO ({tick_at(months[0])})"
        )
    covered = covered_by_earlier(cursor)
    for month, after in pairwise(months):
        name = table_of_month(month)
        if name not in there and tick_at(month) >= covered:
            cursor.execute(f"CREATE TABLE {name} (LIKE event INCLUDING CONSTRAINTS)")
            cursor.execute(
                f"ALTER TABLE event ATTACH PARTITION {name} FOR VALUES FROM ({tick_at(month)}) TO ({tick_at(after)})"
            )
    return tick_at(months[1])


def covered_by_earlier(cursor: Any) -> int:
    """The first position that is not in the partition of everything earlier; 0 when that was detached."""
    cursor.execute(
        "SELECT (regexp_match(pg_get_expr(relpartbound, oid), 'TO \\(''?(-?[0-9]+)'))[1]::bigint FROM pg_class "
        f"WHERE oid = {OURS.format(EARLIER)} AND relispartition"
    )
    row = cursor.fetchone()
    return 0 if row is None or row[0] is None else int(row[0])
