"""The way through the back room: received, numbered, set aside with a problem, shelved, sent back, taken up again."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from attrs import evolve

from libops.base.answers import Asked, answer
from libops.base.decisions import Override, Reason, Verdict
from libops.base.ids import ItemId, LibraryCode
from libops.processing.decide.facts import AccessionFacts, Answer, PreparationFacts, ProcessingPlan
from libops.processing.decide.steps import in_hand, refused, set_aside
from libops.processing.events import (
    AccessionNumberGiven,
    CopySearchRepeated,
    ItemSentBack,
    ItemShelved,
    MaterialReceived,
    PreparationReopened,
    ProblemRaised,
    ProblemResolved,
)
from libops.processing.model import Preparation, PreparationAct, PreparationState, Problem, ProblemKind
from libops.processing.policy import ProcessingPolicy
from libops.processing.reasons import (
    ACCESSION_GIVEN,
    ACCESSION_TAKEN,
    CHECKLIST_UNKNOWN,
    ITEM_IN_PROCESSING,
    NOT_IN_PROCESSING,
    PREPARATION_OPEN,
    PROBLEM_OPEN,
    PROBLEM_UNKNOWN,
    REASON_MISSING,
    SEARCH_LIMIT,
    STEP_UNKNOWN,
    STEPS_MISSING,
)

__all__ = [
    "give_accession_number",
    "lending_reasons",
    "raise_problem",
    "receive",
    "reopen",
    "resolve_problem",
    "search_again",
    "send_back",
    "shelve",
]


def receive(
    facts: PreparationFacts,
    *,
    item_id: ItemId,
    library: LibraryCode,
    checklist: str,
    at: datetime,
    by: str,
    policy: ProcessingPolicy,
    pieces: int = 1,
) -> Answer:
    """Take an item in: from here on it is not lent until its checklist says so. What was sent back may come again."""
    old = facts.preparation
    here = old is not None and old.state is not PreparationState.SENT_BACK
    unknown = checklist not in policy.checklists
    known = tuple(policy.checklists)
    asked: list[Asked] = [
        ("not in processing yet", PREPARATION_OPEN(item=item_id, state=old.state.value) if old and here else None),
        ("checklist", CHECKLIST_UNKNOWN(checklist=checklist, known=known) if unknown else None),
    ]
    new = Preparation(item_id, library, checklist, at, by, at, pieces=pieces)
    if old is not None:
        new = evolve(new, accession_number=old.accession_number)
    new = evolve(new, state=policy.state_after(new))
    return answer(asked, lambda _: ProcessingPlan((MaterialReceived(at, by, new),)))


def give_accession_number(
    facts: AccessionFacts, *, at: datetime, by: str, policy: ProcessingPolicy, year: int
) -> Answer:
    """Give the next number of the series; the series and the number are guarded, so none is given twice.

    `year` is the year of accession by the library's own calendar.
    """
    preparation = facts.preparation
    if preparation is None:
        return refused(NOT_IN_PROCESSING())
    last = facts.series.last if facts.series else 0
    series = policy.accession.series(library=preparation.library, year=year)
    number = policy.accession.number(year=year, serial=last + 1, library=preparation.library)
    taken = facts.taken is not None and facts.taken.number == number
    given = preparation.accession_number
    asked: list[Asked] = [
        ("no number yet", ACCESSION_GIVEN(number=given) if given else None),
        ("number free", ACCESSION_TAKEN(number=number, item=facts.taken.item_id) if taken and facts.taken else None),
    ]
    event = AccessionNumberGiven(at, by, preparation.item_id, number, series, last + 1)
    return answer(asked, lambda _: ProcessingPlan((event,)))


def raise_problem(
    facts: PreparationFacts,
    *,
    kind: ProblemKind,
    at: datetime,
    by: str,
    policy: ProcessingPolicy,
    today: date,
    note: str = "",
) -> Answer:
    """Set material aside and say what is wrong; where no copy was found, the day of the next search is set."""
    preparation = facts.preparation
    if preparation is None:
        return refused(NOT_IN_PROCESSING(problem=kind.value))
    again = today + timedelta(policy.search_again_days) if kind is ProblemKind.NO_COPY_FOUND else None
    problem = Problem(kind, at, by, note, again, 1 if again else 0)
    event = ProblemRaised(at, by, preparation.item_id, problem, PreparationState.SET_ASIDE)
    return answer(in_hand(preparation, PreparationAct.RAISE_PROBLEM, at), lambda _: ProcessingPlan((event,)))


def open_problem(preparation: Preparation, place: int) -> Problem | None:
    if 0 <= place < len(preparation.problems) and preparation.problems[place].is_open:
        return preparation.problems[place]
    return None


def search_again(
    facts: PreparationFacts, *, place: int, at: datetime, by: str, policy: ProcessingPolicy, today: date
) -> Answer:
    """A record to copy was searched for again in vain: the next day to try, or none after the library's limit."""
    preparation = facts.preparation
    if preparation is None:
        return refused(NOT_IN_PROCESSING())
    problem = open_problem(preparation, place)
    searching = problem is not None and problem.kind is ProblemKind.NO_COPY_FOUND
    searches = problem.searches + 1 if problem else 1
    enough = policy.search_limit is not None and searches >= policy.search_limit
    asked = [
        *in_hand(preparation, PreparationAct.RESOLVE_PROBLEM, at),
        ("search open", None if searching else PROBLEM_UNKNOWN(place=place, kind=ProblemKind.NO_COPY_FOUND.value)),
        ("searches left", SEARCH_LIMIT(searches=searches, limit=policy.search_limit) if enough else None),
    ]
    again = None if enough else today + timedelta(policy.search_again_days)
    event = CopySearchRepeated(at, by, preparation.item_id, place, again)
    return answer(asked, lambda _: ProcessingPlan((event,)))


def resolve_problem(
    facts: PreparationFacts, *, place: int, resolution: str, at: datetime, by: str, policy: ProcessingPolicy
) -> Answer:
    """Settle a problem; with the last one settled the material goes on where its steps left it."""
    preparation = facts.preparation
    if preparation is None:
        return refused(NOT_IN_PROCESSING())
    there = open_problem(preparation, place) is not None
    asked = [
        *in_hand(preparation, PreparationAct.RESOLVE_PROBLEM, at),
        ("problem open", None if there else PROBLEM_UNKNOWN(place=place)),
    ]
    others = sum(problem.is_open for problem in preparation.problems) - there
    state = policy.state_after(preparation, open_problems=others)
    event = ProblemResolved(at, by, preparation.item_id, place, resolution, state)
    return answer(asked, lambda _: ProcessingPlan((event,)))


def unfinished(preparation: Preparation, policy: ProcessingPolicy) -> list[Asked]:
    """What still keeps material in the back room: missing steps, open problems."""
    missing = tuple(step.code for step in policy.checklist(preparation).missing(preparation.done))
    wrong = tuple(problem.kind.value for problem in preparation.problems if problem.is_open)
    return [
        ("required steps", STEPS_MISSING(steps=missing) if missing else None),
        ("nothing wrong", PROBLEM_OPEN(problems=wrong) if wrong else None),
    ]


def shelve(
    facts: PreparationFacts,
    *,
    at: datetime,
    by: str,
    policy: ProcessingPolicy,
    override: Override | None = None,
    explain: bool = False,
) -> Answer:
    """Send an item to its shelf; with steps missing or a problem open only by override."""
    preparation = facts.preparation
    if preparation is None:
        return refused(NOT_IN_PROCESSING())
    asked = [*in_hand(preparation, PreparationAct.SHELVE, at), *unfinished(preparation, policy)]

    def plan(verdict: Verdict) -> ProcessingPlan:
        codes = set_aside(verdict)
        why = override.why if override and codes else ""
        return ProcessingPlan((ItemShelved(at, by, preparation.item_id, codes, why),))

    return answer(asked, plan, override=override, explain=explain)


def send_back(facts: PreparationFacts, *, why: str, at: datetime, by: str) -> Answer:
    """Return material to the supplier, or discard it, and say why."""
    preparation = facts.preparation
    if preparation is None:
        return refused(NOT_IN_PROCESSING())
    asked = [
        *in_hand(preparation, PreparationAct.SEND_BACK, at),
        ("reason given", None if why.strip() else REASON_MISSING()),
    ]
    return answer(asked, lambda _: ProcessingPlan((ItemSentBack(at, by, preparation.item_id, why),)))


def reopen(
    facts: PreparationFacts, *, again: tuple[str, ...], why: str, at: datetime, by: str, policy: ProcessingPolicy
) -> Answer:
    """Take an item from the shelf to do steps again: a new label, a repaired binding. It is not lent meanwhile."""
    preparation = facts.preparation
    if preparation is None:
        return refused(NOT_IN_PROCESSING())
    checklist = policy.checklist(preparation)
    unknown = [code for code in again if checklist.step(code) is None]
    asked = [
        *in_hand(preparation, PreparationAct.REOPEN, at),
        *(("on the checklist", STEP_UNKNOWN(step=code, checklist=checklist.name)) for code in unknown),
        ("reason given", None if why.strip() else REASON_MISSING()),
    ]
    kept = tuple(entry for entry in preparation.entries if entry.code not in again)
    state = policy.state_after(preparation, entries=kept)
    event = PreparationReopened(at, by, preparation.item_id, why, tuple(again), state)
    return answer(asked, lambda _: ProcessingPlan((event,)))


def lending_reasons(preparation: Preparation | None, *, policy: ProcessingPolicy) -> tuple[Reason, ...]:
    """Why an item may not be lent yet, as far as processing is concerned; empty when it may."""
    if preparation is None or policy.loanable(preparation):
        return ()
    missing = tuple(step.code for step in policy.checklist(preparation).missing(preparation.done))
    return (ITEM_IN_PROCESSING(item=preparation.item_id, state=preparation.state.value, steps=missing),)
