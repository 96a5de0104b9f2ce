"""A channel that writes messages to an mbox file, once each."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterable, Mapping
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from libops.hooks import Channel, hookimpl
from libops.notices import Message

__all__ = ["MboxSender", "libops_channels"]


UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
"""What a Message-ID cannot hold as it is (RFC 5322, 3.6.4), such as the strokes between the parts of a key."""


def message_id(message: Message) -> str:
    """What tells the message from all others in the file: the same after a restart, and never folded or cut."""
    return f"<{UNSAFE.sub('.', message.key)}@libops>"


class MboxSender:
    """An mbox file that messages are added to."""

    def __init__(self, path: Path, sender: str) -> None:
        self.box = mailbox.mbox(path)
        self.sender = sender
        self.written = {str(message["Message-ID"]) for message in self.box}

    def send(self, message: Message) -> None:
        """Add the message, unless one with its key is in the file."""
        key = message_id(message)
        if key in self.written:
            return
        mail = EmailMessage(policy=default)
        mail["From"], mail["To"], mail["Subject"] = self.sender, message.to, message.subject
        mail["Date"], mail["Message-ID"] = format_datetime(message.made_at), key
        mail.set_content(message.body, subtype="html" if message.html else "plain")
        if message.language:
            mail["Content-Language"] = message.language
        self.box.lock()
        try:
            self.box.add(mail)
            self.box.flush()
        finally:
            self.box.unlock()
        self.written.add(key)

    def close(self) -> None:
        """Close the file."""
        self.box.close()


def open_mbox(options: Mapping[str, Any]) -> MboxSender:
    return MboxSender(Path(options.get("path", "notices.mbox")), options.get("sender", "library@localhost"))


@hookimpl
def libops_channels() -> Iterable[Channel]:
    return [Channel("mbox", ("email",), open_mbox)]
