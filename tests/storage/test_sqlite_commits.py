"""How a SQLite store tells that others have committed, and what it remembers until then."""

from __future__ import annotations

import gzip
import random
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from libops.base.errors import Conflict
from libops.hooks.builtin.sqlite.store import SqliteStorage
from libops.storage.kinds import kind_of
from libops.storage.port import Batch, Find, Guard, Rewrite
from libops.storage.rebuild import stored
from libops.testing.small_records import MONDAY, drop, get, loan, patron, put, scanned, standing

LOANS = kind_of(type(loan(1)))
HIGHS = (None, MONDAY + timedelta(days=5), MONDAY + timedelta(days=10))
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


def test_who_is_overdue_changes_with_every_loan(desks) -> None:
    """Nothing is late before the first date due; a loan due sooner, made here or at another desk, is late sooner."""
    here, there = desks

    def late(days: int) -> list[Any]:
        find = Find(LOANS, "by_patron", ("patron-0001",), high=MONDAY + timedelta(days=days))
        return [row.record for row in here.read([get(patron(1)), find])[1]]

    here.apply(Batch(writes=(put(loan(1, days=28)), put(loan(2, patron=2, days=1)), put(loan(3, days=None)))))
    assert ([], [], [loan(1, days=28)]) == (late(7), late(28), late(29))
    here.apply(Batch(writes=(put(loan(4, days=10)), put(loan(5, days=None)))))
    assert ([], [loan(4, days=10)]) == (late(10), late(11))
    there.apply(Batch(writes=(put(loan(6, days=5)),)))
    assert ([], [loan(6, days=5)]) == (late(5), late(6))
    here.apply(Batch(writes=(drop(loan(6), here.read([get(loan(6))])[0].version),)))
    assert ([], [loan(4, days=10)]) == (late(6), late(11))


def test_it_agrees_with_one_who_remembers_nothing(tmp_path: Path) -> None:
    """Loans come and go at two desks: what one of them finds is what a desk that was just opened finds."""
    url, chance = f"sqlite:///{tmp_path}/town.db", random.Random(20)
    here, there = (SqliteStorage.own(url, durability="normal") for _ in range(2))
    for _ in range(150):
        desk, item, who = chance.choice([here, here, there]), chance.randint(1, 5), chance.randint(1, 2)
        (was,) = desk.read([get(loan(item))])
        lent = loan(item, who, days=chance.choice([None, 3, 10, 17]))
        back = was.record is not None and chance.random() < 0.4
        desk.apply(Batch(writes=(drop(lent, was.version) if back else put(lent, was.version),)))
        asked = [
            get(loan(item)),
            *(Find(LOANS, "by_patron", (f"patron-{number:04}",), high=high) for number in (1, 2) for high in HIGHS),
            Find(LOANS, "by_due", high=HIGHS[1]),
            Find(LOANS, "by_due", low=HIGHS[1]),
            Find(LOANS, "by_due"),
        ]
        new = SqliteStorage.own(url, durability="normal")
        assert new.read(asked) == here.read(asked) == there.read(asked)
        new.close()
    here.close()
    there.close()


def test_a_desk_that_has_read_holds_nothing_open(desks, tmp_path: Path) -> None:
    """Between two scans the write-ahead log can be brought into the file and emptied, whatever was read before."""
    here, there = desks
    here.apply(Batch(writes=(put(patron(1)), put(loan(1)), put(loan(2))), events=(scanned(1), scanned(2))))
    beside = sqlite3.connect(tmp_path / "town.db", timeout=0.1)
    for read in (
        lambda: there.read([get(patron(1))]),
        lambda: there.read([get(patron(1)), get(loan(1)), OF_PATRON_1]),
        lambda: there.read([get(patron(1)), get(loan(1))]),
        lambda: there.read([OF_PATRON_1]),
        lambda: there.scan(LOANS, page=1),
        lambda: there.events(page=1),
    ):
        read()
        here.apply(Batch(events=(scanned(3),)))
        assert 0 == beside.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    beside.close()


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


def test_an_item_taken_out_of_the_log_stands_nowhere_in_the_file(desks, tmp_path: Path) -> None:
    """Its stream is forgotten with it, whether the log was brought up by stream before or after."""
    here, there = desks
    for desk, first in ((here, 0), (there, 900), (here, 1_800)):
        desk.apply(Batch(events=tuple(scanned(number % 30, number) for number in range(first, first + 900))))
    places = [entry.position for entry in there.events(0, 500, "item_id:item-0007").entries]
    assert 90 == len(places)
    there.apply(Batch(rewrites=tuple(Rewrite(place, scanned(31)) for place in places)))
    there.apply(Batch(events=tuple(scanned(8, number) for number in range(1_200))))
    beside = sqlite3.connect(tmp_path / "town.db")
    for table in ("event", "event_place"):
        assert [] == beside.execute(f"SELECT stream FROM {table} WHERE stream LIKE '%item-0007%'").fetchall()
    streamed = beside.execute("SELECT stream, position FROM event_place ORDER BY position").fetchall()
    assert beside.execute("SELECT stream, position FROM event WHERE stream <> ''").fetchall() == streamed
    beside.close()
