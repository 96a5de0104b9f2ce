"""The result of a stocktake to read, print and calculate with."""

from __future__ import annotations

from html import escape

from libops.inventory.model import (
    Finding,
    FindingKind,
    Misplacement,
    Seen,
    ShelfReading,
    Stocktake,
    StocktakeResult,
)
from libops.inventory.report.pages import csv_text, html_page, html_table

__all__ = ["shelf_reading_csv", "stocktake_csv", "stocktake_html"]

CAPTIONS = {
    FindingKind.MISSING: "Missing: should stand here, was not scanned",
    FindingKind.PENDING: "Not scanned yet",
    FindingKind.MISPLACED: "Misplaced: move between these two",
    FindingKind.WRONG_LOCATION: "Wrong location: belongs elsewhere",
    FindingKind.WRONG_STATUS: "Wrong status: stands here, the records say otherwise",
    FindingKind.DUPLICATE_BARCODE: "Duplicate barcode: two places or two records",
    FindingKind.UNKNOWN: "Unknown: no record has this barcode or tag",
    FindingKind.UNEXPECTED: "Unexpected: belongs here, was not on the list",
    FindingKind.MOVED: "Not scanned, moved by circulation meanwhile",
}
HEADING = (
    "finding",
    "barcode",
    "item",
    "call number",
    "title",
    "library",
    "location",
    "status",
    "put after",
    "put before",
    "seen by",
    "scan",
    "seen at",
    "also",
)


def _seen(seen: Seen | None) -> tuple[str | None, int | None, str | None]:
    if seen is None:
        return None, None, None
    where = f"{seen.device}, {seen.run}" if seen.run else seen.device
    return where, seen.number, seen.at.isoformat(timespec="seconds")


def _also(finding: Finding) -> str | None:
    """The other place of a barcode, or the other record that carries it."""
    if finding.also_seen is not None:
        where, number, _ = _seen(finding.also_seen)
        return f"{where}, scan {number}"
    return None if finding.also_item is None else f"{finding.also_item.item_id} {finding.also_item.title}"


def _row(finding: Finding) -> tuple[object, ...]:
    item, between = finding.item, finding.neighbors
    after = between.after.call_number if between and between.after else None
    before = between.before.call_number if between and between.before else None
    status = finding.status or (item.status if item else None)
    return (
        finding.kind.value,
        finding.text,
        item.item_id if item else None,
        item.call_number if item else None,
        item.title if item else None,
        item.library if item else None,
        item.location if item else None,
        status.value if status else None,
        after,
        before,
        *_seen(finding.seen),
        _also(finding),
    )


def stocktake_csv(result: StocktakeResult) -> str:
    """All findings of a result, one a line, in the order of the report. Times are UTC."""
    return csv_text(HEADING, (_row(finding) for finding in result.findings))


def stocktake_html(result: StocktakeResult, session: Stocktake) -> str:
    """A result as a page: what was counted, the numbers, then a table for each kind of finding that occurred."""
    scope = session.range
    where = ", ".join(part for part in (scope.library, scope.location, scope.call_numbers) if part)
    state = "final" if result.final else "live, counting goes on"
    numbers = [
        ("expected", result.expected),
        ("scans", result.scans),
        ("found", len(result.found)),
        ("found with something wrong", len(result.flagged)),
        ("missing", len(result.missing)),
        ("not scanned yet", len(result.pending)),
        ("rightly not on the shelf", len(result.away)),
        ("moved by circulation", len(result.moved)),
    ]
    intro = f"<p>{escape(where)}. Opened {session.opened_at:%Y-%m-%d %H:%M} UTC by {escape(session.opened_by)}."
    intro += f" Result of {result.at:%Y-%m-%d %H:%M} UTC ({state}), fingerprint {result.fingerprint}.</p>"
    parts = [intro, html_table("Numbers", ("what", "items"), numbers)]
    for kind, caption in CAPTIONS.items():
        found = result.of(kind)
        if found:
            parts.append(html_table(f"{caption} ({len(found)})", HEADING[1:], (_row(one)[1:] for one in found)))
    if not result.alarms:
        parts.append("<p>Nothing is wrong.</p>")
    return html_page(f"Stocktake {session.name}", parts)


def _move(one: Misplacement) -> tuple[object, ...]:
    after, before = one.neighbors.after, one.neighbors.before
    return (
        one.position,
        one.item.barcode,
        one.item.call_number,
        one.item.title,
        after.call_number if after else None,
        before.call_number if before else None,
        "; ".join(one.why),
    )


def shelf_reading_csv(reading: ShelfReading) -> str:
    """The items to move, in the order of where they go: position now, between which two, and why."""
    heading = ("position", "barcode", "call number", "title", "put after", "put before", "why")
    return csv_text(heading, (_move(one) for one in reading.misplaced))
