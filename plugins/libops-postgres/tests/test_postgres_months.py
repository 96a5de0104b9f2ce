"""The log by months: made ahead, detached when old, brought up from a log of one table, its key always unique."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Thread
from typing import Any

import psycopg
import pytest

import libops
from libops.base.errors import BackendError
from libops.storage.port import Batch
from libops.storage.rebuild import log_of, rebuilt, stored
from libops.testing.sample_library import sample_library
from libops.testing.small_records import scanned
from libops_postgres import months
from libops_postgres.schema import SCHEMA_VERSION
from libops_postgres.store import PostgresStorage
from libops_postgres.ticks import tick_at

PLUGINS = ["libops_postgres"]
ADA, BOOK, OTHER = "21234000000017", "31234000000014", "31234000000022"


def connected(url: str, **more: Any) -> psycopg.Connection[Any]:
    return psycopg.connect(url, autocommit=True, **more)


@pytest.fixture
def operator(apart: str) -> Iterator[psycopg.Connection[Any]]:
    """Somebody who looks after the database while desks are at work."""
    with connected(apart) as connection:
        yield connection


def months_of(connection: psycopg.Connection[Any]) -> list[str]:
    """The parts of the log."""
    rows = connection.execute(
        "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid "
        "WHERE inhparent = (quote_ident(current_schema()) || '.event')::regclass ORDER BY relname"
    )
    return [name for (name,) in rows]


def next_months(count: int) -> list[str]:
    return [months.table_of_month(month) for month in months.months_from(datetime.now(UTC), count)]


def days_later(store: Any, days: int) -> None:
    """The server's clock as the store will next know it."""
    store.ticks.ahead += days * 86_400_000_000


def one_table(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library as the first version of the plugin kept it: schema 1, the log is one table, no index of words."""
    with monkeypatch.context() as before:
        before.setattr(months, "native", lambda cursor: False)
        with libops.open(url, plugins=PLUGINS) as ops:
            sample_library(ops)
            assert ops.circulation.check_out(patron=ADA, item=BOOK)
    with connected(url) as connection:
        connection.execute("ALTER TABLE bib_text DROP COLUMN words")
        connection.execute("UPDATE libops_store SET value = 1 WHERE name = 'schema'")
        connection.execute("DELETE FROM libops_store WHERE name = 'layout'")


def test_a_new_store_has_the_present_month_and_three_ahead(apart: str, operator: psycopg.Connection[Any]) -> None:
    """Opening it again adds nothing."""
    for _ in range(2):
        with libops.open(apart, plugins=PLUGINS) as ops:
            assert [*next_months(4), "event_earlier"] == months_of(operator)
            sample_library(ops) if not list(ops.events) else None
    counted = operator.execute("SELECT tableoid::regclass::text, count(*) FROM event GROUP BY 1").fetchall()
    assert [next_months(1)[0]] == [name.rpartition(".")[2] for name, _ in counted]


def test_an_older_log_becomes_the_first_part(apart: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Schema 1 is brought to 2 on opening, by however many programs at once; every record and event is there."""
    one_table(apart, monkeypatch)
    with connected(apart) as operator:
        count = operator.execute("SELECT count(*) FROM event").fetchone()
        opened: list[PostgresStorage] = []
        failed: list[BaseException] = []

        def open_store() -> None:
            try:
                opened.append(PostgresStorage.own(apart))
            except BaseException as error:
                failed.append(error)

        threads = [Thread(target=open_store) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for store in opened:
            store.close()
        assert [] == failed
        assert [*next_months(4)[1:], "event_earlier"] == months_of(operator)
        assert count == operator.execute("SELECT count(*) FROM event_earlier").fetchone()
        assert (SCHEMA_VERSION,) == operator.execute("SELECT value FROM libops_store WHERE name = 'schema'").fetchone()
    with libops.open(apart, plugins=PLUGINS) as ops:
        assert ops.circulation.loan_of(BOOK) is not None
        assert ops.circulation.check_out(patron=ADA, item=OTHER)
        assert 1 == ops.search.find("jazz").total
        assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_a_host_that_rolls_back_leaves_the_older_log(apart: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Joined, the step happens in the host's transaction: undone, it is done again in the next."""
    one_table(apart, monkeypatch)
    with psycopg.connect(apart) as host, connected(apart) as operator:
        for kept in (False, True):
            ops = libops.open(join=host, plugins=PLUGINS)
            assert ops.circulation.check_out(patron=ADA, item=OTHER)
            host.commit() if kept else host.rollback()
            assert kept == bool(months_of(operator))


def test_months_are_made_ahead_while_the_store_stays_open(
    apart: str, operator: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that runs for months meets each new one prepared; the log goes on over the turn of the month."""
    store = PostgresStorage.own(apart)
    store.apply(Batch(events=(scanned(1),)))
    for number, days in enumerate((31, 62, 93, 124, 155), start=2):
        now = shifted(days)
        monkeypatch.setattr(months, "server_time", lambda cursor, now=now: now)
        days_later(store, 31)
        store.apply(Batch(events=(scanned(number),)))
    assert [scanned(number) for number in range(1, 7)] == list(log_of(store))
    assert [scanned(4), scanned(5)] == [
        entry.event for entry in store.events(after=[e.position for e in store.events().entries][2], page=2).entries
    ]
    parts = operator.execute("SELECT count(DISTINCT tableoid) FROM event").fetchone()
    assert parts is not None
    assert parts[0] >= 5
    assert 5 + 5 <= len(months_of(operator))
    store.close()


def shifted(days: int) -> datetime:
    return datetime.fromtimestamp(datetime.now(UTC).timestamp() + days * 86_400, UTC)


def test_a_month_that_is_lacking_is_told(apart: str) -> None:
    """A store that may not make tables says which row found no month; nothing is written."""
    store = PostgresStorage.own(apart)
    store.look_again_at = 1 << 62
    days_later(store, 400)
    with pytest.raises(BackendError, match="no partition"):
        store.apply(Batch(events=(scanned(1),)))
    store.close()
    store = PostgresStorage.own(apart)
    assert [] == list(log_of(store))
    store.close()


def test_a_position_is_unique_over_all_months(apart: str, operator: psycopg.Connection[Any]) -> None:
    """The key of the log is what it was: the same position is refused wherever it lies."""
    store = PostgresStorage.own(apart)
    store.apply(Batch(events=(scanned(1),)))
    days_later(store, 31)
    store.apply(Batch(events=(scanned(2),)))
    store.close()
    for number in (0, 1):
        with pytest.raises(psycopg.errors.UniqueViolation):
            operator.execute("INSERT INTO event SELECT * FROM event ORDER BY position OFFSET %s LIMIT 1", (number,))
    keys = operator.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'p' AND conrelid = 'event'::regclass"
    ).fetchall()
    assert [('PRIMARY KEY (tenant, "position")',)] == keys


def test_a_new_month_stops_neither_readers_nor_writers(apart: str, operator: psycopg.Connection[Any]) -> None:
    """While one transaction has the log in use another adds a month, and while it is added desks write."""
    store = PostgresStorage.own(apart)
    store.apply(Batch(events=(scanned(1),)))
    impatient = f"{apart}%20-c%20lock_timeout%3D2000"
    with psycopg.connect(apart) as writer, psycopg.connect(impatient) as maker:
        writer.execute('INSERT INTO event SELECT tenant, position + 1, at, "by", name, schema, stream, body FROM event')
        far = months.months_from(shifted(400), 2)
        maker.execute("CREATE TABLE far_month (LIKE event INCLUDING CONSTRAINTS)")
        maker.execute(
            f"ALTER TABLE event ATTACH PARTITION far_month FOR VALUES FROM ({tick_at(far[0])}) TO ({tick_at(far[1])})"
        )
        other = PostgresStorage.own(impatient)
        other.apply(Batch(events=(scanned(2),)))
        assert 2 == len(list(log_of(other)))
        other.close()
        maker.commit()
        writer.commit()
    assert 3 == len(list(log_of(store)))
    store.close()


def test_an_old_month_is_detached_while_desks_are_at_work(apart: str, operator: psycopg.Connection[Any]) -> None:
    """Its table stays, to be kept elsewhere; the log goes on without it, and opening does not make it again."""
    store = PostgresStorage.own(apart)
    store.apply(Batch(events=(scanned(1),)))
    days_later(store, 31)
    store.apply(Batch(events=(scanned(2),)))
    old = next_months(1)[0]
    operator.execute("ALTER TABLE event DETACH PARTITION event_earlier CONCURRENTLY")
    operator.execute(f"ALTER TABLE event DETACH PARTITION {old} CONCURRENTLY")
    store.apply(Batch(events=(scanned(3),)))
    assert [scanned(2), scanned(3)] == list(log_of(store))
    assert (1,) == operator.execute(f"SELECT count(*) FROM {old}").fetchone()
    store.close()
