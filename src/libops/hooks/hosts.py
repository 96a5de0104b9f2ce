"""What a host holds, and the driver's connection below it: SQLAlchemy's sessions and connections, Django's.

None of these packages is imported here: an object is recognized by the package its class comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from libops.storage.port import Batch, EventPage, Page, Query, Storage
from libops.storage.records import RecordType

__all__ = ["HostedStorage", "driver_connection", "hosted"]


def packages_of(host: Any) -> set[str]:
    return {cls.__module__.partition(".")[0] for cls in type(host).__mro__}


def driver_connection(host: Any) -> Any:
    """The driver's own connection (sqlite3, psycopg) below a host's; anything unknown is returned as it is.

    A SQLAlchemy `Session` begins its transaction with this, as with any other use of it; Django's connection is opened
    if it is not yet.

    >>> import sqlite3
    >>> plain = sqlite3.connect(":memory:")
    >>> driver_connection(plain) is plain
    True
    >>> plain.close()
    """
    packages = packages_of(host)
    if "sqlalchemy" in packages:
        core = host.connection() if callable(getattr(host, "connection", None)) else host
        return core.connection.driver_connection
    if "django" in packages:
        host.ensure_connection()
        return host.connection
    return host


def hosted(host: Any, join: Callable[[Any], Storage]) -> Storage:
    """A store joined to a host's connection by `join`, which takes the driver's own."""
    return HostedStorage(host, join) if packages_of(host) & {"sqlalchemy", "django"} else join(host)


class HostedStorage:
    """A joined store below SQLAlchemy or Django, where the driver's connection may change from act to act.

    A session gives its connection back when it commits and takes another for its next transaction; Django connects
    anew. So the connection is asked for at every act, which also lets SQLAlchemy begin a transaction that the host has
    not begun: the host's `commit()` would otherwise find nothing to commit.
    """

    joined = True

    def __init__(self, host: Any, join: Callable[[Any], Storage]) -> None:
        self.host, self.join = host, join
        self.driver: Any = None
        self.joint: Storage | None = None

    @property
    def store(self) -> Storage:
        """The store on the connection that the host works on now."""
        in_transaction = getattr(self.host, "in_transaction", None)
        if callable(in_transaction) and not in_transaction():
            self.host.begin()
        driver = driver_connection(self.host)
        if self.joint is None or driver is not self.driver:
            self.driver, self.joint = driver, self.join(driver)
        return self.joint

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

    def events(self, after: int = 0, page: int = 500, stream: str | None = None) -> EventPage:
        """See `Storage.events`."""
        return self.store.events(after, page, stream)

    def close(self) -> None:
        """Let go of what the store holds; the connection is the host's."""
        if self.joint is not None:
            self.joint.close()
