"""The register of equipment, its tickets, faults counted once, known issues, maintenance."""

from typing import Any

from libops.storage.records import Index, RecordType

__all__ = ["KINDS"]

KINDS: tuple[RecordType[Any], ...] = (
    RecordType(
        "asset",
        "libops.equipment.model.asset:Asset",
        "id",
        (Index("by_library", ("library", "kind")), Index("by_name", ("name",))),
    ),
    RecordType(
        "asset_of_item", "libops.equipment.model.asset:AssetOfItem", "item_id", (Index("by_asset", ("asset_id",)),)
    ),
    RecordType("out_of_service", "libops.equipment.model.asset:OutOfService", "key", (Index("by_time", ("since",)),)),
    RecordType(
        "ticket",
        "libops.equipment.model.ticket:Ticket",
        "id",
        (
            Index("by_state", ("state", "opened_at")),
            Index("by_asset", ("asset_id", "opened_at")),
            Index("by_item", ("item_id", "opened_at")),
            Index("by_patron", ("patron_id", "opened_at")),
        ),
    ),
    RecordType(
        "device_fault", "libops.equipment.model.ticket:DeviceFault", "key", (Index("by_ticket", ("ticket_id",)),)
    ),
    RecordType("known_issue", "libops.equipment.model.known_issue:KnownIssue", "id", (Index("by_kind", ("kind",)),)),
    RecordType(
        "maintenance_schedule",
        "libops.equipment.model.maintenance:MaintenanceSchedule",
        "id",
        (Index("by_due", ("next_due",)), Index("by_asset", ("asset_id",))),
    ),
)
