"""The memory store as a plugin."""

from __future__ import annotations

from collections.abc import Iterable

from libops.hooks.markers import hookimpl
from libops.hooks.specs.storage import StorageBackend
from libops.storage.memory import MEMORY_CAPABILITIES, MemoryStorage

__all__ = ["libops_storage"]


def own(url: str, *, durability: str = "full") -> MemoryStorage:
    """A new, empty store; nothing in memory is durable, so `durability` changes nothing."""
    return MemoryStorage()


@hookimpl
def libops_storage() -> Iterable[StorageBackend]:
    return [StorageBackend("memory", ("memory",), own, MEMORY_CAPABILITIES)]
