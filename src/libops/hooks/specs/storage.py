"""Storage backends: where records and the log are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from attrs import field, frozen

from libops.hooks.markers import hookspec
from libops.hooks.specs.declared import asked, named, texts
from libops.storage.port import Capabilities, Storage

__all__ = ["StorageBackend", "libops_storage"]


@frozen
class StorageBackend:
    """A backend: the URL schemes it answers to, what it can do, and its two constructors.

    `own(url, durability=...)` opens a store whose transactions are its own. `join(connection)` works inside a
    transaction of the host's and is None where the engine cannot; `accepts(connection)` says whether a host's
    connection is one of this engine's.
    """

    name: str = field(validator=named)
    schemes: tuple[str, ...] = field(validator=texts)
    own: Callable[..., Storage] = field(validator=asked)
    capabilities: Capabilities = field(factory=Capabilities)
    join: Callable[[Any], Storage] | None = None
    accepts: Callable[[Any], bool] | None = None


@hookspec
def libops_storage() -> Iterable[StorageBackend]:  # type: ignore[empty-body]
    """Hand over the storage backends this plugin brings."""
