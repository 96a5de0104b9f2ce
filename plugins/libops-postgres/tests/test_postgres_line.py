"""The short way of a connection: the same answers and errors as the long way, from the first to the hundredth time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from libops_postgres import line
from libops_postgres.line import BEFORE_PREPARING, Line

TIMES = BEFORE_PREPARING + 3


@pytest.fixture
def desk(server: str) -> Iterator[Line]:
    connection = psycopg.connect(server, autocommit=True)
    yield Line(connection)
    connection.close()


def test_values_come_back_as_they_went(desk: Line) -> None:
    """Texts in any script, numbers, truth values, nothing at all, quotes and backslashes."""
    values: list[Any] = ["Ångström", "O'Neill \\\\ 'x'", "", -7, 1 << 60, True, False, None, "日本"]
    asked = ("$1::text", "$2::text", "$3::text", "$4::bigint", "$5::bigint", "$6::boolean", "$7::boolean", "$8::text")
    text = f"SELECT {', '.join(asked)}, $9::text"
    expected = ("Ångström", "O'Neill \\\\ 'x'", "", "-7", str(1 << 60), "t", "f", None, "日本")
    assert [expected] * TIMES == [desk.one(text, values) for _ in range(TIMES)]
    assert 1 == len(desk.names)


def test_errors_are_the_same_before_and_after_preparing(desk: Line) -> None:
    """Each time the driver's own error, with the server's code; the connection goes on."""
    for _ in range(TIMES):
        with pytest.raises(psycopg.errors.DivisionByZero):
            desk.one("SELECT 1 / $1::bigint", [0])
        with pytest.raises(psycopg.errors.UndefinedTable):
            desk.one("SELECT * FROM nowhere WHERE id = $1", ["x"])
        with pytest.raises(psycopg.DataError, match="NUL"):
            desk.one("SELECT $1::text", ["a\0b"])
    assert ("1",) == desk.one("SELECT 1", [])


def test_a_connection_does_not_prepare_without_end(desk: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server keeps no more than its share, of the statements that came last; what is counted ends, too."""
    monkeypatch.setattr(line, "MOST_PREPARED", 2)
    monkeypatch.setattr(line, "MOST_COUNTED", 3)
    for number in (0, 1, 2, 3, 4, 0):
        answers = {desk.one(f"SELECT $1::bigint + {number}", [1]) for _ in range(TIMES)}
        assert {(str(1 + number),)} == answers
    assert ["SELECT $1::bigint + 4", "SELECT $1::bigint + 0"] == list(desk.names)
    assert 2 == len(desk.execute("SELECT name FROM pg_prepared_statements").fetchall())
    for number in range(10):
        desk.one(f"SELECT $1::bigint - {number}", [1])
    assert len(desk.sent) <= 3


def test_a_prepared_statement_that_is_gone_makes_room_all_the_same(desk: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a pooler the session that knew it may be another one now."""
    monkeypatch.setattr(line, "MOST_PREPARED", 1)
    assert {("2",)} == {desk.one("SELECT $1::bigint + 1", [1]) for _ in range(TIMES)}
    desk.execute("DEALLOCATE ALL")
    assert {("3",)} == {desk.one("SELECT $1::bigint + 2", [1]) for _ in range(TIMES)}


def test_a_statement_that_was_forgotten_is_sent_again(desk: Line) -> None:
    """A change of tables, or a pooler between here and the server, may throw away what was prepared."""
    text = "SELECT $1::bigint * 2"
    for _ in range(2):
        assert [("6",)] * TIMES == [desk.one(text, [3]) for _ in range(TIMES)]
        desk.execute("CREATE TEMP TABLE passing (id integer)")
        desk.execute("ALTER TABLE passing ADD COLUMN name text")
        desk.execute("DROP TABLE passing")
        assert 1 == len(desk.names)
        assert ("8",) == desk.one(text, [4])
        desk.execute("DEALLOCATE ALL")
