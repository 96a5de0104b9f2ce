"""A run of labels in ZPL II, the language of thermal label printers: text and bars as commands, not as pictures.

Positions and bars are whole dots. The printer's own face (`^A0`) is narrower than the one the labels were measured
with, so that what fits there fits here. Text goes out as UTF-8 (`^CI28`).
"""

from __future__ import annotations

import re

from libops.base.errors import InvalidValue
from libops.processing.labels import MM_PER_POINT, LabelRun, PlacedBarcode, PlacedLabel, PlacedText, Symbology

__all__ = ["zpl_labels"]

ASCENT = 0.75
COMMANDS = re.compile(r"[\^~_]|[\x00-\x1f\x7f]")
"""Signs that would be commands inside a field, and those a printer does not print."""


def zpl_labels(run: LabelRun) -> str:
    """The pages of a run as formats `^XA` ... `^XZ`, one after the other.

    Raises `InvalidValue` where bars are not whole dots wide: the run was arranged for another printer.
    """
    return "".join(_page(run, page) for page in range(1, run.pages + 1))


def _page(run: LabelRun, page: int) -> str:
    dots = run.printer.dots_per_inch / 25.4
    width, height = round(run.sheet.page_width * dots), round(run.sheet.page_height * dots)
    rows = ["^XA", "^CI28", f"^PW{width}", f"^LL{height}", "^LH0,0"]
    for label in run.on_page(page):
        rows += [_bars(label, barcode, dots) for barcode in label.barcodes]
        rows += [_text(label, text, dots, run.sheet.width) for text in label.texts]
    return "\n".join([*rows, "^XZ", ""])


def _text(label: PlacedLabel, text: PlacedText, dots: float, width: float) -> str:
    size = text.size * MM_PER_POINT
    top, high = round((text.y - ASCENT * size) * dots), round(size * dots)
    left, block = round(text.x * dots), ""
    if text.centered:
        left, block = round(label.x * dots), f"^FB{round(width * dots)},1,0,C"
    return f"^FO{left},{top}^A0N,{high},{high}{block}{_field(text.text)}"


def _bars(label: PlacedLabel, barcode: PlacedBarcode, dots: float) -> str:
    module = barcode.module * dots
    if abs(module - round(module)) > 0.01:
        raise InvalidValue(
            f"label of {label.of}: bars of {barcode.module:.3f} mm are {module:.2f} dots of this printer: arrange the"
            " run with a `Printer` of its resolution, below 600 dpi"
        )
    left, top, high = round(barcode.x * dots), round(barcode.y * dots), round(barcode.height * dots)
    orders = {
        Symbology.CODABAR: f"^BKN,N,{high},N,N,A,B",
        Symbology.CODE_39: f"^B3N,N,{high},N,N",
        Symbology.CODE_128: f"^BCN,{high},N,N,N,A",
    }
    ratio = f"{barcode.wide:.1f}"
    return f"^FO{left},{top}^BY{round(module)},{ratio},{high}{orders[barcode.symbology]}{_field(barcode.text)}"


def _field(text: str) -> str:
    told = COMMANDS.sub(lambda found: f"_{ord(found[0]):02X}", text)
    return ("^FH_" if told != text else "") + f"^FD{told}^FS"
