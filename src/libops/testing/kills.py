"""A desk that is killed while it works, again and again: what it was told is there, and nothing is there by half."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Sequence

from attrs import frozen

from libops.circulation.events import ItemCheckedIn, ItemCheckedOut
from libops.circulation.model import Loan
from libops.desk.opening import open as open_library
from libops.desk.operations import Operations
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.races import started

__all__ = ["KillCount", "kill_again_and_again"]

LONGEST = 0.15
"""Seconds after which a desk is killed at the latest."""

EARLY = 0.25
"""The share of desks that may be killed before their first act is done."""

REBUILT_EVERY = 25
"""After so many kills all records are compared with those that the log gives."""


@frozen
class KillCount:
    """What became of the acts of desks that were killed.

    `told` acts had been acknowledged, `unheard` ones were written though nobody was told any more, `lost` ones were
    acknowledged and are gone, `half` counts the kills after which loans, log and patrons' records did not agree.
    """

    kills: int = 0
    told: int = 0
    unheard: int = 0
    lost: int = 0
    half: int = 0


def kill_again_and_again(
    url: str, card: str, labels: Sequence[str], *, kills: int, plugins: Sequence[str] = (), seed: int = 1876
) -> KillCount:
    """Let a desk lend and take back, kill it without warning at a random moment, and look; so many times.

    The library at `url` has the card and the items already, and all items are in. A kill may leave at most one act
    unheard: more than that counts as half done.
    """
    moments = random.Random(seed)
    told = unheard = lost = half = 0
    with open_library(url, plugins=plugins) as ops:
        position = last_position(ops, 0)
    for number in range(1, kills + 1):
        desk = started("until_killed", url, "", plugins, card, *labels)
        heard = killed(desk, moments.uniform(0.0, LONGEST), early=moments.random() < EARLY)
        with open_library(url, plugins=plugins) as ops:
            acts = [entry.event for entry in ops.events.after(position)]
            there = sum(isinstance(event, (ItemCheckedOut, ItemCheckedIn)) for event in acts)
            told += heard
            lost += max(0, heard - there)
            unheard += max(0, there - heard)
            whole = there <= heard + 1 and agrees(ops, every_record=number % REBUILT_EVERY == 0 or number == kills)
            half += not whole
            for loan in list(every(ops.storage, kind_of(Loan))):
                assert ops.circulation.check_in(item=loan.item_id)
            position = last_position(ops, position)
    return KillCount(kills, told, unheard, lost, half)


def killed(desk: subprocess.Popen[str], seconds: float, *, early: bool) -> int:
    """Kill a desk so many seconds after its first act, or `early` after it began; how many acts it was told of."""
    assert desk.stdin is not None
    assert desk.stdout is not None
    assert desk.stderr is not None
    first = ""
    if desk.stdout.readline() == "ready\n":
        desk.stdin.write("go\n")
        desk.stdin.flush()
        first = "" if early else desk.stdout.readline()
        time.sleep(seconds)
    desk.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    out, words = first + desk.stdout.read(), desk.stderr.read()
    desk.communicate()
    if desk.returncode > 0:
        raise RuntimeError(f"the desk ended by itself:\n{words}")
    return out.count("\n")


def last_position(ops: Operations, after: int) -> int:
    """The position of the last event behind one."""
    for entry in ops.events.after(after):
        after = entry.position
    return after


def agrees(ops: Operations, *, every_record: bool) -> bool:
    """Whether the open loans are those that patrons' records count, and now and then all records those of the log."""
    loans = sum(1 for _ in every(ops.storage, kind_of(Loan)))
    counted = sum(standing.open_loans for standing in every(ops.storage, kind_of(Standing)))
    if loans != counted or loans > 1:
        return False
    return not every_record or stored(ops.storage) == rebuilt(log_of(ops.storage))
