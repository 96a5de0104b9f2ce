"""A library to lend from, for the benchmarks: many patrons with a card, many items, the settings of a small town."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import libops

__all__ = ["LendingDesk", "filled"]

TITLE = (
    '{"leader": "00000nam a2200000 a 4500", "fields": [{"001": "libops-1"}, '
    '{"245": {"ind1": "0", "ind2": "0", "subfields": [{"a": "Sign talk of the Cheyenne Indians"}]}}]}\n'
)


def filled(ops: libops.Operations, *, items: int, patrons: int, first: int = 0) -> tuple[list[str], list[str]]:
    """Put a title, items and patrons into a library, numbered from `first`; returns cards and labels."""
    ops.catalog.import_marc(BytesIO(TITLE.encode()))
    bib = next(iter(ops.catalog.all())).id
    labels = [f"3999900{number:07}" for number in range(first, first + items)]
    for label in labels:
        assert ops.items.add(bib, barcode=label, item_type="book", call_number="419 Tom")
    cards = [f"2999900{number:07}" for number in range(first, first + patrons)]
    for card in cards:
        assert ops.patrons.register(name=f"Patron {card[-4:]}", category="adult", card=card)
    return cards, labels


class LendingDesk:
    """Checks out `n` items in a row; `before(n)` takes back what is out."""

    def __init__(self, ops: libops.Operations, *, items: int = 400, patrons: int = 100, first: int = 0) -> None:
        self.ops = ops
        self.cards, self.labels = filled(ops, items=items, patrons=patrons, first=first)
        self.out: list[str] = []

    def before(self, count: int) -> None:
        """Take back what is out."""
        for label in self.out:
            assert self.ops.circulation.check_in(item=label)
        self.out = []

    def run(self, count: int) -> None:
        """Lend `count` items, each to the next patron."""
        check_out: Any = self.ops.circulation.check_out
        cards, lent = self.cards, self.out
        for number in range(count):
            label = self.labels[number]
            if not check_out(patron=cards[number % len(cards)], item=label):
                raise RuntimeError(f"{label} was refused")
            lent.append(label)
