"""Scenarios of a store inside a transaction of the host's: it never begins, commits or rolls back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from libops.base.errors import BackendError, Conflict
from libops.base.ids import BibId
from libops.catalog.search.text import BibText
from libops.storage.kinds import kind_of
from libops.storage.port import Batch, Find, Match, Storage, Term, Versioned
from libops.testing.contracts.reaching import ReachesStore
from libops.testing.small_records import get, loan, patron, put, scanned

__all__ = ["JoinedScenarios"]


class JoinedScenarios(ReachesStore):
    """Joined mode, for backends with the capability `joins`."""

    def host(self, folder: Path) -> Any:
        """A new connection of the host's to the database of this folder, with `commit()`, `rollback()`, `close()`."""
        raise NotImplementedError(f"{self.backend.name} declares 'joins': return a connection of the host's here")

    def begin(self, connection: Any) -> None:
        """Begin the host's transaction; nothing to do where the driver begins one by itself."""
        connection.execute("BEGIN")

    @pytest.fixture
    def connection(self, folder: Path) -> Iterator[Any]:
        """The host's connection, its transaction open."""
        self.need("joins")
        self.reopened(folder).close()
        opened = self.host(folder)
        self.begin(opened)
        yield opened
        opened.rollback()
        opened.close()

    @pytest.fixture
    def joined(self, connection: Any) -> Storage:
        """A store joined to the host's connection."""
        join = self.backend.join
        assert join is not None, f"{self.backend.name} declares 'joins' and has no join"
        return join(connection)

    def from_outside(self, folder: Path, record: Any) -> Versioned:
        """The record as another program finds it."""
        other = self.reopened(folder)
        try:
            found: Versioned = other.read([get(record)])[0]
        finally:
            other.close()
        return found

    def test_601_a_store_says_whether_it_is_joined(self, folder: Path, joined: Storage) -> None:
        """What is done joined is announced only when the host says that it has committed."""
        owned = self.reopened(folder)
        assert (True, False) == (joined.joined, owned.joined)
        owned.close()

    def test_602_the_host_connection_is_recognized(self, connection: Any) -> None:
        """`libops.open(join=connection)` finds the backend by the connection, and takes nothing else for one."""
        accepts = self.backend.accepts
        assert accepts is not None
        assert accepts(connection)
        assert not accepts(object())

    def test_603_what_was_written_is_read_in_the_same_transaction(self, joined: Storage) -> None:
        """A loan made inside the host's transaction counts at once for the next one inside it."""
        joined.apply(Batch(writes=(put(patron(1)), put(loan(1))), events=(scanned(1),)))
        assert loan(1) == joined.read([get(loan(1))])[0].record
        assert 1 == len(joined.read([Find(kind_of(type(loan(1))), "by_patron", ("patron-0001",))])[0])
        assert [loan(1)] == [row.record for row in joined.scan(kind_of(type(loan(1)))).rows]
        assert [scanned(1)] == [entry.event for entry in joined.events().entries]

    def test_604_nobody_else_sees_it_before_the_host_commits(
        self, folder: Path, connection: Any, joined: Storage
    ) -> None:
        """The store never commits by itself, however much it writes."""
        for number in range(1, 4):
            joined.apply(Batch(writes=(put(loan(number)),), events=(scanned(number),)))
        assert Versioned(None, 0) == self.from_outside(folder, loan(1))
        connection.commit()
        assert loan(3) == self.from_outside(folder, loan(3)).record

    def test_605_the_rollback_of_the_host_takes_everything_with_it(self, connection: Any, joined: Storage) -> None:
        """What the host undoes never happened: neither the loan nor its event."""
        by_patron = Find(kind_of(type(loan(1))), "by_patron", ("patron-0001",))
        joined.apply(Batch(writes=(put(loan(1)),), events=(scanned(1),)))
        assert loan(1) == joined.read([get(loan(1)), by_patron])[0].record
        connection.rollback()
        self.begin(connection)
        assert [Versioned(None, 0), []] == joined.read([get(loan(1)), by_patron])
        assert [] == joined.events().entries
        joined.apply(Batch(writes=(put(loan(1, patron=2)),)))
        assert "patron-0002" == joined.read([get(loan(1))])[0].record.patron_id

    def test_606_a_conflict_undoes_its_own_batch_and_no_more(
        self, folder: Path, connection: Any, joined: Storage
    ) -> None:
        """What the host did before goes on: only the savepoint is rolled back."""
        joined.apply(Batch(writes=(put(loan(1)),), events=(scanned(1),)))
        with pytest.raises(Conflict):
            joined.apply(Batch(writes=(put(loan(2)), put(loan(1, patron=2))), events=(scanned(2),)))
        joined.apply(Batch(writes=(put(loan(3)),)))
        connection.commit()
        assert loan(1) == self.from_outside(folder, loan(1)).record
        assert Versioned(None, 0) == self.from_outside(folder, loan(2))
        assert loan(3) == self.from_outside(folder, loan(3)).record
        self.begin(connection)

    def test_607_closing_leaves_the_connection_to_the_host(
        self, folder: Path, connection: Any, joined: Storage
    ) -> None:
        """The host can commit after the store has been closed."""
        joined.apply(Batch(writes=(put(loan(1)),)))
        joined.close()
        connection.commit()
        assert loan(1) == self.from_outside(folder, loan(1)).record
        self.begin(connection)

    def test_608_joined_and_owned_are_one_store(self, folder: Path, connection: Any, joined: Storage) -> None:
        """What an owned store wrote, a joined one reads, with the same version, and the other way round."""
        connection.rollback()
        owned = self.reopened(folder)
        owned.apply(Batch(writes=(put(patron(1)),)))
        before = owned.read([get(patron(1))])[0]
        self.begin(connection)
        assert before == joined.read([get(patron(1))])[0]
        joined.apply(Batch(writes=(put(patron(1, name="Ada Flores"), before.version),)))
        connection.commit()
        with pytest.raises(Conflict):
            owned.apply(Batch(writes=(put(patron(1, name="Ada Forbes"), before.version),)))
        owned.close()
        self.begin(connection)

    def test_609_the_first_transaction_of_all_can_be_rolled_back(self, folder: Path) -> None:
        """The store makes its tables inside the host's transaction; when they are undone it makes them again."""
        self.need("joins")
        (folder / "new").mkdir()
        connection = self.host(folder / "new")
        join = self.backend.join
        assert join is not None
        self.begin(connection)
        joined = join(connection)
        joined.apply(Batch(writes=(put(loan(1)),)))
        connection.rollback()
        self.begin(connection)
        assert [Versioned(None, 0)] == joined.read([get(loan(1))])
        connection.rollback()
        connection.close()

    def test_610_the_index_of_words_is_in_the_transaction_of_the_host(self, connection: Any, joined: Storage) -> None:
        """A title that the host undoes is not found by its words."""
        self.need("full_text")
        asked = Match(kind_of(BibText), ((Term(("noon",)),),))
        title = BibText(BibId("bib-0002"), "darkness at noon", "", "", "", "", "eng", "book", 1940, True)
        joined.apply(Batch(writes=(put(title),)))
        assert [title] == [row.record for row in joined.read([asked])[0].rows]
        connection.rollback()
        self.begin(connection)
        assert 0 == joined.read([asked])[0].total

    def test_611_a_connection_that_the_host_closed_is_told(self, folder: Path) -> None:
        """As a failure of the backend, not as an error of the driver; a session that opens itself anew goes on."""
        self.need("joins")
        self.reopened(folder).close()
        connection = self.host(folder)
        join = self.backend.join
        assert join is not None
        self.begin(connection)
        joined = join(connection)
        assert [Versioned(None, 0)] == joined.read([get(loan(1))])
        connection.close()
        for ask in (
            lambda: joined.read([get(loan(1))]),
            lambda: joined.apply(Batch(writes=(put(loan(1)),))),
            lambda: joined.scan(kind_of(type(loan(1)))),
            lambda: joined.events(),
            lambda: join(connection).read([get(loan(1))]),
        ):
            with suppress(BackendError):
                ask()
        connection.close()
