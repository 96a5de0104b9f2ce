"""A 3-D printer behind OctoPrint."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from libops.base.errors import DeviceError
from libops_octoprint.rest import Rest
from libops_octoprint.status import NotOperational, PrinterBusy, PrinterState, PrinterStatus, PrintEvent, events_of

__all__ = ["OctoPrinter"]

NOTHING_SEEN = PrinterStatus(PrinterState.OFFLINE)


class OctoPrinter:
    """One printer. Every call ends within the deadline it was opened with, or raises `DeviceError`.

    `PrinterBusy` and `NotOperational` are its two kinds that the desk can do something about.
    """

    def __init__(self, rest: Rest) -> None:
        self.rest = rest
        self.seen = NOTHING_SEEN

    def connect(self, port: str | None = None) -> None:
        """Let the server connect to the printer; on the `port` named, else on the one it finds."""
        self.rest.post("/api/connection", {"command": "connect"} | ({"port": port} if port else {}))

    def disconnect(self) -> None:
        """Let the server let go of the printer."""
        self.rest.post("/api/connection", {"command": "disconnect"})

    def upload(self, name: str, content: bytes) -> str:
        """Send a file to the server's own storage; returns the path under which it can be started."""
        answer = self.rest.post_file("/api/files/local", name, content)
        try:
            return str(answer["files"]["local"]["path"])
        except (KeyError, TypeError):
            raise DeviceError(f"{self.rest.url} took {name!r} but does not say where: {answer!r}") from None

    def start(self, path: str) -> None:
        """Print an uploaded file; raises `PrinterBusy` while another print is under way."""
        now = self.status()
        if now.state.is_working:
            raise PrinterBusy(f"{self.rest.url} is {now.state.value} {now.file!r}: wait or cancel it before {path!r}")
        if now.state is not PrinterState.IDLE:
            raise NotOperational(f"{self.rest.url} is {now.state.value} ({now.text}): mend or connect it first")
        self.rest.post(f"/api/files/local/{quote(path)}", {"command": "select", "print": True})

    def pause(self) -> None:
        """Hold the print."""
        self.rest.post("/api/job", {"command": "pause", "action": "pause"})

    def resume(self) -> None:
        """Go on with a print that is held."""
        self.rest.post("/api/job", {"command": "pause", "action": "resume"})

    def cancel(self) -> None:
        """Give the print up."""
        self.rest.post("/api/job", {"command": "cancel"})

    def status(self) -> PrinterStatus:
        """What the printer is doing; raises `DeviceError` when its server does not answer."""
        answer = self.rest.get("/api/job")
        try:
            return _status(answer)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise DeviceError(f"{self.rest.url} tells of its job in a form that is not known: {answer!r}") from None

    def poll(self) -> tuple[PrintEvent, ...]:
        """Look at the printer and tell what happened since the last look; a server that is silent is offline."""
        try:
            now = self.status()
        except DeviceError as silent:
            now = PrinterStatus(PrinterState.OFFLINE, self.seen.file, text=str(silent))
        before, self.seen = self.seen, now
        return events_of(before, now)

    def close(self) -> None:
        """There is nothing to let go of: each call is a connection of its own."""


def _status(answer: Any) -> PrinterStatus:
    progress, text = answer.get("progress") or {}, str(answer["state"])
    left = progress.get("printTimeLeft")
    return PrinterStatus(
        _state(text),
        str((answer["job"].get("file") or {}).get("name") or ""),
        float(progress.get("completion") or 0),
        int(progress.get("printTime") or 0),
        None if left is None else int(left),
        text if not answer.get("error") else f"{text}: {answer['error']}",
    )


def _state(text: str) -> PrinterState:
    word = text.lower()
    if word.startswith(("offline after error", "error")):
        return PrinterState.ERROR
    known = {
        "operational": PrinterState.IDLE,
        "paused": PrinterState.PAUSED,
        "cancelling": PrinterState.CANCELLING,
    }
    # "Pausing" is not paused yet: a resume that comes then is lost (seen in 1.11).
    if word.startswith(("printing", "pausing", "resuming", "starting", "finishing", "transferring")):
        return PrinterState.PRINTING
    return known.get(word, PrinterState.OFFLINE)
