"""May this issue be received, claimed, given up? Facts in, a decision out; the plan is the events to commit.

What a subscription itself may do (start, change, end) is decided in `libops.catalog.serials.subscribe`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from attrs import evolve, frozen

from libops.base.answers import Asked, answer
from libops.base.decisions import Decision, Override, Reason, Refuse, Verdict
from libops.base.events import Event
from libops.base.ids import ItemId, SerialIssueId
from libops.catalog.serials import reasons
from libops.catalog.serials.events import (
    IssueClaimed,
    IssueLate,
    IssueReceived,
    IssueReopened,
    IssueSettled,
    ReceiptUndone,
)
from libops.catalog.serials.model import (
    LEGAL,
    Claim,
    IssueAct,
    IssueKind,
    IssueState,
    ReceivedCopy,
    SerialIssue,
    Subscription,
)
from libops.catalog.serials.pattern import Issue
from libops.catalog.serials.predict import late_on

__all__ = [
    "IssueFacts",
    "claim",
    "claim_due",
    "mark_late",
    "receive",
    "receive_unexpected",
    "reopen",
    "settle",
    "undo_receipt",
]

Plan = tuple[Event, ...]
DayOf = Callable[[datetime], date]
SETTLED = {
    IssueAct.GIVE_UP: IssueState.MISSING,
    IssueAct.MARK_NOT_PUBLISHED: IssueState.NOT_PUBLISHED,
    IssueAct.SKIP: IssueState.SKIPPED,
}


@frozen
class IssueFacts:
    """What a decision about an issue needs to know: the subscription it belongs to, and the issues before it that may
    still come. `asked` is the identifier that was asked for."""

    subscription: Subscription | None
    issue: SerialIssue | None
    earlier: tuple[SerialIssue, ...] = ()
    asked: str = ""


def _found(facts: IssueFacts) -> tuple[Subscription, SerialIssue] | Refuse:
    if facts.subscription is None:
        return Refuse((reasons.SUBSCRIPTION_UNKNOWN(subscription=facts.asked),))
    if facts.issue is None:
        return Refuse((reasons.ISSUE_UNKNOWN(issue=facts.asked),))
    return facts.subscription, facts.issue


def _may(issue: SerialIssue, act: IssueAct) -> Asked:
    legal = act in LEGAL[issue.state]
    why = reasons.ISSUE_WRONG_STATE(issue=issue.name, state=issue.state.value, act=act.value)
    return "state allows it", None if legal else why


def _lacking(subscription: Subscription, came: int) -> int | None:
    """The copies ordered that have not come while others have; None when all or none came."""
    return subscription.copies - came if 0 < came < subscription.copies else None


def _some_lack(subscription: Subscription, issue: SerialIssue) -> Asked:
    complete = issue.state is IssueState.RECEIVED and _lacking(subscription, len(issue.copies)) is None
    return "copies lack", reasons.ISSUE_COMPLETE(issue=issue.name) if complete else None


def _unless(passed: bool, why: Reason) -> Reason | None:
    return None if passed else why


def receive(
    facts: IssueFacts,
    *,
    today: date,
    at: datetime,
    by: str,
    item_id: ItemId | None = None,
    note: str = "",
    override: Override | None = None,
) -> Decision[Plan]:
    """Take in a copy of an issue. One more than were ordered must be confirmed; what is odd about it is said."""
    found = _found(facts)
    if isinstance(found, Refuse):
        return found
    subscription, issue = found

    def plan(verdict: Verdict) -> Plan:
        number = max([copy.number for copy in issue.copies], default=0) + 1
        copy = ReceivedCopy(number, at, by, item_id, issue.state)
        after = evolve(
            issue,
            state=IssueState.RECEIVED,
            copies=(*issue.copies, copy),
            lacking=_lacking(subscription, len(issue.copies) + 1),
            late_on=None,
            note=note or issue.note,
            changed_at=at,
        )
        overridden = tuple([reason.code for reason in verdict.overridden])
        return (IssueReceived(at, by, subscription.id, after, copy, overridden),)

    return answer(_odd_about(facts, subscription, issue, today), plan, override=override)


def _odd_about(facts: IssueFacts, subscription: Subscription, issue: SerialIssue, today: date) -> list[Asked]:
    """Whether an issue may be received, and what to say of it: one too many, early, before others, after all."""
    came = len(issue.copies)
    gap = facts.earlier[0] if facts.earlier else None
    return [
        _may(issue, IssueAct.RECEIVE),
        (
            "copies ordered",
            _unless(came < subscription.copies, reasons.ISSUE_RECEIVED(issue=issue.name, copies=came)),
        ),
        (
            "on its day",
            _unless(
                not issue.open or today >= issue.expected_on,
                reasons.ISSUE_EARLY(issue=issue.name, expected=issue.expected_on),
            ),
        ),
        (
            "earlier issues came",
            None if gap is None else reasons.ISSUE_LEAVES_GAP(issue=gap.name, count=len(facts.earlier)),
        ),
        (
            "still waited for",
            _unless(
                issue.open or issue.state is IssueState.RECEIVED,
                reasons.ISSUE_AFTER_ALL(issue=issue.name, state=issue.state.value),
            ),
        ),
    ]


def receive_unexpected(
    subscription: Subscription | None,
    *,
    issue_id: SerialIssueId,
    enumeration: str,
    chronology: str,
    kind: IssueKind,
    published: date,
    at: datetime,
    by: str,
    item_id: ItemId | None = None,
    note: str = "",
    asked: str = "",
) -> Decision[Plan]:
    """Take in what no pattern predicts: a supplement, an index, an issue of an irregular serial.

    `asked` is the identifier of the subscription, which the refusal shows where there is none.
    """
    if subscription is None:
        return Refuse((reasons.SUBSCRIPTION_UNKNOWN(subscription=asked),))
    copy = ReceivedCopy(1, at, by, item_id, IssueState.EXPECTED)
    issue = SerialIssue(
        id=issue_id,
        subscription_id=subscription.id,
        bib_id=subscription.bib_id,
        library=subscription.library,
        issue=Issue((), published),
        enumeration=enumeration,
        chronology=chronology,
        expected_on=published,
        changed_at=at,
        kind=kind,
        state=IssueState.RECEIVED,
        copies=(copy,),
        # Where a pattern tells what comes, what it does not tell may have come once only: a gift, a supplement.
        lacking=_lacking(subscription, 1) if subscription.pattern is None else None,
        note=note,
    )
    return answer([], lambda verdict: (IssueReceived(at, by, subscription.id, issue, copy),))


def undo_receipt(facts: IssueFacts, *, copy: int | None, at: datetime, by: str) -> Decision[Plan]:
    """Take back the receipt of a copy, the last one unless said otherwise: the issue stands again as it did before.

    One that was entered as it came goes with its last copy.
    """
    found = _found(facts)
    if isinstance(found, Refuse):
        return found
    subscription, issue = found
    gone = copy_received(issue, copy)
    if gone is None:
        return Refuse((reasons.ISSUE_NOT_RECEIVED(issue=issue.name, copy=copy or 1),))
    left = tuple([one for one in issue.copies if one is not gone])
    state = IssueState.RECEIVED if left else gone.before
    if left and gone.before is not IssueState.RECEIVED:
        # How the issue stood before its first copy is kept with the copy that is first now.
        left = (evolve(left[0], before=gone.before), *left[1:])
    due = late_on(issue.expected_on, subscription.terms) if state is IssueState.EXPECTED else None
    after = evolve(
        issue, state=state, copies=left, lacking=_lacking(subscription, len(left)), late_on=due, changed_at=at
    )
    dropped = not left and issue.place is None
    return answer(
        [_may(issue, IssueAct.UNDO_RECEIPT)],
        lambda verdict: (ReceiptUndone(at, by, subscription.id, after, gone, dropped),),
    )


def copy_received(issue: SerialIssue, number: int | None) -> ReceivedCopy | None:
    """The copy of that number, or the last one."""
    fitting = [copy for copy in issue.copies if number is None or copy.number == number]
    return fitting[-1] if fitting else None


def mark_late(facts: IssueFacts, *, today: date, at: datetime, by: str) -> Decision[Plan]:
    """Say that an issue is late; refused before its day, and for one that is settled or known to be late."""
    found = _found(facts)
    if isinstance(found, Refuse):
        return found
    subscription, issue = found
    ripe = today >= late_on(issue.expected_on, subscription.terms)
    after = evolve(issue, state=IssueState.LATE, late_on=None, changed_at=at)
    return answer(
        [
            _may(issue, IssueAct.MARK_LATE),
            ("its day is gone", _unless(ripe, reasons.ISSUE_NOT_LATE(issue=issue.name, expected=issue.expected_on))),
        ],
        lambda verdict: (IssueLate(at, by, subscription.id, after),),
    )


def claim_due(subscription: Subscription, issue: SerialIssue, *, day_of: DayOf = datetime.date) -> date | None:
    """The day from which an issue should be claimed, for the first time or again; None when it should not be.

    `day_of` tells the library's own day of a moment: an evening in New York is the next day in UTC.
    """
    if issue.state not in (IssueState.LATE, IssueState.CLAIMED) and issue.lacking is None:
        return None
    terms, claims = subscription.terms, issue.claims
    if len(claims) >= terms.most_claims:
        return None
    again = [day_of(claims[-1].at) + timedelta(terms.claim_again_after)] if claims else []
    # The other copies may be on their way: they have as long from the day one came.
    came = [day_of(issue.copies[-1].at) + timedelta(terms.claim_after)] if issue.copies else []
    first = late_on(issue.expected_on, terms) + timedelta(terms.claim_after)
    return max([first, *came] if not claims else [*again, *came])


def claim(
    facts: IssueFacts,
    *,
    today: date,
    at: datetime,
    by: str,
    note: str = "",
    day_of: DayOf = datetime.date,
    override: Override | None = None,
) -> Decision[Plan]:
    """Ask the vendor for an issue, or for the copies of it that did not come with the others.

    Too early, too soon after the last claim, and once too often must be confirmed.
    """
    found = _found(facts)
    if isinstance(found, Refuse):
        return found
    subscription, issue = found
    made = Claim(len(issue.claims) + 1, at, by, note)
    came = len(issue.copies)
    after = evolve(
        issue,
        state=IssueState.RECEIVED if came else IssueState.CLAIMED,
        claims=(*issue.claims, made),
        lacking=_lacking(subscription, came),
        late_on=None,
        changed_at=at,
    )
    return answer(
        [_may(issue, IssueAct.CLAIM), _some_lack(subscription, issue), *_claiming(subscription, issue, today, day_of)],
        lambda verdict: (IssueClaimed(at, by, subscription.id, after, made),),
        override=override,
    )


def _claiming(subscription: Subscription, issue: SerialIssue, today: date, day_of: DayOf) -> Iterator[Asked]:
    if IssueAct.CLAIM not in LEGAL[issue.state] or _some_lack(subscription, issue)[1] is not None:
        return
    terms, claims = subscription.terms, issue.claims
    late = today >= late_on(issue.expected_on, terms)
    yield "late", _unless(late, reasons.ISSUE_NOT_LATE(issue=issue.name, expected=issue.expected_on))
    if claims:
        last = day_of(claims[-1].at)
        waited = today >= last + timedelta(terms.claim_again_after)
        yield (
            "vendor had time to answer",
            _unless(waited, reasons.ISSUE_CLAIMED_LATELY(issue=issue.name, claimed=last)),
        )
    few = len(claims) < terms.most_claims
    yield "claims left", _unless(few, reasons.ISSUE_CLAIMED_OFTEN(issue=issue.name, claims=len(claims)))


def settle(facts: IssueFacts, act: IssueAct, *, at: datetime, by: str, note: str = "") -> Decision[Plan]:
    """Say that an issue will not come: given up as missing, not published, or skipped.

    Of an issue that came, the copies that lack are given up; it stays received.
    """
    found = _found(facts)
    if isinstance(found, Refuse):
        return found
    subscription, issue = found
    state = IssueState.RECEIVED if issue.copies else SETTLED[act]
    after = evolve(issue, state=state, lacking=None, late_on=None, note=note or issue.note, changed_at=at)
    return answer(
        [_may(issue, act), _some_lack(subscription, issue)],
        lambda verdict: (IssueSettled(at, by, subscription.id, after, issue.state),),
    )


def reopen(facts: IssueFacts, *, today: date, at: datetime, by: str) -> Decision[Plan]:
    """Wait for an issue again: claimed if it was claimed, late if it is, else expected."""
    found = _found(facts)
    if isinstance(found, Refuse):
        return found
    subscription, issue = found
    day = late_on(issue.expected_on, subscription.terms)
    state = IssueState.LATE if today >= day else IssueState.EXPECTED
    state = IssueState.CLAIMED if issue.claims else state
    after = evolve(issue, state=state, late_on=day if state is IssueState.EXPECTED else None, changed_at=at)
    return answer(
        [_may(issue, IssueAct.REOPEN)],
        lambda verdict: (IssueReopened(at, by, subscription.id, after, issue.state),),
    )
