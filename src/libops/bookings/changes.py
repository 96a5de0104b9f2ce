"""From what happened to the records: resources, bookings and their slots, the waiting list, certifications, jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from attrs import evolve

from libops.base.errors import NotFound
from libops.base.events import Change, Changes, Drop, Put, Records, removing, replacing
from libops.bookings.events import (
    BookingApproved,
    BookingCancelled,
    BookingChanged,
    BookingEnded,
    BookingEvent,
    BookingFlagged,
    BookingForgotten,
    BookingMade,
    BookingMissed,
    BookingRejected,
    BookingStarted,
    CertificationChanged,
    JobCancelled,
    JobCollected,
    JobEvent,
    JobFailed,
    JobFinished,
    JobQueued,
    JobStarted,
    JobSubmitted,
    MaterialStocked,
    ResourceChanged,
    ResourceRegistered,
    WaitingJoined,
    WaitingLeft,
    WaitingOffered,
)
from libops.bookings.model import (
    BOOKING_LEGAL,
    JOB_LEGAL,
    BookedSlot,
    Booking,
    BookingAct,
    BookingTally,
    Certification,
    Estimate,
    Job,
    JobAct,
    Material,
    RunningJob,
    WaitingEntry,
    certification_key,
    tally_keys,
)

__all__ = ["CHANGES"]


def resource_set(event: ResourceRegistered | ResourceChanged, records: Records) -> Iterator[Change]:
    """The resource as it reads now."""
    yield replacing(records, event.resource, event.resource.id)


def booking_made(event: BookingMade, records: Records) -> Iterator[Change]:
    """The booking, counted, and every slot it takes."""
    yield Put(event.booking)
    yield from _tallied(records, event.booking, 1)
    for slot in event.booking.slots():
        yield Put(slot)


def booking_changed(event: BookingChanged, records: Records) -> Iterator[Change]:
    """The booking at its other time: slots it leaves are free, slots it gains are taken."""
    before = _booking(records, event)
    after = evolve(
        before,
        state=BOOKING_LEGAL[before.state][BookingAct.CHANGE],
        start=event.start,
        end=event.end,
        blocked_from=event.blocked_from,
        blocked_until=event.blocked_until,
    )
    yield from _tallied(records, after, 0)
    yield from _reslotted(records, before, after)


def booking_flagged(event: BookingFlagged, records: Records) -> Iterator[Change]:
    """The booking with its flag."""
    yield Put(evolve(_booking(records, event), flag=event.flag))


def booking_started(event: BookingStarted, records: Records) -> Iterator[Change]:
    """The booking, running."""
    yield Put(evolve(_moved(records, event, BookingAct.START), started_at=event.at))


def booking_ended(event: BookingEnded, records: Records) -> Iterator[Change]:
    """The booking, over; the slots it no longer needs are free."""
    before = _booking(records, event)
    after = evolve(
        before,
        state=BOOKING_LEGAL[before.state][BookingAct.END],
        ended_at=event.at,
        blocked_until=event.blocked_until,
    )
    yield from _tallied(records, after, -1)
    yield from _reslotted(records, before, after)


def booking_approved(event: BookingApproved, records: Records) -> Iterator[Change]:
    """The booking, confirmed."""
    yield Put(_moved(records, event, BookingAct.APPROVE))


def freed_by(act: BookingAct) -> Callable[[BookingEvent, Records], Iterator[Change]]:
    """The change of an act after which all slots of the booking are free."""

    def freed(event: BookingEvent, records: Records) -> Iterator[Change]:
        booking = _moved(records, event, act)
        yield Put(booking)
        yield from _tallied(records, booking, -1)
        for slot in booking.slots():
            yield from removing(records, BookedSlot, slot.key)

    return freed


def booking_forgotten(event: BookingForgotten, _: Records) -> Iterator[Change]:
    """The booking as it is told now; it counts for nobody and takes no slot."""
    yield Put(event.booking)


def waiting_joined(event: WaitingJoined, _: Records) -> Iterator[Change]:
    """The place on the list."""
    yield Put(event.entry)


def waiting_left(event: WaitingLeft, records: Records) -> Iterator[Change]:
    """No place on the list any more."""
    yield from removing(records, WaitingEntry, event.entry_id)


def waiting_offered(event: WaitingOffered, records: Records) -> Iterator[Change]:
    """The place on the list, with when it was offered."""
    entry = records.get(WaitingEntry, event.entry_id)
    if entry is None:
        raise NotFound(f"no place {event.entry_id!r} on the waiting list: load it before it is offered")
    yield Put(evolve(entry, offered_at=event.at))


def certification_changed(event: CertificationChanged, records: Records) -> Iterator[Change]:
    """The certification as it stands now."""
    key = certification_key(event.patron_id, event.subject)
    now = Certification(
        key, event.patron_id, event.subject, event.state, event.at, event.expires_at, event.by, event.why
    )
    yield replacing(records, now, key)


def material_stocked(event: MaterialStocked, records: Records) -> Iterator[Change]:
    """The material as it reads now."""
    yield replacing(records, event.material, event.material.id)


def job_submitted(event: JobSubmitted, _: Records) -> Iterator[Change]:
    """The job."""
    yield Put(event.job)


def job_queued(event: JobQueued, records: Records) -> Iterator[Change]:
    """The job in the queue, estimated and priced."""
    job = _job(records, event, JobAct.QUEUE)
    yield Put(evolve(job, queued_at=event.at, estimate=event.estimate, price=event.price, resource_id=None))


def job_started(event: JobStarted, records: Records) -> Iterator[Change]:
    """The job on its machine; the machine is taken."""
    job = _job(records, event, JobAct.START)
    yield Put(evolve(job, resource_id=event.resource_id, attempts=job.attempts + 1))
    yield Put(RunningJob(event.resource_id, job.id))


def job_finished(event: JobFinished, records: Records) -> Iterator[Change]:
    """The job, done; the machine is free, the material used up."""
    yield from _off_machine(_job(records, event, JobAct.FINISH), event.used, event.outcome, records)


def job_failed(event: JobFailed, records: Records) -> Iterator[Change]:
    """The job, failed; the machine is free, the material wasted."""
    yield from _off_machine(_job(records, event, JobAct.FAIL), event.used, event.outcome, records)


def job_cancelled(event: JobCancelled, records: Records) -> Iterator[Change]:
    """The job, given up; its machine is free."""
    yield from _off_machine(_job(records, event, JobAct.CANCEL), event.used or Estimate(), event.outcome, records)


def job_collected(event: JobCollected, records: Records) -> Iterator[Change]:
    """The job, with its patron."""
    yield Put(_job(records, event, JobAct.COLLECT))


def _booking(records: Records, event: BookingEvent) -> Booking:
    booking = records.get(Booking, event.booking_id)
    if booking is None:
        raise NotFound(f"no booking {event.booking_id!r}: load it before {type(event).__name__}")
    return booking


def _moved(records: Records, event: BookingEvent, act: BookingAct) -> Booking:
    booking = _booking(records, event)
    return evolve(booking, state=BOOKING_LEGAL[booking.state][act])


def _tallied(records: Records, booking: Booking, difference: int) -> Iterator[Change]:
    # Written anew also where the count stays: whoever read it has to look at the bookings again.
    for key in tally_keys(booking):
        before = records.get(BookingTally, key)
        count = (before.open if before else 0) + difference
        if count > 0:
            yield Put(BookingTally(key, count))
        elif before is not None:
            yield Drop(BookingTally, key)


def _reslotted(records: Records, before: Booking, after: Booking) -> Iterator[Change]:
    yield Put(after)
    had, has = ({slot.key: slot for slot in booking.slots()} for booking in (before, after))
    for key in had:
        if key not in has:
            yield from removing(records, BookedSlot, key)
    for key, slot in has.items():
        if key not in had:
            yield Put(slot)


def _job(records: Records, event: JobEvent, act: JobAct) -> Job:
    job = records.get(Job, event.job_id)
    if job is None:
        raise NotFound(f"no job {event.job_id!r}: load it before {type(event).__name__}")
    return evolve(job, state=JOB_LEGAL[job.state][act])


def _off_machine(job: Job, used: Estimate, outcome: str, records: Records) -> Iterator[Change]:
    total = Estimate(job.used.decigrams + used.decigrams, job.used.minutes + used.minutes)
    yield Put(evolve(job, used=total, outcome=outcome))
    running = records.get(RunningJob, job.resource_id) if job.resource_id else None
    if running is not None and running.job_id == job.id:
        yield Drop(RunningJob, running.resource_id)
    material = records.get(Material, job.material_id)
    if material is not None and material.decigrams_left is not None and used.decigrams:
        yield Put(evolve(material, decigrams_left=max(0, material.decigrams_left - used.decigrams)))


CHANGES: Changes = {
    ResourceRegistered: resource_set,
    ResourceChanged: resource_set,
    BookingMade: booking_made,
    BookingApproved: booking_approved,
    BookingRejected: freed_by(BookingAct.REJECT),
    BookingChanged: booking_changed,
    BookingStarted: booking_started,
    BookingFlagged: booking_flagged,
    BookingEnded: booking_ended,
    BookingCancelled: freed_by(BookingAct.CANCEL),
    BookingMissed: freed_by(BookingAct.MARK_NO_SHOW),
    BookingForgotten: booking_forgotten,
    WaitingJoined: waiting_joined,
    WaitingLeft: waiting_left,
    WaitingOffered: waiting_offered,
    CertificationChanged: certification_changed,
    MaterialStocked: material_stocked,
    JobSubmitted: job_submitted,
    JobQueued: job_queued,
    JobStarted: job_started,
    JobFinished: job_finished,
    JobFailed: job_failed,
    JobCancelled: job_cancelled,
    JobCollected: job_collected,
}
"""What each event of the room changes."""
