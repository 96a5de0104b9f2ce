"""A library of any size, filled in bulk: titles, items with their labels, patrons with their cards, open loans.

Four items share a title and ten a patron; every tenth item is out, five to a patron. The records are those that the
desk would have made; the log is empty, and no search index is filled, for a checkout asks neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from attrs import asdict
from lending import filled

import libops
from libops.base.holders import BarcodeUse, Holder
from libops.base.ids import BibId, ItemId, LoanId, PatronId
from libops.catalog.model import BibRecord
from libops.items.model import Item
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.kinds import key_of, kind_of
from libops.storage.port import Batch, Write

__all__ = ["BorrowingDesk", "grow", "load"]

AT_ONCE = 5_000
ITEMS_TO_A_TITLE = 4
ITEMS_TO_A_PATRON = 10
ONE_OUT_OF = 10
LOANS_EACH = 5
STRIDE = 7_919
"""A prime: steps of so many items visit all of them, far apart."""


def load(ops: libops.Operations, records: Iterator[Any]) -> None:
    """Put records into the store, a batch at a time."""
    while chunk := list(islice(records, AT_ONCE)):
        ops.storage.apply(Batch(writes=tuple([Write(kind_of(type(r)), key_of(r), r, 0) for r in chunk])))


def card_of(number: int) -> str:
    return f"2{number:013}"


def label_of(number: int) -> str:
    return f"3{number:013}"


def grow(ops: libops.Operations, items: int) -> None:
    """Fill an empty library with so many items and what goes with them."""
    (card,), (label,) = filled(ops, items=1, patrons=1)
    assert ops.circulation.check_out(patron=card, item=label)
    loan, item, patron = ops.circulation.loan_of(label), ops.items.get(label), ops.patrons.get(card)
    assert loan is not None
    bib = ops.catalog.get(item.bib_id)
    load(ops, titles(bib, items))
    load(ops, copies(item, items))
    load(ops, readers(patron, items))
    lent = like(loan)
    load(ops, (lent(**loan_of(number)) for number in range(0, items, ONE_OUT_OF)))


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


def readers(patron: Patron, items: int) -> Iterator[Any]:
    made = like(patron)
    borrowing = -(-items // ONE_OUT_OF) // LOANS_EACH
    for number in range(items // ITEMS_TO_A_PATRON):
        patron_id = PatronId(f"patron{number:020}")
        yield made(id=patron_id, name=f"Flores, Ada {number}", card=card_of(number))
        yield BarcodeUse(card_of(number), Holder.PATRON, patron_id)
        out = LOANS_EACH if number < borrowing else 0
        yield Standing(patron_id, out, by_type={"book@MAIN": out} if out else {})


def loan_of(number: int) -> dict[str, Any]:
    """What tells the loan of an item from others."""
    return {
        "id": LoanId(f"loan{number:022}"),
        "item_id": ItemId(f"item{number:022}"),
        "patron_id": PatronId(f"patron{number // ONE_OUT_OF // LOANS_EACH:020}"),
        "bib_id": BibId(f"bib{number // ITEMS_TO_A_TITLE:023}"),
    }


class BorrowingDesk:
    """Lends items from all over a library to patrons from all over it; `take_back` returns what it lent."""

    def __init__(self, ops: libops.Operations, items: int) -> None:
        self.ops, self.items = ops, items
        self.place = 0
        self.lent: list[str] = []

    def next_pair(self) -> tuple[str, str]:
        """A patron's card and the label of an item that is on the shelf."""
        self.place += 1
        number = self.place * STRIDE % self.items
        if not number % ONE_OUT_OF:
            return self.next_pair()
        return card_of(self.place * STRIDE % (self.items // ITEMS_TO_A_PATRON)), label_of(number)

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
