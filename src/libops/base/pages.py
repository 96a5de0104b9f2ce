"""How a table becomes CSV or a page of HTML that needs nothing else: no script, no font, no address."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from html import escape
from io import StringIO

__all__ = ["csv_text", "html_page", "html_table"]

STYLE = (
    "body{font:1rem/1.4 sans-serif;margin:2rem;max-width:75rem}"
    "div{overflow-x:auto}"
    "table{border-collapse:collapse;margin:1rem 0}"
    "caption{text-align:left;font-weight:bold;padding:.3rem 0}"
    "th,td{border:1px solid #999;padding:.2rem .5rem;text-align:left;vertical-align:top}"
    "th{background:#eee}td.number{text-align:right}"
    "@media print{body{margin:0}tr{break-inside:avoid}}"
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def _cell(value: object) -> str:
    """A cell as text. What a spreadsheet would take for a formula gets an apostrophe: titles come from outside."""
    text = "" if value is None else str(value)
    if isinstance(value, str) and text.startswith(FORMULA_STARTS):
        return f"'{text}"
    return text


def csv_text(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV (RFC 4180): comma, quotes where needed, lines ended by CR LF, heading first.

    >>> print(csv_text(["title", "copies"], [["Emma, annotated", 2]]))
    title,copies
    "Emma, annotated",2
    <BLANKLINE>
    """
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(heading)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def html_table(caption: str, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with caption and headed columns, as screen readers want it; numbers stand right."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heading)
    lines = [f"<div><table><caption>{escape(caption)}</caption>", f"<thead><tr>{head}</tr></thead><tbody>"]
    for row in rows:
        cells = []
        for value in row:
            number = ' class="number"' if isinstance(value, int | float) else ""
            cells.append(f"<td{number}>{escape('' if value is None else str(value))}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines.append("</tbody></table></div>")
    return "\n".join(lines)


def html_page(title: str, parts: Iterable[str], *, language: str = "en") -> str:
    """A whole page in a language, with a title and parts that are HTML already."""
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{escape(language)}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title><style>{STYLE}</style></head>",
            f"<body><h1>{escape(title)}</h1>",
            *parts,
            "</body></html>",
            "",
        ]
    )
