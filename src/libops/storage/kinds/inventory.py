"""Stocktakes with what they expect and what was scanned; weeding; displays and rotations."""

from libops.inventory.model import (
    Correction,
    Display,
    ExpectedItem,
    Protection,
    Rotation,
    Stocktake,
    StocktakeDevice,
    StocktakeScan,
    TemporaryPlacement,
    WeedingCase,
    WeedingLogEntry,
)
from libops.storage.records import Index, RecordType

__all__ = ["KINDS"]

KINDS = (
    RecordType("stocktake", Stocktake, "id", (Index("by_state", ("state", "opened_at")),)),
    RecordType("expected_item", ExpectedItem, "key", (Index("by_session", ("session_id",)),)),
    RecordType(
        "stocktake_scan",
        StocktakeScan,
        "key",
        (Index("by_session", ("session_id", "device", "number")),),
        history=True,
    ),
    RecordType("stocktake_device", StocktakeDevice, "key", (Index("by_session", ("session_id",)),)),
    RecordType("correction", Correction, "key", (Index("by_session", ("session_id",)), Index("by_item", ("item_id",)))),
    RecordType("weeding_case", WeedingCase, "item_id", (Index("by_state", ("state", "proposed_at")),)),
    RecordType(
        "weeding_log_entry",
        WeedingLogEntry,
        "key",
        (Index("by_item", ("item_id", "number")), Index("by_time", ("at",))),
        history=True,
    ),
    RecordType("protection", Protection, "key", (Index("by_subject", ("subject",)),)),
    RecordType("display", Display, "id", (Index("by_end", ("state", "ends")),)),
    RecordType("rotation", Rotation, "id", (Index("by_state", ("state",)),)),
    RecordType("temporary_placement", TemporaryPlacement, "item_id", (Index("by_cause", ("cause", "cause_id")),)),
)
