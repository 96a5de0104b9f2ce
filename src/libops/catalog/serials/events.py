"""What happens to subscriptions. Every event carries all of what it changes, so that the log rebuilds it."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from libops.base.events import Event
from libops.base.ids import SerialIssueId, SubscriptionId
from libops.catalog.serials.model import Claim, IssueState, ReceivedCopy, SerialIssue, Subscription

__all__ = [
    "IssueClaimed",
    "IssueLate",
    "IssueReceived",
    "IssueReopened",
    "IssueSettled",
    "IssuesExpected",
    "ReceiptUndone",
    "SubscriptionCanceled",
    "SubscriptionChanged",
    "SubscriptionStarted",
]


@frozen
class SubscriptionStarted(Event):
    """A library subscribed to a serial; `issues` are the first that are expected."""

    about: ClassVar[str] = "subscription_id"

    subscription_id: SubscriptionId
    subscription: Subscription
    issues: tuple[SerialIssue, ...] = ()


@frozen
class SubscriptionChanged(Event):
    """The terms of a subscription changed, or the publisher changed the pattern: issues that were expected by the old
    one are `dropped`, and `issues` are those expected now. Or its record was merged into another: `issues` are all."""

    about: ClassVar[str] = "subscription_id"

    subscription_id: SubscriptionId
    subscription: Subscription
    previous: Subscription
    dropped: tuple[SerialIssueId, ...] = ()
    issues: tuple[SerialIssue, ...] = ()


@frozen
class SubscriptionCanceled(Event):
    """A subscription ended; `issues` are those that will not come any more."""

    about: ClassVar[str] = "subscription_id"

    subscription_id: SubscriptionId
    subscription: Subscription
    issues: tuple[SerialIssue, ...] = ()


@frozen
class IssuesExpected(Event):
    """Time went on, and more issues were predicted."""

    about: ClassVar[str] = "subscription_id"

    subscription_id: SubscriptionId
    subscription: Subscription
    issues: tuple[SerialIssue, ...]


@frozen
class IssueReceived(Event):
    """A copy of an issue came; `overridden` are the codes of reasons set aside."""

    about: ClassVar[str] = "subscription_id"

    subscription_id: SubscriptionId
    issue: SerialIssue
    copy: ReceivedCopy
    overridden: tuple[str, ...] = ()


@frozen
class ReceiptUndone(Event):
    """A receipt was a mistake; `dropped` says that the issue itself was entered with it and goes too."""

    about: ClassVar[str] = "subscription_id"

    subscription_id: SubscriptionId
    issue: SerialIssue
    copy: ReceivedCopy
    dropped: bool = False


@frozen
class IssueLate(Event):
    """The day on which an issue should have come is some days gone."""

    about: ClassVar[str] = "subscription_id"

    subscription_id: SubscriptionId
    issue: SerialIssue


@frozen
class IssueClaimed(Event):
    """The vendor was asked for an issue."""

    about: ClassVar[str] = "subscription_id"

    subscription_id: SubscriptionId
    issue: SerialIssue
    claim: Claim


@frozen
class IssueSettled(Event):
    """An issue will not come, and why is in its state: missing, not published, skipped."""

    about: ClassVar[str] = "subscription_id"

    subscription_id: SubscriptionId
    issue: SerialIssue
    before: IssueState


@frozen
class IssueReopened(Event):
    """An issue may come after all."""

    about: ClassVar[str] = "subscription_id"

    subscription_id: SubscriptionId
    issue: SerialIssue
    before: IssueState
