"""The mbox channel writes each message once, in a form that a mail program reads."""

from __future__ import annotations

import mailbox
from contextlib import closing
from datetime import UTC, datetime

import pytest
from attrs import evolve

import libops
import libops_mbox
from libops.base.ids import PatronId
from libops.notices import Message


@pytest.fixture
def message() -> Message:
    return Message(
        "01KDVDNA000000000000000001",
        PatronId("01KDVDNA000000000000000002"),
        "overdue",
        "email",
        "ada@example.org",
        "Bitte zurückgeben: »Brève histoire«",
        "Das Buch war am 3. März fällig.\nFrom here on it costs 0.25 EUR a day.",
        "de",
        datetime(2026, 3, 4, 9, tzinfo=UTC),
    )


def bodies(path) -> list[str]:
    with closing(mailbox.mbox(path)) as box:
        return [mail.get_payload(decode=True).decode() for mail in box]


def test_a_message_can_be_read_by_a_mail_program(tmp_path, message) -> None:
    """Accents survive, and a line that begins with "From " does not split the message."""
    sender = libops_mbox.open_mbox({"path": tmp_path / "out.mbox"})
    sender.send(message)
    sender.close()
    assert 1 == len(bodies(tmp_path / "out.mbox"))
    assert "fällig" in bodies(tmp_path / "out.mbox")[0]


def test_a_message_is_written_once_also_after_a_restart(tmp_path, message) -> None:
    """The outbox may hand a message over again after a crash; the patron gets one."""
    for _ in range(2):
        sender = libops_mbox.open_mbox({"path": tmp_path / "out.mbox"})
        sender.send(message)
        sender.send(message)
        sender.close()
    assert 1 == len(bodies(tmp_path / "out.mbox"))


def test_the_key_of_a_nightly_notice_is_told_apart_after_a_restart(tmp_path, message) -> None:
    """Such a key has strokes and colons in it: a Message-ID cannot, and a cut one would be that of every notice."""
    nightly = [evolve(message, key=f"overdue/loan:{loan}/2026-03-04/email") for loan in ("L-1", "L-2")]
    for _ in range(2):
        sender = libops_mbox.open_mbox({"path": tmp_path / "out.mbox"})
        for each in nightly:
            sender.send(each)
        sender.close()
    with closing(mailbox.mbox(tmp_path / "out.mbox")) as box:
        assert ["<overdue.loan.L-1.2026-03-04.email@libops>", "<overdue.loan.L-2.2026-03-04.email@libops>"] == [
            mail["Message-ID"] for mail in box
        ]


def test_the_plugin_comes_in_through_the_same_door_as_built_ins() -> None:
    """Named by its import path, the plugin brings its channel and has no problems."""
    with libops.open(plugins=["libops_mbox"]) as ops:
        report = next(report for report in ops.plugins if report.name == "libops_mbox")
    assert (("channels: mbox",), ()) == (report.brought, report.problems)


def test_the_desk_sends_through_the_channel_after_the_commit(tmp_path) -> None:
    """A message to a patron ends in the file and leaves the outbox."""
    options = {"mbox": {"path": tmp_path / "out.mbox"}}
    with libops.open(plugins=["libops_mbox"], channels={"email": "mbox"}, channel_options=options) as ops:
        ops.patrons.register(name="Ada Flores", category="adult", card="21234000000017", email="ada@example.org")
        answer = ops.notices.send(patron="21234000000017", kind="note", subject="Found", body="Your scarf is here.")
        assert answer
        assert [] == ops.notices.waiting()
    assert ["Your scarf is here.\n"] == bodies(tmp_path / "out.mbox")
