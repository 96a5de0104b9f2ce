"""What the processing room has to know before it answers, and what it answers with."""

from __future__ import annotations

from attrs import frozen

from libops.base.decisions import Decision
from libops.base.events import Event
from libops.processing.model import AccessionNumber, AccessionSeries, Preparation

__all__ = ["AccessionFacts", "Answer", "BatchLine", "LabelText", "PreparationFacts", "ProcessingPlan"]


@frozen
class ProcessingPlan:
    """What will be said to have happened, in order; `changes` turns it into records."""

    events: tuple[Event, ...]


Answer = Decision[ProcessingPlan]


@frozen(kw_only=True)
class PreparationFacts:
    """For an act on material: its preparation, None when it has none."""

    preparation: Preparation | None = None


@frozen(kw_only=True)
class AccessionFacts:
    """For an accession number: the preparation, the series, and what is stored under the number that comes next."""

    preparation: Preparation | None = None
    series: AccessionSeries | None = None
    taken: AccessionNumber | None = None


@frozen(kw_only=True)
class LabelText:
    """What a finished item says, or what its record says: compared in the last scan. None is not compared."""

    barcode: str | None = None
    call_number: str | None = None
    shelving_location: str | None = None
    title: str | None = None


@frozen
class BatchLine:
    """One scan of a batch and its answer."""

    barcode: str
    answer: Answer
