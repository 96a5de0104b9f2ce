"""Notice policies as data: which notices a loan or hold brings, when, through what, and how they are gathered.

>>> overdue = Notice(template="overdue", trigger=Trigger.DUE, timing=Timing.AFTER, period=Period.parse("7 days"))
>>> overdue.every is None, overdue.times
(True, None)
"""

from __future__ import annotations

from datetime import time
from enum import Enum

from attrs import field, frozen

from libops.base.bounds import at_least_one
from libops.base.errors import InvalidValue
from libops.base.periods import Period
from libops.notices.model import Trigger

__all__ = ["AHEAD", "Counted", "Digest", "Notice", "NoticePolicy", "OnClosedDays", "Timing"]

AHEAD = frozenset({Trigger.DUE, Trigger.BOOKING, Trigger.MEMBERSHIP, Trigger.CERTIFICATION})
"""Triggers whose moment is known beforehand, so that a notice can come before it."""
EMAIL = ("email",)
A_QUARTER = Period.parse("15 minutes")


class Timing(Enum):
    """When a notice goes out."""

    UPON = "upon"
    """When it happens."""
    BEFORE = "before"
    AFTER = "after"


class Counted(Enum):
    """Which days the period of a notice counts."""

    ALL_DAYS = "all-days"
    OPEN_DAYS = "open-days"
    """Only days on which the library is open."""


class Digest(Enum):
    """Whether several occasions go into one message."""

    NONE = "none"
    """One message for each."""
    SESSION = "session"
    """One message for all that a patron does in one go: it waits until the patron has paused."""
    DAY = "day"
    """One message for all that falls on the same day."""


class OnClosedDays(Enum):
    """What becomes of a notice that falls on a closed day."""

    SEND = "send"
    NEXT_OPEN_DAY = "next-open-day"


@frozen(kw_only=True)
class Notice:
    """One notice of a policy: which template, upon, before or after what, and how often.

    Periods of days are counted by the library's dates, so that a loan due on Monday night is one day overdue on
    Tuesday morning; periods of hours or minutes are counted from the instant.
    """

    template: str
    trigger: Trigger
    timing: Timing = Timing.UPON
    period: Period | None = None
    """How long before or after; absent: at the moment itself."""
    every: Period | None = None
    """Sent again each time this has passed; absent: once."""
    times: int | None = field(default=None, validator=at_least_one)
    """How often at most, if it is sent again; absent: until it no longer applies."""
    counted: Counted = Counted.ALL_DAYS
    digest: Digest = Digest.DAY
    channels: tuple[str, ...] = EMAIL
    """The kinds of channels for a patron who has no preference, best first."""
    required: bool = False
    """Sent also to patrons who want no notices."""

    def __attrs_post_init__(self) -> None:
        if self.timing is Timing.BEFORE and self.trigger not in AHEAD:
            known = ", ".join(sorted(trigger.value for trigger in AHEAD))
            raise InvalidValue(f"a notice before {self.trigger.value!r}: only {known} lie ahead; use timing 'upon'")
        if self.timing is Timing.AFTER and self.trigger is not Trigger.DUE:
            raise InvalidValue(f"a notice after {self.trigger.value!r}: only after 'due'; use timing 'upon'")
        if self.timing is Timing.UPON and self.every is not None:
            raise InvalidValue("a notice upon something is sent once: leave out `every`, or use timing 'after'")
        if self.times is not None and self.every is None:
            raise InvalidValue(f"{self.times} times, but how often? Give `every`, such as '7 days'")


@frozen(kw_only=True)
class NoticePolicy:
    """The notices that a circulation rule brings when it names this policy."""

    notices: tuple[Notice, ...] = ()
    on_closed_days: OnClosedDays = OnClosedDays.SEND
    quiet_from: time | None = None
    """Nothing goes out from this time of day on ..."""
    quiet_until: time | None = None
    """... until this one."""
    session_pause: Period = A_QUARTER
    """How long a patron's session must have paused before its digest goes out."""

    def __attrs_post_init__(self) -> None:
        if (self.quiet_from is None) != (self.quiet_until is None):
            raise InvalidValue("quiet hours need both quiet_from and quiet_until, such as '20:00' and '08:00'")
