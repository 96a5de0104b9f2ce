"""What a 3-D printer is doing, and what happened between two looks at it."""

from __future__ import annotations

from enum import Enum

from attrs import frozen

from libops.base.errors import DeviceError

__all__ = [
    "NotOperational",
    "PrintEvent",
    "PrintEventKind",
    "PrinterBusy",
    "PrinterState",
    "PrinterStatus",
    "events_of",
]


class PrinterBusy(DeviceError):
    """The printer works on something else."""


class NotOperational(DeviceError):
    """The printer is switched off, not connected, or stopped by an error."""


class PrinterState(Enum):
    """What a printer is doing."""

    OFFLINE = "offline"
    """Nobody answers, or the printer is not connected to its server."""
    IDLE = "idle"
    PRINTING = "printing"
    PAUSED = "paused"
    CANCELLING = "cancelling"
    ERROR = "error"
    """Stopped by an error; the text says which."""

    @property
    def is_working(self) -> bool:
        """Whether a print is under way."""
        return self in (PrinterState.PRINTING, PrinterState.PAUSED, PrinterState.CANCELLING)


@frozen
class PrinterStatus:
    """One look at a printer: what it does, with which file, how far (0 to 100), for how many seconds, how many more.

    `text` is what the printer's server says of itself, for people.
    """

    state: PrinterState
    file: str = ""
    completion: float = 0.0
    seconds: int = 0
    seconds_left: int | None = None
    text: str = ""


class PrintEventKind(Enum):
    """What may happen to a print."""

    PROGRESS = "progress"
    DONE = "done"
    FAILED = "failed"
    OFFLINE = "offline"


@frozen
class PrintEvent:
    """What happened to a print, with the look at the printer that showed it."""

    kind: PrintEventKind
    file: str
    status: PrinterStatus


def events_of(before: PrinterStatus, after: PrinterStatus) -> tuple[PrintEvent, ...]:
    """What happened between two looks.

    A print that was under way and is not any more is done when it had reached 100 %, else failed (cancelled ones
    too). A printer that went offline says so once; the print it worked on has failed.

    >>> started = PrinterStatus(PrinterState.PRINTING, "bracket.gcode", 40.0)
    >>> ended = PrinterStatus(PrinterState.IDLE, "bracket.gcode", 100.0)
    >>> [event.kind.value for event in events_of(started, ended)]
    ['done']
    """
    events = []
    if after.state is PrinterState.OFFLINE and before.state is not PrinterState.OFFLINE:
        events.append(PrintEvent(PrintEventKind.OFFLINE, before.file, after))
    if before.state.is_working and not after.state.is_working:
        done = after.state is PrinterState.IDLE and after.file == before.file and after.completion >= 100
        events.append(PrintEvent(PrintEventKind.DONE if done else PrintEventKind.FAILED, before.file, after))
    elif after.state in (PrinterState.PRINTING, PrinterState.PAUSED) and after.completion != before.completion:
        events.append(PrintEvent(PrintEventKind.PROGRESS, after.file, after))
    return tuple(events)
