"""The channel contract: each message arrives once, whole, also when it is handed over again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest

import libops
from libops.base.ids import PatronId
from libops.hooks.loader import load
from libops.hooks.specs.channels import Channel, Sender
from libops.notices.model import Message

__all__ = ["ChannelContract"]

KINDS = ("email", "sms", "letter", "push")
BODY = "Das Buch war am 3. März fällig.\nFrom here on it costs 0.25 EUR a day.\n李老師, see you soon."


def message(number: int = 1, *, kind: str = "email", body: str = BODY) -> Message:
    """An overdue notice, with a key as the nightly run makes it."""
    return Message(
        f"overdue:01KDVDNA000000000000000001:20260224T225900:{number}",
        PatronId("01KDVDNA000000000000000099"),
        "overdue",
        kind,
        "ada@example.org",
        "Bitte zurückgeben: »Brève histoire«",
        body,
        "de",
        datetime(2026, 3, 4, 9, tzinfo=UTC),
    )


class ChannelContract:
    """Inherit, name the channel, say how to see what it delivered, and run pytest.

    `plugins` are import paths as for `libops.open`. `options(folder)` is what the settings would hold. A channel that
    can look up what it sent keeps its promise also after a restart; one that cannot says `remembers = False`.
    """

    plugins: ClassVar[Sequence[str]] = ()
    name: ClassVar[str]
    remembers: ClassVar[bool] = True

    def options(self, folder: Path) -> Mapping[str, Any]:
        """The channel's options, for an empty folder."""
        return {}

    def delivered(self, folder: Path) -> list[str]:
        """The bodies of all messages that have arrived, in order."""
        raise NotImplementedError

    @property
    def channel(self) -> Channel:
        """The channel under test."""
        return load(self.plugins).channel(self.name)

    @property
    def kind(self) -> str:
        """The first kind of message it carries."""
        return self.channel.kinds[0]

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """The folder of one test."""
        return tmp_path

    @pytest.fixture
    def sender(self, folder: Path) -> Iterator[Sender]:
        """The channel, open."""
        opened = self.channel.open(self.options(folder))
        yield opened
        opened.close()

    def bodies(self, folder: Path) -> list[str]:
        """What has arrived, without the line ends that a medium adds."""
        return [body.rstrip() for body in self.delivered(folder)]

    def test_101_the_plugin_is_let_in(self) -> None:
        """It brings its channel and has nothing to complain of."""
        reports = [report for report in load(self.plugins).reports if f"channels: {self.name}" in report.brought]
        assert [()] == [report.problems for report in reports]

    def test_102_the_channel_carries_known_kinds(self) -> None:
        """Settings name a channel for each of email, sms, letter and push."""
        assert self.channel.kinds
        assert set(self.channel.kinds) <= set(KINDS)

    def test_201_a_message_arrives_whole(self, folder: Path, sender: Sender) -> None:
        """Accents and other scripts survive, and so does a line that begins with "From "."""
        sender.send(message(kind=self.kind))
        assert [BODY] == self.bodies(folder)

    def test_202_a_key_is_delivered_once(self, folder: Path, sender: Sender) -> None:
        """The outbox may hand a message over again; the patron gets one."""
        sender.send(message(kind=self.kind))
        sender.send(message(kind=self.kind))
        assert [BODY] == self.bodies(folder)

    def test_203_a_key_is_delivered_once_also_after_a_restart(self, folder: Path) -> None:
        """The program ended between sending and noting that it was sent."""
        if not self.remembers:
            pytest.skip(f"{self.name} does not remember what it sent when the program ends")
        for _ in range(2):
            sender = self.channel.open(self.options(folder))
            sender.send(message(kind=self.kind))
            sender.close()
        assert [BODY] == self.bodies(folder)

    def test_204_two_messages_of_one_text_are_two(self, folder: Path, sender: Sender) -> None:
        """The key counts, not the text: two items can be overdue on one day."""
        sender.send(message(1, kind=self.kind, body="Your hold is ready."))
        sender.send(message(2, kind=self.kind, body="Your hold is ready."))
        assert ["Your hold is ready."] * 2 == self.bodies(folder)

    def test_205_messages_arrive_in_the_order_in_which_they_were_sent(self, folder: Path, sender: Sender) -> None:
        """A reminder comes before the invoice."""
        for number in range(1, 4):
            sender.send(message(number, kind=self.kind, body=f"Reminder {number}."))
        assert [f"Reminder {number}." for number in range(1, 4)] == self.bodies(folder)

    def test_206_closing_twice_is_harmless(self, sender: Sender) -> None:
        """A host that closes in two places does no harm."""
        sender.close()
        sender.close()

    def test_301_the_desk_sends_through_it(self, folder: Path) -> None:
        """A message leaves the outbox when the channel has taken it."""
        with libops.open(
            plugins=self.plugins,
            channels={"email": self.name},
            channel_options={self.name: self.options(folder)},
        ) as ops:
            ops.patrons.register(name="Ada Flores", category="adult", card="21234000000017", email="ada@example.org")
            answer = ops.notices.send(patron="21234000000017", kind="note", subject="Found", body="Your scarf is here.")
            assert answer
            assert [] == ops.notices.waiting()
        assert ["Your scarf is here."] == self.bodies(folder)
