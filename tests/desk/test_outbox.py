"""A message is committed with its cause, goes out after the commit, and a failure stays visible and is tried again."""

from __future__ import annotations

import sqlite3

import pytest

import libops
from libops.base.errors import InvalidValue
from libops.hooks import Observer, hookimpl
from libops.patrons.events import PatronRegistered
from libops.testing.fakes import FrozenClock, RecordingChannel

CARD = "21234000000017"


def opened(channel, url="memory:", **more):
    clock = FrozenClock()
    ops = libops.open(url, clock=clock, plugins=[channel], channels={"email": "recording"}, **more)
    ops.patrons.register(name="Ada Flores", category="adult", card=CARD, email="ada@example.org")
    return ops, clock


def send(ops):
    return ops.notices.send(patron=CARD, kind="note", subject="Found", body="Your scarf is here.")


def test_a_message_goes_out_and_leaves_the_outbox() -> None:
    """The usual case."""
    channel = RecordingChannel()
    ops, _ = opened(channel)
    assert send(ops)
    assert (["ada@example.org"], []) == ([message.to for message in channel.sent], ops.notices.waiting())


def test_a_channel_that_fails_is_tried_again_later_each_time() -> None:
    """After five minutes, then ten; the third attempt goes through."""
    channel = RecordingChannel()
    ops, clock = opened(channel)
    channel.fail_next = 2
    assert send(ops)
    assert [(1, "the post office is closed")] == [(entry.attempts, entry.error) for entry in ops.notices.waiting()]
    assert 0 == ops.notices.deliver_due().sent
    clock.forward(minutes=5)
    assert 1 == ops.notices.deliver_due().postponed
    clock.forward(minutes=9)
    assert 0 == ops.notices.deliver_due().postponed
    clock.forward(minutes=1)
    assert 1 == ops.notices.deliver_due().sent
    assert (1, []) == (len(channel.sent), ops.notices.waiting())


def test_a_message_given_up_stays_visible() -> None:
    """After six attempts somebody has to look at it."""
    channel = RecordingChannel()
    ops, clock = opened(channel)
    channel.fail_next = 99
    assert send(ops)
    for _ in range(5):
        clock.forward(days=1)
        ops.notices.deliver_due()
    assert ([], 1) == (ops.notices.waiting(), len(ops.notices.failed()))
    assert 0 == ops.notices.deliver_due().sent


def test_without_a_channel_the_message_waits() -> None:
    """Settings that name no channel lose nothing."""
    with libops.open(clock=FrozenClock()) as ops:
        ops.patrons.register(name="Ada Flores", category="adult", card=CARD, email="ada@example.org")
        assert send(ops)
        assert "no channel" in ops.notices.waiting()[0].error


def test_joined_to_a_host_nothing_is_announced_before_it_says_so(tmp_path) -> None:
    """The host commits, then announces: the message goes out once. What the host undid never goes out."""
    channel = RecordingChannel()
    connection = sqlite3.connect(tmp_path / "host.db", isolation_level=None)
    connection.execute("BEGIN")
    ops = libops.open(join=connection, clock=FrozenClock(), plugins=[channel], channels={"email": "recording"})
    ops.patrons.register(name="Ada Flores", category="adult", card=CARD, email="ada@example.org")
    connection.execute("COMMIT")

    connection.execute("BEGIN")
    assert send(ops)
    assert [] == channel.sent
    connection.execute("COMMIT")
    connection.execute("BEGIN")
    assert 1 == ops.announce().sent
    assert 0 == ops.announce().sent
    connection.execute("COMMIT")
    assert 1 == len(channel.sent)

    connection.execute("BEGIN")
    assert send(ops)
    connection.execute("ROLLBACK")
    connection.execute("BEGIN")
    assert 0 == ops.announce().sent
    connection.execute("ROLLBACK")
    assert 1 == len(channel.sent)
    connection.close()


def test_an_announcement_outside_a_transaction_can_be_made_up_for(tmp_path) -> None:
    """A host that forgot to begin is told so, and announces when it has begun: no message waits for the night."""
    channel = RecordingChannel()
    connection = sqlite3.connect(tmp_path / "host.db", isolation_level=None)
    connection.execute("BEGIN")
    ops = libops.open(join=connection, clock=FrozenClock(), plugins=[channel], channels={"email": "recording"})
    ops.patrons.register(name="Ada Flores", category="adult", card=CARD, email="ada@example.org")
    assert send(ops)
    connection.execute("COMMIT")
    with pytest.raises(InvalidValue, match="no open transaction"):
        ops.announce()
    connection.execute("BEGIN")
    assert 1 == ops.announce().sent
    connection.execute("COMMIT")
    connection.close()


class Diary:
    """An observer that notes who became a patron."""

    def __init__(self) -> None:
        self.noted: list[str] = []

    @hookimpl
    def libops_observers(self):
        return [Observer("diary", self.note)]

    def note(self, events):
        self.noted += [event.patron.name for event in events if isinstance(event, PatronRegistered)]


def test_what_a_savepoint_of_the_host_undid_is_told_to_nobody(tmp_path) -> None:
    """The host undoes one of three acts and commits the others: observers hear of the two, in their order."""
    diary = Diary()
    connection = sqlite3.connect(tmp_path / "host.db", isolation_level=None)
    connection.execute("BEGIN")
    ops = libops.open(join=connection, clock=FrozenClock(), plugins=[diary])
    ops.patrons.register(name="Ada Flores", category="adult", card=CARD)
    connection.execute("SAVEPOINT mine")
    ops.patrons.register(name="Ben Okafor", category="adult", card="21234000000025")
    connection.execute("ROLLBACK TO mine")
    ops.patrons.register(name="Cleo Lindqvist", category="adult", card="21234000000033")
    ops.announce()
    connection.execute("COMMIT")
    assert ["Ada Flores", "Cleo Lindqvist"] == diary.noted
    connection.close()
