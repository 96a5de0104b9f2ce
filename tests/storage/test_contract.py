"""The stores that come with libops keep the contract."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from libops.testing.contracts import StorageContract


class TestMemory(StorageContract):
    def url(self, folder: Path) -> str:
        return "memory:"


class TestSqlite(StorageContract):
    def url(self, folder: Path) -> str:
        folder.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{folder}/library.db"

    def host(self, folder: Path) -> sqlite3.Connection:
        return sqlite3.connect(folder / "library.db", isolation_level=None)
