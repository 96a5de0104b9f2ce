"""The console channel: messages printed where the program runs. For trying things out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from libops.hooks.markers import hookimpl
from libops.hooks.specs.channels import Channel
from libops.notices.model import Message

__all__ = ["ConsoleSender", "libops_channels"]


class ConsoleSender:
    """Prints each message once."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.sent: set[str] = set()

    def send(self, message: Message) -> None:
        """Print the message, unless it was printed before."""
        if message.key not in self.sent:
            print(f"To: {message.to}\nSubject: {message.subject}\n\n{message.body}\n", file=self.stream, flush=True)
            self.sent.add(message.key)

    def close(self) -> None:
        """The stream is the program's own."""


def open_console(options: Mapping[str, Any]) -> ConsoleSender:
    return ConsoleSender(options.get("stream") or sys.stdout)


@hookimpl
def libops_channels() -> Iterable[Channel]:
    return [Channel("console", ("email", "sms", "letter"), open_console)]
