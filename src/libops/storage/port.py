"""The storage port: four verbs over records of declared kinds.

`read` answers a batch of gets and finds from one consistent snapshot. `apply` writes a batch all or nothing, guarded
by the version of every record the decision read. `scan` pages through an index for sweeps. `events` pages through
the log. A backend holds no conversation: nothing is open between two calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from attrs import field, frozen

from libops.base.events import Event
from libops.storage.records import RecordType

__all__ = [
    "ABSENT",
    "Answers",
    "Batch",
    "Capabilities",
    "EventPage",
    "Find",
    "Get",
    "Guard",
    "Logged",
    "Match",
    "Matches",
    "Page",
    "Query",
    "Rewrite",
    "Storage",
    "Upkeep",
    "Term",
    "Versioned",
    "Write",
    "upkeep_of",
]


class Get(NamedTuple):
    """Ask for the record of a kind with this key."""

    type: RecordType[Any]
    key: str


class Find(NamedTuple):
    """Ask for the records of a kind `by` an index: `equal` on its first fields, then `low <= next field < high`.

    Results come in index order, then by key; `descending` turns that round; `limit` cuts it.
    """

    type: RecordType[Any]
    by: str
    equal: tuple[Any, ...] = ()
    low: Any = None
    high: Any = None
    descending: bool = False
    limit: int | None = None


class Term(NamedTuple):
    """Words to find together in one of the searchable fields; `prefix` lets the last one be a beginning."""

    words: tuple[str, ...]
    field: str = ""
    prefix: bool = False
    excluded: bool = False


class Match(NamedTuple):
    """Ask for the records of a kind with `full_text` that hold all of these terms, the best first.

    `any_of` holds one or more ways to ask, of which one has to hold. `equal` are other fields and the value each must
    have; `facets` are fields whose values are counted over all hits, up to `count_up_to` of them. With `records` False
    only the keys of the page are asked for.
    """

    type: RecordType[Any]
    any_of: tuple[tuple[Term, ...], ...]
    equal: tuple[tuple[str, Any], ...] = ()
    facets: tuple[str, ...] = ()
    limit: int = 20
    offset: int = 0
    count_up_to: int = 5000
    records: bool = True


class Matches(NamedTuple):
    """The hits of a `Match`, how many there are, and how often each value of each facet occurs among them.

    No more than `count_up_to` are counted; `counted_all` is False when there were more. `keys` are those of the page,
    in its order; `rows` is empty where no records were asked for.
    """

    rows: list[Versioned]
    total: int
    counted_all: bool
    facets: dict[str, dict[Any, int]]
    keys: list[str]


Query = Get | Find | Match


class Versioned(NamedTuple):
    """A record as the store holds it; an absent one is `(None, 0)`.

    Versions grow over the whole store and are never reused, also when a record is removed and its key comes back:
    the loan of an item that was returned and lent again cannot pass for the loan that was read.
    """

    record: Any
    version: int


ABSENT = Versioned(None, 0)


class Answers(list[Any]):
    """What a `read` found, in the order of the queries.

    `as_of` is how many commits the store had seen then; a backend that counts them sets it.
    """

    __slots__ = ("as_of",)

    as_of: int


class Guard(NamedTuple):
    """What a decision relied on: this record still has this version (0: there still is none)."""

    type: RecordType[Any]
    key: str
    version: int


class Write(NamedTuple):
    """Store `record` under `key`, or remove it when `record` is None, if its version is still the one read."""

    type: RecordType[Any]
    key: str
    record: Any
    version: int


class Logged(NamedTuple):
    """An event in the log with its position; positions grow with time and are never reused."""

    position: int
    event: Event


class Rewrite(NamedTuple):
    """Put `event` in the place of the logged one: only for taking a person out of the log."""

    position: int
    event: Event


@frozen(weakref_slot=False)
class Batch:
    """One unit of work: all of it happens or none.

    `as_of` is the `Answers.as_of` of the first read behind it. A backend that still has seen so many commits and no
    more need not look at the guards: nothing at all has changed. One that does not count commits looks at each.
    """

    guards: Sequence[Guard] = ()
    writes: tuple[Write, ...] = ()
    events: tuple[Event, ...] = ()
    rewrites: tuple[Rewrite, ...] = ()
    as_of: int | None = None


class Page(NamedTuple):
    """One page of a scan; `after` is where the next begins, None when there is no more."""

    rows: list[Versioned]
    after: tuple[Any, ...] | None


class EventPage(NamedTuple):
    """One page of the log; `after` is the position of its last event, or the one asked for when it is empty."""

    entries: list[Logged]
    after: int


@frozen
class Capabilities:
    """What a backend can do beyond the four verbs; a contract test that needs more is skipped by the flag's name."""

    persistent: bool = field(default=True, kw_only=True)
    """Records are there after a reopen."""
    processes: bool = field(default=True, kw_only=True)
    """Several processes may write at once."""
    durable: bool = field(default=True, kw_only=True)
    """At full durability, what `apply` has acknowledged outlives the program, however that ends."""
    joins: bool = field(default=False, kw_only=True)
    """It can work inside a transaction of the host."""
    full_text: bool = field(default=False, kw_only=True)
    """It keeps a full-text index of the catalog in the same transaction."""
    backup: bool = field(default=False, kw_only=True)
    """It can copy itself while open."""
    migrates: bool = field(default=False, kw_only=True)
    """It brings a store that an older libops wrote up to date when it is opened, and refuses one of a newer libops."""


class Upkeep(Protocol):
    """What an open store offers beyond the four verbs when its backend declares `backup`; `upkeep_of` finds it."""

    def backup(self, path: Path) -> None:
        """Copy the store to a new file while desks are at work."""
        ...

    def problems(self) -> list[str]:
        """What the engine finds wrong with the store; nothing when it is sound."""
        ...


def upkeep_of(store: Any) -> Upkeep | None:
    """The store, as one that can be looked after; None for one that cannot.

    A store that is joined to a host's connection, or is a guest's, passes on what the one below it offers. From Python
    3.12 on `isinstance` does not see that, so it is asked for by name.
    """
    return store if callable(getattr(store, "backup", None)) and callable(getattr(store, "problems", None)) else None


class Storage(Protocol):
    """An open store. Owned, `apply` commits, and threads may share it; joined, it works in savepoints of the host's
    transaction, which is one thread's at a time."""

    joined: bool

    def read(self, queries: Sequence[Query]) -> list[Any]:
        """Answer each query from one snapshot: a `Versioned` for a `Get`, a list of them for a `Find`,
        `Matches` for a `Match` (of a backend that declares `full_text`)."""
        ...

    def apply(self, batch: Batch) -> int:
        """Write the batch and return the position in the log of its last event.

        Raises:
            Conflict: a guarded record has changed or a new key is taken; nothing was written.
            BackendError: the engine failed; nothing was written.
            OutcomeUnknown: a server went away while it committed; all was written or nothing.
        """
        ...

    def scan(
        self,
        type: RecordType[Any],
        index: str | None = None,
        low: Any = None,
        high: Any = None,
        after: tuple[Any, ...] | None = None,
        page: int = 500,
    ) -> Page:
        """One page of a kind in index order (by key without an index), `low <= first field < high`."""
        ...

    def events(self, after: int = 0, page: int = 500, stream: str | None = None) -> EventPage:
        """One page of the log behind a position, of one stream or of all."""
        ...

    def close(self) -> None:
        """Let go of files and connections. Closing twice is harmless."""
        ...
