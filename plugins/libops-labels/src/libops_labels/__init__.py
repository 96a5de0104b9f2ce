"""Label sheets as PDF, PNG and ZPL II, and label printers that speak ZPL II, with a simulator that fails on demand.

Formats of kind `label`: `pdf`, `png`, `zpl`, each taking a `LabelRun` and returning bytes. The driver `zpl_printer`
takes `[devices.NAME]` with `host`, and if wanted `port` (9100), `dots_per_inch` (203) and `deadline` (seconds, 5); the
driver `zpl_file` takes `path` and `dots_per_inch`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from libops.base.errors import InvalidValue
from libops.hooks import DeviceKind, Driver, Format, hookimpl
from libops.processing.labels import LabelRun
from libops_labels.pdf import face_measure, pdf_sheets
from libops_labels.png import png_sheet
from libops_labels.printer import LabelPrinterStatus, NotReady, PrinterGone, ZplFile, ZplPrinter
from libops_labels.simulator import FAULTS, SimulatedZplPrinter
from libops_labels.zpl import zpl_labels

__all__ = [
    "FAULTS",
    "LabelPrinterStatus",
    "NotReady",
    "PrinterGone",
    "SimulatedZplPrinter",
    "ZplFile",
    "ZplPrinter",
    "face_measure",
    "libops_drivers",
    "libops_formats",
    "open_file",
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


def open_file(options: Mapping[str, Any]) -> ZplFile:
    """The file that the settings name. Raises `InvalidValue` for an option it does not have."""
    known = _known(options, ("path", "dots_per_inch"), "zpl_file")
    if "path" not in known:
        raise InvalidValue("zpl_file needs the option 'path'")
    return ZplFile(known.pop("path"), **known)


def simulate_printer(options: Mapping[str, Any]) -> SimulatedZplPrinter:
    """A printer without hardware; host and port of the real one are passed over."""
    known = _known(_but(options, "host", "port"), ("dots_per_inch", "deadline"))
    return SimulatedZplPrinter(**known)


@hookimpl
def libops_drivers() -> Iterable[Driver]:
    """The drivers `zpl_printer` and `zpl_file`."""
    printer = DeviceKind.LABEL_PRINTER
    return [
        Driver("zpl_printer", printer, open_printer, simulate_printer),
        Driver("zpl_file", printer, open_file, lambda options: simulate_printer(_but(options, "path"))),
    ]


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


def _but(options: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in names}


def _known(options: Mapping[str, Any], names: tuple[str, ...], driver: str = "zpl_printer") -> dict[str, Any]:
    for name in options:
        if name not in names:
            raise InvalidValue(f"{driver} has no option {name!r}; it has {', '.join(names)}")
    return dict(options)
