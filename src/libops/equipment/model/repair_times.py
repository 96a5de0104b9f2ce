"""How long equipment was down, how long repairs take, and how long it runs between two faults."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from attrs import frozen

from libops.equipment.model.ticket import Ticket, TicketState

__all__ = ["OpenTime", "Reliability", "downtime", "mean_time_to_repair", "reliability", "wall_clock"]

OpenTime = Callable[[datetime, datetime], timedelta]
"""How much time counts between two moments: all of it, or only the opening hours of the library."""

Span = tuple[datetime, datetime]


def wall_clock(start: datetime, end: datetime) -> timedelta:
    """All the time from start to end."""
    return end - start


@frozen
class Reliability:
    """An asset over a span: faults, downtime, share of the time it could be used, and the two usual means."""

    faults: int
    downtime: timedelta
    availability: float
    mean_time_to_repair: timedelta | None
    mean_time_between_faults: timedelta | None


def _open_spans(ticket: Ticket, until: datetime) -> list[Span]:
    spans, since = [], None
    for passage in ticket.passages:
        if passage.state.is_open:
            since = passage.at if since is None else since
        elif since is not None:
            spans.append((since, passage.at))
            since = None
    return spans if since is None else [*spans, (since, until)]


def _united(spans: Iterable[Span]) -> list[Span]:
    united: list[Span] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united


def downtime(
    tickets: Iterable[Ticket], start: datetime, end: datetime, *, open_time: OpenTime = wall_clock
) -> timedelta:
    """How long one asset could not be used between two moments.

    Counts the time in which at least one ticket that makes it unusable or unsafe was open; two tickets at once count
    once. With `open_time` only the hours in which the library was open count.
    """
    down = (ticket for ticket in tickets if ticket.unusable or ticket.safety)
    spans = (
        (max(since, start), min(until, end))
        for ticket in down
        for since, until in _open_spans(ticket, end)
        if since < end and until > start
    )
    return sum((open_time(since, until) for since, until in _united(spans)), timedelta())


def mean_time_to_repair(tickets: Iterable[Ticket], *, open_time: OpenTime = wall_clock) -> timedelta | None:
    """Mean time a ticket was open until it was resolved; a second time open, after a reopening, is added.

    Tickets not resolved now, dismissed ones and planned maintenance do not count; None when no ticket is left.
    """
    took = [
        sum((open_time(since, until) for since, until in _open_spans(ticket, ticket.changed_at)), timedelta())
        for ticket in tickets
        if ticket.schedule is None and _is_repaired(ticket)
    ]
    return sum(took, timedelta()) / len(took) if took else None


def reliability(
    tickets: Iterable[Ticket], start: datetime, end: datetime, *, open_time: OpenTime = wall_clock
) -> Reliability:
    """The figures of one asset between two moments, from its tickets.

    A fault is a ticket opened in the span that is not planned maintenance and was not dismissed.
    """
    known = tuple(tickets)
    faults = [
        ticket
        for ticket in known
        if ticket.schedule is None and start <= ticket.opened_at < end and not _is_dismissed(ticket)
    ]
    down, whole = downtime(known, start, end, open_time=open_time), open_time(start, end)
    return Reliability(
        len(faults),
        down,
        (whole - down) / whole if whole else 1.0,
        mean_time_to_repair(faults, open_time=open_time),
        (whole - down) / len(faults) if faults else None,
    )


def _is_repaired(ticket: Ticket) -> bool:
    return not ticket.state.is_open and any(passage.state is TicketState.RESOLVED for passage in ticket.passages)


def _is_dismissed(ticket: Ticket) -> bool:
    return ticket.state is TicketState.CLOSED and not _is_repaired(ticket)
