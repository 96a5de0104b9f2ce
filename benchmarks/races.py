"""Correct under load: 16 desks race for 100 items and for one patron's limit, and desks are killed while they work.

`python3 dev.py bench races` runs it all on the memory store (threads), SQLite and PostgreSQL (programs of their own),
prints a row for every check, and exits with 1 when a count is off. `--racers`, `--items`, `--kills` make it smaller,
`--rounds` longer, `--on sqlite` keeps to one store.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen
from lending import filled

import libops
from libops.desk.shell import ATTEMPTS
from libops.testing.kills import kill_again_and_again
from libops.testing.races import LoanCount, Race, between_threads, lending_race

LIMIT = 15
"""What the settings let a child borrow."""
CHILD = "28888000000001"


@frozen
class Store:
    """One backend: how to name an empty store of its own for each race; none for the memory store."""

    name: str
    plugins: Sequence[str]
    base: str

    def url(self, race: str) -> str:
        """The URL of a store for one race."""
        if self.name == "postgres":
            mark = "&" if "?" in self.base else "?"
            return f"{self.base}{mark}tenant={race}&pool=1"
        return f"{self.base}/{race}.db"


@contextmanager
def stores(wanted: Sequence[str]) -> Iterator[list[Store]]:
    """The backends asked for, the server started."""
    with tempfile.TemporaryDirectory() as folder:
        found = {"memory": Store("memory", (), ""), "sqlite": Store("sqlite", (), f"sqlite:///{Path(folder)}")}
        if "postgres" not in wanted:
            yield [found[name] for name in wanted]
            return
        from libops_postgres.trial import trial_server

        with trial_server() as url:
            found["postgres"] = Store("postgres", ("libops_postgres",), url)
            yield [found[name] for name in wanted]


class Sheet:
    """The table, printed row by row; remembers whether a count was off."""

    def __init__(self) -> None:
        self.sound = True
        print(f"{'check':<6}{'store':<10}{'asked':<34}{'found':<58}{'seconds':>8}  verdict")

    def row(self, check: str, store: str, asked: str, found: str, began: float, right: bool) -> None:
        """One check."""
        self.sound &= right
        verdict = "ok" if right else "OFF"
        print(f"{check:<6}{store:<10}{asked:<34}{found:<58}{time.perf_counter() - began:>8.1f}  {verdict}", flush=True)


def raced(store: Store, name: str, cards: Sequence[str] | None, racers: int, items: int) -> tuple[Race, LoanCount]:
    """One race on a new store; `cards` None: a card for each desk."""

    def ready(ops: libops.Operations) -> tuple[list[str], list[str]]:
        own, labels = filled(ops, items=items, patrons=racers)
        assert ops.patrons.register(name="Ben Okafor", category="child", card=CHILD)
        return own, labels

    if store.name == "memory":
        with libops.open() as ops:
            own, labels = ready(ops)
            return between_threads(ops, cards or own, labels), LoanCount.of(ops)
    url = store.url(name)
    with libops.open(url, plugins=store.plugins) as ops:
        own, labels = ready(ops)
    race = lending_race(url, cards or own, labels, plugins=store.plugins)
    with libops.open(url, plugins=store.plugins) as ops:
        return race, LoanCount.of(ops)


def races(sheet: Sheet, store: Store, racers: int, items: int, rounds: int) -> None:
    """C1, C2 and C5 on one store."""
    for check, cards, right in (("C1", None, items), ("C2", [CHILD] * racers, min(LIMIT, items))):
        for number in range(1, rounds + 1):
            began = time.perf_counter()
            race, count = raced(store, f"{check}-{number}", cards, racers, items)
            won = len(race.labels)
            asked = f"{racers} desks, {items} items" + (f", limit {LIMIT}" if cards else "")
            found = f"won {won}, loans {count.loans}, events {count.events}, counted {count.counted}"
            twice = won - len(set(race.labels))
            sheet.row(
                check,
                store.name,
                asked,
                f"{found}, twice {twice}",
                began,
                LoanCount(right, right, right, same_as_log=True) == count and right == won and not twice,
            )
            cost = race.contention
            sheet.row(
                "C5",
                store.name,
                f"at most {ATTEMPTS} decisions an act",
                f"anew {cost.conflicts}, most {cost.most}, gave up {cost.given_up}, store retries {cost.store_retries}",
                began,
                cost.most <= ATTEMPTS,
            )


def kills(sheet: Sheet, store: Store, rounds: int) -> None:
    """C3 on one store."""
    began = time.perf_counter()
    url = store.url("C3")
    with libops.open(url, plugins=store.plugins) as ops:
        cards, labels = filled(ops, items=20, patrons=1)
    count = kill_again_and_again(url, cards[0], labels, kills=rounds, plugins=store.plugins)
    found = f"acknowledged {count.told}, lost {count.lost}, half done {count.half}, unheard {count.unheard}"
    right = count.lost == count.half == 0 and count.kills == rounds and count.told > 0
    sheet.row("C3", store.name, f"{rounds} kills, full durability", found, began, right)


def main(arguments: Sequence[str]) -> int:
    """Print the table; the exit code is 1 when a count is off."""
    parser = argparse.ArgumentParser(prog="races", description=__doc__)
    for name, default in (("racers", 16), ("items", 100), ("rounds", 3), ("kills", 200)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--on", action="append", choices=["memory", "sqlite", "postgres"])
    asked = parser.parse_args(arguments)
    sheet = Sheet()
    with stores(asked.on or ["memory", "sqlite", "postgres"]) as found:
        for store in found:
            races(sheet, store, asked.racers, asked.items, asked.rounds)
            if store.name != "memory":
                kills(sheet, store, asked.kills)
    print("every count is right" if sheet.sound else "a count is OFF")
    return 0 if sheet.sound else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
