"""The SQLite store: one file, write-ahead logging, typed columns; the embedded default.

`schema` makes and checks the tables, `store` holds the four verbs. Times are text in UTC, identifiers text that
sorts, yes and no are 1 and 0: open the file in any SQL tool and read it. sqlite3 is imported when a store is opened.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from libops.hooks.markers import hookimpl
from libops.hooks.specs.storage import StorageBackend
from libops.storage.port import Capabilities, Storage

__all__ = ["SQLITE_CAPABILITIES", "libops_storage"]

SQLITE_CAPABILITIES = Capabilities(joins=True, full_text=True, backup=True, migrates=True)


def own(url: str, *, durability: str = "full") -> Storage:
    from libops.hooks.builtin.sqlite.store import SqliteStorage

    return SqliteStorage.own(url, durability=durability)


def join(connection: Any) -> Storage:
    from libops.hooks.builtin.sqlite.store import SqliteStorage

    return SqliteStorage.join(connection)


def accepts(connection: Any) -> bool:
    sqlite3 = sys.modules.get("sqlite3")
    return sqlite3 is not None and isinstance(connection, sqlite3.Connection)


@hookimpl
def libops_storage() -> Iterable[StorageBackend]:
    return [StorageBackend("sqlite", ("sqlite",), own, SQLITE_CAPABILITIES, join, accepts)]
