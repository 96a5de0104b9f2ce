"""Bars of a barcode: the widths of bars and spaces in turn, in narrow bars.

Codabar gets its start and stop letter, Code 39 its stars, Code 128 the choice of code sets and its check sign. What a
symbology cannot say is refused here: a scanner would read something else (`TCU-000014` as `TCU/M00014`).

>>> widths("31234000000013", Symbology.CODABAR, wide=2.5)[:7]
(1.0, 1.0, 2.5, 2.5, 1.0, 2.5, 1.0)
>>> sum(widths("1234", Symbology.CODE_128))
57.0
>>> widths("Zürich", Symbology.CODE_128)
Traceback (most recent call last):
...
libops.base.errors.InvalidValue: barcode 'Zürich' has 'ü': Code 128 prints ASCII from blank to tilde
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from libops.base.errors import InvalidValue
from libops.processing.labels.model import Symbology
from libops.processing.labels.stock import table

__all__ = ["symbology_for", "widths"]

Widths = tuple[float, ...]
START_B, START_C, TO_C, TO_B = 104, 105, 99, 100
DIGITS_FIRST = re.compile(r"(?:[0-9]{2})+")


@cache
def tables() -> dict[str, Any]:
    return table("symbologies.toml")


def symbology_for(text: str) -> Symbology:
    """Codabar for a 14-digit library barcode, Code 128 for anything else."""
    return Symbology.CODABAR if len(text) == 14 and text.isascii() and text.isdigit() else Symbology.CODE_128


def widths(text: str, symbology: Symbology, *, wide: float = 2.5) -> Widths:
    """Widths of bar, space, bar ... in narrow bars, from the first bar to the last.

    Raises `InvalidValue` for text that the symbology cannot say.
    """
    if not text:
        raise InvalidValue("barcode '' is empty: bars need a text")
    if symbology is Symbology.CODE_128:
        return tuple(float(width) for value in code_128(text) for width in value)
    signs = tables()[symbology.value]
    if symbology is Symbology.CODE_39:
        name, allowed, framed = "Code 39", signs.keys() - {"*"}, f"*{text}*"
    else:
        name, allowed, framed = "Codabar", signs.keys() - set("ABCD"), f"A{text}B"
    strange = next((sign for sign in text if sign not in allowed), None)
    if strange is not None:
        raise InvalidValue(f"barcode {text!r} has {strange!r}: {name} prints {''.join(sorted(allowed))!r}")
    bars = "n".join(signs[sign] for sign in framed)
    return tuple(wide if bar == "w" else 1.0 for bar in bars)


def code_128(text: str) -> list[str]:
    strange = next((sign for sign in text if not " " <= sign <= "~"), None)
    if strange is not None:
        raise InvalidValue(f"barcode {text!r} has {strange!r}: Code 128 prints ASCII from blank to tilde")
    values = code_values(text)
    check = (values[0] + sum(place * value for place, value in enumerate(values))) % 103
    found = tables()["code128"]
    return [found["widths"][value] for value in [*values, check]] + [found["stop"]]


def code_values(text: str) -> list[int]:
    """Digits in pairs (code set C) where four or more stand together, all else sign by sign (code set B)."""
    values: list[int] = []
    place, in_pairs = 0, False
    while place < len(text):
        pairs = DIGITS_FIRST.match(text, place)
        stretch = pairs.end() - place if pairs else 0
        if stretch >= 4 or (in_pairs and stretch >= 2) or (stretch == 2 == len(text)):
            if not in_pairs:
                values.append(TO_C if values else START_C)
            values += [int(text[at : at + 2]) for at in range(place, place + stretch, 2)]
            place, in_pairs = place + stretch, True
        else:
            if in_pairs or not values:
                values.append(TO_B if values else START_B)
            values.append(ord(text[place]) - 32)
            place, in_pairs = place + 1, False
    return values
