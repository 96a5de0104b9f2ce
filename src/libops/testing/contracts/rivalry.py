"""Scenarios with several programs: rivals for the same records, a writer and a restore that are killed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import settings

from libops.base.errors import SchemaMismatch
from libops.desk.opening import open as open_library
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, stored
from libops.testing.contracts.reaching import ReachesStore
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.killed_restore import restore_until_killed
from libops.testing.sample_library import sample_library
from libops.testing.small_records import get, loan, scanned, standing
from libops.testing.writers import LIMIT, killed_while_writing, rivals

__all__ = ["RivalScenarios"]


class RivalScenarios(ReachesStore):
    """Races and crashes, for backends that several processes share or whose records outlive a program."""

    def test_701_an_item_is_lent_once_however_many_programs_try(self, folder: Path) -> None:
        """Every item has one winner; loans, events and what the programs were told agree."""
        self.need("processes")
        self.reopened(folder).close()
        won = rivals("items", self.url(folder), self.plugins)
        assert list(range(1, 21)) == sorted(item for items in won for item in items)
        store = self.reopened(folder)
        loans = list(every(store, kind_of(type(loan(1)))))
        told = {(f"item-{item:04}", f"patron-{desk:04}") for desk, items in enumerate(won) for item in items}
        assert told == {(each.item_id, each.patron_id) for each in loans}
        assert 20 == len(list(log_of(store)))
        store.close()

    def test_702_a_limit_is_exact_however_many_programs_try(self, folder: Path) -> None:
        """The patron's record carries the count and every loan is guarded by it: ten loans, not eleven."""
        self.need("processes")
        self.reopened(folder).close()
        won = rivals("limit", self.url(folder), self.plugins)
        store = self.reopened(folder)
        assert LIMIT == sum(map(len, won)) == len(list(every(store, kind_of(type(loan(1))))))
        assert LIMIT == store.read([get(standing(1))])[0].record.open_loans
        store.close()

    def rounds(self) -> int:
        """How often the writer is killed: four times, or two hundred where Hypothesis is told to search deeply."""
        return 200 if settings().max_examples >= 1000 else 4

    def test_703_a_killed_program_loses_nothing_it_was_told(self, folder: Path) -> None:
        """Killed at a random moment, again and again: what was acknowledged is there, and nothing is there by half."""
        self.need("durable")
        self.reopened(folder).close()
        moments, there = random.Random(1876), 0
        for _ in range(self.rounds()):
            told = killed_while_writing(self.url(folder), self.plugins, there + 1, moments.uniform(0.0, 0.1))
            store = self.reopened(folder)
            loans, log = list(every(store, kind_of(type(loan(1))))), list(log_of(store))
            counted = store.read([get(standing(1))])[0].record
            store.close()
            there = 0 if counted is None else counted.open_loans
            assert there in (told, told + 1), f"{told} acknowledged, {there} there"
            assert there == len(loans) == len(log)
            assert [scanned(item) for item in range(1, there + 1)] == log

    def test_704_a_killed_restore_goes_on_where_it_stopped(self, folder: Path) -> None:
        """Killed and begun again, the restore leaves the whole library; until then nobody takes the half for it."""
        self.need("durable")
        with open_library(clock=FrozenClock(), ids=CountingIds()) as ops:
            sample_library(ops)
            assert ops.circulation.check_out(patron="21234000000017", item="31234000000014")
            ops.export(folder / "out")
            records, log = stored(ops.storage), list(log_of(ops.storage))
        for batches in (1, 3, 0):
            restore_until_killed(self.url(folder), folder / "out", batches, self.plugins)
            with pytest.raises(SchemaMismatch, match="half restored"):
                open_library(self.url(folder), plugins=self.plugins)
        with open_library(self.url(folder), plugins=self.plugins, restoring=True) as ops:
            assert ops.restore(folder / "out").already > 0
        with open_library(self.url(folder), plugins=self.plugins) as ops:
            assert records == stored(ops.storage)
            assert log == list(log_of(ops.storage))
