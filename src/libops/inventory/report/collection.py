"""The collection report as CSV, as a page, and as a picture of the collection by class."""

from __future__ import annotations

from html import escape
from itertools import pairwise

from libops.base.pages import csv_text, html_page, html_table
from libops.base.spoken import Say, columns
from libops.inventory.model import AGE_BANDS, CollectionReport, RangeReport
from libops.inventory.report.words import english

__all__ = ["collection_csv", "collection_html", "collection_picture"]

COLORS = ("#1b6b3a", "#5aa469", "#e0b040", "#b5472f", "#9a9a9a")
"""From fresh to old, and gray for unknown; told apart in print by their order, which is the same in every bar."""
BEFORE_BANDS = ("range", "call_numbers", "level", "goal", "items", "titles")
AFTER_BANDS = ("median_year", "uses", "turnover", "unused", "unused_share", "added")

NAME_WIDTH, BAR_WIDTH, NUMBER_WIDTH = 220, 480, 100
ROW, BAR, TOP = 26, 18, 56


def _bands(say: Say) -> tuple[str, ...]:
    """The names of the bands of age, from fresh to old, then unknown."""
    return (
        say("collection.up_to", high=AGE_BANDS[0]),
        *(say("collection.between", low=low + 1, high=high) for low, high in pairwise(AGE_BANDS)),
        say("collection.over", low=AGE_BANDS[-1]),
        say("collection.year_unknown"),
    )


def _heading(say: Say) -> tuple[str, ...]:
    return (*columns(say, *BEFORE_BANDS), *_bands(say), *columns(say, *AFTER_BANDS))


def _row(line: RangeReport) -> tuple[object, ...]:
    share = line.unused_share
    return (
        line.name,
        line.call_numbers,
        line.level,
        line.goal,
        line.items,
        line.titles,
        *line.bands,
        line.median_year,
        line.uses,
        None if line.turnover is None else round(line.turnover, 2),
        line.unused,
        None if share is None else round(share * 100),
        line.added,
    )


def _lines(report: CollectionReport) -> list[RangeReport]:
    outside = [report.outside] if report.outside.items else []
    return [*report.ranges, *outside]


def collection_csv(report: CollectionReport, *, say: Say = english) -> str:
    """One line for each class range, then what lies outside them, then the whole collection."""
    return csv_text(_heading(say), (_row(line) for line in [*_lines(report), report.total]))


def collection_html(report: CollectionReport, *, say: Say = english) -> str:
    """The report as a page, with its picture; `say` brings the words of another language."""
    intro = f"<p>{escape(say('collection.intro', since=report.since, on=report.on))}</p>"
    rows = (_row(line) for line in [*_lines(report), report.total])
    table = html_table(say("collection.by_class"), _heading(say), rows)
    parts = [intro, collection_picture(report, say=say), table]
    return html_page(say("collection.title"), parts, language=say("language"))


def _bar(line: RangeReport, top: int, most: int, bands: tuple[str, ...]) -> list[str]:
    """One class range: its name, a bar as long as it has items, in bands of age, and the number."""
    label = escape(f"{line.name} {line.call_numbers}".strip())
    parts = [f'<text x="{NAME_WIDTH - 8}" y="{top + 13}" text-anchor="end">{label}</text>']
    done = 0
    for count, band, color in zip(line.bands, bands, COLORS, strict=True):
        if count:
            left, right = (NAME_WIDTH + round(BAR_WIDTH * at / most) for at in (done, done + count))
            said = f"<title>{label}: {count} {escape(band)}</title>"
            parts.append(
                f'<rect x="{left}" y="{top}" width="{right - left}" height="{BAR}" fill="{color}">{said}</rect>'
            )
        done += count
    end = NAME_WIDTH + round(BAR_WIDTH * line.items / most)
    return [*parts, f'<text x="{end + 6}" y="{top + 13}">{line.items}</text>']


def _legend(bands: tuple[str, ...]) -> list[str]:
    parts = []
    for number, (band, color) in enumerate(zip(bands, COLORS, strict=True)):
        left = 10 + number * 155
        parts.append(f'<rect x="{left}" y="30" width="12" height="12" fill="{color}"/>')
        parts.append(f'<text x="{left + 17}" y="40">{escape(band)}</text>')
    return parts


def collection_picture(report: CollectionReport, *, say: Say = english) -> str:
    """The collection by class as an SVG picture: a bar for each range, as long as it has items, colored by age.

    It carries its own title and description, so that it can be read aloud, and needs no script and no font.
    """
    lines, bands = _lines(report), _bands(say)
    most = max((line.items for line in lines), default=0) or 1
    width, height = NAME_WIDTH + BAR_WIDTH + NUMBER_WIDTH, TOP + ROW * len(lines) + 10
    told = "; ".join(say("collection.range", name=line.name, items=line.items) for line in lines)
    total = say("collection.total", items=report.total.items, titles=report.total.titles)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12" style="background:#fff">',
        f"<title>{escape(say('collection.picture', on=report.on))}</title>",
        f"<desc>{escape(told)}</desc>",
        f'<text x="10" y="18" font-weight="bold">{escape(total)}</text>',
        *_legend(bands),
    ]
    for number, line in enumerate(lines):
        parts += _bar(line, TOP + ROW * number, most, bands)
    return "\n".join([*parts, "</svg>"])
