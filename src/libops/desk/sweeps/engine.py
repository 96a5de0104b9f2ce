"""The engine of the nightly run: walks a step page by page, and remembers where it stands.

A step looks at the records of one kind in the order of an index. Each record's work is an act of its own, guarded by
what it read, so that a step may be interrupted anywhere, run twice, or run on two machines at once. Memory stays flat:
one page is held at a time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from attrs import frozen

from libops.base.decisions import Decision
from libops.base.errors import Conflict
from libops.storage.cursors import SweepCursor
from libops.storage.kinds import kind_of
from libops.storage.peek import peek
from libops.storage.port import Batch, Find, Get, Page, Storage, Write

__all__ = [
    "BY",
    "CAUGHT_UP",
    "Chore",
    "Pass",
    "Place",
    "Progress",
    "Step",
    "StepReport",
    "each",
    "run_chore",
    "run_step",
]

CAUGHT_UP = timedelta(days=3)
"""A run looks back beyond the last one so far, for what was entered late; so far also the very first one."""

BY = "run-due"
"""Who did it, where the run did."""

Progress = Callable[[str, int], None]
"""Told the name of a step and how many records it has looked at."""


@frozen
class Pass:
    """One walk through a step: the time it brings everything up to, and the time from which it looks.

    `first`: no walk has come to its end before.
    """

    at: datetime
    since: datetime
    first: bool = False


@frozen(eq=False)
class Step:
    """One thing that time brings.

    `high` gives the end of the index range to walk, exclusive; `work` does a page of records and says how many acts
    that took. With `equal` the range is one of the index's second field, walked for each of these values of its first
    one; `low` then gives where it begins. A step that names `fields` is given rows of these in place of records: most
    rows leave nothing to do.
    """

    name: str
    cls: type[Any]
    index: str
    high: Callable[[datetime], Any]
    work: Callable[[Sequence[Any], Pass], int]
    equal: tuple[Any, ...] = ()
    low: Callable[[datetime], Any] = lambda at: None
    fields: tuple[str, ...] = ()

    def page(self, storage: Storage, at: datetime, after: Place | None, page: int) -> tuple[list[Any], Place | None]:
        """The next page of what the step looks at, and the place to go on from."""
        if self.fields:
            kind = kind_of(self.cls)
            return peek(
                storage, kind, self.index, self.fields, low=self.low(at), high=self.high(at), after=after, page=page
            )
        rows, after = page_of(self, storage, at, after, page)
        return [row.record for row in rows], after


Place = tuple[Any, ...]


@frozen(eq=False)
class Chore:
    """A step that walks by itself: `run(after)` goes on from a place and returns what it looked at, its acts, and the
    place to go on from, None at the end.
    """

    name: str
    run: Callable[[Place | None], tuple[int, int, Place | None]]


def each(act: Callable[..., Decision[Any]]) -> Callable[[Sequence[Any], Pass], int]:
    """Work that does an act of the desk on every record by itself, by its identifier; a refusal is no act."""
    return lambda records, now: sum(bool(act(record.id, by=BY)) for record in records)


@frozen
class StepReport:
    """What a step did: how many records it looked at and how many acts came of it."""

    name: str
    looked_at: int = 0
    acts: int = 0


def run_step(
    step: Step, storage: Storage, at: datetime, *, page: int = 500, progress: Progress | None = None
) -> StepReport:
    """Bring one step up to `at`: finish a pass that was interrupted, then walk again if that was an earlier time's."""
    looked_at = acts = 0
    while True:
        cursor = cursor_of(step, storage)
        started = cursor.started or at
        since = (cursor.through or at) - CAUGHT_UP
        after = place_from(cursor.after)
        while True:
            rows, after = step.page(storage, started, after, page)
            acts += step.work(rows, Pass(started, since, cursor.through is None))
            looked_at += len(rows)
            if progress is not None:
                progress(step.name, looked_at)
            if after is None:
                break
            save(storage, SweepCursor(step.name, started, place_text(after), cursor.through))
        save(storage, SweepCursor(step.name, None, "", max(started, cursor.through or started)))
        if started >= at:
            return StepReport(step.name, looked_at, acts)


def page_of(step: Step, storage: Storage, at: datetime, after: Place | None, page: int) -> Page:
    """The records that come next, and the place behind them."""
    kind = kind_of(step.cls)
    if not step.equal:
        return storage.scan(kind, step.index, step.low(at), step.high(at), after, page)
    ordered = kind.index(step.index).fields[1]
    number, since, last = after if after is not None else (0, step.low(at), "")
    limit = page
    while number < len(step.equal):
        asked = Find(kind, step.index, (step.equal[number],), low=since, high=step.high(at), limit=limit)
        found = storage.read([asked])[0]
        rows = [
            row for row in found if not last or (getattr(row.record, ordered), kind.key_of(row.record)) > (since, last)
        ]
        if rows and len(found) == limit:
            record = found[-1].record
            return Page(rows, (number, getattr(record, ordered), kind.key_of(record)))
        if len(found) == limit:
            # As many records of one moment as fit a page, all of them seen: look further.
            limit *= 2
            continue
        number, since, last, limit = number + 1, step.low(at), "", page
        if rows:
            return Page(rows, (number, since, last) if number < len(step.equal) else None)
    return Page([], None)


def run_chore(chore: Chore, storage: Storage, at: datetime, *, progress: Progress | None = None) -> StepReport:
    """Do a chore, from where it was interrupted to the end and then, if it was, once more from the beginning."""
    looked_at = acts = 0
    while True:
        cursor = cursor_of(chore, storage)
        after = place_from(cursor.after)
        again = after is not None
        while True:
            looked, done, after = chore.run(after)
            looked_at, acts = looked_at + looked, acts + done
            if progress is not None:
                progress(chore.name, looked_at)
            if after is None:
                break
            save(storage, SweepCursor(chore.name, at, place_text(after), cursor.through))
        save(storage, SweepCursor(chore.name, None, "", at))
        if not again:
            return StepReport(chore.name, looked_at, acts)


def cursor_of(step: Step | Chore, storage: Storage) -> SweepCursor:
    found = storage.read([Get(kind_of(SweepCursor), step.name)])[0].record
    return found if found is not None else SweepCursor(step.name)


def save(storage: Storage, cursor: SweepCursor) -> None:
    """Keep where a step stands. Where another machine is at the same step its mark may stay: both do all the work."""
    kind = kind_of(SweepCursor)
    version = storage.read([Get(kind, cursor.name)])[0].version
    try:
        storage.apply(Batch(writes=(Write(kind, cursor.name, cursor, version),)))
    except Conflict:
        return


def place_text(place: tuple[Any, ...]) -> str:
    """A place in an index as JSON text: moments as they are, days in a table of their own, the rest in brackets."""
    return json.dumps([part_text(part) for part in place])


def part_text(part: Any) -> Any:
    if isinstance(part, datetime):
        return part.isoformat()
    if isinstance(part, date):
        return {"day": part.isoformat()}
    return [part.value if isinstance(part, Enum) else part]


def place_from(text: str) -> tuple[Any, ...] | None:
    """The place that a text stands for.

    >>> from datetime import UTC
    >>> place_from(place_text((datetime(2026, 3, 2, tzinfo=UTC), "31234000000014")))
    (datetime.datetime(2026, 3, 2, 0, 0, tzinfo=datetime.timezone.utc), '31234000000014')
    >>> place_from(place_text((date(2026, 3, 2), 4)))
    (datetime.date(2026, 3, 2), 4)
    """
    return tuple(part_from(part) for part in json.loads(text)) if text else None


def part_from(part: Any) -> Any:
    if isinstance(part, str):
        return datetime.fromisoformat(part)
    return date.fromisoformat(part["day"]) if isinstance(part, dict) else part[0]
