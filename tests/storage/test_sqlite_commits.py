"""How a SQLite store tells that others have committed, and what it remembers until then."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from libops.base.errors import Conflict
from libops.hooks.builtin.sqlite.store import SqliteStorage
from libops.storage.kinds import kind_of
from libops.storage.port import Batch, Find, Guard
from libops.storage.rebuild import stored
from libops.testing.small_records import drop, get, loan, patron, put, scanned, standing

LOANS = kind_of(type(loan(1)))
OF_PATRON_1 = Find(LOANS, "by_patron", ("patron-0001",))


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[tuple[SqliteStorage, SqliteStorage]]:
    """Two desks at one file."""
    here, there = (SqliteStorage.own(f"sqlite:///{tmp_path}/town.db", durability="normal") for _ in range(2))
    yield here, there
    here.close()
    there.close()


def test_a_commit_without_events_is_noticed_and_not_in_the_log(desks) -> None:
    """Another desk marks a notice as sent, which is no event: what was decided before that is looked at again."""
    here, there = desks
    here.apply(Batch(writes=(put(patron(1)), put(patron(2))), events=(scanned(1),)))
    answers = here.read([get(patron(1)), get(patron(2))])
    there.apply(Batch(writes=(put(patron(1, category="blocked"), answers[0].version),)))
    guard = Guard(kind_of(type(patron(1))), "patron-0001", answers[0].version)
    with pytest.raises(Conflict):
        here.apply(Batch(guards=(guard,), writes=(put(loan(1)),), events=(scanned(2),), as_of=answers.as_of))
    here.apply(Batch(writes=(put(loan(1)),), events=(scanned(3),), as_of=answers.as_of))
    assert [scanned(1), scanned(3)] == [entry.event for entry in there.events().entries]
    assert there.events(after=there.events().after).entries == []


def test_two_desks_that_read_the_same_are_not_both_next(desks) -> None:
    """Both read when the log was as far, and take different items: the second is checked by its guards and goes on."""
    here, there = desks
    here.apply(Batch(writes=(put(patron(1)),)))
    first, second = (desk.read([get(patron(1)), get(loan(1))]) for desk in desks)
    assert first.as_of == second.as_of
    guard = Guard(kind_of(type(patron(1))), "patron-0001", first[0].version)
    there.apply(Batch((guard,), (put(loan(1)),), (scanned(1), scanned(2)), as_of=second.as_of))
    here.apply(Batch((guard,), (put(loan(2)),), (scanned(3),), as_of=first.as_of))
    assert [scanned(number) for number in (1, 2, 3)] == [entry.event for entry in here.events().entries]
    versions = [answer.version for answer in here.read([get(patron(1)), get(loan(1)), get(loan(2))])]
    assert sorted(set(versions)) == versions


def test_a_find_of_nothing_is_asked_again_once_there_may_be_something(desks) -> None:
    """A patron without loans borrows, here and then at another desk: each loan is seen, also when the first is back."""
    here, there = desks
    here.apply(Batch(writes=(put(patron(1)),)))
    ask = [get(patron(1)), OF_PATRON_1]
    for _ in range(2):
        assert [] == here.read(ask)[1]
    here.apply(Batch(writes=(put(loan(1)),)))
    assert [loan(1)] == [row.record for row in here.read(ask)[1]]
    here.apply(Batch(writes=(drop(loan(1), here.read([get(loan(1))])[0].version),)))
    for _ in range(2):
        assert [] == here.read(ask)[1]
    there.apply(Batch(writes=(put(loan(2)),)))
    assert [loan(2)] == [row.record for row in here.read(ask)[1]]


def test_the_list_of_nothing_belongs_to_who_asked(desks) -> None:
    """What a caller puts into the empty list that it got is not there for the next."""
    here, _ = desks
    ask = [get(patron(1)), OF_PATRON_1]
    for _ in range(3):
        found = here.read(ask)[1]
        assert [] == found
        found.append("scribbled")


def test_a_changed_record_is_whole_for_others(desks) -> None:
    """Only the cells that differ are written, whether the record before is at hand or not."""
    here, there = desks
    here.apply(Batch(writes=(put(standing(1)),)))
    for desk, after in (
        (here, standing(1, open_loans=1)),
        (there, standing(1, open_loans=1, balance=250)),
        (here, standing(1, balance=250)),
        (here, standing(1, balance=250)),
    ):
        desk.apply(Batch(writes=(put(after, there.read([get(after)])[0].version),)))
        for reader in desks:
            assert after == reader.read([get(after)])[0].record
            assert after == reader.scan(kind_of(type(after)), "by_balance").rows[0].record


def test_a_file_whose_commits_were_counted_apart_goes_on_above_them(tmp_path: Path) -> None:
    """At schema 2 the number of commits ran ahead of the log: no version that was given out is given out again."""
    path = tmp_path / "town.db"
    kept = Path(__file__).resolve().parents[1] / "data" / "stores" / "sqlite-schema-2.db.gz"
    path.write_bytes(gzip.decompress(kept.read_bytes()))
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("UPDATE store SET value = 5000 WHERE name = 'commits'")
    connection.execute("UPDATE patron SET version = 5000")
    events = connection.execute("SELECT count(*) FROM event").fetchone()[0]
    connection.close()
    store = SqliteStorage.own(f"sqlite:///{path}")
    before = stored(store)
    assert events == len(store.events(page=10_000).entries)
    store.apply(Batch(writes=(put(loan(1)),)))
    assert 5000 < store.read([get(loan(1))])[0].version
    assert events == len(store.events(page=10_000).entries)
    store.close()
    again = SqliteStorage.own(f"sqlite:///{path}")
    assert len(before) + 1 == len(stored(again))
    again.close()
