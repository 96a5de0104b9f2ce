"""From labels to places on a sheet: what fits is placed, what does not is set smaller, broken, or said so.

Nothing is ever cut. In order: the size of the layout; smaller, down to the smallest; long lines broken at a blank or
inside the decimals of a number; optional parts left out; a call number in running lines for the front cover; and
refused, with the reason, so that the run goes on without it.

>>> from libops.processing.labels.stock import shipped_layouts, shipped_sheets
>>> run = arrange([Label(of="31", call_number=("813.5409764", "F26"))], shipped_sheets()["5460-spine"],
...               shipped_layouts()["spine"], start=3)
>>> [text.text for text in run.labels[0].texts], run.labels[0].position
(['813.5409764', 'F26'], 3)
>>> print(*run.notes)
31: shrunk: 813.5409764 F26 is set in 7.5 points
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from attrs import evolve

from libops.base.errors import InvalidValue
from libops.processing.labels import bars
from libops.processing.labels.model import (
    MM_PER_POINT,
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
from libops.processing.labels.typeset import Measure, break_line, text_width

__all__ = ["arrange"]

QUIET = 10
"""Narrow bars of white that a scanner needs on each side."""
ASCENT = 0.75
"""How far above the baseline letters reach, as a part of the type size."""
STEP = 0.5
EXACT = ("barcode", "barcode_text")
PROSE = ("title", "author", "name", "library")


class Part(NamedTuple):
    """A block of one label: its lines, or the text of its bars."""

    block: Block
    lines: tuple[str, ...]


class Line(NamedTuple):
    """A line with its size."""

    block: Block
    text: str
    size: float


class Bars(NamedTuple):
    """Bars that fit: widths in narrow bars, and the narrow bar in mm."""

    block: Block
    text: str
    symbology: Symbology
    widths: tuple[float, ...]
    module: float
    wide: float


def arrange(
    labels: Iterable[Label],
    sheet: Sheet,
    layout: LabelLayout,
    *,
    start: int = 1,
    printer: Printer | None = None,
    measure: Measure = text_width,
) -> LabelRun:
    """Place labels on sheets, beginning with the label numbered `start` (1 is the first of the sheet).

    Returns the run; its notes say what was set smaller, broken, moved or refused, and why. Raises `InvalidValue` for
    a start that the sheet does not have, or an offset that moves labels off the page.
    """
    if not 1 <= start <= sheet.per_page:
        raise InvalidValue(f"start {start}: sheet {sheet.name!r} has labels 1 to {sheet.per_page}")
    printer = printer or Printer()
    _check_page(sheet, printer)
    placed, notes, place = [], [], start - 1
    for label in labels:
        fitted, said = _fitted(label, sheet, layout, printer, measure)
        notes += said
        if fitted is None:
            continue
        page, position = place // sheet.per_page + 1, place % sheet.per_page + 1
        placed.append(_put(label, fitted, page, position, sheet, layout, printer))
        place += 1
    return LabelRun(sheet, printer, tuple(placed), tuple(notes))


def _origin(sheet: Sheet, position: int, printer: Printer) -> tuple[float, float]:
    x, y = sheet.corner(position)
    return printer.offset_x + x * printer.scale_x, printer.offset_y + y * printer.scale_y


def _check_page(sheet: Sheet, printer: Printer) -> None:
    left, top = _origin(sheet, 1, printer)
    right, bottom = _origin(sheet, sheet.per_page, printer)
    right, bottom = right + sheet.width, bottom + sheet.height
    if min(left, top) < -0.01 or right > sheet.page_width + 0.01 or bottom > sheet.page_height + 0.01:
        raise InvalidValue(
            f"offset ({printer.offset_x}, {printer.offset_y}) and scale ({printer.scale_x}, {printer.scale_y}) put"
            f" labels of {sheet.name!r} from ({left:.2f}, {top:.2f}) to ({right:.2f}, {bottom:.2f}) mm: the page is"
            f" {sheet.page_width} x {sheet.page_height} mm"
        )


def _parts(label: Label, layout: LabelLayout) -> list[Part]:
    """The blocks that have something to say."""
    says = {
        "call_number_lines": label.call_number,
        "call_number": (" ".join(label.call_number),),
        "title": (label.title,),
        "author": (label.author,),
        "name": (label.name,),
        "library": (label.library,),
        "barcode": (label.barcode,),
        "barcode_text": (label.barcode,),
    }
    found = []
    for block in layout.blocks:
        # A barcode is what it is, blanks included.
        lines = says[block.what] if block.what in EXACT else [" ".join(line.split()) for line in says[block.what]]
        found.append(Part(block, tuple(line for line in lines if line.strip())))
    return [part for part in found if part.lines]


Fitted = list[Line | Bars]


def _fitted(
    label: Label, sheet: Sheet, layout: LabelLayout, printer: Printer, measure: Measure
) -> tuple[Fitted | None, list[FitNote]]:
    parts = _parts(label, layout)
    if not parts:
        return None, [FitNote(label.of, Fit.REFUSED, f"there is nothing to print on a label {layout.name!r}")]
    try:
        symbols = {part.block: _bars(part, sheet, layout, printer) for part in parts if part.block.what == "barcode"}
    except InvalidValue as cannot:
        return None, [FitNote(label.of, Fit.REFUSED, str(cannot))]
    notes: list[FitNote] = []
    while True:
        found = _first_fit(parts, symbols, sheet, layout, measure)
        if found is not None:
            return found, [*notes, *_notes(label, parts, found)]
        spare = next((part for part in reversed(parts) if part.block.optional), None)
        if spare is None or len(parts) == 1:
            break
        parts = [part for part in parts if part is not spare]
        notes.append(FitNote(label.of, Fit.LEFT_OUT, f"no room for the {spare.block.what} {' '.join(spare.lines)!r}"))
    return _for_front_cover(label, parts, sheet, layout, measure)


def _for_front_cover(
    label: Label, parts: list[Part], sheet: Sheet, layout: LabelLayout, measure: Measure
) -> tuple[Fitted | None, list[FitNote]]:
    told = " ".join(label.call_number) or label.barcode or label.name
    room = f"{sheet.width - 2 * layout.margin:.1f} x {sheet.height - 2 * layout.margin:.1f} mm"
    if layout.front_cover and any(part.block.what == "call_number_lines" for part in parts):
        running = [
            Part(evolve(part.block, what="call_number"), (" ".join(part.lines),))
            if part.block.what == "call_number_lines"
            else part
            for part in parts
        ]
        found = _first_fit(running, {}, sheet, evolve(layout, wrap=True, shrink=True), measure)
        if found is not None:
            return found, [FitNote(label.of, Fit.FRONT_COVER, f"{told} is too long for a spine of {room}")]
    smallest = min(part.block.smallest for part in parts)
    return None, [FitNote(label.of, Fit.REFUSED, f"{told!r} does not fit on {room}, not even in {smallest:g} points")]


def _first_fit(
    parts: list[Part], symbols: dict[Block, Bars], sheet: Sheet, layout: LabelLayout, measure: Measure
) -> Fitted | None:
    """The first of all ways that fits: whole lines before broken ones, large before small."""
    high = sheet.height - 2 * layout.margin
    for broken in (False, True) if layout.wrap else (False,):
        for less in _steps(parts, layout):
            found = _set(parts, symbols, sheet.width - 2 * layout.margin, less, broken, measure)
            if found is not None and _height(found, layout, lowest=True) <= high + 1e-6:
                return found
    return None


def _steps(parts: list[Part], layout: LabelLayout) -> Iterator[float]:
    """How many points smaller: 0, then by half points, as far as any part may go."""
    most = max((part.block.size - part.block.smallest for part in parts if part.block.what != "barcode"), default=0)
    for step in range(int(most / STEP) + 1 if layout.shrink else 1):
        yield step * STEP


def _set(
    parts: list[Part], symbols: dict[Block, Bars], room: float, less: float, broken: bool, measure: Measure
) -> Fitted | None:
    found: Fitted = []
    for block, lines in parts:
        if block.what == "barcode":
            found.append(symbols[block])
            continue
        size = max(block.smallest, block.size - less)
        for text in lines:
            if measure(text, size, block.bold) <= room:
                found.append(Line(block, text, size))
                continue
            # Sentences are meant to be broken; a call number only when nothing else helps.
            pieces = break_line(text, size, room, block.bold, measure) if broken or block.what in PROSE else None
            if pieces is None:
                return None
            found += [Line(block, piece, size) for piece in pieces]
    return found


def _height(found: Fitted, layout: LabelLayout, *, lowest: bool = False) -> float:
    total = 0.0
    for row in found:
        if isinstance(row, Line):
            total += row.size * MM_PER_POINT * layout.line_spacing
        else:
            total += (row.block.smallest if lowest else row.block.size) + layout.margin / 2
    return total


def _notes(label: Label, parts: list[Part], found: Fitted) -> list[FitNote]:
    notes = []
    for block, lines in parts:
        rows = [row for row in found if isinstance(row, Line) and row.block is block]
        if not rows:
            continue
        if rows[0].size < block.size:
            why = f"{' '.join(lines)} is set in {rows[0].size:g} points"
            notes.append(FitNote(label.of, Fit.SHRUNK, why))
        if len(rows) > len(lines) and block.what not in PROSE:
            notes.append(FitNote(label.of, Fit.WRAPPED, " / ".join(row.text for row in rows)))
    return notes


def _bars(part: Part, sheet: Sheet, layout: LabelLayout, printer: Printer) -> Bars:
    """The widest bars that fit with the white beside them. Raises `InvalidValue` where they would be too thin."""
    text = part.lines[0]
    symbology = layout.symbology or bars.symbology_for(text)
    least = printer.module()
    for wide in dict.fromkeys((layout.wide, 2.2)):
        ratio = _whole(wide, least, printer)
        found = bars.widths(text, symbology, wide=ratio)
        modules = sum(found) + 2 * QUIET
        module = min(layout.widest_bar, sheet.width / modules)
        if printer.whole_dots:
            module = int(module / printer.dot + 1e-6) * printer.dot
        if module >= least - 1e-9:
            ratio = _whole(wide, module, printer)
            found = bars.widths(text, symbology, wide=ratio)
            if (sum(found) + 2 * QUIET) * module <= sheet.width + 1e-6:
                return Bars(part.block, text, symbology, found, module, ratio)
    needed = modules * least
    raise InvalidValue(
        f"barcode {text!r} in {symbology.value} needs {needed:.1f} mm with bars of {least:.3f} mm, the thinnest that"
        f" can be read from {printer.dots_per_inch} dpi: the label is {sheet.width:.1f} mm wide"
    )


def _whole(wide: float, module: float, printer: Printer) -> float:
    """The width of wide bars, so that they too are whole dots where the printer needs it."""
    if not printer.whole_dots:
        return wide
    dots = round(module / printer.dot)
    return min(3.0, -(-round(dots * wide * 100) // 100) / dots)


def _put(
    label: Label, found: Fitted, page: int, position: int, sheet: Sheet, layout: LabelLayout, printer: Printer
) -> PlacedLabel:
    x, y = _origin(sheet, position, printer)
    spare = max(0.0, sheet.height - 2 * layout.margin - _height(found, layout, lowest=True))
    tall = [row for row in found if isinstance(row, Bars)]
    grow = {id(row): min(row.block.size - row.block.smallest, spare / len(tall)) for row in tall}
    spare -= sum(grow.values())
    at = y + layout.margin + (spare / 2 if layout.centered else 0.0)
    texts, barcodes = [], []
    for row in found:
        if isinstance(row, Line):
            left = x + sheet.width / 2 if layout.centered else x + layout.margin
            line = row.size * MM_PER_POINT
            texts.append(PlacedText(row.text, left, at + line * ASCENT, row.size, row.block.bold, layout.centered))
            at += line * layout.line_spacing
        else:
            height = row.block.smallest + grow[id(row)]
            barcodes.append(_placed_bars(row, x, at, height, sheet, printer))
            at += height + layout.margin / 2
    return PlacedLabel(label.of, page, position, x, y, tuple(texts), tuple(barcodes))


def _placed_bars(row: Bars, x: float, y: float, height: float, sheet: Sheet, printer: Printer) -> PlacedBarcode:
    width = sum(row.widths) * row.module
    left = x + (sheet.width - width) / 2
    if printer.whole_dots:
        left = round(left / printer.dot) * printer.dot
    edges, at = [], left
    for place, modules in enumerate(row.widths):
        if place % 2 == 0:
            edges.append((at, modules * row.module))
        at += modules * row.module
    return PlacedBarcode(row.text, row.symbology, left, y, width, height, row.module, row.wide, tuple(edges))
