"""Whatever is done at the serials desk, every issue of the run is accounted for."""

from __future__ import annotations

import json
from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st

import libops
from libops.base.decisions import Override, Permit, Refuse
from libops.catalog.serials import LEGAL, IssueState, SerialIssue, Subscription
from libops.desk.operations import Operations
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock

PATTERN = "$a v. $b no. $u 12 $v r $i (year) $j (month) $w m"
TITLE = {"245": {"ind1": " ", "ind2": " ", "subfields": [{"a": "Town mathematics"}]}}
RECORD = json.dumps({"leader": "00000nas a2200000 a 4500", "fields": [{"001": "s1"}, TITLE]}).encode()


def subscribed(clock: FrozenClock, pattern: str = PATTERN, copies: int = 1) -> tuple[Operations, str]:
    """A library that gets a monthly, and the identifier of its subscription."""
    ops = libops.open(clock=clock, ids=CountingIds())
    ops.catalog.import_marc(BytesIO(RECORD))
    (bib,) = ops.catalog.all()
    started = ops.serials.subscribe(bib.id, pattern=pattern, last="$a 41 $b 12 $i 2025 $j 12", copies=copies)
    assert isinstance(started, Permit)
    return ops, str(started.result.subscription.id)


ACTS = st.sampled_from(
    [
        "receive",
        "receive",
        "claim",
        "skip",
        "give_up",
        "mark_not_published",
        "undo_receipt",
        "reopen",
        "days",
        "correct",
    ]
)
SURE = Override(["issue.not_late", "issue.claimed_lately", "issue.claimed_often", "issue.received"], "ruth", "sure")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(ACTS, st.integers(0, 30)), max_size=14),
    st.sampled_from(["", " $y cm07/08", " $y om04"]),
    st.sampled_from([1, 3]),
)
def test_every_predicted_issue_is_accounted_for(acts: list[tuple[str, int]], regularity: str, copies: int) -> None:
    """Received, expected, late, claimed or settled: the run has no gap and tells no issue twice, whatever was done."""
    clock = FrozenClock()
    ops, key = subscribed(clock, PATTERN + regularity, copies)
    desk = ops.serials
    for act, pick in acts:
        issues = desk.issues(key)
        issue = issues[pick % len(issues)]
        if act == "days":
            clock.forward(days=pick)
            ops.run_due()
        elif act == "correct":
            desk.correct(key, last=issue.issue)
        elif act in ("receive", "claim"):
            getattr(desk, act)(issue.id, override=SURE)
        else:
            getattr(desk, act)(issue.id)
    issues = sorted(every(ops.storage, kind_of(SerialIssue)), key=lambda one: one.place or 0)
    (subscription,) = every(ops.storage, kind_of(Subscription))
    assert list(range(1, subscription.first_place + subscription.predicted)) == [one.place for one in issues]
    for one in issues:
        moves = LEGAL[one.state]
        assert moves
        assert bool(one.copies) is (one.state is IssueState.RECEIVED)
        assert one.lacking is None or one.lacking == copies - len(one.copies) > 0 < len(one.copies)
        assert (one.late_on is not None) is (one.state is IssueState.EXPECTED)
    assert len(issues) == len({(one.issue.numbers, one.issue.published) for one in issues})
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_what_came_is_told_as_holdings() -> None:
    """A range, a gap, what was never published in between is none, a supplement after the run."""
    ops, key = subscribed(FrozenClock())
    issues = {one.enumeration: one.id for one in ops.serials.issues(key)}
    for number in (1, 2, 4, 6):
        assert ops.serials.receive(issues[f"v.42:no.{number}"])
    assert ops.serials.mark_not_published(issues["v.42:no.5"])
    assert ops.serials.receive_unexpected(key, enumeration="v.42:suppl.1", chronology="2026")
    told = "v.42:no.1-v.42:no.2 (2026:Jan.-2026:Feb.), v.42:no.4-v.42:no.6 (2026:Apr.-2026:June), v.42:suppl.1 (2026)"
    assert told == ops.serials.holdings(key)


def test_a_serial_that_is_subscribed_to_is_not_deleted() -> None:
    """Its subscription ends first."""
    ops, key = subscribed(FrozenClock())
    bib = ops.serials.get(key).bib_id
    refused = ops.catalog.delete(bib)
    assert isinstance(refused, Refuse)
    assert ["bib.has_subscription"] == [reason.code for reason in refused.reasons]
    assert ops.serials.cancel(key)
    assert ops.catalog.delete(bib)


def test_counting_anew_from_an_earlier_issue_is_asked_about() -> None:
    """No. 3 came: counting from no. 1 would expect it again."""
    ops, key = subscribed(FrozenClock())
    first, _, third, *_ = ops.serials.issues(key)
    assert ops.serials.receive(third.id)
    refused = ops.serials.correct(key, last=first.issue)
    assert isinstance(refused, Refuse)
    assert ["subscription.later_issues"] == [reason.code for reason in refused.reasons]
    assert ops.serials.correct(key, last=third.issue)
    sure = Override(["subscription.later_issues"], "ruth", "the count began again")
    assert ops.serials.correct(key, last=first.issue, override=sure)


def test_supplements_have_a_run_of_their_own() -> None:
    """An annual supplement each September, beside the monthly issues: 854, captions and all."""
    ops, key = subscribed(FrozenClock())
    bib = ops.serials.get(key).bib_id
    yearly = "$a v. $i (year) $j (month) $y pm09 $o Supplement"
    started = ops.serials.subscribe(bib, kind="supplement", pattern=yearly, last="$a 7 $i 2025 $j 09")
    assert isinstance(started, Permit)
    (issue,) = started.result.issues
    assert ("Supplement v.8 (2026:Sept.)", "supplement") == (issue.name, issue.kind.value)
    assert 2 == len(ops.serials.subscriptions(bib=bib))
