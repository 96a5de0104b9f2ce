"""P7, P8: what the doors for plugins cost: a hook site that nobody uses, and a plugin on every door of a checkout.

P7 asks the policy checks when there are none, against calling a function that returns nothing. P8 lends on SQLite at
full durability with a policy check and an observer that do nothing, against the same desk without them.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from harness import Case, compare
from lending import LendingDesk

import libops
from libops.base.events import Event
from libops.hooks.specs.observers import Observer
from libops.hooks.specs.policy import OnFailure, PolicyCheck


def direct(act: str, facts: object) -> tuple[()]:
    """What a hook site would be if there were no hooks."""
    return ()


def no_reasons(facts: Any) -> tuple[()]:
    """A policy check that finds nothing."""
    return ()


def told(events: Sequence[Event]) -> None:
    """An observer that does nothing."""


@libops.hookimpl
def libops_policy_checks() -> list[PolicyCheck]:
    return [PolicyCheck("nothing", "check_out", OnFailure.REFUSE, no_reasons)]


@libops.hookimpl
def libops_observers() -> list[Observer]:
    return [Observer("nothing", told)]


def main() -> int:
    plugin = SimpleNamespace(
        __name__="nothing", libops_policy_checks=libops_policy_checks, libops_observers=libops_observers
    )
    with libops.open() as ops:
        site = ops.shell.extra_reasons

        def call(count: int) -> None:
            for _ in range(count):
                direct("check_out", None)

        def ask(count: int) -> None:
            for _ in range(count):
                site("check_out", None)

        compare("P7", [Case("direct call", call), Case("empty hook site", ask)], busy=True)
    with tempfile.TemporaryDirectory() as folder:
        bare = libops.open(f"sqlite:///{folder}/bare.db")
        full = libops.open(f"sqlite:///{folder}/full.db", plugins=[plugin])
        assert full.registry.observers, full.plugins
        assert full.registry.policy_checks, full.plugins
        without, with_plugin = LendingDesk(bare), LendingDesk(full)
        compare(
            "P8",
            [
                Case("durable check_out, no plugin", without.run, without.before, most=400),
                Case("durable check_out, one on every door", with_plugin.run, with_plugin.before, most=400),
            ],
            rounds=25,
            busy=True,
        )
        bare.close()
        full.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
