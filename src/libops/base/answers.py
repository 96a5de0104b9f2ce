"""From the questions a room asked to its answer: the last step that every decision shares.

>>> from libops.base.decisions import ReasonCode, Weight
>>> RETIRED = ReasonCode("asset.retired", Weight.ABSOLUTE)
>>> print(*answer([("asset in use", RETIRED(asset="A-7"))], lambda verdict: "a plan").reasons)
asset.retired (asset=A-7)
>>> answer([("asset in use", None)], lambda verdict: "a plan").result
'a plan'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from libops.base.decisions import (
    Check,
    Decision,
    Outcome,
    Override,
    Permit,
    Reason,
    Refuse,
    Step,
    Trace,
    Verdict,
    weigh,
)

__all__ = ["Asked", "answer"]

P = TypeVar("P")

Asked = tuple[str, Reason | None]
"""A question by name, and the reason it gave; None when it passed."""


def answer(
    asked: Iterable[Asked],
    plan: Callable[[Verdict], P],
    *,
    override: Override | None = None,
    explain: bool = False,
    steps: Iterable[Step] = (),
) -> Decision[P]:
    """Weigh all that was asked; make the plan only when nothing refuses.

    `plan` is called with the verdict, so that the event can record which reasons were set aside. With `explain` the
    answer carries every question as a `Check`, and the `steps`.
    """
    found = tuple(asked)
    verdict = weigh((reason for _, reason in found if reason is not None), override)
    trace = None
    if explain:
        checks = (Check(name, Outcome.PASSED if why is None else Outcome.FAILED, why) for name, why in found)
        trace = Trace(tuple(checks), steps=tuple(steps))
    if verdict.refusing:
        return Refuse(verdict.refusing, verdict.alerts, trace)
    return Permit(plan(verdict), verdict.alerts, trace)
