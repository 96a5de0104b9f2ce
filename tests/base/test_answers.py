from __future__ import annotations

from libops.base.answers import answer
from libops.base.decisions import Outcome, Override, Permit, ReasonCode, Refuse, Step, Weight

FULL = ReasonCode("room.full", Weight.ABSOLUTE)
LATE = ReasonCode("request.late", Weight.OVERRIDABLE, "bookings.late")
NOTE = ReasonCode("room.small", Weight.ALERT)


def test_every_reason_is_given_in_the_order_of_the_questions() -> None:
    """Not only the first; alerts stand apart; no plan is made."""
    refused = answer([("a", LATE()), ("b", None), ("c", NOTE()), ("d", FULL())], lambda _: 1 // 0)
    assert Refuse((LATE(), FULL()), (NOTE(),)) == refused


def test_the_plan_sees_what_was_set_aside() -> None:
    """So that the event can record it."""
    override = Override({"request.late"}, "S-1", "a class", {"bookings.late"})
    permitted = answer([("in time", LATE())], lambda verdict: verdict.overridden, override=override)
    assert Permit((LATE(),)) == permitted


def test_an_explained_answer_carries_each_question_and_step() -> None:
    """Asked for only when wanted."""
    step = Step("due", 1, 2)
    explained = answer([("in time", LATE()), ("free", None)], lambda _: None, explain=True, steps=[step])
    assert explained.trace is not None
    assert [Outcome.FAILED, Outcome.PASSED] == [check.outcome for check in explained.trace.checks]
    assert (step,) == explained.trace.steps
    assert answer([("free", None)], lambda _: None).trace is None
