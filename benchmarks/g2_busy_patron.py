"""G2: a checkout by a patron with 2,000 open loans, against one by a patron with two.

Run with `python benchmarks/g2_busy_patron.py`: on SQLite and on the memory store; the verdict is that of the worse.
Both patrons, a school class or a nursing home, are under the same rules, with a limit for everything, of which they
reach none. Once with all loans in time; once with one of them late; once under a rule that asks whether the patron
has the title already.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from attrs import asdict, evolve
from harness import Case, compare
from lending import filled

import libops
from libops.base.ids import BibId, ItemId, LoanId, PatronId
from libops.circulation.model import Loan
from libops.desk.settings.loading import default_settings
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.port import Batch, Get, Write

FEW, MANY = 2, 2_000
ITEMS = 100
CASES: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("all in time", 0, {}),
    ("one late", 1, {}),
    ("title asked for", 0, {"one_per_title": "alert"}),
)


def settings(**loan: Any) -> dict[str, Any]:
    """Every limit there is, high enough for both patrons."""
    plain = default_settings().canonical()
    limits = plain["limit_policies"]["adult"]
    limits["items_out"] = limits["overdue"]["limit"] = 5_000
    limits["by_item_type"] = [{"item_types": ["media"], "limit": 10}, {"item_types": ["book"], "limit": 4_000}]
    plain["loan_policies"]["four-weeks"] |= loan
    return plain


def borrowed(ops: libops.Operations, first: Loan, card: str, count: int, late: int) -> None:
    """Let a patron have so many loans, some of them overdue."""
    patron = ops.patrons.get(card).id
    plain = asdict(first, recurse=False)
    writes = []
    for number in range(count):
        due = first.due if first.due is None or number >= late else first.checked_out_at - timedelta(days=number + 1)
        name = f"{patron[-6:]}{number:016}"
        own = {"id": LoanId(f"loan{name}"), "item_id": ItemId(f"item{name}"), "bib_id": BibId(f"bib{name}")}
        loan = Loan(**{**plain, **own, "patron_id": PatronId(patron), "due": due})
        writes.append(Write(kind_of(Loan), loan.item_id, loan, 0))
    kept = ops.storage.read([Get(kind_of(Standing), patron)])[0]
    standing = evolve(kept.record, open_loans=count, by_type={first.counted_as: count})
    writes.append(Write(kind_of(Standing), patron, standing, kept.version))
    ops.storage.apply(Batch(writes=tuple(writes)))


class PatronDesk:
    """One patron at the desk, who borrows `n` items in a row; `before(n)` takes them back."""

    def __init__(self, ops: libops.Operations, loans: int, late: int) -> None:
        self.ops, self.out = ops, 0
        self.cards, self.labels = filled(ops, items=ITEMS + 1, patrons=1, first=loans * ITEMS)
        (card,), spare = self.cards, self.labels.pop()
        assert ops.circulation.check_out(patron=card, item=spare)
        first = ops.circulation.loan_of(spare)
        assert first is not None
        assert ops.circulation.check_in(item=spare)
        borrowed(ops, first, card, loans, late)

    def before(self, count: int) -> None:
        """Take back what the patron borrowed."""
        for label in self.labels[: self.out]:
            assert self.ops.circulation.check_in(item=label)
        self.out = 0

    def run(self, count: int) -> None:
        """Lend so many items."""
        check_out: Any = self.ops.circulation.check_out
        for label in self.labels[:count]:
            assert check_out(patron=self.cards[0], item=label)
        self.out = count


def compared(url: str, name: str, late: int, rules: dict[str, Any]) -> None:
    """Measure both patrons in one library."""
    with libops.open(url, settings=settings(**rules), durability="normal") as ops:
        cases = []
        for loans in (FEW, MANY):
            desk = PatronDesk(ops, loans, late)
            cases.append(Case(f"{loans:,} open loans, {name}", desk.run, desk.before, most=ITEMS))
        store = "memory" if url == "memory:" else "SQLite"
        compare("G2", cases, busy=True, of=f"{store}, {name}")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        for store in ("sqlite", "memory"):
            for number, (name, late, rules) in enumerate(CASES):
                url = "memory:" if store == "memory" else f"sqlite:///{Path(folder)}/{number}.db"
                compared(url, name, late, rules)
    return 0


if __name__ == "__main__":
    sys.exit(main())
