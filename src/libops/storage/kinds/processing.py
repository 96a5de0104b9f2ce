"""New material on its way to the shelf, and accession numbers."""

from libops.processing.model import AccessionNumber, AccessionSeries, Preparation
from libops.storage.records import Index, RecordType

__all__ = ["KINDS"]

KINDS = (
    RecordType(
        "preparation",
        Preparation,
        "item_id",
        (Index("by_state", ("library", "state", "changed_at")), Index("by_checklist", ("checklist",))),
    ),
    RecordType("accession_series", AccessionSeries, "key"),
    RecordType("accession_number", AccessionNumber, "number", (Index("by_item", ("item_id",)),)),
)
