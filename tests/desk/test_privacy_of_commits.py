"""A store numbers what it writes by commits: no number may stand both by a patron and by what the patron had."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import libops
from libops.circulation.model import ClaimResolution
from libops.storage.rebuild import log_of, rebuilt, stored
from libops.testing.watched_town import ADA, BEN, BOOK, OTHER, THIRD, Town, lost_for_good


@pytest.fixture
def town(tmp_path):
    """A library with fines, days without borrowing, holds with fees, refunds paid out."""

    def opened(keep: str) -> libops.Operations:
        return Town(keep, f"sqlite:///{tmp_path / 'town.db'}").ops

    return opened


def rows(file: Path) -> Iterator[tuple[int, str]]:
    """Every row of the file with the number of its commit, as text."""
    with sqlite3.connect(file) as raw:
        tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            columns = [column[1] for column in raw.execute(f'PRAGMA table_info("{table}")')]
            number = next((name for name in ("version", "position") if name in columns), None)
            if number is not None:
                for row in raw.execute(f'SELECT "{number}", * FROM "{table}"'):
                    yield row[0], "|".join(map(str, row[1:]))
    raw.close()


def numbers_in_both(ops: libops.Operations, file: Path, card: str, *labels: str) -> set[int]:
    """Numbers that stand by a patron and by one of the items."""
    patron = ops.patrons.get(card)
    names, traces = (patron.id, card, patron.name), [*labels, *(ops.items.get(label).id for label in labels)]
    found: list[set[int]] = [
        {number for number, text in rows(file) if any(word in text for word in words)} for words in (names, traces)
    ]
    return found[0] & found[1]


def settled(ops: libops.Operations, card: str) -> None:
    owed = ops.fees.balance(card)
    assert owed.amount == 0 or ops.fees.pay(patron=card, amount=owed)


def a_spring(ops: libops.Operations) -> None:
    """Ada and Ben borrow, hold, come late, lose, claim, pay and are paid back; in the end nobody owes anything."""
    desk, clock = ops.circulation, ops.clock
    for card, label in ((ADA, BOOK), (BEN, OTHER)):
        assert desk.check_out(patron=card, item=label)
    clock.forward(days=40)
    assert ops.holds.place(patron=BEN, item=BOOK)
    for label in (BOOK, OTHER):
        assert desk.check_in(item=label)
    clock.forward(days=9)
    assert desk.check_out(patron=BEN, item=BOOK) or ops.run_due()
    for card in (ADA, BEN):
        settled(ops, card)
    clock.forward(days=5)
    assert desk.check_out(patron=ADA, item=THIRD)
    assert ops.losses.declare_lost(THIRD)
    settled(ops, ADA)
    assert desk.check_in(item=THIRD)
    assert desk.check_out(patron=ADA, item=OTHER)
    assert ops.losses.claim_returned(OTHER)
    assert ops.losses.resolve_claim(OTHER, ClaimResolution.FOUND_BY_LIBRARY)
    if ops.circulation.loan_of(BOOK) is not None:
        assert desk.check_in(item=BOOK)
    for card in (ADA, BEN):
        settled(ops, card)


def test_no_number_of_a_commit_leads_back(town, tmp_path) -> None:
    """Before they are forgotten the loans are found by it, afterwards by none; the log still gives every record."""
    ops: Any = town("until-return")
    a_spring(ops)
    labels = (BOOK, OTHER, THIRD)
    assert all(numbers_in_both(ops, tmp_path / "town.db", card, *labels) for card in (ADA, BEN))
    ops.clock.forward(days=1)
    ops.run_due()
    assert [set(), set()] == [numbers_in_both(ops, tmp_path / "town.db", card, *labels) for card in (ADA, BEN)]
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))
    ops.close()


def test_nor_does_it_once_a_loss_is_over(tmp_path) -> None:
    """The item never comes back: its record and the count of the reader are not written together either."""
    here = Town("until-return", f"sqlite:///{tmp_path / 'town.db'}")
    lost_for_good(here)
    ops: Any = here.ops
    assert set() != numbers_in_both(ops, tmp_path / "town.db", ADA, BOOK)
    here.night()
    assert set() == numbers_in_both(ops, tmp_path / "town.db", ADA, BOOK)
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))
    ops.close()


def test_nor_where_no_history_is_kept_at_all(town, tmp_path) -> None:
    """The very return takes the loan off its patron, and its number off the patron's record."""
    ops: Any = town("never")
    assert ops.circulation.check_out(patron=ADA, item=BOOK)
    ops.clock.forward(days=3)
    assert ops.circulation.check_in(item=BOOK)
    assert set() == numbers_in_both(ops, tmp_path / "town.db", ADA, BOOK)
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))
    ops.close()
