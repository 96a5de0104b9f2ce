"""Policy plugins: local conditions that the settings cannot express. They may add reasons, never remove one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

from attrs import field, frozen

from libops.base.decisions import Reason
from libops.hooks.markers import hookspec
from libops.hooks.specs.declared import asked, named, one_of, typed

__all__ = ["OnFailure", "PolicyCheck", "libops_policy_checks"]


ACTS = (
    "check_out",
    "check_in",
    "renew",
    "place_hold",
    "declare_lost",
    "age_to_lost",
    "bill",
    "settle",
    "end_loss",
    "claim_returned",
    "claim_never_had",
    "resolve_claim",
)
"""The acts that ask the checks of plugins."""


class OnFailure(Enum):
    """What it means when a check itself fails. Every check must say."""

    REFUSE = "refuse"
    """Fail closed: the act is refused with the plugin's name; staff with the right may override."""
    ALERT = "alert"
    """Fail open: the act goes on, and the desk is told."""


@frozen
class PolicyCheck:
    """An extra check: the act it concerns, and a function of the same facts.

    The acts are `check_out`, `check_in`, `renew`, `place_hold`, and those of losses: `declare_lost`, `age_to_lost`,
    `bill`, `settle`, `end_loss`, `claim_returned`, `claim_never_had`, `resolve_claim`. Another is an `InvalidValue`.

    `reasons(facts)` gets the frozen facts value of that act and returns the reasons it finds, none if all is well.
    It runs on every such act: no I/O in it.
    """

    name: str = field(validator=named)
    act: str = field(validator=one_of(*ACTS))
    on_failure: OnFailure = field(validator=typed(OnFailure))
    reasons: Callable[[Any], Iterable[Reason]] = field(validator=asked)


@hookspec
def libops_policy_checks() -> Iterable[PolicyCheck]:  # type: ignore[empty-body]
    """Hand over the extra checks this plugin brings."""
