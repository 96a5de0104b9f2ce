"""Hypothesis strategies for the bookings room: resources, terms, requests, jobs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from libops.base.calendars import Calendar, WeeklyHours
from libops.base.ids import ItemId, JobId, LibraryCode, PatronId, ResourceId
from libops.base.money import Money
from libops.base.periods import Period, Unit
from libops.bookings.decide import BookingRequest
from libops.bookings.model import Estimate, FileFacts, Job, Material, Recurrence, Resource
from libops.bookings.policy import (
    ApprovalNeeded,
    BookingTerms,
    FailedJob,
    JobCharge,
    JobTerms,
    OffGrid,
    OutsideHours,
    WaitingList,
)

__all__ = [
    "MONDAY",
    "OPEN_ALWAYS",
    "OPEN_DAYS",
    "estimates",
    "job_terms",
    "jobs",
    "materials",
    "recurrences",
    "requests",
    "resources",
    "terms",
]

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
OPEN_ALWAYS = Calendar.always_open("UTC")
OPEN_DAYS = Calendar("UTC", WeeklyHours.every_day("09:00-18:00"))
KINDS = ("meeting room", "laser cutter", "projector")


def resources(*, slot_minutes: tuple[int, ...] = (5, 15, 30, 60)) -> st.SearchStrategy[Resource]:
    """Rooms, machines and equipment with slots of several lengths."""
    return st.builds(
        Resource,
        id=st.just(ResourceId("R-1")),
        name=st.sampled_from(("Study room 2", "Laser cutter", "Projector")),
        kind=st.sampled_from(KINDS),
        library=st.just(LibraryCode("MAIN")),
        slot_minutes=st.sampled_from(slot_minutes),
        item_id=st.one_of(st.none(), st.just(ItemId("I-31"))),
    )


def money() -> st.SearchStrategy[Money | None]:
    """A price in euros, 0 among them, or none."""
    return st.one_of(st.none(), st.integers(0, 5000).map(lambda cents: Money(cents, "EUR")))


def terms() -> st.SearchStrategy[BookingTerms]:
    """Booking terms with lead, trail, hours, approval and money of every kind; no limits of length and notice."""
    return st.builds(
        BookingTerms,
        lead=st.integers(0, 90),
        trail=st.integers(0, 90),
        outside_hours=st.sampled_from(OutsideHours),
        off_grid=st.sampled_from(OffGrid),
        approval=st.sampled_from(ApprovalNeeded),
        approval_above=st.integers(0, 240),
        waiting=st.sampled_from(WaitingList),
        no_show_after=st.one_of(st.none(), st.integers(0, 60)),
        no_show_fee=money(),
        cancel_notice=st.one_of(st.none(), st.integers(0, 1440)),
        cancel_fee=money(),
        deposit=money(),
        rent_per_hour=money(),
        late_grace=st.integers(0, 30),
        late_every=st.integers(1, 90),
        late_fee=money(),
        late_cap=money(),
    )


@st.composite
def requests(draw: st.DrawFn, *, patrons: int = 4, grid: int = 5, days: int = 2) -> BookingRequest:
    """Spans of a quarter of an hour to a working day within a few days from Monday, on a grid of minutes."""
    start = MONDAY + timedelta(minutes=draw(st.integers(0, days * 1440 // grid)) * grid)
    return BookingRequest(
        patron_id=PatronId(f"P-{draw(st.integers(1, patrons))}"),
        start=start,
        end=start + timedelta(minutes=draw(st.integers(1, 480 // grid)) * grid),
        purpose=draw(st.sampled_from(("", "homework club", "model railway", "chamber music"))),
    )


def recurrences() -> st.SearchStrategy[Recurrence]:
    """Series of up to a dozen bookings, daily to monthly."""
    every = st.builds(Period, st.integers(1, 5), st.sampled_from((Unit.DAYS, Unit.WEEKS, Unit.MONTHS)))
    return st.builds(Recurrence, every=every, count=st.integers(1, 12))


def estimates() -> st.SearchStrategy[Estimate]:
    """Up to a kilogram and a day."""
    return st.builds(Estimate, st.integers(0, 10_000), st.integers(0, 1440))


def materials() -> st.SearchStrategy[Material]:
    """Filament, plywood and the like, priced or not, counted or not."""
    return st.builds(
        Material,
        id=st.just("PLA"),
        name=st.just("PLA, white"),
        price_per_gram=money(),
        decigrams_left=st.one_of(st.none(), st.integers(0, 20_000)),
    )


def jobs() -> st.SearchStrategy[Job]:
    """Jobs just handed in, with and without a slicer's estimate."""
    file = st.builds(
        FileFacts,
        name=st.just("bracket.gcode"),
        size=st.integers(1, 10**8),
        sha256=st.just("0" * 64),
        decigrams=st.one_of(st.none(), st.integers(1, 5000)),
        minutes=st.one_of(st.none(), st.integers(1, 1440)),
    )
    return st.builds(
        Job,
        id=st.just(JobId("J-1")),
        patron_id=st.just(PatronId("P-1")),
        machine=st.just("3-D printer"),
        material_id=st.just("PLA"),
        file=file,
        submitted_at=st.just(MONDAY),
    )


def job_terms() -> st.SearchStrategy[JobTerms]:
    """Every way to charge a job."""
    return st.builds(
        JobTerms,
        charge=st.sampled_from(JobCharge),
        failed=st.sampled_from(FailedJob),
        price_per_hour=money(),
        base_price=money(),
    )
