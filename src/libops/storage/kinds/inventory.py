"""Stocktakes with what they expect and what was scanned; weeding; displays and rotations."""

from typing import Any

from libops.storage.records import Index, RecordType

__all__ = ["KINDS"]

KINDS: tuple[RecordType[Any], ...] = (
    RecordType(
        "stocktake", "libops.inventory.model.stocktake:Stocktake", "id", (Index("by_state", ("state", "opened_at")),)
    ),
    RecordType(
        "expected_item", "libops.inventory.model.stocktake:ExpectedItem", "key", (Index("by_session", ("session_id",)),)
    ),
    RecordType(
        "stocktake_scan",
        "libops.inventory.model.stocktake:StocktakeScan",
        "key",
        (Index("by_session", ("session_id", "device", "number")),),
        history=True,
    ),
    RecordType(
        "stocktake_device",
        "libops.inventory.model.stocktake:StocktakeDevice",
        "key",
        (Index("by_session", ("session_id",)),),
    ),
    RecordType(
        "correction",
        "libops.inventory.model.stocktake:Correction",
        "key",
        (Index("by_session", ("session_id",)), Index("by_item", ("item_id",))),
    ),
    RecordType(
        "weeding_case",
        "libops.inventory.model.weeding:WeedingCase",
        "item_id",
        (Index("by_state", ("state", "proposed_at")),),
    ),
    RecordType(
        "weeding_log_entry",
        "libops.inventory.model.weeding:WeedingLogEntry",
        "key",
        (Index("by_item", ("item_id", "number")), Index("by_time", ("at",))),
        history=True,
    ),
    RecordType("protection", "libops.inventory.model.weeding:Protection", "key", (Index("by_subject", ("subject",)),)),
    RecordType("display", "libops.inventory.model.displays:Display", "id", (Index("by_end", ("state", "ends")),)),
    RecordType("rotation", "libops.inventory.model.displays:Rotation", "id", (Index("by_state", ("state",)),)),
    RecordType(
        "temporary_placement",
        "libops.inventory.model.displays:TemporaryPlacement",
        "item_id",
        (Index("by_cause", ("cause", "cause_id")),),
    ),
)
