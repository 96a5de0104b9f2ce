"""A library of any size, filled in bulk: titles, items with their labels, patrons with their cards, open loans.

Four items share a title and ten a patron; every tenth item is out, five to a patron. The records are those that the
desk would have made; the log is empty, and no search index is filled, for a checkout asks neither.
"""

from __future__ import annotations

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
from libops.items.model import Item
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.kinds import key_of, kind_of
from libops.storage.port import Batch, Write

__all__ = ["ITEMS_TO_A_PATRON", "ONE_OUT_OF", "STRIDE", "card_of", "grow", "grow_file", "label_of", "load", "loan_of"]

AT_ONCE = 5_000
ITEMS_TO_A_TITLE = 4
ITEMS_TO_A_PATRON = 10
ONE_OUT_OF = 10
LOANS_EACH = 5
FIRST = 100
"""Items that also the largest library fills record by record; its loans lie in the first fifth of the patrons."""
STRIDE = 7_919
"""A prime: steps of so many items visit all of them, far apart."""


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
