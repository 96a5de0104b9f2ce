"""What happened to material on its way to the shelf."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from libops.base.events import Event
from libops.base.ids import ItemId
from libops.processing.model import Preparation, PreparationState, Problem, StepEntry

__all__ = [
    "AccessionNumberGiven",
    "CopySearchRepeated",
    "ItemSentBack",
    "ItemShelved",
    "MaterialReceived",
    "PiecesCounted",
    "PreparationReopened",
    "ProblemRaised",
    "ProblemResolved",
    "StepDone",
    "StepSkipped",
    "StepUndone",
]


@frozen
class MaterialReceived(Event):
    """Material was unpacked and joined the queue of its checklist."""

    preparation: Preparation


@frozen
class StepDone(Event):
    """A step of the checklist was done; `overridden` are the codes of reasons set aside."""

    item_id: ItemId
    entry: StepEntry
    state: PreparationState
    overridden: tuple[str, ...] = ()


@frozen
class StepSkipped(Event):
    """A step was left out, for the reason in the entry."""

    item_id: ItemId
    entry: StepEntry
    state: PreparationState
    overridden: tuple[str, ...] = ()


@frozen
class StepUndone(Event):
    """A step has to be done again: the label came off, the tag was wrong."""

    item_id: ItemId
    code: str
    why: str
    state: PreparationState


@frozen
class AccessionNumberGiven(Event):
    """The item got its accession number, the `serial` of a series."""

    item_id: ItemId
    number: str
    series: str
    serial: int


@frozen
class PiecesCounted(Event):
    """The parts of a set were counted."""

    item_id: ItemId
    counted: int


@frozen
class ProblemRaised(Event):
    """Something is wrong; the material was set aside."""

    item_id: ItemId
    problem: Problem
    state: PreparationState


@frozen
class CopySearchRepeated(Event):
    """A record to copy was searched for again and not found; `search_again` is the next day to try, None to give up."""

    item_id: ItemId
    place: int
    search_again: date | None


@frozen
class ProblemResolved(Event):
    """A problem was settled: `place` is its place among the problems of the item."""

    item_id: ItemId
    place: int
    resolution: str
    state: PreparationState


@frozen
class ItemShelved(Event):
    """The item went to its shelf."""

    item_id: ItemId
    overridden: tuple[str, ...] = ()
    why: str = ""


@frozen
class ItemSentBack(Event):
    """The material went back to the supplier, or was discarded."""

    item_id: ItemId
    why: str


@frozen
class PreparationReopened(Event):
    """An item came back from the shelf to be processed again; these steps have to be done anew."""

    item_id: ItemId
    why: str
    again: tuple[str, ...]
    state: PreparationState
