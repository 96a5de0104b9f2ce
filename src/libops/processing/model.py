"""Material on its way to the shelf: where it stands, which steps were done by whom, and what is wrong with it.

>>> LEGAL[PreparationState.READY][PreparationAct.SHELVE]
(<PreparationState.ON_SHELF: 'on_shelf'>,)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum

from attrs import field, frozen

from libops.base.bounds import at_least_one
from libops.base.ids import ItemId, LibraryCode

__all__ = [
    "LEGAL",
    "AccessionNumber",
    "AccessionSeries",
    "Preparation",
    "PreparationAct",
    "PreparationState",
    "Problem",
    "ProblemKind",
    "StepEntry",
]


class PreparationState(Enum):
    """Where material stands between delivery and shelf."""

    RECEIVED = "received"
    """Unpacked; no step is done."""
    IN_PROCESS = "in_process"
    """Some steps are done, required ones are missing."""
    SET_ASIDE = "set_aside"
    """A problem is open."""
    READY = "ready"
    """All required steps are done."""
    ON_SHELF = "on_shelf"
    """On its shelf, or handed to circulation."""
    SENT_BACK = "sent_back"
    """Returned to the supplier, or discarded."""


class PreparationAct(Enum):
    """What moves material from state to state."""

    WORK = "work"
    """A step is done, skipped or undone, or pieces are counted."""
    RAISE_PROBLEM = "raise_problem"
    RESOLVE_PROBLEM = "resolve_problem"
    SHELVE = "shelve"
    SEND_BACK = "send_back"
    REOPEN = "reopen"
    """Taken from the shelf to be processed again."""


def _legal() -> Mapping[PreparationState, Mapping[PreparationAct, tuple[PreparationState, ...]]]:
    received, in_process, set_aside = (
        PreparationState.RECEIVED,
        PreparationState.IN_PROCESS,
        PreparationState.SET_ASIDE,
    )
    ready, on_shelf, sent_back = PreparationState.READY, PreparationState.ON_SHELF, PreparationState.SENT_BACK
    working = {
        PreparationAct.WORK: (received, in_process, ready),
        PreparationAct.RAISE_PROBLEM: (set_aside,),
        PreparationAct.SHELVE: (on_shelf,),
        PreparationAct.SEND_BACK: (sent_back,),
    }
    aside = {
        PreparationAct.WORK: (set_aside,),
        PreparationAct.RAISE_PROBLEM: (set_aside,),
        PreparationAct.RESOLVE_PROBLEM: (received, in_process, ready, set_aside),
        PreparationAct.SHELVE: (on_shelf,),
        PreparationAct.SEND_BACK: (sent_back,),
    }
    shelved = {PreparationAct.REOPEN: (received, in_process, set_aside, ready)}
    return {received: working, in_process: working, ready: working, set_aside: aside, on_shelf: shelved, sent_back: {}}


LEGAL: Mapping[PreparationState, Mapping[PreparationAct, tuple[PreparationState, ...]]] = _legal()
"""Every legal move: state -> act -> the states it may lead to, by what is then done and what is still wrong."""


class ProblemKind(Enum):
    """What may be wrong with new material."""

    DAMAGED_PIECE = "damaged_piece"
    MISSING_PIECE = "missing_piece"
    WRONG_MATERIAL = "wrong_material"
    """Not what was ordered."""
    NOT_ORDERED = "not_ordered"
    NO_COPY_FOUND = "no_copy_found"
    """No record to copy was found; searched again at a later date."""
    BARCODE_IN_USE = "barcode_in_use"
    OTHER = "other"


@frozen
class StepEntry:
    """One step that was done, or skipped and why: `code` names it on the checklist."""

    code: str
    at: datetime
    by: str
    skipped: bool = False
    why: str = ""


@frozen
class Problem:
    """One thing that is wrong: open until `resolved_at`; `search_again` is the day of the next search for a copy."""

    kind: ProblemKind
    at: datetime
    by: str
    note: str = ""
    search_again: date | None = None
    searches: int = 0
    resolved_at: datetime | None = None
    resolution: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the problem still keeps the material aside."""
        return self.resolved_at is None


@frozen
class Preparation:
    """One item on its way to the shelf; the item has at most one.

    `checklist` names the checklist of its material type. `pieces` is how many parts belong to it; `counted` how many
    were found, None while nobody has counted. `entries` are the steps done or skipped, in order.
    """

    item_id: ItemId
    library: LibraryCode
    checklist: str
    received_at: datetime
    received_by: str
    changed_at: datetime
    state: PreparationState = PreparationState.RECEIVED
    entries: tuple[StepEntry, ...] = ()
    problems: tuple[Problem, ...] = ()
    accession_number: str = ""
    pieces: int = field(default=1, validator=at_least_one)
    counted: int | None = None

    @property
    def done(self) -> frozenset[str]:
        """The codes of the steps that are done or were skipped."""
        return frozenset(entry.code for entry in self.entries)

    @property
    def has_problem(self) -> bool:
        """Whether a problem is open."""
        return any(problem.is_open for problem in self.problems)


@frozen
class AccessionSeries:
    """The last number given in one series: a library's, or a library's of one year. Guards that none is given twice."""

    key: str
    last: int = 0


@frozen
class AccessionNumber:
    """A number given for good: it names its item and is never given again."""

    number: str
    item_id: ItemId
