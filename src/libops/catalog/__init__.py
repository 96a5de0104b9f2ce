"""The catalog: what the library knows about its titles.

A bibliographic record carries its whole MARC record and, beside it, the facts asked for most. It joins the catalog
(`BibAdded`), is edited or overlaid (`BibChanged`, the earlier version is kept and can come back), hidden from
the public, and deleted only when no items hang on it. Files of records come in through
`libops.catalog.marc`, which accounts for every byte of them; holdings say which library has which parts.
"""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.catalog.changes import CHANGES
    from libops.catalog.decide import BibFacts, change, delete, merge, restore, revert, suppress
    from libops.catalog.events import (
        BibAdded,
        BibChanged,
        BibDeleted,
        BibRestored,
        BibReverted,
        BibSuppressed,
        BibUnsuppressed,
        HoldingsAdded,
        HoldingsChanged,
        HoldingsDeleted,
    )
    from libops.catalog.model import (
        BibIdentifier,
        BibRecord,
        BibVersion,
        Holdings,
        MaterialType,
        identifiers_of,
        lookup_text,
    )
else:
    __getattr__ = offering(__name__, "model", "events", "decide", "changes")

__all__ = [
    "CHANGES",
    "BibAdded",
    "BibChanged",
    "BibDeleted",
    "BibFacts",
    "BibIdentifier",
    "BibRecord",
    "BibRestored",
    "BibReverted",
    "BibSuppressed",
    "BibUnsuppressed",
    "BibVersion",
    "Holdings",
    "HoldingsAdded",
    "HoldingsChanged",
    "HoldingsDeleted",
    "MaterialType",
    "change",
    "delete",
    "identifiers_of",
    "lookup_text",
    "merge",
    "restore",
    "revert",
    "suppress",
]
