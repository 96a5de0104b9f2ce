"""A libops of tomorrow: the same library, whose patrons have got more facts and one more order to find them by.

Inside `libops_of_tomorrow()` the kind `patron` is tomorrow's. A store made outside and opened inside is one that an
older libops wrote; made inside and opened outside, it is one of a newer libops.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from attrs import fields, frozen

from libops.patrons.model import Patron
from libops.storage import kinds
from libops.storage.kinds import patrons
from libops.storage.records import Index, RecordType

__all__ = ["PatronOfTomorrow", "libops_of_tomorrow", "regular"]


@frozen
class PatronOfTomorrow(Patron):
    """A patron who is also asked how to be addressed, and whose visits are counted."""

    address_as: str = "the patron's name"
    visits: int = 0
    interests: tuple[str, ...] = ()


def regular(patron: Patron, *, visits: int) -> PatronOfTomorrow:
    """A patron of today who came back so often."""
    today = {a.name: getattr(patron, a.name) for a in fields(Patron)}
    return PatronOfTomorrow(**today, visits=visits, interests=("maps",))


def grown(kind: RecordType[Patron]) -> RecordType[PatronOfTomorrow]:
    return RecordType(
        kind.name,
        PatronOfTomorrow,
        kind.key,
        (*kind.indexes, Index("by_visits", ("visits", "address_as"))),
    )


@contextmanager
def libops_of_tomorrow() -> Iterator[RecordType[PatronOfTomorrow]]:
    """Let patrons be tomorrow's for a while; gives their kind. Stores that are open must not be used across."""
    today = patrons.KINDS
    tomorrow = grown(kinds.kind_of(Patron))
    told(tuple(tomorrow if kind.cls is Patron else kind for kind in today))
    try:
        yield tomorrow
    finally:
        told(today)


def told(declared: Any) -> None:
    patrons.KINDS = declared
    kinds.kinds_of.cache_clear()
    kinds.all_kinds.cache_clear()
    kinds.all_kinds()
