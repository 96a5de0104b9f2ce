"""The issues of a subscription that are expected now: every issue of its pattern, once, in order, some time ahead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import islice

from attrs import evolve

from libops.base.ids import SerialIssueId
from libops.catalog.serials.chronology import chronology_text
from libops.catalog.serials.expect import SupplyTerms, issues_after
from libops.catalog.serials.model import SerialIssue, Subscription
from libops.catalog.serials.pattern import Issue, SerialPattern

__all__ = ["earlier_open", "late_on", "more_issues", "serial_issue"]


def more_issues(
    subscription: Subscription, *, today: date, at: datetime, language: str
) -> tuple[Subscription, tuple[SerialIssue, ...]]:
    """The issues to expect beyond those predicted, and the subscription after that: all that are dated up to so many
    days ahead, and one more, which may come early.

    They follow from the issues it started with, whatever came since, so that none is left out and none told twice.
    """
    pattern, next_time = subscription.pattern, subscription.expect_by
    if pattern is None or not subscription.active:
        return evolve(subscription, expect_by=None), ()
    if next_time is not None and today < next_time:
        return subscription, ()
    found: list[SerialIssue] = []
    horizon, expect_by = today + timedelta(subscription.ahead), None
    for issue in islice(issues_after(pattern, subscription.start), subscription.predicted, None):
        if subscription.ends_on is not None and issue.published > subscription.ends_on:
            break
        place = subscription.first_place + subscription.predicted + len(found)
        found.append(serial_issue(subscription, pattern, issue, place, at=at, language=language))
        if issue.published > horizon:
            expect_by = issue.published - timedelta(subscription.ahead)
            break
    predicted = subscription.predicted + len(found)
    return evolve(subscription, predicted=predicted, expect_by=expect_by), tuple(found)


def serial_issue(
    subscription: Subscription, pattern: SerialPattern, issue: Issue, place: int, *, at: datetime, language: str
) -> SerialIssue:
    """The record of an issue that is expected at this place of the run."""
    expected_on = issue.published + timedelta(subscription.terms.arrives_after)
    return SerialIssue(
        id=SerialIssueId(f"{subscription.id}-{place:05}"),
        subscription_id=subscription.id,
        bib_id=subscription.bib_id,
        library=subscription.library,
        issue=issue,
        enumeration=pattern.text(issue),
        chronology=chronology_text(pattern, issue, language=language),
        expected_on=expected_on,
        changed_at=at,
        place=place,
        kind=subscription.kind,
        late_on=late_on(expected_on, subscription.terms),
    )


def late_on(expected_on: date, terms: SupplyTerms) -> date:
    """The first day on which an issue is late."""
    return expected_on + timedelta(terms.late_after + 1)


def earlier_open(issues: Sequence[SerialIssue], issue: SerialIssue) -> list[SerialIssue]:
    """The issues before this one that may still come."""
    place = issue.place
    return [] if place is None else [one for one in issues if one.open and one.place is not None and one.place < place]
