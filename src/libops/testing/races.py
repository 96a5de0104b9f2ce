"""Races between processes: many desks, few items, and a count of who got what.

Each process opens the store by its URL and waits; when all are ready they are let go at once, so that they truly
race. What they print is counted here.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from attrs import frozen

__all__ = ["Race", "booking_race", "lending_race", "main"]


@frozen
class Race:
    """What each desk won: the barcodes it lent or the spans it booked, by the card it won them for."""

    won: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def labels(self) -> list[str]:
        """Everything that was won, as often as somebody was told so."""
        return sorted(label for _, labels in self.won for label in labels)


def lending_race(
    url: str, cards: Sequence[str], labels: Sequence[str], *, settings: str = "", plugins: Sequence[str] = ()
) -> Race:
    """Let one process for each card try to lend every item, each in its own order, all at the same time.

    Raises `RuntimeError` with the process's own words when one of them fails.
    """
    return race("lend", url, cards, labels, settings, plugins)


def booking_race(
    url: str, cards: Sequence[str], spans: Sequence[str], *, settings: str = "", plugins: Sequence[str] = ()
) -> Race:
    """Let one process for each card try to book every span, each in its own order, all at the same time.

    A span is written `resource/start/end`, such as `R-2/2026-03-03T10:00/2026-03-03T11:00`.
    """
    return race("book", url, cards, spans, settings, plugins)


def race(
    act: str, url: str, cards: Sequence[str], wanted: Sequence[str], settings: str, plugins: Sequence[str]
) -> Race:
    command = [sys.executable, "-m", "libops.testing.races", act, url, settings, ",".join(plugins)]
    started = []
    for number, card in enumerate(cards):
        order = random.Random(number).sample(list(wanted), len(wanted))
        started.append(
            subprocess.Popen(
                [*command, card, *order],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
    for process in started:
        assert process.stdout is not None
        process.stdout.readline()
    won = []
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for card, process in zip(cards, started, strict=True):
        out, err = process.communicate(timeout=120)
        if process.returncode:
            raise RuntimeError(f"the desk of card {card} failed:\n{err}")
        won.append((card, tuple(out.split())))
    return Race(tuple(won))


def main(arguments: Sequence[str]) -> None:
    """One desk of a race: open the store, say so, wait for the word, take what can be had."""
    from libops.desk.operations import open as open_library

    act, url, settings, plugins, card, *wanted = arguments
    with open_library(url, settings=settings or None, plugins=[name for name in plugins.split(",") if name]) as ops:
        print("ready", flush=True)
        sys.stdin.readline()
        for each in wanted:
            if act == "lend":
                answer: Any = ops.circulation.check_out(patron=card, item=each)
            else:
                resource, start, end = each.split("/")
                answer = ops.bookings.make(resource=resource, patron=card, start=start, end=end)
            if answer:
                print(each, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
