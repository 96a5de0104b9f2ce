"""The examples of hosts run as they stand: the host's rollback takes the loan with it, and a message goes out once."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import libops
from libops.testing.fakes import RecordingChannel
from libops.testing.sample_library import sample_library

EXAMPLES = Path(__file__).parents[2] / "examples"
CARD, ITEM, REFERENCE = "21234000000017", "31234000000014", "31234000000055"


def example(name: str) -> ModuleType:
    """A file of the examples, as a module."""
    spec = importlib.util.spec_from_file_location("example_" + name.replace("/", "_"), EXAMPLES / name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def post() -> RecordingChannel:
    """A channel that keeps what is sent."""
    return RecordingChannel()


@pytest.fixture
def options(post: RecordingChannel) -> dict[str, Any]:
    """What each example hands to `libops.open`."""
    return {"plugins": [post], "channels": {"email": "recording"}}


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A SQLite file with a small library in it, and a patron with an address."""
    path = tmp_path / "town.db"
    with libops.open(f"sqlite:///{path}") as ops:
        sample_library(ops)
        assert ops.patrons.change(CARD, email="ada@example.org")
    return path


def loaned(path: Path) -> tuple[bool, int]:
    """Whether the item is out, and how many visits the host noted."""
    import sqlite3

    with libops.open(f"sqlite:///{path}") as ops:
        out = ops.circulation.loan_of(ITEM) is not None
    connection = sqlite3.connect(path)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE name LIKE '%visit'")]
    visits = connection.execute(f"SELECT count(*) FROM {tables[0]}").fetchone()[0]
    connection.close()
    return out, visits


def test_every_example_is_short() -> None:
    """Under a hundred lines each."""
    long = {path.name for path in EXAMPLES.glob("embed_in_*/*.py") if len(path.read_text().splitlines()) >= 100}
    assert set() == long


def test_a_host_with_sqlite_of_its_own(town: Path) -> None:
    """A refusal takes the host's visit back; a loan keeps it."""
    lobby = example("embed_in_sqlite3/lend_in_a_transaction.py").Lobby(str(town))
    assert not lobby.lend(CARD, REFERENCE)
    assert (False, 0) == loaned(town)
    assert lobby.lend(CARD, ITEM)
    lobby.connection.close()
    assert (True, 1) == loaned(town)


def test_a_host_on_sqlalchemy(town: Path, options: dict[str, Any], post: RecordingChannel) -> None:
    """Session, libops and the host's table share a transaction; the message goes out after the commit, once."""
    app = example("embed_in_sqlalchemy/app.py")
    engine = app.engine_for(f"sqlite:///{town}")
    with pytest.raises(app.Refused):
        app.lend(engine, CARD, REFERENCE, **options)
    assert (False, 0) == loaned(town)
    assert "Due" in app.lend(engine, CARD, ITEM, **options)
    engine.dispose()
    assert (True, 1) == loaned(town)
    assert ["Your loan"] == [message.subject for message in post.sent]


def test_a_host_session_of_sqlalchemy_is_joined_too(town: Path) -> None:
    """`join=session` is the connection that the session works on; its rollback undoes the loan."""
    from sqlalchemy.orm import Session

    app = example("embed_in_sqlalchemy/app.py")
    engine = app.engine_for(f"sqlite:///{town}")
    with Session(engine) as session:
        ops = libops.open(join=session)
        assert ops.circulation.check_out(patron=CARD, item=ITEM)
        assert ops.circulation.loan_of(ITEM) is not None
        session.rollback()
    engine.dispose()
    assert (False, 0) == loaned(town)


def test_the_commit_of_a_connection_that_nobody_began_keeps_the_loan(town: Path) -> None:
    """SQLAlchemy commits only what it knows of: an act of libops begins the transaction, as the host's own would."""
    app = example("embed_in_sqlalchemy/app.py")
    engine = app.engine_for(f"sqlite:///{town}")
    with engine.connect() as connection:
        ops = libops.open(join=connection)
        assert ops.circulation.check_out(patron=CARD, item=ITEM)
        connection.commit()
    engine.dispose()
    assert (True, 0) == loaned(town)


def test_a_host_on_django(town: Path, options: dict[str, Any], post: RecordingChannel) -> None:
    """An exception inside `atomic` takes visit and loan with it; `on_commit` sends the message, once."""
    app = example("embed_in_django/app.py")
    app.configure(str(town))
    visit = app.visit_model()
    with pytest.raises(app.Refused):
        app.lend(visit, CARD, REFERENCE, **options)
    assert (False, 0) == loaned(town)
    with app.transaction.atomic():
        app.lend(visit, CARD, ITEM, **options)
        app.transaction.set_rollback(True)
    assert (False, 0) == loaned(town)
    assert [] == post.sent
    assert "Due" in app.lend(visit, CARD, ITEM, **options)
    app.connection.close()
    assert (True, 1) == loaned(town)
    assert ["Your loan"] == [message.subject for message in post.sent]


def test_an_async_host_on_fastapi(town: Path) -> None:
    """Acts run in worker threads; a refusal is an answer with its reasons, not an error of the server."""
    import anyio
    from httpx import ASGITransport, AsyncClient

    app = example("embed_in_fastapi/app.py").library_app(f"sqlite:///{town}")

    async def talk() -> None:
        asking = AsyncClient(transport=ASGITransport(app), base_url="http://town.example")
        async with app.router.lifespan_context(app), asking as client:
            assert 201 == (await client.post(f"/loans/{ITEM}", params={"patron": CARD})).status_code
            refused = await client.post(f"/loans/{ITEM}", params={"patron": "21234000000025"})
            assert 409 == refused.status_code
            assert refused.json()["detail"][0]["code"]
            assert 1 == len((await client.get(f"/patrons/{CARD}/loans")).json())
            assert 200 == (await client.delete(f"/loans/{ITEM}")).status_code
            assert 404 == (await client.get("/patrons/29999000000000/loans")).status_code

    anyio.run(talk)
