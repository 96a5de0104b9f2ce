"""Resources, bookings and their slots, waiting lists, certifications, jobs of the makerspace.

A slot is keyed by its resource and start: two bookings that overlap would share a key, and no store lets them.
"""

from typing import Any

from libops.storage.records import Index, RecordType

__all__ = ["KINDS"]

KINDS: tuple[RecordType[Any], ...] = (
    RecordType(
        "resource",
        "libops.bookings.model.resource:Resource",
        "id",
        (Index("by_library", ("library", "kind")), Index("by_item", ("item_id",))),
    ),
    RecordType(
        "booking",
        "libops.bookings.model.booking:Booking",
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
        "libops.bookings.model.resource:BookedSlot",
        "key",
        (Index("by_resource", ("resource_id", "start")), Index("by_booking", ("booking_id", "start"))),
    ),
    RecordType("booking_tally", "libops.bookings.model.tally:BookingTally", "key"),
    RecordType(
        "waiting_entry",
        "libops.bookings.model.booking:WaitingEntry",
        "id",
        (Index("by_resource", ("resource_id", "since")), Index("by_patron", ("patron_id", "since"))),
    ),
    RecordType(
        "certification",
        "libops.bookings.model.certification:Certification",
        "key",
        (Index("by_patron", ("patron_id",)), Index("by_expiry", ("expires_at",))),
    ),
    RecordType(
        "job",
        "libops.bookings.model.job:Job",
        "id",
        (Index("by_state", ("state", "submitted_at")), Index("by_patron", ("patron_id",))),
    ),
    RecordType("material", "libops.bookings.model.job:Material", "id", (Index("by_name", ("name",)),)),
    RecordType("running_job", "libops.bookings.model.job:RunningJob", "resource_id"),
)
