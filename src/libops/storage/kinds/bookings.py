"""Resources, bookings and the slots that keep them apart; who waits, who may; the makerspace's jobs."""

from libops.bookings.model import (
    BookedSlot,
    Booking,
    Certification,
    Job,
    Material,
    Resource,
    RunningJob,
    WaitingEntry,
)
from libops.storage.records import Index, RecordType

__all__ = [
    "BOOKED_SLOTS",
    "BOOKINGS",
    "CERTIFICATIONS",
    "JOBS",
    "KINDS",
    "MATERIALS",
    "RESOURCES",
    "RUNNING_JOBS",
    "WAITING_ENTRIES",
]

RESOURCES = RecordType(
    "resource",
    Resource,
    "id",
    (Index("by_kind", ("kind",)), Index("by_item", ("item_id",)), Index("by_asset", ("asset_id",))),
)
BOOKED_SLOTS = RecordType(
    "booked_slot",
    BookedSlot,
    "key",
    (Index("by_resource", ("resource_id", "start")), Index("by_booking", ("booking_id",))),
)
BOOKINGS = RecordType(
    "booking",
    Booking,
    "id",
    (
        Index("by_resource", ("resource_id", "blocked_until")),
        Index("by_item", ("item_id", "blocked_until")),
        Index("by_patron", ("patron_id", "start")),
        Index("by_state", ("state", "start")),
        Index("by_series", ("series", "start")),
    ),
)
WAITING_ENTRIES = RecordType(
    "waiting_entry",
    WaitingEntry,
    "id",
    (Index("by_resource", ("resource_id", "since")), Index("by_patron", ("patron_id",))),
)
CERTIFICATIONS = RecordType(
    "certification",
    Certification,
    "key",
    (Index("by_patron", ("patron_id",)), Index("by_expiry", ("expires_at",))),
)
MATERIALS = RecordType("material", Material, "id")
JOBS = RecordType(
    "job", Job, "id", (Index("by_machine", ("machine", "state")), Index("by_patron", ("patron_id", "submitted_at")))
)
RUNNING_JOBS = RecordType("running_job", RunningJob, "resource_id", (Index("by_job", ("job_id",)),))

KINDS = (
    RESOURCES,
    BOOKED_SLOTS,
    BOOKINGS,
    WAITING_ENTRIES,
    CERTIFICATIONS,
    MATERIALS,
    JOBS,
    RUNNING_JOBS,
)
