"""How often desks were in each other's way: acts decided anew, acts given up, and the store's own retries."""

from __future__ import annotations

from attrs import frozen

from libops.desk.shell import Shell

__all__ = ["Contention", "contention"]


@frozen
class Contention:
    """What racing with other desks has cost so far, since the library was opened.

    `conflicts` counts decisions made anew because another desk had been faster; `most` is the longest row of them in
    one act, never above `libops.desk.shell.ATTEMPTS`; `given_up` counts the acts whose caller was told `Conflict`.
    `store_retries` counts what the storage backend tried again by itself, such as a serialization failure.
    """

    conflicts: int = 0
    most: int = 0
    given_up: int = 0
    store_retries: int = 0


def contention(shell: Shell) -> Contention:
    """The counts of a desk, as they are now."""
    retries = getattr(shell.storage, "retries", 0)
    return Contention(shell.conflicts, shell.most_conflicts, shell.given_up, retries)
