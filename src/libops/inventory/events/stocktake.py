"""What happened in stocktakes."""

from __future__ import annotations

from attrs import frozen

from libops.base.events import Event
from libops.base.ids import StocktakeId
from libops.inventory.model import Correction, ExpectedItem, Stocktake, StocktakeScan

__all__ = [
    "CorrectionsApplied",
    "CorrectionsUndone",
    "CountingClosed",
    "CountingReopened",
    "ExpectedItemsFrozen",
    "ScansRecorded",
    "StocktakeAccepted",
    "StocktakeCanceled",
    "StocktakeOpened",
    "StocktakeUndone",
]


@frozen(kw_only=True)
class StocktakeOpened(Event):
    """A counting session was opened."""

    session: Stocktake


@frozen(kw_only=True)
class ExpectedItemsFrozen(Event):
    """A part of the list of expected items, as the records had them at the start."""

    session_id: StocktakeId
    rows: tuple[ExpectedItem, ...]


@frozen(kw_only=True)
class ScansRecorded(Event):
    """A device handed in scans; those it had handed in before are not among them."""

    session_id: StocktakeId
    device: str
    scans: tuple[StocktakeScan, ...]


@frozen(kw_only=True)
class CountingClosed(Event):
    """Counting ended; the result is reviewed next."""

    session_id: StocktakeId


@frozen(kw_only=True)
class CountingReopened(Event):
    """Counting goes on."""

    session_id: StocktakeId


@frozen(kw_only=True)
class StocktakeCanceled(Event):
    """The session was given up; nothing was changed by it."""

    session_id: StocktakeId
    why: str = ""


@frozen(kw_only=True)
class StocktakeAccepted(Event):
    """The result was reviewed and accepted: its numbers, and the fingerprint of what the reviewer saw."""

    session_id: StocktakeId
    fingerprint: str
    found: int
    missing: int
    corrections: int
    waived: tuple[str, ...] = ()


@frozen(kw_only=True)
class CorrectionsApplied(Event):
    """Items were corrected as an accepted stocktake says. The desk changes the items and loans in the same step."""

    session_id: StocktakeId
    corrections: tuple[Correction, ...]


@frozen(kw_only=True)
class StocktakeUndone(Event):
    """An accepted result was taken back; the session can be reviewed again."""

    session_id: StocktakeId
    why: str


@frozen(kw_only=True)
class CorrectionsUndone(Event):
    """Corrections were taken back, or left standing where the item has changed again since."""

    session_id: StocktakeId
    corrections: tuple[Correction, ...]
