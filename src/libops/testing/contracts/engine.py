"""Scenarios of the engine below the four verbs: the memory store as its model, reopening, several at one store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from libops.base.errors import BackendError, Conflict
from libops.storage.kinds import all_kinds, kind_of
from libops.storage.port import Batch, Find, Storage
from libops.testing.contracts.reaching import ReachesStore
from libops.testing.contracts.reference import compare_with_memory
from libops.testing.small_records import drop, get, loan, patron, put, scanned, standing

__all__ = ["EngineScenarios"]


class EngineScenarios(ReachesStore):
    """What holds whatever the verbs are asked, and whoever else is at the store."""

    def test_501_it_agrees_with_the_memory_store(self, folder: Path) -> None:
        """Whatever is done to both, both hold the same: the memory store is the model."""
        compare_with_memory(lambda number: self.reopened(folder / f"run-{number}"), folder)

    def test_502_everything_is_there_after_a_reopen(self, folder: Path) -> None:
        """Records, versions and the log survive the end of the program."""
        self.need("persistent")
        first = self.reopened(folder)
        first.apply(Batch(writes=(put(patron(1)), put(loan(1))), events=(scanned(1),)))
        before = first.read([get(patron(1)), get(loan(1))])
        first.close()
        second = self.reopened(folder)
        assert before == second.read([get(patron(1)), get(loan(1))])
        assert [scanned(1)] == [entry.event for entry in second.events().entries]
        second.close()

    def test_503_two_openings_see_each_other(self, folder: Path) -> None:
        """Another desk's commit is seen at the next read, and guards hold between them."""
        self.need("processes")
        one, two = self.reopened(folder), self.reopened(folder)
        one.apply(Batch(writes=(put(patron(1)),)))
        before = self.version(two, patron(1))
        one.apply(Batch(writes=(put(patron(1, name="Ada Flores"), before),)))
        with pytest.raises(Conflict):
            two.apply(Batch(writes=(put(patron(1, name="Ada Forbes"), before),)))
        one.close()
        two.close()

    def test_504_closing_twice_is_harmless(self, store: Storage) -> None:
        """A host that closes in two places does no harm."""
        store.close()
        store.close()

    def test_505_every_kind_can_be_found_by_each_of_its_indexes(self, store: Storage) -> None:
        """No index is declared that the engine cannot answer."""
        for kind in all_kinds():
            for index in kind.indexes:
                assert [] == store.read([Find(kind, index.name)])[0]
                assert ([], None) == store.scan(kind, index.name)

    def test_506_versions_and_positions_are_not_used_again_after_a_reopen(self, folder: Path) -> None:
        """The newest record goes, and the program ends: whoever read it before must not take the next one for it."""
        self.need("persistent")
        first = self.reopened(folder)
        first.apply(Batch(writes=(put(loan(1)),), events=(scanned(1),)))
        version, position = self.version(first, loan(1)), first.events().after
        first.apply(Batch(writes=(drop(loan(1), version),)))
        first.close()
        second = self.reopened(folder)
        second.apply(Batch(writes=(put(loan(1, patron=2)),), events=(scanned(2),)))
        assert self.version(second, loan(1)) > version
        assert second.events().after > position
        second.close()

    def test_507_what_another_opening_wrote_is_found(self, folder: Path) -> None:
        """By index, in a sweep and in the log, also where there was nothing before."""
        self.need("processes")
        one, two = self.reopened(folder), self.reopened(folder)
        find = Find(kind_of(type(loan(1))), "by_patron", ("patron-0001",))

        def seen() -> tuple[int, int, int, int]:
            found, *each = two.read([find, *(get(loan(number)) for number in range(3))])
            there = sum(row.record is not None for row in each)
            return len(found), there, len(two.scan(find.type, "by_due").rows), len(two.events().entries)

        for number in range(3):
            assert (number,) * 4 == seen() == seen()
            one.apply(Batch(writes=(put(loan(number)),), events=(scanned(number),)))
        one.apply(Batch(writes=(drop(loan(1), self.version(one, loan(1))),), events=(scanned(1),)))
        assert (2, 2, 2, 4) == seen()
        one.close()
        two.close()

    def test_508_threads_share_a_store(self, store: Storage) -> None:
        """A web server has one store and many threads: each item has one winner, and a patron's count is exact."""
        self.for_threads(store)
        store.apply(Batch(writes=(put(standing(1)),)))
        won: list[int] = []

        def lend(items: Sequence[int]) -> None:
            for item in items:
                while True:
                    (here, _), (who, version) = store.read([get(loan(item)), get(standing(1))])
                    if here is not None:
                        break
                    counted = put(standing(1, open_loans=who.open_loans + 1), version)
                    try:
                        store.apply(Batch(writes=(put(loan(item)), counted), events=(scanned(item),)))
                    except Conflict:
                        continue
                    won.append(item)

        items = list(range(1, 13))
        at_once(*(partial(lend, items[start:] + items[:start]) for start in (0, 4, 8)))
        assert items == sorted(won)
        assert 12 == store.read([get(standing(1))])[0].record.open_loans == len(store.events().entries)

    def test_509_a_batch_is_seen_whole_or_not_at_all(self, folder: Path, store: Storage) -> None:
        """Two patrons change in one batch, which is logged: whoever reads meanwhile sees all of it or nothing."""
        self.for_threads(store)
        pair, looks, done = (get(standing(1)), get(standing(2))), list[int](), Event()
        store.apply(Batch(writes=(put(standing(1)), put(standing(2)))))
        other = self.reopened(folder) if self.backend.capabilities.processes else store

        def write() -> None:
            try:
                for number in range(1, 1_001):
                    versions = [row.version for row in store.read(pair)]
                    writes = [put(standing(who, balance=number), versions[who - 1]) for who in (1, 2)]
                    store.apply(Batch(writes=tuple(writes), events=(scanned(number),)))
                    if number >= 30 and len(looks) >= 200:
                        return
            finally:
                done.set()

        def look(at: Storage, between: int) -> None:
            asked = [pair[0], *(get(loan(number)) for number in range(between)), pair[1]]
            while not done.is_set():
                logged = len(at.events(page=2_000).entries)
                (first, _), *_, (last, _) = at.read(asked)
                one, two = first.balance, last.balance
                assert one == two
                assert logged <= one <= len(at.events(page=2_000).entries)
                looks.append(one)

        at_once(write, partial(look, store, 30), partial(look, other, 300))
        other.close()

    def test_510_a_closed_store_tells_so(self, store: Storage) -> None:
        """As a failure of the backend, if it does not answer: an error of the engine's own is known to few hosts."""
        store.apply(Batch(writes=(put(loan(1)),)))
        store.close()
        for ask in (
            lambda: store.read([get(loan(1))]),
            lambda: store.apply(Batch(writes=(put(loan(2)),))),
            lambda: store.scan(kind_of(type(loan(1)))),
            lambda: store.events(),
        ):
            with suppress(BackendError):
                ask()

    def for_threads(self, store: Storage) -> None:
        """Skip where the connection is a host's: what is done in its transaction is one thread's."""
        if store.joined:
            pytest.skip("a host's transaction is one thread's at a time")


def at_once(*acts: Callable[[], None]) -> None:
    """Each in a thread of its own; what one of them raises is raised here."""
    with ThreadPoolExecutor(len(acts)) as threads:
        for running in [threads.submit(act) for act in acts]:
            running.result()
