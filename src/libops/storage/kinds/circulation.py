"""Loans, items set aside and transits under their item, holds with their places in queues, and what has ended."""

from typing import Any

from libops.storage.records import Index, RecordType

__all__ = [
    "ANNOUNCED_CLOSINGS",
    "CLOSED_HOLDS",
    "CLOSED_LOANS",
    "HOLDS",
    "HOLD_PLACES",
    "IN_HOUSE_USES",
    "HOLD_TARGETS",
    "KINDS",
    "LOANS",
    "LOST_ITEMS",
    "POLICY_VERSIONS",
    "READY_HOLDS",
    "SHELF_CLEARANCES",
    "TRANSITS",
]

SWEPT = (
    "id",
    "patron_id",
    "library",
    "fine",
    "lost",
    "reminders",
    "renewals",
    "recalled_at",
    "claimed_returned_at",
    "declared_lost_at",
    "aged_to_lost_at",
)
"""What the nightly run looks at in every late loan: most of them it leaves as they are."""

LOANS: RecordType[Any] = RecordType(
    "loan",
    "libops.circulation.model.loans:Loan",
    "item_id",
    (Index("by_patron", ("patron_id", "due")), Index("by_due", ("due",), SWEPT)),
)
CLOSED_LOANS: RecordType[Any] = RecordType(
    "closed_loan",
    "libops.circulation.model.loans:ClosedLoan",
    "id",
    (
        Index("by_item", ("item_id", "closed_at")),
        Index("by_patron", ("patron_id", "closed_at")),
        Index("by_patron_and_title", ("patron_id", "bib_id")),
        Index("by_closing_time", ("closed_at",)),
    ),
    history=True,
)
LOST_ITEMS: RecordType[Any] = RecordType(
    "lost_item",
    "libops.circulation.model.losses:LostItem",
    "item_id",
    (Index("by_patron", ("patron_id",)), Index("by_lost", ("lost_at",))),
)
HOLDS: RecordType[Any] = RecordType(
    "hold",
    "libops.circulation.model.holds:Hold",
    "id",
    (
        Index("by_patron", ("patron_id", "placed_at")),
        Index("by_patron_and_bib", ("patron_id", "bib_id")),
        Index("by_item", ("item_id",)),
        Index("by_lapse", ("lapses_at",)),
        Index("by_wanted_until", ("wanted_until",)),
    ),
)
HOLD_PLACES: RecordType[Any] = RecordType(
    "hold_place",
    "libops.circulation.model.holds:HoldPlace",
    "key",
    (
        Index("by_queue", ("target", "cut", "priority", "queued_at")),
        Index("by_pickup", ("target", "pickup_library", "cut", "priority", "queued_at")),
        Index("by_local", ("target", "local_library", "cut", "priority", "queued_at")),
        Index("by_bib", ("bib_id", "cut", "priority", "queued_at")),
    ),
)
HOLD_TARGETS: RecordType[Any] = RecordType(
    "hold_target",
    "libops.circulation.model.holds:HoldTarget",
    "hold_id",
    (Index("by_library", ("library", "targeted_at")),),
    logged=False,
)
READY_HOLDS: RecordType[Any] = RecordType(
    "ready_hold",
    "libops.circulation.model.holds:ReadyHold",
    "item_id",
    (
        Index("by_bib", ("bib_id",)),
        Index("by_shelf", ("pickup_library", "ready_at")),
        Index("by_patron", ("patron_id",)),
        Index("by_keep_until", ("keep_until",)),
    ),
)
SHELF_CLEARANCES: RecordType[Any] = RecordType(
    "shelf_clearance",
    "libops.circulation.model.holds:ShelfClearance",
    "item_id",
    (Index("by_library", ("library", "since")),),
)
CLOSED_HOLDS: RecordType[Any] = RecordType(
    "closed_hold",
    "libops.circulation.model.holds:ClosedHold",
    "id",
    (
        Index("by_patron", ("patron_id", "closed_at")),
        Index("by_bib", ("bib_id", "closed_at")),
        Index("by_closing_time", ("closed_at",)),
    ),
    history=True,
)
TRANSITS: RecordType[Any] = RecordType(
    "transit",
    "libops.circulation.model.transits:Transit",
    "item_id",
    (
        Index("by_bib", ("bib_id",)),
        Index("by_destination", ("destination", "sent_at")),
        Index("by_sent", ("sent_at",)),
    ),
)

IN_HOUSE_USES: RecordType[Any] = RecordType(
    "in_house_use",
    "libops.circulation.model.in_house:InHouseUse",
    "key",
    (Index("by_day", ("library", "day")), Index("by_item", ("item_id", "day"))),
)
ANNOUNCED_CLOSINGS: RecordType[Any] = RecordType(
    "announced_closing",
    "libops.circulation.model.closings:AnnouncedClosing",
    "key",
    (Index("by_days", ("first", "last")),),
)
POLICY_VERSIONS: RecordType[Any] = RecordType(
    "policy_version", "libops.circulation.model.policy_version:PolicyVersion", "policy", logged=False
)

KINDS: tuple[RecordType[Any], ...] = (
    ANNOUNCED_CLOSINGS,
    IN_HOUSE_USES,
    POLICY_VERSIONS,
    LOANS,
    LOST_ITEMS,
    CLOSED_LOANS,
    HOLDS,
    HOLD_PLACES,
    HOLD_TARGETS,
    READY_HOLDS,
    SHELF_CLEARANCES,
    CLOSED_HOLDS,
    TRANSITS,
)
