"""Two desks and one item: the store says who was first, and nobody is told a loan that is not there."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from attrs import evolve

import libops
from libops.base.decisions import Permit
from libops.base.errors import Conflict
from libops.desk.contention import Contention
from libops.desk.shell import ATTEMPTS
from libops.storage.memory import MemoryStorage
from libops.testing.kills import kill_again_and_again
from libops.testing.races import LoanCount, RacingDesk, between_threads, lending_race

ITEMS = 30
DESKS = 4


@pytest.fixture
def town(tmp_path):
    """A store with a title, thirty items of it and four cards."""
    url = f"sqlite:///{tmp_path}/town.db"
    with libops.open(url) as ops:
        return url, *furnished(ops, tmp_path)


def furnished(ops, folder):
    """Put a title, thirty items and four cards into a library; cards and labels."""
    ops.catalog.import_marc(libops_title(folder))
    bib = next(iter(ops.catalog.all())).id
    labels = [f"3999900000{number:04}" for number in range(ITEMS)]
    for label in labels:
        assert ops.items.add(bib, barcode=label, item_type="book")
    cards = [f"2999900000{number:04}" for number in range(DESKS)]
    for card in cards:
        assert ops.patrons.register(name=f"Patron {card[-2:]}", category="adult", card=card)
    return cards, labels


def libops_title(folder):
    """A file with one title."""
    path = folder / "title.json"
    path.write_text(
        '{"leader": "00000nam a2200000 a 4500", "fields": [{"001": "libops-1"}, '
        '{"245": {"ind1": "0", "ind2": "0", "subfields": [{"a": "Sign talk of the Cheyenne Indians"}]}}]}\n',
        encoding="utf-8",
    )
    return path


def test_processes_racing_for_the_same_items_never_lend_one_twice(town) -> None:
    """Every item is lent exactly once; loans, events and what the desks were told agree."""
    url, cards, labels = town
    race = lending_race(url, cards, labels)
    assert labels == race.labels
    assert race.contention.most <= ATTEMPTS
    with libops.open(url) as ops:
        assert LoanCount(ITEMS, ITEMS, ITEMS, same_as_log=True) == LoanCount.of(ops)


def test_the_loan_limit_holds_when_desks_race_for_one_patron(town) -> None:
    """Four desks lend to one child at once: fifteen items go out, as the limit says, and not one more."""
    url, _, labels = town
    with libops.open(url) as ops:
        assert ops.patrons.register(name="Ben Okafor", category="child", card="28888000000001")
    race = lending_race(url, ["28888000000001"] * DESKS, labels)
    assert 15 == len(race.labels) == len(set(race.labels))
    with libops.open(url) as ops:
        assert 15 == ops.patrons.standing("28888000000001").open_loans


def test_threads_racing_in_one_program_never_lend_one_twice(tmp_path) -> None:
    """The memory store, shared by the desks of one program."""
    with libops.open() as ops:
        cards, labels = furnished(ops, tmp_path)
        race = between_threads(ops, cards, labels)
        assert labels == race.labels
        assert LoanCount(ITEMS, ITEMS, ITEMS, same_as_log=True) == LoanCount.of(ops)
        assert race.contention == ops.contention


def test_a_desk_gives_up_after_a_bounded_number_of_tries(tmp_path, monkeypatch) -> None:
    """Others are faster every time: eight decisions, then the caller is told, nothing is written, all is counted."""
    with libops.open() as ops:
        cards, labels = furnished(ops, tmp_path)
        before = LoanCount.of(ops)

        def too_late(storage, batch):
            raise Conflict("patron '...' was read at version 1 and is now at 2")

        with monkeypatch.context() as others:
            others.setattr(MemoryStorage, "apply", too_late)
            with pytest.raises(Conflict, match=f"{ATTEMPTS} times; nothing was written"):
                ops.circulation.check_out(patron=cards[0], item=labels[0])
        assert Contention(conflicts=ATTEMPTS, most=ATTEMPTS, given_up=1) == ops.contention
        assert before == LoanCount.of(ops)
        assert ops.circulation.check_out(patron=cards[0], item=labels[0])
        assert ATTEMPTS == ops.contention.conflicts


def test_a_desk_that_is_killed_loses_nothing_it_was_told(town) -> None:
    """Killed at random moments while it lends and takes back: all that was acknowledged is there, nothing by half."""
    url, cards, labels = town
    count = kill_again_and_again(url, cards[0], labels[:5], kills=2)
    assert (2, 0, 0) == (count.kills, count.lost, count.half)
    assert count.told


@pytest.fixture
def counting(monkeypatch):
    """The program that counts at full size."""
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "benchmarks"))
    return importlib.import_module("races")


SMALL = ["--on", "memory", "--racers", "3", "--items", "5", "--rounds", "1"]


def test_the_counts_at_full_size_are_one_command(counting, capsys) -> None:
    """A row for each check, and its verdict."""
    assert 0 == counting.main(SMALL)
    rows = capsys.readouterr().out.splitlines()
    assert ["C1", "C5", "C2", "C5"] == [row.split()[0] for row in rows[1:-1]]
    assert "won 5, loans 5, events 5, counted 5, twice 0" in rows[1]
    assert "every count is right" == rows[-1]


def test_a_count_that_is_off_is_told(counting, capsys, monkeypatch) -> None:
    """One desk believes that it has won what another has."""

    def doubled(ops, cards, labels):
        race = between_threads(ops, cards, labels)
        return evolve(race, desks=(*race.desks, RacingDesk(cards[0], (labels[0],))))

    monkeypatch.setattr(counting, "between_threads", doubled)
    assert 1 == counting.main(SMALL)
    assert "twice 1" in capsys.readouterr().out


def test_a_host_that_rolls_back_takes_the_loan_with_it(tmp_path) -> None:
    """Joined to a host's sqlite3 transaction, libops never commits: what the host undoes never happened."""
    import sqlite3

    connection = sqlite3.connect(tmp_path / "host.db")
    connection.execute("CREATE TABLE visit (card TEXT)")
    connection.execute("BEGIN")
    ops = libops.open(join=connection)
    ops.catalog.import_marc(libops_title(tmp_path))
    bib = next(iter(ops.catalog.all())).id
    assert ops.items.add(bib, barcode="31234000000014", item_type="book")
    assert ops.patrons.register(name="Ada Flores", category="adult", card="21234000000017")
    connection.commit()

    connection.execute("BEGIN")
    connection.execute("INSERT INTO visit VALUES ('21234000000017')")
    assert isinstance(ops.circulation.check_out(patron="21234000000017", item="31234000000014"), Permit)
    assert ops.circulation.loan_of("31234000000014") is not None
    connection.rollback()

    connection.execute("BEGIN")
    assert ops.circulation.loan_of("31234000000014") is None
    assert 0 == ops.patrons.standing("21234000000017").open_loans
    assert 0 == connection.execute("SELECT count(*) FROM visit").fetchone()[0]
    connection.rollback()
    connection.close()


def test_a_joined_store_asks_for_a_transaction(tmp_path) -> None:
    """Outside a transaction of the host's a joined store would have to begin one: it says what to do instead."""
    import sqlite3

    connection = sqlite3.connect(tmp_path / "host.db")
    ops = libops.open(join=connection)
    with pytest.raises(libops.LibopsError, match="BEGIN"):
        ops.patrons.register(name="Ada Flores", category="adult", card="21234000000017")
    connection.close()
