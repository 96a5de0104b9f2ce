"""Labels: spine, pocket, barcode and patron card, placed on sheets in millimeters.

`arrange` puts labels on a sheet from a start position on, and says what it had to set smaller, break or refuse;
`html_sheets` makes a page to print. PDF, PNG and ZPL come from a plugin that draws the same places.
"""

from libops.processing.labels.arrange import arrange
from libops.processing.labels.bars import symbology_for, widths
from libops.processing.labels.model import (
    MM_PER_POINT,
    THINNEST_BAR,
    Block,
    Fit,
    FitNote,
    Label,
    LabelLayout,
    LabelRun,
    PlacedBarcode,
    PlacedLabel,
    PlacedText,
    Printer,
    Sheet,
    Symbology,
)
from libops.processing.labels.page import html_sheets, svg_page
from libops.processing.labels.stock import layout_from, sheet_from, shipped_layouts, shipped_sheets
from libops.processing.labels.terms import LabelTerms
from libops.processing.labels.typeset import Measure, break_line, text_width

__all__ = [
    "Block",
    "Fit",
    "FitNote",
    "Label",
    "LabelLayout",
    "LabelRun",
    "LabelTerms",
    "MM_PER_POINT",
    "Measure",
    "PlacedBarcode",
    "PlacedLabel",
    "PlacedText",
    "Printer",
    "Sheet",
    "Symbology",
    "THINNEST_BAR",
    "arrange",
    "break_line",
    "html_sheets",
    "layout_from",
    "sheet_from",
    "shipped_layouts",
    "shipped_sheets",
    "svg_page",
    "symbology_for",
    "text_width",
    "widths",
]
