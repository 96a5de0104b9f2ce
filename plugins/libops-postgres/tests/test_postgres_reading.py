"""What a desk has read before is not brought again, and yet every answer is what the server holds now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libops.circulation.model import Loan
from libops.patrons.model import Patron
from libops.storage.kinds import kind_of
from libops.storage.port import ABSENT, Batch, Find, Get, Versioned
from libops.testing.small_records import MONDAY, drop, get, loan, patron, put, standing
from libops_postgres import reading
from libops_postgres.line import Line
from libops_postgres.store import PostgresStorage

Desks = tuple[PostgresStorage, PostgresStorage]

LOANS_OF_ONE = Find(kind_of(Loan), "by_patron", ("patron-0001",))


@pytest.fixture
def address(server: str) -> str:
    return f"{server}&tenant={uuid4().hex}"


@pytest.fixture
def desks(address: str) -> Iterator[Desks]:
    """Two desks of one library, each with a memory of its own."""
    here, there = PostgresStorage.own(address), PostgresStorage.own(address)
    yield here, there
    here.close()
    there.close()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that goes to the server by the short way."""
    texts: list[str] = []
    whole = Line.one

    def noted(self: Line, text: str, values: Any) -> Any:
        texts.append(text)
        return whole(self, text, values)

    monkeypatch.setattr(Line, "one", noted)
    return texts


def until_brief(ask: Callable[[], object]) -> None:
    """Ask until the store has learned that the versions alone say enough."""
    for _ in range(reading.UNNEEDED + 1):
        ask()


def test_a_record_at_hand_is_not_brought_again(desks: Desks, sent: list[str]) -> None:
    """The first time the record comes whole, later its version alone, and it is the same record."""
    here, _ = desks
    here.apply(Batch(writes=(put(patron(1)),)))
    here.reading.kept.clear()
    first = here.read([get(patron(1)), get(loan(1)), LOANS_OF_ONE])
    assert '"category"' in sent[-1]
    until_brief(lambda: here.read([get(patron(1)), get(loan(1)), LOANS_OF_ONE]))
    later = here.read([get(patron(1)), get(loan(1)), LOANS_OF_ONE])
    assert '"category"' not in sent[-1]
    assert [patron(1), None] == [row.record for row in later[:2]]
    assert first == later
    assert first[0] is later[0]


def test_what_another_desk_changed_is_seen_at_once(desks: Desks, sent: list[str]) -> None:
    """However often this desk has read the record before: changed, removed, and new with the same key."""
    here, there = desks
    there.apply(Batch(writes=(put(patron(1)),)))
    until_brief(lambda: here.read([get(patron(1)), LOANS_OF_ONE]))
    version = there.read([get(patron(1))])[0].version
    there.apply(Batch(writes=(put(patron(1, name="Ada Flores"), version), put(loan(1)))))
    sent.clear()
    who, loans = here.read([get(patron(1)), LOANS_OF_ONE])
    assert ("Ada Flores", [loan(1)]) == (who.record.name, [row.record for row in loans])
    assert 2 == len(sent), "asked in brief, and once more for all of it"
    sent.clear()
    assert [who, loans] == here.read([get(patron(1)), LOANS_OF_ONE])
    assert 1 == len(sent)
    there.apply(Batch(writes=(drop(patron(1), who.version),)))
    assert ABSENT == here.read([get(patron(1)), LOANS_OF_ONE])[0]
    there.apply(Batch(writes=(put(patron(1, name="Ben Okafor")),)))
    assert "Ben Okafor" == here.read([get(patron(1)), LOANS_OF_ONE])[0].record.name


def test_what_was_hardly_ever_there_is_found_when_it_is(desks: Desks) -> None:
    """A loan of an item that was always on the shelf."""
    here, there = desks
    until_brief(lambda: here.read([get(loan(1)), LOANS_OF_ONE]))
    there.apply(Batch(writes=(put(loan(1)),)))
    one, loans = here.read([get(loan(1)), LOANS_OF_ONE])
    assert loan(1) == one.record
    assert [one] == loans


def test_a_desk_learns_more_slowly_where_it_was_wrong(
    desks: Desks, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time that the version alone was too little, it takes twice as long until it is tried again."""
    monkeypatch.setattr(reading, "UNNEEDED", 1)
    here, there = desks
    there.apply(Batch(writes=(put(standing(1)),)))
    for turn in range(300):
        row = here.read([get(standing(1)), LOANS_OF_ONE])[0]
        if turn % 3 == 0:
            there.apply(Batch(writes=(put(standing(1, balance=turn), row.version),)))
    asked = [text for text in sent if text.startswith("SELECT")]
    assert 300 < len(asked) < 305


def test_what_a_failed_act_would_have_written_is_not_believed(desks: Desks) -> None:
    """Another desk was faster: this one reads what that one wrote."""
    here, there = desks
    here.apply(Batch(writes=(put(standing(1)),)))
    version = here.read([get(standing(1))])[0].version
    there.apply(Batch(writes=(put(standing(1, balance=200), version),)))
    with pytest.raises(Exception, match="changed since it was read"):
        here.apply(Batch(writes=(put(standing(1, balance=500), version),)))
    assert 200 == here.read([get(standing(1))])[0].record.balance


def test_hundreds_of_records_come_in_one_statement_of_few_words(desks: Desks, sent: list[str]) -> None:
    """Whatever their number, of one kind or of several, there or not, asked for twice, with any sign in the key."""
    here, _ = desks
    odd = ['a "quoted" card', "back\\slash", "{brace, comma}", "NULL", "O'Neill", "日本"]
    patrons = [patron(number) for number in range(200)] + [Patron(key, "Odd", "adult", "MAIN") for key in odd]
    here.apply(Batch(writes=tuple(put(record) for record in patrons)))
    here.apply(Batch(writes=tuple(put(loan(number)) for number in range(120))))
    queries = [*map(get, patrons), get(patron(999)), *(get(loan(n)) for n in range(150)), LOANS_OF_ONE, get(patron(3))]
    sent.clear()
    found = here.read(queries)
    assert 1 == len(sent)
    assert len(sent[0]) < 10_000
    assert patrons == [row.record for row in found[: len(patrons)]]
    assert ABSENT == found[len(patrons)]
    lent = found[len(patrons) + 1 : len(patrons) + 151]
    assert [loan(number) for number in range(120)] == [row.record for row in lent[:120]]
    assert [ABSENT] * 30 == lent[120:]
    assert 120 == len(found[-2])
    assert patron(3) == found[-1].record


def test_hundreds_of_finds_come_in_one_statement(desks: Desks, sent: list[str]) -> None:
    """More answers than the server puts into one array."""
    here, _ = desks
    here.apply(Batch(writes=tuple(put(loan(number, number % 5)) for number in range(30))))
    finds = [Find(kind_of(Loan), "by_patron", (f"patron-{number:04}",)) for number in range(250)]
    sent.clear()
    found = here.read(finds)
    assert 1 == len(sent)
    assert [6] * 5 + [0] * 245 == [len(rows) for rows in found]


def test_a_store_keeps_no_more_than_its_share(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that runs for years reads every record of the library, and asks in every possible way."""
    here, _ = desks
    monkeypatch.setattr(reading, "KEPT", 10)
    monkeypatch.setattr(reading, "OCCASIONS", 5)
    here.apply(Batch(writes=tuple(put(patron(number)) for number in range(35))))
    for number in range(35):
        assert patron(number) == here.read([get(patron(number))] * (number % 12 + 1))[0].record
        assert len(here.reading.kept) <= 10
        assert len(here.reading.occasions) <= 5


KEYS = st.integers(1, 3)
ACTS = st.lists(st.tuples(st.integers(0, 1), st.sampled_from(["write", "remove", "read", "read", "read"]), KEYS))


@given(ACTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[*HealthCheck])
def test_two_desks_never_read_anything_but_what_is_there(address: str, acts: list[tuple[int, str, int]]) -> None:
    """Whoever writes and removes in whatever order, both desks read the same, and it is what a list on paper says."""
    tenant = f"{address}{uuid4().hex}"
    desks = [PostgresStorage.own(f"{tenant}&pool=1") for _ in range(2)]
    unneeded, reading.UNNEEDED = reading.UNNEEDED, 1
    try:
        paper: dict[int, Any] = {}
        for step, (desk, act, number) in enumerate(acts):
            store, there = desks[desk], [get(loan(key)) for key in (1, 2, 3)]
            seen = store.read([*there, LOANS_OF_ONE, get(patron(1))])
            assert [paper.get(key) for key in (1, 2, 3)] == [row.record for row in seen[:3]]
            assert sorted(paper) == sorted(int(row.record.item_id[-4:]) for row in seen[3])
            if act == "write":
                paper[number] = loan(number, days=step)
                store.apply(Batch(writes=(put(paper[number], seen[number - 1].version),)))
            elif act == "remove" and number in paper:
                store.apply(Batch(writes=(drop(paper.pop(number), seen[number - 1].version),)))
    finally:
        reading.UNNEEDED = unneeded
        for store in desks:
            store.close()


def test_plans_look_up_by_an_index_however_small_the_tables_were(server: str, apart: str) -> None:
    """A plan that was made when the library had ten patrons must not read through all of them when it has a million;
    and what is read through whole collides, in a serializable transaction, with everybody who writes there."""
    store = PostgresStorage.own(apart)
    store.apply(Batch(writes=tuple(put(record) for n in range(5) for record in (patron(n), standing(n), loan(n)))))
    with psycopg.connect(apart.partition("&options")[0], autocommit=True) as other:
        schema = apart.rpartition("%3D")[2]
        for table in ("patron", "standing", "loan"):
            other.execute(f"ANALYZE {schema}.{table}")
    queries = [get(patron(1)), get(standing(1)), get(loan(1)), LOANS_OF_ONE]
    text = reading.asking(tuple(map(reading.shape_of, queries)), (False,) * 4).text
    line = store.pool.take()
    plan = "\n".join(row[0] for row in line.execute(f"EXPLAIN (GENERIC_PLAN) {text}").fetchall())
    store.pool.give(line)
    store.close()
    assert "Index Scan" in plan
    assert "Seq Scan" not in plan


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata"])
def test_fields_alone_are_the_same_in_whatever_zone_the_session_is(address: str, zone: str) -> None:
    """A sweep looks at the due date alone: it is in UTC, and the next page begins where this one ended."""
    store = PostgresStorage.own(f"{address}&options={'-c TimeZone%3D' + zone}")
    store.apply(Batch(writes=tuple(put(loan(number, days=number)) for number in range(1, 6))))
    kind, seen, after = kind_of(Loan), [], None
    while True:
        rows, after = store.peek(kind, "by_due", ("item_id", "due"), None, loan(5, days=5).due, after, 2)
        seen += rows
        if after is None:
            break
    store.close()
    assert [(f"item-{n:04}", loan(n, days=n).due) for n in range(1, 5)] == seen
    assert {MONDAY.tzinfo} == {due.tzinfo for _, due in seen}


def test_a_get_is_a_place(desks: Desks) -> None:
    """What is kept is found by kind and key, however they are put."""
    here, _ = desks
    here.apply(Batch(writes=(put(patron(1)),)))
    kept = here.reading.kept
    assert isinstance(kept[Get(kind_of(Patron), patron(1).id)], Versioned)
    assert kept[Get(kind_of(Patron), patron(1).id)] is kept[kind_of(Patron), patron(1).id]
