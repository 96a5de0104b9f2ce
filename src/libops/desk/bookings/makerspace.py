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
from libops.desk.bookings.reserving import ReservingDesk
from libops.desk.holders import Holders
from libops.desk.reads import Reads
from libops.desk.shell import Shell

__all__ = ["MakerspaceDesk"]

STANDARD = JobTerms()

Answer = Decision[BookingPlan]


class MakerspaceDesk(ReservingDesk):
    """Jobs. The terms of each kind of machine are in the settings under `job_terms`.

    `job` is an identifier; acts answer `Permit` with the `Job` as it is now, or `Refuse` with every reason:
    `job.act_not_legal` for what its state does not allow. What is not there raises `NotFound`. Amounts of material are
    whole tenths of a gram, times whole minutes; what a job costs stands on the patron's account in the same step.

    >>> import libops
    >>> from libops.bookings import Estimate, FileFacts
    >>> ops, ada = libops.open(), "21234000000017"
    >>> registered = ops.patrons.register(name="Ada Kowalski", category="adult", card=ada)
    >>> white = ops.bookings.stock(id="PLA", name="PLA, white", price_per_gram="0.05 EUR", decigrams_left=7500)
    >>> printer = ops.bookings.register(id="mk4", name="Printer 1", kind="3d printer")
    >>> file = FileFacts(name="owl.gcode", size=81_000, sha256="e3b0c442", decigrams=123, minutes=90)
    >>> job = ops.bookings.submit_job(patron=ada, machine="3d printer", material="PLA", file=file).result
    >>> ops.bookings.queue_job(job.id).result.price
    Money(62, 'EUR')
    >>> started = ops.bookings.start_job(job.id, on="mk4")
    >>> ops.bookings.finish_job(job.id, used=Estimate(decigrams=140, minutes=95)).result.state.value
    'done'
    >>> ops.fees.balance(ada)
    Money(70, 'EUR')
    """

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
        """Take a material in, count it anew or give it another price; returns it as it is now. Never refused.

        `decigrams_left` is all there is now, in tenths of a gram: 7500 for a spool of 750 g. None where the library
        does not count it. Without a `price_per_gram` nothing is charged by weight. Raises `InvalidValue` for a price
        that cannot be read, and for a price or an amount below 0.
        """
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
        """Take a patron's file in; `machine` is a kind of machine, such as `3d printer`, `material` what `stock` has.

        `file` says what is known of it; the file itself is kept elsewhere. Refused: `barcode.no_patron`, what bars the
        patron from loans as well (`patron.expired` and its like), and `certification.missing` or
        `certification.expired` where the terms ask for a course.
        """
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
        """Look at a job, estimate and price it, and let it wait for a machine; also again after it failed.

        Without an `estimate` that of the slicer in the file is taken. Refused: `job.no_estimate` where there is
        neither, `material.short` when the material does not last, which the right `bookings.material` lifts.
        """
        return self.work(
            job,
            lambda facts, at: decide.queue_job(
                facts, at=at, by=by, terms=self.terms_of(facts.job), estimate=estimate, override=override
            ),
            by,
        )

    def start_job(self, job: str, *, on: str, by: str = "desk", override: Override | None = None) -> Decision[Job]:
        """Let a machine work on a queued job; `on` is the identifier of the resource.

        Refused: `machine.other_kind`, `machine.busy`, `resource.not_bookable`, `resource.out_of_service`, and
        `certification.missing` or `certification.expired`.
        """
        return self.work(
            job,
            lambda facts, at: decide.start_job(facts, at=at, by=by, terms=self.terms_of(facts.job), override=override),
            by,
            on,
        )

    def finish_job(self, job: str, *, used: Estimate, outcome: str = "", by: str = "desk") -> Decision[Job]:
        """The job came out well; it is charged by what this attempt took. `outcome` is a note."""
        return self.work(
            job,
            lambda facts, at: decide.finish_job(
                facts, used=used, at=at, by=by, terms=self.terms_of(facts.job), outcome=outcome
            ),
            by,
        )

    def fail_job(self, job: str, *, used: Estimate, outcome: str, by: str = "desk") -> Decision[Job]:
        """The job went wrong, as `outcome` says; it may be queued again. Charged where `job_terms` say `failed =
        "as_used"`.
        """
        return self.work(
            job,
            lambda facts, at: decide.fail_job(
                facts, used=used, at=at, by=by, terms=self.terms_of(facts.job), outcome=outcome
            ),
            by,
        )

    def cancel_job(self, job: str, *, used: Estimate | None = None, why: str = "", by: str = "desk") -> Decision[Job]:
        """Give a job up that is not done; `used` is what it took if it was running, and is charged as in `fail_job`."""
        return self.work(
            job,
            lambda facts, at: decide.cancel_job(
                facts, at=at, by=by, terms=self.terms_of(facts.job), used=used, why=why
            ),
            by,
        )

    def collect_job(self, job: str, *, by: str = "desk") -> Decision[Job]:
        """The patron takes what was made: a job that is done is collected."""
        return self.work(job, lambda facts, at: decide.collect_job(facts.job, at=at, by=by), by)

    def job(self, job: str) -> Job:
        """The job with this identifier. Raises `NotFound`."""
        return self.job_or_raise(Reads(self.shell.storage), job)

    def queue(self, machine: str) -> tuple[Job, ...]:
        """The jobs that wait for a kind of machine, in their order: first queued, first made."""
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
