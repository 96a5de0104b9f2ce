"""The stores that come with libops keep the contract."""

from __future__ import annotations

from pathlib import Path

from libops.testing.contracts import StorageContract


class TestMemory(StorageContract):
    def url(self, folder: Path) -> str:
        return "memory:"


class TestSqlite(StorageContract):
    def url(self, folder: Path) -> str:
        folder.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{folder}/library.db"
