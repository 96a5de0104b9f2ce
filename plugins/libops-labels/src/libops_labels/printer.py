"""A label printer that speaks ZPL II over the network (raw port 9100)."""

from __future__ import annotations

import socket
from pathlib import Path

from attrs import frozen

from libops.base.errors import DeviceError, InvalidValue
from libops.processing.labels import LabelRun, Printer
from libops_labels.zpl import zpl_labels

__all__ = ["LabelPrinterStatus", "NotReady", "PrinterGone", "ZplFile", "ZplPrinter", "rendered"]


class NotReady(DeviceError):
    """The printer waits for a person: no labels, its head is open, or it is paused."""


class PrinterGone(DeviceError):
    """Nobody answers, or not within the deadline. What was sent may have been printed in part."""


@frozen
class LabelPrinterStatus:
    """What the printer says of itself; `waiting` are formats it has not printed yet."""

    paper_out: bool = False
    paused: bool = False
    head_open: bool = False
    ribbon_out: bool = False
    waiting: int = 0

    @property
    def troubles(self) -> tuple[str, ...]:
        """What a person has to do something about."""
        told = {
            "labels are out": self.paper_out,
            "it is paused": self.paused,
            "the head is open": self.head_open,
            "the ribbon is out": self.ribbon_out,
        }
        return tuple(trouble for trouble, there in told.items() if there)


class ZplPrinter:
    """One printer. Every call ends within `deadline` seconds or raises `PrinterGone`."""

    def __init__(self, host: str, *, port: int = 9100, dots_per_inch: int = 203, deadline: float = 5.0) -> None:
        self.host = host
        self.port = port
        self.deadline = deadline
        self.printer = Printer(dots_per_inch=dots_per_inch)

    def capabilities(self) -> Printer:
        """What runs have to be arranged for."""
        return self.printer

    def render(self, run: LabelRun) -> bytes:
        """The run in the printer's language. Raises `InvalidValue` when it was arranged for another resolution."""
        return rendered(run, self.printer)

    def submit(self, content: bytes) -> None:
        """Print. Raises `NotReady` before anything is sent, or when the printer stopped while it took the labels."""
        self._check("nothing was sent")
        self._talk(content, lines=0)
        self._check("it took the labels and holds them")

    def status(self) -> LabelPrinterStatus:
        """What the printer says of itself (`~HS`)."""
        return _status(self._talk(b"~HS", lines=3), self.host)

    def close(self) -> None:
        """There is nothing to let go of: each call is a connection of its own."""

    def _check(self, what: str) -> None:
        troubles = self.status().troubles
        if troubles:
            raise NotReady(f"label printer {self.host}: {', '.join(troubles)}; {what}")

    def _talk(self, sent: bytes, *, lines: int) -> bytes:
        heard = b""
        try:
            with socket.create_connection((self.host, self.port), self.deadline) as line:
                line.settimeout(self.deadline)
                line.sendall(sent)
                line.shutdown(socket.SHUT_WR)
                while (lines == 0 or heard.count(b"\x03") < lines) and (piece := line.recv(4096)):
                    heard += piece
        except OSError as gone:
            raise PrinterGone(f"label printer {self.host}:{self.port} does not answer: {gone}") from None
        return heard


class ZplFile:
    """A printer that is a file: the device of one on a USB cable (`/dev/usb/lp0`), or a folder's file that is fetched.

    It takes labels and tells nothing of itself.
    """

    def __init__(self, path: str, *, dots_per_inch: int = 203) -> None:
        self.path = Path(path)
        self.printer = Printer(dots_per_inch=dots_per_inch)

    def capabilities(self) -> Printer:
        """What runs have to be arranged for."""
        return self.printer

    def render(self, run: LabelRun) -> bytes:
        """The run in the printer's language. Raises `InvalidValue` when it was arranged for another resolution."""
        return rendered(run, self.printer)

    def submit(self, content: bytes) -> None:
        """Print: the labels go behind what is in the file. Raises `PrinterGone` when it cannot be written."""
        try:
            with self.path.open("ab") as file:
                file.write(content)
        except OSError as gone:
            raise PrinterGone(f"label printer {str(self.path)!r} cannot be written to: {gone}") from None

    def status(self) -> LabelPrinterStatus:
        """A file says nothing; it is taken to be ready."""
        return LabelPrinterStatus()

    def close(self) -> None:
        """There is nothing to let go of."""


def rendered(run: LabelRun, printer: Printer) -> bytes:
    """A run in ZPL II, if it was arranged for a printer of this resolution."""
    if run.printer.dots_per_inch != printer.dots_per_inch:
        raise InvalidValue(
            f"labels for {run.printer.dots_per_inch} dpi on a printer of {printer.dots_per_inch} dpi:"
            " arrange them with its `capabilities()`"
        )
    return zpl_labels(run).encode("utf-8")


def _status(heard: bytes, host: str) -> LabelPrinterStatus:
    rows = [row.split(b"\x03")[0].split(b",") for row in heard.split(b"\x02")[1:]]
    try:
        first, second = rows[0], rows[1]
        return LabelPrinterStatus(
            first[1] == b"1", first[2] == b"1", second[2] == b"1", second[3] == b"1", int(first[4])
        )
    except (IndexError, ValueError):
        raise DeviceError(
            f"label printer {host} says of itself {heard!r}: three lines of ZPL status expected"
        ) from None
