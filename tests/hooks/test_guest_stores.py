"""A guest's store that fails is told as the failure of that backend, and what it was about to do is not done."""

from __future__ import annotations

import inspect
import sqlite3
import sys
import types
from contextlib import closing

import pytest

import libops
from libops.base.errors import BackendError, Conflict, InvalidValue, OutcomeUnknown
from libops.cli.main import main
from libops.hooks import StorageBackend, hookimpl
from libops.storage.memory import MemoryStorage
from libops.storage.peek import Peeking
from libops.storage.port import upkeep_of
from libops.storage.tidy import Tidying
from libops.testing.sample_library import sample_library

CARD, LABEL = "21234000000017", "31234000000014"


class ShelfStorage(MemoryStorage):
    """A store on a server that can be taken away: `ailing` says which verb fails, and how."""

    retries = 3

    def __init__(self) -> None:
        super().__init__()
        self.ailing: dict[str, BaseException] = {}

    def ail(self, verb):
        if verb in self.ailing:
            raise self.ailing[verb]

    def read(self, queries):
        self.ail("read")
        return super().read(queries)

    def apply(self, batch):
        self.ail("apply")
        return super().apply(batch)

    def scan(self, *given, **named):
        self.ail("scan")
        return super().scan(*given, **named)

    def events(self, *given, **named):
        self.ail("events")
        return super().events(*given, **named)

    def problems(self):
        return []

    def backup(self, path):
        raise PermissionError(13, "the shelf is locked")


@pytest.fixture
def shelf():
    return ShelfStorage()


def guest(own, **more):
    hook = hookimpl(lambda: [StorageBackend("shelf", ("shelf",), own, **more)])
    return types.SimpleNamespace(__name__="guest", libops_storage=hook)


@pytest.fixture
def ops(shelf):
    with libops.open("shelf:town", plugins=[guest(lambda url, *, durability="full": shelf)]) as opened:
        sample_library(opened)
        yield opened


@pytest.mark.parametrize("verb", ["read", "apply"])
@pytest.mark.parametrize("error", [ConnectionResetError("the server is gone"), KeyError("row 7"), ZeroDivisionError()])
def test_an_act_that_the_store_fails_is_a_failure_of_the_backend(ops, shelf, verb, error) -> None:
    """Named are the backend, what it was asked and what it raised; nothing was lent, and the desk goes on."""
    shelf.ailing[verb] = error
    with pytest.raises(BackendError, match=rf"'shelf': {verb} raised {type(error).__name__}") as told:
        ops.circulation.check_out(patron=CARD, item=LABEL)
    assert told.value.__cause__ is error
    shelf.ailing.clear()
    assert ops.circulation.loan_of(LABEL) is None
    assert ops.circulation.check_out(patron=CARD, item=LABEL)


def test_sweeps_and_the_log_tell_it_too(ops, shelf) -> None:
    """The nightly run scans, reports read the log, a backup writes a file."""
    shelf.ailing["events"] = OSError("torn")
    with pytest.raises(BackendError, match="'shelf': events raised OSError: torn"):
        ops.events.statistics()
    shelf.ailing["scan"] = OSError("torn")
    with pytest.raises(BackendError, match="'shelf': scan raised OSError: torn"):
        list(ops.catalog.all())
    with pytest.raises(BackendError, match="'shelf': backup raised PermissionError"):
        ops.storage.backup("copy")


@pytest.mark.parametrize("error", [OutcomeUnknown("gone while it committed"), InvalidValue("blank"), BackendError("x")])
def test_what_a_store_says_by_itself_is_passed_on(ops, shelf, error) -> None:
    """Whether it was written is the store's to say: nobody says it anew."""
    shelf.ailing["apply"] = error
    with pytest.raises(type(error)) as told:
        ops.circulation.check_out(patron=CARD, item=LABEL)
    assert told.value is error


def test_a_conflict_is_decided_anew(ops, shelf, monkeypatch) -> None:
    """Another desk was faster: the act is tried again, and not told as a failure."""
    shelf.ailing["apply"] = Conflict("faster")
    monkeypatch.setattr("libops.desk.shell.LONGEST_PAUSE", 0.0)
    with pytest.raises(Conflict, match="other desks were faster"):
        ops.circulation.check_out(patron=CARD, item=LABEL)


def test_an_interrupted_program_ends(ops, shelf) -> None:
    """Ctrl-C is no failure of the store."""
    shelf.ailing["read"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        ops.circulation.check_out(patron=CARD, item=LABEL)


def test_a_store_that_cannot_be_opened_tells_its_backend(capsys, monkeypatch) -> None:
    """Exit code 4 for a command, in one line."""

    def own(url, *, durability="full"):
        raise ConnectionRefusedError("no shelf there")

    with pytest.raises(BackendError, match="'shelf': own raised ConnectionRefusedError: no shelf there"):
        libops.open("shelf:town", plugins=[guest(own)])
    monkeypatch.setitem(sys.modules, "shelves_of_tests", guest(own))
    code = main(["patron", "show", CARD, "--db", "shelf:town", "--plugin", "shelves_of_tests"])
    assert (4, 1) == (code, capsys.readouterr().err.count("\n"))


def test_a_joined_store_tells_it_too(shelf) -> None:
    """The host's transaction is the host's: it rolls back what its own library could not do."""
    host = types.SimpleNamespace(name="the host's connection")
    joins = guest(lambda url, **more: shelf, join=lambda connection: shelf, accepts=lambda found: found is host)
    with libops.open(join=host, plugins=[joins]) as ops:
        shelf.ailing["read"] = OSError("gone")
        with pytest.raises(BackendError, match="'shelf': read raised OSError: gone"):
            ops.patrons.get(CARD)


def test_a_backend_that_cannot_look_at_a_connection_is_named(shelf) -> None:
    """Every backend is asked whether the host's connection is one of its engine's: the one that fails says so."""

    def accepts(connection):
        return connection.info.dsn

    joins = guest(lambda url, **more: shelf, join=lambda connection: shelf, accepts=accepts)
    with pytest.raises(BackendError, match="'shelf': accepts raised AttributeError"):
        libops.open(join=object(), plugins=[joins])


def test_what_a_guest_offers_beyond_the_verbs_is_found(ops) -> None:
    """A copy, what is wrong with the store, how often it tried again; and nothing that it does not offer."""
    assert ops.storage is upkeep_of(ops.storage)
    assert not isinstance(ops.storage, Peeking | Tidying)
    assert 3 == ops.contention.store_retries


def test_a_joined_store_that_can_copy_itself_is_found_so_on_every_python() -> None:
    """It passes on what the store on the host's connection offers, which is nowhere in its class."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("BEGIN")
        with libops.open(join=connection) as ops:
            with pytest.raises(AttributeError):
                inspect.getattr_static(ops.storage, "backup")
            assert ops.storage is upkeep_of(ops.storage)
            assert [] == upkeep_of(ops.storage).problems()


def test_stores_of_the_house_are_used_as_they_are(tmp_path) -> None:
    """Every loan goes through them: nothing stands between."""
    with libops.open() as memory, libops.open(f"sqlite:///{tmp_path}/town.db") as file:
        assert type(memory.storage) is MemoryStorage
        assert "libops.hooks.builtin.sqlite.store" == type(file.storage).__module__
