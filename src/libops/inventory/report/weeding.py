"""Weeding lists for the cart, and the log of decisions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape

from libops.base.pages import csv_text, html_page, html_table
from libops.base.spoken import Say, columns
from libops.inventory.model import WeedingCandidate, WeedingLogEntry
from libops.inventory.report.words import english

__all__ = ["weeding_list_csv", "weeding_list_html", "weeding_log_csv"]

HEADING = (
    "call_number",
    "title",
    "barcode",
    "item",
    "location",
    "rule",
    "reasons",
    "published",
    "last_used",
    "uses",
    "guards",
)


def _guards(candidate: WeedingCandidate, say: Say) -> str:
    guards = [say("weeding.protected_by", name=name) for name in candidate.protected_by]
    if candidate.last_copy:
        guards.append(say("weeding.last_copy"))
    if candidate.copies_unknown:
        guards.append(say("weeding.copies_unknown"))
    return "; ".join(guards)


def _row(candidate: WeedingCandidate, say: Say) -> tuple[object, ...]:
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
        _guards(candidate, say),
    )


def weeding_list_csv(candidates: Iterable[WeedingCandidate], *, say: Say = english) -> str:
    """Candidates, one a line, in the order given."""
    return csv_text(columns(say, *HEADING), (_row(one, say) for one in candidates))


def weeding_list_html(candidates: Iterable[WeedingCandidate], *, on: date, say: Say = english) -> str:
    """Candidates as a page in shelf order, to take along to the shelf; guards stand in the last column."""
    listed = sorted(candidates, key=lambda one: one.subject.item.order)
    guarded = sum(one.guarded for one in listed)
    intro = f"<p>{escape(say('weeding.intro', count=len(listed), on=on, guarded=guarded))}</p>"
    table = html_table(say("weeding.candidates"), columns(say, *HEADING), (_row(one, say) for one in listed))
    return html_page(say("weeding.title"), [intro, table], language=say("language"))


def weeding_log_csv(entries: Iterable[WeedingLogEntry], *, say: Say = english) -> str:
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
    return csv_text(columns(say, "at", "by", "item", "number", "act", "detail", "why", "waived"), rows)
