"""Items: each thing that can be found, lent, repaired, counted or withdrawn.

An item hangs on a bibliographic record, belongs to a home library and is kept in a holding library. It is added
(from a file, an order, by hand), edited, withdrawn when it leaves the collection, deleted only when it was a mistake.
Its barcode names it and nothing else: no other item, no patron's card. Which MARC field brings which attribute is an
`ItemMapping`, data that a library can write itself.
"""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.items.changes import CHANGES, barcode_use
    from libops.items.decide import ItemFacts, add, change, delete, mark_missing, reinstate, withdraw
    from libops.items.drafts import ItemDraft, draft_items, likely_mapping, price_of
    from libops.items.events import ItemAdded, ItemChanged, ItemDeleted, ItemReinstated, ItemWithdrawn
    from libops.items.mapping import ItemMapping, mapping_of, shipped_mapping, shipped_mappings
    from libops.items.model import Item
else:
    __getattr__ = offering(__name__, "model", "events", "drafts", "mapping", "decide", "changes")

__all__ = [
    "CHANGES",
    "Item",
    "ItemAdded",
    "ItemChanged",
    "ItemDeleted",
    "ItemDraft",
    "ItemFacts",
    "ItemMapping",
    "ItemReinstated",
    "ItemWithdrawn",
    "add",
    "barcode_use",
    "change",
    "delete",
    "draft_items",
    "likely_mapping",
    "mapping_of",
    "price_of",
    "mark_missing",
    "reinstate",
    "shipped_mapping",
    "shipped_mappings",
    "withdraw",
]
