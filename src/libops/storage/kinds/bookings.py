"""Resources, bookings and their slots, waiting lists, certifications, jobs of the makerspace.

A slot is keyed by its resource and start: two bookings that overlap would share a key, and no store lets them.
"""

from libops.bookings.model import (
    BookedSlot,
    Booking,
    BookingTally,
    Certification,
    Job,
    Material,
    Resource,
    RunningJob,
    WaitingEntry,
)
from libops.storage.records import Index, RecordType

__all__ = ["KINDS"]

KINDS = (
    RecordType("resource", Resource, "id", (Index("by_library", ("library", "kind")), Index("by_item", ("item_id",)))),
    RecordType(
        "booking",
        Booking,
        "id",
        (
            Index("by_resource", ("resource_id", "start")),
            Index("by_patron", ("patron_id", "start")),
            Index("by_item", ("item_id", "start")),
            Index("by_state", ("state", "start")),
            Index("by_series", ("series", "start")),
        ),
    ),
    RecordType(
        "booked_slot",
        BookedSlot,
        "key",
        (Index("by_resource", ("resource_id", "start")), Index("by_booking", ("booking_id", "start"))),
    ),
    RecordType("booking_tally", BookingTally, "key"),
    RecordType(
        "waiting_entry",
        WaitingEntry,
        "id",
        (Index("by_resource", ("resource_id", "since")), Index("by_patron", ("patron_id", "since"))),
    ),
    RecordType(
        "certification", Certification, "key", (Index("by_patron", ("patron_id",)), Index("by_expiry", ("expires_at",)))
    ),
    RecordType("job", Job, "id", (Index("by_state", ("state", "submitted_at")), Index("by_patron", ("patron_id",)))),
    RecordType("material", Material, "id", (Index("by_name", ("name",)),)),
    RecordType("running_job", RunningJob, "resource_id"),
)
