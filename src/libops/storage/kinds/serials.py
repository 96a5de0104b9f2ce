"""Subscriptions and the issues that are expected, came, or did not."""

from typing import Any

from libops.storage.records import Index, RecordType

__all__ = ["KINDS", "SERIAL_ISSUES", "SUBSCRIPTIONS"]

SUBSCRIPTIONS: RecordType[Any] = RecordType(
    "subscription",
    "libops.catalog.serials.model:Subscription",
    "id",
    (Index("by_bib", ("bib_id", "library")), Index("by_library", ("library",)), Index("by_expect_by", ("expect_by",))),
)
SERIAL_ISSUES: RecordType[Any] = RecordType(
    "serial_issue",
    "libops.catalog.serials.model:SerialIssue",
    "id",
    (
        Index("by_subscription", ("subscription_id", "expected_on")),
        Index("by_standing", ("subscription_id", "state", "expected_on")),
        Index("by_state", ("library", "state", "expected_on")),
        Index("by_late_on", ("late_on",)),
        Index("by_lacking", ("library", "lacking")),
    ),
)

KINDS: tuple[RecordType[Any], ...] = (SUBSCRIPTIONS, SERIAL_ISSUES)
