"""What happened to resources, bookings, the waiting list, certifications and jobs."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from attrs import frozen

from libops.base.events import Event
from libops.base.ids import BookingId, JobId, PatronId, ResourceId
from libops.base.money import Money
from libops.bookings.model import Booking, CertificationState, Estimate, Job, Material, Resource, WaitingEntry

__all__ = [
    "BookingApproved",
    "BookingCancelled",
    "BookingChanged",
    "BookingEnded",
    "BookingEvent",
    "BookingFlagged",
    "BookingForgotten",
    "BookingMade",
    "BookingMissed",
    "BookingRejected",
    "BookingStarted",
    "CertificationChanged",
    "JobCancelled",
    "JobCollected",
    "JobEvent",
    "JobFailed",
    "JobFinished",
    "JobQueued",
    "JobStarted",
    "JobSubmitted",
    "MaterialStocked",
    "ResourceChanged",
    "ResourceRegistered",
    "WaitingJoined",
    "WaitingLeft",
    "WaitingOffered",
]


@frozen
class ResourceRegistered(Event):
    """Something may be booked from now on."""

    about: ClassVar[str] = "resource_id"

    resource: Resource

    @property
    def resource_id(self) -> ResourceId:
        """The resource this is about."""
        return self.resource.id


@frozen
class ResourceChanged(Event):
    """What is known of a resource changed; `resource` is how it reads now."""

    about: ClassVar[str] = "resource_id"

    resource: Resource

    @property
    def resource_id(self) -> ResourceId:
        """The resource this is about."""
        return self.resource.id


@frozen
class BookingMade(Event):
    """A resource was promised to a patron. `overridden` lists the reasons that were set aside for it."""

    about: ClassVar[str] = "booking_id"

    booking: Booking
    overridden: tuple[str, ...] = ()
    override_why: str = ""

    @property
    def booking_id(self) -> BookingId:
        """The booking this is about."""
        return self.booking.id


@frozen
class BookingEvent(Event):
    """Something happened to a booking that is there already."""

    about: ClassVar[str] = "booking_id"

    booking_id: BookingId


@frozen
class BookingApproved(BookingEvent):
    """A requested booking was approved."""


@frozen
class BookingRejected(BookingEvent):
    """A requested booking was turned down; its slots are free."""

    why: str = ""


@frozen
class BookingChanged(BookingEvent):
    """A booking has another time: moved, made longer or shorter."""

    start: datetime
    end: datetime
    blocked_from: datetime
    blocked_until: datetime
    overridden: tuple[str, ...] = ()
    override_why: str = ""


@frozen
class BookingFlagged(BookingEvent):
    """Staff should look at the booking, and why; empty: no more."""

    flag: str


@frozen
class BookingStarted(BookingEvent):
    """The patron came, or fetched the equipment."""


@frozen
class BookingEnded(BookingEvent):
    """The room is empty, or the equipment back; from `blocked_until` on the slots are free."""

    blocked_until: datetime


@frozen
class BookingCancelled(BookingEvent):
    """A booking was cancelled; `late`: with less notice than the terms ask for."""

    why: str = ""
    late: bool = False


@frozen
class BookingMissed(BookingEvent):
    """Nobody came; the slots are free."""


@frozen
class BookingForgotten(BookingEvent):
    """A booking that was over was taken off its patron: all that the log says of it from now on."""

    booking: Booking


@frozen
class WaitingJoined(Event):
    """A patron waits for a span that is taken."""

    about: ClassVar[str] = "entry_id"

    entry: WaitingEntry

    @property
    def entry_id(self) -> str:
        """The place on the list this is about."""
        return self.entry.id


@frozen
class WaitingLeft(Event):
    """A patron waits no more: booked, gave up, or the time is past."""

    about: ClassVar[str] = "entry_id"

    entry_id: str


@frozen
class WaitingOffered(Event):
    """A span came free and the patron who waited longest for it is told."""

    about: ClassVar[str] = "entry_id"

    entry_id: str


@frozen
class CertificationChanged(Event):
    """A certification was asked for, granted, rejected or revoked; the fields are how it stands now."""

    about: ClassVar[str] = "patron_id"

    patron_id: PatronId
    subject: str
    state: CertificationState
    expires_at: datetime | None = None
    why: str = ""


@frozen
class MaterialStocked(Event):
    """A material was taken in, counted or priced; `material` is how it reads now."""

    about: ClassVar[str] = "material_id"

    material: Material

    @property
    def material_id(self) -> str:
        """The material this is about."""
        return self.material.id


@frozen
class JobSubmitted(Event):
    """A patron handed in a file."""

    about: ClassVar[str] = "job_id"

    job: Job

    @property
    def job_id(self) -> JobId:
        """The job this is about."""
        return self.job.id


@frozen
class JobEvent(Event):
    """Something happened to a job that is there already."""

    about: ClassVar[str] = "job_id"

    job_id: JobId


@frozen
class JobQueued(JobEvent):
    """A job was looked at, estimated and priced, and waits for a machine."""

    estimate: Estimate
    price: Money | None = None


@frozen
class JobStarted(JobEvent):
    """A machine began to work on a job."""

    resource_id: ResourceId


@frozen
class JobFinished(JobEvent):
    """A job came out well; `used` is what this attempt took."""

    used: Estimate
    outcome: str = ""


@frozen
class JobFailed(JobEvent):
    """A job went wrong; `used` is what this attempt took."""

    used: Estimate
    outcome: str = ""


@frozen
class JobCancelled(JobEvent):
    """A job was given up; `used` is what the attempt took that was running."""

    used: Estimate | None = None
    outcome: str = ""


@frozen
class JobCollected(JobEvent):
    """The patron has what was made."""
