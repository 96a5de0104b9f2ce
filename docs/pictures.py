"""Draws the pictures of the documentation from the code; run it again when labels change: `python docs/pictures.py`."""

from __future__ import annotations

from pathlib import Path

from libops.classification import CallNumber, label_lines
from libops.processing.labels import Label, arrange, shipped_layouts, shipped_sheets, svg_page

HOME = Path(__file__).parent
SHELF = (
    ("813", "lcc", "QA76.73 .P98 L88 2001", "v. 2", "2"),
    ("814", "ddc", "R 220.3 B47", "v. 1", ""),
    ("815", "ddc", "378.7614955 STR", "", ""),
    ("816", "lcc", "PN1993.5.U65 S87 1994", "", ""),
    ("817", "sudocs", "Y 4.AG 8/3:C 73/2", "", ""),
    ("818", "anscr", "ES BEET 3B B", "", ""),
    ("819", "ddc", "E GAM", "", ""),
)


def spine_labels() -> str:
    """A card of spine labels, begun at the third, with the edges of the labels drawn."""
    labels = [
        Label(of=of, call_number=label_lines(CallNumber(scheme, number), enumeration=volume, copy=copy))
        for of, scheme, number, volume, copy in SHELF
    ]
    run = arrange(labels, shipped_sheets()["5460-spine"], shipped_layouts()["spine"], start=3)
    return svg_page(run, outlines=True) + "\n"


PICTURES = {"how-to/spine-labels.svg": spine_labels}

if __name__ == "__main__":
    for name, draw in PICTURES.items():
        (HOME / name).write_text(draw(), encoding="utf-8")
