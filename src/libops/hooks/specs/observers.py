"""Observers: told of what was committed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from attrs import field, frozen

from libops.base.events import Event
from libops.hooks.markers import hookspec
from libops.hooks.specs.declared import asked, named

__all__ = ["Observer", "libops_observers"]


@frozen
class Observer:
    """An observer: `notify(events)` gets the events of one committed act, after the commit.

    What it raises is logged and told nobody else: an observer cannot undo what happened.
    """

    name: str = field(validator=named)
    notify: Callable[[Sequence[Event]], None] = field(validator=asked)


@hookspec
def libops_observers() -> Iterable[Observer]:  # type: ignore[empty-body]
    """Hand over the observers this plugin brings."""
