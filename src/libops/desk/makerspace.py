"""The makerspace at the desk: materials, and jobs from the file to the finished piece."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from libops.base.decisions import Decision, Override, Reason, Refuse
from libops.base.errors import NotFound
from libops.base.ids import JobId, LibraryCode, PatronId
from libops.base.money import Money
from libops.bookings import decide
from libops.bookings.decide import BookingPlan, JobFacts
from libops.bookings.model import Estimate, FileFacts, Job, JobState, Material, RunningJob, queue_of
from libops.bookings.policy import BookingPolicy, JobTerms
from libops.circulation.policy.book import CirculationBook
from libops.desk.holders import Holders
from libops.desk.reads import Reads
from libops.desk.reserving import ReservingDesk
from libops.desk.shell import Shell

__all__ = ["MakerspaceDesk"]

STANDARD = JobTerms()

Answer = Decision[BookingPlan]


class MakerspaceDesk(ReservingDesk):
    """Jobs. The terms of each kind of machine are in the settings under `job_terms`."""

    def __init__(
        self,
        shell: Shell,
        book: CirculationBook,
        policy: BookingPolicy,
        job_terms: Mapping[str, JobTerms],
        library: LibraryCode,
        holders: Holders,
    ) -> None:
        super().__init__(shell, book, policy, library, holders)
        self.job_terms = job_terms

    def stock(
        self,
        *,
        id: str,
        name: str,
        price_per_gram: Money | str | None = None,
        decigrams_left: int | None = None,
        by: str = "desk",
    ) -> Decision[Material]:
        """Take a material in, count it anew or give it another price; amounts are tenths of a gram."""
        price = Money.parse(price_per_gram) if isinstance(price_per_gram, str) else price_per_gram
        material = Material(id=id, name=name, price_per_gram=price, decigrams_left=decigrams_left)
        return self.act(  # type: ignore[no-any-return]
            lambda reads: reads.get(Material, id),
            lambda facts, at: decide.stock_material(material, at=at, by=by),
            lambda plan: material,
        )

    def submit_job(
        self,
        *,
        patron: str,
        machine: str,
        material: str,
        file: FileFacts,
        by: str = "desk",
        override: Override | None = None,
    ) -> Decision[Job]:
        """Take a patron's file in; `machine` is a kind of machine, such as `3d printer`."""
        job_id, at = JobId(self.shell.ids()), self.shell.clock()

        def load(reads: Reads) -> JobFacts | Refuse:
            use = self.holders.patron(reads, patron)
            if isinstance(use, Reason):
                return Refuse((use,))
            job = Job(
                id=job_id,
                patron_id=PatronId(use.holder_id),
                machine=machine,
                material_id=material,
                file=file,
                submitted_at=at,
            )
            return JobFacts(
                job=job,
                material=self.material_or_raise(reads, material),
                certifications=self.certifications(reads, job.patron_id),
                patron_reasons=self.patron_reasons(reads, job.patron_id, at),
            )

        return self.act(  # type: ignore[no-any-return]
            load,
            lambda facts, now: decide.submit_job(
                facts, at=now, by=by, terms=self.terms_of(facts.job), override=override
            ),
            lambda plan: self.job(job_id),
        )

    def queue_job(
        self, job: str, *, estimate: Estimate | None = None, by: str = "desk", override: Override | None = None
    ) -> Decision[Job]:
        """Look at a job, estimate and price it, and let it wait; also again after it failed."""
        return self.work(
            job,
            lambda facts, at: decide.queue_job(
                facts, at=at, by=by, terms=self.terms_of(facts.job), estimate=estimate, override=override
            ),
            by,
        )

    def start_job(self, job: str, *, on: str, by: str = "desk", override: Override | None = None) -> Decision[Job]:
        """Let a machine work on a job; `on` is the resource."""
        return self.work(
            job,
            lambda facts, at: decide.start_job(facts, at=at, by=by, terms=self.terms_of(facts.job), override=override),
            by,
            on,
        )

    def finish_job(self, job: str, *, used: Estimate, outcome: str = "", by: str = "desk") -> Decision[Job]:
        """The job came out well; it is charged by what it took."""
        return self.work(
            job,
            lambda facts, at: decide.finish_job(
                facts, used=used, at=at, by=by, terms=self.terms_of(facts.job), outcome=outcome
            ),
            by,
        )

    def fail_job(self, job: str, *, used: Estimate, outcome: str, by: str = "desk") -> Decision[Job]:
        """The job went wrong."""
        return self.work(
            job,
            lambda facts, at: decide.fail_job(
                facts, used=used, at=at, by=by, terms=self.terms_of(facts.job), outcome=outcome
            ),
            by,
        )

    def cancel_job(self, job: str, *, used: Estimate | None = None, why: str = "", by: str = "desk") -> Decision[Job]:
        """Give a job up; `used` is what it took if it was running."""
        return self.work(
            job,
            lambda facts, at: decide.cancel_job(
                facts, at=at, by=by, terms=self.terms_of(facts.job), used=used, why=why
            ),
            by,
        )

    def collect_job(self, job: str, *, by: str = "desk") -> Decision[Job]:
        """The patron takes what was made."""
        return self.work(job, lambda facts, at: decide.collect_job(facts.job, at=at, by=by), by)

    def job(self, job: str) -> Job:
        """The job with this identifier. Raises `NotFound`."""
        return self.job_or_raise(Reads(self.shell.storage), job)

    def queue(self, machine: str) -> tuple[Job, ...]:
        """The jobs that wait for a kind of machine, in their order."""
        return queue_of(Reads(self.shell.storage).find(Job, "by_state", JobState.QUEUED), machine)

    # --- loading --------------------------------------------------------------------------------------------------

    def work(
        self, job: str, ask: Callable[[JobFacts, datetime], Answer], by: str, machine: str | None = None
    ) -> Decision[Job]:
        def load(reads: Reads) -> JobFacts:
            found = self.job_or_raise(reads, job)
            resource = None if machine is None else self.resource_or_raise(reads, machine)
            at = found.resource_id if machine is None else machine
            return JobFacts(
                job=found,
                material=self.material_or_raise(reads, found.material_id),
                certifications=self.certifications(reads, found.patron_id),
                machine=resource,
                running=None if at is None else self.running(reads, at),
                held_by=() if resource is None else self.held_by(reads, resource),
            )

        return self.charging(load, lambda facts: facts.job.patron_id, ask, lambda plan: self.job(job), by)  # type: ignore[no-any-return]

    def running(self, reads: Reads, resource: str) -> RunningJob | None:
        return reads.get(RunningJob, resource)

    def terms_of(self, job: Job) -> JobTerms:
        return self.job_terms.get(job.machine, STANDARD)

    def job_or_raise(self, reads: Reads, job: str) -> Job:
        found = reads.get(Job, job)
        if found is None:
            raise NotFound(f"no job has the identifier {job!r}")
        return found

    def material_or_raise(self, reads: Reads, material: str) -> Material:
        found = reads.get(Material, material)
        if found is None:
            raise NotFound(f"no material {material!r} in stock: take it in with `stock(id={material!r}, ...)`")
        return found
