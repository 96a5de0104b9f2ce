"""Why a hold is not taken or not filled, and what the desk hears about items that are wanted or on the way."""

from __future__ import annotations

from libops.base.decisions import ReasonCode, Weight

__all__ = [
    "HELD_FOR_OTHERS",
    "HOLD_AFTER_LIMIT",
    "HOLD_GOES_ON",
    "HOLD_ITEM_ASKED_FOR",
    "HOLD_ITEM_NOT_FIT",
    "HOLD_ITEM_ON_SHELF",
    "HOLD_ITEM_STATE",
    "HOLD_ITEM_TAKEN_BACK",
    "HOLD_LIBRARY_CLOSED",
    "HOLD_LIBRARY_TRIED",
    "HOLD_LIMIT_REACHED",
    "HOLD_NONE_OUT",
    "HOLD_NOT_ALLOWED",
    "HOLD_NOT_AT_LIBRARY",
    "HOLD_NOT_DUE",
    "HOLD_NOT_ON_SHELF",
    "HOLD_NO_ITEM",
    "HOLD_NO_POLICY",
    "HOLD_ONE_PLACE",
    "HOLD_ON_ITEM_ONLY",
    "HOLD_ON_TITLE_ONLY",
    "HOLD_PER_DAY",
    "HOLD_PER_RECORD",
    "HOLD_PICKUP",
    "HOLD_RUN_WAITS",
    "HOLD_STALLED",
    "HOLD_SUSPENDED",
    "HOLD_SUSPENSION",
    "HOLD_TITLE_OUT",
    "HOLD_UNKNOWN",
    "HOLD_WHY_MISSING",
    "HOLD_WRONG_STATE",
    "ITEM_AWAITING_PICKUP",
    "ITEM_FOR_HOLD",
    "ITEM_IN_TRANSIT",
    "ITEM_NOT_HERE",
    "ITEM_TO_SEND",
    "NOT_IN_TRANSIT",
    "RECALL_ALREADY",
    "RECALL_LIMIT",
    "RECALL_NONE_OUT",
    "RECALL_NOT_ALLOWED",
    "TRANSIT_SAME_PLACE",
    "WRONG_ARRIVAL",
]

HOLD_NO_ITEM = ReasonCode("hold.no_item", Weight.OVERRIDABLE, "hold.no_item")
"""Nothing that could fill the hold is in the collection."""

HOLD_ONE_PLACE = ReasonCode("hold.one_place", Weight.ALERT)
"""The patron waited for two records that became one, and keeps the earlier place."""

HOLD_NO_POLICY = ReasonCode("hold.no_policy", Weight.ABSOLUTE)
"""No circulation rule gives this patron a hold policy for such items."""

HOLD_NOT_ALLOWED = ReasonCode("hold.not_allowed", Weight.OVERRIDABLE, "hold.not_allowed")
"""The hold policy does not let this patron hold items of that library."""

HOLD_ON_TITLE_ONLY = ReasonCode("hold.on_title_only", Weight.OVERRIDABLE, "hold.level")
"""The hold policy takes no holds on a single item."""

HOLD_ON_ITEM_ONLY = ReasonCode("hold.on_item_only", Weight.OVERRIDABLE, "hold.level")
"""The hold policy takes only holds that name their item."""

HOLD_ITEM_ON_SHELF = ReasonCode("hold.item_on_shelf", Weight.OVERRIDABLE, "hold.on_shelf")
"""The item is on the shelf, and the hold policy takes no holds on it."""

HOLD_NONE_OUT = ReasonCode("hold.none_out", Weight.OVERRIDABLE, "hold.on_shelf")
"""No item of the title is out."""

HOLD_NOT_ON_SHELF = ReasonCode("hold.not_on_shelf", Weight.OVERRIDABLE, "hold.on_shelf")
"""Only what stands on the shelf can be held, and this item is out."""

HOLD_ITEM_STATE = ReasonCode("hold.item_state", Weight.ABSOLUTE)
"""An item in this state cannot be held: it is lost, claimed returned or withdrawn."""

HOLD_PICKUP = ReasonCode("hold.pickup_not_allowed", Weight.OVERRIDABLE, "hold.pickup")
"""The item cannot be picked up at that library."""

HOLD_PER_DAY = ReasonCode("hold.per_day_limit", Weight.OVERRIDABLE, "hold.limit")
"""The patron has placed as many holds today as the policy allows."""

HOLD_PER_RECORD = ReasonCode("hold.per_record_limit", Weight.OVERRIDABLE, "hold.limit")
"""The patron has as many holds on the title as the policy allows."""

HOLD_LIMIT_REACHED = ReasonCode("hold.limit_reached", Weight.OVERRIDABLE, "hold.limit")
"""The patron has as many holds as the policy allows."""

HOLD_TITLE_OUT = ReasonCode("hold.title_out_to_patron", Weight.CONFIRM)
"""The patron has the title out already."""

HOLD_UNKNOWN = ReasonCode("hold.unknown", Weight.ABSOLUTE)
"""There is no such hold in force."""

HOLD_WRONG_STATE = ReasonCode("hold.wrong_state", Weight.ABSOLUTE)
"""The hold is in a state in which this cannot be done."""

HOLD_SUSPENSION = ReasonCode("hold.suspension_passed", Weight.ABSOLUTE)
"""The end of the suspension has passed already."""

HOLD_WHY_MISSING = ReasonCode("hold.why_missing", Weight.ABSOLUTE)
"""The act goes to the log with its reason, and none was given."""

HOLD_NOT_DUE = ReasonCode("hold.not_due", Weight.ABSOLUTE)
"""The time of the hold is not over."""

HOLD_RUN_WAITS = ReasonCode("hold.run_waits", Weight.ABSOLUTE)
"""The policy lets no run end the hold now: the library is closed, or its staff clear the shelf."""

HOLD_SUSPENDED = ReasonCode("hold.suspended", Weight.ABSOLUTE)
"""Passed over: the hold is suspended."""

HOLD_STALLED = ReasonCode("hold.stalled", Weight.ABSOLUTE)
"""Passed over: for a while after it was placed, only items at its pickup library fill the hold."""

HOLD_LIBRARY_CLOSED = ReasonCode("hold.library_closed", Weight.ABSOLUTE)
"""Not asked to fetch the item: the library that has it is closed today."""

HOLD_LIBRARY_TRIED = ReasonCode("hold.library_tried", Weight.ABSOLUTE)
"""Not asked to fetch the item: the library was asked before in this round, and it did not come."""

HOLD_ITEM_ASKED_FOR = ReasonCode("hold.item_asked_for", Weight.ABSOLUTE)
"""Not asked for: the item is to be fetched for a hold before this one."""

HOLD_AFTER_LIMIT = ReasonCode("hold.after_limit", Weight.ABSOLUTE)
"""Passed over: the hold has lapsed, or the patron wants the item no longer."""

HOLD_NOT_AT_LIBRARY = ReasonCode("hold.other_library", Weight.ABSOLUTE)
"""Passed over: the policy lets no item of this library fill the hold, or not at its pickup library."""

HOLD_ITEM_NOT_FIT = ReasonCode("hold.item_not_fit", Weight.ABSOLUTE)
"""No hold was looked for: the item is damaged, in repair, withdrawn or not for loan."""

ITEM_AWAITING_PICKUP = ReasonCode("item.awaiting_pickup", Weight.ABSOLUTE)
"""The item is set aside for another patron: cancel or release that hold first."""

ITEM_IN_TRANSIT = ReasonCode("item.in_transit", Weight.OVERRIDABLE, "loan.in_transit")
"""The item is on the way to another library."""

HELD_FOR_OTHERS = ReasonCode("item.held_for_others", Weight.CONFIRM)
"""Others wait for the title, and this item could fill their hold."""

ITEM_FOR_HOLD = ReasonCode("item.for_hold", Weight.ALERT)
"""The item fills a hold: put it on the hold shelf."""

ITEM_TO_SEND = ReasonCode("item.to_send", Weight.ALERT)
"""The item goes to another library."""

HOLD_GOES_ON = ReasonCode("hold.goes_on", Weight.ALERT)
"""The item is on its way to where the hold was to be picked up before, and goes on from there."""

HOLD_ITEM_TAKEN_BACK = ReasonCode("hold.item_taken_back", Weight.ALERT)
"""The item that a patron was waiting for, or was told of already, is not fit to be lent, or is of another title:
the hold waits for another."""

WRONG_ARRIVAL = ReasonCode("transit.wrong_arrival", Weight.ALERT)
"""The item was meant for another library."""

NOT_IN_TRANSIT = ReasonCode("transit.none", Weight.ABSOLUTE)
"""The item is not on the way anywhere."""

TRANSIT_SAME_PLACE = ReasonCode("transit.same_place", Weight.ABSOLUTE)
"""The item is at that library already."""

ITEM_NOT_HERE = ReasonCode("transit.item_not_here", Weight.ABSOLUTE)
"""Only an item that is on the shelf can be sent."""

RECALL_NOT_ALLOWED = ReasonCode("recall.not_allowed", Weight.OVERRIDABLE, "hold.recall")
"""Loans of such items are not recalled."""

RECALL_NONE_OUT = ReasonCode("recall.none_out", Weight.ABSOLUTE)
"""No loan of the title could be recalled."""

RECALL_ALREADY = ReasonCode("recall.already", Weight.ALERT)
"""Every loan of the title was recalled before: the hold waits, and no due date changes again."""

RECALL_LIMIT = ReasonCode("recall.limit_reached", Weight.OVERRIDABLE, "hold.recall")
"""As many loans of the title are recalled as the policy allows."""
