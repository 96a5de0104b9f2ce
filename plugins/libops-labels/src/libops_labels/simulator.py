"""A label printer without hardware: a server on this machine that takes ZPL, tells its status and fails on demand."""

from __future__ import annotations

import re
import socketserver
import threading

from libops.base.errors import InvalidValue
from libops_labels.printer import ZplPrinter

__all__ = ["FAULTS", "SimulatedZplPrinter"]

FAULTS = {
    "paper_out": "the labels are used up",
    "head_open": "somebody left the lid open",
    "ribbon_out": "the ribbon is used up",
    "paused": "it waits for its button",
    "silent": "it takes the call and never answers",
    "garbage": "it answers in another language",
    "runs_out": "the labels are used up after the next one",
}
"""What can be made to go wrong."""
FORMAT = re.compile(rb"\^XA.*?\^XZ", re.S)


class SimulatedZplPrinter(ZplPrinter):
    """The protocol of the real one, over the loopback. `printed` are the formats it has put on labels."""

    def __init__(self, *, dots_per_inch: int = 203, deadline: float = 5.0) -> None:
        self.faults: set[str] = set()
        self.printed: list[bytes] = []
        self.waiting: list[bytes] = []
        self.woken = threading.Event()
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()
        port = self.server.server_address[1]
        super().__init__("127.0.0.1", port=int(port), dots_per_inch=dots_per_inch, deadline=deadline)

    def fail(self, fault: str) -> None:
        """Turn a fault on: one of `FAULTS`."""
        if fault not in FAULTS:
            raise InvalidValue(f"fault {fault!r}: there are {', '.join(sorted(FAULTS))}")
        self.faults.add(fault)

    def mend(self) -> None:
        """Turn all faults off; what waited is printed."""
        self.faults.clear()
        self.woken.set()
        self.work()

    def close(self) -> None:
        """Stop the server."""
        self.woken.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def take(self, received: bytes) -> bytes:
        """What the printer answers."""
        self.waiting += FORMAT.findall(received)
        self.work()
        if b"~HS" not in received:
            return b""
        return b"<html>Not here</html>" if "garbage" in self.faults else self.told()

    def work(self) -> None:
        """Print what can be printed."""
        while self.waiting and not self.faults & {"paper_out", "head_open", "ribbon_out", "paused"}:
            self.printed.append(self.waiting.pop(0))
            if "runs_out" in self.faults:
                self.faults.add("paper_out")

    def told(self) -> bytes:
        """The three lines of the host status."""
        out, paused, lid, ribbon = (
            int(fault in self.faults) for fault in ("paper_out", "paused", "head_open", "ribbon_out")
        )
        lines = (
            f"030,{out},{paused},0305,{len(self.waiting):03},0,0,0,000,0,0,0",
            f"001,0,{lid},{ribbon},1,2,6,0,00000000,1,000",
            "1234,0",
        )
        return b"".join(b"\x02" + line.encode() + b"\x03\r\n" for line in lines)


def _handler(printer: SimulatedZplPrinter) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            received = b""
            while piece := self.request.recv(65536):
                received += piece
            if "silent" in printer.faults:
                printer.woken.clear()
                printer.woken.wait(30)
                return
            self.request.sendall(printer.take(received))

    return Handler
