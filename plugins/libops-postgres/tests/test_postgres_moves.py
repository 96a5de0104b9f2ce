"""A library moves to PostgreSQL and away again, and is the same at every station."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import libops
from libops.base.money import Money
from libops.storage.rebuild import log_of, rebuilt, state_hash, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import sample_library

ADA, BEN = "21234000000017", "21234000000025"
BOOK, OTHER = "31234000000014", "31234000000022"


def lived_in() -> libops.Operations:
    """A library in memory after a few weeks: loans open and closed, a hold, a fine partly paid, a block."""
    clock = FrozenClock()
    ops = libops.open(clock=clock, ids=CountingIds())
    sample_library(ops)
    assert ops.circulation.check_out(patron=ADA, item=BOOK)
    assert ops.circulation.check_out(patron=ADA, item=OTHER)
    assert ops.holds.place(patron=BEN, item=OTHER)
    clock.forward(days=40)
    assert ops.circulation.check_in(item=BOOK)
    assert ops.fees.pay(patron=ADA, amount=Money(50, "EUR"))
    assert ops.patrons.place_block(BEN, note="lost a key")
    return ops


def test_a_library_is_the_same_in_memory_on_postgresql_and_on_sqlite(server: str, tmp_path: Path) -> None:
    """Exported and restored twice, every record and event arrives; the log alone gives the records everywhere."""
    url = f"{server}&tenant={uuid4().hex}"
    plugins = ["libops_postgres"]
    with lived_in() as memory:
        whole, log = stored(memory.storage), list(log_of(memory.storage))
        first = memory.export(tmp_path / "from-memory")
    with libops.open(url, plugins=plugins) as postgres:
        assert first.state_hash == postgres.restore(tmp_path / "from-memory").state_hash
        assert whole == stored(postgres.storage)
        assert log == list(log_of(postgres.storage))
        assert whole == rebuilt(log_of(postgres.storage))
        second = postgres.export(tmp_path / "from-postgres")
    with libops.open(f"sqlite:///{tmp_path}/town.db") as sqlite:
        assert second.state_hash == sqlite.restore(tmp_path / "from-postgres").state_hash
        assert whole == stored(sqlite.storage) == rebuilt(log_of(sqlite.storage))
        assert log == list(log_of(sqlite.storage))
        third = sqlite.export(tmp_path / "from-sqlite")
    assert state_hash(whole) == first.state_hash == second.state_hash == third.state_hash
    names = sorted(path.relative_to(tmp_path / "from-memory") for path in (tmp_path / "from-memory").rglob("*.*"))
    for name in names:
        if name.name != "manifest.json":
            versions = {(tmp_path / folder / name).read_bytes() for folder in ("from-memory", "from-postgres")}
            assert 1 == len(versions | {(tmp_path / "from-sqlite" / name).read_bytes()}), name


def test_work_goes_on_where_it_was_restored(server: str, tmp_path: Path) -> None:
    """On PostgreSQL the loan that was open is taken back, and the log still gives every record."""
    with lived_in() as memory:
        memory.export(tmp_path / "out")
    with libops.open(f"{server}&tenant={uuid4().hex}", plugins=["libops_postgres"]) as ops:
        assert ops.restore(tmp_path / "out", dry_run=True).problems == ()
        assert [] == list(log_of(ops.storage))
        ops.restore(tmp_path / "out")
        assert ops.circulation.check_in(item=OTHER)
        assert ops.circulation.loan_of(OTHER) is None
        assert stored(ops.storage) == rebuilt(log_of(ops.storage))
