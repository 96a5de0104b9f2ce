"""The four verbs on PostgreSQL, over a pool of connections that the store owns.

Transactions are serializable: what the guards of a batch saw is what is there when it commits, also for records that
were absent. When the server could not keep that promise for one of two desks (40001), or ended a deadlock (40P01), the
statement is sent again, a bounded number of times and counted in `retries`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, TypeVar

import psycopg
from psycopg import errors

from libops.base.errors import BackendError, Conflict, InvalidValue, OutcomeUnknown
from libops.storage.port import Batch
from libops_postgres import schema
from libops_postgres.address import Address, address_of
from libops_postgres.conversation import IN_ONE_STATEMENT, Conversation, half_a_letter, names_of, size_of
from libops_postgres.pool import Pool
from libops_postgres.statements import numbered, statements_of
from libops_postgres.ticks import SERVER_TIME, Ticks

__all__ = ["PostgresStorage"]

T = TypeVar("T")

ATTEMPTS = 20
"""How often a statement is sent again after 40001 or 40P01 before the caller is told."""

DURABILITY = {"full": "on", "normal": "off"}
"""`normal` answers before the server's log reached its disk: a crash of the server may lose the last loans."""

MADE_BY_ANOTHER = (
    errors.UniqueViolation,
    errors.DuplicateTable,
    errors.WrongObjectType,
    errors.InvalidObjectDefinition,
)
"""What two processes are told that make the same table, or attach the same month, at once."""

ENDED = (errors.AdminShutdown, errors.CrashShutdown)
"""The server said that it ends the connection; that it has done so may come to light a moment later."""

NOT_HERE = (errors.ReadOnlySqlTransaction, errors.CannotConnectNow)
"""The server has become a standby, or is one that is taking over: nothing was written."""

LOSSES = 5
"""How often an act is begun anew because its connection was lost."""

LONGEST_STATEMENT = "60s"
SETTINGS = {
    "TimeZone": "UTC",
    "default_transaction_isolation": "serializable",
    "statement_timeout": LONGEST_STATEMENT,
    "application_name": "libops",
    # Every statement is a look-up by key or by index: planning it anew each time costs more than running it.
    "plan_cache_mode": "force_generic_plan",
    # A plan that was made while a table was small outlives that, and a look at a whole table, in a serializable
    # transaction, collides with whoever writes there.
    "enable_seqscan": "off",
    "jit": "off",
}


def is_lost(error: psycopg.Error, cursor: Any) -> bool:
    """Whether the connection went away under what was asked."""
    return cursor.connection.closed or isinstance(error, ENDED)


class PostgresStorage(Conversation):
    """A store whose connections and transactions are its own. Use `PostgresStorage.own(url)`."""

    joined = False

    def __init__(self, pool: Pool, tenant: str) -> None:
        super().__init__(tenant)
        self.pool = pool
        self.retries = 0
        self.counting = Lock()

    @classmethod
    def own(cls, url: str, *, durability: str = "full") -> PostgresStorage:
        """Open the database of a URL such as `postgresql://libops@db.example/town`, and make its tables if need be.

        Beside libpq's own parameters the URL takes `tenant` (several libraries in one set of tables), `pool` (the
        most connections to keep, 8 when left out) and `patience` (seconds to wait for a connection or for a server
        that is gone, 30 when left out). It may name several servers: the one that takes writes is used.

        Raises:
            BackendError: the server cannot be reached.
            SchemaMismatch: the tables are of a newer version, or another program's.
        """
        if durability not in DURABILITY:
            raise InvalidValue(f"durability {durability!r}: use one of {', '.join(map(repr, DURABILITY))}")
        address = address_of(url)
        store = cls(pool_of(address, durability), address.tenant)
        try:
            store.make_tables()
        except BaseException:
            store.close()
            raise
        return store

    def one(self, cursor: Any, text: str, values: Sequence[Any]) -> tuple[Any, ...]:
        row: tuple[Any, ...] = cursor.one(text, values)
        return row

    def make_tables(self) -> None:
        """See that all tables are there; make or bring up to date what is not."""

        def look(cursor: Any) -> None:
            if not schema.stands(cursor):
                with cursor.connection.transaction():
                    # An index over all the loans of a large library may take its time.
                    cursor.execute("SET LOCAL statement_timeout = 0")
                    schema.bring_up_to_date(cursor)
            self.look_again_at = self.added_months(cursor)
            cursor.execute(f"SELECT {SERVER_TIME}")
            self.ticks.see(cursor.fetchone()[0])

        # Two processes that make the same table at once: one of them finds it there when it looks again.
        for attempt in range(ATTEMPTS):
            try:
                return self.asked(look)
            except BackendError as error:
                if not isinstance(error.__cause__, MADE_BY_ANOTHER):
                    raise
                time.sleep(0.01 * (attempt + 1))
        return self.asked(look)

    def asked(self, ask: Callable[[Any], T]) -> T:
        """Ask on one of the pool's connections, again after a serialization failure or on a new connection."""
        lost = 0
        for attempt in range(ATTEMPTS):
            cursor = self.pool.take()
            try:
                return ask(cursor)
            except (errors.SerializationFailure, errors.DeadlockDetected) as error:
                last: psycopg.Error = error
                with self.counting:
                    self.retries += 1
            except UnicodeEncodeError as error:
                raise BackendError(half_a_letter(error)) from error
            except psycopg.Error as error:
                lost += 1
                if not (is_lost(error, cursor) or isinstance(error, NOT_HERE)) or lost > LOSSES:
                    raise BackendError(f"PostgreSQL: {error}") from error
                last = error
                cursor.connection.close()
                self.pool.forget()
            finally:
                self.pool.give(cursor)
            time.sleep(random.uniform(0, 0.001 * 2 ** min(attempt, 6)))
        raise BackendError(f"PostgreSQL: gave up after {ATTEMPTS} attempts: {last}") from last

    def apply(self, batch: Batch) -> int:
        """Write the batch, all or nothing; see `Storage.apply`.

        Raises:
            OutcomeUnknown: the server went away while it committed, and none could be asked since.
        """
        tick = self.tick_for(batch)
        position = Ticks.following(tick, len(batch.events) - 1) if batch.events else 0
        unheard = False

        def write(cursor: Any) -> int:
            self.month_made(cursor, tick)
            # A connection that was lost while it committed says nothing: the store may hold the batch already.
            nonlocal unheard
            if unheard and self.holds(cursor, batch, tick):
                return position
            try:
                if not batch.rewrites and size_of(batch) <= IN_ONE_STATEMENT:
                    return self.written(cursor, batch, tick)
                with cursor.connection.transaction():
                    return self.written(cursor, batch, tick)
            except Conflict:
                # What is in the way may be the batch itself, committed only now by the server that was lost from view.
                if unheard and self.holds(cursor, batch, tick):
                    return position
                raise
            except psycopg.Error as error:
                unheard = unheard or is_lost(error, cursor)
                raise

        try:
            return self.asked(write)
        except BackendError as error:
            if not unheard:
                raise
            raise OutcomeUnknown(
                f"the server went away while it committed {names_of(batch)}, and could not be asked since ({error}): "
                "all of it was written or nothing; look before you do it again"
            ) from error

    def holds(self, cursor: Any, batch: Batch, tick: int) -> bool:
        """Whether an earlier attempt to write the batch was committed after all: no two batches share a tick.

        The look takes a lock, which makes it wait for the standbys as the lost commit did: what is found here is on
        as many servers as an acknowledged write has to be.
        """
        if batch.events:
            cursor.execute(
                "SELECT 1 FROM event WHERE tenant = $1 AND position = $2::bigint FOR UPDATE",
                (self.tenant, tick),
            )
            return cursor.fetchone() is not None
        for kind, key, record, _ in batch.writes:
            if record is not None:
                cursor.execute(f"{numbered(statements_of(kind).version)} FOR UPDATE", (self.tenant, key))
                row = cursor.fetchone()
                return row is not None and row[0] == tick
        return False

    def close(self) -> None:
        """Let go of all connections."""
        self.pool.close()


def pool_of(address: Address, durability: str) -> Pool:
    """The pool of an address, with its first connection: a wrong address is told at once."""
    settings = {**SETTINGS, "synchronous_commit": DURABILITY[durability]}
    options = " ".join([*(f"-c {name}={value}" for name, value in settings.items()), address.options])

    def connect() -> psycopg.Connection[Any]:
        # The short way of a line writes UTF-8, whatever the environment or the address says.
        return psycopg.connect(address.conninfo, autocommit=True, options=options, client_encoding="UTF8")

    pool = Pool(connect, address.most, address.patience)
    try:
        pool.idle.append(pool.reached(patience=0))
    except BackendError as error:
        raise BackendError(f"cannot reach the server of {address}: {error.__cause__}") from error
    return pool
