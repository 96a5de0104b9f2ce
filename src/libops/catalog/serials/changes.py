"""Which records each event of a subscription makes, replaces or removes."""

from __future__ import annotations

from collections.abc import Iterator

from libops.base.events import Change, Changes, Drop, Put, Records
from libops.catalog.serials.events import (
    IssueClaimed,
    IssueLate,
    IssueReceived,
    IssueReopened,
    IssueSettled,
    IssuesExpected,
    ReceiptUndone,
    SubscriptionCanceled,
    SubscriptionChanged,
    SubscriptionStarted,
)
from libops.catalog.serials.model import SerialIssue

__all__ = ["CHANGES"]


def subscription_moved(
    event: SubscriptionStarted | SubscriptionCanceled | IssuesExpected, records: Records
) -> Iterator[Change]:
    yield Put(event.subscription)
    for issue in event.issues:
        yield Put(issue)


def subscription_changed(event: SubscriptionChanged, records: Records) -> Iterator[Change]:
    for key in event.dropped:
        yield Drop(SerialIssue, key)
    yield Put(event.subscription)
    for issue in event.issues:
        yield Put(issue)


def issue_moved(
    event: IssueReceived | IssueLate | IssueClaimed | IssueSettled | IssueReopened, records: Records
) -> Iterator[Change]:
    yield Put(event.issue)


def receipt_undone(event: ReceiptUndone, records: Records) -> Iterator[Change]:
    yield Drop(SerialIssue, event.issue.id) if event.dropped else Put(event.issue)


CHANGES: Changes = {
    SubscriptionStarted: subscription_moved,
    SubscriptionChanged: subscription_changed,
    SubscriptionCanceled: subscription_moved,
    IssuesExpected: subscription_moved,
    IssueReceived: issue_moved,
    ReceiptUndone: receipt_undone,
    IssueLate: issue_moved,
    IssueClaimed: issue_moved,
    IssueSettled: issue_moved,
    IssueReopened: issue_moved,
}
