"""P3: a checkout on the memory store, everything on, against making one frozen object of ten fields."""

from __future__ import annotations

import sys

from attrs import frozen
from harness import Case, compare
from lending import LendingDesk

import libops


@frozen
class Ten:
    """Ten fields."""

    a: str
    b: str
    c: str
    d: int
    e: int
    f: int
    g: str
    h: str
    i: bool
    j: None


def make(count: int) -> None:
    for _ in range(count):
        Ten(a="a", b="b", c="c", d=1, e=2, f=3, g="g", h="h", i=True, j=None)


def main() -> int:
    with libops.open() as ops:
        desk = LendingDesk(ops, items=2000, patrons=500)
        compare(
            "P3",
            [
                Case("one frozen object of ten fields, by keyword", make),
                Case("libops check_out", desk.run, desk.before, most=2000),
            ],
            rounds=15,
            busy=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
