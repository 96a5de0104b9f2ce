"""A libops store on PostgreSQL, shared by many processes.

`libops.open("postgresql://user@host/town", plugins=["libops_postgres"])` owns its transactions;
`libops.open(join=connection, plugins=["libops_postgres"])` works inside those of a psycopg connection of the host's.
Every `read` is one statement, and so is every `apply`: one round trip each. psycopg is imported when a store opens.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import libops
from libops.hooks.specs.storage import StorageBackend
from libops.storage.port import Capabilities, Storage

__all__ = ["libops_storage"]

CAPABILITIES = Capabilities(joins=True, full_text=True, migrates=True)


def own(url: str, *, durability: str = "full") -> Storage:
    from libops_postgres.store import PostgresStorage

    return PostgresStorage.own(url, durability=durability)


def join(connection: Any) -> Storage:
    from libops_postgres.joined import JoinedStorage

    return JoinedStorage(connection)


def accepts(connection: Any) -> bool:
    psycopg = sys.modules.get("psycopg")
    return psycopg is not None and isinstance(connection, psycopg.Connection)


@libops.hookimpl
def libops_storage() -> Iterable[StorageBackend]:
    return [StorageBackend("postgres", ("postgresql", "postgres"), own, CAPABILITIES, join, accepts)]
