from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from libops.base.decisions import Permit, Reason, Refuse, Weight
from libops.base.errors import InvalidValue, NotFound
from libops.base.ids import JobId, LibraryCode, PatronId, ResourceId
from libops.base.money import Money
from libops.bookings import (
    CHANGES,
    JOB_LEGAL,
    BookedSlot,
    Certification,
    CertificationState,
    Estimate,
    FailedJob,
    FileFacts,
    Job,
    JobAct,
    JobCharge,
    JobCollected,
    JobFacts,
    JobState,
    JobTerms,
    Material,
    Resource,
    RunningJob,
    cancel_job,
    collect_job,
    facts_of_gcode,
    fail_job,
    finish_job,
    job_price,
    queue_job,
    queue_of,
    start_job,
    stock_material,
    submit_job,
)
from libops.testing.notebook import Notebook
from libops.testing.strategies.bookings import estimates, job_terms, jobs, materials

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PRINTER = Resource(id=ResourceId("R-9"), name="Printer 1", kind="3-D printer", library=LibraryCode("MAIN"))
PLA = Material(id="PLA", name="PLA, white", price_per_gram=Money(5, "EUR"), decigrams_left=2000)
FILE = FileFacts(name="bracket.gcode", size=81_234, sha256="9f" * 32, decigrams=123, minutes=63, slicer="PrusaSlicer")
JOB = Job(
    id=JobId("J-1"), patron_id=PatronId("P-9"), machine="3-D printer", material_id="PLA", file=FILE, submitted_at=NOON
)
TERMS = JobTerms(charge=JobCharge.WEIGHT, base_price=Money(100, "EUR"))


def facts(notebook: Notebook, **more: object) -> JobFacts:
    return JobFacts(
        job=notebook.get(Job, "J-1") or JOB,
        material=notebook.get(Material, "PLA") or PLA,
        machine=PRINTER,
        running=notebook.get(RunningJob, "R-9"),
        **more,
    )


def write(notebook: Notebook, decision: object) -> tuple[str, ...]:
    assert isinstance(decision, Permit), decision
    notebook.write(decision.result.events)
    return tuple(str(charge.amount) for charge in decision.result.charges)


def codes(decision: object) -> list[str]:
    assert isinstance(decision, Refuse), decision
    return [reason.code for reason in decision.reasons]


@pytest.fixture
def queued(notebook: Notebook) -> Notebook:
    write(notebook, stock_material(PLA, at=NOON, by="S-1"))
    write(notebook, submit_job(facts(notebook), at=NOON, by="P-9", terms=TERMS))
    write(notebook, queue_job(facts(notebook), at=NOON, by="S-1", terms=TERMS))
    return notebook


def test_a_print_is_estimated_from_its_file_run_charged_by_weight_and_collected(queued: Notebook) -> None:
    """12.3 grams at 5 cents and a base price of 1 euro are estimated at 1.62; it took 14 grams, so 1.70 are charged."""
    job = queued.get(Job, "J-1")
    assert job is not None
    assert (Estimate(123, 63), Money(162, "EUR")) == (job.estimate, job.price)
    write(queued, start_job(facts(queued), at=NOON, by="S-1", terms=TERMS))
    assert (RunningJob(PRINTER.id, JOB.id),) == queued.all(RunningJob)
    done = finish_job(facts(queued), used=Estimate(140, 70), at=NOON, by="driver", terms=TERMS, outcome="good")
    assert ("1.70 EUR",) == write(queued, done)
    write(queued, collect_job(facts(queued).job, at=NOON, by="S-1"))
    job = facts(queued).job
    assert (JobState.COLLECTED, Estimate(140, 70), 1, "good") == (job.state, job.used, job.attempts, job.outcome)
    assert ((), 1860) == (queued.all(RunningJob), facts(queued).material.decigrams_left)


def test_a_failed_print_frees_the_machine_wastes_material_and_is_charged_only_by_choice(queued: Notebook) -> None:
    """It may be queued again; what all attempts took is added up."""
    write(queued, start_job(facts(queued), at=NOON, by="S-1", terms=TERMS))
    used = Estimate(50, 20)
    dear = evolve(TERMS, failed=FailedJob.AS_USED)
    charged = fail_job(facts(queued), used=used, at=NOON, by="driver", terms=dear, outcome="came loose")
    assert ["1.25 EUR"] == [str(charge.amount) for charge in charged.result.charges]
    free = fail_job(facts(queued), used=used, at=NOON, by="driver", terms=TERMS, outcome="came loose")
    assert () == write(queued, free)
    assert ((), 1950) == (queued.all(RunningJob), facts(queued).material.decigrams_left)
    write(queued, queue_job(facts(queued), at=NOON, by="S-1", terms=TERMS))
    write(queued, start_job(facts(queued), at=NOON, by="S-1", terms=TERMS))
    write(queued, finish_job(facts(queued), used=Estimate(123, 63), at=NOON, by="driver", terms=TERMS))
    assert (2, Estimate(173, 83)) == (facts(queued).job.attempts, facts(queued).job.used)


def test_a_machine_works_on_one_job_of_its_kind_and_not_under_a_ticket(queued: Notebook) -> None:
    """Busy, of another kind, held by a ticket: all told at once, with the kind that is asked for and the kind it is."""
    busy = facts(queued, held_by=("T-1",))
    busy = evolve(busy, running=RunningJob(PRINTER.id, JobId("J-7")), machine=evolve(PRINTER, kind="laser cutter"))
    refused = start_job(busy, at=NOON, by="S-1", terms=TERMS)
    assert ["machine.other_kind", "machine.busy", "resource.out_of_service"] == codes(refused)
    assert {"job": "3-D printer", "machine": "laser cutter"} == refused.reasons[0].data
    unknown = start_job(evolve(facts(queued), machine=None), at=NOON, by="S-1", terms=TERMS)
    assert {"job": "3-D printer", "machine": None} == unknown.reasons[0].data


def test_a_job_needs_its_course_and_a_patron_without_blocks(notebook: Notebook) -> None:
    """Asked when the file is handed in, and the course again when the machine starts."""
    terms = evolve(TERMS, certifications=("3-D printing",))
    block = Reason("patron.expired", Weight.OVERRIDABLE)
    refused = submit_job(facts(notebook, patron_reasons=(block,)), at=NOON, by="P-9", terms=terms)
    assert ["patron.expired", "certification.missing"] == codes(refused)
    course = Certification("P-9:3-D printing", PatronId("P-9"), "3-D printing", CertificationState.GRANTED, NOON)
    assert isinstance(submit_job(facts(notebook, certifications=(course,)), at=NOON, by="P-9", terms=terms), Permit)


def test_a_job_without_an_estimate_is_not_queued_and_one_beyond_the_stock_only_with_the_right(
    notebook: Notebook,
) -> None:
    """A file that says nothing is estimated at the desk."""
    bare = evolve(facts(notebook), job=evolve(JOB, file=evolve(FILE, decigrams=None, minutes=None)))
    assert ["job.no_estimate"] == codes(queue_job(bare, at=NOON, by="S-1", terms=TERMS))
    big = Estimate(2001, 600)
    assert ["material.short"] == codes(queue_job(bare, estimate=big, at=NOON, by="S-1", terms=TERMS))
    uncounted = evolve(bare, material=evolve(PLA, decigrams_left=None))
    assert isinstance(queue_job(uncounted, estimate=big, at=NOON, by="S-1", terms=TERMS), Permit)


def test_a_running_job_that_is_given_up_frees_its_machine(queued: Notebook) -> None:
    """And costs like a failed one."""
    write(queued, start_job(facts(queued), at=NOON, by="S-1", terms=TERMS))
    dear = evolve(TERMS, failed=FailedJob.AS_USED, base_price=None)
    given_up = cancel_job(facts(queued), at=NOON, by="P-9", terms=dear, used=Estimate(20, 9), why="wrong file")
    assert ("0.10 EUR",) == write(queued, given_up)
    assert (JobState.CANCELLED, ()) == (facts(queued).job.state, queued.all(RunningJob))
    assert ["job.act_not_legal"] == codes(collect_job(facts(queued).job, at=NOON, by="S-1"))


@pytest.mark.parametrize(
    ("charge", "expected"),
    [
        (JobCharge.NOTHING, None),
        (JobCharge.WEIGHT, Money(162, "EUR")),
        (JobCharge.TIME, Money(250, "EUR")),
        (JobCharge.WEIGHT_AND_TIME, Money(312, "EUR")),
    ],
)
def test_what_a_job_is_charged_by_is_the_librarys_choice(charge: JobCharge, expected: Money | None) -> None:
    """12.3 grams at 5 cents, 90 minutes at 1 euro an hour, base price 1 euro."""
    terms = JobTerms(charge=charge, base_price=Money(100, "EUR"), price_per_hour=Money(100, "EUR"))
    assert expected == job_price(terms, PLA, Estimate(123, 90))


def test_jobs_wait_in_the_order_they_were_queued() -> None:
    """Those of other machines, and those that do not wait, stand in no line."""
    waiting = [
        evolve(JOB, id=JobId(name), state=JobState.QUEUED, queued_at=NOON + timedelta(minutes=minutes))
        for name, minutes in (("J-3", 5), ("J-2", 0), ("J-1", 5))
    ]
    others = [JOB, evolve(waiting[0], id=JobId("J-9"), machine="laser cutter")]
    assert ["J-2", "J-1", "J-3"] == [job.id for job in queue_of(waiting + others, "3-D printer")]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["; generated by PrusaSlicer 2.7.1 on 2026-03-02 at 12:00:00 UTC"], (None, None, "PrusaSlicer 2.7.1")),
        (["; filament used [g] = 12.30", "; total filament used [g] = 12.3"], (123, None, "")),
        (["; filament used [g] = 1.5, 0.25"], (18, None, "")),
        (["; estimated printing time (normal mode) = 1d 2h 0m 1s"], (None, 1561, "")),
        (["G28", "; filament used [g] = none", ";TIME:soon"], (None, None, "")),
    ],
)
def test_file_facts_are_read_from_what_slicers_write(lines: list[str], expected: tuple[object, ...]) -> None:
    """Several extruders are added up; a line that says nothing useful is passed over."""
    assert expected == facts_of_gcode(lines)


def test_values_that_cannot_be_are_shown(notebook: Notebook) -> None:
    """The message names what was wrong."""
    with pytest.raises(InvalidValue, match="-1 tenths"):
        Estimate(-1, 0)
    with pytest.raises(NotFound, match="J-9"):
        notebook.write([JobCollected(NOON, "S-1", JobId("J-9"))])


def do(act: JobAct, known: JobFacts, took: Estimate, terms: JobTerms) -> object:
    how = {"at": NOON, "by": "S-1", "terms": terms}
    return {
        JobAct.QUEUE: lambda: queue_job(known, estimate=took, **how),
        JobAct.START: lambda: start_job(known, **how),
        JobAct.FINISH: lambda: finish_job(known, used=took, **how),
        JobAct.FAIL: lambda: fail_job(known, used=took, outcome="loose", **how),
        JobAct.CANCEL: lambda: cancel_job(known, **how),
        JobAct.COLLECT: lambda: collect_job(known.job, at=NOON, by="S-1"),
    }[act]()


@given(jobs(), materials(), job_terms(), st.lists(st.tuples(st.sampled_from(JobAct), estimates()), max_size=10))
def test_only_legal_acts_move_a_job_and_what_it_used_adds_up(
    job: Job, material: Material, terms: JobTerms, acts: list[tuple[JobAct, Estimate]]
) -> None:
    """A machine is taken exactly while the job runs; stock never falls below nothing; the fold is whole."""
    keys = {BookedSlot: "key", RunningJob: "resource_id", Certification: "key"}
    notebook = Notebook(CHANGES, keys)
    write(notebook, stock_material(material, at=NOON, by="S-1"))
    write(notebook, submit_job(JobFacts(job=job, material=material), at=NOON, by="P-1", terms=terms))
    total = Estimate()
    for act, took in acts:
        before = facts(notebook)
        decision = do(act, before, took, terms)
        if isinstance(decision, Permit):
            notebook.write(decision.result.events)
            assert JOB_LEGAL[before.job.state][act] is facts(notebook).job.state
            if act in (JobAct.FINISH, JobAct.FAIL):
                total = Estimate(total.decigrams + took.decigrams, total.minutes + took.minutes)
        assert (facts(notebook).job.state is JobState.RUNNING) is bool(notebook.all(RunningJob))
        assert total == facts(notebook).job.used
        left = facts(notebook).material.decigrams_left
        assert left is None or left >= 0
    again = Notebook(CHANGES, keys)
    again.write(notebook.log)
    assert notebook.records == again.records
