"""Labels as values: what stands on one, the sheet it is printed on, the printer, and where everything is put.

All lengths are millimeters from the upper left corner of the page; type sizes are points.

>>> sheet = Sheet("trial", "A trial sheet", page_width=210, page_height=297, columns=5, rows=13,
...               width=38.1, height=21.2, left=4.75, top=10.7, pitch_x=40.6, pitch_y=21.2)
>>> sheet.per_page, sheet.corner(7)
(65, (45.35, 31.9))
>>> Printer(dots_per_inch=203).module(0.2)
0.25...
"""

from __future__ import annotations

from enum import Enum
from math import ceil
from typing import Any

from attrs import field, frozen

from libops.base.errors import InvalidValue

__all__ = [
    "Block",
    "Fit",
    "FitNote",
    "Label",
    "LabelLayout",
    "LabelRun",
    "MM_PER_POINT",
    "PlacedBarcode",
    "PlacedLabel",
    "PlacedText",
    "Printer",
    "Sheet",
    "Symbology",
    "THINNEST_BAR",
]

MM_PER_POINT = 25.4 / 72
THINNEST_BAR = 0.19
"""Thinner bars were not read back reliably from a printed page at 600 dpi."""
FINE_PRINTER = 600
"""From so many dots per inch on a bar may be a fraction of dots wide; below, scanners meet uneven bars."""


class Symbology(Enum):
    """Which bars."""

    CODABAR = "codabar"
    """Digits with start and stop letters: the usual code of 14-digit library barcodes."""
    CODE_39 = "code39"
    """Capitals, digits and a few signs."""
    CODE_128 = "code128"
    """Any ASCII text; two digits in the room of one sign."""


def _above_zero(value: object, attribute: Any, given: Any) -> None:
    if not given > 0:
        raise InvalidValue(f"{attribute.name} is {given}: a length or number above 0 is wanted")


@frozen(kw_only=True)
class Printer:
    """How a printer departs from the page it was given.

    `offset_x` and `offset_y` move every label (right and down, in mm); `scale_x` and `scale_y` widen the distances
    between labels, for a printer that drifts over the sheet. Bars keep their width.

    Raises `InvalidValue` for a resolution or scale of 0 or below.
    """

    dots_per_inch: int = field(default=600, validator=_above_zero)
    offset_x: float = 0.0
    offset_y: float = 0.0
    scale_x: float = field(default=1.0, validator=_above_zero)
    scale_y: float = field(default=1.0, validator=_above_zero)

    @property
    def dot(self) -> float:
        """The width of a dot in mm."""
        return 25.4 / self.dots_per_inch

    @property
    def whole_dots(self) -> bool:
        """Whether a bar has to be a whole number of dots wide."""
        return self.dots_per_inch < FINE_PRINTER

    def module(self, least: float = THINNEST_BAR) -> float:
        """The narrowest bar in mm that this printer makes well and that is no thinner than `least`."""
        least = max(least, THINNEST_BAR)
        return ceil(round(least / self.dot, 6)) * self.dot if self.whole_dots else least


@frozen
class Sheet:
    """A sheet of labels, or one label of a roll: how many, how large, where the first one is and how far the next.

    Raises `InvalidValue` when labels overlap or do not fit on the page.
    """

    name: str
    title: str
    page_width: float = field(kw_only=True, validator=_above_zero)
    page_height: float = field(kw_only=True, validator=_above_zero)
    columns: int = field(kw_only=True, validator=_above_zero)
    rows: int = field(kw_only=True, validator=_above_zero)
    width: float = field(kw_only=True, validator=_above_zero)
    height: float = field(kw_only=True, validator=_above_zero)
    left: float = field(kw_only=True)
    top: float = field(kw_only=True)
    pitch_x: float = field(kw_only=True)
    pitch_y: float = field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        if (self.columns > 1 and self.pitch_x < self.width) or (self.rows > 1 and self.pitch_y < self.height):
            raise InvalidValue(f"sheet {self.name!r}: the next label is nearer than a label is large")
        right = self.left + (self.columns - 1) * self.pitch_x + self.width
        bottom = self.top + (self.rows - 1) * self.pitch_y + self.height
        if min(self.left, self.top) < 0 or right > self.page_width + 0.01 or bottom > self.page_height + 0.01:
            raise InvalidValue(
                f"sheet {self.name!r}: its labels reach from ({self.left}, {self.top}) to ({right:.2f}, {bottom:.2f})"
                f" mm on a page of {self.page_width} x {self.page_height} mm"
            )

    @property
    def per_page(self) -> int:
        """Labels on a page."""
        return self.columns * self.rows

    def corner(self, position: int) -> tuple[float, float]:
        """The upper left corner of a label; positions count from 1, row by row."""
        row, column = divmod(position - 1, self.columns)
        return round(self.left + column * self.pitch_x, 4), round(self.top + row * self.pitch_y, 4)


@frozen(kw_only=True)
class Block:
    """A part of a layout: what is printed there, from which size down to which.

    `what` is `call_number_lines` (broken as on a spine), `call_number` (on one line), `title`, `author`, `name`,
    `library`, `barcode` or `barcode_text`. `size` and `smallest` are points for text; for bars they are the tallest
    and the lowest height in mm. `optional` text is left out whole, and reported, when there is no room.
    """

    what: str
    size: float = field(default=10.0, validator=_above_zero)
    smallest: float = field(default=6.0, validator=_above_zero)
    bold: bool = False
    optional: bool = False

    def __attrs_post_init__(self) -> None:
        if self.what not in CONTENTS:
            raise InvalidValue(f"a label has no {self.what!r}; it has {', '.join(CONTENTS)}")
        if self.smallest > self.size:
            raise InvalidValue(f"the smallest size {self.smallest} of {self.what!r} is above its size {self.size}")


CONTENTS = ("call_number_lines", "call_number", "title", "author", "name", "library", "barcode", "barcode_text")


@frozen(kw_only=True)
class LabelLayout:
    """How a kind of label is laid out: its blocks from top to bottom, and the margin that stays free.

    `widest_bar` is the width of a narrow bar in mm where there is room; `wide` is how much wider the wide bars of
    Codabar and Code 39 are. `symbology` None chooses Codabar for 14 digits, and Code 128 for all else. `front_cover`
    lets a call number that is too long for the spine become a label for the front cover.
    """

    name: str
    blocks: tuple[Block, ...]
    margin: float = 1.0
    line_spacing: float = field(default=1.1, validator=_above_zero)
    centered: bool = False
    symbology: Symbology | None = None
    widest_bar: float = 0.33
    wide: float = field(default=2.5)
    shrink: bool = True
    wrap: bool = True
    front_cover: bool = True

    @wide.validator
    def _wide_enough(self, attribute: object, value: float) -> None:
        # Codabar and Code 39 with narrow bars under 0.5 mm: 2.2 to 3 (EN 798, ISO/IEC 16388).
        if not 2.2 <= value <= 3:
            raise InvalidValue(f"wide bars {value} times as wide as narrow ones: 2.2 to 3 can be read")


@frozen(kw_only=True)
class Label:
    """What one label says. `of` names the item or the patron, for the report."""

    of: str
    call_number: tuple[str, ...] = ()
    title: str = ""
    author: str = ""
    name: str = ""
    library: str = ""
    barcode: str = ""


class Fit(Enum):
    """How a label was made to fit."""

    SHRUNK = "shrunk"
    """Printed smaller than the layout says."""
    WRAPPED = "wrapped"
    """A long line goes on in the next one."""
    FRONT_COVER = "front cover"
    """Too long for the spine: set in running lines, for the front cover."""
    LEFT_OUT = "left out"
    """An optional part had no room."""
    REFUSED = "refused"
    """Not printed: what is on it cannot be read or does not fit."""


@frozen
class FitNote:
    """What had to be done to one label, and why."""

    of: str
    fit: Fit
    why: str

    def __str__(self) -> str:
        return f"{self.of}: {self.fit.value}: {self.why}"


@frozen
class PlacedText:
    """A line of text: `x` is its left end, or its middle when `centered`; `y` is its baseline."""

    text: str
    x: float
    y: float
    size: float
    bold: bool = False
    centered: bool = False


@frozen
class PlacedBarcode:
    """Bars. `bars` are left edge and width of each, in mm from the page's left edge."""

    text: str
    symbology: Symbology
    x: float
    y: float
    width: float
    height: float
    module: float
    wide: float
    bars: tuple[tuple[float, float], ...]


@frozen
class PlacedLabel:
    """A label on its page; pages and positions count from 1."""

    of: str
    page: int
    position: int
    x: float
    y: float
    texts: tuple[PlacedText, ...]
    barcodes: tuple[PlacedBarcode, ...]


@frozen
class LabelRun:
    """Labels placed on sheets, ready to print, and what had to be done to make them fit."""

    sheet: Sheet
    printer: Printer
    labels: tuple[PlacedLabel, ...]
    notes: tuple[FitNote, ...] = ()

    @property
    def pages(self) -> int:
        """How many sheets are used."""
        return max((label.page for label in self.labels), default=0)

    @property
    def refused(self) -> tuple[FitNote, ...]:
        """The labels that are not printed."""
        return tuple(note for note in self.notes if note.fit is Fit.REFUSED)

    @property
    def next_start(self) -> int:
        """Where the next run may start on the last sheet; 1 when that sheet is full."""
        if not self.labels:
            return 1
        return self.labels[-1].position % self.sheet.per_page + 1

    def on_page(self, page: int) -> tuple[PlacedLabel, ...]:
        """The labels of one sheet."""
        return tuple(label for label in self.labels if label.page == page)
