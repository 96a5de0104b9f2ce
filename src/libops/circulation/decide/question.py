"""A question put to the rules, and how its checks are run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from attrs import frozen

from libops.base.calendars import Calendar
from libops.base.decisions import Check, Outcome, Override, Reason, ReasonCode, Verdict, Weight, weigh
from libops.circulation.model import Waived
from libops.circulation.policy.book import CirculationBook, Terms
from libops.circulation.policy.limits import PatronAction
from libops.circulation.policy.terms import Question

__all__ = [
    "NOT_ASKED",
    "Asked",
    "CheckFunction",
    "Concerned",
    "LoanQuestion",
    "NotAsked",
    "Where",
    "answered",
    "ask_all",
    "asked_of",
    "asked_where",
    "concerned",
    "run_checks",
    "waived_by",
]


@frozen(weakref_slot=False)
class LoanQuestion:
    """Facts with the terms that the winning rule grants, at an instant that is `today` where the library stands."""

    facts: Any
    terms: Terms
    calendar: Calendar
    at: datetime
    today: date
    action: PatronAction
    book: CirculationBook


class NotAsked:
    """The policy leaves nothing to ask."""


NOT_ASKED = NotAsked()

CheckFunction = Callable[[LoanQuestion], Reason | NotAsked | None]

Where = Callable[[Terms, PatronAction], bool]


class AskedWhere:
    """A check that not every policy, act or item leaves anything to ask. Made by `asked_where` and `asked_of`."""

    def __init__(self, where: Where, facts: tuple[str, ...], unless: Where | None, check: CheckFunction) -> None:
        self.where = where
        self.facts = facts
        self.unless = unless
        self.check = check
        self.__doc__ = check.__doc__

    def __call__(self, question: LoanQuestion) -> Reason | NotAsked | None:
        return self.check(question) if self.where(question.terms, question.action) else NOT_ASKED


def asked_where(where: Where, *facts: str, unless: Where | None = None) -> Callable[[CheckFunction], AskedWhere]:
    """Marks a check with the terms and acts it is asked for, so that a desk need not ask it in vain for every loan.

    With `facts` it has something to say only if one of them is set: see `asked_of`.
    """
    return lambda check: AskedWhere(where, facts, unless, check)


def asked_of(*facts: str, unless: Where | None = None) -> Callable[[CheckFunction], AskedWhere]:
    """Marks a check that has something to say only if one of these facts is set, as few are for most loans.

    A fact is named as it is reached from the facts of the act, such as `"item.withdrawn_at"`. `unless` tells terms that
    may refuse all the same.
    """
    return asked_where(lambda terms, action: True, *facts, unless=unless)


@frozen(eq=False)
class Concerned:
    """The checks that terms leave to ask for an act: all, and those to be asked though none of the `facts` is set."""

    all: tuple[CheckFunction, ...]
    anyway: tuple[CheckFunction, ...]
    facts: Callable[[Any], tuple[object, ...]]

    def of(self, facts: Any) -> tuple[CheckFunction, ...]:
        """The checks to ask of these facts, in order."""
        return self.all if any(self.facts(facts)) else self.anyway


def concerned(checks: Sequence[tuple[str, CheckFunction]], terms: Terms, action: PatronAction) -> Concerned:
    """The checks that these terms leave to ask for this act."""
    every: list[CheckFunction] = []
    anyway: list[CheckFunction] = []
    facts: list[str] = []
    for _, check in checks:
        if not isinstance(check, AskedWhere):
            every.append(check)
            anyway.append(check)
        elif check.where(terms, action):
            every.append(check.check)
            if not check.facts or (check.unless is not None and check.unless(terms, action)):
                anyway.append(check.check)
            else:
                facts += check.facts
    return Concerned(tuple(every), tuple(anyway), facts_named(facts))


def facts_named(names: Sequence[str]) -> Callable[[Any], tuple[object, ...]]:
    if len(names) < 2:
        return lambda facts: tuple(attrgetter(name)(facts) for name in names)
    return attrgetter(*names)


WEIGHTS = {Question.ALERT: Weight.ALERT, Question.CONFIRM: Weight.CONFIRM, Question.REFUSE: Weight.OVERRIDABLE}


def answered(answer: Question, code: ReasonCode, **data: object) -> Reason | None:
    """The reason at the weight that the policy's answer gives it; None where the policy lets it pass."""
    return None if answer is Question.ALLOW else code.weighing(WEIGHTS[answer], **data)


@frozen
class Asked:
    """What the checks found: the verdict, and each check when somebody wants to see them."""

    verdict: Verdict
    checks: tuple[Check, ...] = ()


NOTHING_FOUND = Asked(weigh(()))


def ask_all(
    question: LoanQuestion,
    checks: Iterable[CheckFunction],
    *,
    override: Override | None,
    extra: Iterable[Reason] = (),
) -> Asked:
    """Ask every check in order and weigh the reasons; `extra` are reasons of plugins, heard after the library's own."""
    reasons: list[Reason] = []
    for check in checks:
        found = check(question)
        if found is not None and isinstance(found, Reason):
            reasons.append(found)
    if extra:
        reasons += extra
    return Asked(weigh(reasons, override)) if reasons else NOTHING_FOUND


def run_checks(
    question: LoanQuestion,
    checks: Sequence[tuple[str, CheckFunction]],
    *,
    override: Override | None,
    extra: Iterable[Reason] = (),
    explain: bool = False,
    first_only: bool = False,
) -> Asked:
    """The same for checks with names, which `explain` tells with how each ended.

    With `first_only` the asking ends at the first reason that refuses.
    """
    if not (explain or first_only):
        return ask_all(question, [check for _, check in checks], override=override, extra=extra)
    told: list[Check] = []
    reasons: list[Reason] = []
    for name, check in checks:
        found = check(question)
        reason = found if isinstance(found, Reason) else None
        if explain:
            told.append(Check(name, outcome_of(found), reason))
        if reason is not None:
            reasons.append(reason)
            if first_only and weigh((reason,), override).refusing:
                break
    reasons += extra
    return Asked(weigh(reasons, override), tuple(told)) if reasons or told else NOTHING_FOUND


def outcome_of(found: Reason | NotAsked | None) -> Outcome:
    if isinstance(found, NotAsked):
        return Outcome.SKIPPED
    return Outcome.PASSED if found is None else Outcome.FAILED


def waived_by(override: Override | None, verdict: Verdict) -> Waived | None:
    """What the event records of an override; None when nothing had to be set aside."""
    if override is None or not verdict.overridden:
        return None
    return Waived(tuple(reason.code for reason in verdict.overridden), override.by, override.why)
