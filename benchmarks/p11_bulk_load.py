"""P11: loading open loans in bulk, against raw executemany on SQLite and raw COPY on PostgreSQL.

Both sides write the same rows into tables with the same columns, key and indexes, and commit as often. The floor has
its rows ready as tuples of cells; libops makes each `Loan` and its `Write` and hands them to `apply`, which holds the
key free, converts every field and keeps the version. Loans made beforehand are shown beside it.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from harness import Case, compare

import libops
from libops.base.ids import BibId, ItemId, LibraryCode, LoanId, PatronId
from libops.circulation.model import Loan
from libops.storage.kinds import kind_of
from libops.storage.port import Batch, Storage, Write
from libops.wire.columns import layout_of
from libops_postgres.statements import statements_of
from libops_postgres.trial import trial_server

LOANS = 20_000
AT_ONCE = 2_000
ROUNDS = 7
LENT_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
KIND = kind_of(Loan)


def loans(count: int) -> Iterator[Loan]:
    """Open loans as a former system may hand them over: five a patron, due at many moments."""
    for number in range(count):
        lent_at = LENT_AT + timedelta(seconds=number * 7_919 % count)
        yield Loan(
            LoanId(f"loan{number:022}"),
            ItemId(f"item{number * 7_919 % count:022}"),
            PatronId(f"patron{number // 5:020}"),
            BibId(f"bib{number // 2:023}"),
            LibraryCode("main"),
            lent_at,
            lent_at + timedelta(days=28),
            "book",
            "adult",
            "book",
            "standard",
            "8d2f0a5c9e1b4736",
            "four-weeks",
            "daily",
            "lost",
        )


def batches(found: Iterator[Loan]) -> Iterator[Batch]:
    while writes := tuple([Write(KIND, loan.item_id, loan, 0) for loan in islice(found, AT_ONCE)]):
        yield Batch(writes=writes)


def cases(
    name: str, storage: Storage, by_hand: Callable[[list[tuple[Any, ...]]], object], empty: Callable[[int], object]
) -> None:
    """Measure one store: the floor, loans that are there already, loans that are made on the way."""
    print(f"{name}, {LOANS:,} loans, {AT_ONCE:,} to a transaction")
    to_row = layout_of(KIND).to_row
    made = list(loans(LOANS))
    rows = [(*to_row(loan), 1) for loan in made]

    def floor(count: int) -> None:
        for start in range(0, count, AT_ONCE):
            by_hand(rows[start : start + AT_ONCE])

    def load(source: Callable[[], Iterator[Loan]]) -> Callable[[int], None]:
        def run(count: int) -> None:
            for batch in batches(source()):
                storage.apply(batch)

        return run

    compare(
        "P11",
        [
            Case("rows by hand", floor, empty, least=LOANS, most=LOANS),
            Case("apply, loans made before", load(lambda: iter(made)), empty, least=LOANS, most=LOANS),
            Case("loans made and applied", load(lambda: loans(LOANS)), empty, least=LOANS, most=LOANS),
        ],
        rounds=ROUNDS,
        busy=name == "SQLite",
        of=name,
    )


def sqlite(folder: str) -> None:
    """A file beside the library's, with the same table, written by `executemany`."""
    with libops.open(f"sqlite:///{Path(folder) / 'library.db'}", durability="normal") as ops:
        subject: Any = ops.storage
        hand = sqlite3.connect(Path(folder) / "floor.db", isolation_level=None)
        hand.execute("PRAGMA journal_mode = WAL")
        hand.execute("PRAGMA synchronous = NORMAL")
        hand.execute("PRAGMA cache_size = -32768")
        for (text,) in subject.connection.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'loan'").fetchall():
            hand.execute(text)
        marks = ", ".join("?" * (len(layout_of(KIND).columns) + 1))

        def write(rows: list[tuple[Any, ...]]) -> None:
            hand.execute("BEGIN IMMEDIATE")
            hand.executemany(f"INSERT INTO loan VALUES ({marks})", rows)
            hand.execute("COMMIT")

        def empty(_: int) -> None:
            for connection in (hand, subject.connection):
                connection.execute("DELETE FROM loan")

        cases("SQLite", ops.storage, write, empty)
        hand.close()


def postgres(url: str) -> None:
    """A schema beside the library's, with the same table, written by COPY."""
    columns = statements_of(KIND).columns
    with libops.open(url, plugins=["libops_postgres"]) as ops, psycopg.connect(url, autocommit=True) as hand:
        hand.execute("CREATE SCHEMA by_hand")
        hand.execute("CREATE TABLE by_hand.loan (LIKE public.loan INCLUDING ALL)")

        def write(rows: list[tuple[Any, ...]]) -> None:
            with hand.cursor().copy(f"COPY by_hand.loan ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(("", *row))

        def empty(_: int) -> None:
            hand.execute("TRUNCATE by_hand.loan, public.loan")

        cases("PostgreSQL", ops.storage, write, empty)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        sqlite(folder)
    with trial_server() as url:
        postgres(url)
    return 0


if __name__ == "__main__":
    sys.exit(main())
