"""The register, its tickets, and what is out of service, by key, for whoever lends or books."""

from libops.equipment.model import (
    Asset,
    AssetOfItem,
    DeviceFault,
    KnownIssue,
    MaintenanceSchedule,
    OutOfService,
    Ticket,
)
from libops.storage.records import Index, RecordType

__all__ = [
    "ASSETS",
    "ASSETS_OF_ITEMS",
    "DEVICE_FAULTS",
    "KINDS",
    "KNOWN_ISSUES",
    "MAINTENANCE",
    "OUT_OF_SERVICE",
    "TICKETS",
]

ASSETS = RecordType("asset", Asset, "id", (Index("by_kind", ("kind",)), Index("by_library", ("library", "kind"))))
ASSETS_OF_ITEMS = RecordType("asset_of_item", AssetOfItem, "item_id")
OUT_OF_SERVICE = RecordType("out_of_service", OutOfService, "key")
TICKETS = RecordType(
    "ticket",
    Ticket,
    "id",
    (
        Index("by_asset", ("asset_id", "opened_at")),
        Index("by_item", ("item_id", "opened_at")),
        Index("by_state", ("state", "opened_at")),
        Index("by_assignee", ("assignee", "opened_at")),
    ),
)
DEVICE_FAULTS = RecordType("device_fault", DeviceFault, "key", (Index("by_ticket", ("ticket_id",)),))
KNOWN_ISSUES = RecordType("known_issue", KnownIssue, "id", (Index("by_kind", ("kind",)),))
MAINTENANCE = RecordType(
    "maintenance_schedule",
    MaintenanceSchedule,
    "id",
    (Index("by_due", ("next_due",)), Index("by_asset", ("asset_id",))),
)

KINDS = (ASSETS, ASSETS_OF_ITEMS, OUT_OF_SERVICE, TICKETS, DEVICE_FAULTS, KNOWN_ISSUES, MAINTENANCE)
