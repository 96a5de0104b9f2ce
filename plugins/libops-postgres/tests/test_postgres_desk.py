"""A desk on PostgreSQL: a library day, races between processes, a host's rollback, a lost connection."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

import libops
from libops.base.decisions import Permit
from libops.base.errors import BackendError, SchemaMismatch
from libops.circulation.events import ItemCheckedOut
from libops.circulation.model import Loan
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing import library_day
from libops.testing.library_day import LibraryDay
from libops.testing.races import lending_race
from libops.testing.sample_library import TITLES, sample_library

PLUGINS = ["libops_postgres"]
ITEMS = 30
DESKS = 6


@pytest.fixture
def url(server: str) -> str:
    """A tenant of its own on the server."""
    return f"{server}{'&' if '?' in server else '?'}tenant={uuid4().hex}"


@pytest.fixture
def town(url: str) -> tuple[str, list[str], list[str]]:
    """Thirty items of a title, and six cards."""
    with libops.open(url, plugins=PLUGINS) as ops:
        ops.catalog.import_marc(BytesIO(TITLES.encode()))
        bib = next(iter(ops.catalog.all())).id
        labels = [f"3999900000{number:04}" for number in range(ITEMS)]
        for label in labels:
            assert ops.items.add(bib, barcode=label, item_type="book")
        cards = [f"2999900000{number:04}" for number in range(DESKS)]
        for card in cards:
            assert ops.patrons.register(name=f"Patron {card[-2:]}", category="adult", card=card)
    return url, cards, labels


def test_processes_racing_for_the_same_items_never_lend_one_twice(town) -> None:
    """C1: every item is lent exactly once; loans, events and what the desks were told agree."""
    url, cards, labels = town
    race = lending_race(url, cards, labels, plugins=PLUGINS)
    assert labels == race.labels
    with libops.open(url, plugins=PLUGINS) as ops:
        loans = list(every(ops.storage, kind_of(Loan)))
        lent = [event for event in log_of(ops.storage) if isinstance(event, ItemCheckedOut)]
        assert ITEMS == len(loans) == len(lent)
        assert ITEMS == sum(standing.open_loans for standing in every(ops.storage, kind_of(Standing)))
        assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_the_loan_limit_holds_when_desks_race_for_one_patron(town) -> None:
    """C2: six desks lend to one child at once: fifteen items go out, as the limit says, and not one more."""
    url, _, labels = town
    with libops.open(url, plugins=PLUGINS) as ops:
        assert ops.patrons.register(name="Ben Okafor", category="child", card="28888000000001")
    race = lending_race(url, ["28888000000001"] * DESKS, labels, plugins=PLUGINS)
    assert 15 == len(race.labels) == len(set(race.labels))
    with libops.open(url, plugins=PLUGINS) as ops:
        assert 15 == ops.patrons.standing("28888000000001").open_loans


def test_a_library_day_on_postgresql(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the desks do in whatever order, the invariants hold and the log gives the records again."""

    def open_here(url: str, *, plugins: Sequence[Any], **more: Any) -> libops.Operations:
        return libops.open(url, plugins=[*PLUGINS, *plugins], **more)

    class Day(LibraryDay):
        def url(self) -> str:
            return f"{server}{'&' if '?' in server else '?'}tenant={uuid4().hex}"

    monkeypatch.setattr(library_day, "open_library", open_here)
    run_state_machine_as_test(
        Day,
        settings=settings(max_examples=4, stateful_step_count=25, deadline=None, suppress_health_check=[*HealthCheck]),
    )


def test_a_host_that_rolls_back_takes_the_loan_with_it(server: str) -> None:
    """Joined to a host's psycopg transaction, libops never commits: what the host undoes never happened."""
    with psycopg.connect(server) as host:
        host.execute("CREATE SCHEMA host")
        host.execute("SET search_path = host")
        host.execute("CREATE TABLE visit (card text)")
        ops = libops.open(join=host, plugins=PLUGINS)
        sample_library(ops)
        host.commit()
        host.execute("INSERT INTO visit VALUES ('21234000000017')")
        assert isinstance(ops.circulation.check_out(patron="21234000000017", item="31234000000014"), Permit)
        assert ops.circulation.loan_of("31234000000014") is not None
        host.rollback()
        host.execute("SET search_path = host")
        assert ops.circulation.loan_of("31234000000014") is None
        assert 0 == ops.patrons.standing("21234000000017").open_loans
        assert (0,) == host.execute("SELECT count(*) FROM visit").fetchone()
        host.rollback()


def test_a_closing_announced_at_one_desk_is_known_at_the_next(url: str) -> None:
    """What is lent elsewhere after the closing was announced is not due in it, and is again once it is undone."""
    with libops.open(url, plugins=PLUGINS) as here:
        sample_library(here)
        due = here.circulation.preview_check_out(patron="21234000000017", item="31234000000014").result.due
        closing = here.closings.announce("MAIN", due.date(), due.date())
        here.closings.apply(closing, why="burst pipe")
        for undone in (False, True):
            with libops.open(url, plugins=PLUGINS) as there:
                later = there.circulation.preview_check_out(patron="21234000000017", item="31234000000014")
                assert (later.result.due == due) is undone
            here.closings.undo(closing, why="repaired")


def test_a_closing_that_the_host_rolls_back_never_was(server: str) -> None:
    """The host undoes its transaction, and the desk forgets the closing with it."""
    with psycopg.connect(server) as host:
        host.execute("CREATE SCHEMA closing_host")
        host.execute("SET search_path = closing_host")
        ops = libops.open(join=host, plugins=PLUGINS)
        sample_library(ops)
        host.commit()
        ops.closings.apply(ops.closings.announce("MAIN", date(2026, 3, 31), date(2026, 4, 2)), why="burst pipe")
        assert 1 == len(ops.closings.announced())
        host.rollback()
        ops.forget()
        host.execute("SET search_path = closing_host")
        assert () == ops.closings.announced()
        host.rollback()


def test_a_joined_store_asks_for_a_transaction(server: str) -> None:
    """On a connection that commits every statement by itself, a joined store says what to do instead."""
    with psycopg.connect(server, autocommit=True) as host:
        ops = libops.open(join=host, plugins=PLUGINS)
        with pytest.raises(libops.LibopsError, match="BEGIN"):
            ops.patrons.register(name="Ada Flores", category="adult", card="21234000000017")


def test_a_desk_goes_on_after_its_connections_were_cut(url: str) -> None:
    """A restart of the server ends every connection: the next loan takes a new one."""
    with libops.open(url, plugins=PLUGINS) as ops:
        sample_library(ops)
        with psycopg.connect(url.partition("tenant=")[0].rstrip("?&"), autocommit=True) as other:
            ended = other.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'libops'"
            ).fetchone()
            assert ended is not None
            assert ended[0] >= 1
        assert ops.circulation.check_out(patron="21234000000017", item="31234000000014")


def test_a_batch_that_was_committed_unheard_is_not_written_twice(url: str) -> None:
    """The connection breaks after the commit and before the answer: the second attempt finds the batch there."""
    with libops.open(url, plugins=PLUGINS) as ops:
        sample_library(ops)
        store = ops.storage
        whole = store.written

        def then_lost(cursor: Any, batch: Any, tick: int) -> int:
            whole(cursor, batch, tick)
            store.written = whole
            cursor.connection.close()
            raise psycopg.OperationalError("the connection is lost")

        store.written = then_lost
        assert ops.circulation.check_out(patron="21234000000017", item="31234000000014")
        lent = [event for event in log_of(store) if isinstance(event, ItemCheckedOut)]
        assert 1 == len(lent)
        assert 1 == ops.patrons.standing("21234000000017").open_loans


def test_several_tenants_share_the_tables_and_see_nothing_of_each_other(server: str, url: str) -> None:
    """Two libraries may give out the same card numbers."""
    with libops.open(url, plugins=PLUGINS) as one, libops.open(f"{url}b", plugins=PLUGINS) as two:
        sample_library(one)
        sample_library(two)
        assert one.circulation.check_out(patron="21234000000017", item="31234000000014")
        assert two.circulation.loan_of("31234000000014") is None
        assert two.circulation.check_out(patron="21234000000025", item="31234000000014")


def test_a_large_batch_is_written_whole_or_not_at_all(url: str) -> None:
    """An import of hundreds of records goes by COPY; one key that is taken undoes all of it."""
    from libops.base.errors import Conflict
    from libops.storage.port import Batch, Get, Guard, Write
    from libops.testing.small_records import loan, patron, scanned

    with libops.open(url, plugins=PLUGINS) as ops:
        store, loans, patrons = ops.storage, kind_of(Loan), kind_of(type(patron(1)))
        many = tuple(Write(loans, loan(number).item_id, loan(number), 0) for number in range(300))
        store.apply(Batch(writes=(Write(patrons, patron(1).id, patron(1), 0),)))
        seen = store.read([Get(patrons, patron(1).id)])[0].version
        with pytest.raises(Conflict):
            store.apply(Batch((Guard(patrons, patron(1).id, seen + 1),), many))
        store.apply(Batch((Guard(patrons, patron(1).id, seen),), many, tuple(scanned(n) for n in range(300))))
        assert 300 == len(list(every(store, loans))) == len(list(log_of(store)))
        versions = [row.version for row in store.scan(loans).rows]
        later = tuple(Write(loans, loan(n).item_id, loan(n, 2), v) for n, v in enumerate(versions))
        with pytest.raises(Conflict):
            store.apply(Batch(writes=(*later[:-1], later[-1]._replace(version=7))))
        assert {"patron-0001"} == {record.patron_id for record in every(store, loans)}
        store.apply(Batch(writes=tuple(write._replace(record=None) for write in later[:200]) + later[200:]))
        assert ["patron-0002"] * 100 == [record.patron_id for record in every(store, loans)]


def test_an_unreachable_server_is_told_without_the_password() -> None:
    """The address is named, the password is not."""
    with pytest.raises(BackendError, match=r"cannot reach.*127\.0\.0\.1") as told:
        libops.open("postgresql://ruth:secret@127.0.0.1:1/town", plugins=PLUGINS)
    assert "secret" not in str(told.value)


def test_tables_of_another_program_are_refused(server: str) -> None:
    """A table that has the name of one of ours and other columns is left alone."""
    with psycopg.connect(server) as host:
        host.execute("CREATE SCHEMA foreign_program")
        host.execute("SET search_path = foreign_program")
        host.execute("CREATE TABLE patron (id integer, surname text)")
        with pytest.raises(SchemaMismatch, match="surname"):
            libops.open(join=host, plugins=PLUGINS).patrons.get("21234000000017")
        host.execute("DROP TABLE patron")
        host.execute("CREATE TABLE event (id integer, title text)")
        with pytest.raises(SchemaMismatch, match="a table 'event'"):
            libops.open(join=host, plugins=PLUGINS).patrons.get("21234000000017")
        host.rollback()


def test_tables_of_a_newer_version_are_refused(server: str) -> None:
    """An older program must not write into tables that it does not know."""
    with psycopg.connect(server) as host:
        host.execute("CREATE SCHEMA newer")
        host.execute("SET search_path = newer")
        host.execute("CREATE TABLE libops_store (name text PRIMARY KEY, value bigint)")
        host.execute("INSERT INTO libops_store VALUES ('schema', 99)")
        with pytest.raises(SchemaMismatch, match="99"):
            libops.open(join=host, plugins=PLUGINS).patrons.get("21234000000017")
        host.rollback()


def test_the_reports_of_the_readme_run(server: str, url: str) -> None:
    """Every SQL report in the README is one that a tool can run on the tables."""
    import re
    from pathlib import Path

    readme = Path(__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")
    reports = re.findall(r"```sql\n(.*?)```", readme, re.DOTALL)[0].split(";")
    with libops.open(url, plugins=PLUGINS) as ops, psycopg.connect(server) as reader:
        sample_library(ops)
        assert ops.circulation.check_out(patron="21234000000017", item="31234000000014")
        ran = [reader.execute(report).fetchall() for report in reports if report.strip()]
    assert 3 == len(ran)
    assert sum(count for _, count in ran[1]) >= 1
