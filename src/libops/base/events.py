"""Events: what happened, as values in the past tense.

Every room names its own events. State is the fold of events: a room's `changes` module says for each event which
records it makes, replaces or removes, and rebuilding from the log gives the stored records again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeVar

from attrs import frozen

__all__ = ["Change", "Changes", "Drop", "Event", "Put", "Records", "removing", "replacing"]

R = TypeVar("R")


@frozen
class Event:
    """What happened: `at` in UTC, `by` the staff member, patron or program that did it.

    `schema` is raised when the fields of an event change; older forms are upcast when they are read. `about` names
    the field whose value is the event's stream: the log keeps the events of one stream in commit order, and can
    read one stream alone (all that happened to this loan, to this patron).
    """

    schema: ClassVar[int] = 1
    about: ClassVar[str] = ""

    at: datetime
    by: str

    @property
    def stream(self) -> str:
        """The stream this event belongs to, as `field:value`; empty when the event is about no one thing."""
        return f"{self.about}:{getattr(self, self.about)}" if self.about else ""


@frozen(weakref_slot=False)
class Put:
    """Store this record: as new, or in place of the one with the same key."""

    record: Any


@frozen
class Drop:
    """Remove the record of this class with this key."""

    cls: type[Any]
    key: str


Change = Put | Drop


class Records(Protocol):
    """The records an event is applied to: what was loaded for the decision, or the store being rebuilt."""

    def get(self, cls: type[R], key: str) -> R | None:
        """The record of this class with this key, or None."""
        ...


Changes = Mapping[type[Event], Callable[[Any, Records], Iterable[Change]]]
"""A room's table: for each event class, the function that says what it changes."""


def replacing(records: Records, record: Any, key: str) -> Put:
    """Store this record under its key, whatever was there. It is read first: a store guards by the version read."""
    records.get(type(record), key)
    return Put(record)


def removing(records: Records, cls: type[Any], key: str) -> Iterator[Drop]:
    """Remove the record of this class with this key, if there is one."""
    if records.get(cls, key) is not None:
        yield Drop(cls, key)
