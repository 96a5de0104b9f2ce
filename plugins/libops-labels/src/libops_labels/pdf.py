"""A run of labels as PDF: one page a sheet, lengths exact, bars as areas."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.lib.units import mm  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFError, TTFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from libops.base.errors import InvalidValue
from libops.processing.labels import MM_PER_POINT, LabelRun, Measure, PlacedLabel, PlacedText

__all__ = ["face_measure", "pdf_sheets"]

REGULAR, BOLD = "Helvetica", "Helvetica-Bold"


def pdf_sheets(run: LabelRun, *, title: str = "Labels", font: str | Path | None = None) -> bytes:
    """The sheets of a run as one PDF. Print it at actual size, not "fit to page".

    Args:
        run: made by `libops.processing.labels.arrange`.
        title: of the document.
        font: a TrueType file, for letters that Helvetica does not have; arrange the run with `face_measure` of it.

    Raises `InvalidValue` for letters the face does not have: they would come out as black boxes.
    """
    faces = (REGULAR, BOLD) if font is None else (_registered(font),) * 2
    paper = BytesIO()
    canvas = Canvas(paper, pagesize=(run.sheet.page_width * mm, run.sheet.page_height * mm), invariant=1)
    canvas.setTitle(title)
    for page in range(1, run.pages + 1):
        for label in run.on_page(page):
            _draw(canvas, label, run.sheet.page_height, faces)
        canvas.showPage()
    canvas.save()
    return paper.getvalue()


def face_measure(font: str | Path) -> Measure:
    """How wide text is in a TrueType file, for `arrange(measure=...)`."""
    name = _registered(font)

    def measure(text: str, size: float, bold: bool) -> float:
        return float(pdfmetrics.stringWidth(text, name, size)) * MM_PER_POINT

    return measure


def _registered(font: str | Path) -> str:
    name = Path(font).stem
    if name not in pdfmetrics.getRegisteredFontNames():
        try:
            pdfmetrics.registerFont(TTFont(name, str(font)))
        except TTFError as cannot:
            raise InvalidValue(f"typeface {str(font)!r} cannot be read: {cannot}") from None
    return name


def _draw(canvas: Any, label: PlacedLabel, page_height: float, faces: tuple[str, str]) -> None:
    for barcode in label.barcodes:
        bottom = page_height - barcode.y - barcode.height
        for x, width in barcode.bars:
            canvas.rect(x * mm, bottom * mm, width * mm, barcode.height * mm, stroke=0, fill=1)
    for text in label.texts:
        face = faces[text.bold]
        _check(text, face, label.of)
        canvas.setFont(face, text.size)
        draw = canvas.drawCentredString if text.centered else canvas.drawString
        draw(text.x * mm, (page_height - text.y) * mm, text.text)


def _check(text: PlacedText, face: str, of: str) -> None:
    if face in (REGULAR, BOLD):
        strange = [sign for sign in text.text if not _in_helvetica(sign)]
    else:
        known = pdfmetrics.getFont(face).face.charToGlyph
        strange = [sign for sign in text.text if ord(sign) not in known]
    if strange:
        raise InvalidValue(
            f"label of {of}: {text.text!r} has {strange[0]!r}, which {face} does not: give a TrueType file as `font`"
        )


def _in_helvetica(sign: str) -> bool:
    try:
        sign.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
