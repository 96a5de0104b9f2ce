"""What time brings for serials: the next issues are expected, and those whose day is gone are late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from libops.catalog.serials.model import SerialIssue, Subscription
from libops.desk.sweeps.engine import Step, each

if TYPE_CHECKING:
    from libops.desk.operations import Operations

__all__ = ["expected_issues", "late_issues"]


def expected_issues(ops: Operations) -> Step:
    """Subscriptions on whose day the next issues come near."""
    work = each(ops.serials.expect)
    return Step("expected issues", Subscription, "by_expect_by", lambda at: tomorrow(ops, at), work)


def late_issues(ops: Operations) -> Step:
    """Issues that are expected and whose last day is gone."""
    return Step("late issues", SerialIssue, "by_late_on", lambda at: tomorrow(ops, at), each(ops.serials.mark_late))


def tomorrow(ops: Operations, at: Any) -> Any:
    return ops.serials.today(at) + timedelta(1)
