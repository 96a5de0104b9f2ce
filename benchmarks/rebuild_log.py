"""Rebuilding from the log: how long until the records are there again, at 100,000 events, and are they the same.

A town lends and takes back until the log is long enough; the log is then read from memory, SQLite and PostgreSQL. The
floor of each is reading the log without folding it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from lending import filled

import libops
from libops.storage.port import Batch, Storage
from libops.storage.rebuild import log_of, rebuilt, state_hash, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops_postgres.trial import trial_server

EVENTS = 100_000
ROUNDS = 3


def lived(events: int) -> libops.Operations:
    """A town library whose log has at least so many events; an hour passes every few loans."""
    clock = FrozenClock(datetime(2026, 3, 2, 9, tzinfo=UTC))
    ops = libops.open(clock=clock, ids=CountingIds())
    cards, labels = filled(ops, items=500, patrons=100)
    out: set[str] = set()
    while ops.storage.events(events - 1, 1).entries == []:
        for number, label in enumerate(labels):
            if label in out:
                assert ops.circulation.check_in(item=label)
                out.remove(label)
            elif ops.circulation.check_out(patron=cards[number % len(cards)], item=label):
                out.add(label)
            if number % 10 == 0:
                clock.forward(hours=1)
        for card in cards:
            ops.fees.pay(patron=card, amount=ops.fees.balance(card))
    return ops


def copied(source: Storage, target: Storage) -> None:
    """The same log in another store."""
    events = log_of(source)
    while chunk := tuple(islice(events, 1000)):
        target.apply(Batch(events=chunk))


def best(act: Callable[[], object]) -> float:
    """The shortest of a few runs, in seconds."""
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return min(taken)


def main() -> int:
    """Print the table; the exit code is 1 when the rebuilt records are not those that were stored."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    same = True
    with ExitStack() as doors:
        ops = doors.enter_context(lived(events))
        folder = Path(doors.enter_context(tempfile.TemporaryDirectory()))
        expected = state_hash(stored(ops.storage))
        server = doors.enter_context(trial_server())
        stores = {"memory": ops.storage}
        for name, url in (("sqlite", f"sqlite:///{folder}/town.db"), ("postgres", server)):
            stores[name] = doors.enter_context(libops.open(url, plugins=["libops_postgres"])).storage
            copied(ops.storage, stores[name])
        print(f"{'store':<8} {'events':>8} {'read':>8} {'rebuild':>8} {'ratio':>6} {'events/s':>9}  same records")
        for name, store in stores.items():
            number = sum(1 for _ in log_of(store))
            read = best(lambda store=store: sum(1 for _ in log_of(store)))
            fold = best(lambda store=store: rebuilt(log_of(store)))
            equal = expected == state_hash(rebuilt(log_of(store)))
            same &= equal
            ratio, pace = fold / read, number / fold
            print(f"{name:<8} {number:>8} {read:>7.2f}s {fold:>7.2f}s {ratio:>6.1f} {pace:>9.0f}  {equal}", flush=True)
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
