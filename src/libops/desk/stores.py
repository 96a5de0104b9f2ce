"""Coming to the store of a library: one of its own, or one inside a host's transaction."""

from __future__ import annotations

from functools import partial
from typing import Any

from libops.desk.moving.restoring import refuse_unfinished
from libops.hooks.guests import received
from libops.hooks.hosts import hosted
from libops.hooks.specs.storage import StorageBackend
from libops.storage.port import Storage

__all__ = ["joined_store", "own_store"]


def own_store(backend: StorageBackend, url: str, durability: str, *, restoring: bool) -> Storage:
    """The store of a URL; raises `SchemaMismatch` for one that is half restored, unless it is opened for restoring."""
    storage = received(backend, backend.own, url, durability=durability)
    if not restoring:
        try:
            refuse_unfinished(storage)
        except BaseException:
            storage.close()
            raise
    return storage


def joined_store(backend: StorageBackend, host: Any, *, restoring: bool) -> Storage:
    """The store on a host's connection. Whether it is whole is asked at its first use: till then the host may not
    have begun its transaction."""
    assert backend.join is not None
    return hosted(host, partial(received, backend, backend.join), first=None if restoring else refuse_unfinished)
