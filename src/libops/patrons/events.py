"""What happens to patron records."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from libops.base.events import Event
from libops.base.ids import PatronId
from libops.patrons.model import Block, Patron
from libops.patrons.standing import Standing

__all__ = [
    "BlockLifted",
    "BlockPlaced",
    "CardReplaced",
    "EventForgotten",
    "HistoryForgotten",
    "PatronChanged",
    "PatronRegistered",
    "PatronRemoved",
]


@frozen
class PatronEvent(Event):
    about: ClassVar[str] = "patron_id"

    patron_id: PatronId


@frozen
class PatronRegistered(PatronEvent):
    """A person became a patron."""

    patron: Patron


@frozen
class PatronChanged(PatronEvent):
    """The patron's record was edited; the card stays as it was."""

    patron: Patron


@frozen
class CardReplaced(PatronEvent):
    """The patron was given another card; the old barcode names nobody now. None: the card was taken away."""

    card: str | None


@frozen
class BlockPlaced(PatronEvent):
    """Staff restricted the patron."""

    block: Block


@frozen
class BlockLifted(PatronEvent):
    """Staff lifted a restriction before its end."""

    block_id: str


@frozen
class PatronRemoved(PatronEvent):
    """The patron's record was deleted."""


@frozen
class HistoryForgotten(PatronEvent):
    """Loans that had ended were taken off the patron, in the records and in the log; this is what counts from now."""

    standing: Standing


@frozen
class EventForgotten(Event):
    """Here stood an event of a loan or hold that was forgotten, or of what it did to the patron; of that day."""
