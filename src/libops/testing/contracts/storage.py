"""The storage contract: what every backend promises, as tests to inherit.

Numbers in the names are those of the scenario page in the docs. A test that needs a capability the backend does not
declare is skipped, and says which.
"""

from __future__ import annotations

import pytest
from attrs import evolve

from libops.base.errors import Conflict
from libops.base.ids import PatronId
from libops.storage.kinds import kind_of
from libops.storage.port import Batch, Find, Guard, Storage, Versioned
from libops.testing.contracts.engine import EngineScenarios
from libops.testing.contracts.finding import FindScenarios
from libops.testing.contracts.joined import JoinedScenarios
from libops.testing.contracts.log import LogScenarios
from libops.testing.contracts.reference import one_of_each_kind
from libops.testing.contracts.rivalry import RivalScenarios
from libops.testing.contracts.words import WordScenarios
from libops.testing.contracts.years import YearScenarios
from libops.testing.small_records import card, drop, get, loan, patron, put, scanned, standing

__all__ = ["StorageContract"]


class StorageContract(
    FindScenarios, LogScenarios, EngineScenarios, JoinedScenarios, RivalScenarios, WordScenarios, YearScenarios
):
    """Inherit, say how to reach a store, and run pytest.

    `plugins` are what `libops.open(plugins=...)` needs to find the backend, as import paths, so that other processes
    can open it too; `url(folder)` names a store inside an empty folder, the same one each time. A backend that joins
    also says how its host comes to a connection: `host(folder)` and, where the driver does not begin transactions by
    itself, `begin(connection)`.
    """

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

    @pytest.mark.parametrize("stale", [0, 1, 2])
    def test_117_every_guard_of_a_batch_is_looked_at(self, store: Storage, stale: int) -> None:
        """A decision relied on three records: it falls whichever of them has changed."""
        store.apply(Batch(writes=tuple(put(patron(number)) for number in range(3))))
        guards = tuple(
            Guard(kind_of(type(patron(0))), patron(number).id, self.version(store, patron(number)))
            for number in range(3)
        )
        store.apply(Batch(guards=guards, writes=(put(loan(1)),)))
        store.apply(Batch(writes=(put(patron(stale, category="blocked"), guards[stale].version),)))
        with pytest.raises(Conflict, match=patron(stale).id):
            store.apply(Batch(guards=guards, writes=(put(loan(2)),)))

    def test_118_a_batch_that_writes_no_record_is_guarded_too(self, store: Storage) -> None:
        """An item is scanned at a return desk: nothing changes, and the log must still tell the truth."""
        store.apply(Batch(writes=(put(patron(1)),)))
        stale = (Guard(kind_of(type(patron(1))), patron(1).id, self.version(store, patron(1)) + 1),)
        for batch in (Batch(guards=stale), Batch(guards=stale, events=(scanned(1),))):
            with pytest.raises(Conflict):
                store.apply(batch)
        assert [] == store.events().entries

    def test_119_keys_differ_by_every_letter(self, store: Storage) -> None:
        """By case, by an accent and how it is written, by a blank at the end, by the last of many letters."""
        keys = ["ada", "Ada", "ADA", "ada ", "ad\u00e1", "ada\u0301", "x" * 300 + "1", "x" * 300 + "2", "ada_", "ada%"]
        people = [evolve(patron(number), id=PatronId(key)) for number, key in enumerate(keys)]
        for person in people:
            store.apply(Batch(writes=(put(person),)))
        assert people == [row.record for row in store.read([get(person) for person in people])]

    def test_120_a_large_answer_comes_whole(self, store: Storage) -> None:
        """The patron of an interlibrary desk has more than a thousand loans: each of them counts."""
        loans = [loan(number) for number in range(1_200)]
        store.apply(Batch(writes=tuple(put(each) for each in loans)))
        assert loans == [row.record for row in store.read([get(each) for each in loans])]
        assert 1_200 == len(store.read([Find(kind_of(type(loan(1))), "by_patron", ("patron-0001",))])[0])

    def test_121_what_is_gone_cannot_be_removed_again(self, store: Storage) -> None:
        """Two desks take one item back: the second must look again, and finds it returned."""
        store.apply(Batch(writes=(put(loan(1)),)))
        ended = drop(loan(1), self.version(store, loan(1)))
        store.apply(Batch(writes=(ended,), events=(scanned(1),)))
        with pytest.raises(Conflict):
            store.apply(Batch(writes=(ended,), events=(scanned(1),)))
        assert 1 == len(store.events().entries)

    def test_122_unset_empty_and_nought_are_three_values(self, store: Storage) -> None:
        """A card that was never given, one that was taken away, and a balance of zero: each comes back as it was."""
        people = [evolve(patron(number), card=card) for number, card in enumerate((None, "", "0"))]
        owing = [evolve(standing(number), balance=number) for number in range(2)]
        store.apply(Batch(writes=tuple(put(record) for record in (*people, *owing))))
        assert [*people, *owing] == [row.record for row in store.read([get(record) for record in (*people, *owing)])]
