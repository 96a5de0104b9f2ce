"""Items."""

from libops.items.model import Item
from libops.storage.records import Index, RecordType

__all__ = ["ITEMS", "KINDS"]

ITEMS = RecordType(
    "item",
    Item,
    "id",
    (
        Index("by_bib", ("bib_id",)),
        Index("by_shelf", ("holding_library", "shelving_location", "shelf_key")),
        Index("by_accession", ("accession_number",)),
    ),
)

KINDS = (ITEMS,)
