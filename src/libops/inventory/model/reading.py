"""Shelf reading: which items stand out of order, between which two each belongs, and why."""

from __future__ import annotations

from attrs import frozen

from libops.inventory.model.result import Neighbors
from libops.inventory.model.shelf import ShelfItem

__all__ = ["ExerciseGrade", "Misplacement", "ShelfExercise", "ShelfReading"]


@frozen(kw_only=True)
class Misplacement:
    """An item out of order: its position on the shelf from 1, where it belongs, and why in words if they were asked."""

    item: ShelfItem
    position: int
    neighbors: Neighbors
    why: tuple[str, ...] = ()


@frozen(kw_only=True)
class ShelfReading:
    """The order check of one shelf. Moving the misplaced items, and no fewer, puts it in order."""

    items: int
    misplaced: tuple[Misplacement, ...]
    copies: tuple[tuple[ShelfItem, ...], ...] = ()
    """Items with equal sort keys: copies or works that file alike, not misplaced among themselves."""

    @property
    def in_order(self) -> bool:
        """Whether nothing has to move."""
        return not self.misplaced


@frozen(kw_only=True)
class ShelfExercise:
    """A shelf for a trainee: some items were moved, and the trainee names those that stand wrong."""

    shelf: tuple[ShelfItem, ...]
    moves_needed: int


@frozen(kw_only=True)
class ExerciseGrade:
    """How a trainee did: what was rightly named, what was named though it need not move, what is still wrong.

    `solved` means the shelf is in order once the named items are taken out; `best` that no smaller answer does it.
    """

    solved: bool
    best: bool
    right: tuple[ShelfItem, ...]
    needless: tuple[ShelfItem, ...]
    overlooked: tuple[Misplacement, ...]
