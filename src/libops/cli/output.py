"""What the command prints: text for people, JSON for programs, a progress bar where rich is installed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from importlib.util import find_spec
from typing import Any

import attrs

from libops.base.decisions import Permit, Reason, Refuse
from libops.wire.json import converter

__all__ = ["Output"]

EMPTY: tuple[Any, ...] = (None, "", (), {})


class Output:
    """Prints answers and values, as text or as JSON."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.zone: tzinfo = UTC
        """The zone of the library's clocks, which people read; programs get UTC."""

    def local(self, at: datetime) -> str:
        """An instant as the library's clocks show it."""
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}"

    def day(self, at: datetime) -> str:
        """The day of an instant in the library."""
        return f"{at.astimezone(self.zone):%Y-%m-%d}"

    def answer(self, answer: Permit[Any] | Refuse) -> int:
        """Print a decision, and how it came about if it says so; returns the exit code, 0 for yes and 1 for no."""
        if self.as_json:
            self.value(answered(answer))
        elif isinstance(answer, Permit):
            self.value(answer.result)
            for alert in untold(answer):
                print(f"Note: {alert}", file=sys.stderr)
        else:
            print(answer, file=sys.stderr)
        if answer.trace is not None and not self.as_json:
            print(f"\n{answer.trace}")
        return 0 if answer else 1

    def answers(self, answers: Sequence[Permit[Any] | Refuse]) -> int:
        """Print several decisions, as JSON in one list; returns the exit code, 1 if any said no."""
        if not self.as_json:
            return max(map(self.answer, answers))
        self.rows(map(answered, answers))
        return 0 if all(answers) else 1

    def value(self, value: Any) -> None:
        """Print one value."""
        if self.as_json:
            print(json.dumps(plain(value), ensure_ascii=False, indent=2))
        elif isinstance(value, dict) or is_record(value):
            print(described(value, self.zone))
        else:
            print(value)

    def rows(self, rows: Iterable[Any], line: Callable[[Any], str] = str) -> None:
        """Print a list, one by one: in text each value as its `line` says, which may be several lines."""
        if not self.as_json:
            for row in rows:
                print(line(row))
            return
        before = "["
        for row in rows:
            print(f"{before}\n{json.dumps(plain(row), ensure_ascii=False, indent=2)}", end="")
            before = ","
        print("[]" if before == "[" else "\n]")

    def shown(self, value: Any, text: Callable[[Any], str]) -> None:
        """Print one value, in text as `text` says."""
        if self.as_json:
            self.value(value)
        else:
            print(text(value))

    @contextmanager
    def progress(self, what: str) -> Iterator[Callable[[int, int], None] | None]:
        """A progress bar on the terminal, told of done and total; None where there is none to show."""
        if self.as_json or not sys.stderr.isatty() or find_spec("rich") is None:
            yield None
            return
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True)) as bar:
            task = bar.add_task(what, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total or None)


def untold(answer: Permit[Any]) -> Sequence[Reason]:
    """What is worth saying beside the result; a receipt says it itself."""
    return () if hasattr(answer.result, "alerts") else answer.alerts


def answered(answer: Permit[Any] | Refuse) -> Any:
    """A decision as JSON types: the result or what refused, and what is worth saying and its trace, if there is any."""
    found = plain(answer.result) if isinstance(answer, Permit) else {"refused": plain(answer.reasons)}
    if isinstance(answer, Permit) and isinstance(found, dict) and untold(answer):
        found["alerts"] = plain(untold(answer))
    return found if answer.trace is None else {**found, "trace": plain(answer.trace)}


def plain(value: Any) -> Any:
    """A value as JSON types; what JSON has no type for becomes text."""
    if attrs.has(type(value)):
        return {a.name: plain(getattr(value, a.name)) for a in attrs.fields(type(value)) if a.repr and a.init}
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    if isinstance(value, bytearray | bytes):
        return len(value)
    found = converter().unstructure(value)
    return found if isinstance(found, str | int | float | bool | None) else str(found)


def described(value: Any, zone: tzinfo = UTC) -> str:
    """A record, or several facts by name, as lines of `field: value`, without what is empty."""
    if isinstance(value, dict):
        rows = list(value.items())
    else:
        rows = [(a.name, getattr(value, a.name)) for a in attrs.fields(type(value)) if a.repr and a.name != "marc"]
    return "\n".join(f"{name + ':':<20} {shown(each, zone)}" for name, each in rows if each not in EMPTY)


def shown(value: Any, zone: tzinfo) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    if isinstance(value, tuple | list):
        return ("; " if any(map(is_record, value)) else ", ").join(shown(each, zone) for each in value)
    if is_record(value):
        told = ((a.name, getattr(value, a.name)) for a in attrs.fields(type(value)) if a.repr)
        return ", ".join(f"{name} {shown(each, zone)}" for name, each in told if each not in EMPTY)
    return str(value) if attrs.has(type(value)) else str(plain(value))


def is_record(value: Any) -> bool:
    """Whether a value is a record that has no words of its own."""
    return attrs.has(type(value)) and "__str__" not in vars(type(value))
