"""Why the item room says no."""

from __future__ import annotations

from libops.base.decisions import ReasonCode, Weight

__all__ = [
    "BARCODE_TAKEN",
    "BIB_DELETED",
    "ITEM_HAS_HISTORY",
    "ITEM_HAS_HOLD",
    "ITEM_MISSING",
    "ITEM_NOT_WITHDRAWN",
    "ITEM_ON_LOAN",
    "ITEM_TYPE_UNKNOWN",
    "ITEM_UNCHANGED",
    "ITEM_UNKNOWN",
    "ITEM_WITHDRAWN",
    "LAST_ITEM",
    "NO_BIB",
]

ITEM_UNKNOWN = ReasonCode("item.unknown", Weight.ABSOLUTE)
"""No item has this identifier or barcode."""
NO_BIB = ReasonCode("item.no_bib", Weight.ABSOLUTE)
"""An item hangs on a bibliographic record, and there is none with this identifier."""
BIB_DELETED = ReasonCode("item.bib_deleted", Weight.ABSOLUTE)
"""The bibliographic record is deleted: restore it, or choose another."""
BARCODE_TAKEN = ReasonCode("barcode.taken", Weight.ABSOLUTE)
"""The barcode is on another item or on a patron's card."""
ITEM_TYPE_UNKNOWN = ReasonCode("item.type_unknown", Weight.ALERT)
"""The settings know no such item type: no rule can name it, and the fallback decides."""
ITEM_UNCHANGED = ReasonCode("item.unchanged", Weight.ABSOLUTE)
"""Nothing would change."""
ITEM_MISSING = ReasonCode("item.missing_already", Weight.ABSOLUTE)
"""The item is marked as missing already: it stays missing since it was first missed."""
ITEM_ON_LOAN = ReasonCode("item.on_loan_now", Weight.ABSOLUTE)
"""The item is with a patron: check it in, or declare it lost, first."""
ITEM_HAS_HOLD = ReasonCode("item.has_hold", Weight.OVERRIDABLE, "items.withdraw_with_hold")
"""A patron waits for this very item."""
ITEM_HAS_HISTORY = ReasonCode("item.has_history", Weight.OVERRIDABLE, "items.delete_with_history")
"""The item was lent before: withdraw it instead, so that statistics stay whole."""
ITEM_WITHDRAWN = ReasonCode("item.withdrawn_already", Weight.ABSOLUTE)
"""The item has left the collection already."""
ITEM_NOT_WITHDRAWN = ReasonCode("item.not_withdrawn", Weight.ABSOLUTE)
"""Only a withdrawn item can be reinstated."""
LAST_ITEM = ReasonCode("item.last_of_title", Weight.ALERT)
"""It is the last item of its title: the bibliographic record is left without items."""
