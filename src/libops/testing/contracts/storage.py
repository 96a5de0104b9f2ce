"""The storage contract: what every backend promises, as tests to inherit.

Numbers in the names are those of the scenario page in the docs. A test that needs a capability the backend does not
declare is skipped, and says which.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from libops.base.errors import Conflict, InvalidValue
from libops.storage.kinds import all_kinds, kind_of
from libops.storage.peek import peek
from libops.storage.port import Batch, Find, Guard, Rewrite, Storage, Versioned
from libops.testing.contracts.joined import JoinedScenarios
from libops.testing.contracts.reference import compare_with_memory, one_of_each_kind
from libops.testing.contracts.rivalry import RivalScenarios
from libops.testing.contracts.words import WordScenarios
from libops.testing.contracts.years import YearScenarios
from libops.testing.small_records import MONDAY, card, drop, get, loan, patron, put, scanned, standing

__all__ = ["StorageContract"]


class StorageContract(JoinedScenarios, RivalScenarios, WordScenarios, YearScenarios):
    """Inherit, say how to reach a store, and run pytest.

    `plugins` are what `libops.open(plugins=...)` needs to find the backend, as import paths, so that other processes
    can open it too; `url(folder)` names a store inside an empty folder, the same one each time. A backend that joins
    also says how its host comes to a connection: `host(folder)` and, where the driver does not begin transactions by
    itself, `begin(connection)`.
    """

    # --- read and apply -------------------------------------------------------------------------------------------

    def test_101_an_absent_record_has_version_zero(self, store: Storage) -> None:
        """A decision may rely on there being no such record."""
        assert [Versioned(None, 0)] == store.read([get(patron(1))])

    def test_102_what_was_written_is_read_again(self, store: Storage) -> None:
        """A record comes back equal, with a version above zero."""
        store.apply(Batch(writes=(put(patron(1, name="Zoë Ørsted 李")),)))
        found = store.read([get(patron(1))])[0]
        assert patron(1, name="Zoë Ørsted 李") == found.record
        assert found.version > 0

    def test_103_every_kind_of_record_comes_back_equal(self, store: Storage) -> None:
        """Each kind that libops keeps survives the way into the store and out, with and without its optional parts."""
        for record in one_of_each_kind():
            store.apply(Batch(writes=(put(record),)))
            assert record == store.read([get(record)])[0].record

    def test_104_a_write_raises_the_version(self, store: Storage) -> None:
        """Whoever read the record before can be told that it changed."""
        store.apply(Batch(writes=(put(patron(1)),)))
        before = self.version(store, patron(1))
        store.apply(Batch(writes=(put(patron(1, name="Ada Flores"), before),)))
        assert self.version(store, patron(1)) > before

    def test_105_a_stale_write_is_a_conflict(self, store: Storage) -> None:
        """Two desks read the same record; the second to write must read again."""
        store.apply(Batch(writes=(put(patron(1)),)))
        before = self.version(store, patron(1))
        store.apply(Batch(writes=(put(patron(1, name="Ada Flores"), before),)))
        with pytest.raises(Conflict):
            store.apply(Batch(writes=(put(patron(1, name="Ada Forbes"), before),)))
        assert "Ada Flores" == store.read([get(patron(1))])[0].record.name

    def test_106_a_taken_key_is_a_conflict(self, store: Storage) -> None:
        """An open loan is kept under its item: a second one for the item cannot be written."""
        store.apply(Batch(writes=(put(loan(1, patron=1)),)))
        with pytest.raises(Conflict):
            store.apply(Batch(writes=(put(loan(1, patron=2)),)))
        assert "patron-0001" == store.read([get(loan(1))])[0].record.patron_id

    def test_107_a_removed_record_is_absent(self, store: Storage) -> None:
        """A loan that ends leaves no trace among the open ones."""
        store.apply(Batch(writes=(put(loan(1)),)))
        store.apply(Batch(writes=(drop(loan(1), self.version(store, loan(1))),)))
        assert [Versioned(None, 0)] == store.read([get(loan(1))])

    def test_108_removing_with_a_stale_version_is_a_conflict(self, store: Storage) -> None:
        """A return cannot close a loan that was renewed meanwhile without looking again."""
        store.apply(Batch(writes=(put(loan(1)),)))
        before = self.version(store, loan(1))
        store.apply(Batch(writes=(put(loan(1, days=56), before),)))
        with pytest.raises(Conflict):
            store.apply(Batch(writes=(drop(loan(1), before),)))

    def test_109_a_guard_on_an_unchanged_record_holds(self, store: Storage) -> None:
        """A checkout relies on the patron's record and writes another."""
        store.apply(Batch(writes=(put(patron(1)),)))
        guard = Guard(kind_of(type(patron(1))), "patron-0001", self.version(store, patron(1)))
        store.apply(Batch(guards=(guard,), writes=(put(loan(1)),)))
        assert loan(1) == store.read([get(loan(1))])[0].record

    def test_110_a_guard_on_a_changed_record_is_a_conflict(self, store: Storage) -> None:
        """A block placed while the desk was deciding stops the loan."""
        store.apply(Batch(writes=(put(patron(1)),)))
        before = self.version(store, patron(1))
        store.apply(Batch(writes=(put(patron(1, category="blocked"), before),)))
        with pytest.raises(Conflict):
            store.apply(Batch(guards=(Guard(kind_of(type(patron(1))), "patron-0001", before),), writes=(put(loan(1)),)))
        assert [Versioned(None, 0)] == store.read([get(loan(1))])

    def test_111_a_guard_on_absence_holds_and_fails(self, store: Storage) -> None:
        """ "Nobody has this card" is a fact that a decision may rely on."""
        absent = Guard(kind_of(type(card(1))), card(1).barcode, 0)
        store.apply(Batch(guards=(absent,), writes=(put(patron(1)),)))
        store.apply(Batch(writes=(put(card(1)),)))
        with pytest.raises(Conflict):
            store.apply(Batch(guards=(absent,), writes=(put(patron(2)),)))

    def test_112_a_version_is_never_used_again(self, store: Storage) -> None:
        """An item returned and lent again is another loan: what relied on the first must not pass for the second."""
        store.apply(Batch(writes=(put(loan(1)),)))
        first = self.version(store, loan(1))
        store.apply(Batch(writes=(drop(loan(1), first),)))
        store.apply(Batch(writes=(put(loan(1, patron=2)),)))
        assert self.version(store, loan(1)) > first
        with pytest.raises(Conflict):
            store.apply(Batch(guards=(Guard(kind_of(type(loan(1))), "item-0001", first),), writes=(put(patron(1)),)))

    def test_113_a_batch_is_written_whole_or_not_at_all(self, store: Storage) -> None:
        """The last write of a batch fails: neither the first write nor the event is there."""
        store.apply(Batch(writes=(put(loan(2)),)))
        with pytest.raises(Conflict):
            store.apply(Batch(writes=(put(loan(1)), put(loan(2))), events=(scanned(1),)))
        assert [Versioned(None, 0)] == store.read([get(loan(1))])
        assert [] == store.events().entries

    def test_114_a_store_goes_on_after_a_conflict(self, store: Storage) -> None:
        """A conflict leaves nothing locked or half open."""
        store.apply(Batch(writes=(put(loan(1)),)))
        for _ in range(3):
            with pytest.raises(Conflict):
                store.apply(Batch(writes=(put(loan(1)),)))
        store.apply(Batch(writes=(put(loan(2)),)))
        assert loan(2) == store.read([get(loan(2))])[0].record

    def test_115_a_batch_that_says_when_it_read_is_still_guarded(self, store: Storage) -> None:
        """A read may say how many commits there were; what another desk wrote since is noticed all the same."""
        store.apply(Batch(writes=(put(patron(1)), put(patron(2)))))
        answers = store.read([get(patron(1)), get(patron(2))])
        as_of = getattr(answers, "as_of", None)
        guard = Guard(kind_of(type(patron(1))), "patron-0001", answers[0].version)
        store.apply(Batch(writes=(put(patron(1, category="blocked"), answers[0].version),), as_of=as_of))
        for batch in (
            Batch(guards=(guard,), writes=(put(loan(1)),), as_of=as_of),
            Batch(writes=(put(patron(1, name="Ada Forbes"), answers[0].version),), as_of=as_of),
        ):
            with pytest.raises(Conflict):
                store.apply(batch)
        store.apply(Batch(writes=(put(patron(2, name="Ben Okafor"), answers[1].version),), as_of=as_of))
        assert "Ben Okafor" == store.read([get(patron(2))])[0].record.name

    def test_116_a_large_batch_is_guarded_write_by_write(self, store: Storage) -> None:
        """Hundreds of new loans in one batch: a key that is taken, or a record that has changed, stops all of them."""
        store.apply(Batch(writes=(put(patron(1)), put(patron(2)), put(loan(150, patron=2)))))
        first, other = (self.version(store, patron(number)) for number in (1, 2))
        new = [put(card(number)) for number in range(1, 101)] + [put(loan(number)) for number in range(1, 101)]
        changes = [put(patron(1, name="Ada Flores"), first), drop(patron(2), other)]
        store.apply(Batch(writes=(*new, *changes)))
        assert loan(77) == store.read([get(loan(77))])[0].record
        assert ["Ada Flores", None] == [
            None if row.record is None else row.record.name for row in store.read([get(patron(1)), get(patron(2))])
        ]
        more = [put(loan(number)) for number in range(101, 201)]
        with pytest.raises(Conflict, match="item-0150"):
            store.apply(Batch(writes=tuple(more)))
        with pytest.raises(Conflict, match="patron"):
            store.apply(Batch(writes=(*more[:49], put(patron(1, name="Ada Forbes"), first))))
        assert [Versioned(None, 0)] == store.read([get(loan(101))])

    # --- find -----------------------------------------------------------------------------------------------------

    def due(self, rows: list[Versioned]) -> list[str]:
        """The items of the loans found."""
        return [row.record.item_id for row in rows]

    def lend(self, store: Storage) -> None:
        """Four loans of patron 1, one of them without end, and one of patron 2."""
        loans = [loan(1, days=9), loan(2, days=3), loan(3, days=6), loan(4, days=None), loan(5, patron=2, days=1)]
        store.apply(Batch(writes=tuple(put(each) for each in loans)))

    def test_201_an_index_finds_by_equality_in_order(self, store: Storage) -> None:
        """A patron's loans, the one due first at the top."""
        self.lend(store)
        found = store.read([Find(kind_of(type(loan(1))), "by_patron", ("patron-0001",))])[0]
        assert ["item-0002", "item-0003", "item-0001"] == self.due(found)

    def test_202_a_range_has_its_lower_end_and_not_its_upper(self, store: Storage) -> None:
        """`low <= due < high`, so that two ranges that meet share nothing."""
        self.lend(store)
        low, high = loan(2, days=3).due, loan(1, days=9).due
        found = store.read([Find(kind_of(type(loan(1))), "by_patron", ("patron-0001",), low, high)])[0]
        assert ["item-0002", "item-0003"] == self.due(found)

    def test_203_last_first_and_cut(self, store: Storage) -> None:
        """The latest two."""
        self.lend(store)
        find = Find(kind_of(type(loan(1))), "by_patron", ("patron-0001",), descending=True, limit=2)
        assert ["item-0001", "item-0003"] == self.due(store.read([find])[0])

    def test_204_a_record_with_an_empty_field_is_not_in_the_index(self, store: Storage) -> None:
        """A loan without end is never overdue."""
        self.lend(store)
        found = store.read([Find(kind_of(type(loan(1))), "by_due")])[0]
        assert ["item-0005", "item-0002", "item-0003", "item-0001"] == self.due(found)

    def test_205_an_index_follows_its_records(self, store: Storage) -> None:
        """A renewed loan moves, a returned one is gone."""
        self.lend(store)
        store.apply(Batch(writes=(put(loan(2, days=30), self.version(store, loan(2))),)))
        store.apply(Batch(writes=(drop(loan(3), self.version(store, loan(3))),)))
        found = store.read([Find(kind_of(type(loan(1))), "by_patron", ("patron-0001",))])[0]
        assert ["item-0001", "item-0002"] == self.due(found)

    def test_206_equal_places_come_in_the_order_of_their_keys(self, store: Storage) -> None:
        """Two items due at the same instant: the order is the same in every store."""
        store.apply(Batch(writes=(put(loan(8, days=3)), put(loan(7, days=3)))))
        assert ["item-0007", "item-0008"] == self.due(store.read([Find(kind_of(type(loan(1))), "by_due")])[0])

    def test_207_an_unknown_index_is_told_with_those_there_are(self, store: Storage) -> None:
        """A misspelt index is a mistake of the program, not an empty answer."""
        with pytest.raises(InvalidValue, match="by_patron"):
            store.read([Find(kind_of(type(loan(1))), "by_borrower", ("patron-0001",))])

    def test_208_text_sorts_by_code_point(self, store: Storage) -> None:
        """Call-number keys and names sort byte for byte, whatever language the server speaks."""
        names = ["Zoë", "ada", "Ada", "Ärger", "_x", "zebra"]
        store.apply(Batch(writes=tuple(put(patron(n, name=name)) for n, name in enumerate(names))))
        found = store.read([Find(kind_of(type(patron(1))), "by_name")])[0]
        assert sorted(names) == [row.record.name for row in found]

    def test_209_one_read_answers_several_questions(self, store: Storage) -> None:
        """Gets and finds of several kinds come back in the order asked."""
        self.lend(store)
        store.apply(Batch(writes=(put(patron(1)), put(standing(1, open_loans=4)))))
        who, how, loans = store.read(
            [get(patron(1)), get(standing(1)), Find(kind_of(type(loan(1))), "by_patron", ("patron-0001",), limit=1)]
        )
        assert (patron(1), standing(1, open_loans=4), 1) == (who.record, how.record, len(loans))

    # --- scan -----------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("page", [1, 2, 3, 100])
    def test_301_pages_hold_every_record_once(self, store: Storage, page: int) -> None:
        """A sweep sees each loan once, however long its pages are."""
        self.lend(store)
        kind, seen, after = kind_of(type(loan(1))), [], None
        while True:
            rows, after = store.scan(kind, "by_due", after=after, page=page)
            assert len(rows) <= page
            seen += self.due(rows)
            if after is None:
                break
        assert ["item-0005", "item-0002", "item-0003", "item-0001"] == seen

    def test_302_a_scan_without_an_index_goes_by_key(self, store: Storage) -> None:
        """Everything of a kind, for an export."""
        self.lend(store)
        assert [f"item-000{n}" for n in range(1, 6)] == self.due(store.scan(kind_of(type(loan(1)))).rows)

    def test_303_a_sweep_may_change_what_it_has_seen(self, store: Storage) -> None:
        """Records that leave the index behind the cursor disturb nothing before it."""
        self.lend(store)
        kind = kind_of(type(loan(1)))
        rows, after = store.scan(kind, "by_due", page=2)
        for row in rows:
            store.apply(Batch(writes=(drop(row.record, row.version),)))
        assert ["item-0003", "item-0001"] == self.due(store.scan(kind, "by_due", after=after, page=5).rows)

    def test_304_a_scan_keeps_to_its_range(self, store: Storage) -> None:
        """What is due before a day, and nothing after it."""
        self.lend(store)
        rows = store.scan(kind_of(type(loan(1))), "by_due", low=MONDAY, high=loan(3, days=6).due).rows
        assert ["item-0005", "item-0002"] == self.due(rows)

    @pytest.mark.parametrize("page", [1, 2, 100])
    def test_305_a_peek_sees_what_a_scan_sees(self, store: Storage, page: int) -> None:
        """Single fields of records, in the same pages: a store may hand them over without making the records."""
        self.lend(store)
        kind, fields = kind_of(type(loan(1))), ("patron_id", "due", "renewals", "on_site", "recalled_at")
        after = place = None
        while True:
            rows, after = store.scan(kind, "by_due", high=loan(4, days=20).due, after=after, page=page)
            seen, place = peek(store, kind, "by_due", fields, high=loan(4, days=20).due, after=place, page=page)
            assert [tuple(getattr(row.record, name) for name in fields) for row in rows] == seen
            assert after == place
            if after is None:
                return

    # --- events ---------------------------------------------------------------------------------------------------

    def test_401_the_log_keeps_the_order_of_commits(self, store: Storage) -> None:
        """Events of one batch stay in their order, and later batches come after."""
        store.apply(Batch(events=(scanned(1), scanned(2))))
        store.apply(Batch(events=(scanned(3),)))
        entries = store.events().entries
        assert [scanned(1), scanned(2), scanned(3)] == [entry.event for entry in entries]
        assert sorted({entry.position for entry in entries}) == [entry.position for entry in entries]

    @pytest.mark.parametrize("page", [1, 2, 100])
    def test_402_the_log_is_read_in_pages(self, store: Storage, page: int) -> None:
        """A reader remembers a position and goes on from there."""
        store.apply(Batch(events=tuple(scanned(number) for number in range(5))))
        seen, after = [], 0
        while True:
            entries, after = store.events(after, page)
            seen += [entry.event for entry in entries]
            if not entries:
                break
        assert [scanned(number) for number in range(5)] == seen

    def test_403_one_stream_can_be_read_alone(self, store: Storage) -> None:
        """Everything that happened to one item."""
        store.apply(Batch(events=(scanned(1, 0), scanned(2, 1), scanned(1, 2))))
        entries = store.events(stream="item_id:item-0001").entries
        assert [scanned(1, 0), scanned(1, 2)] == [entry.event for entry in entries]

    def test_404_an_event_can_be_rewritten_in_its_place(self, store: Storage) -> None:
        """Taking a person out of the log changes that event and no other."""
        store.apply(Batch(events=(scanned(1), scanned(2))))
        first = store.events().entries[0]
        store.apply(Batch(rewrites=(Rewrite(first.position, scanned(9)),)))
        assert [scanned(9), scanned(2)] == [entry.event for entry in store.events().entries]
        assert [] == store.events(stream="item_id:item-0001").entries
        assert 1 == len(store.events(stream="item_id:item-0009").entries)

    # --- the engine -----------------------------------------------------------------------------------------------

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
