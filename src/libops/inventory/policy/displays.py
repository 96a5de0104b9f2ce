"""What a library asks of its displays."""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from libops.base.errors import InvalidValue

__all__ = ["STANDARD_DISPLAYS", "DisplayTerms", "EndDate", "RotationMoves"]


class EndDate(Enum):
    """Whether a display must say when it ends."""

    REQUIRED = "required"
    """So that no book is forgotten on a table."""
    OPTIONAL = "optional"
    """A standing display, such as new arrivals, ends when somebody ends it."""


class RotationMoves(Enum):
    """Who lets a rotating collection move on when its days at a stop are over."""

    AUTOMATIC = "automatic"
    """The nightly run: its items are on their way the next morning."""
    BY_HAND = "by_hand"
    """Staff, who see in a list what is due."""


@frozen(kw_only=True)
class DisplayTerms:
    """Whether displays need a last day, and how many days they may run at most; None is no limit."""

    end_date: EndDate = EndDate.REQUIRED
    longest: int | None = field(default=None)

    @longest.validator
    def _positive(self, attribute: object, value: int | None) -> None:
        if value is not None and value < 1:
            raise InvalidValue(f"a display of at most {value} days: give 1 or more, or None for no limit")


STANDARD_DISPLAYS = DisplayTerms()
"""A last day is required; it may be far away."""
