"""A restore that is killed on the way: the half is never taken for the whole, and begun again it comes to its end."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

import libops
from libops.base.errors import Conflict, FormatError, InvalidValue, SchemaMismatch
from libops.cli.main import main
from libops.desk.moving.restore import restore
from libops.desk.moving.restoring import Restoring
from libops.storage.port import Batch
from libops.storage.rebuild import log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.killed_restore import AT_ONCE, restore_until_killed
from libops.testing.sample_library import sample_library
from libops.testing.small_records import patron, put

ADA, BEN, BOOK, OTHER = "21234000000017", "21234000000025", "31234000000014", "31234000000022"


@pytest.fixture
def exported(tmp_path: Path) -> tuple[Path, Any, list[Any]]:
    """The export of a library in which something happened, its records and its log."""
    with libops.open(clock=FrozenClock(), ids=CountingIds()) as ops:
        sample_library(ops)
        assert ops.circulation.check_out(patron=ADA, item=BOOK)
        assert ops.circulation.check_out(patron=ADA, item=OTHER)
        assert ops.circulation.check_in(item=BOOK)
        ops.export(tmp_path / "out")
        return tmp_path / "out", stored(ops.storage), list(log_of(ops.storage))


def batches_of(folder: Path) -> tuple[int, int]:
    """How many batches the records and the events of an export take."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return -(-sum(manifest["records"].values()) // AT_ONCE), -(-manifest["events"] // AT_ONCE)


@pytest.mark.parametrize("stage", ["nothing yet", "some records", "some events", "all but the mark"])
def test_a_killed_restore_is_told_and_goes_on_where_it_stopped(stage, exported, tmp_path, capsys) -> None:
    """Whoever opens the store is told what it is; the same command again leaves the whole library."""
    folder, records, log = exported
    by_kind, events = batches_of(folder)
    batches = {
        "nothing yet": 1,
        "some records": 3,
        "some events": 2 + by_kind,
        "all but the mark": 1 + by_kind + events,
    }
    path = str(tmp_path / "new.db")
    restore_until_killed(f"sqlite:///{path}", folder, batches[stage])
    with pytest.raises(SchemaMismatch, match=r"half restored.*begin it again"):
        libops.open(f"sqlite:///{path}")
    for verb in (["check"], ["init"], ["run-due"], ["export", "again"], ["backup", str(tmp_path / "copy.db")]):
        assert 4 == main([*verb, "--db", path]), verb
    assert f"libops restore {folder}" in capsys.readouterr().err
    with sqlite3.connect(path) as file:
        (there,) = file.execute("SELECT records + events FROM unfinished_restore").fetchone()
    assert 0 == main(["restore", str(folder), "--db", path, "--json"])
    assert there == json.loads(capsys.readouterr().out)["already"]
    with libops.open(f"sqlite:///{path}") as ops:
        assert records == stored(ops.storage) == rebuilt(log_of(ops.storage))
        assert log == list(log_of(ops.storage))
        assert ops.circulation.check_in(item=OTHER), "work goes on"


def test_a_host_is_told_when_it_first_uses_what_is_half_restored(exported, tmp_path) -> None:
    """A joined store is looked at in the host's first transaction, for reading and for writing."""
    restore_until_killed(f"sqlite:///{tmp_path}/new.db", exported[0], 3)
    connection = sqlite3.connect(tmp_path / "new.db", isolation_level=None)
    ops = libops.open(join=connection)
    connection.execute("BEGIN")
    for _ in range(2):
        with pytest.raises(SchemaMismatch, match="half restored"):
            ops.patrons.get(ADA)
        with pytest.raises(SchemaMismatch, match="half restored"):
            ops.patrons.register(name="Clara Lindqvist", category="adult")
    connection.execute("COMMIT")
    restore_into_host(connection, exported)
    connection.close()


def restore_into_host(connection: sqlite3.Connection, exported: tuple[Path, Any, list[Any]]) -> None:
    """The host may go on with the restore in its own transaction: rolled back, the store is as half as before."""
    folder, records, _ = exported
    for end in ("ROLLBACK", "COMMIT"):
        connection.execute("BEGIN")
        assert libops.open(join=connection, restoring=True).restore(folder).already == 2 * AT_ONCE
        connection.execute(end)
    connection.execute("BEGIN")
    ops = libops.open(join=connection)
    assert "Ben Okafor" == ops.patrons.get(BEN).name
    assert records == stored(ops.storage)
    connection.execute("COMMIT")


def test_only_the_same_export_goes_on(exported, tmp_path) -> None:
    """Another library is not poured on top of a half one; a copy of the same export in another place is the same."""
    folder, records, _ = exported
    url = f"sqlite:///{tmp_path}/new.db"
    restore_until_killed(url, folder, 3)
    with libops.open() as other:
        sample_library(other)
        other.export(tmp_path / "other")
    with libops.open(url, restoring=True) as ops:
        with pytest.raises(InvalidValue, match=r"10 records and 0 events of another export.*empty store for"):
            ops.restore(tmp_path / "other")
        shutil.copytree(folder, tmp_path / "usb-stick")
        assert ops.restore(tmp_path / "usb-stick", dry_run=True).already == 0
        assert ops.restore(tmp_path / "usb-stick").already == 10
        assert records == stored(ops.storage)
        with pytest.raises(InvalidValue, match="already: restore into an empty one"):
            ops.restore(folder)


def test_two_restores_at_once_do_not_mix(exported, tmp_path) -> None:
    """The second finds the mark of the first where it did not expect it; the first comes to its end."""
    folder, _, _ = exported
    with libops.open(f"sqlite:///{tmp_path}/new.db") as ops:
        first, second = (Restoring.begun(ops.storage, folder) for _ in range(2))
        first.put([put(patron(1))])
        with pytest.raises(Conflict, match="another restore is at work"):
            second.put([put(patron(2))])
        first.put([put(patron(3))])
        first.done()
        assert ["patron-0001", "patron-0003"] == [who.id for who in stored(ops.storage).values()]


def test_what_came_of_files_that_were_changed_meanwhile_is_not_passed_off_as_whole(exported, tmp_path) -> None:
    """The part that is there was read from other files than the rest: the store is to be thrown away."""
    folder, _, _ = exported
    url = f"sqlite:///{tmp_path}/new.db"
    with libops.open(url) as ops:
        restoring = Restoring.begun(ops.storage, folder)
        restoring.put([put(patron(number)) for number in range(1, 6)])
    with libops.open(url, restoring=True) as ops, pytest.raises(FormatError, match="throw the store away"):
        restore(ops.storage, folder)
    with pytest.raises(SchemaMismatch, match="half restored"):
        libops.open(url)


def test_what_is_left_of_a_killed_backup_is_in_nobodys_way(tmp_path) -> None:
    """Only a whole copy gets the name that was asked for; a half one lies beside it, and the next goes over it."""
    with libops.open(f"sqlite:///{tmp_path}/town.db") as ops:
        sample_library(ops)
        (tmp_path / "copy.db.part").write_bytes(b"the beginning of a copy")
        ops.storage.backup(tmp_path / "copy.db")
        assert not (tmp_path / "copy.db.part").exists()
    with libops.open(f"sqlite:///{tmp_path}/copy.db") as ops:
        assert "Ben Okafor" == ops.patrons.get(BEN).name
        ops.storage.apply(Batch(writes=(put(patron(1)),)))
