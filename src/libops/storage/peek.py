"""Looking over many records without making them: for sweeps, which leave nearly all of them as they are.

A store that can hand over single fields has a method `peek`, which it need not have: for any other the records are
scanned, and the fields read off them. Both give the same rows in the same order.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any, NamedTuple, Protocol, runtime_checkable

from libops.storage.port import Storage
from libops.storage.records import RecordType

__all__ = ["Glance", "Peeking", "peek"]

Row = tuple[Any, ...]


class Glance(NamedTuple):
    """One page of rows, each the values of the fields asked for; `after` is as in `Page`."""

    rows: list[Row]
    after: Row | None


@runtime_checkable
class Peeking(Protocol):
    """A store that hands over single fields of records."""

    def peek(
        self,
        type: RecordType[Any],
        index: str,
        fields: tuple[str, ...],
        low: Any = None,
        high: Any = None,
        after: Row | None = None,
        page: int = 500,
    ) -> Glance:
        """One page of a kind in index order, as `Storage.scan` walks it, with these fields alone."""
        ...


def peek(
    storage: Storage,
    type: RecordType[Any],
    index: str,
    fields: tuple[str, ...],
    *,
    low: Any = None,
    high: Any = None,
    after: Row | None = None,
    page: int = 500,
) -> Glance:
    """One page of fields (two or more) of the records in an index, `low <= first field < high`."""
    if isinstance(storage, Peeking):
        return storage.peek(type, index, fields, low, high, after, page)
    rows, after = storage.scan(type, index, low, high, after, page)
    read = attrgetter(*fields)
    return Glance([read(row.record) for row in rows], after)
