"""Lending from a library that `grown` has filled: items from all over it, to patrons from all over it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from grown import ITEMS_TO_A_PATRON, ONE_OUT_OF, STRIDE, card_of, label_of, loan_of

import libops
from libops.hooks.builtin.sqlite.store import CACHE_KIB, DURABILITY, PAGES_BEFORE_CHECKPOINT

__all__ = ["BorrowingByHand", "BorrowingDesk", "Lending", "connected"]

PATRON_BY_HAND = """
SELECT p.id, p.name, p.category, p.expires, s.open_loans FROM barcode b
JOIN patron p ON p.id = b.holder_id JOIN standing s ON s.patron_id = p.id WHERE b.barcode = ?
"""
ITEM_BY_HAND = """
SELECT i.id, i.bib_id, i.item_type FROM barcode b JOIN item i ON i.id = b.holder_id WHERE b.barcode = ?
"""
EVENT_BY_HAND = """
INSERT INTO event (at, "by", name, schema, stream, body)
VALUES ('2026-03-02T09:00:00.000000+00:00', 'desk', 'CheckedOut', 0, '', ?)
"""


class Lending(Protocol):
    """Somebody who lends."""

    items: int

    def lend(self, count: int, clock: Callable[[], float]) -> list[float]:
        """Lend so many items, and return what each took, in microseconds."""
        ...

    def take_back(self) -> None:
        """Return what was lent, untimed."""
        ...


@contextmanager
def connected(path: Path, durability: str) -> Iterator[sqlite3.Connection]:
    """A file with the settings that libops opens it with, and nothing else of libops."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA synchronous = {DURABILITY[durability]}")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {PAGES_BEFORE_CHECKPOINT}")
        yield connection


class Borrowing:
    """Goes through a library: items from all over it, patrons from all over it."""

    def __init__(self, items: int) -> None:
        self.items = items
        self.place = 0

    def next_pair(self) -> tuple[str, str]:
        """A patron's card and the label of an item that is on the shelf."""
        self.place += 1
        number = self.place * STRIDE % self.items
        if not number % ONE_OUT_OF:
            return self.next_pair()
        return card_of(self.place * STRIDE % (self.items // ITEMS_TO_A_PATRON)), label_of(number)


class BorrowingDesk(Borrowing):
    """Lends items from all over a library; `take_back` returns what it lent."""

    def __init__(self, ops: libops.Operations, items: int) -> None:
        super().__init__(items)
        self.ops = ops
        self.lent: list[str] = []

    def lend(self, count: int, clock: Callable[[], float]) -> list[float]:
        """Lend so many items, and return what each took, in microseconds."""
        check_out: Any = self.ops.circulation.check_out
        took = []
        for card, label in [self.next_pair() for _ in range(count)]:
            start = clock()
            answer = check_out(patron=card, item=label)
            took.append((clock() - start) * 1e6)
            assert answer, answer
            self.lent.append(label)
        return took

    def take_back(self) -> None:
        """Return what was lent, untimed."""
        for label in self.lent:
            assert self.ops.circulation.check_in(item=label)
        self.lent = []


class BorrowingByHand(Borrowing):
    """Six statements on the same tables: reads patron, item and open loan, writes loan, counter and an event.

    What these take longer among many rows is the engine's growth: deeper trees, and pages that no cache holds.
    """

    def __init__(self, connection: sqlite3.Connection, items: int) -> None:
        super().__init__(items)
        self.place = items // 2  # Not where a desk begins, whose pages are at hand.
        self.connection = connection
        found = self.connection.execute("SELECT * FROM loan WHERE item_id = ?", (loan_of(0)["item_id"],))
        self.columns = [column[0] for column in found.description]
        self.loan = found.fetchone()
        self.insert = f"INSERT INTO loan VALUES ({', '.join('?' * len(self.columns))})"
        self.lent: list[tuple[str, str]] = []

    def lend(self, count: int, clock: Callable[[], float]) -> list[float]:
        """Lend so many items, and return what each took, in microseconds."""
        execute, same, took = self.connection.execute, dict(zip(self.columns, self.loan, strict=True)), []
        for card, label in [self.next_pair() for _ in range(count)]:
            start = clock()
            execute("BEGIN IMMEDIATE")
            reader, *_ = execute(PATRON_BY_HAND, (card,)).fetchone()
            item, bib, *_ = execute(ITEM_BY_HAND, (label,)).fetchone()
            execute("SELECT patron_id, due FROM loan WHERE item_id = ?", (item,)).fetchone()
            loan = {**same, "id": f"lent{label}", "item_id": item, "patron_id": reader, "bib_id": bib}
            execute(self.insert, list(loan.values()))
            execute("UPDATE standing SET open_loans = open_loans + 1 WHERE patron_id = ?", (reader,))
            execute(EVENT_BY_HAND, (f'{{"patron":"{reader}","item":"{item}"}}',))
            execute("COMMIT")
            took.append((clock() - start) * 1e6)
            self.lent.append((item, reader))
        return took

    def take_back(self) -> None:
        """Return what was lent, untimed."""
        for item, reader in self.lent:
            self.connection.execute("BEGIN IMMEDIATE")
            self.connection.execute("DELETE FROM loan WHERE item_id = ?", (item,))
            self.connection.execute("UPDATE standing SET open_loans = open_loans - 1 WHERE patron_id = ?", (reader,))
            self.connection.execute("COMMIT")
        self.lent = []
