"""Stand-ins for what a test must hold still: the clock, identifiers, a channel that can fail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from libops.base.ids import sortable_id
from libops.hooks import Channel, hookimpl
from libops.notices import Message

__all__ = ["CountingIds", "FrozenClock", "RecordingChannel"]


class FrozenClock:
    """A clock that moves only when told.

    >>> clock = FrozenClock(datetime(2026, 3, 3, 10, tzinfo=UTC))
    >>> clock.forward(days=1, hours=2)
    datetime.datetime(2026, 3, 4, 12, 0, tzinfo=datetime.timezone.utc)
    """

    def __init__(self, at: datetime = datetime(2026, 3, 3, 10, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, *, days: int = 0, hours: int = 0, minutes: int = 0) -> datetime:
        """Move on, and say what time it is now."""
        self.at += timedelta(days=days, hours=hours, minutes=minutes)
        return self.at


class CountingIds:
    """Identifiers that count up: the same in every run, and in order.

    >>> ids = CountingIds()
    >>> ids() < ids()
    True
    """

    def __init__(self, start: int = 1) -> None:
        self.numbers = count(start)

    def __call__(self) -> str:
        number = next(self.numbers)
        return sortable_id(number, number)


class RecordingChannel:
    """A channel that keeps what it is sent, as a plugin: `libops.open(plugins=[RecordingChannel()])`.

    `fail_next` is how many of the next messages it refuses. It is named `recording` and carries every kind.
    """

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.fail_next = 0

    def send(self, message: Message) -> None:
        """Keep the message, once for each key, or fail as told."""
        if self.fail_next:
            self.fail_next -= 1
            raise ConnectionError("the post office is closed")
        if message.key not in {earlier.key for earlier in self.sent}:
            self.sent.append(message)

    def close(self) -> None:
        """Nothing to let go of."""

    def opened(self, options: Mapping[str, Any]) -> RecordingChannel:
        """The channel itself: its settings are empty."""
        return self

    @hookimpl
    def libops_channels(self) -> Iterable[Channel]:
        """Hand over this channel."""
        return [Channel("recording", ("email", "sms", "letter"), self.opened)]
