"""Values that are typed behind a verb: what they are read as, and what to write when they cannot be."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date, datetime

__all__ = ["day", "moment"]


def day(text: str) -> date:
    """A day. Raises `ArgumentTypeError`, which argparse tells with the argument's name."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day: write it as 2026-03-31") from None


def moment(text: str) -> datetime:
    """A date and time, or the beginning of a day. Raises `ArgumentTypeError`."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no date and time: write it as 2026-03-10T16:00") from None
