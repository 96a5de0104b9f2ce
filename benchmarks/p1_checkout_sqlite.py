"""P1, P2: a checkout through the whole API on SQLite, against a transaction of six statements written by hand.

P1 at full durability (every commit is synced), P2 at normal. The floor knows no rules: it reads patron, item and
open loan, writes the loan, the patron's counter and an event, and commits.

A sync costs both alike, so P1 depends on the disk: the faster it is, the more of the floor is the statements. How long
a sync takes is measured and told. Besides the temporary folder it measures in the folders that it is given, which may
lie on other disks.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

from harness import Case, compare
from lending import LendingDesk

import libops

ITEMS = 400

TABLES = """
CREATE TABLE patron (card TEXT PRIMARY KEY, name TEXT, category TEXT, expires TEXT, loans INTEGER) WITHOUT ROWID;
CREATE TABLE item (barcode TEXT PRIMARY KEY, bib TEXT, type TEXT, status TEXT) WITHOUT ROWID;
CREATE TABLE loan (barcode TEXT PRIMARY KEY, card TEXT, out TEXT, due TEXT) WITHOUT ROWID;
CREATE INDEX loan_by_card ON loan (card, due);
CREATE TABLE event (position INTEGER PRIMARY KEY, at TEXT, name TEXT, body TEXT);
"""


class ByHand:
    """The floor."""

    def __init__(self, path: Path, synchronous: str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute(f"PRAGMA synchronous = {synchronous}")
        self.connection.executescript(TABLES)
        for number in range(ITEMS):
            self.connection.execute("INSERT INTO item VALUES (?, 'b1', 'book', 'ok')", (f"3999900{number:07}",))
        for number in range(100):
            card = f"2999900{number:07}"
            self.connection.execute("INSERT INTO patron VALUES (?, 'Ada', 'adult', '2027-01-01', 0)", (card,))

    def before(self, count: int) -> None:
        self.connection.execute("DELETE FROM loan")

    def run(self, count: int) -> None:
        execute = self.connection.execute
        for number in range(count):
            card, barcode = f"2999900{number % 100:07}", f"3999900{number:07}"
            execute("BEGIN IMMEDIATE")
            execute("SELECT name, category, expires, loans FROM patron WHERE card = ?", (card,)).fetchone()
            execute("SELECT bib, type, status FROM item WHERE barcode = ?", (barcode,)).fetchone()
            execute("SELECT card, due FROM loan WHERE barcode = ?", (barcode,)).fetchone()
            execute("INSERT INTO loan VALUES (?, ?, '2026-03-02T09:00', '2026-03-30T22:59')", (barcode, card))
            execute("UPDATE patron SET loans = loans + 1 WHERE card = ?", (card,))
            body = f'{{"card":"{card}","item":"{barcode}"}}'
            execute("INSERT INTO event (at, name, body) VALUES ('2026-03-02T09:00', 'CheckedOut', ?)", (body,))
            execute("COMMIT")


def sync_time(folder: str) -> float:
    """How many microseconds it takes to overwrite four pages of a file and to wait until the disk has them."""
    page, took = os.urandom(4096), []
    with open(Path(folder) / "pages", "wb", buffering=0) as file:
        file.write(page * 1_000)
        os.fsync(file.fileno())
        for number in range(200):
            file.seek(number * len(page))
            file.write(page * 4)
            start = time.perf_counter()
            os.fdatasync(file.fileno()) if hasattr(os, "fdatasync") else os.fsync(file.fileno())
            took.append((time.perf_counter() - start) * 1e6)
    return statistics.median(took)


def measured(budget: str, durability: str, synchronous: str, place: str | None) -> None:
    """One budget in a folder of its own at this place."""
    with tempfile.TemporaryDirectory(dir=place) as folder:
        floor = ByHand(Path(folder) / "floor.db", synchronous)
        ops = libops.open(f"sqlite:///{folder}/library.db", durability=durability)
        desk = LendingDesk(ops, items=ITEMS)
        of = f"a sync takes {sync_time(folder):.0f} µs" if durability == "full" else ""
        print(f"durability {durability!r}")
        compare(
            budget,
            [
                Case("six statements by hand", floor.run, floor.before, most=ITEMS),
                Case("libops check_out", desk.run, desk.before, most=ITEMS),
            ],
            rounds=15,
            busy=durability == "normal",
            of=of,
        )
        ops.close()


def main(*places: str) -> int:
    for place in (None, *places):
        measured("P1", "full", "FULL", place)
    measured("P2", "normal", "NORMAL", None)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
