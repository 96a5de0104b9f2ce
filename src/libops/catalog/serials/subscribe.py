"""May this serial be subscribed to, its terms changed, its subscription ended? Facts in, a decision out."""

from __future__ import annotations

from datetime import date, datetime

from attrs import evolve, frozen

from libops.base.answers import Asked, answer
from libops.base.decisions import Decision, Override, Reason, Refuse
from libops.base.events import Event
from libops.base.ids import BibId
from libops.catalog.serials import reasons
from libops.catalog.serials.events import IssuesExpected, SubscriptionCanceled, SubscriptionChanged, SubscriptionStarted
from libops.catalog.serials.model import IssueState, SerialIssue, Subscription, SubscriptionState
from libops.catalog.serials.pattern import Issue, SerialPattern
from libops.catalog.serials.predict import late_on, more_issues

__all__ = ["SubscriptionFacts", "cancel", "change", "correct", "expect", "follow_title", "subscribe"]

Plan = tuple[Event, ...]


@frozen
class SubscriptionFacts:
    """What a decision about a subscription needs to know.

    `bib_exists` is whether its bibliographic record is there and not deleted; `others` are active subscriptions of the
    same library to the same serial; `expected` the issues of this one that are only expected, `others_after` those
    that came, are late or settled, as far back as the decision looks. `asked` is the identifier that was asked for.
    """

    subscription: Subscription | None = None
    bib_exists: bool = True
    others: tuple[str, ...] = ()
    expected: tuple[SerialIssue, ...] = ()
    others_after: tuple[SerialIssue, ...] = ()
    asked: str = ""


def subscribe(
    facts: SubscriptionFacts,
    wanted: Subscription,
    *,
    today: date,
    at: datetime,
    by: str,
    language: str = "en",
    override: Override | None = None,
) -> Decision[Plan]:
    """Start a subscription, and expect its first issues."""
    asked: list[Asked] = [
        ("bibliographic record", None if facts.bib_exists else reasons.SUBSCRIPTION_NO_BIB(bib=wanted.bib_id)),
        ("first subscription", _known(facts, wanted)),
        ("issue at hand", _countable(wanted)),
        ("predictable", None if wanted.pattern is not None else reasons.SUBSCRIPTION_UNPREDICTABLE()),
    ]

    def plan(verdict: object) -> Plan:
        begun, issues = more_issues(wanted, today=today, at=at, language=language)
        return (SubscriptionStarted(at, by, wanted.id, begun, issues),)

    return answer(asked, plan, override=override)


def _known(facts: SubscriptionFacts, wanted: Subscription) -> Reason | None:
    if not facts.others:
        return None
    return reasons.SUBSCRIPTION_KNOWN(bib=wanted.bib_id, subscription=", ".join(facts.others))


def _countable(wanted: Subscription) -> Reason | None:
    pattern = wanted.pattern
    if pattern is None or (wanted.start and len(wanted.start[-1].numbers) == len(pattern.levels)):
        return None
    return reasons.SUBSCRIPTION_NO_ISSUE_AT_HAND(levels=len(pattern.levels))


def expect(facts: SubscriptionFacts, *, today: date, at: datetime, by: str, language: str = "en") -> Decision[Plan]:
    """Predict the issues that time has brought near; nothing happens when there are none."""
    subscription = facts.subscription
    if subscription is None:
        return Refuse((reasons.SUBSCRIPTION_UNKNOWN(subscription=facts.asked),))
    after, issues = more_issues(subscription, today=today, at=at, language=language)
    events = () if after == subscription else (IssuesExpected(at, by, subscription.id, after, issues),)
    return answer([_active(subscription)], lambda verdict: events)


def _active(subscription: Subscription) -> Asked:
    why = reasons.SUBSCRIPTION_CANCELED(subscription=subscription.id, since=subscription.canceled_at)
    return "active", None if subscription.active else why


def change(
    facts: SubscriptionFacts, new: Subscription, *, today: date, at: datetime, by: str, language: str = "en"
) -> Decision[Plan]:
    """Change the terms: vendor, copies, items, days, end. Issues that are expected get their new days."""
    old = facts.subscription
    if old is None:
        return Refuse((reasons.SUBSCRIPTION_UNKNOWN(subscription=facts.asked),))
    new = evolve(
        new, id=old.id, expect_by=old.expect_by if (new.ahead, new.ends_on) == (old.ahead, old.ends_on) else None
    )
    unchanged = reasons.SUBSCRIPTION_UNCHANGED(subscription=old.id)
    dropped = _trailing(old, facts.expected, after=new.ends_on)
    if dropped:
        new = evolve(new, predicted=new.predicted - len(dropped))
    after, more = more_issues(new, today=today, at=at, language=language)
    moved = tuple([one for issue in facts.expected if issue not in dropped for one in _redated(old, new, issue, at)])
    event = SubscriptionChanged(at, by, old.id, after, old, tuple([one.id for one in dropped]), (*moved, *more))
    return answer(
        [_active(old), ("something changes", unchanged if after == old and not dropped else None)],
        lambda verdict: (event,),
    )


def _trailing(old: Subscription, expected: tuple[SerialIssue, ...], *, after: date | None) -> tuple[SerialIssue, ...]:
    """The end of the run as far as nothing came of it: issues only expected that are dated after a day."""
    by_place = {one.place: one for one in expected}
    found: list[SerialIssue] = []
    for place in range(old.first_place + old.predicted - 1, old.first_place - 1, -1):
        one = by_place.get(place)
        if one is None or after is None or one.issue.published <= after:
            break
        found.append(one)
    return tuple(found)


def _redated(old: Subscription, new: Subscription, issue: SerialIssue, at: datetime) -> tuple[SerialIssue, ...]:
    if old.terms == new.terms:
        return ()
    shift = new.terms.arrives_after - old.terms.arrives_after
    expected_on = date.fromordinal(issue.expected_on.toordinal() + shift)
    return (evolve(issue, expected_on=expected_on, late_on=late_on(expected_on, new.terms), changed_at=at),)


def correct(
    facts: SubscriptionFacts,
    *,
    last: Issue,
    pattern: SerialPattern | None = None,
    today: date,
    at: datetime,
    by: str,
    language: str = "en",
    override: Override | None = None,
) -> Decision[Plan]:
    """Count anew from an issue at hand, by the same pattern or a new one: what a publisher does otherwise.

    The issues that are only expected after it give way; what came, is late, claimed or settled stays as it is. Where
    such issues are dated later than the one at hand they would be told twice: that must be confirmed.
    """
    old = facts.subscription
    if old is None:
        return Refuse((reasons.SUBSCRIPTION_UNKNOWN(subscription=facts.asked),))
    dropped = _trailing(old, facts.expected, after=last.last_date)
    first = old.first_place + old.predicted - len(dropped)
    renewed = evolve(old, pattern=pattern or old.pattern, start=(last,), first_place=first, predicted=0, expect_by=None)
    later = [one for one in facts.others_after if one.place is not None and one.issue.published > last.last_date]
    twice = reasons.SUBSCRIPTION_LATER_ISSUES(issue=later[0].name, count=len(later)) if later else None

    def plan(verdict: object) -> Plan:
        after, issues = more_issues(renewed, today=today, at=at, language=language)
        return (SubscriptionChanged(at, by, old.id, after, old, tuple([one.id for one in dropped]), issues),)

    return answer(
        [_active(old), ("issue at hand", _countable(renewed)), ("the latest issue", twice)], plan, override=override
    )


def cancel(facts: SubscriptionFacts, *, at: datetime, by: str) -> Decision[Plan]:
    """End a subscription: what is only expected will not come; what is late or claimed was paid for and stays open."""
    old = facts.subscription
    if old is None:
        return Refuse((reasons.SUBSCRIPTION_UNKNOWN(subscription=facts.asked),))
    after = evolve(old, state=SubscriptionState.CANCELED, canceled_at=at, expect_by=None)
    gone = tuple([evolve(one, state=IssueState.CANCELED, late_on=None, changed_at=at) for one in facts.expected])
    return answer([_active(old)], lambda verdict: (SubscriptionCanceled(at, by, old.id, after, gone),))


def follow_title(
    subscription: Subscription, issues: tuple[SerialIssue, ...], into: BibId, *, at: datetime, by: str
) -> Decision[Plan]:
    """Let a subscription, running or ended, and all its issues hang on the record that its own was merged into."""
    after = evolve(subscription, bib_id=into)
    moved = tuple([evolve(issue, bib_id=into) for issue in issues])
    return answer([], lambda verdict: (SubscriptionChanged(at, by, after.id, after, subscription, (), moved),))
