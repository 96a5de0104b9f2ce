"""The memory store as the model: the same acts on both, and the same answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from libops.base.errors import Conflict
from libops.storage.kinds import all_kinds, kind_of
from libops.storage.memory import MemoryStorage
from libops.storage.port import Batch, Find, Get, Guard, Storage, Write
from libops.testing.small_records import loan, patron, scanned, standing
from libops.testing.strategies.records import record_of

__all__ = ["compare_with_memory", "one_of_each_kind"]

NUMBERS = st.integers(1, 4)
DAYS = st.none() | st.integers(0, 5)


@cache
def one_of_each_kind() -> tuple[Any, ...]:
    """Records of every kind, small and full: those that Hypothesis finds first, and some it makes up."""
    found: list[Any] = []
    for kind in all_kinds():
        found += {kind.key_of(record): record for record in drawn(kind.cls)}.values()
    return tuple(found)


def drawn(cls: type[Any]) -> list[Any]:
    """A few records of a class, the plainest first; the same in every run."""
    records: list[Any] = []

    @settings(
        max_examples=6,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(record_of(cls))
    def draw(record: Any) -> None:
        records.append(record)

    draw()
    return records


class BothStores(RuleBasedStateMachine):
    """Acts on a store and on the model; the machine is told which store by a subclass."""

    make: Callable[[], Storage]

    @initialize()
    def begin(self) -> None:
        """Two empty stores."""
        self.store = type(self).make()
        self.model = MemoryStorage()

    def versions(self, record: Any) -> tuple[int, int]:
        get = Get(kind_of(type(record)), kind_of(type(record)).key_of(record))
        return self.store.read([get])[0].version, self.model.read([get])[0].version

    def both(self, *batches: Batch) -> None:
        """Apply to both; both must say the same."""
        outcomes = []
        for store, batch in zip((self.store, self.model), batches, strict=True):
            try:
                store.apply(batch)
                outcomes.append("written")
            except Conflict:
                outcomes.append("conflict")
        assert outcomes[0] == outcomes[1], f"the store said {outcomes[0]}, the model {outcomes[1]}: {batches[0]}"

    @rule(item=NUMBERS, who=NUMBERS, days=DAYS, stale=st.booleans(), remove=st.booleans())
    def write_loan(self, item: int, who: int, days: int | None, stale: bool, remove: bool) -> None:
        """Write or remove a loan, sometimes with a version of nowhere."""
        record = loan(item, who, days=days)
        kind = kind_of(type(record))
        batches = []
        for version in self.versions(record):
            asked = version + 1_000_000 if stale else version
            gone = remove and version > 0
            batches.append(Batch(writes=(Write(kind, record.item_id, None if gone else record, asked),)))
        self.both(*batches)

    @rule(who=NUMBERS, balance=st.integers(-500, 500), guard=NUMBERS, absent=st.booleans())
    def write_guarded(self, who: int, balance: int, guard: int, absent: bool) -> None:
        """Write a standing and an event, guarded by another patron's record, or by its absence."""
        record, relied_on = standing(who, balance=balance), patron(guard)
        batches = []
        for own, other in zip(self.versions(record), self.versions(relied_on), strict=True):
            guards = (Guard(kind_of(type(relied_on)), relied_on.id, 0 if absent else other),)
            writes = (Write(kind_of(type(record)), record.patron_id, record, own),)
            batches.append(Batch(guards, writes, (scanned(who, guard),)))
        self.both(*batches)

    @rule(who=NUMBERS, name=st.sampled_from(["Ada", "Ben", "Zoë"]))
    def write_patron(self, who: int, name: str) -> None:
        """Write a patron."""
        record = patron(who, name=name)
        kind = kind_of(type(record))
        self.both(*(Batch(writes=(Write(kind, record.id, record, v),)) for v in self.versions(record)))

    @invariant()
    def the_same_is_found(self) -> None:
        """Every index of every kind written gives the same records in the same order; so does the log."""
        if not hasattr(self, "store"):
            return
        for find in finds():
            ours, models = self.store.read([find])[0], self.model.read([find])[0]
            assert [row.record for row in models] == [row.record for row in ours]
        logged = [entry.event for entry in self.store.events().entries]
        assert [entry.event for entry in self.model.events().entries] == logged

    def teardown(self) -> None:
        """Let go of the store."""
        if hasattr(self, "store"):
            self.store.close()


def finds() -> Iterator[Find]:
    loans, patrons, standings = (kind_of(type(record)) for record in (loan(1), patron(1), standing(1)))
    yield Find(loans, "by_due")
    yield Find(loans, "by_due", descending=True, limit=2)
    yield Find(loans, "by_patron", ("patron-0002",))
    yield Find(loans, "by_due", (), loan(1, days=1).due, loan(1, days=4).due)
    yield Find(patrons, "by_name")
    yield Find(standings, "by_balance", (), 0, None)


def compare_with_memory(make: Callable[[int], Storage], folder: Path, *, examples: int = 15, steps: int = 20) -> None:
    """Live many small histories on a new store each, and hold every answer against the model's."""
    numbers = count()

    def fresh() -> Storage:
        number = next(numbers)
        (folder / f"run-{number}").mkdir(parents=True, exist_ok=True)
        return make(number)

    machine = type("StoreAgainstMemory", (BothStores,), {"make": staticmethod(fresh)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
