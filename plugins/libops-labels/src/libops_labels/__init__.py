"""Label sheets as PDF, PNG and ZPL II, and label printers that speak ZPL II, with a simulator that fails on demand.

Formats of kind `label`: `pdf`, `png`, `zpl`, each taking a `LabelRun` and returning bytes. The driver `zpl_printer`
takes `[devices.NAME]` with `host`, and if wanted `port` (9100), `dots_per_inch` (203) and `deadline` (seconds, 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from libops.base.errors import InvalidValue
from libops.hooks import DeviceKind, Driver, Format, hookimpl
from libops.processing.labels import LabelRun
from libops_labels.pdf import face_measure, pdf_sheets
from libops_labels.png import png_sheet
from libops_labels.printer import LabelPrinterStatus, NotReady, PrinterGone, ZplPrinter
from libops_labels.simulator import FAULTS, SimulatedZplPrinter
from libops_labels.zpl import zpl_labels

__all__ = [
    "FAULTS",
    "LabelPrinterStatus",
    "NotReady",
    "PrinterGone",
    "SimulatedZplPrinter",
    "ZplPrinter",
    "face_measure",
    "libops_drivers",
    "libops_formats",
    "open_printer",
    "pdf_sheets",
    "png_sheet",
    "simulate_printer",
    "zpl_labels",
]

libops_api = 1
"""The hook API this plugin was made for."""


def open_printer(options: Mapping[str, Any]) -> ZplPrinter:
    """The printer that the settings name; nothing is sent yet. Raises `InvalidValue` for an option it does not have."""
    known = _known(options, ("host", "port", "dots_per_inch", "deadline"))
    if "host" not in known:
        raise InvalidValue("zpl_printer needs the option 'host'")
    return ZplPrinter(known.pop("host"), **known)


def simulate_printer(options: Mapping[str, Any]) -> SimulatedZplPrinter:
    """A printer without hardware."""
    return SimulatedZplPrinter(**_known(options, ("dots_per_inch", "deadline")))


@hookimpl
def libops_drivers() -> Iterable[Driver]:
    """The driver `zpl_printer`."""
    return [Driver("zpl_printer", DeviceKind.LABEL_PRINTER, open_printer, simulate_printer)]


@hookimpl
def libops_formats() -> Iterable[Format]:
    """The label formats `pdf`, `png` and `zpl`."""
    return [Format("label", "pdf", pdf_sheets), Format("label", "png", _png_bytes), Format("label", "zpl", _zpl_bytes)]


def _png_bytes(run: LabelRun) -> bytes:
    if run.pages > 1:
        raise InvalidValue(f"a PNG shows one sheet and the run has {run.pages}: use `png_sheet` for each, or PDF")
    return png_sheet(run)


def _zpl_bytes(run: LabelRun) -> bytes:
    return zpl_labels(run).encode("utf-8")


def _known(options: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    for name in options:
        if name not in names:
            raise InvalidValue(f"zpl_printer has no option {name!r}; it has {', '.join(names)}")
    return dict(options)
