"""Races between desks: many desks, few items, and a count of who got what.

Each desk is a program that opens the store by its URL and waits; when all are ready they are let go at once, so that
they truly race. `between_threads` does the same inside one program, for the memory store. What the desks were told
they have won comes back as a `Race`; `LoanCount` counts what the store holds.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from threading import Barrier
from typing import Any

from attrs import asdict, evolve, field, frozen

from libops.base.errors import Conflict
from libops.circulation.events import ItemCheckedOut
from libops.circulation.model import Loan
from libops.desk.contention import Contention
from libops.desk.operations import Operations
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored

__all__ = [
    "LoanCount",
    "Race",
    "RacingDesk",
    "between_threads",
    "booking_race",
    "lend_or_book_race",
    "lending_race",
    "main",
    "started",
]

TRIES = 50
"""How often a desk asks again that was told that others were faster too many times in a row."""


@frozen
class RacingDesk:
    """What one desk won, for which card, and how often others were faster."""

    card: str
    won: tuple[str, ...] = ()
    contention: Contention = field(factory=Contention)


@frozen
class Race:
    """What all desks won: the barcodes they lent or the spans they booked."""

    desks: tuple[RacingDesk, ...]

    @property
    def labels(self) -> list[str]:
        """Everything that was won, as often as somebody was told so."""
        return sorted(label for desk in self.desks for label in desk.won)

    @property
    def contention(self) -> Contention:
        """What the race cost all desks together; `most` is the longest row of any."""
        each = [desk.contention for desk in self.desks]
        return Contention(
            sum(one.conflicts for one in each),
            max((one.most for one in each), default=0),
            sum(one.given_up for one in each),
            sum(one.store_retries for one in each),
        )


@frozen
class LoanCount:
    """What a store holds after a race: open loans, events of lending, loans that patrons' records count.

    `same_as_log` says whether the records are those that the log gives when it is folded over nothing.
    """

    loans: int
    events: int
    counted: int
    same_as_log: bool

    @classmethod
    def of(cls, ops: Operations) -> LoanCount:
        """Count in an open library."""
        storage = ops.storage
        return cls(
            sum(1 for _ in every(storage, kind_of(Loan))),
            sum(isinstance(event, ItemCheckedOut) for event in log_of(storage)),
            sum(standing.open_loans for standing in every(storage, kind_of(Standing))),
            stored(storage) == rebuilt(log_of(storage)),
        )


def lending_race(
    url: str, cards: Sequence[str], labels: Sequence[str], *, settings: str = "", plugins: Sequence[str] = ()
) -> Race:
    """Let one program for each card try to lend every item, each in its own order, all at the same time.

    Raises `RuntimeError` with the program's own words when one of them fails.
    """
    return race("lend", url, cards, labels, settings, plugins)


def booking_race(
    url: str, cards: Sequence[str], spans: Sequence[str], *, settings: str = "", plugins: Sequence[str] = ()
) -> Race:
    """Let one program for each card try to book every span, each in its own order, all at the same time.

    A span is written `resource/start/end`, such as `R-2/2026-03-03T10:00/2026-03-03T11:00`.
    """
    return race("book", url, cards, spans, settings, plugins)


def lend_or_book_race(
    url: str, cards: Sequence[str], wanted: Sequence[str], *, settings: str = "", plugins: Sequence[str] = ()
) -> Race:
    """Let one program for each card try for all that is wanted: a barcode is lent, a span (`R-2/start/end`) booked."""
    return race("either", url, cards, wanted, settings, plugins)


def between_threads(ops: Operations, cards: Sequence[str], labels: Sequence[str]) -> Race:
    """The same race for items, between threads that share one open library. Its contention is the library's."""
    start = Barrier(len(cards))

    def desk(number: int) -> RacingDesk:
        start.wait()
        won = tuple(taken(ops, "lend", cards[number], in_own_order(number, labels)))
        return RacingDesk(cards[number], won)

    interval = sys.getswitchinterval()
    # A desk that keeps the interpreter for the usual 5 ms would lend a hundred items before another had its turn.
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(len(cards)) as pool:
            desks = tuple(pool.map(desk, range(len(cards))))
    finally:
        sys.setswitchinterval(interval)
    return Race((evolve(desks[0], contention=ops.contention), *desks[1:]))


def in_own_order(number: int, wanted: Sequence[str]) -> list[str]:
    return random.Random(number).sample(list(wanted), len(wanted))


def started(act: str, url: str, settings: str, plugins: Sequence[str], *words: str) -> subprocess.Popen[str]:
    """Start one desk as a program of its own."""
    command = [sys.executable, "-m", "libops.testing.races", act, url, settings, ",".join(plugins), *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def race(
    act: str, url: str, cards: Sequence[str], wanted: Sequence[str], settings: str, plugins: Sequence[str]
) -> Race:
    desks = [
        started(act, url, settings, plugins, card, *in_own_order(number, wanted)) for number, card in enumerate(cards)
    ]
    for desk in desks:
        assert desk.stdout is not None
        desk.stdout.readline()
    for desk in desks:
        assert desk.stdin is not None
        desk.stdin.write("go\n")
        desk.stdin.flush()
    found = []
    for card, desk in zip(cards, desks, strict=True):
        out, err = desk.communicate(timeout=300)
        if desk.returncode:
            raise RuntimeError(f"the desk of card {card} failed:\n{err}")
        *won, cost = out.splitlines()
        found.append(RacingDesk(card, tuple(won), Contention(**json.loads(cost))))
    return Race(tuple(found))


def taken(ops: Operations, act: str, card: str, wanted: Iterable[str]) -> Iterator[str]:
    """Try to get each of these; what was got."""
    for each in wanted:
        for _ in range(TRIES):
            try:
                answer = asked(ops, act, card, each)
            except Conflict:
                continue
            if answer:
                yield each
            break
        else:
            raise Conflict(f"{TRIES} times in a row other desks were faster for {each}")


def asked(ops: Operations, act: str, card: str, wanted: str) -> Any:
    if act == "lend" or "/" not in wanted:
        return ops.circulation.check_out(patron=card, item=wanted)
    resource, start, end = wanted.split("/")
    return ops.bookings.make(resource=resource, patron=card, start=start, end=end)


def to_and_fro(ops: Operations, card: str, labels: Sequence[str]) -> Iterator[str]:
    """Lend each item and take it back, over and over."""
    for label in cycle(labels):
        if not ops.circulation.check_out(patron=card, item=label):
            raise RuntimeError(f"{label} was not lent to {card}")
        yield label
        if not ops.circulation.check_in(item=label):
            raise RuntimeError(f"{label} was not taken back")
        yield label


def main(arguments: Sequence[str]) -> None:
    """One desk: open the store, say so, wait for the word, take what can be had; or work until it is killed."""
    from libops.desk.opening import open as open_library

    act, url, settings, plugins, card, *wanted = arguments
    with open_library(url, settings=settings or None, plugins=[name for name in plugins.split(",") if name]) as ops:
        print("ready", flush=True)
        sys.stdin.readline()
        for got in to_and_fro(ops, card, wanted) if act == "until_killed" else taken(ops, act, card, wanted):
            print(got, flush=True)
        print(json.dumps(asdict(ops.contention)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
