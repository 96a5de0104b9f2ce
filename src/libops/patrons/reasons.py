"""Why a change to a patron record is refused."""

from __future__ import annotations

from libops.base.decisions import ReasonCode, Weight

__all__ = ["BLOCK_UNKNOWN", "CARD_TAKEN", "CATEGORY_UNKNOWN", "HAS_BALANCE", "HAS_HOLDS", "HAS_LOANS"]

CARD_TAKEN = ReasonCode("card.taken", Weight.ABSOLUTE)
"""The barcode is on another card or on an item."""

CATEGORY_UNKNOWN = ReasonCode("category.unknown", Weight.ABSOLUTE)
"""The settings name no such patron category."""

BLOCK_UNKNOWN = ReasonCode("block.unknown", Weight.ABSOLUTE)
"""The patron has no such block."""

HAS_LOANS = ReasonCode("patron.has_loans", Weight.ABSOLUTE)
"""A patron with open loans cannot be removed."""

HAS_HOLDS = ReasonCode("patron.has_holds", Weight.ABSOLUTE)
"""A patron with open holds cannot be removed."""

HAS_BALANCE = ReasonCode("patron.has_balance", Weight.OVERRIDABLE, "patron.remove_with_balance")
"""A patron who owes money, or to whom money is owed, is removed only by right."""
