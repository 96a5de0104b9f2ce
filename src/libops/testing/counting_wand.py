"""A wand whose program is killed while it counts, again and again; another program goes on where it stopped.

Each program asks the store how far its device has come, hands in the next barcodes one by one, and prints the number of
each that the store has acknowledged.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from attrs import frozen

__all__ = ["Counted", "count_until_done", "main"]

LONGEST = 0.15
"""Seconds after its first scan at which a program is killed at the latest; more each time."""


@frozen
class Counted:
    """How often the program was killed, and the scans that were acknowledged before that."""

    kills: int
    acknowledged: frozenset[int]


def count_until_done(
    url: str, session: str, device: str, labels: Sequence[str], at: datetime, *, seed: int, most: int = 40
) -> Counted:
    """Walk along these barcodes with a device whose program is killed at random moments, until all are scanned.

    The clock goes on by ten minutes each time. Raises `RuntimeError` when a program fails by itself.
    """
    chance, patience = random.Random(seed), LONGEST
    told: set[int] = set()
    for kills in range(most):
        command = [sys.executable, "-m", "libops.testing.counting_wand", url, session, device, at.isoformat(), *labels]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(chance.uniform(0, patience))
        if process.poll() is None:
            process.kill()
        rest, error = process.communicate()
        # The last line may have been cut off in the middle.
        told.update(int(line) for line in (first + rest).split("\n")[:-1] if line.isdigit())
        if process.returncode == 0:
            return Counted(kills, frozenset(told))
        if process.returncode > 0:
            raise RuntimeError(f"the wand's program failed by itself:\n{error}")
        patience *= 1.5
        at += timedelta(minutes=10)
    raise RuntimeError(f"not counted to the end in {most} attempts")


def main(arguments: Sequence[str]) -> None:
    """Go on from where this device stopped."""
    from libops.desk.opening import open as open_library

    url, session, device, now, *labels = arguments
    at = datetime.fromisoformat(now)
    with open_library(url, clock=lambda: at) as ops:
        known = ops.inventory.device(session, device)
        done = 0 if known is None else known.last_number
        for number, label in enumerate(labels[done:], done + 1):
            if not ops.inventory.scan(session, [label], device=device):
                raise RuntimeError(f"scan {number} of {label} was refused")
            print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
