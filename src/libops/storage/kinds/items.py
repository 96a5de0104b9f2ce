"""Items."""

from typing import Any

from libops.storage.records import Index, RecordType

__all__ = ["ITEMS", "KINDS"]

ITEMS: RecordType[Any] = RecordType(
    "item",
    "libops.items.model:Item",
    "id",
    (
        Index("by_bib", ("bib_id",)),
        Index("by_shelf", ("holding_library", "shelving_location", "shelf_key")),
        Index("by_accession", ("accession_number",)),
    ),
)

KINDS: tuple[RecordType[Any], ...] = (ITEMS,)
