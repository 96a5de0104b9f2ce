"""The file channel: one text file for each message, for printing, for a mail gateway, or for looking at.

A message is written beside its place and then moved there, so that a crash leaves a whole file or none; a message
whose file is there already is not written again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from libops.hooks.markers import hookimpl
from libops.hooks.specs.channels import Channel
from libops.notices.model import Message

__all__ = ["FileSender", "libops_channels"]

UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class FileSender:
    """A folder that messages are put into."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def send(self, message: Message) -> None:
        """Write the message, unless it was written before."""
        place = self.folder / f"{UNSAFE.sub('_', message.key)}.txt"
        if place.exists():
            return
        head = f"To: {message.to}\nChannel: {message.channel}\nSubject: {message.subject}\n"
        beside = place.with_suffix(f".{os.getpid()}.part")
        beside.write_text(f"{head}\n{message.body}", encoding="utf-8")
        os.replace(beside, place)

    def close(self) -> None:
        """Nothing is held open."""


def open_folder(options: Mapping[str, Any]) -> FileSender:
    return FileSender(Path(options.get("folder", "notices")))


@hookimpl
def libops_channels() -> Iterable[Channel]:
    return [Channel("file", ("email", "sms", "letter"), open_folder)]
