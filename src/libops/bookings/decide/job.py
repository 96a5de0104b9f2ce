"""Makerspace jobs: handed in, estimated, queued, run on a machine, charged by what they took, collected."""

from __future__ import annotations

from datetime import datetime

from libops.base.answers import Asked, answer
from libops.base.decisions import Decision, Override
from libops.base.events import Event
from libops.bookings.decide.checks import certified, in_service
from libops.bookings.decide.facts import BookingPlan, JobFacts
from libops.bookings.events import (
    JobCancelled,
    JobCollected,
    JobFailed,
    JobFinished,
    JobQueued,
    JobStarted,
    JobSubmitted,
)
from libops.bookings.model import (
    JOB_LEGAL,
    ChargeCause,
    Estimate,
    Job,
    JobAct,
    PlannedCharge,
)
from libops.bookings.policy import FailedJob, JobTerms, job_price
from libops.bookings.reasons import (
    JOB_ACT_NOT_LEGAL,
    JOB_NO_ESTIMATE,
    MACHINE_BUSY,
    MACHINE_OTHER_KIND,
    MATERIAL_SHORT,
)

__all__ = ["cancel_job", "collect_job", "fail_job", "finish_job", "queue_job", "start_job", "submit_job"]

Answer = Decision[BookingPlan]


def submit_job(facts: JobFacts, *, at: datetime, by: str, terms: JobTerms, override: Override | None = None) -> Answer:
    """Take a file in; refused by the patron's blocks and without the certifications that the machine needs."""
    asked = (
        *(("patron may hand in", reason) for reason in facts.patron_reasons),
        *certified(terms.certifications, facts.certifications, at),
    )
    return answer(asked, lambda _: BookingPlan((JobSubmitted(at, by, facts.job),)), override=override)


def queue_job(
    facts: JobFacts,
    *,
    at: datetime,
    by: str,
    terms: JobTerms,
    estimate: Estimate | None = None,
    override: Override | None = None,
) -> Answer:
    """Look at a job, estimate and price it, and let it wait for a machine; also again after it failed.

    Without an `estimate` the one the slicer wrote into the file is taken. Refused when the material does not last.
    """
    job, likely = facts.job, estimate or _from_file(facts.job)
    left = facts.material.decigrams_left
    short = likely is not None and left is not None and likely.decigrams > left
    needed = likely.decigrams if likely else 0
    asked = (
        _legal(job, JobAct.QUEUE),
        ("estimate known", JOB_NO_ESTIMATE(job=job.id, file=job.file.name) if likely is None else None),
        ("material lasts", MATERIAL_SHORT(material=facts.material.id, left=left, needed=needed) if short else None),
    )
    took = likely or Estimate()
    event = JobQueued(at, by, job.id, took, job_price(terms, facts.material, took))
    return answer(asked, lambda _: BookingPlan((event,)), override=override)


def start_job(facts: JobFacts, *, at: datetime, by: str, terms: JobTerms, override: Override | None = None) -> Answer:
    """Let a machine work on a job: it must be idle, of the right kind, and not held by a ticket."""
    job, machine, running = facts.job, facts.machine, facts.running
    wrong = machine is None or machine.kind != job.machine
    kind = machine.kind if machine else None
    asked = [
        _legal(job, JobAct.START),
        ("right kind of machine", MACHINE_OTHER_KIND(job=job.machine, machine=kind) if wrong else None),
        ("machine idle", MACHINE_BUSY(machine=running.resource_id, job=running.job_id) if running else None),
        *certified(terms.certifications, facts.certifications, at),
    ]
    if machine is not None:
        asked += in_service(machine.bookable, machine.id, facts.held_by)
    events = (JobStarted(at, by, job.id, machine.id),) if machine else ()
    return answer(asked, lambda _: BookingPlan(events), override=override)


def finish_job(facts: JobFacts, *, used: Estimate, at: datetime, by: str, terms: JobTerms, outcome: str = "") -> Answer:
    """The job came out well; it is charged by what this attempt took (and failed ones, if the terms charge them)."""
    event = JobFinished(at, by, facts.job.id, used, outcome)
    return _act(facts.job, JobAct.FINISH, event, charges=_charge(facts, terms, used))


def fail_job(facts: JobFacts, *, used: Estimate, at: datetime, by: str, terms: JobTerms, outcome: str) -> Answer:
    """The job went wrong; it may be queued again. Charged only where the terms charge for failed attempts."""
    charges = _charge(facts, terms, used) if terms.failed is FailedJob.AS_USED else ()
    return _act(facts.job, JobAct.FAIL, JobFailed(at, by, facts.job.id, used, outcome), charges=charges)


def cancel_job(
    facts: JobFacts, *, at: datetime, by: str, terms: JobTerms, used: Estimate | None = None, why: str = ""
) -> Answer:
    """Give a job up; one that runs is charged like a failed one for what it `used`."""
    charges = _charge(facts, terms, used) if used is not None and terms.failed is FailedJob.AS_USED else ()
    return _act(facts.job, JobAct.CANCEL, JobCancelled(at, by, facts.job.id, used, why), charges=charges)


def collect_job(job: Job, *, at: datetime, by: str) -> Answer:
    """The patron takes what was made."""
    return _act(job, JobAct.COLLECT, JobCollected(at, by, job.id))


def _from_file(job: Job) -> Estimate | None:
    if job.file.decigrams is None and job.file.minutes is None:
        return None
    return Estimate(job.file.decigrams or 0, job.file.minutes or 0)


def _charge(facts: JobFacts, terms: JobTerms, used: Estimate) -> tuple[PlannedCharge, ...]:
    price = job_price(terms, facts.material, used)
    if price is None or price.amount == 0:
        return ()
    return (PlannedCharge(ChargeCause.JOB, price, facts.job.patron_id, facts.job.id),)


def _act(job: Job, act: JobAct, event: Event, *, charges: tuple[PlannedCharge, ...] = ()) -> Answer:
    return answer((_legal(job, act),), lambda _: BookingPlan((event,), charges))


def _legal(job: Job, act: JobAct) -> Asked:
    legal = JOB_LEGAL[job.state]
    would = tuple(possible.value for possible in legal)
    return ("act legal", None if act in legal else JOB_ACT_NOT_LEGAL(act=act.value, state=job.state.value, legal=would))
