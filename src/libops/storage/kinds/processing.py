"""New material on its way to the shelf, and accession numbers."""

from typing import Any

from libops.storage.records import Index, RecordType

__all__ = ["KINDS"]

KINDS: tuple[RecordType[Any], ...] = (
    RecordType(
        "preparation",
        "libops.processing.model:Preparation",
        "item_id",
        (Index("by_state", ("library", "state", "changed_at")), Index("by_checklist", ("checklist",))),
    ),
    RecordType("accession_series", "libops.processing.model:AccessionSeries", "key"),
    RecordType(
        "accession_number", "libops.processing.model:AccessionNumber", "number", (Index("by_item", ("item_id",)),)
    ),
)
