"""P1, P2: a checkout through the whole API on SQLite, against a transaction of six statements written by hand.

P1 at full durability (every commit is synced), P2 at normal. The floor knows no rules: it reads patron, item and
open loan, writes the loan, the patron's counter and an event, and commits.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
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


def main() -> int:
    for budget, durability, synchronous in (("P1", "full", "FULL"), ("P2", "normal", "NORMAL")):
        with tempfile.TemporaryDirectory() as folder:
            floor = ByHand(Path(folder) / "floor.db", synchronous)
            ops = libops.open(f"sqlite:///{folder}/library.db", durability=durability)
            desk = LendingDesk(ops, items=ITEMS)
            print(f"durability {durability!r}")
            compare(
                budget,
                [
                    Case("six statements by hand", floor.run, floor.before, most=ITEMS),
                    Case("libops check_out", desk.run, desk.before, most=ITEMS),
                ],
                rounds=15,
                busy=durability == "normal",
            )
            ops.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
