"""What always holds in the back room, whatever is tried in whatever order."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from libops.base.decisions import Permit
from libops.base.ids import ItemId, LibraryCode
from libops.processing import (
    CHANGES,
    LEGAL,
    AccessionFacts,
    AccessionNumber,
    AccessionSeries,
    Preparation,
    PreparationFacts,
    PreparationState,
    ProblemKind,
    ProcessingPolicy,
    do_step,
    give_accession_number,
    raise_problem,
    receive,
    reopen,
    resolve_problem,
    search_again,
    send_back,
    shelve,
    skip_step,
    undo_step,
)
from libops.testing.notebook import Notebook
from libops.testing.strategies.processing import FIRST_DAY, checklists, policies

KEYS = {Preparation: "item_id", AccessionSeries: "key", AccessionNumber: "number"}
ITEMS = (ItemId("item-31"), ItemId("item-32"))
STEPS = ("quality_check", "catalog", "barcode", "spine_label", "final_scan")
TODAY = date(2026, 3, 2)

ACTS = st.tuples(
    st.sampled_from(
        ["receive", "do", "skip", "undo", "problem", "settle", "search", "shelve", "back", "reopen", "number"]
    ),
    st.sampled_from(ITEMS),
    st.sampled_from(STEPS),
    st.integers(0, 2),
)


def tried(policy: ProcessingPolicy, acts: list[tuple[str, ItemId, str, int]]) -> Notebook:
    """Everything is tried; what is permitted is written down."""
    notebook = Notebook(CHANGES, KEYS)
    at = FIRST_DAY
    for act, item, step, place in acts:
        at += timedelta(minutes=5)
        facts = PreparationFacts(preparation=notebook.get(Preparation, item))
        who = {"at": at, "by": "dana"}
        match act:
            case "receive":
                where = {"item_id": item, "library": LibraryCode("MAIN"), "checklist": "book", "policy": policy}
                answer = receive(facts, **where, **who)
            case "do":
                answer = do_step(facts, step=step, policy=policy, **who)
            case "skip":
                answer = skip_step(facts, step=step, why="thin spine", policy=policy, **who)
            case "undo":
                answer = undo_step(facts, step=step, why="came off", policy=policy, **who)
            case "problem":
                kind = list(ProblemKind)[place * 2]
                answer = raise_problem(facts, kind=kind, policy=policy, today=TODAY, **who)
            case "settle":
                answer = resolve_problem(facts, place=place, resolution="mended", policy=policy, **who)
            case "search":
                answer = search_again(facts, place=place, policy=policy, today=TODAY, **who)
            case "shelve":
                answer = shelve(facts, policy=policy, **who)
            case "back":
                answer = send_back(facts, why="wrong edition", **who)
            case "reopen":
                answer = reopen(facts, again=(step,), why="new label", policy=policy, **who)
            case _:
                series = policy.accession.series(library=LibraryCode("MAIN"), year=2026)
                last = notebook.get(AccessionSeries, series)
                numbered = AccessionFacts(preparation=facts.preparation, series=last)
                answer = give_accession_number(numbered, policy=policy, year=2026, **who)
        if isinstance(answer, Permit):
            notebook.write(answer.result.events)
    return notebook


@settings(max_examples=60)
@given(policy=policies(), acts=st.lists(ACTS, max_size=40))
def test_states_follow_the_table_and_tell_the_truth(policy: ProcessingPolicy, acts: list) -> None:
    """No move outside the table; ready means nothing required is missing, aside means something is wrong."""
    notebook = Notebook(CHANGES, KEYS)
    seen: dict[ItemId, PreparationState] = {}
    for event in tried(policy, acts).log:
        notebook.write([event])
        for item in ITEMS:
            now = notebook.get(Preparation, item)
            if now is None:
                continue
            before = seen.get(item)
            if before is not None and before is not now.state:
                reachable = {state for states in LEGAL[before].values() for state in states}
                again = before is PreparationState.SENT_BACK
                assert now.state in reachable or again
            seen[item] = now.state
            if now.state in (PreparationState.RECEIVED, PreparationState.IN_PROCESS, PreparationState.READY):
                missing = policy.checklist(now).missing(now.done)
                assert (now.state is PreparationState.READY) == (not missing)
                assert not now.has_problem
            if now.state is PreparationState.SET_ASIDE:
                assert now.has_problem


@settings(max_examples=60)
@given(policy=policies(), acts=st.lists(ACTS, max_size=40))
def test_nothing_is_lent_that_is_not_finished(policy: ProcessingPolicy, acts: list) -> None:
    """Without overrides, what may be lent has every required step done and nothing wrong."""
    for preparation in tried(policy, acts).all(Preparation):
        if policy.loanable(preparation):
            assert policy.checklist(preparation).missing(preparation.done) == ()
            assert not preparation.has_problem


@settings(max_examples=60)
@given(policy=policies(), acts=st.lists(ACTS, max_size=40))
def test_the_log_rebuilds_the_records(policy: ProcessingPolicy, acts: list) -> None:
    """State is the fold of events; no step is entered twice, and time only moves on."""
    notebook = tried(policy, acts)
    rebuilt = Notebook(CHANGES, KEYS)
    rebuilt.write(notebook.log)
    assert notebook.records == rebuilt.records
    for preparation in notebook.all(Preparation):
        assert len(preparation.done) == len(preparation.entries)
        assert all(first.at <= second.at for first, second in pairwise(preparation.entries))


@settings(max_examples=60)
@given(policy=policies(), acts=st.lists(ACTS, max_size=40))
def test_accession_numbers_name_one_item_each(policy: ProcessingPolicy, acts: list) -> None:
    """Two items never share a number, and an item never changes its own."""
    notebook = tried(policy, acts)
    numbers = notebook.all(AccessionNumber)
    assert len({number.item_id for number in numbers}) == len(numbers)
    for number in numbers:
        preparation = notebook.get(Preparation, number.item_id)
        assert preparation is not None
        assert preparation.accession_number == number.number


@given(checklist=checklists())
def test_every_checklist_has_a_way_through(checklist) -> None:
    """Doing whatever is allowed next finishes every list."""
    done: set[str] = set()
    while open_now := [step for step in checklist.steps if step.code not in done and done.issuperset(step.after)]:
        done.add(open_now[0].code)
    assert done == {step.code for step in checklist.steps}
    assert checklist.missing(frozenset(done)) == ()
