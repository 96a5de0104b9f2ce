"""The result of a stocktake to read, print and calculate with."""

from __future__ import annotations

from datetime import datetime, tzinfo
from html import escape

from libops.base.pages import csv_text, html_page, html_table
from libops.base.spoken import Say, columns
from libops.inventory.model import (
    Finding,
    FindingKind,
    Misplacement,
    Seen,
    ShelfReading,
    Stocktake,
    StocktakeResult,
)
from libops.inventory.report.words import english

__all__ = ["shelf_reading_csv", "stocktake_csv", "stocktake_html"]

REPORTED = (
    FindingKind.MISSING,
    FindingKind.PENDING,
    FindingKind.MISPLACED,
    FindingKind.WRONG_LOCATION,
    FindingKind.WRONG_STATUS,
    FindingKind.DUPLICATE_BARCODE,
    FindingKind.UNKNOWN,
    FindingKind.UNEXPECTED,
    FindingKind.MOVED,
)
"""The findings in the order of the report."""
HEADING = (
    "finding",
    "barcode",
    "item",
    "call_number",
    "title",
    "library",
    "location",
    "status",
    "put_after",
    "put_before",
    "seen_by",
    "scan",
    "seen_at",
    "also",
)

READ = frozenset(HEADING) - {"finding", "item"}
"""What people read; programs have the rest in the CSV."""


def _seen(seen: Seen | None) -> tuple[str | None, int | None, datetime | None]:
    if seen is None:
        return None, None, None
    where = f"{seen.device}, {seen.run}" if seen.run else seen.device
    return where, seen.number, seen.at


def _also(finding: Finding, say: Say) -> str | None:
    """The other place of a barcode, or the other record that carries it."""
    if finding.also_seen is not None:
        where, number, _ = _seen(finding.also_seen)
        return say("stocktake.also_seen", where=where, number=number)
    return None if finding.also_item is None else f"{finding.also_item.item_id} {finding.also_item.title}"


def _row(finding: Finding, zone: tzinfo, say: Say, *, codes: bool = False) -> tuple[object, ...]:
    """A finding as a line; with `codes` its status as the records have it, and times with their zone, for programs."""
    item, between = finding.item, finding.neighbors
    after = between.after.call_number if between and between.after else None
    before = between.before.call_number if between and between.before else None
    status = finding.status or (item.status if item else None)
    where, number, at = _seen(finding.seen)
    seen_at = None if at is None else at.astimezone(zone)
    return (
        finding.kind.value,
        finding.text,
        item.item_id if item else None,
        item.call_number if item else None,
        item.title if item else None,
        item.library if item else None,
        item.location if item else None,
        (status.value if codes else say(f"status.{status.value}")) if status else None,
        after,
        before,
        where,
        number,
        (seen_at.isoformat(timespec="seconds") if codes else f"{seen_at:%Y-%m-%d %H:%M}") if seen_at else None,
        _also(finding, say),
    )


def stocktake_csv(result: StocktakeResult, *, say: Say = english) -> str:
    """All findings, one a line, in the order of the report. Times have their zone; findings and states are codes."""
    rows = (_row(finding, result.zone, say, codes=True) for finding in result.findings)
    return csv_text(columns(say, *HEADING), rows)


def stocktake_html(result: StocktakeResult, session: Stocktake, *, say: Say = english) -> str:
    """A result as a page: what was counted, the numbers, then a table for each kind of finding that occurred.

    `say` brings the words of another language: at the desk `ops.inventory.say`.
    """
    scope = session.range
    where = ", ".join(part for part in (scope.library, scope.location, scope.call_numbers) if part)
    numbers = {
        "expected": result.expected,
        "scans": result.scans,
        "found": len(result.found),
        "flagged": len(result.flagged),
        "missing": len(result.missing),
        "pending": len(result.pending),
        "away": len(result.away),
        "moved": len(result.moved),
    }
    intro = say(
        "stocktake.intro",
        where=where,
        opened=f"{session.opened_at.astimezone(result.zone):%Y-%m-%d %H:%M}",
        by=session.opened_by,
        at=f"{result.at.astimezone(result.zone):%Y-%m-%d %H:%M}",
        state=say("stocktake.final" if result.final else "stocktake.live"),
        fingerprint=result.fingerprint,
    )
    counted = [(say(f"stocktake.{name}"), number) for name, number in numbers.items()]
    parts = [
        f"<p>{escape(intro)}</p>",
        html_table(say("stocktake.numbers"), columns(say, "what", "items"), counted),
    ]
    for kind in REPORTED:
        found = [_row(one, result.zone, say) for one in result.of(kind)]
        # To be read beside the shelf: without the identifier, and without columns that say nothing there.
        told = [at for at, name in enumerate(HEADING) if name in READ and any(row[at] is not None for row in found)]
        if found:
            caption = f"{say(f'finding.{kind.value}')} ({len(found)})"
            heading = columns(say, *(HEADING[at] for at in told))
            parts.append(html_table(caption, heading, ([row[at] for at in told] for row in found)))
    if not result.alarms:
        parts.append(f"<p>{escape(say('stocktake.nothing_wrong'))}</p>")
    return html_page(say("stocktake.title", name=session.name), parts, language=say("language"))


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


def shelf_reading_csv(reading: ShelfReading, *, say: Say = english) -> str:
    """The items to move, in the order of where they go: position now, between which two, and why."""
    heading = columns(say, "position", "barcode", "call_number", "title", "put_after", "put_before", "why")
    return csv_text(heading, (_move(one) for one in reading.misplaced))
