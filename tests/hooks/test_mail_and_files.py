"""The channels that come with libops: files and mail, the latter against a mail server on this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from attrs import evolve

from libops.base.errors import InvalidValue
from libops.base.ids import PatronId
from libops.hooks.builtin.file import open_folder
from libops.hooks.builtin.smtp.sender import SmtpSender
from libops.notices import Message

OVERDUE = Message(
    "overdue:01KDVDNA000000000000000001:20260302:1",
    PatronId("01KDVDNA000000000000000002"),
    "overdue",
    "email",
    "ada@example.org",
    "Leihfrist überschritten: »Brève histoire du jazz«",
    "Guten Tag Ada Flores,\n\nFrom the desk: das Buch war am 2. März fällig.\n.\n",
    "de",
    datetime(2026, 3, 4, 9, tzinfo=UTC),
)


class Mailbox:
    """What the server was given; it can turn mail away."""

    def __init__(self) -> None:
        self.received: list[Any] = []
        self.refuse = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuse:
            self.refuse -= 1
            return "451 try again later"
        self.received.append(message_from_bytes(envelope.content, policy=default))
        return "250 accepted"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, dict[str, Any]]]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield box, {"host": "127.0.0.1", "port": controller.port, "sender": "library@example.org"}
    controller.stop()


def test_mail_arrives_as_it_was_written(mailbox) -> None:
    """Accents, a line with a single dot and a line that begins with "From " survive; the key is the Message-ID."""
    box, options = mailbox
    sender = SmtpSender(options)
    sender.send(OVERDUE)
    sender.send(evolve(OVERDUE, key="overdue:other"))
    sender.close()
    mail = box.received[0]
    assert (OVERDUE.subject, OVERDUE.to, "library@example.org") == (mail["Subject"], mail["To"], mail["From"])
    assert OVERDUE.body == mail.get_content().replace("\r\n", "\n")
    assert ("de", "auto-generated") == (mail["Content-Language"], mail["Auto-Submitted"])
    assert "<overdue.01KDVDNA000000000000000001.20260302.1@example.org>" == mail["Message-ID"]
    assert 2 == len(box.received)


def test_what_the_server_refuses_is_raised_and_can_be_sent_again(mailbox) -> None:
    """The outbox keeps the message then."""
    import smtplib

    box, options = mailbox
    box.refuse = 1
    sender = SmtpSender(options)
    with pytest.raises(smtplib.SMTPDataError, match="try again later"):
        sender.send(OVERDUE)
    sender.send(OVERDUE)
    sender.close()
    assert 1 == len(box.received)


def test_a_server_that_hung_up_is_called_again(mailbox) -> None:
    """Mail servers drop a connection that was idle for long."""
    box, options = mailbox
    sender = SmtpSender(options)
    sender.send(OVERDUE)
    sender.connected().close()
    sender.send(evolve(OVERDUE, key="overdue:other"))
    sender.close()
    assert 2 == len(box.received)


def test_no_server_is_an_error_of_the_network(mailbox) -> None:
    """It says so at once instead of losing the mail."""
    _, options = mailbox
    with pytest.raises(OSError):
        SmtpSender({**options, "port": 1}).send(OVERDUE)


def test_the_sender_logs_in_with_a_password_from_the_environment(monkeypatch) -> None:
    """No settings file holds it; without it the message stays."""
    box, asked = Mailbox(), []

    def authenticator(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        asked.append((data.login, data.password))
        return AuthResult(success=data.password == b"silence please")

    controller = Controller(
        box, hostname="127.0.0.1", port=free_port(), authenticator=authenticator, auth_require_tls=False
    )
    controller.start()
    try:
        options = {"host": "127.0.0.1", "port": controller.port, "user": "library", "password_variable": "LIBRARY_MAIL"}
        with pytest.raises(InvalidValue, match="LIBRARY_MAIL"):
            SmtpSender(options).send(OVERDUE)
        monkeypatch.setenv("LIBRARY_MAIL", "silence please")
        sender = SmtpSender(options)
        sender.send(OVERDUE)
        sender.close()
    finally:
        controller.stop()
    assert ([(b"library", b"silence please")], 1) == (asked, len(box.received))


def test_an_unknown_security_is_refused() -> None:
    """With those there are."""
    with pytest.raises(InvalidValue, match="'starttls'"):
        SmtpSender({"security": "ssl"})


def test_a_subject_cannot_smuggle_in_a_header(mailbox) -> None:
    """A title with a line break stays one line."""
    box, options = mailbox
    sender = SmtpSender(options)
    sender.send(evolve(OVERDUE, subject="Found\nBcc: everybody@example.org"))
    sender.close()
    assert ("Found Bcc: everybody@example.org", None) == (box.received[0]["Subject"], box.received[0]["Bcc"])


def test_a_message_becomes_one_file_once(tmp_path) -> None:
    """A second attempt writes nothing; a name that is no file name is made one."""
    sender = open_folder({"folder": tmp_path / "letters"})
    sender.send(OVERDUE)
    sender.send(evolve(OVERDUE, body="changed"))
    sender.send(evolve(OVERDUE, key="../../escape"))
    sender.close()
    files = sorted(path.name for path in (tmp_path / "letters").iterdir())
    assert [".._.._escape.txt", "overdue_01KDVDNA000000000000000001_20260302_1.txt"] == files
    text = (tmp_path / "letters" / files[1]).read_text(encoding="utf-8")
    assert text.startswith("To: ada@example.org\nChannel: email\nSubject: Leihfrist überschritten")
    assert text.endswith(OVERDUE.body)
