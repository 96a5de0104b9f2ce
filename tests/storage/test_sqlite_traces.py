"""Who was taken out of a SQLite store is gone from the bytes of its file and of its write-ahead log, too."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import libops
from libops.desk.settings.loading import default_settings
from libops.hooks.builtin.sqlite import traces
from libops.hooks.builtin.sqlite.store import SqliteStorage
from libops.storage.port import Batch, Rewrite
from libops.storage.rebuild import log_of, rebuilt, stored
from libops.testing.fakes import FrozenClock
from libops.testing.sample_library import sample_library
from libops.testing.small_records import drop, get, patron, put, scanned

ADA, BEN = "21234000000017", "21234000000025"
BOOK, OTHER = "31234000000014", "31234000000022"
READ = "import sys; sys.stdout.buffer.write(open(sys.argv[1], 'rb').read())"


def bytes_of(path: Path) -> bytes:
    """The bytes of a file that may be open: another process reads, for closing it here would end the engine's locks."""
    if not path.exists():
        return b""
    return subprocess.run([sys.executable, "-ISc", READ, str(path)], capture_output=True, check=True).stdout


def raw(path: Path) -> bytes:
    """All that is on the disk: the file and its write-ahead log."""
    return bytes_of(path) + bytes_of(path.with_name(f"{path.name}-wal"))


def on_disk(path: Path, *marks: str) -> list[str]:
    """Which of the marks are there."""
    found = raw(path)
    return [mark for mark in marks if mark.encode() in found]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Callable[..., libops.Operations]]:
    """A library with fines, fees for holds, and a rule how long it remembers."""
    opened: list[libops.Operations] = []

    def open_one(keep: str = "until-return", name: str = "town.db") -> libops.Operations:
        plain = default_settings().canonical()
        plain["privacy"] = {"history": {"keep": keep}, "with_fees": {"keep": "until-return"}}
        plain["hold_policies"]["standard"] |= {"fee": "0.50 EUR", "expiry_fee": "1.00 EUR"}
        url = f"sqlite:///{tmp_path / name}"
        opened.append(libops.open(url, settings=plain, clock=FrozenClock(), durability="normal"))
        return opened[-1]

    yield open_one
    for ops in opened:
        ops.close()


def joined_by(ops: libops.Operations, number: int, chance: random.Random) -> str:
    """Somebody with a name, a card and addresses of their own, some of them long, becomes a patron; the card."""
    card = f"29999{number:09}"
    long = "Upper Lakeside Road " * chance.choice([1, 2, 3, 300])
    assert ops.patrons.register(
        name=f"Reader{card} {'of Lake Town ' * chance.randrange(3)}",
        category="adult",
        card=card,
        email=f"mail{card}@example.org",
        address=f"Street{card} {long}",
        phone=f"0555{card}",
        note=f"Note{card}",
    )
    return card


def a_year(ops: Any, chance: random.Random, patrons: int) -> tuple[list[str], set[str]]:
    """Many borrow, come late, pay, hold, give up and move; the cards of all, and the identifiers of all loans."""
    sample_library(ops)
    bib = next(iter(ops.catalog.all())).id
    cards = [joined_by(ops, number, chance) for number in range(patrons)]
    labels = [f"39999{number:09}" for number in range(patrons)]
    for label in labels:
        assert ops.items.add(bib, barcode=label, item_type="book", call_number="781.65")
    loans: set[str] = set()
    for days in (5, 40, 12):
        for card, label in zip(chance.sample(cards, patrons), chance.sample(labels, patrons), strict=True):
            if ops.circulation.check_out(patron=card, item=label):
                loans.add(ops.circulation.loan_of(label).id)
        for card in chance.sample(cards, patrons // 4):
            hold = ops.holds.place(patron=card, item=chance.choice(labels))
            assert not hold or ops.holds.cancel(hold.result.holds[0].id, reason=f"Why{card}")
            assert ops.patrons.change(card, email=f"mail{card}@example.com", address=f"Street{card} 2")
        ops.clock.forward(days=days)
        for label in labels:
            ops.circulation.check_in(item=label)
        for card in cards:
            owed = ops.fees.balance(card)
            assert not owed.amount or ops.fees.pay(patron=card, amount=owed)
    return cards, loans


def marks_of(card: str) -> list[str]:
    """What a person is known by, besides the card itself."""
    return [f"{word}{card}" for word in ("Reader", "mail", "Street", "0555", "Note")]


@pytest.mark.parametrize("seed", range(3))
def test_many_are_forgotten_and_erased(town, tmp_path: Path, seed: int) -> None:
    """Pages part, join and are freed, texts flow over: after a nightly run no byte tells of them, open or closed."""
    ops, chance = town(), random.Random(seed)
    cards, loans = a_year(ops, chance, 50)
    path, known = tmp_path / "town.db", [mark for card in cards for mark in marks_of(card)]
    assert known == on_disk(path, *known)
    gone = chance.sample(cards, 25)
    for card in gone[:12]:
        assert ops.privacy.erase(card)
    ops.clock.forward(days=1)
    ops.run_due()
    for card in gone[12:]:
        assert ops.privacy.erase(card)
    ops.storage.execute("UPDATE store SET value = 0 WHERE name = 'tidied'")  # a day has passed
    ops.run_due()
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))
    assert [] == ops.storage.problems()
    for _ in ("open", "closed"):
        assert [] == on_disk(path, *gone, *(mark for card in gone for mark in (*marks_of(card), f"Why{card}")))
        assert 25 == len(on_disk(path, *(f"Reader{card}" for card in cards if card not in gone)))
        assert [] == on_disk(path, *loans)
        ops.close()


def lent_and_returned(ops: Any, card: str, item: str) -> str:
    assert ops.circulation.check_out(patron=card, item=item)
    loan = ops.circulation.loan_of(item).id
    ops.clock.forward(days=3)
    assert ops.circulation.check_in(item=item)
    return str(loan)


def test_a_person_who_is_erased_at_the_desk_is_gone_at_once(town, tmp_path: Path) -> None:
    """Nobody has to wait for the night, or for the library to close."""
    ops = town("always")
    sample_library(ops)
    marks = (ADA, "Ada Flores", lent_and_returned(ops, ADA, BOOK))
    assert [*marks] == on_disk(tmp_path / "town.db", *marks)
    assert ops.privacy.erase(ADA)
    ops.storage.traces.try_at = 0.0  # ten seconds later
    assert ops.circulation.check_out(patron=BEN, item=BOOK)
    assert [] == on_disk(tmp_path / "town.db", *marks)


def test_where_nothing_is_kept_a_return_leaves_nothing(town, tmp_path: Path) -> None:
    """The loan is forgotten with the return, and its old name is gone: at once, ten seconds later, or at closing."""
    ops, path = town("never"), tmp_path / "town.db"
    sample_library(ops)
    assert [] == on_disk(path, lent_and_returned(ops, ADA, BOOK))
    second = lent_and_returned(ops, BEN, OTHER)
    assert [second] == on_disk(path, second)
    ops.storage.traces.try_at = 0.0
    assert ops.items.get(BOOK)
    assert [] == on_disk(path, second)
    third = lent_and_returned(ops, BEN, BOOK)
    assert [third] == on_disk(path, third)
    ops.close()
    assert [] == on_disk(path, third)


def erased_from(store: SqliteStorage, number: int, name: str) -> None:
    """A patron with this name comes and goes, with one event of the log rewritten as for an erasure."""
    who = patron(number, name=name)
    store.apply(Batch(writes=(put(who),), events=(scanned(number),)))
    (was,) = store.read([get(who)])
    store.apply(Batch(writes=(drop(who, was.version),), rewrites=(Rewrite(1, scanned(0)),)))


def test_pages_that_are_freed_are_zeroed_without_a_new_file(tmp_path: Path) -> None:
    """Hundreds go at once, and their pages with them: hardly a name is left even before a file is made anew."""
    store, path = SqliteStorage.own(f"sqlite:///{tmp_path}/town.db"), tmp_path / "town.db"
    many = [patron(number, name=f"Reader {number:04} {'of Lake Town ' * (number % 70)}") for number in range(1, 501)]
    store.apply(Batch(writes=tuple(map(put, many)), events=(scanned(1),)))
    names = [each.name[:11] for each in many]
    assert names == on_disk(path, *names)
    gone = [drop(row.record, row.version) for row in store.read(list(map(get, many)))]
    store.apply(Batch(writes=tuple(gone), rewrites=(Rewrite(1, scanned(0)),)))
    assert 5 >= len(on_disk(path, *names))
    store.close()


def test_a_reader_of_the_log_is_not_waited_for(tmp_path: Path) -> None:
    """Another program reads for a long time: the desk goes on, and the log is emptied later, or at closing."""
    path = tmp_path / "town.db"
    store = SqliteStorage.own(f"sqlite:///{path}")
    store.apply(Batch(events=(scanned(1),)))
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM event").fetchone()
    erased_from(store, 1, "Ada Flores")
    assert (30_000,) == store.connection.execute("PRAGMA busy_timeout").fetchone()
    assert store.traces.left
    assert ["Ada Flores"] == on_disk(path, "Ada Flores")
    reader.execute("COMMIT")
    store.close()
    assert [] == on_disk(path, "Ada Flores")
    reader.close()


def test_the_log_is_not_emptied_for_each_of_a_thousand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Emptying it means waiting for the disk: a run that takes many out does that now and then, and at its end."""
    store = SqliteStorage.own(f"sqlite:///{tmp_path}/town.db", durability="normal")
    asked: list[str] = []
    store.connection.set_trace_callback(lambda text: asked.append(text) if "checkpoint" in text else None)
    ticks = count()
    monkeypatch.setattr(traces.time, "monotonic", lambda: 1_000 + next(ticks) / 100)
    for number in range(1, 1_001):
        erased_from(store, number, f"Reader {number}")
    assert 2 <= len(asked) <= 10
    store.tidy()
    assert not store.traces.left
    assert 0 == (tmp_path / "town.db-wal").stat().st_size
    store.close()


def test_a_file_made_before_anything_was_zeroed_is_made_anew_once(tmp_path: Path) -> None:
    """An older libops left deleted text in unused pages: the first nightly run has a new file made without it."""
    path = tmp_path / "town.db"
    SqliteStorage.own(f"sqlite:///{path}").close()
    older = sqlite3.connect(path, isolation_level=None)
    older.execute("PRAGMA secure_delete = OFF").fetchall()
    older.execute("DELETE FROM store WHERE name = 'removed'")
    older.execute("CREATE TABLE old (name TEXT)")
    older.executemany("INSERT INTO old VALUES (?)", [(f"Ada Flores {number}",) for number in range(2_000)])
    older.execute("DROP TABLE old")
    older.close()
    store = SqliteStorage.own(f"sqlite:///{path}")
    assert ["Ada Flores"] == on_disk(path, "Ada Flores")
    store.tidy()
    assert [] == on_disk(path, "Ada Flores")
    assert not store.traces.is_due()
    store.close()


def test_a_file_is_made_anew_only_where_that_is_due(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not when nobody was taken out, not twice a day, not when it is large: desks would wait for nothing."""
    store = SqliteStorage.own(f"sqlite:///{tmp_path}/town.db")
    asked: list[str] = []
    store.connection.set_trace_callback(lambda text: asked.append(text) if text == "VACUUM" else None)
    store.tidy()
    assert [] == asked
    erased_from(store, 1, "Ada Flores")
    with monkeypatch.context() as patched:
        patched.setattr(traces, "MOST_BYTES", 4_096)
        store.tidy()
    assert [] == asked
    for number in (2, 3):
        store.tidy()
        erased_from(store, number, "Ben Okafor")
    assert ["VACUUM"] == asked
    store.execute("UPDATE store SET value = value - 21 * 3600 WHERE name = 'tidied'")
    store.tidy()
    assert ["VACUUM"] * 2 == asked
    store.close()


def test_other_desks_go_on_while_a_file_is_made_anew(tmp_path: Path) -> None:
    """What they have prepared and remembered holds in the new file, too; a reader keeps what it began to read."""
    here, there = (SqliteStorage.own(f"sqlite:///{tmp_path}/town.db") for _ in range(2))
    ben = patron(2, name="Ben Okafor")
    here.apply(Batch(writes=(put(ben),), events=(scanned(1),)))
    asked = [get(ben), get(patron(1))]
    assert [ben, None] == [row.record for row in there.read(asked)]
    erased_from(here, 1, "Ada Flores")
    reader = sqlite3.connect(tmp_path / "town.db", isolation_level=None)
    reader.execute("BEGIN")
    before = reader.execute("SELECT * FROM event").fetchall()
    here.tidy()
    assert (0,) == here.execute("SELECT value FROM store WHERE name = 'removed'").fetchone()
    assert before == reader.execute("SELECT * FROM event").fetchall()
    reader.execute("COMMIT")
    reader.close()
    assert [ben, None] == [row.record for row in there.read(asked)]
    (was,) = there.read([get(ben)])
    there.apply(Batch(writes=(put(patron(2, name="Ben Adeyemi"), was.version),), events=(scanned(2),)))
    assert "Ben Adeyemi" == here.read([get(ben)])[0].record.name
    for store in (here, there):
        assert [] == store.problems()
        store.close()


def test_a_file_that_cannot_be_made_anew_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No room for it, or another program at work: the run is not stopped, and the log says what happened."""
    store = SqliteStorage.own(f"sqlite:///{tmp_path}/town.db")
    erased_from(store, 1, "Ada Flores")
    writer = sqlite3.connect(tmp_path / "town.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    store.connection.execute("PRAGMA busy_timeout = 1").fetchall()
    told: list[str] = []
    monkeypatch.setattr(traces.LOG, "warning", lambda text, *values: told.append(text % values))
    store.tidy()
    assert ["the file could not be made anew, and is as it was: database is locked"] == told
    writer.execute("ROLLBACK")
    writer.close()
    assert [] == store.problems()
    store.close()


def test_a_connection_of_the_hosts_is_left_alone(tmp_path: Path) -> None:
    """Its settings, its log and its file are the host's: libops only keeps account of what it removed."""
    host = sqlite3.connect(tmp_path / "host.db", isolation_level=None)
    host.execute("PRAGMA journal_mode = WAL")
    host.execute("PRAGMA secure_delete = OFF").fetchall()
    store = SqliteStorage.join(host)
    host.execute("BEGIN")
    erased_from(store, 1, "Ada Flores")
    host.execute("COMMIT")
    asked: list[str] = []
    host.set_trace_callback(asked.append)
    store.tidy()
    store.close()
    assert [] == asked
    assert (0,) == host.execute("PRAGMA secure_delete").fetchone()
    assert (tmp_path / "host.db-wal").stat().st_size > 0
    host.close()
    with_libops = SqliteStorage.own(f"sqlite:///{tmp_path}/host.db")
    assert (1,) == with_libops.execute("SELECT value FROM store WHERE name = 'removed'").fetchone()
    assert not with_libops.traces.is_due()
    with_libops.close()
