"""The equipment report: what broke how often, how long it was out, what it cost, and what is broken now.

>>> english("equipment.title")
'Equipment report'
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from html import escape

from attrs import field, frozen

from libops.base.money import Money
from libops.base.pages import csv_text, html_page, html_table
from libops.base.spoken import Say, columns, english_of
from libops.equipment.model import Asset, Reliability, Ticket

__all__ = ["AssetFigures", "EquipmentReport", "english", "equipment_csv", "equipment_html"]

HEADING = (
    "asset",
    "name",
    "kind",
    "faults",
    "downtime",
    "availability",
    "time_to_repair",
    "time_between",
    "minutes",
    "cost",
)
TICKETS = ("ticket", "asset", "symptom", "priority", "state", "opened", "assignee")
HOUR = timedelta(hours=1)


def english(key: str, /, **facts: object) -> str:
    """A word of a report in English."""
    return english_of("libops.equipment")[key].format_map(facts)


@frozen
class AssetFigures:
    """One asset over a span: its reliability, and its tickets that were opened in it or are open now."""

    asset: Asset
    reliability: Reliability
    tickets: tuple[Ticket, ...] = ()

    @property
    def minutes(self) -> int:
        """Minutes of work on these tickets."""
        return sum(ticket.minutes_worked for ticket in self.tickets)

    @property
    def cost(self) -> Money | None:
        """What they cost, as far as it is priced."""
        priced = [ticket.cost for ticket in self.tickets if ticket.cost is not None]
        return sum(priced[1:], priced[0]) if priced else None


@frozen
class EquipmentReport:
    """The equipment of a library from `since` to `until`, an asset a line; times are shown as in `zone`."""

    since: datetime
    until: datetime
    lines: tuple[AssetFigures, ...]
    zone: tzinfo = field(default=UTC, repr=False)

    @property
    def open_tickets(self) -> tuple[Ticket, ...]:
        """What is broken now."""
        return tuple(ticket for line in self.lines for ticket in line.tickets if ticket.state.is_open)


def _hours(span: timedelta | None) -> float | None:
    return None if span is None else round(span / HOUR, 1)


def _row(line: AssetFigures) -> tuple[object, ...]:
    figures = line.reliability
    return (
        line.asset.id,
        line.asset.name,
        line.asset.kind,
        figures.faults,
        _hours(figures.downtime),
        round(figures.availability * 100, 1),
        _hours(figures.mean_time_to_repair),
        _hours(figures.mean_time_between_faults),
        line.minutes,
        None if line.cost is None else str(line.cost),
    )


def _shown(line: AssetFigures, say: Say) -> tuple[object, ...]:
    """The row with its times as hours in words."""
    cells = dict(zip(HEADING, _row(line), strict=True))
    for name in ("downtime", "time_to_repair", "time_between"):
        hours = cells[name]
        cells[name] = None if hours is None else say("equipment.hours", hours=hours)
    return tuple(cells.values())


def _ticket(ticket: Ticket, zone: tzinfo, say: Say) -> tuple[object, ...]:
    return (
        ticket.id,
        ticket.asset_id,
        ticket.symptom,
        say(f"ticket_priority.{ticket.priority.value}"),
        say(f"ticket_state.{ticket.state.value}"),
        f"{ticket.opened_at.astimezone(zone):%Y-%m-%d %H:%M}",
        ticket.assignee,
    )


def equipment_csv(report: EquipmentReport, *, say: Say = english) -> str:
    """An asset a line; times are hours in which the library was open."""
    return csv_text(columns(say, *HEADING), (_row(line) for line in report.lines))


def equipment_html(report: EquipmentReport, *, say: Say = english) -> str:
    """The report as a page; `say` brings the words of another language."""
    since, until = (f"{at.astimezone(report.zone):%Y-%m-%d}" for at in (report.since, report.until))
    span = say("equipment.intro", since=since, until=until)
    figures = html_table(say("equipment.figures"), columns(say, *HEADING), (_shown(line, say) for line in report.lines))
    broken = f"<p>{escape(say('equipment.no_tickets'))}</p>"
    if report.open_tickets:
        rows = (_ticket(ticket, report.zone, say) for ticket in report.open_tickets)
        broken = html_table(say("equipment.open_tickets"), columns(say, *TICKETS), rows)
    parts = [f"<p>{escape(span)}</p>", figures, broken]
    return html_page(say("equipment.title"), parts, language=say("language"))
