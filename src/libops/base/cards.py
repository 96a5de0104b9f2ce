"""Cards: small pieces of HTML that need no style sheet, for what a receipt, an answer or an account shows of itself.

A card is as light as paper, also in a dark notebook: it carries its colors and its font along.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["html_card", "html_grid", "html_pairs", "html_said", "text_pairs"]

STYLE = (
    "font:14px/1.45 ui-monospace,Menlo,Consolas,monospace;box-sizing:border-box;width:fit-content;min-width:24em;"
    "max-width:100%;overflow-x:auto;padding:1em 1.2em;margin:.5em 0;background:#fffdf7;border:1px solid #d8d2c2;"
    "border-radius:4px;color:#222;text-align:left"
)
CELL = "padding:0 1.2em 0 0;border:0;background:none;color:{color};text-align:left;vertical-align:top{more}"
LABEL = CELL.format(color="#6b675e", more=";white-space:nowrap;font-weight:normal")
TEXT = CELL.format(color="#222", more=";max-width:36em")
TABLE = "border-spacing:0;border:0;margin:0;font:inherit"
REFUSED = "#a03020"
LABEL_WIDTH = 14


def html_card(parts: Iterable[str], *, heading: str = "", refused: bool = False, language: str = "") -> str:
    """Parts that are HTML already, on a card; a refusal has a red edge. `language` is that of its words, if known."""
    style = f"{STYLE};border-left:4px solid {REFUSED}" if refused else STYLE
    head = f"<strong>{escape(heading)}</strong>" if heading else ""
    lang = f" lang='{escape(language)}'" if language else ""
    return f"<div{lang} style='{style}'>{head}{''.join(parts)}</div>"


def html_said(sentence: str, beside: str) -> str:
    """A sentence, and small below it what only some readers want."""
    return (
        f"<div style='max-width:44em;margin-top:.3em'>{escape(sentence)}"
        f"<div style='color:#6b675e;font-size:12px'>{escape(beside)}</div></div>"
    )


def html_pairs(pairs: Iterable[tuple[str, str]]) -> str:
    """Labels and what they say, one below the other.

    >>> html_pairs([("Due", "Tue 2026-03-24")]).count("Tue 2026-03-24")
    1
    """
    rows = "".join(
        f"<tr style='background:none'><th scope='row' style='{LABEL}'>{escape(label)}</th>"
        f"<td style='{TEXT}'>{escape(text)}</td></tr>"
        for label, text in pairs
    )
    return f"<table style='{TABLE}'>{rows}</table>"


def text_pairs(pairs: Iterable[tuple[str, str]]) -> str:
    """The same as plain text, all that is said in one column.

    >>> print(text_pairs([("Due:", "Tue 2026-03-24"), ("Called off:", "the way to EAST")]))
    Due:           Tue 2026-03-24
    Called off:    the way to EAST
    """
    rows = list(pairs)
    width = max([LABEL_WIDTH, *(len(label) for label, _ in rows)])
    return "\n".join(f"{label:<{width}} {text}" for label, text in rows)


def html_grid(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A small table with headed columns."""
    head = "".join(f"<th scope='col' style='{LABEL}'>{escape(name)}</th>" for name in heading)
    body = "".join(
        "<tr style='background:none'>"
        + "".join(f"<td style='{TEXT}'>{escape('' if cell is None else str(cell))}</td>" for cell in row)
        + "</tr>"
        for row in rows
    )
    return f"<table style='{TABLE}'><tr style='background:none'>{head}</tr>{body}</table>"
