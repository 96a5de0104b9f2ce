"""G4: placing, cancelling and finding the next hold on a title with 10,000 holds, against one with 10.

Run with `python benchmarks/g4_holds.py`. Each operation places a hold, asks whose hold an item would fill, and cancels
the hold again, so that the queues keep their length. Once on the memory store and once on SQLite; the verdict is that
of the worse.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from harness import Case, compare
from lending import TITLE

import libops

SHORT, LONG = 10, 10_000


def queue(ops: libops.Operations, length: int) -> Callable[[int], None]:
    """A title with so many holds on it, and what is done there."""
    ops.catalog.import_marc(BytesIO(TITLE.replace("libops-1", f"title-{length}").encode()))
    bib = max(ops.catalog.all(), key=lambda bib: bib.id).id
    label = f"3999900{length:07}"
    assert ops.items.add(bib, barcode=label, item_type="book")
    for number in range(length):
        card = f"2{length:06}{number:07}"
        assert ops.patrons.register(name="Ada Flores", category="adult", card=card)
        assert ops.holds.place(patron=card, bib=bib)
    reader = f"28{length:012}"
    assert ops.patrons.register(name="Ben Okafor", category="adult", card=reader)

    def run(count: int) -> None:
        for _ in range(count):
            placed = ops.holds.place(patron=reader, bib=bib)
            assert isinstance(placed, libops.Permit)
            assert ops.holds.next_for(label).hold is not None
            assert ops.holds.cancel(placed.result.hold.id, reason="done")

    return run


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        for url in ("memory:", f"sqlite:///{Path(folder) / 'holds.db'}"):
            with libops.open(url, durability="normal") as ops:
                cases = [
                    Case(f"{url[:6]} queue of {length:,}", queue(ops, length), most=200) for length in (SHORT, LONG)
                ]
                compare("G4", cases, busy=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
