"""A connection and its cursor, with a short way for the statements of daily work.

A desk sends the same few statements all day. What it has sent a few times is prepared under a name, and from then on
goes to the server as that name and its values, past most of the driver: half the time of a round trip was spent there.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b
from typing import Any

import psycopg
from psycopg import RawCursor, errors
from psycopg.errors import error_from_result
from psycopg.generators import execute
from psycopg.pq import ExecStatus
from psycopg.rows import tuple_row

__all__ = ["Line"]

BEFORE_PREPARING = 3
"""How often a statement is sent as it is."""

MOST_PREPARED = 200
"""How many statements a connection keeps prepared; the oldest makes room for a new one."""

MOST_COUNTED = 2_000
"""How many statements that were not sent often enough yet are remembered."""


class Line(RawCursor[tuple[Any, ...]]):
    """The cursor of a connection that the store owns and that commits by itself."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        super().__init__(connection, row_factory=tuple_row)
        # The driver's own preparing would at times throw away everything that is prepared.
        connection.prepare_threshold = None
        self.sent: dict[str, int] = {}
        self.names: dict[str, bytes] = {}

    def one(self, text: str, values: Sequence[Any]) -> tuple[str | None, ...]:
        """The first row of an answer, each cell as the server writes it.

        `values` are texts, numbers, truth values and None. Raises what `execute` raises.
        """
        name = self.names.get(text)
        if name is None:
            if self.seldom(text):
                return self.at_length(text, values)
            name = self.prepare(text)
        self.connection.pgconn.send_query_prepared(name, [written(value) for value in values])
        try:
            return self.first(self.answer())
        except errors.InvalidSqlStatementName:
            # Something between here and the server has handed us another of the server's sessions.
            del self.names[text]
            return self.at_length(text, values)

    def at_length(self, text: str, values: Sequence[Any]) -> tuple[str | None, ...]:
        """The same by the driver's own way, which says nothing of the value that it refuses."""
        for value in values:
            written(value)
        self.execute(text, values)
        return self.first(self.pgresult)

    def seldom(self, text: str) -> bool:
        """Count a statement that is not prepared; whether it was sent so few times that it goes as it is."""
        if len(self.sent) >= MOST_COUNTED:
            self.sent.clear()
        sent = self.sent[text] = self.sent.get(text, 0) + 1
        if sent <= BEFORE_PREPARING:
            return True
        del self.sent[text]
        return False

    def prepare(self, text: str) -> bytes:
        """Prepare a statement, under a name that is this text's alone in whatever session of the server."""
        if len(self.names) >= MOST_PREPARED:
            oldest = self.names.pop(next(iter(self.names)))
            with suppress(errors.InvalidSqlStatementName):
                self.execute(f"DEALLOCATE {oldest.decode()}")
        name = b"libops_" + blake2b(text.encode(), digest_size=12).hexdigest().encode()
        self.connection.pgconn.send_prepare(name, text.encode())
        with suppress(errors.DuplicatePreparedStatement):
            self.answer()
        self.names[text] = name
        return name

    def answer(self) -> Any:
        """What the server says to what was sent."""
        result = self.connection.wait(execute(self.connection.pgconn))[-1]
        if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            raise error_from_result(result, encoding="utf-8")
        return result

    @staticmethod
    def first(result: Any) -> tuple[str | None, ...]:
        cells = [result.get_value(0, column) for column in range(result.nfields)]
        return tuple([None if cell is None else cell.decode() for cell in cells])


def written(value: Any) -> bytes | None:
    """A value as the server reads it.

    >>> [written(value) for value in ("Flores", 7, True, None)]
    [b'Flores', b'7', b't', None]
    """
    if type(value) is str:
        cell = value.encode()
        if 0 in cell:
            raise psycopg.DataError(f"{value!r}: text in PostgreSQL cannot hold the character NUL")
        return cell
    if value is None:
        return None
    if type(value) is bool:
        return b"t" if value else b"f"
    return str(value).encode()
