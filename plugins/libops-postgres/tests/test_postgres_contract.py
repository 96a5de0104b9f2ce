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
from libops.storage.port import Capabilities, Storage
from libops.testing.contracts import StorageContract
from libops_postgres.joined import JoinedStorage
from libops_postgres.store import PostgresStorage

PLUGINS = ("libops_postgres",)
IN_ONE_TRANSACTION = Capabilities(persistent=False, processes=False, durable=False, full_text=True)


def in_tenant(url: str, name: object) -> str:
    """The same database for a tenant of its own: a test sees its own records alone."""
    mark = "&" if "?" in url else "?"
    return f"{url}{mark}tenant={tenant_of(name)}"


def tenant_of(name: object) -> str:
    """A short name of its own for every folder."""
    return sha256(str(name).encode()).hexdigest()[:16]


class TestPostgres(StorageContract):
    plugins = PLUGINS

    @pytest.fixture(autouse=True)
    def on(self, request: pytest.FixtureRequest, server: str) -> None:
        # Tables of tomorrow are nobody else's: those scenarios have a schema of their own.
        self.server = request.getfixturevalue("apart") if "test_91" in request.node.name else server

    def url(self, folder: Path) -> str:
        return in_tenant(self.server, folder)

    def host(self, folder: Path) -> Any:
        connection = psycopg.connect(self.server, options=f"-c libops.tenant={tenant_of(folder)}")
        connection.execute("SET TIME ZONE 'Asia/Kathmandu'")
        connection.commit()
        return connection

    def begin(self, connection: Any) -> None:
        """psycopg begins a transaction by itself."""


class TestPostgresJoined(TestPostgres):
    """The same promises inside one transaction of a host's, which is never committed here."""

    @property
    def backend(self) -> StorageBackend:
        return evolve(super().backend, capabilities=IN_ONE_TRANSACTION)

    @pytest.fixture(autouse=True)
    def connections_are_closed(self, on: None, server: str) -> Iterator[None]:
        # The tables are there and committed: two hosts that make them at once wait for each other's commit.
        PostgresStorage.own(in_tenant(server, "tables")).close()
        self.connections: list[psycopg.Connection[Any]] = []
        yield
        for connection in self.connections:
            connection.rollback()
            connection.close()

    def reopened(self, folder: Path) -> Storage:
        self.connections.append(self.host(folder))
        return JoinedStorage(self.connections[-1])
