"""A sheet of a run as a PNG picture, dot by dot: what a printer of that resolution would put down."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from libops.base.errors import InvalidValue
from libops.processing.labels import MM_PER_POINT, LabelRun, PlacedText, text_width

__all__ = ["png_sheet"]


def png_sheet(run: LabelRun, *, page: int = 1, font: str | Path | None = None) -> bytes:
    """One sheet as PNG at the resolution of the run's printer, black on white, with its size in dots per inch.

    `font` is a TrueType file; without it Pillow's own face is used. A text is never wider than it was placed.

    Raises `InvalidValue` for a page the run does not have.
    """
    if not 1 <= page <= run.pages:
        raise InvalidValue(f"page {page}: the run has {run.pages}")
    dots = run.printer.dots_per_inch
    scale = dots / 25.4
    size = (round(run.sheet.page_width * scale), round(run.sheet.page_height * scale))
    picture = Image.new("L", size, 255)
    pen = ImageDraw.Draw(picture)
    for label in run.on_page(page):
        for barcode in label.barcodes:
            top, bottom = round(barcode.y * scale), round((barcode.y + barcode.height) * scale)
            for x, width in barcode.bars:
                pen.rectangle((round(x * scale), top, round((x + width) * scale) - 1, bottom - 1), fill=0)
        for text in label.texts:
            face = _face(text, scale, font)
            pen.text((text.x * scale, text.y * scale), text.text, 0, face, anchor="ms" if text.centered else "ls")
    paper = BytesIO()
    picture.convert("1", dither=Image.Dither.NONE).save(paper, "PNG", dpi=(dots, dots), optimize=True)
    return paper.getvalue()


def _face(text: PlacedText, scale: float, font: str | Path | None) -> Any:
    """The face in the size placed, or smaller where this face is wider than the one measured."""
    size = text.size * MM_PER_POINT * scale
    room = text_width(text.text, text.size, text.bold) * scale
    while True:
        face = ImageFont.load_default(size) if font is None else ImageFont.truetype(str(font), size)
        wide = face.getlength(text.text)
        if wide <= room + 1:
            return face
        size *= min(0.98, room / wide)
