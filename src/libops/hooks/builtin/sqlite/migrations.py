"""How a file of an older schema is brought up to this one: steps numbered by hand, each run once, in order.

Step number n turns schema n into schema n + 1. Tables of kinds that are new, columns of fields that are new and have a
default, and new indexes need no step: they are made whenever a file is opened that lacks them. A step names its tables
and columns itself, since the kinds of later versions are others, and is never edited after a release.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

__all__ = ["MIGRATIONS", "bring_up", "schema_version"]


def number_searched_titles(connection: sqlite3.Connection) -> None:
    """Give the rows of `bib_text` a number of their own, by which the index of words points at them.

    At schema 1 they had SQLite's hidden number, which a dump loses and VACUUM may change. The index itself, and the
    table of facets, are made anew when they are missing.
    """
    made = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'bib_text'").fetchone()
    if made is None:
        return
    columns = ", ".join(f'"{row[1]}"' for row in connection.execute("PRAGMA table_info(bib_text)"))
    anew = made[0].replace("(", '("row_id" INTEGER PRIMARY KEY, ', 1).replace("PRIMARY KEY (", "UNIQUE (")
    for statement in (
        "DROP TABLE IF EXISTS bib_text_words",
        "DROP TABLE IF EXISTS bib_text_facets",
        "DROP INDEX IF EXISTS bib_text_by_exact_title",
        "ALTER TABLE bib_text RENAME TO bib_text_1",
        anew,
        f"INSERT INTO bib_text ({columns}) SELECT {columns} FROM bib_text_1 ORDER BY bib_id",
        "DROP TABLE bib_text_1",
    ):
        connection.execute(statement)


def count_commits_by_the_log(connection: sqlite3.Connection) -> None:
    """Let the next position of the log lie above every version given out so far.

    At schema 2 commits were counted in a row of `store`, which cost every one of them a page; since then a commit is
    numbered by its position in the log.
    """
    made = connection.execute("SELECT value FROM store WHERE name = 'commits'").fetchone()
    last = connection.execute("SELECT max(position) FROM event").fetchone()[0] or 0
    if made is not None and made[0] > last:
        connection.execute("INSERT INTO event VALUES (?, '', '', '', 0, '', '')", made)
    connection.execute("DELETE FROM store WHERE name = 'commits'")


def gather_streams(connection: sqlite3.Connection) -> None:
    """Take the log by stream out of the way of a commit, and the index of loans by title.

    At schema 3 every commit kept the first; since then it is a table that is brought up now and then. Who has a title
    is asked by its items.
    """
    for statement in (
        "DROP INDEX IF EXISTS event_stream",
        "DROP INDEX IF EXISTS loan_by_bib",
        "CREATE TABLE event_place (stream TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (stream, position)) "
        "WITHOUT ROWID",
        "INSERT INTO event_place SELECT stream, position FROM event WHERE stream <> '' ORDER BY stream, position",
        "INSERT INTO store SELECT 'streamed', coalesce(max(position), 0) FROM event",
    ):
        connection.execute(statement)


MIGRATIONS: list[Callable[[sqlite3.Connection], None]] = [
    number_searched_titles,
    count_commits_by_the_log,
    gather_streams,
]
"""The steps so far."""


def schema_version() -> int:
    """The schema that this version writes."""
    return len(MIGRATIONS) + 1


def bring_up(connection: sqlite3.Connection, version: int) -> None:
    """Run the steps that a file of this schema still needs. The caller holds the transaction."""
    for step in MIGRATIONS[version - 1 :]:
        step(connection)
