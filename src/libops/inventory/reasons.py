"""Why the inventory room says no, or what it wants the desk to know."""

from __future__ import annotations

from libops.base.decisions import ReasonCode, Weight

__all__ = [
    "CORRECTION_SUPERSEDED",
    "CORRECTION_UNSUPPORTED",
    "DISPLAY_END_MISSING",
    "DISPLAY_EXISTS",
    "DISPLAY_ITEM_NOT_ON_IT",
    "DISPLAY_OTHER_LIBRARY",
    "DISPLAY_OVER",
    "DISPLAY_STATE",
    "DISPLAY_TOO_LONG",
    "PLACEMENT_AWAY",
    "PLACEMENT_GONE",
    "PLACEMENT_MOVED_SINCE",
    "PLACEMENT_TAKEN",
    "PROTECTION_EXISTS",
    "PROTECTION_UNKNOWN",
    "ROTATION_AT_END",
    "ROTATION_EXISTS",
    "ROTATION_ITEM_NOT_IN_IT",
    "ROTATION_NOT_DUE",
    "ROTATION_STATE",
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
    "WEEDING_COPIES_UNKNOWN",
    "WEEDING_HAS_HOLDS",
    "WEEDING_ITEM_AWAY",
    "WEEDING_KEPT_LATELY",
    "WEEDING_LAST_COPY",
    "WEEDING_OPEN",
    "WEEDING_PROTECTED",
    "WEEDING_SAME_PERSON",
    "WEEDING_STATE",
    "WEEDING_STEPS_OPEN",
    "WEEDING_STEP_DONE",
    "WEEDING_WAY",
    "WEEDING_WHY_MISSING",
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
PROTECTION_EXISTS = ReasonCode("protection.exists", Weight.ABSOLUTE)
"""The list protects it already, in the same words."""
PROTECTION_UNKNOWN = ReasonCode("protection.unknown", Weight.ABSOLUTE)
"""The list does not name it."""
WEEDING_OPEN = ReasonCode("weeding.case_open", Weight.ABSOLUTE)
"""The item has been proposed, withdrawn or disposed of already."""
WEEDING_KEPT_LATELY = ReasonCode("weeding.kept_lately", Weight.CONFIRM)
"""It was proposed before and kept; its time of rest is not over."""
WEEDING_STATE = ReasonCode("weeding.wrong_state", Weight.ABSOLUTE)
"""The case is not in a state where this can be done."""
WEEDING_WHY_MISSING = ReasonCode("weeding.why_missing", Weight.ABSOLUTE)
"""The log must say why."""
WEEDING_ITEM_AWAY = ReasonCode("weeding.item_away", Weight.ABSOLUTE)
"""The item is with a patron or on its way: check it in first."""
WEEDING_PROTECTED = ReasonCode("weeding.protected", Weight.OVERRIDABLE, "inventory.withdraw_protected")
"""A list protects the item or its title."""
WEEDING_LAST_COPY = ReasonCode("weeding.last_copy", Weight.OVERRIDABLE, "inventory.withdraw_last_copy")
"""No other usable copy would be left where the library guards the last one."""
WEEDING_COPIES_UNKNOWN = ReasonCode("weeding.copies_unknown", Weight.CONFIRM)
"""Nobody knows whether this is the last copy."""
WEEDING_HAS_HOLDS = ReasonCode("weeding.has_holds", Weight.OVERRIDABLE, "inventory.withdraw_with_holds")
"""Patrons wait for the title."""
WEEDING_SAME_PERSON = ReasonCode("weeding.same_person", Weight.OVERRIDABLE, "inventory.withdraw_alone")
"""The library wants a second person to decide, and this one proposed it."""
WEEDING_STEP_DONE = ReasonCode("weeding.step_done", Weight.ABSOLUTE)
"""The step has been noted already."""
WEEDING_STEPS_OPEN = ReasonCode("weeding.steps_open", Weight.OVERRIDABLE, "inventory.dispose_unready")
"""Steps that the library wants before disposal are not done."""
WEEDING_WAY = ReasonCode("weeding.way_not_allowed", Weight.ABSOLUTE)
"""The library does not dispose of items this way."""
DISPLAY_EXISTS = ReasonCode("display.exists", Weight.ABSOLUTE)
"""A display of this identifier was opened before."""
DISPLAY_STATE = ReasonCode("display.wrong_state", Weight.ABSOLUTE)
"""The display has ended."""
DISPLAY_END_MISSING = ReasonCode("display.end_missing", Weight.ABSOLUTE)
"""The library wants a last day for every display."""
DISPLAY_OVER = ReasonCode("display.end_passed", Weight.ABSOLUTE)
"""The last day is over already."""
DISPLAY_TOO_LONG = ReasonCode("display.too_long", Weight.OVERRIDABLE, "inventory.long_display")
"""The display would run longer than the library allows."""
DISPLAY_OTHER_LIBRARY = ReasonCode("display.other_library", Weight.CONFIRM)
"""Some items belong to another library."""
DISPLAY_ITEM_NOT_ON_IT = ReasonCode("display.item_not_on_it", Weight.ABSOLUTE)
"""Some items are not on this display."""
PLACEMENT_TAKEN = ReasonCode("placement.taken", Weight.ABSOLUTE)
"""Some items are on a display or in a rotating collection already."""
PLACEMENT_GONE = ReasonCode("placement.item_gone", Weight.ABSOLUTE)
"""Some items are withdrawn, lost or missing."""
PLACEMENT_AWAY = ReasonCode("placement.item_away", Weight.ALERT)
"""Some items are on loan or on their way; they join when they come back."""
PLACEMENT_MOVED_SINCE = ReasonCode("placement.moved_since", Weight.ALERT)
"""Some items were given another place meanwhile, and keep it."""
ROTATION_EXISTS = ReasonCode("rotation.exists", Weight.ABSOLUTE)
"""A rotation of this identifier was started before."""
ROTATION_STATE = ReasonCode("rotation.wrong_state", Weight.ABSOLUTE)
"""The rotation has ended."""
ROTATION_AT_END = ReasonCode("rotation.at_last_stop", Weight.ABSOLUTE)
"""It is at its last stop: bring it home."""
ROTATION_NOT_DUE = ReasonCode("rotation.not_due", Weight.CONFIRM)
"""Its days at this stop are not over."""
ROTATION_ITEM_NOT_IN_IT = ReasonCode("rotation.item_not_in_it", Weight.ABSOLUTE)
"""Some items do not travel with this collection."""
