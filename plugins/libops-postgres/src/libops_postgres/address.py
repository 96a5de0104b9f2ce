"""The URL of a store: what libpq gets of it, and what is the store's own."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from attrs import frozen

from libops.base.errors import InvalidValue

__all__ = ["Address", "address_of"]

UNLESS_SAID = {
    "connect_timeout": "5",
    # A machine that lost its power says no goodbye: the silence is noticed after some fifteen seconds, not two hours.
    "keepalives_idle": "5",
    "keepalives_interval": "3",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
    # Of several servers only one takes writes; and one address may reach a standby a moment before it takes over.
    "target_session_attrs": "read-write",
}
"""What libpq is told where the URL does not say otherwise."""


@frozen
class Address:
    """Where a store is and how it is reached."""

    conninfo: str
    """What libpq gets."""
    tenant: str
    """Whose records, where several libraries share the tables."""
    most: int
    """How many connections to keep."""
    options: str
    """Settings for the server's side of the session, such as `-c search_path=library`."""
    patience: float
    """Seconds to wait for a connection: how long a server may take to come back, or another to take its place."""

    def __str__(self) -> str:
        parts = urlsplit(self.conninfo)
        return f"{parts.netloc.rpartition('@')[2] or 'this machine'}{parts.path}"


def address_of(url: str) -> Address:
    """Take a URL apart; its password is not in `str()` of the result.

    >>> town = address_of("postgresql://ruth:secret@one.example,two.example/town?tenant=north&patience=60")
    >>> print(town, town.tenant, town.most, town.patience)
    one.example,two.example/town north 8 60.0

    Raises:
        InvalidValue: `pool` or `patience` is no number that could be meant.
    """
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query))
    tenant, most, patience = asked.pop("tenant", ""), asked.pop("pool", "8"), asked.pop("patience", "30")
    if not most.isdigit() or int(most) < 1:
        raise InvalidValue(f"pool={most!r} in the URL: write the number of connections, such as pool=8")
    if not patience.replace(".", "", 1).isdigit():
        raise InvalidValue(f"patience={patience!r} in the URL: write seconds, such as patience=30")
    options = asked.pop("options", "")
    conninfo = urlunsplit(parts._replace(query=urlencode({**UNLESS_SAID, **asked})))
    return Address(conninfo, tenant, int(most), options, float(patience))
