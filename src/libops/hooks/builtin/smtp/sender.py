"""Messages by mail: made, and handed to a server.

SMTP cannot say whether an earlier attempt arrived, so the message's key goes into `Message-ID` (RFC 5322, 3.6.4):
a mail store that sees the same one twice shows it once. The password comes from an environment variable, so that no
settings file holds it.
"""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from html import unescape
from typing import Any

from libops.base.errors import InvalidValue
from libops.notices.model import Message

__all__ = ["SmtpSender", "mail_of"]

SECURITY = ("none", "starttls", "tls")
HIDDEN = re.compile(r"<(style|script|title)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
BLOCK = re.compile(r"<(?:p|div|br|li|tr|h\d|table|ul|ol)\b[^>]*>", re.IGNORECASE)
MARK = re.compile(r"<[^>]+>")
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def mail_of(message: Message, sender: str) -> EmailMessage:
    """The message as mail."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, message.to, " ".join(message.subject.split())
    mail["Date"] = format_datetime(message.made_at)
    mail["Message-ID"] = f"<{UNSAFE.sub('.', message.key)}@{sender.rpartition('@')[2].rstrip('>')}>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.html:
        # Programs that show no HTML get the text of it.
        mail.set_content(text_of(message.body))
        mail.add_alternative(message.body, subtype="html")
    else:
        mail.set_content(message.body)
    if message.language:
        mail["Content-Language"] = message.language
    return mail


def text_of(html: str) -> str:
    r"""What a piece of HTML says, without its marks; each block begins a line.

    >>> text_of("<p>Dear Ada,</p><ul><li>Walden &amp; more</li></ul>")
    'Dear Ada,\n\nWalden & more\n'
    """
    said = MARK.sub("", BLOCK.sub("\n", HIDDEN.sub("", html)))
    return "\n".join(" ".join(line.split()) for line in unescape(said).strip().splitlines()) + "\n"


class SmtpSender:
    """A connection to a mail server; opened for the first message, and anew when the server has hung up."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.host = options.get("host", "localhost")
        self.security = options.get("security", "none")
        if self.security not in SECURITY:
            raise InvalidValue(f"security {self.security!r}: use one of {', '.join(map(repr, SECURITY))}")
        self.port = int(options.get("port", {"none": 25, "starttls": 587, "tls": 465}[self.security]))
        self.sender = options.get("sender", "library@localhost")
        self.user = options.get("user", "")
        self.password_variable = options.get("password_variable", "")
        self.timeout = float(options.get("timeout", 30))
        self.connection: smtplib.SMTP | None = None

    def send(self, message: Message) -> None:
        """Hand the message to the server. Raises what the server or the network says."""
        mail = mail_of(message, self.sender)
        try:
            self.hand_over(mail, message.to)
        except smtplib.SMTPServerDisconnected:
            self.close()
            self.hand_over(mail, message.to)

    def hand_over(self, mail: EmailMessage, to: str) -> None:
        # Not `send_message`: it puts a ">" before each line that begins with "From ".
        self.connected().sendmail(parseaddr(self.sender)[1], [to], mail.as_bytes(policy=SMTP))

    def connected(self) -> smtplib.SMTP:
        """The open connection."""
        if self.connection is None:
            self.connection = self.connect()
        return self.connection

    def connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        made: smtplib.SMTP
        if self.security == "tls":
            made = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        else:
            made = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.security == "starttls":
                made.starttls(context=context)
            if self.user:
                made.login(self.user, self.password())
        except BaseException:
            made.close()
            raise
        return made

    def password(self) -> str:
        found = os.environ.get(self.password_variable)
        if not found:
            raise InvalidValue(f"no password for {self.user!r}: the variable {self.password_variable!r} is not set")
        return found

    def close(self) -> None:
        """Say goodbye to the server."""
        if self.connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                self.connection.quit()
            self.connection = None
