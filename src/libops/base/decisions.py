"""Decisions: a library's yes or no as a value, with every reason.

A room answers a question with `Permit` or `Refuse`. A reason is a stable dotted code, a weight, the facts that
caused it and the right that lifts it; words for people are made elsewhere, so that they can be translated.

>>> ON_LOAN = ReasonCode("item.on_loan", Weight.ABSOLUTE)
>>> print(ON_LOAN(due="2026-03-02"))
item.on_loan (due=2026-03-02)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Generic, Literal, TypeVar

from attrs import field, frozen

from libops.base.errors import InvalidValue

__all__ = [
    "Check",
    "Decision",
    "Outcome",
    "Override",
    "Permit",
    "Reason",
    "ReasonCode",
    "Refuse",
    "RuleConsidered",
    "Step",
    "Trace",
    "Verdict",
    "Weight",
    "weigh",
]

P_co = TypeVar("P_co", covariant=True)
V = TypeVar("V")

NO_DATA: Mapping[str, object] = {}


class Weight(Enum):
    """How heavy a reason is, from a message to a wall."""

    ALERT = "alert"
    """Said to the desk; stops nothing."""
    CONFIRM = "confirm"
    """Stops until the desk says it has seen it; no right needed."""
    OVERRIDABLE = "overridable"
    """Stops unless a member of staff with the right lifts it."""
    ABSOLUTE = "absolute"
    """Nobody can lift it: the act would contradict the facts."""


@frozen
class Reason:
    """Why a decision says no, or what the desk should know.

    `data` holds the facts by name; `right` is the staff right that lifts an overridable reason; `source` names the
    plugin that added it (empty for the library's own rules); `text` is filled in by the desk in the reader's language.
    """

    code: str
    weight: Weight
    data: Mapping[str, object] = NO_DATA
    right: str | None = None
    source: str = ""
    text: str = ""

    def __str__(self) -> str:
        if self.text:
            return self.text
        facts = ", ".join(f"{name}={value}" for name, value in self.data.items())
        return f"{self.code} ({facts})" if facts else self.code


@frozen
class ReasonCode:
    """A reason that a room can give: call it with the facts to make a `Reason`."""

    code: str
    weight: Weight
    right: str | None = None

    def __call__(self, **data: object) -> Reason:
        return Reason(self.code, self.weight, data, self.right)

    def weighing(self, weight: Weight, **data: object) -> Reason:
        """The same reason at the weight that the library's policy gives it."""
        return Reason(self.code, weight, data, self.right)


class Outcome(Enum):
    """How one check ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    """Not asked, because the facts or the policy leave nothing to ask."""


@frozen
class Check:
    """One question a decision asked, and the reason that came out, if any."""

    name: str
    outcome: Outcome
    reason: Reason | None = None


@frozen
class RuleConsidered:
    """A candidate rule: whether it won, its score, and in words why it won or lost."""

    rule: str
    won: bool
    score: str
    why: str


@frozen
class Step:
    """One step that moved a value, most often the due date: what it was, what it became, and why."""

    name: str
    before: object
    after: object
    why: str = ""


@frozen
class Trace:
    """How a decision came about. Built only when asked for."""

    checks: tuple[Check, ...] = ()
    rules: tuple[RuleConsidered, ...] = ()
    steps: tuple[Step, ...] = ()
    fees: tuple[Step, ...] = ()

    def __str__(self) -> str:
        from libops.base.traces import trace_text

        return trace_text(self)

    def _repr_html_(self) -> str:
        from libops.base.traces import trace_html

        return trace_html(self)


@frozen(weakref_slot=False)
class Permit(Generic[P_co]):
    """Yes. `result` is the plan a room made or the receipt the desk hands over; `alerts` are worth saying."""

    result: P_co
    alerts: tuple[Reason, ...] = ()
    trace: Trace | None = None

    def __bool__(self) -> Literal[True]:
        return True

    def __str__(self) -> str:
        return str(self.result)

    def _repr_html_(self) -> str | None:
        from libops.base.traces import permit_html

        return permit_html(self)


def missing_name(refusal: Refuse, name: str) -> object:
    from libops.base.traces import missing_text

    raise AttributeError(missing_text(refusal, name))


def tells_why(cls: type[V]) -> type[V]:
    """A class that says why it has not what it is asked for.

    Set beside the class and not in it: a type checker that sees `__getattr__` lets every name pass, and
    `answer.result` would no longer be an error before the answer is tested.
    """
    type.__setattr__(cls, "__getattr__", missing_name)
    return cls


@tells_why
@frozen
class Refuse:
    """No. All reasons, in the order of the checks; nothing was written."""

    reasons: tuple[Reason, ...]
    alerts: tuple[Reason, ...] = ()
    trace: Trace | None = None

    def __bool__(self) -> Literal[False]:
        return False

    def __str__(self) -> str:
        from libops.base.traces import refusal_text

        return refusal_text(self)

    def _repr_html_(self) -> str:
        from libops.base.traces import refusal_html

        return refusal_html(self)


Decision = Permit[P_co] | Refuse


def as_set(names: Iterable[str]) -> frozenset[str]:
    if isinstance(names, str):  # a sequence of letters, and never meant so
        raise InvalidValue(f"{names!r} is one text: give a list, as [{names!r}]")
    return frozenset(names)


@frozen
class Override:
    """What a member of staff sets aside: the codes, by whom, why, and the rights they hold.

    Reasons of weight `confirm` need only be named; `overridable` ones need their right among `rights`.
    """

    codes: frozenset[str] = field(converter=as_set)
    by: str = ""
    why: str = ""
    rights: frozenset[str] = field(default=frozenset(), converter=as_set)

    def lifts(self, reason: Reason) -> bool:
        """Whether this override sets the reason aside."""
        if reason.code not in self.codes:
            return False
        if reason.weight is Weight.CONFIRM:
            return True
        return reason.weight is Weight.OVERRIDABLE and (reason.right is None or reason.right in self.rights)


@frozen
class Verdict:
    """Reasons sorted by what they do: what still refuses, what is only said, what was set aside."""

    refusing: tuple[Reason, ...]
    alerts: tuple[Reason, ...]
    overridden: tuple[Reason, ...]

    def and_then(self, later: Verdict) -> Verdict:
        """This verdict with what was found afterwards."""
        return Verdict(self.refusing + later.refusing, self.alerts + later.alerts, self.overridden + later.overridden)


NOTHING_SAID = Verdict((), (), ())


def weigh(reasons: Iterable[Reason], override: Override | None = None) -> Verdict:
    """Sort reasons into those that refuse, those that are only said, and those an override lifts; order is kept."""
    found: Sequence[Reason] = tuple(reasons)
    if not found:
        return NOTHING_SAID
    refusing, alerts, overridden = [], [], []
    for reason in found:
        if reason.weight is Weight.ALERT:
            alerts.append(reason)
        elif override is not None and override.lifts(reason):
            overridden.append(reason)
        else:
            refusing.append(reason)
    return Verdict(tuple(refusing), tuple(alerts), tuple(overridden))
