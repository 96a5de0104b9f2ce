"""New material from delivery to shelf: what a technician may do, and when the item may be lent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve

from libops.base.decisions import Override, Permit, Refuse
from libops.base.errors import InvalidValue
from libops.base.ids import ItemId, LibraryCode
from libops.processing import (
    AccessionFacts,
    AccessionFormat,
    AccessionNumber,
    AccessionSeries,
    Checklist,
    ChecklistStep,
    LabelText,
    LoanableWhen,
    Preparation,
    PreparationFacts,
    PreparationState,
    ProblemKind,
    ProcessingPolicy,
    StepOrder,
    count_pieces,
    do_batch,
    do_step,
    final_scan,
    give_accession_number,
    lending_reasons,
    raise_problem,
    receive,
    reopen,
    resolve_problem,
    search_again,
    send_back,
    shelve,
    shipped_checklists,
    skip_step,
    undo_step,
)
from libops.processing.decide.facts import Answer
from libops.testing.notebook import Notebook

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = date(2026, 3, 2)
POLICY = ProcessingPolicy()
ATLAS = ItemId("item-31")
REQUIRED = ("quality_check", "catalog", "barcode", "property_stamp", "spine_label", "final_scan")


def codes(answer: Answer) -> tuple[str, ...]:
    """The reasons of a refusal, or the alerts of a permit."""
    found = answer.reasons if isinstance(answer, Refuse) else answer.alerts
    return tuple(reason.code for reason in found)


class BackRoom:
    """A technician with a notebook; each act is a minute later than the last."""

    def __init__(self, notebook: Notebook, policy: ProcessingPolicy = POLICY) -> None:
        self.notebook, self.policy, self.now = notebook, policy, NOW

    @property
    def facts(self) -> PreparationFacts:
        return PreparationFacts(preparation=self.notebook.get(Preparation, ATLAS))

    @property
    def preparation(self) -> Preparation:
        found = self.facts.preparation
        assert found is not None
        return found

    def act(self, decide, **terms) -> Answer:
        self.now += timedelta(minutes=1)
        answer = decide(self.facts, at=self.now, by="dana", **terms)
        if isinstance(answer, Permit):
            self.notebook.write(answer.result.events)
        return answer

    def receive(self, checklist: str = "book", **terms) -> Answer:
        known = {"item_id": ATLAS, "library": LibraryCode("MAIN"), "policy": self.policy}
        return self.act(receive, checklist=checklist, **known, **terms)

    def do(self, *steps: str, **terms) -> Answer:
        for step in steps:
            answer = self.act(do_step, step=step, policy=self.policy, **terms)
        return answer


@pytest.fixture
def room(notebook: Notebook) -> BackRoom:
    """A book was just unpacked."""
    room = BackRoom(notebook)
    room.receive()
    return room


def test_an_item_is_not_lent_until_its_required_steps_are_done(room: BackRoom) -> None:
    """From unpacking on the item waits; optional steps do not hold it up."""
    assert room.preparation.state is PreparationState.RECEIVED
    for step in REQUIRED:
        reasons = lending_reasons(room.preparation, policy=POLICY)
        assert [reason.code for reason in reasons] == ["item.in_processing"]
        assert step in reasons[0].data["steps"]
        assert room.do(step)
    assert room.preparation.state is PreparationState.READY
    assert lending_reasons(room.preparation, policy=POLICY) == ()
    assert lending_reasons(None, policy=POLICY) == ()


def test_a_library_may_wait_for_the_shelf(notebook: Notebook) -> None:
    """Where only shelved items are lent, ready is not enough."""
    room = BackRoom(notebook, ProcessingPolicy(loanable_when=LoanableWhen.ON_SHELF))
    room.receive()
    room.do(*REQUIRED)
    assert not room.policy.loanable(room.preparation)
    assert room.act(shelve, policy=room.policy)
    assert room.policy.loanable(room.preparation)


def test_each_step_keeps_who_and_when(room: BackRoom) -> None:
    """Somebody asks who put the label on upside down."""
    room.do("quality_check")
    entry = room.preparation.entries[0]
    assert (entry.code, entry.by, entry.at, entry.skipped) == ("quality_check", "dana", room.now, False)


def test_steps_wait_for_those_they_name(room: BackRoom) -> None:
    """No barcode before the record; a right lifts it, and the event says so."""
    assert codes(room.do("barcode")) == ("step.too_early",)
    override = Override({"step.too_early"}, "dana", "records come tonight", {"processing.any_order"})
    answer = room.do("barcode", override=override)
    assert isinstance(answer, Permit)
    assert answer.result.events[0].overridden == ("step.too_early",)


@pytest.mark.parametrize(("order", "reasons"), [(StepOrder.FREE, ()), (StepOrder.AS_LISTED, ("step.too_early",))])
def test_order_of_steps_is_the_librarys_choice(notebook: Notebook, order: StepOrder, reasons: tuple[str, ...]) -> None:
    """A stamp waits for nothing by its prerequisites, but for all above it where the list is the order."""
    room = BackRoom(notebook, ProcessingPolicy(order=order))
    room.receive()
    assert codes(room.do("property_stamp")) == reasons


def test_a_step_is_done_once_and_only_if_listed(room: BackRoom) -> None:
    """Twice is a slip of the scanner; a step of another checklist is a slip of the hand."""
    room.do("quality_check")
    assert codes(room.do("quality_check")) == ("step.done_already",)
    assert codes(room.do("disc_mark")) == ("step.not_on_checklist",)


def test_special_collections_are_never_stamped(notebook: Notebook) -> None:
    """The checklist forbids it; only a right of its own lifts that."""
    room = BackRoom(notebook)
    room.receive("special_collections")
    assert codes(room.do("property_stamp")) == ("step.forbidden",)
    override = Override({"step.forbidden"}, "dana", "duplicate leaf", {"processing.do_forbidden_step"})
    assert room.do("property_stamp", override=override)


def test_skipping_needs_a_reason_and_required_checks_a_right(room: BackRoom) -> None:
    """A thin pamphlet has no spine to label; nobody skips the quality check."""
    assert codes(room.act(skip_step, step="rfid_tag", why=" ", policy=POLICY)) == ("step.reason_missing",)
    assert room.act(skip_step, step="rfid_tag", why="foil cover", policy=POLICY)
    assert room.act(skip_step, step="date_slip", why="", policy=POLICY)
    assert codes(room.act(skip_step, step="quality_check", why="rush", policy=POLICY)) == ("step.not_skippable",)
    override = Override({"step.not_skippable"}, "dana", "rush", {"processing.skip_required"})
    assert room.act(skip_step, step="quality_check", why="rush", policy=POLICY, override=override)
    entry = room.preparation.entries[-1]
    assert (entry.skipped, entry.why) == (True, "rush")
    assert "quality_check" in room.preparation.done


def test_a_step_undone_holds_the_item_again(room: BackRoom) -> None:
    """The label came off: back from ready to in process."""
    room.do(*REQUIRED)
    assert codes(room.act(undo_step, step="spine_label", why="", policy=POLICY)) == ("step.reason_missing",)
    assert room.act(undo_step, step="spine_label", why="came off", policy=POLICY)
    assert room.preparation.state is PreparationState.IN_PROCESS
    assert codes(room.act(undo_step, step="spine_label", why="came off", policy=POLICY)) == ("step.not_done",)


def test_shelving_asks_for_all_that_is_missing_at_once(room: BackRoom) -> None:
    """All reasons, not the first: steps and problems; a right lets it through and the event keeps why."""
    room.do("quality_check")
    room.act(raise_problem, kind=ProblemKind.DAMAGED_PIECE, note="torn map", policy=POLICY, today=TODAY)
    assert codes(room.act(shelve, policy=POLICY)) == ("preparation.steps_missing", "preparation.problem_open")
    lifted = {"preparation.steps_missing", "preparation.problem_open"}
    override = Override(lifted, "dana", "exhibition opens", {"processing.shelve_unfinished"})
    answer = room.act(shelve, policy=POLICY, override=override)
    assert isinstance(answer, Permit)
    assert answer.result.events[0].why == "exhibition opens"
    assert room.preparation.state is PreparationState.ON_SHELF


def test_a_problem_sets_aside_until_all_are_settled(room: BackRoom) -> None:
    """Damaged and a piece missing: work goes on, but the item is aside until both are settled."""
    room.act(raise_problem, kind=ProblemKind.DAMAGED_PIECE, policy=POLICY, today=TODAY)
    room.act(raise_problem, kind=ProblemKind.MISSING_PIECE, policy=POLICY, today=TODAY)
    room.do(*REQUIRED)
    assert room.preparation.state is PreparationState.SET_ASIDE
    room.act(resolve_problem, place=0, resolution="mended", policy=POLICY)
    assert room.preparation.state is PreparationState.SET_ASIDE
    room.act(resolve_problem, place=1, resolution="supplier sent it", policy=POLICY)
    assert room.preparation.state is PreparationState.READY
    room.act(raise_problem, kind=ProblemKind.OTHER, policy=POLICY, today=TODAY)
    assert codes(room.act(resolve_problem, place=1, resolution="again", policy=POLICY)) == ("problem.not_open",)


def test_no_copy_found_is_searched_again_on_a_day(room: BackRoom) -> None:
    """Thirty days, three searches, then original cataloging."""
    room.act(raise_problem, kind=ProblemKind.NO_COPY_FOUND, policy=POLICY, today=TODAY)
    assert room.preparation.problems[0].search_again == date(2026, 4, 1)
    assert POLICY.searches_due(room.preparation, today=date(2026, 3, 31)) == ()
    assert POLICY.searches_due(room.preparation, today=date(2026, 4, 1)) == (0,)
    assert codes(room.act(search_again, place=0, policy=POLICY, today=date(2026, 4, 1))) == ()
    assert room.preparation.problems[0].search_again == date(2026, 5, 1)
    last = room.act(search_again, place=0, policy=POLICY, today=date(2026, 5, 1))
    assert codes(last) == ("problem.search_limit",)
    assert room.preparation.problems[0].searches == 3
    assert POLICY.searches_due(room.preparation, today=date(2030, 1, 1)) == ()
    room.act(raise_problem, kind=ProblemKind.OTHER, policy=POLICY, today=TODAY)
    assert codes(room.act(search_again, place=1, policy=POLICY, today=TODAY)) == ("problem.not_open",)


def test_accession_numbers_run_on_and_are_given_once(room: BackRoom) -> None:
    """The series counts; an item keeps its number; a number that names another item is refused."""
    facts = AccessionFacts(preparation=room.preparation, series=AccessionSeries("all", 41))
    answer = give_accession_number(facts, at=room.now, by="dana", policy=POLICY, year=2026)
    assert isinstance(answer, Permit)
    room.notebook.write(answer.result.events)
    assert room.preparation.accession_number == "000042"
    assert room.notebook.get(AccessionSeries, "all") == AccessionSeries("all", 42)
    assert room.notebook.get(AccessionNumber, "000042") == AccessionNumber("000042", ATLAS)
    again = AccessionFacts(preparation=room.preparation, taken=AccessionNumber("000001", ItemId("item-9")))
    refused = give_accession_number(again, at=room.now, by="dana", policy=POLICY, year=2026)
    assert codes(refused) == ("accession.given_already", "accession.taken")


def test_accession_patterns_cannot_repeat_a_number() -> None:
    """A yearly series without the year, or one for each library without its name, would give a number twice."""
    assert AccessionFormat(yearly=True, shared=False, pattern="{library}.{year}.{serial}").series(
        library=LibraryCode("EAST"), year=2026
    ) == ("EAST/2026")
    for wrong in (
        {"pattern": "{year}"},
        {"pattern": "{serial}", "yearly": True},
        {"pattern": "{serial}", "shared": False},
    ):
        with pytest.raises(InvalidValue):
            AccessionFormat(**wrong)
    with pytest.raises(InvalidValue, match="cannot be filled in"):
        AccessionFormat(pattern="{number}")


def test_pieces_of_a_set_are_counted(notebook: Notebook) -> None:
    """Three discs and a booklet: four, or somebody says why fewer will do."""
    room = BackRoom(notebook)
    room.receive("disc", pieces=4)
    assert codes(room.act(count_pieces, counted=3)) == ("pieces.differ",)
    assert room.act(
        count_pieces,
        counted=3,
        override=Override({"pieces.differ"}, "dana", "no booklet", {"processing.accept_pieces"}),
    )
    assert room.preparation.counted == 3
    assert room.act(count_pieces, counted=4)


def test_last_scan_compares_label_and_record(room: BackRoom) -> None:
    """Location, call number, barcode and title must agree; spaces and capitals do not count."""
    room.do(*REQUIRED[:-1])
    recorded = LabelText(
        barcode="31234000000013", call_number="QA76.73 .P98", shelving_location="Stacks", title="Python"
    )
    wrong = LabelText(barcode="31234000000021", call_number="QA 76.73 .P98", shelving_location="Reference")
    answer = room.act(final_scan, seen=wrong, recorded=recorded, policy=POLICY)
    assert codes(answer) == ("label.differs", "label.differs")
    assert isinstance(answer, Refuse)
    assert [reason.data["text"] for reason in answer.reasons] == ["barcode", "shelving_location"]
    right = LabelText(barcode="31234000000013", call_number="qa76.73 .p98")
    assert room.act(final_scan, seen=right, recorded=recorded, policy=POLICY)
    assert room.preparation.state is PreparationState.READY


def test_a_cart_is_scanned_in_one_go(room: BackRoom) -> None:
    """One refusal stops no other; an item scanned twice is done once; an unknown barcode is said to be so."""
    other = evolve(room.preparation, item_id=ItemId("item-32"))
    scans = [
        ("31234000000013", room.facts),
        ("31234000000021", PreparationFacts(preparation=other)),
        ("31234000000013", room.facts),
        ("39999999999999", PreparationFacts()),
    ]
    lines = do_batch(scans, step="quality_check", at=room.now, by="dana", policy=POLICY)
    assert [line.barcode for line in lines] == [barcode for barcode, _ in scans]
    assert [codes(line.answer) for line in lines] == [(), (), ("step.done_already",), ("item.not_in_processing",)]


def test_material_sent_back_may_come_again(room: BackRoom) -> None:
    """The supplier's replacement starts from the top; while it is here it is not received twice."""
    assert codes(room.receive()) == ("preparation.open",)
    assert codes(room.act(send_back, why="")) == ("step.reason_missing",)
    assert room.act(send_back, why="pages 33 to 64 missing")
    assert codes(room.do("quality_check")) == ("preparation.act_not_legal",)
    assert room.receive()
    assert room.preparation.state is PreparationState.RECEIVED
    assert codes(BackRoom(room.notebook).receive("scroll")) == ("preparation.open", "checklist.unknown")


def test_an_item_from_the_shelf_is_relabeled(room: BackRoom) -> None:
    """Reclassified: label and last scan are done anew, and the item is not lent meanwhile."""
    room.do(*REQUIRED)
    room.act(shelve, policy=POLICY)
    terms = {"why": "reclassified", "policy": POLICY}
    assert codes(room.act(reopen, again=("disc_mark",), **terms)) == ("step.not_on_checklist",)
    assert room.act(reopen, again=("spine_label", "final_scan"), **terms)
    assert room.preparation.state is PreparationState.IN_PROCESS
    assert not POLICY.loanable(room.preparation)
    room.do("spine_label", "final_scan")
    assert room.act(shelve, policy=POLICY)


def test_acts_are_written_in_the_order_of_time(room: BackRoom) -> None:
    """A step said to be done before the item came is a wrong clock."""
    early = do_step(room.facts, step="quality_check", at=NOW - timedelta(days=1), by="dana", policy=POLICY)
    assert codes(early) == ("preparation.before_last_change",)


def test_shipped_checklists_make_sense() -> None:
    """Each has required steps and a way through; those of special collections forbid stamps and labels."""
    shipped = shipped_checklists()
    assert {"book", "disc", "serial_issue", "kit", "equipment", "special_collections"} == set(shipped)
    assert all(checklist.missing(frozenset()) for checklist in shipped.values())
    assert {"property_stamp", "spine_label"} <= shipped["special_collections"].forbidden


@pytest.mark.parametrize(
    ("steps", "forbidden", "said"),
    [
        ((ChecklistStep("barcode"), ChecklistStep("barcode")), (), "twice"),
        ((ChecklistStep("barcode", after=("catalog",)),), (), "never be done"),
        ((ChecklistStep("a", after=("b",)), ChecklistStep("b", after=("a",))), (), "never be done"),
        ((ChecklistStep("property_stamp"),), ("property_stamp",), "both lists and forbids"),
    ],
)
def test_a_checklist_nobody_could_finish_is_refused(
    steps: tuple[ChecklistStep, ...], forbidden: tuple[str, ...], said: str
) -> None:
    """A library's own list is checked when it is loaded, not when the cart stands still."""
    with pytest.raises(InvalidValue, match=said):
        Checklist("book", steps, forbidden=frozenset(forbidden))
