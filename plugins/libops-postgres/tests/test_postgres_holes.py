"""What can go wrong between a desk and its server, and must not go wrong silently."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from threading import Timer
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from libops.base.errors import BackendError
from libops.storage.port import Batch
from libops.testing.small_records import get, patron, put, scanned
from libops_postgres import schema
from libops_postgres.line import BEFORE_PREPARING
from libops_postgres.store import PostgresStorage

OFTEN = BEFORE_PREPARING + 3


@pytest.fixture
def address(server: str) -> str:
    return f"{server}&tenant={uuid4().hex}"


def test_letters_of_every_script_are_kept_whatever_encoding_the_address_names(address: str) -> None:
    """Also by the short way, which a statement takes once it was sent often."""
    store = PostgresStorage.own(f"{address}&client_encoding=latin1")
    people = [patron(number, name=f"Åsa Ñandú 日本 {number}") for number in range(OFTEN)]
    for person in people:
        store.apply(Batch(writes=(put(person),)))
    for _ in range(OFTEN):
        assert people == [row.record for row in store.read([get(person) for person in people])]
        store.reading.kept.clear()
    store.close()


@pytest.mark.parametrize("sign", ["\0", "\ud800"])
@pytest.mark.parametrize("count", [1, 60])
def test_a_sign_that_the_server_cannot_keep_is_told_and_nothing_is_written(address: str, sign: str, count: int) -> None:
    """NUL, and half a letter of a broken file: in one record, and in the middle of an import."""
    store = PostgresStorage.own(f"{address}&pool=1")
    for turn in range(OFTEN):
        people = [patron(turn * 100 + number) for number in range(count - 1)]
        broken = patron(turn * 100 + 99, name=f"Ada{sign}Flores")
        with pytest.raises(BackendError, match="Ada"):
            store.apply(Batch(writes=tuple(put(person) for person in [*people, broken]), events=(scanned(1),)))
        assert [None] * count == [row.record for row in store.read([get(p) for p in [*people, broken]])]
    assert () == tuple(store.events().entries)
    store.close()


def test_a_session_that_the_server_ended_for_idleness_is_replaced(address: str) -> None:
    """Many servers end sessions that were quiet over lunch: the next loan takes a new one."""
    store = PostgresStorage.own(f"{address}&options={'-c idle_session_timeout%3D100'}")
    for _ in range(3):
        store.apply(Batch(writes=(put(patron(uuid4().int % 10_000)),)))
        time.sleep(0.3)
    store.close()


@pytest.fixture
def read_only(server: str) -> Iterator[tuple[str, Any]]:
    """A database of its own whose sessions can be made read-only, as those of a standby are."""
    name = f"town_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as other:
        other.execute(f"CREATE DATABASE {name}")
        mark = server.index("?")

        def make(on: str) -> None:
            other.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {on}")

        yield f"{server[: server.rindex('/', 0, mark) + 1]}{name}{server[mark:]}", make


def test_a_desk_waits_until_the_one_server_of_its_address_takes_writes(read_only: tuple[str, Any]) -> None:
    """An address that moves on to a standby reaches it a moment before it takes over."""
    url, make = read_only
    store = PostgresStorage.own(f"{url}&patience=20")
    store.apply(Batch(writes=(put(patron(1)),)))
    make("on")
    store.pool.forget()
    later = Timer(2, make, ["off"])
    later.start()
    store.apply(Batch(writes=(put(patron(2)),)))
    assert patron(2) == store.read([get(patron(2))])[0].record
    later.join()
    make("on")
    store.close()
    with pytest.raises(BackendError, match="read-only"):
        PostgresStorage.own(url)


def test_bringing_a_large_store_up_to_date_may_take_its_time(apart: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index over ten million loans takes longer than any statement of a desk's may."""
    whole = schema.bring_up_to_date

    def slow(cursor: Any) -> None:
        whole(cursor)
        cursor.execute("SELECT pg_sleep(1.5)")

    monkeypatch.setattr(schema, "bring_up_to_date", slow)
    store = PostgresStorage.own(f"{apart}%20-c%20statement_timeout%3D1s")
    store.apply(Batch(writes=(put(patron(1)),)))
    with pytest.raises(BackendError, match="timeout"):
        store.asked(lambda cursor: cursor.execute("SELECT pg_sleep(1.5)"))
    store.close()


def test_a_desk_does_not_wait_for_a_month_that_it_does_not_need_yet(apart: str, server: str) -> None:
    """Somebody takes an old month out of the log, which may last: a loan goes out meanwhile, the new month later."""
    store, schema_name = PostgresStorage.own(apart), apart.rpartition("%3D")[2]
    with psycopg.connect(server) as other:
        other.execute(f"SET search_path = {schema_name}")
        last = "SELECT max(relname) FROM pg_class WHERE relname ~ '^event_20.._..$' AND relnamespace = %s::regnamespace"
        months = other.execute(last, (schema_name,)).fetchone()
        assert months is not None
        other.execute(f"DROP TABLE {months[0]}")
        other.commit()
        other.execute("LOCK TABLE event IN SHARE UPDATE EXCLUSIVE MODE")
        store.look_again_at = 0
        begun = time.monotonic()
        store.apply(Batch(writes=(put(patron(1)),), events=(scanned(1),)))
        assert time.monotonic() - begun < 20
        assert months != other.execute(last, (schema_name,)).fetchone()
        other.commit()
        store.look_again_at = 0
        store.apply(Batch(writes=(put(patron(2)),), events=(scanned(2),)))
        assert months == other.execute(last, (schema_name,)).fetchone()
    store.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_program_that_forks_shares_no_connection(address: str) -> None:
    """A web server opens the library once and then forks its workers: each has connections of its own."""
    store = PostgresStorage.own(f"{address}&pool=2")
    store.apply(Batch(writes=(put(patron(0)),)))
    workers = []
    for worker in (1, 2):
        pid = os.fork()
        if pid == 0:
            done = 1
            try:
                for number in range(30):
                    store.apply(Batch(writes=(put(patron(worker * 100 + number)),)))
                    assert patron(0) == store.read([get(patron(0))])[0].record
                done = 0
            finally:
                os._exit(done)
        workers.append(pid)
    for number in range(30):
        store.apply(Batch(writes=(put(patron(300 + number)),)))
    assert [0, 0] == [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in workers]
    people = [patron(worker * 100 + number) for worker in (1, 2, 3) for number in range(30)]
    assert people == [row.record for row in store.read([get(person) for person in people])]
    store.close()
