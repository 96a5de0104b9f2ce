"""What time brings for serials: the next issues are expected, and those whose day is gone are late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from libops.base.decisions import Permit
from libops.catalog.serials.model import SerialIssue, Subscription
from libops.desk.sweeps.engine import Pass, Step

if TYPE_CHECKING:
    from libops.desk.operations import Operations

__all__ = ["expected_issues", "late_issues"]

BY = "sweep"


def expected_issues(ops: Operations) -> Step:
    """Subscriptions on whose day the next issues come near."""

    def work(subscriptions: Sequence[Any], now: Pass) -> int:
        return sum(isinstance(ops.serials.expect(one.id, by=BY), Permit) for one in subscriptions)

    return Step("expected issues", Subscription, "by_expect_by", lambda at: tomorrow(ops, at), work)


def late_issues(ops: Operations) -> Step:
    """Issues that are expected and whose last day is gone."""

    def work(issues: Sequence[Any], now: Pass) -> int:
        return sum(isinstance(ops.serials.mark_late(one.id, by=BY), Permit) for one in issues)

    return Step("late issues", SerialIssue, "by_late_on", lambda at: tomorrow(ops, at), work)


def tomorrow(ops: Operations, at: Any) -> Any:
    return ops.serials.today(at) + timedelta(1)
