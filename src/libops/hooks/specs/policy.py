"""Policy plugins: local conditions that the settings cannot express. They may add reasons, never remove one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

from attrs import frozen

from libops.base.decisions import Reason
from libops.hooks.markers import hookspec

__all__ = ["OnFailure", "PolicyCheck", "libops_policy_checks"]


class OnFailure(Enum):
    """What it means when a check itself fails. Every check must say."""

    REFUSE = "refuse"
    """Fail closed: the act is refused with the plugin's name; staff with the right may override."""
    ALERT = "alert"
    """Fail open: the act goes on, and the desk is told."""


@frozen
class PolicyCheck:
    """An extra check: the act it concerns (`check_out`, `renew`, `place_hold`), and a function of the same facts.

    `reasons(facts)` gets the frozen facts value of that act and returns the reasons it finds, none if all is well.
    It runs on every such act: no I/O in it.
    """

    name: str
    act: str
    on_failure: OnFailure
    reasons: Callable[[Any], Iterable[Reason]]


@hookspec
def libops_policy_checks() -> Iterable[PolicyCheck]:  # type: ignore[empty-body]
    """Hand over the extra checks this plugin brings."""
