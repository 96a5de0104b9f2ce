"""A printer without hardware: a local server that answers as OctoPrint does, and fails on demand."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from libops.base.errors import InvalidValue
from libops_octoprint.printer import OctoPrinter
from libops_octoprint.rest import Rest

__all__ = ["FAULTS", "SimulatedOctoPrint", "SimulatedPrinter"]

FAULTS = {
    "silent": "the server takes the call and never answers",
    "unplugged": "the printer is not connected",
    "jammed": "the print under way stops with an error",
    "forbidden": "the key is not accepted",
    "garbage": "the answer is a page for people, not JSON",
    "broken": "the server fails with 500",
}
"""What can be made to go wrong."""

KEY = "simulated-key"
NAME = re.compile(rb'filename="([^"]+)"')


class SimulatedOctoPrint:
    """The state of a printer and its server, as OctoPrint 1.11 tells it.

    Time passes only by `advance`; a print takes as long as it is told to.
    """

    def __init__(self, *, print_seconds: int = 60) -> None:
        self.print_seconds = print_seconds
        self.faults: set[str] = set()
        self.files: dict[str, bytes] = {}
        self.state, self.error = "Operational", ""
        self.selected, self.elapsed = "", 0
        self.lock = threading.RLock()
        self.woken = threading.Event()

    def advance(self, seconds: int) -> None:
        """Let the print go on for so many seconds."""
        with self.lock:
            if self.state == "Printing":
                self.elapsed = min(self.print_seconds, self.elapsed + seconds)
                if self.elapsed == self.print_seconds:
                    self.state = "Operational"

    def fail(self, fault: str) -> None:
        """Turn a fault on; raises `InvalidValue` with the names there are."""
        if fault not in FAULTS:
            raise InvalidValue(f"fault {fault!r}: there are {', '.join(sorted(FAULTS))}")
        with self.lock:
            self.faults.add(fault)
            if fault == "unplugged":
                self._stop("Offline")
            elif fault == "jammed" and self.state in ("Printing", "Paused"):
                self._stop("Offline after error", "Thermal runaway")

    def mend(self) -> None:
        """Turn all faults off; a printer that lost its connection has to be connected again."""
        with self.lock:
            self.faults.clear()
        self.woken.set()

    def answer(self, method: str, path: str, key: str, body: bytes) -> tuple[int, object]:
        """The status and the value that the server answers with."""
        with self.lock:
            if key != KEY or "forbidden" in self.faults:
                return 403, {"error": "You don't have the permission to access the requested resource."}
            if "broken" in self.faults:
                return 500, {"error": "Internal server error"}
            if path == "/api/job" and method == "GET":
                return 200, self._job()
            if path == "/api/files/local" and method == "POST":
                return self._take(body)
            if method == "POST" and path in ("/api/job", "/api/connection"):
                order = json.loads(body)
                return self._order(order) if path == "/api/job" else self._connection(order)
            if path.startswith("/api/files/local/") and method == "POST":
                return self._select(unquote(path.removeprefix("/api/files/local/")), json.loads(body))
            return 404, {"error": "not found"}

    def _stop(self, state: str, error: str = "") -> None:
        # A server without its printer has no file selected either.
        self.state, self.error, self.selected, self.elapsed = state, error, "", 0

    def _job(self) -> object:
        share = 100 * self.elapsed / self.print_seconds if self.selected else None
        left = self.print_seconds - self.elapsed if self.selected else None
        told: dict[str, Any] = {
            "job": {"file": {"name": self.selected or None}},
            "progress": {"completion": share, "printTime": self.elapsed or None, "printTimeLeft": left},
            "state": self.state,
        }
        return told | ({"error": self.error} if self.error else {})

    def _take(self, body: bytes) -> tuple[int, object]:
        head, _, rest = body.partition(b"\r\n\r\n")
        found = NAME.search(head)
        if found is None:
            return 400, {"error": "No file to upload and no folder to create"}
        name = found[1].decode()
        if not name.endswith((".gcode", ".gco", ".g")):
            return 415, {"error": "Could not upload file, invalid type"}
        if name == self.selected and self.state in ("Printing", "Paused"):
            return 409, {"error": "Trying to overwrite file that is currently being printed"}
        self.files[name] = rest.rpartition(b"\r\n--")[0]
        return 201, {"done": True, "files": {"local": {"name": name, "path": name, "origin": "local"}}}

    def _select(self, path: str, order: dict[str, Any]) -> tuple[int, object]:
        if path not in self.files:
            return 404, {"error": "not found"}
        if self.state not in ("Operational", "Printing", "Paused"):
            return 409, {"error": "Printer is not operational, cannot directly start printing"}
        if self.state != "Operational":
            return 409, {"error": "Trying to select a file while a print job is already active"}
        self.selected, self.elapsed = path, 0
        if order.get("print"):
            self.state = "Printing"
        return 204, None

    def _order(self, order: dict[str, Any]) -> tuple[int, object]:
        command, action = order.get("command"), order.get("action")
        if self.state not in ("Operational", "Printing", "Paused"):
            return 409, {"error": "Printer is not operational"}
        if self.state == "Operational":
            return 409, {"error": f"Printer is neither printing nor paused, '{command}' command cannot be performed"}
        if command == "cancel":
            self.state = "Operational"
        elif command == "pause":
            self.state = {"pause": "Paused", "resume": "Printing"}[str(action)]
        else:
            return 409, {"error": "Printer already has an active print job"}
        return 204, None

    def _connection(self, order: dict[str, Any]) -> tuple[int, object]:
        if order.get("command") == "disconnect":
            self._stop("Offline")
        elif "unplugged" in self.faults:
            return 204, None
        elif self.state not in ("Printing", "Paused"):
            self.state, self.error = "Operational", ""
        return 204, None


class SimulatedPrinter(OctoPrinter):
    """A printer with the protocol of the real one, over HTTP to a simulated server on 127.0.0.1.

    `octoprint` is that server: `fail(fault)`, `mend()`, `advance(seconds)`.
    """

    def __init__(self, *, print_seconds: int = 60, deadline: float = 5.0) -> None:
        self.octoprint = SimulatedOctoPrint(print_seconds=print_seconds)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self.octoprint))
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()
        super().__init__(Rest(f"http://127.0.0.1:{self.server.server_address[1]}", KEY, deadline))

    def fail(self, fault: str) -> None:
        """Turn a fault on: one of `FAULTS`."""
        self.octoprint.fail(fault)

    def mend(self) -> None:
        """Turn all faults off."""
        self.octoprint.mend()

    def advance(self, seconds: int) -> None:
        """Let the print go on."""
        self.octoprint.advance(seconds)

    def close(self) -> None:
        """Stop the server."""
        self.octoprint.mend()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def _handler(octoprint: SimulatedOctoPrint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer("GET")

        def do_POST(self) -> None:
            self.answer("POST")

        def answer(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if "silent" in octoprint.faults:
                octoprint.woken.clear()
                octoprint.woken.wait(30)
                return
            if "garbage" in octoprint.faults:
                self.send(200, b"<html>Welcome to nginx</html>")
                return
            status, value = octoprint.answer(method, self.path, self.headers.get("X-Api-Key") or "", body)
            self.send(status, b"" if value is None else json.dumps(value).encode())

        def send(self, status: int, text: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler
