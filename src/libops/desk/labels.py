"""Labels at the desk: of items and patron cards, placed on sheets, and drawn in a format that a plugin may bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from libops.base.errors import InvalidValue, NotFound
from libops.base.ids import LibraryCode
from libops.catalog.model import BibRecord
from libops.classification import CallNumber, detect, label_lines
from libops.desk.arguments import checks_arguments
from libops.desk.devices import DeviceDesk
from libops.desk.holders import Holders
from libops.desk.reads import Reads
from libops.desk.shell import Shell
from libops.hooks.registry import Registry
from libops.hooks.specs.drivers import DeviceKind
from libops.items.model import Item
from libops.processing.labels import (
    Label,
    LabelLayout,
    LabelRun,
    LabelTerms,
    Measure,
    Printer,
    Sheet,
    arrange,
    text_width,
)

__all__ = ["LabelDesk"]

Kind = TypeVar("Kind")


@checks_arguments()
class LabelDesk:
    """Labels. Nothing is written; what does not fit or could not be read is in the notes of the run.

    >>> import libops
    >>> from libops.testing.sample_library import ITEMS, sample_library
    >>> ops = libops.open()
    >>> sample_library(ops)
    >>> run = ops.labels.arrange([ITEMS[0][0], ITEMS[1][0]], start=5)
    >>> [(label.of, label.page, label.position) for label in run.labels]
    [('31234000000014', 1, 5), ('31234000000022', 1, 6)]
    >>> ops.labels.render(run)[:15]
    b'<!doctype html>'
    """

    def __init__(
        self,
        shell: Shell,
        registry: Registry,
        holders: Holders,
        library: LibraryCode,
        name_of: Callable[[LibraryCode], str],
        terms: LabelTerms,
        devices: Callable[[], DeviceDesk],
    ) -> None:
        self.shell = shell
        self.registry = registry
        self.holders = holders
        self.library = library
        self.name_of = name_of
        self.terms = terms
        self.devices = devices

    def arrange(
        self,
        items: Sequence[str],
        *,
        layout: str | LabelLayout = "spine",
        sheet: str | Sheet = "",
        start: int = 1,
        printer: Printer | None = None,
        measure: Measure = text_width,
    ) -> LabelRun:
        """Place the labels of items on sheets.

        Args:
            items: barcodes or identifiers, in the order in which they are printed.
            layout: a layout of the settings, a shipped one, or a `LabelLayout`.
            sheet: a sheet of the settings, a shipped one, or a `Sheet`; the settings name it when left out.
            start: the first label of the sheet that is still there, counted from 1.
            printer: resolution and offset; those of the settings when left out.
            measure: how wide a text is set.

        Raises `NotFound` for an item, layout or sheet there is none of, `InvalidValue` for a start off the sheet.
        """
        reads = Reads(self.shell.storage)
        labels = [self.label(reads, self.holders.item_or_raise(reads, item)) for item in items]
        return self.place(labels, layout, sheet or self.terms.sheet, start, printer, measure)

    def patron_cards(
        self,
        patrons: Sequence[str],
        *,
        layout: str | LabelLayout = "patron_card",
        sheet: str | Sheet = "",
        start: int = 1,
        printer: Printer | None = None,
        measure: Measure = text_width,
    ) -> LabelRun:
        """Place the cards of patrons, given by card or identifier, on sheets; asked and raised as for `arrange`.

        A patron who has no card, named by identifier, gets one without a barcode.
        """
        reads = Reads(self.shell.storage)
        labels = []
        for barcode in patrons:
            patron = self.holders.patron_or_raise(reads, barcode)
            home = self.name_of(patron.home_library or self.library)
            labels.append(Label(of=barcode, name=patron.name, barcode=patron.card or "", library=home))
        return self.place(labels, layout, sheet or self.terms.card_sheet, start, printer, measure)

    def print_on(
        self,
        device: str,
        barcodes: Sequence[str],
        *,
        layout: str | LabelLayout = "spine",
        sheet: str | Sheet = "",
        simulated: bool | None = None,
    ) -> LabelRun:
        """Print labels on a label printer of the settings (`[devices.NAME]`), arranged for its resolution.

        Args:
            device: the printer's name in the settings.
            barcodes: of items; of patrons for the layout `patron_card`.
            layout: a layout of the settings, or a shipped one.
            sheet: the labels on its roll, as a sheet of one label; that of the settings when left out.
            simulated: whether to print on the driver's simulator; as the settings say when left out.

        Returns:
            What was sent. Labels that do not fit are not printed and stand in `refused`, the rest is.

        Raises:
            NotFound: no such device, item, layout or sheet.
            InvalidValue: the device is no label printer, or bars would not be whole dots of it.
            DeviceError: it is not ready or does not answer; its ticket is open, and the error says what was sent.
        """
        with self.devices().open(device, simulated=simulated) as printer:
            if printer.watch.kind is not DeviceKind.LABEL_PRINTER:
                raise InvalidValue(f"device {device!r} is a {printer.watch.kind.value}, not a label printer")
            place = self.patron_cards if layout == "patron_card" else self.arrange
            run = place(barcodes, layout=layout, sheet=sheet, printer=printer.capabilities())
            if run.labels:
                printer.submit(printer.render(run))
        return run

    def render(self, run: LabelRun, format: str = "html") -> bytes:
        """The run in a format of kind `label`: `html` is built in, `pdf`, `png` and `zpl` come with a plugin.

        Raises `NotFound` with those there are.
        """
        drawn = self.registry.format("label", format)(run)
        if not isinstance(drawn, bytes):
            raise InvalidValue(f"label format {format!r} made a {type(drawn).__name__}: bytes are expected")
        return drawn

    def label(self, reads: Reads, item: Item) -> Label:
        """What the labels of an item say."""
        bib = reads.get(BibRecord, item.bib_id)
        scheme = item.call_number_scheme or detect(item.call_number).best.scheme
        lines = label_lines(
            CallNumber(scheme, item.call_number),
            enumeration=item.enumeration,
            chronology=item.chronology,
            copy=item.copy_number,
            policy=self.shell.filing,
            style=self.terms.style,
        )
        return Label(
            of=item.barcode or item.id,
            call_number=lines,
            title=bib.title if bib else "",
            author=bib.author if bib else "",
            library=self.name_of(item.home_library),
            barcode=item.barcode or "",
        )

    def place(
        self,
        labels: Sequence[Label],
        layout: str | LabelLayout,
        sheet: str | Sheet,
        start: int,
        printer: Printer | None,
        measure: Measure,
    ) -> LabelRun:
        chosen = named(self.terms.all_sheets, sheet, "sheet") if isinstance(sheet, str) else sheet
        wanted = named(self.terms.all_layouts, layout, "layout") if isinstance(layout, str) else layout
        return arrange(labels, chosen, wanted, start=start, printer=printer or self.terms.printer, measure=measure)


def named(there: Mapping[str, Kind], name: str, what: str) -> Kind:
    if name not in there:
        raise NotFound(f"no label {what} {name!r}; there are {', '.join(there)}")
    return there[name]
