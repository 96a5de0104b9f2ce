"""What was removed, gone from the places that an engine no longer uses, too.

An engine may keep copies of what was removed or overwritten: in a log of its writes, in pages that are free. A store
that can do something about it has a method `tidy`, which it need not have. The nightly run ends with it.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from libops.storage.port import Storage

__all__ = ["Tidying", "tidy"]


@runtime_checkable
class Tidying(Protocol):
    """A store that can clear away what it no longer uses."""

    def tidy(self) -> None:
        """Leave nothing of what was removed; what cannot be cleared away now is left for the next time."""
        ...


def tidy(storage: Storage) -> None:
    """Have a store clear away what is left of what was removed, if it can."""
    if isinstance(storage, Tidying):
        storage.tidy()
