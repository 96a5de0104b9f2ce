"""Subscriptions and the issues that are expected, came, or did not."""

from libops.catalog.serials.model import SerialIssue, Subscription
from libops.storage.records import Index, RecordType

__all__ = ["KINDS", "SERIAL_ISSUES", "SUBSCRIPTIONS"]

SUBSCRIPTIONS = RecordType(
    "subscription",
    Subscription,
    "id",
    (Index("by_bib", ("bib_id", "library")), Index("by_library", ("library",)), Index("by_expect_by", ("expect_by",))),
)
SERIAL_ISSUES = RecordType(
    "serial_issue",
    SerialIssue,
    "id",
    (
        Index("by_subscription", ("subscription_id", "expected_on")),
        Index("by_standing", ("subscription_id", "state", "expected_on")),
        Index("by_state", ("library", "state", "expected_on")),
        Index("by_late_on", ("late_on",)),
        Index("by_lacking", ("library", "lacking")),
    ),
)

KINDS = (SUBSCRIPTIONS, SERIAL_ISSUES)
