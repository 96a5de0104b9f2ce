"""From what a host holds to the driver's connection below it: SQLAlchemy sessions and connections, Django's.

None of these packages is imported here: an object is recognized by the package its class comes from.
"""

from __future__ import annotations

from typing import Any

__all__ = ["driver_connection"]


def driver_connection(host: Any) -> Any:
    """The driver's own connection (sqlite3, psycopg) below a host's; anything unknown is returned as it is.

    A SQLAlchemy `Session` or `Connection` begins its transaction with this, as with any other use of it; Django's
    connection is opened if it is not yet.

    >>> import sqlite3
    >>> plain = sqlite3.connect(":memory:")
    >>> driver_connection(plain) is plain
    True
    >>> plain.close()
    """
    packages = {cls.__module__.partition(".")[0] for cls in type(host).__mro__}
    if "sqlalchemy" in packages:
        core = host.connection() if callable(getattr(host, "connection", None)) else host
        return core.connection.driver_connection
    if "django" in packages:
        host.ensure_connection()
        return host.connection
    return host
