"""Large SQLite files in minutes: a few records go through the store, the others are copies of their rows, made by SQL.

A row is copied within its table, with other keys and what else differs computed from its number. The rows are those
that the store would have written, in the same tables and indexes; what is saved is the making of the records.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from libops.storage.kinds import kind_of

__all__ = ["Multiplied", "multiplied", "series"]

CACHE_KIB = 4_000_000
"""Enough for the indexes of ten million loans: their places are not in the order of the rows."""


def series(first: int, end: int, step: int = 1) -> str:
    """A query for the numbers `n` from the first one, before the end."""
    return (
        f"WITH RECURSIVE k(n) AS (SELECT {first} WHERE {first} < {end} "
        f"UNION ALL SELECT n + {step} FROM k WHERE n + {step} < {end}) SELECT n FROM k"
    )


class Multiplied:
    """A file whose rows are being multiplied."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def copy(self, cls: type, key: str, numbers: str, **differ: str) -> None:
        """Copy the record of a key for each of the numbers, a query; `differ` has the SQL of the fields that do."""
        table, named = kind_of(cls).name, kind_of(cls).key
        columns = [row[1] for row in self.connection.execute(f'PRAGMA table_info("{table}")')]
        assert differ.keys() <= set(columns), f"{table} has no {differ.keys() - set(columns)}"
        taken = ", ".join(f"({differ[name]})" if name in differ else f't."{name}"' for name in columns)
        # Put aside: a table is not read while it is written.
        self.connection.execute(f'CREATE TEMP TABLE first AS SELECT * FROM main."{table}" WHERE "{named}" = ?', (key,))
        self.connection.execute(f'INSERT INTO main."{table}" SELECT {taken} FROM ({numbers}) CROSS JOIN first t')
        self.connection.execute("DROP TABLE first")


@contextmanager
def multiplied(path: Path) -> Iterator[Multiplied]:
    """A file that nobody has open, without a journal; the store puts its own settings back when it opens it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=OFF", "synchronous=OFF", f"cache_size=-{CACHE_KIB}"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        yield Multiplied(connection)
        connection.execute("COMMIT")
