"""A host with tables of its own in SQLite: its visits and libops' loans are written together or not at all."""

from __future__ import annotations

import sqlite3
from typing import Any

import libops


class Lobby:
    """A host that notes who came in, in the same transaction as the loan."""

    def __init__(self, path: str, **options: Any) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("CREATE TABLE IF NOT EXISTS visit (card TEXT, item TEXT)")
        self.ops = libops.open(join=self.connection, **options)

    def lend(self, card: str, item: str) -> bool:
        """Note the visit and lend; a refusal takes the visit back as well."""
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.execute("INSERT INTO visit VALUES (?, ?)", (card, item))
        answer = self.ops.circulation.check_out(patron=card, item=item)
        if isinstance(answer, libops.Refuse):
            self.connection.execute("ROLLBACK")
            self.ops.forget()
            return False
        self.connection.execute("COMMIT")
        return True
