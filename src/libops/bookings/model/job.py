"""Makerspace jobs: a file a patron wants printed, cut or sewn, from the drop-off to the charge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from math import ceil
from types import MappingProxyType

from attrs import field, frozen

from libops.base.bounds import at_least_zero
from libops.base.errors import InvalidValue
from libops.base.ids import JobId, PatronId, ResourceId
from libops.base.money import Money
from libops.base.texts import an_identifier, not_blank

__all__ = [
    "JOB_LEGAL",
    "Estimate",
    "FileFacts",
    "Job",
    "JobAct",
    "JobState",
    "Material",
    "RunningJob",
    "facts_of_gcode",
    "queue_of",
]

WEIGHT = re.compile(r";\s*(?:total )?filament used \[g\]\s*=\s*([\d., ]+)", re.IGNORECASE)
NUMBER = re.compile(r"\d+(?:\.\d+)?")
DURATION = re.compile(r";\s*estimated printing time \(normal mode\)\s*=\s*((?:\d+[dhms]\s*)+)", re.IGNORECASE)
STRETCH = re.compile(r"(\d+)([dhms])")
SECONDS_IN = {"d": 86400, "h": 3600, "m": 60, "s": 1}
CURA_TIME = re.compile(r";TIME:(\d+)")
SLICER = re.compile(r";\s*generated (?:by|with) (\S+(?: \d\S*)?)", re.IGNORECASE)


class JobState(Enum):
    """Where a job stands."""

    SUBMITTED = "submitted"
    QUEUED = "queued"
    """Looked at and estimated; waits for a machine."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """The machine or the print failed; it may be queued again."""
    CANCELLED = "cancelled"
    COLLECTED = "collected"


class JobAct(Enum):
    """What moves a job from state to state."""

    QUEUE = "queue"
    START = "start"
    FINISH = "finish"
    FAIL = "fail"
    CANCEL = "cancel"
    COLLECT = "collect"


def _legal() -> Mapping[JobState, Mapping[JobAct, JobState]]:
    state, act = JobState, JobAct
    cancel = {act.CANCEL: state.CANCELLED}
    table = {
        state.SUBMITTED: {act.QUEUE: state.QUEUED} | cancel,
        state.QUEUED: {act.START: state.RUNNING} | cancel,
        state.RUNNING: {act.FINISH: state.DONE, act.FAIL: state.FAILED} | cancel,
        state.DONE: {act.COLLECT: state.COLLECTED},
        state.FAILED: {act.QUEUE: state.QUEUED} | cancel,
        state.CANCELLED: {},
        state.COLLECTED: {},
    }
    return MappingProxyType({before: MappingProxyType(acts) for before, acts in table.items()})


JOB_LEGAL: Mapping[JobState, Mapping[JobAct, JobState]] = _legal()
"""Every legal move of a job: state -> act -> next state."""


@frozen(kw_only=True)
class FileFacts:
    """What is known of the file: name, size in bytes, SHA-256, and what a slicer wrote into it.

    `decigrams` (tenths of a gram) and `minutes` are the slicer's own estimate; None when the file says nothing.
    """

    name: str
    size: int = field(validator=at_least_zero)
    sha256: str
    decigrams: int | None = field(default=None, validator=at_least_zero)
    minutes: int | None = field(default=None, validator=at_least_zero)
    slicer: str = ""


@frozen
class Estimate:
    """What a job is likely to take, or took: tenths of a gram of material, minutes of machine time."""

    decigrams: int = field(default=0)
    minutes: int = field(default=0)

    def __attrs_post_init__(self) -> None:
        if self.decigrams < 0 or self.minutes < 0:
            raise InvalidValue(f"{self.decigrams} tenths of a gram in {self.minutes} minutes: neither is below 0")


@frozen(kw_only=True)
class Material:
    """A material a job uses up: its price per gram, and how much is left; None where the library does not count it."""

    id: str = field(validator=an_identifier)
    name: str = field(validator=not_blank)
    price_per_gram: Money | None = None
    decigrams_left: int | None = None


@frozen(kw_only=True)
class Job:
    """One job of one patron on one kind of machine. `used` is what it took over all attempts, good and failed."""

    id: JobId
    patron_id: PatronId
    machine: str
    material_id: str
    file: FileFacts
    state: JobState = JobState.SUBMITTED
    submitted_at: datetime
    queued_at: datetime | None = None
    estimate: Estimate | None = None
    price: Money | None = None
    resource_id: ResourceId | None = None
    used: Estimate = Estimate()
    attempts: int = 0
    outcome: str = ""


@frozen
class RunningJob:
    """The job a machine works on. Keyed by the machine: it never works on two."""

    resource_id: ResourceId
    job_id: JobId


def queue_of(jobs: Iterable[Job], machine: str) -> tuple[Job, ...]:
    """The jobs that wait for a kind of machine, in their order: first queued, first made."""
    waiting = (job for job in jobs if job.machine == machine and job.state is JobState.QUEUED)
    return tuple(sorted(waiting, key=lambda job: (job.queued_at or job.submitted_at, job.id)))


def facts_of_gcode(lines: Iterable[str]) -> tuple[int | None, int | None, str]:
    """Tenths of a gram, minutes and slicer, from the comments that PrusaSlicer, its kin and Cura leave in G-code.

    Minutes are rounded up. Weight is None when the file gives only a length, as Cura's does.

    >>> facts_of_gcode(["; filament used [g] = 12.34", "; estimated printing time (normal mode) = 1h 2m 3s"])
    (124, 63, '')
    >>> facts_of_gcode([";FLAVOR:Marlin", ";TIME:3601", ";Generated with Cura_SteamEngine 5.6"])
    (None, 61, 'Cura_SteamEngine 5.6')
    """
    grams, seconds, slicer = Decimal(0), 0, ""
    for line in lines:
        if found := WEIGHT.match(line):
            grams = max(grams, sum((Decimal(part) for part in NUMBER.findall(found[1])), Decimal(0)))
        elif found := DURATION.match(line):
            seconds = sum(int(count) * SECONDS_IN[unit] for count, unit in STRETCH.findall(found[1]))
        elif found := CURA_TIME.match(line):
            seconds = int(found[1])
        elif found := SLICER.match(line):
            slicer = found[1]
    return (ceil(grams * 10) or None, -(-seconds // 60) or None, slicer)
