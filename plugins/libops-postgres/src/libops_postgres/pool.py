"""The connections of a store: made when they are needed, kept for the next act, given up when they are lost."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any
from weakref import WeakSet

import psycopg
from psycopg.pq import TransactionStatus

from libops.base.errors import BackendError
from libops_postgres.line import Line

__all__ = ["Pool"]

BETWEEN_ATTEMPTS = (0.05, 0.1, 0.2, 0.5, 1.0)
"""Seconds between attempts to reach a server that does not answer; the last stays."""

POOLS: WeakSet[Pool] = WeakSet()
"""All pools of this program, for when it forks."""


class Pool:
    """At most so many connections, each as a `Line`. The one that was used last is the next to be used.

    A server that is gone is tried again until `patience` seconds are over: time enough to start it anew, or for a
    standby to take its place.
    """

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]], most: int, patience: float) -> None:
        self.connect = connect
        self.most, self.patience = most, patience
        self.closed = False
        self.inherited: list[Line] = []
        self.begin()
        POOLS.add(self)

    def begin(self) -> None:
        """Have no connection yet, and all places free."""
        self.idle: list[Line] = []
        self.slots: SimpleQueue[None] = SimpleQueue()
        for _ in range(self.most):
            self.slots.put(None)

    def take(self) -> Line:
        """A line of one's own, until it is given back."""
        try:
            self.slots.get(timeout=max(self.patience, 0.001))
        except Empty as error:
            raise BackendError(
                f"PostgreSQL: all {self.most} connections were in use for {self.patience:g} seconds; "
                "write a larger number into the URL, such as pool=20"
            ) from error
        try:
            return self.idle.pop()
        except IndexError:
            return self.opened()

    def opened(self) -> Line:
        """A new connection in the place that was taken for it."""
        try:
            return self.reached(self.patience)
        except BaseException:
            self.slots.put(None)
            raise

    def reached(self, patience: float) -> Line:
        """A new connection, as soon as a server takes one."""
        if self.closed:
            raise BackendError("the store is closed: open it again")
        until, attempt = time.monotonic() + patience, 0
        while True:
            try:
                return Line(self.connect())
            except psycopg.OperationalError as error:
                pause = BETWEEN_ATTEMPTS[min(attempt, len(BETWEEN_ATTEMPTS) - 1)]
                attempt += 1
                if time.monotonic() + pause > until:
                    raise BackendError(f"PostgreSQL: no server to write to: {error}") from error
                time.sleep(pause)

    def give(self, line: Line) -> None:
        """Take a line back; a connection that broke or was left in a transaction is closed."""
        connection = line.connection
        if self.closed or connection.closed or connection.pgconn.transaction_status != TransactionStatus.IDLE:
            connection.close()
        else:
            self.idle.append(line)
        self.slots.put(None)

    def forget(self) -> None:
        """Close the connections that wait: when one is lost, they most likely are, too."""
        while self.idle:
            try:
                self.idle.pop().connection.close()
            except IndexError:  # another thread was faster
                return

    def close(self) -> None:
        """Let go of all connections; those in use are closed when they come back."""
        self.closed = True
        self.forget()


def leave_to_the_parent() -> None:
    """After a fork: the connections are the parent's, who goes on talking on them. To close one would end it there."""
    for pool in list(POOLS):
        pool.inherited += pool.idle
        pool.begin()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=leave_to_the_parent)
