"""Scenarios of a store over the years: copies, older and newer versions of libops, files that are damaged or none."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from libops.base.errors import BackendError, InvalidValue, LibopsError, SchemaMismatch
from libops.circulation.events import ItemReturnScanned
from libops.storage.kinds import kind_of
from libops.storage.port import Batch, Find, Storage, Upkeep, upkeep_of
from libops.storage.rebuild import every, log_of
from libops.testing.contracts.reaching import ReachesStore
from libops.testing.small_records import drop, get, loan, patron, put, scanned
from libops.testing.tomorrow import libops_of_tomorrow, regular

__all__ = ["YearScenarios"]

LETTER = "Dear Ruth, the attic is full of old newspapers. Shall we keep them?\n" * 200


class YearScenarios(ReachesStore):
    """What happens to a store between its first day and its last."""

    def file(self, folder: Path) -> Path:
        """The file that the URL of this folder leads to: what stands behind its `:///`."""
        return Path(self.url(folder).partition(":///")[2])

    def file_there(self, folder: Path) -> Path:
        """That file, for scenarios about files; skips where a store is no file."""
        self.need("persistent")
        path = self.file(folder)
        if not path.is_file():
            pytest.skip(f"{self.backend.name} keeps no file at {path}")
        return path

    def lived_in(self, folder: Path) -> None:
        """A store with some patrons, loans and events, closed again."""
        store = self.reopened(folder)
        for number in range(1, 61):
            name = f"Patron {number:04} of the reading circle"
            writes = (put(patron(number, name=name)), put(loan(number, number)))
            store.apply(Batch(writes=writes, events=(scanned(number),)))
        store.close()

    def contents(self, store: Storage) -> tuple[Sequence[Any], ...]:
        """What these scenarios write."""
        kinds = (kind_of(type(record)) for record in (patron(1), loan(1)))
        return (*(list(every(store, kind)) for kind in kinds), list(log_of(store)))

    def upkeep(self, store: Storage) -> Upkeep:
        """The store, as one that can be looked after."""
        found = upkeep_of(store)
        assert found is not None, f"{self.backend.name} declares 'backup' and lacks backup() or problems()"
        return found

    def copy_of(self, store: Storage, folder: Path) -> Storage:
        """A copy made while the store is open, opened by its own URL."""
        folder.mkdir(parents=True, exist_ok=True)
        self.upkeep(store).backup(self.file(folder))
        return self.reopened(folder)

    def test_901_a_copy_is_made_while_the_store_is_open(self, folder: Path, store: Storage) -> None:
        """It holds what there was, with its versions, and nothing that came later."""
        self.need("backup")
        store.apply(Batch(writes=(put(patron(1)), put(loan(1))), events=(scanned(1),)))
        before, rows = self.contents(store), store.read([get(patron(1)), get(loan(1))])
        copy = self.copy_of(store, folder / "copy")
        store.apply(Batch(writes=(put(loan(2)),), events=(scanned(2),)))
        assert before == self.contents(copy)
        assert rows == copy.read([get(patron(1)), get(loan(1))])
        copy.close()

    def test_902_a_copy_can_be_worked_on(self, folder: Path, store: Storage) -> None:
        """It is a store of its own: the day goes on in it, and the other does not notice."""
        self.need("backup")
        store.apply(Batch(writes=(put(loan(1)),), events=(scanned(1),)))
        copy = self.copy_of(store, folder / "copy")
        copy.apply(Batch(writes=(drop(loan(1), self.version(copy, loan(1))),), events=(scanned(2),)))
        copy.apply(Batch(writes=(put(loan(1, patron=2)),)))
        assert loan(1) == store.read([get(loan(1))])[0].record
        assert [scanned(1)] == list(log_of(store))
        copy.close()

    def test_903_a_copy_never_replaces_a_file(self, folder: Path, store: Storage) -> None:
        """Last week's copy is not lost by a slip."""
        self.need("backup")
        taken = folder / "taken.db"
        taken.write_text(LETTER, encoding="utf-8")
        with pytest.raises(InvalidValue, match="taken"):
            self.upkeep(store).backup(taken)
        assert LETTER == taken.read_text(encoding="utf-8")

    def test_904_a_copy_made_while_others_write_is_of_one_moment(self, folder: Path, store: Storage) -> None:
        """Every loan in it has its event, and every event its loan."""
        self.need("backup")
        self.need("processes")
        done, failed = Event(), []

        def write() -> None:
            desk = self.reopened(folder)
            try:
                for number in count(1):
                    if done.is_set():
                        return
                    desk.apply(Batch(writes=(put(loan(number)),), events=(scanned(number),)))
            except LibopsError as error:
                failed.append(error)
            finally:
                desk.close()

        writer = Thread(target=write)
        writer.start()
        try:
            copies = [self.copy_of(store, folder / f"copy-{number}") for number in range(3)]
        finally:
            done.set()
            writer.join()
        assert [] == failed
        for copy in copies:
            _, loans, log = self.contents(copy)
            assert [scanned(number) for number in range(1, len(loans) + 1)] == log
            copy.close()

    def test_905_a_sound_store_has_no_faults(self, folder: Path) -> None:
        """Whoever looks after it is told so."""
        self.need("backup")
        self.lived_in(folder)
        store = self.reopened(folder)
        assert [] == self.upkeep(store).problems()
        store.close()

    def test_911_a_store_of_an_older_libops_is_brought_up(self, folder: Path) -> None:
        """Its records have the new facts, at their defaults, and the new order finds them."""
        self.need("migrates")
        self.lived_in(folder)
        with libops_of_tomorrow() as patrons:
            for _ in range(2):
                store = self.reopened(folder)
                rows = store.read([Find(patrons, "by_visits", (0, "the patron's name"))])[0]
                assert [(f"patron-{number:04}", ()) for number in range(1, 61)] == [
                    (row.record.id, row.record.interests) for row in rows
                ]
                store.close()

    def test_912_work_goes_on_in_a_store_that_was_brought_up(self, folder: Path) -> None:
        """Old records are changed, new ones come, versions still guard."""
        self.need("migrates")
        self.lived_in(folder)
        with libops_of_tomorrow() as patrons:
            store = self.reopened(folder)
            found = store.read([Find(patrons, "by_visits", limit=1)])[0][0]
            back = regular(found.record, visits=7)
            store.apply(Batch(writes=(put(back, found.version),)))
            store.close()
            store = self.reopened(folder)
            assert [back] == [row.record for row in store.read([Find(patrons, "by_visits", (), 1)])[0]]
            assert 60 == len(list(log_of(store)))
            store.close()

    def test_913_a_store_of_a_newer_libops_is_refused(self, folder: Path) -> None:
        """What this one does not know it would lose; nothing is changed, and the newer one goes on."""
        self.need("migrates")
        with libops_of_tomorrow():
            store = self.reopened(folder)
            back = regular(patron(1), visits=7)
            store.apply(Batch(writes=(put(back),)))
            store.close()
        with pytest.raises(SchemaMismatch):
            self.reopened(folder).close()
        with libops_of_tomorrow():
            store = self.reopened(folder)
            assert back == store.read([get(back)])[0].record
            store.close()

    def test_914_an_event_of_a_newer_libops_is_refused(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A log with a form from tomorrow is not read half: whoever asks is told to use the newer version."""
        self.need("persistent")
        with monkeypatch.context() as tomorrow:
            tomorrow.setattr(ItemReturnScanned, "schema", ItemReturnScanned.schema + 1)
            store = self.reopened(folder)
            store.apply(Batch(events=(scanned(1),)))
            store.close()

        def read() -> None:
            store = self.reopened(folder)
            try:
                store.events()
            finally:
                store.close()

        with pytest.raises(SchemaMismatch, match="ItemReturnScanned"):
            read()
        with monkeypatch.context() as tomorrow:
            tomorrow.setattr(ItemReturnScanned, "schema", ItemReturnScanned.schema + 1)
            read()

    def test_921_a_file_that_is_no_store_is_refused(self, folder: Path) -> None:
        """A letter is not taken for an empty library, and is left as it was."""
        self.lived_in(folder)
        path = self.file_there(folder)
        path.write_text(LETTER, encoding="utf-8")
        with pytest.raises((SchemaMismatch, BackendError)):
            self.reopened(folder).close()
        assert LETTER == path.read_text(encoding="utf-8")

    def test_922_damage_is_told(self, folder: Path) -> None:
        """A third of the file is overwritten: what is left is never handed over as if it were all."""
        self.lived_in(folder)
        path = self.file_there(folder)
        store = self.reopened(folder)
        before = self.contents(store)
        store.close()
        content = bytearray(path.read_bytes())
        third = len(content) // 3
        content[third : 2 * third] = b"\x07" * third
        path.write_bytes(content)
        try:
            store = self.reopened(folder)
        except (SchemaMismatch, BackendError):
            return
        try:
            found = upkeep_of(store)
            told = [] if found is None else found.problems()
            assert told or before == self.contents(store)
        except (SchemaMismatch, BackendError):
            pass
        finally:
            store.close()

    def test_923_a_changed_byte_brings_no_error_of_the_engines_own(self, folder: Path) -> None:
        """An old disk turns a bit: what cannot be read is told as damage, whichever byte of the file it is."""
        self.lived_in(folder)
        path = self.file_there(folder)
        sound, places = path.read_bytes(), random.Random(1876)
        written = [place for place, byte in enumerate(sound) if byte]
        for place in places.sample(written, 24):
            turned = bytes([sound[place] ^ places.choice((1, 0x20, 0x80, 0xFF))])
            path.write_bytes(sound[:place] + turned + sound[place + 1 :])
            with suppress(SchemaMismatch, BackendError):
                store = self.reopened(folder)
                try:
                    self.contents(store)
                finally:
                    store.close()
