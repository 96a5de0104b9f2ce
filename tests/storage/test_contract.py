"""The stores that come with libops keep the contract."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve

from libops.hooks.builtin.sqlite.store import SqliteStorage
from libops.hooks.specs.storage import StorageBackend
from libops.storage.port import Capabilities, Storage
from libops.testing.contracts import StorageContract

IN_ONE_TRANSACTION = Capabilities(persistent=False, processes=False, durable=False, full_text=True)


class TestMemory(StorageContract):
    def url(self, folder: Path) -> str:
        return "memory:"


class TestSqlite(StorageContract):
    def url(self, folder: Path) -> str:
        folder.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{folder}/library.db"

    def host(self, folder: Path) -> sqlite3.Connection:
        return sqlite3.connect(folder / "library.db", isolation_level=None)


class TestSqliteJoined(TestSqlite):
    """The same promises inside one transaction of a host's, which is never committed here."""

    @property
    def backend(self) -> StorageBackend:
        return evolve(super().backend, capabilities=IN_ONE_TRANSACTION)

    @pytest.fixture(autouse=True)
    def connections_are_closed(self) -> Iterator[None]:
        self.connections: list[sqlite3.Connection] = []
        yield
        for connection in self.connections:
            connection.close()

    def reopened(self, folder: Path) -> Storage:
        self.connections.append(self.host(folder))
        self.begin(self.connections[-1])
        return SqliteStorage.join(self.connections[-1])
