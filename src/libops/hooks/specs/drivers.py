"""Drivers: the devices at the desk and in the stacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from attrs import field, frozen

from libops.hooks.markers import hookspec
from libops.hooks.specs.declared import asked, named, typed

if TYPE_CHECKING:  # the labels of a back room are no price that every plugin should pay
    from libops.processing.labels import LabelRun, Printer

__all__ = ["DeviceKind", "Driver", "LabelPrinter", "Scan", "Scanner", "libops_drivers"]


class DeviceKind(Enum):
    """What a device is for."""

    SCANNER = "scanner"
    RFID = "rfid"
    LABEL_PRINTER = "label_printer"
    RECEIPT_PRINTER = "receipt_printer"
    SELF_CHECK = "self_check"
    GATE = "gate"
    WAND = "wand"
    PRINTER_3D = "3d_printer"


@frozen
class Scan:
    """One thing read by a scanner: its text, the symbology if the device said so, when, and by which device.

    `problem` is empty for a good scan; otherwise it says what looks wrong (`incomplete`, `layout_suspect`).
    """

    text: str
    symbology: str
    at: datetime
    source: str
    problem: str = ""


class Scanner(Protocol):
    """An open scanner that is fed what its port delivers."""

    def feed(self, received: str, at: datetime) -> list[Scan]:
        """Take characters as they arrive and return the scans they complete; `at` is when they came."""
        ...

    def close(self) -> None:
        """Let go of the port."""
        ...


class LabelPrinter(Protocol):
    """An open label printer, as `ops.labels.print_on` uses it."""

    def capabilities(self) -> Printer:
        """What runs have to be arranged for: its resolution."""
        ...

    def render(self, run: LabelRun) -> bytes:
        """The run in the printer's language. Raises `InvalidValue` when it was arranged for another printer."""
        ...

    def submit(self, content: bytes) -> None:
        """Print. Raises `DeviceError` when it is not ready or does not answer."""
        ...

    def close(self) -> None:
        """Let go of the printer."""
        ...


@frozen
class Driver:
    """A driver: its name in the settings, the kind of device, how to open it, and a simulator of the same.

    `open(options)` gets the table `[devices.NAME]` of the settings, but for what is the desk's (`driver`, `asset`,
    `simulated`, `scan_faults`). `simulate(options)` returns a device of the same
    protocol that needs no hardware and can be told to fail. Both raise `DeviceError`.
    """

    name: str = field(validator=named)
    kind: DeviceKind = field(validator=typed(DeviceKind))
    open: Callable[[Mapping[str, Any]], Any] = field(validator=asked)
    simulate: Callable[[Mapping[str, Any]], Any] = field(validator=asked)


@hookspec
def libops_drivers() -> Iterable[Driver]:  # type: ignore[empty-body]
    """Hand over the device drivers this plugin brings."""
