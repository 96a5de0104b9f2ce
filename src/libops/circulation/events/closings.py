"""What happens to the opening days of a library."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from attrs import frozen

from libops.base.events import Event
from libops.base.ids import LibraryCode

__all__ = ["ClosingAnnounced", "ClosingUndone"]


@frozen
class ClosingAnnounced(Event):
    """A library will be, or was, closed on days that its settings do not say so of; both included."""

    about: ClassVar[str] = "key"

    key: str
    library: LibraryCode
    first: date
    last: date
    why: str = ""


@frozen
class ClosingUndone(Event):
    """An announced closing does not take place."""

    about: ClassVar[str] = "key"

    key: str
    library: LibraryCode
    why: str = ""
