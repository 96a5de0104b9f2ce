"""Keep a small file of the present schema for ever: `python tests/storage/keep_store_samples.py`.

`tests/data/stores/sqlite-schema-N.db.gz` is a library as the libops of schema N left it; the tests open each of them
with the libops of today. Once a version with that schema is released its file is never made again; until then `--again`
replaces that of the present schema, after a change that would need a migration later.
"""

from __future__ import annotations

import gzip
import sqlite3
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import libops
from libops.base.money import Money
from libops.hooks.builtin.sqlite.migrations import schema_version
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import sample_library

__all__ = ["FOLDER", "keep"]

FOLDER = Path(__file__).resolve().parents[1] / "data" / "stores"
ADA, BEN = "21234000000017", "21234000000025"
BOOK, OTHER = "31234000000014", "31234000000022"


def lived(path: Path) -> None:
    """A small library after six weeks: a loan, a return with its fine, a payment, a block, a hold."""
    clock = FrozenClock()
    with libops.open(f"sqlite:///{path}", clock=clock, ids=CountingIds()) as ops:
        sample_library(ops)
        assert ops.circulation.check_out(patron=ADA, item=BOOK)
        assert ops.circulation.check_out(patron=ADA, item=OTHER)
        clock.forward(days=40)
        assert ops.circulation.check_in(item=BOOK)
        assert ops.fees.pay(patron=ADA, amount=Money(50, "EUR"))
        assert ops.holds.place(patron=BEN, bib=ops.items.get(OTHER).bib_id)
        assert ops.patrons.place_block(BEN, note="lost a key", until=clock() + timedelta(days=3))


def keep(*, again: bool = False) -> Path:
    """Write the file of the present schema, unless it is there."""
    kept = FOLDER / f"sqlite-schema-{schema_version()}.db.gz"
    if kept.exists() and not again:
        return kept
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "town.db"
        lived(path)
        connection = sqlite3.connect(path, isolation_level=None)
        for statement in ("PRAGMA journal_mode = DELETE", "PRAGMA page_size = 1024", "VACUUM"):
            connection.execute(statement)
        connection.close()
        kept.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    return kept


if __name__ == "__main__":
    print(keep(again="--again" in sys.argv))
