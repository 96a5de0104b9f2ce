"""How a contract reaches the store it proves: the URL, the backend, an empty store for each test, skips by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest

from libops.hooks.loader import load
from libops.hooks.specs.storage import StorageBackend
from libops.storage.port import Storage
from libops.testing.small_records import get

__all__ = ["ReachesStore"]


class ReachesStore:
    """What the scenarios share."""

    plugins: ClassVar[Sequence[str]] = ()

    def url(self, folder: Path) -> str:
        """The storage URL of a store in this folder."""
        raise NotImplementedError

    @property
    def backend(self) -> StorageBackend:
        """The backend under test."""
        return load(self.plugins).backend_for(self.url(Path()))

    def reopened(self, folder: Path) -> Storage:
        """A store on the same folder, opened anew, as `libops.open` does."""
        return self.backend.own(self.url(folder), durability="full")

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """The folder of one test."""
        return tmp_path

    @pytest.fixture
    def store(self, folder: Path) -> Iterator[Storage]:
        """An empty store."""
        opened = self.reopened(folder)
        yield opened
        opened.close()

    def need(self, capability: str) -> None:
        """Skip the test when the backend does not declare a capability."""
        if not getattr(self.backend.capabilities, capability):
            pytest.skip(f"{self.backend.name} does not declare the capability {capability!r}")

    def version(self, store: Storage, record: Any) -> int:
        """The version at which the store holds the record with this record's key."""
        found: int = store.read([get(record)])[0].version
        return found
