"""A host on SQLAlchemy 2: its own tables and libops' in one transaction, by Core connection or by Session.

`libops.open(join=...)` takes a Connection or a Session. With SQLite, SQLAlchemy must be told to begin transactions
itself, as its manual shows; with psycopg there is nothing to set.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

import libops


class Base(DeclarativeBase):
    """The host's own tables."""


class Visit(Base):
    """Who came in, and for which item."""

    __tablename__ = "visit"
    id: Mapped[int] = mapped_column(primary_key=True)
    card: Mapped[str]
    item: Mapped[str]


def engine_for(url: str) -> Engine:
    """An engine whose SQLite connections begin when SQLAlchemy says so."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def leave_transactions_to_us(connection: Any, record: Any) -> None:
            connection.isolation_level = None

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    Base.metadata.create_all(engine)
    return engine


class Refused(Exception):
    """The library's rules say no: raised inside the transaction, so that it is rolled back."""


def lend(engine: Engine, card: str, item: str, **options: Any) -> str:
    """Note the visit and lend the item, together; returns the receipt. A refusal leaves neither."""
    with engine.connect() as connection:
        ops = libops.open(join=connection, **options)
        with connection.begin(), Session(connection) as session:
            session.add(Visit(card=card, item=item))
            session.flush()
            answer = ops.circulation.check_out(patron=card, item=item)
            if isinstance(answer, libops.Refuse):
                raise Refused(*map(str, answer.reasons))
            receipt = str(answer.result)
            ops.notices.send(patron=card, kind="receipt", subject="Your loan", body=receipt)
        # The loan is committed: now its message may go out. Taking it from the outbox is a write of its own.
        with connection.begin():
            ops.announce()
    return receipt
