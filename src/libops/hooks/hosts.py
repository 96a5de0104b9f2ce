"""What a host holds, and the driver's connection below it: SQLAlchemy's sessions and connections, Django's.

None of these packages is imported here: an object is recognized by the package its class comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from libops.base.errors import BackendError, InvalidValue, LibopsError
from libops.storage.peek import Glance, peek
from libops.storage.port import Batch, EventPage, Page, Query, Storage
from libops.storage.records import RecordType

__all__ = ["HostedStorage", "driver_connection", "hosted"]


BEYOND = ("backup", "problems")
"""The methods of `libops.storage.port.Upkeep`."""


def packages_of(host: Any) -> set[str]:
    return {cls.__module__.partition(".")[0] for cls in type(host).__mro__}


def driver_connection(host: Any) -> Any:
    """The driver's own connection (sqlite3, psycopg) below a host's; anything unknown is returned as it is.

    A SQLAlchemy `Session` begins its transaction with this, as with any other use of it; Django's connection is opened
    if it is not yet. Raises `InvalidValue` for what has no connection below it.

    >>> import sqlite3
    >>> plain = sqlite3.connect(":memory:")
    >>> driver_connection(plain) is plain
    True
    >>> plain.close()
    """
    packages = packages_of(host)
    if "sqlalchemy" in packages:
        core = host.connection() if callable(getattr(host, "connection", None)) else host
        try:
            return core.connection.driver_connection
        except AttributeError as error:
            raise InvalidValue(
                f"no transaction can be joined by {host!r}: hand over a Connection or a Session of SQLAlchemy, as in "
                "`with engine.begin() as connection`; an asynchronous host joins a synchronous one in a worker thread"
            ) from error
    if "django" in packages:
        host.ensure_connection()
        return host.connection
    return host


def hosted(host: Any, join: Callable[[Any], Storage], *, first: Callable[[Storage], None] | None = None) -> Storage:
    """A store joined to a host's connection by `join`, which takes the driver's own.

    `first` looks at the store when it is first used, and raises when it cannot be.
    """
    return HostedStorage(host, join, first) if first or changes_connections(host) else join(host)


def changes_connections(host: Any) -> bool:
    return bool(packages_of(host) & {"sqlalchemy", "django"})


class HostedStorage:
    """A joined store that asks its host for the connection: with SQLAlchemy or Django it may change from act to act.

    A session gives its connection back when it commits and takes another for its next transaction; Django connects
    anew. So the connection is asked for at every act, which also lets SQLAlchemy begin a transaction that the host has
    not begun: the host's `commit()` would otherwise find nothing to commit.
    """

    joined = True

    def __init__(
        self, host: Any, join: Callable[[Any], Storage], first: Callable[[Storage], None] | None = None
    ) -> None:
        self.host, self.join, self.first = host, join, first
        self.changes = changes_connections(host)
        self.driver: Any = None
        self.joint: Storage | None = None

    @property
    def store(self) -> Storage:
        """The store on the connection that the host works on now."""
        found = self.joint
        if self.changes or found is None:
            found = self.connected()
        if self.first is not None:
            self.first(found)
            self.first = None
        return found

    def connected(self) -> Storage:
        """The store on the driver's connection; a new one where the host has changed it."""
        try:
            in_transaction = getattr(self.host, "in_transaction", None) if self.changes else None
            if callable(in_transaction) and not in_transaction():
                self.host.begin()
            driver = driver_connection(self.host)
        except LibopsError:
            raise
        except Exception as error:  # of a package that is not imported here
            raise BackendError(f"the host's connection cannot be used: {error}") from error
        if self.joint is None or driver is not self.driver:
            self.driver, self.joint = driver, self.join(driver)
        return self.joint

    def __getattr__(self, name: str) -> Any:
        """What some stores offer beyond the verbs."""
        if name in BEYOND:
            return getattr(self.store, name)
        raise AttributeError(f"a joined store has no {name!r}")

    def read(self, queries: Sequence[Query]) -> list[Any]:
        """See `Storage.read`."""
        return self.store.read(queries)

    def apply(self, batch: Batch) -> int:
        """See `Storage.apply`."""
        return self.store.apply(batch)

    def scan(
        self,
        type: RecordType[Any],
        index: str | None = None,
        low: Any = None,
        high: Any = None,
        after: tuple[Any, ...] | None = None,
        page: int = 500,
    ) -> Page:
        """See `Storage.scan`."""
        return self.store.scan(type, index, low, high, after, page)

    def peek(
        self,
        type: RecordType[Any],
        index: str,
        fields: tuple[str, ...],
        low: Any = None,
        high: Any = None,
        after: tuple[Any, ...] | None = None,
        page: int = 500,
    ) -> Glance:
        """See `libops.storage.peek`."""
        return peek(self.store, type, index, fields, low=low, high=high, after=after, page=page)

    def events(self, after: int = 0, page: int = 500, stream: str | None = None) -> EventPage:
        """See `Storage.events`."""
        return self.store.events(after, page, stream)

    def close(self) -> None:
        """Let go of what the store holds; the connection is the host's."""
        if self.joint is not None:
            self.joint.close()
