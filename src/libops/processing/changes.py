"""From what happened to the records: material on its way, accession series, accession numbers."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from libops.base.errors import NotFound
from libops.base.events import Change, Changes, Event, Put, Records
from libops.base.ids import ItemId
from libops.processing.events import (
    AccessionNumberGiven,
    CopySearchRepeated,
    ItemSentBack,
    ItemShelved,
    MaterialReceived,
    PiecesCounted,
    PreparationReopened,
    ProblemRaised,
    ProblemResolved,
    StepDone,
    StepSkipped,
    StepUndone,
)
from libops.processing.model import AccessionNumber, AccessionSeries, Preparation, PreparationState

__all__ = ["CHANGES"]


def of_item(records: Records, item_id: ItemId) -> Preparation:
    found = records.get(Preparation, item_id)
    if found is None:
        raise NotFound(f"no preparation of item {item_id!r}: it must be received first")
    return found


def moved(event: Event, preparation: Preparation, state: PreparationState) -> Preparation:
    return evolve(preparation, state=state, changed_at=event.at)


def material_received(event: MaterialReceived, records: Records) -> Iterator[Change]:
    """The new preparation."""
    yield Put(event.preparation)


def step_entered(event: StepDone | StepSkipped, records: Records) -> Iterator[Change]:
    """The entry, after those before it."""
    preparation = of_item(records, event.item_id)
    yield Put(moved(event, evolve(preparation, entries=(*preparation.entries, event.entry)), event.state))


def step_undone(event: StepUndone, records: Records) -> Iterator[Change]:
    """The entry goes; the log keeps it."""
    preparation = of_item(records, event.item_id)
    kept = tuple(entry for entry in preparation.entries if entry.code != event.code)
    yield Put(moved(event, evolve(preparation, entries=kept), event.state))


def accession_number_given(event: AccessionNumberGiven, records: Records) -> Iterator[Change]:
    """The number on the preparation, under its own key, and the series one further."""
    preparation = of_item(records, event.item_id)
    yield Put(evolve(preparation, accession_number=event.number, changed_at=event.at))
    yield Put(AccessionNumber(event.number, event.item_id))
    yield Put(AccessionSeries(event.series, event.serial))


def pieces_counted(event: PiecesCounted, records: Records) -> Iterator[Change]:
    """How many were counted."""
    yield Put(evolve(of_item(records, event.item_id), counted=event.counted, changed_at=event.at))


def problem_raised(event: ProblemRaised, records: Records) -> Iterator[Change]:
    """The problem, after those before it."""
    preparation = of_item(records, event.item_id)
    yield Put(moved(event, evolve(preparation, problems=(*preparation.problems, event.problem)), event.state))


def copy_search_repeated(event: CopySearchRepeated, records: Records) -> Iterator[Change]:
    """One search more, and the next day to try."""
    preparation = of_item(records, event.item_id)
    problem = preparation.problems[event.place]
    searched = evolve(problem, searches=problem.searches + 1, search_again=event.search_again)
    problems = (*preparation.problems[: event.place], searched, *preparation.problems[event.place + 1 :])
    yield Put(evolve(preparation, problems=problems, changed_at=event.at))


def problem_resolved(event: ProblemResolved, records: Records) -> Iterator[Change]:
    """The problem with its end."""
    preparation = of_item(records, event.item_id)
    problem = preparation.problems[event.place]
    settled = evolve(problem, resolved_at=event.at, resolution=event.resolution, search_again=None)
    problems = (*preparation.problems[: event.place], settled, *preparation.problems[event.place + 1 :])
    yield Put(moved(event, evolve(preparation, problems=problems), event.state))


def item_shelved(event: ItemShelved, records: Records) -> Iterator[Change]:
    """On its shelf."""
    yield Put(moved(event, of_item(records, event.item_id), PreparationState.ON_SHELF))


def item_sent_back(event: ItemSentBack, records: Records) -> Iterator[Change]:
    """Gone."""
    yield Put(moved(event, of_item(records, event.item_id), PreparationState.SENT_BACK))


def preparation_reopened(event: PreparationReopened, records: Records) -> Iterator[Change]:
    """Without the entries of the steps to be done anew."""
    preparation = of_item(records, event.item_id)
    kept = tuple(entry for entry in preparation.entries if entry.code not in event.again)
    yield Put(moved(event, evolve(preparation, entries=kept), event.state))


CHANGES: Changes = {
    MaterialReceived: material_received,
    StepDone: step_entered,
    StepSkipped: step_entered,
    StepUndone: step_undone,
    AccessionNumberGiven: accession_number_given,
    PiecesCounted: pieces_counted,
    ProblemRaised: problem_raised,
    CopySearchRepeated: copy_search_repeated,
    ProblemResolved: problem_resolved,
    ItemShelved: item_shelved,
    ItemSentBack: item_sent_back,
    PreparationReopened: preparation_reopened,
}
"""What each event of processing does to the records."""
