"""Weeding lists for the cart, and the log of decisions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape

from libops.inventory.model import WeedingCandidate, WeedingLogEntry
from libops.inventory.report.pages import csv_text, html_page, html_table

__all__ = ["weeding_list_csv", "weeding_list_html", "weeding_log_csv"]

HEADING = (
    "call number",
    "title",
    "barcode",
    "item",
    "location",
    "rule",
    "reasons",
    "published",
    "last used",
    "uses",
    "guards",
)


def _guards(candidate: WeedingCandidate) -> str:
    guards = [f"protected by {name}" for name in candidate.protected_by]
    if candidate.last_copy:
        guards.append("last copy")
    if candidate.copies_unknown:
        guards.append("copies unknown")
    return "; ".join(guards)


def _row(candidate: WeedingCandidate) -> tuple[object, ...]:
    found = candidate.subject
    return (
        found.item.call_number,
        found.item.title,
        found.item.barcode,
        found.item.item_id,
        found.item.location,
        candidate.rule,
        "; ".join(str(reason) for reason in candidate.reasons),
        found.published,
        found.last_used,
        found.uses,
        _guards(candidate),
    )


def weeding_list_csv(candidates: Iterable[WeedingCandidate]) -> str:
    """Candidates, one a line, in the order given."""
    return csv_text(HEADING, (_row(one) for one in candidates))


def weeding_list_html(candidates: Iterable[WeedingCandidate], *, on: date) -> str:
    """Candidates as a page in shelf order, to take along to the shelf; guards stand in the last column."""
    listed = sorted(candidates, key=lambda one: one.subject.item.order)
    guarded = sum(one.guarded for one in listed)
    intro = f"<p>{len(listed)} candidates on {escape(str(on))}, {guarded} of them guarded. A person decides.</p>"
    return html_page("Weeding list", [intro, html_table("Candidates", HEADING, (_row(one) for one in listed))])


def weeding_log_csv(entries: Iterable[WeedingLogEntry]) -> str:
    """Who decided what about which item, when and why. Times are UTC."""
    rows = (
        (
            one.at.isoformat(timespec="seconds"),
            one.by,
            one.item_id,
            one.number,
            one.act.value,
            one.detail,
            one.why,
            "; ".join(one.waived),
        )
        for one in entries
    )
    return csv_text(("at", "by", "item", "number", "act", "detail", "why", "guards set aside"), rows)
