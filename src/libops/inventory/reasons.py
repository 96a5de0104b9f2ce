"""Why the inventory room says no, or what it wants the desk to know."""

from __future__ import annotations

from libops.base.decisions import ReasonCode, Weight

__all__ = [
    "CORRECTION_SUPERSEDED",
    "CORRECTION_UNSUPPORTED",
    "SCAN_BEFORE_OPENING",
    "SCAN_CLOCK_AHEAD",
    "SCAN_FOREIGN",
    "SCAN_NUMBER_REUSED",
    "STOCKTAKE_CHANGED",
    "STOCKTAKE_CLOSED",
    "STOCKTAKE_EMPTY",
    "STOCKTAKE_EXISTS",
    "STOCKTAKE_INCOMPLETE",
    "STOCKTAKE_ITEM_OUTSIDE",
    "STOCKTAKE_OVERLAPS",
    "STOCKTAKE_STATE",
    "STOCKTAKE_UNLABELED",
    "STOCKTAKE_WHY_MISSING",
]

STOCKTAKE_EXISTS = ReasonCode("stocktake.exists", Weight.ABSOLUTE)
"""A session of this identifier was opened before."""
STOCKTAKE_EMPTY = ReasonCode("stocktake.nothing_expected", Weight.CONFIRM)
"""The range holds no items: every scan will be a stray."""
STOCKTAKE_OVERLAPS = ReasonCode("stocktake.overlaps", Weight.CONFIRM)
"""Another session is counting some of the same shelves."""
STOCKTAKE_UNLABELED = ReasonCode("stocktake.items_without_barcode", Weight.ALERT)
"""Some items have neither barcode nor tag: nobody can scan them, and they will come out as missing."""
STOCKTAKE_ITEM_OUTSIDE = ReasonCode("stocktake.item_outside_range", Weight.ABSOLUTE)
"""An item handed in as expected does not belong to the range."""
STOCKTAKE_STATE = ReasonCode("stocktake.wrong_state", Weight.ABSOLUTE)
"""The session is not in a state where this can be done."""
STOCKTAKE_CLOSED = ReasonCode("stocktake.late_scans", Weight.ABSOLUTE)
"""Counting was closed and this session takes no late scans: reopen it first."""
STOCKTAKE_CHANGED = ReasonCode("stocktake.changed_since_review", Weight.ABSOLUTE)
"""The result is no longer the one that was reviewed: look again."""
STOCKTAKE_INCOMPLETE = ReasonCode("stocktake.much_missing", Weight.CONFIRM)
"""More of the range is missing than the library takes for normal: perhaps a shelf was not scanned."""
STOCKTAKE_WHY_MISSING = ReasonCode("stocktake.why_missing", Weight.ABSOLUTE)
"""Taking back or giving up a stocktake needs a reason in words."""
SCAN_NUMBER_REUSED = ReasonCode("scan.number_reused", Weight.ABSOLUTE)
"""The device handed in another scan under this number: two devices share a name, or one was reset."""
SCAN_FOREIGN = ReasonCode("scan.of_another_batch", Weight.ABSOLUTE)
"""A scan names another session or device than the batch it came in."""
SCAN_BEFORE_OPENING = ReasonCode("scan.before_opening", Weight.ALERT)
"""Scans are older than the session: the device's clock may be wrong."""
SCAN_CLOCK_AHEAD = ReasonCode("scan.clock_ahead", Weight.ALERT)
"""Scans come from the future: the device's clock is ahead."""
CORRECTION_UNSUPPORTED = ReasonCode("correction.unsupported", Weight.ABSOLUTE)
"""The result has no finding that this correction would put right."""
CORRECTION_SUPERSEDED = ReasonCode("correction.superseded", Weight.ALERT)
"""The item has changed again since the stocktake was accepted: it is left as it is now."""
