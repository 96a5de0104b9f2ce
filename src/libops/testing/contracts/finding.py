"""Scenarios of finding records: by the places of an index, and page by page in sweeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from libops.base.errors import InvalidValue
from libops.inventory.model import Protection
from libops.storage.kinds import kind_of
from libops.storage.peek import peek
from libops.storage.port import Batch, Find, Storage, Versioned
from libops.testing.contracts.reaching import ReachesStore
from libops.testing.small_records import MONDAY, drop, get, loan, patron, put, standing

__all__ = ["FindScenarios"]


class FindScenarios(ReachesStore):
    """What `read` finds by an index, and what `scan` walks over."""

    def due(self, rows: list[Versioned]) -> list[str]:
        """The items of the loans found."""
        return [row.record.item_id for row in rows]

    def lend(self, store: Storage) -> None:
        """Four loans of patron 1, one of them without end, and one of patron 2."""
        loans = [loan(1, days=9), loan(2, days=3), loan(3, days=6), loan(4, days=None), loan(5, patron=2, days=1)]
        store.apply(Batch(writes=tuple(put(each) for each in loans)))

    def walked(self, store: Storage, page: int, low: Any = None, high: Any = None) -> list[str]:
        """The items of a scan by due date, page by page; or of twenty pages, for a scan that never ends."""
        seen: list[str] = []
        after = None
        for _ in range(20):
            rows, after = store.scan(kind_of(type(loan(1))), "by_due", low, high, after, page)
            assert len(rows) <= page
            seen += self.due(rows)
            if after is None:
                break
        return seen

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

    def test_210_last_first_turns_the_whole_order_round(self, store: Storage) -> None:
        """Also among those due at the same instant, and with a range: the upper end is still not in it."""
        loans = [loan(1, days=9), loan(2, days=3), loan(3, days=3), loan(4, days=5), loan(5, days=1)]
        store.apply(Batch(writes=tuple(put(each) for each in loans)))
        for equal, by in (((), "by_due"), (("patron-0001",), "by_patron")):
            find = Find(kind_of(type(loan(1))), by, equal, descending=True)
            assert ["item-0001", "item-0004", "item-0003", "item-0002", "item-0005"] == self.due(store.read([find])[0])
            low, high = loan(1, days=3).due, loan(1, days=9).due
            within = find._replace(low=low, high=high)
            assert ["item-0004", "item-0003", "item-0002"] == self.due(store.read([within])[0])
            assert ["item-0004", "item-0003"] == self.due(store.read([within._replace(limit=2)])[0])

    def test_211_a_value_is_compared_letter_by_letter(self, store: Storage) -> None:
        """A name is found by itself alone: not in other capitals, without its accent, or by its first letters."""
        names = ["Ada Flores", "ada flores", "Ada Flóres", "Ada Flores ", "Ada", "x" * 300 + "1", "x" * 300 + "2"]
        store.apply(Batch(writes=tuple(put(patron(n, name=name)) for n, name in enumerate(names))))
        for name in names:
            found = store.read([Find(kind_of(type(patron(1))), "by_name", (name,))])[0]
            assert [name] == [row.record.name for row in found]

    def test_212_numbers_and_instants_stand_in_their_order(self, store: Storage) -> None:
        """A credit stands before a debt, 9 before 10, and a microsecond counts."""
        balances = [1_000, -5, 9, 10, 0, -1_000, 2**40]
        store.apply(Batch(writes=tuple(put(standing(n, balance=balance)) for n, balance in enumerate(balances))))
        found = store.read([Find(kind_of(type(standing(1))), "by_balance")])[0]
        assert sorted(balances) == [row.record.balance for row in found]
        instants = [MONDAY + timedelta(microseconds=n) for n in (3, 0, 1_000_000, 1, 10)]
        loans = [evolve(loan(n), due=due) for n, due in enumerate(instants)]
        store.apply(Batch(writes=tuple(put(each) for each in loans)))
        find = Find(kind_of(type(loan(1))), "by_due", (), low=instants[3], high=instants[2])
        assert [instants[3], instants[0], instants[4]] == [row.record.due for row in store.read([find])[0]]

    def test_213_a_limit_of_nothing_finds_nothing(self, store: Storage) -> None:
        """Zero is not the same as no limit."""
        self.lend(store)
        assert [] == store.read([Find(kind_of(type(loan(1))), "by_due", limit=0)])[0]

    @pytest.mark.parametrize("page", [1, 2, 3, 100])
    def test_301_pages_hold_every_record_once(self, store: Storage, page: int) -> None:
        """A sweep sees each loan once, however long its pages are."""
        self.lend(store)
        assert ["item-0005", "item-0002", "item-0003", "item-0001"] == self.walked(store, page)

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
        for _ in range(20):
            rows, after = store.scan(kind, "by_due", high=loan(4, days=20).due, after=after, page=page)
            seen, place = peek(store, kind, "by_due", fields, high=loan(4, days=20).due, after=place, page=page)
            assert [tuple(getattr(row.record, name) for name in fields) for row in rows] == seen
            assert after == place
            if after is None:
                return

    @pytest.mark.parametrize("page", [1, 2, 4, 100])
    def test_306_a_scan_by_key_goes_on_from_page_to_page(self, store: Storage, page: int) -> None:
        """An export of everything, and of a part of it; after the last record no further page is promised."""
        self.lend(store)
        kind = kind_of(type(loan(1)))
        for low, high, numbers in ((None, None, range(1, 6)), ("item-0002", "item-0005", range(2, 5))):
            seen: list[str] = []
            after = None
            for _ in range(1 + (len(numbers) - 1) // page):
                rows, after = store.scan(kind, low=low, high=high, after=after, page=page)
                seen += self.due(rows)
            assert ([f"item-{number:04}" for number in numbers], None) == (seen, after)

    @pytest.mark.parametrize("page", [1, 2, 3])
    def test_307_a_range_ends_on_every_page(self, store: Storage, page: int) -> None:
        """A sweep of what is due before a day ends there, however many pages it took."""
        self.lend(store)
        assert ["item-0005", "item-0002", "item-0003"] == self.walked(store, page, MONDAY, loan(1, days=9).due)

    @pytest.mark.parametrize("page", [1, 2, 100])
    def test_308_a_peek_goes_on_by_keys_made_of_several_fields(self, store: Storage, page: int) -> None:
        """The key of such a record is no field of its own, and still says where the next page begins."""
        kept = [
            Protection(list_name=f"list-{n % 2}", subject=f"item-000{n}", why="a gift", since=MONDAY, by="ruth")
            for n in range(4)
        ]
        store.apply(Batch(writes=tuple(put(each) for each in kept)))
        seen: list[tuple[Any, ...]] = []
        after = None
        for _ in range(1 + (len(kept) - 1) // page):
            rows, after = peek(store, kind_of(Protection), "by_subject", ("key", "subject"), after=after, page=page)
            seen += rows
        assert ([(each.key, each.subject) for each in kept], None) == (seen, after)
