"""PostgreSQL keeps the storage contract, owned and joined."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest
from attrs import evolve

from libops.hooks.specs.storage import StorageBackend
from libops.storage.port import Storage
from libops.testing.contracts import StorageContract
from libops_postgres.joined import JoinedStorage

PLUGINS = ("libops_postgres",)


def in_tenant(url: str, name: object) -> str:
    """The same database for a tenant of its own: a test sees its own records alone."""
    mark = "&" if "?" in url else "?"
    return f"{url}{mark}tenant={sha256(str(name).encode()).hexdigest()[:16]}"


class TestPostgres(StorageContract):
    plugins = PLUGINS

    @pytest.fixture(autouse=True)
    def on(self, server: str) -> None:
        self.server = server

    def url(self, folder: Path) -> str:
        return in_tenant(self.server, folder)


class TestPostgresJoined(TestPostgres):
    """The same promises inside one transaction of a host's, which is never committed here."""

    @property
    def backend(self) -> StorageBackend:
        owned = super().backend
        return evolve(owned, capabilities=evolve(owned.capabilities, persistent=False, processes=False))

    @pytest.fixture(autouse=True)
    def host(self, on: None) -> Iterator[None]:
        self.connections: list[psycopg.Connection[Any]] = []
        yield
        for connection in self.connections:
            connection.rollback()
            connection.close()

    def reopened(self, folder: Path) -> Storage:
        connection = psycopg.connect(self.server)
        connection.execute("SET TIME ZONE 'Asia/Kathmandu'")
        self.connections.append(connection)
        return JoinedStorage(connection, tenant=sha256(str(folder).encode()).hexdigest()[:16])
