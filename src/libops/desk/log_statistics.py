"""Statistics of the log: what happened how often, over which time, on how many days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo

from attrs import field, frozen

from libops.storage.port import Logged

__all__ = ["LogStatistics", "log_statistics"]


@frozen
class LogStatistics:
    """The log in numbers: all events, by name (the commonest first), by day in the library, and the time they span.

    `streams` counts the things that events are about (loans, patrons, items). `first` and `last` are None for an
    empty log, and UTC; they are shown on the clocks of `zone`.
    """

    events: int
    first: datetime | None
    last: datetime | None
    streams: int
    by_name: dict[str, int]
    by_day: dict[date, int]
    zone: tzinfo = field(default=UTC, repr=False)

    def __str__(self) -> str:
        if self.first is None or self.last is None:
            return "the log is empty"
        width = max(map(len, self.by_name))
        lines = [f"{name:<{width}} {number:>8}" for name, number in self.by_name.items()]
        busiest = max(self.by_day, key=lambda day: (self.by_day[day], day))
        lines.append(f"{'all':<{width}} {self.events:>8}")
        first, last = (f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}" for at in (self.first, self.last))
        lines.append(f"from {first} to {last}, {self.streams} streams")
        lines.append(f"{len(self.by_day)} days; the busiest was {busiest} with {self.by_day[busiest]} events")
        return "\n".join(lines)


def log_statistics(entries: Iterable[Logged], zone: tzinfo = UTC) -> LogStatistics:
    """Count the entries of a log. Times are those of the events, so that a backdated act counts on its day."""
    names: Counter[str] = Counter()
    days: Counter[date] = Counter()
    streams: set[str] = set()
    first = last = None
    for _, event in entries:
        names[type(event).__name__] += 1
        days[event.at.astimezone(zone).date()] += 1
        if event.stream:
            streams.add(event.stream)
        first = event.at if first is None else min(first, event.at)
        last = event.at if last is None else max(last, event.at)
    return LogStatistics(
        names.total(), first, last, len(streams), dict(names.most_common()), dict(sorted(days.items())), zone
    )
