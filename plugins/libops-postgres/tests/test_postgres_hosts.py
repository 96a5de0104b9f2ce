"""Hosts on SQLAlchemy and Django: libops works in their transactions on PostgreSQL, and their rollback undoes it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from attrs import evolve
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

import libops
from libops.base.decisions import Permit
from libops.hooks.hosts import driver_connection, hosted
from libops.hooks.specs.storage import StorageBackend
from libops.storage.port import Storage
from libops.testing.contracts.joined import JoinedScenarios
from libops.testing.sample_library import sample_library

PLUGINS = ["libops_postgres"]
CARD, ITEM = "21234000000017", "31234000000014"


def engine_on(server: str, tenant: str) -> Engine:
    """An engine whose sessions work for a tenant."""
    options = f"-c libops.tenant={tenant}"
    return create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(server, options=options))


def join(host: Any) -> Storage:
    from libops_postgres import join as join_driver

    return hosted(host, join_driver)


def accepts(host: Any) -> bool:
    from libops_postgres import accepts as accepts_driver

    return accepts_driver(driver_connection(host))


class TestCoreConnection(JoinedScenarios):
    """The joined scenarios on a Core connection; `commit` and `rollback` are SQLAlchemy's."""

    plugins = ("libops_postgres",)

    @pytest.fixture(autouse=True)
    def on(self, server: str) -> Iterator[None]:
        self.server, self.tenant = server, uuid4().hex
        self.engines: list[Engine] = []
        yield
        for engine in self.engines:
            engine.dispose()

    @property
    def backend(self) -> StorageBackend:
        return evolve(super().backend, join=join, accepts=accepts)

    def url(self, folder: Path) -> str:
        return f"{self.server}&tenant={self.tenant}{folder.name}"

    def engine(self, folder: Path) -> Engine:
        self.engines.append(engine_on(self.server, self.tenant + folder.name))
        return self.engines[-1]

    def host(self, folder: Path) -> Any:
        return self.engine(folder).connect()

    def begin(self, connection: Any) -> None:
        """SQLAlchemy begins by itself."""


class TestSession(TestCoreConnection):
    """The joined scenarios on a Session of the ORM, which gives its connection back at every commit."""

    def host(self, folder: Path) -> Any:
        return Session(self.engine(folder))


@pytest.mark.parametrize("kind", ["connection", "session"])
def test_the_rollback_of_sqlalchemy_takes_the_loan_with_it(server: str, kind: str) -> None:
    """The host's own row and the loan are kept together or not at all; what is kept, others see."""
    tenant = uuid4().hex
    with libops.open(f"{server}&tenant={tenant}", plugins=PLUGINS) as desk:
        sample_library(desk)
        engine = engine_on(server, tenant)
        visit = f"visit_{tenant}"
        with engine.begin() as maker:
            maker.execute(text(f"CREATE TABLE {visit} (card text)"))
        with engine.connect() if kind == "connection" else Session(engine) as host:
            ops = libops.open(join=host, plugins=PLUGINS)
            for end, kept in (("rollback", 0), ("commit", 1)):
                assert isinstance(ops.circulation.check_out(patron=CARD, item=ITEM), Permit)
                host.execute(text(f"INSERT INTO {visit} VALUES ('{CARD}')"))
                assert ops.circulation.loan_of(ITEM) is not None
                assert desk.circulation.loan_of(ITEM) is None
                getattr(host, end)()
                assert kept == desk.patrons.standing(CARD).open_loans
                assert kept == host.execute(text(f"SELECT count(*) FROM {visit}")).scalar()
                host.rollback()
            assert desk.circulation.loan_of(ITEM) is not None
        engine.dispose()


def test_the_atomic_block_of_django_holds_the_loan(server: str) -> None:
    """A refusal, a rollback, a failing inner block leave nothing; a commit keeps loan and visit and sends once."""
    tenant = uuid4().hex
    with libops.open(f"{server}&tenant={tenant}", plugins=PLUGINS) as ops:
        sample_library(ops)
        assert ops.patrons.change(CARD, email="ada@example.org")
    command = [sys.executable, "-W", "ignore", str(Path(__file__).with_name("django_host.py")), server, tenant]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert 0 == ran.returncode, ran.stderr
    assert [
        "refused: out=False counted=0 visits=0 sent=0",
        "rolled back: out=False counted=0 visits=0 sent=0",
        "failed inside: out=False counted=0 visits=0 sent=0",
        "committed: out=True counted=1 visits=1 sent=1",
    ] == ran.stdout.splitlines()
