"""Why serials say no."""

from __future__ import annotations

from libops.base.decisions import ReasonCode, Weight

__all__ = [
    "ISSUE_AFTER_ALL",
    "ISSUE_CLAIMED_LATELY",
    "ISSUE_CLAIMED_OFTEN",
    "ISSUE_COMPLETE",
    "ISSUE_EARLY",
    "ISSUE_LEAVES_GAP",
    "ISSUE_NOT_LATE",
    "ISSUE_NOT_RECEIVED",
    "ISSUE_NO_NEXT",
    "ISSUE_RECEIVED",
    "ISSUE_UNKNOWN",
    "ISSUE_WRONG_STATE",
    "SUBSCRIPTION_CANCELED",
    "SUBSCRIPTION_KNOWN",
    "SUBSCRIPTION_LATER_ISSUES",
    "SUBSCRIPTION_NO_BIB",
    "SUBSCRIPTION_NO_ISSUE_AT_HAND",
    "SUBSCRIPTION_UNCHANGED",
    "SUBSCRIPTION_UNKNOWN",
    "SUBSCRIPTION_UNPREDICTABLE",
]

SUBSCRIPTION_UNKNOWN = ReasonCode("subscription.unknown", Weight.ABSOLUTE)
"""No subscription has this identifier."""
SUBSCRIPTION_NO_BIB = ReasonCode("subscription.no_bib", Weight.ABSOLUTE)
"""A subscription hangs on a bibliographic record, and there is none with this identifier, or it is deleted."""
SUBSCRIPTION_KNOWN = ReasonCode("subscription.known", Weight.CONFIRM)
"""The library subscribes to this serial already: is a second subscription wanted?"""
SUBSCRIPTION_UNPREDICTABLE = ReasonCode("subscription.unpredictable", Weight.ALERT)
"""Nothing says when issues come: they are entered as they come, and none is ever late."""
SUBSCRIPTION_NO_ISSUE_AT_HAND = ReasonCode("subscription.no_issue_at_hand", Weight.ABSOLUTE)
"""A pattern says how to count, and no issue says where from: name the last one at hand."""
SUBSCRIPTION_LATER_ISSUES = ReasonCode("subscription.later_issues", Weight.CONFIRM)
"""Later issues than the one to count from have come, are late or settled: they would be expected again."""
SUBSCRIPTION_CANCELED = ReasonCode("subscription.canceled", Weight.ABSOLUTE)
"""The subscription has ended."""
SUBSCRIPTION_UNCHANGED = ReasonCode("subscription.unchanged", Weight.ABSOLUTE)
"""Nothing would change."""
ISSUE_UNKNOWN = ReasonCode("issue.unknown", Weight.ABSOLUTE)
"""No issue of a subscription has this identifier."""
ISSUE_NO_NEXT = ReasonCode("issue.no_next", Weight.ABSOLUTE)
"""The subscription expects no issue: enter the one that came as it is."""
ISSUE_WRONG_STATE = ReasonCode("issue.wrong_state", Weight.ABSOLUTE)
"""What is asked for cannot be done with an issue that stands so."""
ISSUE_RECEIVED = ReasonCode("issue.received", Weight.CONFIRM)
"""As many copies came as were ordered: is this another one?"""
ISSUE_EARLY = ReasonCode("issue.early", Weight.ALERT)
"""It came before its day."""
ISSUE_LEAVES_GAP = ReasonCode("issue.leaves_gap", Weight.ALERT)
"""An earlier issue has not come."""
ISSUE_AFTER_ALL = ReasonCode("issue.after_all", Weight.ALERT)
"""Nobody waited for it any more."""
ISSUE_NOT_RECEIVED = ReasonCode("issue.not_received", Weight.ABSOLUTE)
"""No such copy of the issue was received: there is no receipt to undo."""
ISSUE_NOT_LATE = ReasonCode("issue.not_late", Weight.CONFIRM)
"""It may still come in time."""
ISSUE_CLAIMED_LATELY = ReasonCode("issue.claimed_lately", Weight.CONFIRM)
"""The vendor was asked a short while ago and may still answer."""
ISSUE_CLAIMED_OFTEN = ReasonCode("issue.claimed_often", Weight.CONFIRM)
"""It was claimed as often as the library claims: is it missing for good?"""
ISSUE_COMPLETE = ReasonCode("issue.complete", Weight.ABSOLUTE)
"""All copies that were ordered have come: there is none to claim or to give up."""
