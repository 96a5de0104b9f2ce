"""A sheet of labels as an HTML page with exact lengths: print it at 100 %, without margins of the browser's own.

>>> from libops.processing.labels.arrange import arrange
>>> from libops.processing.labels.model import Label
>>> from libops.processing.labels.stock import shipped_layouts, shipped_sheets
>>> run = arrange([Label(of="31", call_number=("QA", "76.73"))], shipped_sheets()["L7651"], shipped_layouts()["spine"])
>>> page = html_sheets(run)
>>> '<svg' in page and 'width="210mm"' in page and ">76.73</text>" in page
True
"""

from __future__ import annotations

from html import escape
from xml.sax.saxutils import quoteattr

from libops.processing.labels.model import MM_PER_POINT, LabelRun, PlacedBarcode, PlacedText
from libops.processing.labels.typeset import is_measured, text_width

__all__ = ["html_sheets", "svg_page"]

FACES = "Helvetica, Arial, 'Liberation Sans', sans-serif"
STYLE = (
    "@page {{ size: {width}mm {height}mm; margin: 0 }} body {{ margin: 0 }}"
    " svg {{ display: block; break-after: page }}"
    " @media screen {{ svg {{ margin: 1em auto; outline: 1px solid #ccc }} }}"
)


def html_sheets(run: LabelRun, *, title: str = "Labels", outlines: bool = False) -> str:
    """All sheets of a run as one page of HTML; `outlines` draws where the labels are, to try it on plain paper."""
    style = STYLE.format(width=_number(run.sheet.page_width), height=_number(run.sheet.page_height))
    pages = "\n".join(svg_page(run, page, outlines=outlines) for page in range(1, run.pages + 1))
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{style}</style>'
    return f"<!doctype html>\n<html><head>{head}</head><body>\n{pages}\n</body></html>\n"


def svg_page(run: LabelRun, page: int = 1, *, outlines: bool = False) -> str:
    """One sheet of a run as an SVG picture, a unit of it a millimeter of paper."""
    sheet = run.sheet
    width, height = _number(sheet.page_width), _number(sheet.page_height)
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm"'
        f' viewBox="0 0 {width} {height}" font-family="{FACES}" style="background:#fff">'
    ]
    if outlines:
        for position in range(1, sheet.per_page + 1):
            x, y = map(_number, sheet.corner(position))
            size = f'width="{_number(sheet.width)}" height="{_number(sheet.height)}"'
            drawn.append(f'<rect x="{x}" y="{y}" {size} fill="none" stroke="#999" stroke-width="0.1"/>')
    for label in run.on_page(page):
        drawn.append(f"<g data-of={quoteattr(label.of)}>")
        drawn += [_bars(barcode) for barcode in label.barcodes]
        drawn += [_text(text) for text in label.texts]
        drawn.append("</g>")
    return "\n".join([*drawn, "</svg>"])


def _bars(barcode: PlacedBarcode) -> str:
    top, height = _number(barcode.y), _number(barcode.height)
    path = "".join(f"M{_number(x)} {top}h{_number(width)}v{height}h-{_number(width)}z" for x, width in barcode.bars)
    return f'<path d="{path}" shape-rendering="crispEdges"/>'


def _text(text: PlacedText) -> str:
    more = (' font-weight="bold"' if text.bold else "") + (' text-anchor="middle"' if text.centered else "")
    place = f'x="{_number(text.x)}" y="{_number(text.y)}" font-size="{_number(text.size * MM_PER_POINT)}"'
    if text.text and is_measured(text.text, text.bold):
        # Where the computer has none of the FACES, another is pressed to this width: DejaVu would run over the edge.
        width = _number(text_width(text.text, text.size, text.bold))
        more += f' textLength="{width}" lengthAdjust="spacingAndGlyphs"'
    return f"<text {place}{more}>{escape(text.text, quote=False)}</text>"


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")
