"""Lines for statistics: what was done, and nothing about whom."""

from __future__ import annotations

import csv

import libops
from libops.testing.contracts import ObserverContract
from libops.testing.fakes import FrozenClock
from libops.testing.sample_library import sample_library
from libops_statistics_csv import COLUMNS, StatisticsCsv, libops_observers

CARD, BOOK = "21234000000017", "31234000000014"


def lines(path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


class TestStatisticsCsv(ObserverContract):
    name = "statistics_csv"

    def plugin(self, folder):
        return StatisticsCsv(folder / "loans.csv")

    def noted(self, folder):
        path = folder / "loans.csv"
        return lines(path)[1:] if path.exists() else []


def test_each_loan_leaves_its_lines(tmp_path) -> None:
    """Out, renewed, back; what is not about a loan leaves none."""
    path = tmp_path / "loans.csv"
    clock = FrozenClock()
    with libops.open(plugins=[StatisticsCsv(path)], clock=clock) as ops:
        sample_library(ops)
        assert not path.exists()
        assert ops.circulation.check_out(patron=CARD, item=BOOK)
        clock.forward(days=1)
        assert ops.circulation.renew(item=BOOK)
        assert ops.circulation.check_in(item=BOOK)
    head, *rows = lines(path)
    assert list(COLUMNS) == head
    assert [("check_out", "book", "adult"), ("renew", "", ""), ("check_in", "", "")] == [
        (row[1], row[3], row[4]) for row in rows
    ]
    assert "2026-03-03T10:00:00+00:00" == rows[0][0]


def test_nobody_is_named(tmp_path) -> None:
    """Neither the patron nor the item nor the loan can be found from a line."""
    path = tmp_path / "loans.csv"
    with libops.open(plugins=[StatisticsCsv(path)]) as ops:
        sample_library(ops)
        assert ops.circulation.check_out(patron=CARD, item=BOOK)
        loan = ops.circulation.loan_of(BOOK)
    text = path.read_text(encoding="utf-8")
    assert [] == [word for word in (loan.id, loan.item_id, loan.patron_id, loan.bib_id, CARD, BOOK) if word in text]


def test_a_full_disk_stops_no_loan(tmp_path) -> None:
    """The file cannot be written: the loan stands."""
    with libops.open(plugins=[StatisticsCsv(tmp_path)]) as ops:
        sample_library(ops)
        assert ops.circulation.check_out(patron=CARD, item=BOOK)
        assert ops.circulation.loan_of(BOOK) is not None


def test_a_discovered_plugin_is_told_its_file_by_the_environment(tmp_path, monkeypatch) -> None:
    """libops_observers hands over nothing until a file is named."""
    assert [] == list(libops_observers())
    monkeypatch.setenv("LIBOPS_STATISTICS_CSV", str(tmp_path / "loans.csv"))
    assert ["statistics_csv"] == [observer.name for observer in libops_observers()]
    with libops.open(plugins=["libops_statistics_csv"]) as ops:
        sample_library(ops)
        assert ops.circulation.check_out(patron=CARD, item=BOOK)
    assert 2 == len(lines(tmp_path / "loans.csv"))
