"""A guest's store at the desk: whatever goes wrong in it is told as the failure of a backend, and of which.

The contract asks a backend to say so itself. One that lets an error of its engine through would else end the host with
an exception that no `except LibopsError` knows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from libops.base.errors import BackendError, LibopsError
from libops.hooks.specs.storage import StorageBackend
from libops.storage.port import Storage

__all__ = ["GuestStorage", "received", "translated"]

VERBS = ("read", "apply", "scan", "events", "close")
BEYOND = ("peek", "tidy", "backup", "problems")
"""What a store may offer beyond the verbs."""


def received(backend: StorageBackend, constructor: Callable[..., Storage], *given: Any, **named: Any) -> Storage:
    """The store that a constructor of a backend makes; a guest's is watched.

    The house's own stores tell their failures by themselves, and every loan goes through them: they come as they are.

    Raises `BackendError` for what a guest lets through.
    """
    store = translated(constructor, backend.name)(*given, **named)
    at_home = type(store).__module__.partition(".")[0] == "libops"
    return store if at_home else cast(Storage, GuestStorage(store, backend.name))


def translated(asked: Callable[..., Any], backend: str) -> Callable[..., Any]:
    """The same function, whose errors are those of libops; the guest's own is the cause."""

    @wraps(asked)
    def ask(*given: Any, **named: Any) -> Any:
        try:
            return asked(*given, **named)
        except LibopsError:
            raise
        except Exception as error:
            what = getattr(asked, "__name__", "a call")
            raise BackendError(f"storage backend {backend!r}: {what} raised {type(error).__name__}: {error}") from error

    return ask


class GuestStorage:
    """The store of a guest, with its verbs translated; what else it has is as it is."""

    def __init__(self, store: Storage, backend: str) -> None:
        self.store = store
        for name in VERBS:
            setattr(self, name, translated(getattr(store, name), backend))
        for name in BEYOND:
            # Set only where the store has it: `isinstance` asks the protocols of these by name.
            if callable(found := getattr(store, name, None)):
                setattr(self, name, translated(found, backend))

    def __getattr__(self, name: str) -> Any:
        """What the store has besides: whether it is joined, how often it tried again."""
        return getattr(self.store, name)
