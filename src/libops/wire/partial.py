"""Rows of some of the columns: those that hold something in a new record, those that differ in a changed one.

A driver takes longer to bind nothing than to bind a text, and an engine that is not given a column need not look at
the indexes over it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from libops.storage.records import RecordType
from libops.wire.columns import layout_of

__all__ = ["PartialRows"]

Shape = tuple[bool, ...]
"""Of some fields of a kind, in their order: whether each of them is so."""


class PartialRows:
    """Which columns of a kind a row needs, and what makes it.

    >>> from datetime import UTC, datetime
    >>> from libops.patrons.standing import Standing
    >>> from libops.storage.kinds import kind_of
    >>> rows = PartialRows(kind_of(Standing))
    >>> before, after = Standing("p1"), Standing("p1", open_loans=1)
    >>> columns, cells = rows.of_changes(rows.changes(before, after))
    >>> columns, cells(after, 9, "p1", 7)
    (('open_loans',), (1, 9, 'p1', 7))
    """

    def __init__(self, type: RecordType[Any]) -> None:
        layout = layout_of(type)
        self.parts, self.names = layout.parts, layout.names
        self.nullable = [part for part in layout.parts if part.nullable]
        self.changing = [part for part in layout.parts if part.field != layout.key]
        self.empty: Callable[[Any], Shape] = self.compiled("r", [f"r.{part.field} is None" for part in self.nullable])
        """Which of the fields that may be None are."""
        self.changes: Callable[[Any, Any], Shape] = self.compiled(
            "a, b", [f"a.{part.field} != b.{part.field}" for part in self.changing]
        )
        """Which of the fields differ between a record and the next one with its key."""

    def of_new(self, empty: Shape) -> tuple[tuple[str, ...], Callable[..., tuple[Any, ...]]]:
        """The columns of a new record with these fields empty; what makes their cells, and adds the version it gets."""
        without = {part.field for part, none in zip(self.nullable, empty, strict=True) if none}
        filled = [part for part in self.parts if part.field not in without]
        make = self.compiled("r, version", [*(cell for part in filled for cell in part.filled), "version"])
        return tuple([name for part in filled for name in part.columns]), make

    def of_changes(self, changes: Shape) -> tuple[tuple[str, ...], Callable[..., tuple[Any, ...]]]:
        """The columns of the fields that changed; what makes their cells, and adds the version the record gets, its
        key and the version it has."""
        changed = [part for part, differs in zip(self.changing, changes, strict=True) if differs]
        cells = [cell for part in changed for cell in (part.cells if part.nullable else part.filled)]
        make = self.compiled("r, version, key, last", [*cells, "version", "key", "last"])
        return tuple([name for part in changed for name in part.columns]), make

    def compiled(self, arguments: str, values: Sequence[str]) -> Callable[..., tuple[Any, ...]]:
        made: Callable[..., tuple[Any, ...]] = eval(
            f"lambda {arguments}: ({', '.join(values)}{',' if values else ''})", self.names
        )
        return made
