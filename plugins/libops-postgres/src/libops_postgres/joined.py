"""A store inside the transactions of a psycopg connection of the host's: it never begins, commits or rolls back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from libops.base.errors import BackendError, Conflict, InvalidValue
from libops.storage.port import Batch
from libops_postgres import schema
from libops_postgres.conversation import Conversation, half_a_letter

__all__ = ["JoinedStorage"]

T = TypeVar("T")


class JoinedStorage(Conversation):
    """The four verbs on a connection of the host's; an `apply` that fails undoes itself back to a savepoint.

    Records that a decision relied on are locked against change until the host's transaction ends, whatever isolation
    the host chose. That a record was absent holds to the end only in a serializable transaction, and for every record
    that the act writes. The tenant is that of the session's setting `libops.tenant`, none where it is not set.
    """

    joined = True
    locking = True

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        super().__init__()
        self.connection = connection
        self.ready = False
        self.made = False

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        first = self.connection.info.transaction_status is TransactionStatus.IDLE
        if first and self.connection.autocommit:
            raise InvalidValue(
                "the host's connection has no open transaction, and a joined store never begins one: "
                "execute BEGIN first (or use `with connection.transaction()`), and commit when your own work is done"
            )
        try:
            with psycopg.RawCursor(self.connection, row_factory=tuple_row) as cursor:
                if not self.ready:
                    self.prepare(cursor, first=first)
                yield cursor
        except UnicodeEncodeError as error:
            raise BackendError(half_a_letter(error)) from error
        except psycopg.Error as error:
            raise BackendError(f"PostgreSQL: {error}") from error

    def prepare(self, cursor: Any, *, first: bool) -> None:
        """Make what is missing, in the host's transaction, and ask which tenant the host's session works for.

        Tables made here are gone when the host rolls back, so they are looked for again until a later transaction of
        the host's has found them.
        """
        if schema.stands(cursor):
            self.ready = first or not self.made
        else:
            schema.bring_up_to_date(cursor)
            self.made = True
        self.look_again_at = self.added_months(cursor)
        cursor.execute("SELECT coalesce(current_setting('libops.tenant', true), '')")
        self.tenant = cursor.fetchone()[0]

    def asked(self, ask: Callable[[Any], T]) -> T:
        with self.cursor() as cursor:
            return ask(cursor)

    def apply(self, batch: Batch) -> int:
        """Write the batch in a savepoint of the host's transaction; see `Storage.apply`."""

        def write(cursor: Any) -> int:
            tick = self.tick_for(batch)
            self.month_made(cursor, tick)
            cursor.execute("SAVEPOINT libops")
            try:
                position = self.written(cursor, batch, tick)
            except (Conflict, BackendError, UnicodeEncodeError, psycopg.Error):
                cursor.execute("ROLLBACK TO SAVEPOINT libops")
                cursor.execute("RELEASE SAVEPOINT libops")
                raise
            cursor.execute("RELEASE SAVEPOINT libops")
            return position

        return self.asked(write)

    def close(self) -> None:
        """Nothing to let go of: the connection is the host's."""
