"""Programs that write to a store: rivals for the same records, and one that is killed while it writes.

Each runs in a process of its own and opens the store by its URL, as another desk would. They work on records alone,
without rules of the library, so that a store can be proved by itself.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from itertools import count

from libops.base.errors import Conflict
from libops.hooks.loader import load
from libops.storage.port import Batch, Storage
from libops.testing.small_records import get, loan, put, scanned, standing

__all__ = ["killed_while_writing", "main", "rivals"]

LIMIT = 10
"""Loans that the one patron for whom rivals lend may have."""


def started(act: str, url: str, plugins: Sequence[str], *arguments: object) -> subprocess.Popen[str]:
    """Start one writer; what it writes is acknowledged line by line on its output."""
    command = [sys.executable, "-m", "libops.testing.writers", act, url, ",".join(plugins), *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def rivals(act: str, url: str, plugins: Sequence[str] = (), *, writers: int = 3, items: int = 20) -> list[list[int]]:
    """Let writers race: `items`, each for every item; or `limit`, all for one patron whose loans are limited.

    Returns the numbers of the items that each writer was told it had won. Raises `RuntimeError` with the words of a
    writer that failed.
    """
    desks = [started(act, url, plugins, number, items) for number in range(writers)]
    for desk in desks:
        assert desk.stdout is not None
        desk.stdout.readline()
    for desk in desks:
        assert desk.stdin is not None
        desk.stdin.write("go\n")
        desk.stdin.flush()
    won = []
    for desk in desks:
        out, words = desk.communicate(timeout=300)
        if desk.returncode:
            raise RuntimeError(f"a writer failed:\n{words}")
        won.append([int(line) for line in out.split()])
    return won


def killed_while_writing(url: str, plugins: Sequence[str], first: int, seconds: float) -> int:
    """Start a writer that goes on from item `first`, kill it without warning, and return the last one it acknowledged.

    It is killed `seconds` after its first acknowledgment; `first - 1` comes back when it acknowledged nothing.
    """
    writer = started("until_killed", url, plugins, first)
    assert writer.stdout is not None
    head = writer.stdout.readline()
    try:
        out, words = writer.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        writer.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        out, words = writer.communicate()
    else:
        raise RuntimeError(f"the writer ended by itself:\n{words}")
    lines = (head + out).split("\n")[:-1]
    return int(lines[-1]) if lines else first - 1


def lend_every_item(store: Storage, number: int, items: int) -> None:
    """Try to lend every item to a patron of one's own, in an order of one's own."""
    for item in random.Random(number).sample(range(1, items + 1), items):
        try:
            store.apply(Batch(writes=(put(loan(item, number)),), events=(scanned(item),)))
        except Conflict:
            continue
        print(item, flush=True)


def lend_to_one(store: Storage, number: int, items: int) -> None:
    """Lend items of one's own to the one patron until the count on the patron's record says that it is enough."""
    for item in range(1 + 1000 * number, 1 + items + 1000 * number):
        while True:
            who, version = store.read([get(standing(1))])[0]
            loans = 0 if who is None else who.open_loans
            if loans >= LIMIT:
                return
            try:
                store.apply(Batch(writes=(put(standing(1, open_loans=loans + 1), version), put(loan(item)))))
            except Conflict:
                continue
            print(item, flush=True)
            break


def until_killed(store: Storage, first: int) -> None:
    """One loan, one count and one event at a time, each acknowledged when `apply` has returned."""
    for item in count(first):
        version = store.read([get(standing(1))])[0].version
        writes = (put(loan(item)), put(standing(1, open_loans=item), version))
        store.apply(Batch(writes=writes, events=(scanned(item),)))
        print(item, flush=True)


def main(arguments: Sequence[str]) -> None:
    """One writer: open the store and act."""
    act, url, plugins, *numbers = arguments
    store = load([name for name in plugins.split(",") if name]).backend_for(url).own(url, durability="full")
    if act == "until_killed":
        until_killed(store, int(numbers[0]))
    print("ready", flush=True)
    sys.stdin.readline()
    {"items": lend_every_item, "limit": lend_to_one}[act](store, int(numbers[0]), int(numbers[1]))
    store.close()


if __name__ == "__main__":
    main(sys.argv[1:])
