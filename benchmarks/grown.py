"""A library of any size, filled in bulk: titles, items with their labels, patrons with their cards, open loans.

Four items share a title and ten a patron; every tenth item is out, five to a patron. The records are those that the
desk would have made; the log is empty, and no search index is filled, for a checkout asks neither.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from attrs import asdict
from lending import filled
from multiplied import multiplied, series

import libops
from libops.base.holders import BarcodeUse, Holder
from libops.base.ids import BibId, ItemId, LoanId, PatronId
from libops.catalog.model import BibRecord
from libops.circulation.model import Loan
from libops.hooks.builtin.sqlite.store import CACHE_KIB, PAGES_BEFORE_CHECKPOINT
from libops.items.model import Item
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.kinds import key_of, kind_of
from libops.storage.port import Batch, Write

__all__ = ["BorrowingByHand", "BorrowingDesk", "grow", "grow_file", "load"]

AT_ONCE = 5_000
ITEMS_TO_A_TITLE = 4
ITEMS_TO_A_PATRON = 10
ONE_OUT_OF = 10
LOANS_EACH = 5
FIRST = 100
"""Items that also the largest library fills record by record; its loans lie in the first fifth of the patrons."""
STRIDE = 7_919
"""A prime: steps of so many items visit all of them, far apart."""


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


def load(ops: libops.Operations, records: Iterator[Any]) -> None:
    """Put records into the store, a batch at a time."""
    while chunk := list(islice(records, AT_ONCE)):
        ops.storage.apply(Batch(writes=tuple([Write(kind_of(type(r)), key_of(r), r, 0) for r in chunk])))


def borrowing(items: int) -> int:
    """How many patrons have loans; they are the first ones."""
    return -(-items // ONE_OUT_OF) // LOANS_EACH


def reader_id(number: int) -> PatronId:
    return PatronId(f"patron{number:020}")


def card_of(number: int) -> str:
    return f"2{number:013}"


def label_of(number: int) -> str:
    return f"3{number:013}"


def grow(ops: libops.Operations, items: int, *, until: int | None = None) -> None:
    """Fill an empty library with so many items and what goes with them, or with the part of it before one item."""
    until = items if until is None else until
    (card,), (label,) = filled(ops, items=1, patrons=1)
    assert ops.circulation.check_out(patron=card, item=label)
    loan, item, patron = ops.circulation.loan_of(label), ops.items.get(label), ops.patrons.get(card)
    assert loan is not None
    bib = ops.catalog.get(item.bib_id)
    load(ops, titles(bib, until))
    load(ops, copies(item, until))
    load(ops, readers(patron, until, borrowing(items)))
    lent = like(loan)
    load(ops, (lent(**loan_of(number)) for number in range(0, until, ONE_OUT_OF)))


def grow_file(path: Path, items: int) -> None:
    """Make a SQLite file of the library that `grow` fills: the same rows, but for the first few made by SQL."""
    with libops.open(f"sqlite:///{path}", durability="normal") as ops:
        grow(ops, items, until=FIRST)
    copies, lent = series(FIRST, items), series(FIRST, items, ONE_OUT_OF)
    titles = series(FIRST // ITEMS_TO_A_TITLE, -(-items // ITEMS_TO_A_TITLE))
    readers = series(FIRST // ITEMS_TO_A_PATRON, items // ITEMS_TO_A_PATRON)
    bib, item, patron = "printf('bib%023d', n)", "printf('item%022d', n)", "printf('patron%020d', n)"
    label, card, its_bib = "printf('3%013d', n)", "printf('2%013d', n)", f"printf('bib%023d', n / {ITEMS_TO_A_TITLE})"
    lends = f"n < {borrowing(items)}"
    first = loan_of(0)
    with multiplied(path) as file:
        words = "ign talk, volume ' || n"
        file.copy(BibRecord, first["bib_id"], titles, id=bib, title=f"'S{words}", sort_title=f"'s{words}")
        file.copy(Item, first["item_id"], copies, id=item, bib_id=its_bib, barcode=label)
        file.copy(BarcodeUse, label_of(0), copies, barcode=label, holder_id=item, bib_id=its_bib)
        file.copy(Patron, first["patron_id"], readers, id=patron, name="'Flores, Ada ' || n", card=card)
        file.copy(BarcodeUse, card_of(0), readers, barcode=card, holder_id=patron)
        standing = {"open_loans": f"iif({lends}, t.open_loans, 0)", "by_type": f"iif({lends}, t.by_type, '{{}}')"}
        file.copy(Standing, first["patron_id"], readers, patron_id=patron, **standing)
        borrower = f"printf('patron%020d', n / {ONE_OUT_OF * LOANS_EACH})"
        loan = {"id": "printf('loan%022d', n)", "patron_id": borrower}
        file.copy(Loan, first["item_id"], lent, item_id=item, bib_id=its_bib, **loan)


def like(record: Any) -> Callable[..., Any]:
    """Makes copies of a record that differ in some fields: `evolve` asks for the others anew each time."""
    cls, same = type(record), asdict(record, recurse=False)
    return lambda **fields: cls(**{**same, **fields})


def titles(bib: BibRecord, items: int) -> Iterator[BibRecord]:
    made = like(bib)
    for number in range(-(-items // ITEMS_TO_A_TITLE)):
        title = f"Sign talk, volume {number}"
        yield made(id=BibId(f"bib{number:023}"), title=title, sort_title=title.lower())


def copies(item: Item, items: int) -> Iterator[Any]:
    made = like(item)
    for number in range(items):
        item_id, bib_id = ItemId(f"item{number:022}"), BibId(f"bib{number // ITEMS_TO_A_TITLE:023}")
        yield made(id=item_id, bib_id=bib_id, barcode=label_of(number))
        yield BarcodeUse(label_of(number), Holder.ITEM, item_id, bib_id)


def readers(patron: Patron, items: int, borrowing: int) -> Iterator[Any]:
    made = like(patron)
    for number in range(items // ITEMS_TO_A_PATRON):
        patron_id = reader_id(number)
        yield made(id=patron_id, name=f"Flores, Ada {number}", card=card_of(number))
        yield BarcodeUse(card_of(number), Holder.PATRON, patron_id)
        out = LOANS_EACH if number < borrowing else 0
        yield Standing(patron_id, out, by_type={"book@MAIN": out} if out else {})


def loan_of(number: int) -> dict[str, Any]:
    """What tells the loan of an item from others."""
    return {
        "id": LoanId(f"loan{number:022}"),
        "item_id": ItemId(f"item{number:022}"),
        "patron_id": reader_id(number // ONE_OUT_OF // LOANS_EACH),
        "bib_id": BibId(f"bib{number // ITEMS_TO_A_TITLE:023}"),
    }


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

    def close(self) -> None:
        """Close the library."""
        self.ops.close()


class BorrowingByHand(Borrowing):
    """Six statements on the same tables: reads patron, item and open loan, writes loan, counter and an event.

    What these take longer among many rows is the engine's growth: deeper trees, and pages that no cache holds.
    """

    def __init__(self, path: Path, items: int, synchronous: str) -> None:
        super().__init__(items)
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in (
            f"synchronous={synchronous}",
            f"cache_size=-{CACHE_KIB}",
            f"wal_autocheckpoint={PAGES_BEFORE_CHECKPOINT}",
        ):
            self.connection.execute(f"PRAGMA {pragma}")
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

    def close(self) -> None:
        """Close the file."""
        self.connection.close()
