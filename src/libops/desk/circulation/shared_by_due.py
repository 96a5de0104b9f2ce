"""Answers that late loans share: a sweep walks them by due date, and asks once for all that are due together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, TypeVar

__all__ = ["SharedByDue"]

A = TypeVar("A")


class SharedByDue(Generic[A]):
    """The answers for one due date and one time, by the terms that they depend on. It forgets the date before."""

    __slots__ = ("answers", "moment")

    def __init__(self) -> None:
        self.moment: tuple[datetime, datetime] | None = None
        self.answers: dict[Any, A] = {}

    def get(self, at: datetime, due: datetime, terms: Any, ask: Callable[[datetime, datetime, Any], A]) -> A:
        """The answer for these terms; `ask(at, due, terms)` finds it the first time."""
        if self.moment != (at, due):
            self.moment = (at, due)
            self.answers = {}
        elif terms in self.answers:
            return self.answers[terms]
        found = self.answers[terms] = ask(at, due, terms)
        return found
