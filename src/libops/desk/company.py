"""Company for what is forgotten nearly alone.

A store numbers its records by the commit that wrote them. Where a commit takes one single loan off its patron, the
number of the commit before stands by the patron. So some loans that were forgotten before are told anew in the same
commit, under new names and as of the same day, and which of them is told where in the log is left to chance.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import evolve

from libops.base.events import Event
from libops.circulation.events import HoldForgotten, LoanForgotten
from libops.circulation.model import ClosedHold, ClosedLoan
from libops.circulation.policy.privacy import company_wanted
from libops.desk.forgetting import CHANCE, Telling
from libops.desk.reads import Reads
from libops.desk.retelling import BY, Retold
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Logged, Rewrite

__all__ = ["in_company"]

NEAR = 200
"""Company is taken from so many that ended last: two desks at once seldom take the same."""

KINDS: tuple[tuple[type[Any], type[Any], str], ...] = (
    (LoanForgotten, ClosedLoan, "loan_id"),
    (HoldForgotten, ClosedHold, "hold_id"),
)


def in_company(told: Retold, reads: Reads, stream: Callable[[str], list[Logged]], telling: Telling) -> Retold:
    """What is told, with company for the loans and the holds in it where these are few."""
    for event, cls, about in KINDS:
        alone = [each for each in told.events if isinstance(each, event)]
        if wanted := company_wanted(len(alone)):
            others = company(reads, event, cls, about, wanted, stream)
            told = mixed(told, alone, [anew(record, event, telling) for record, _ in others], others)
    return told


def company(
    reads: Reads,
    event: type[Any],
    cls: type[Any],
    about: str,
    wanted: int,
    stream: Callable[[str], list[Logged]],
) -> list[tuple[Any, int]]:
    """Forgotten records of a kind, with the position of the event that tells of each."""
    rows = reads.storage.read([Find(kind_of(cls), "by_closing_time", descending=True, limit=NEAR)])[0]
    nameless = [row.record.id for row in rows if row.record.patron_id is None]
    found: list[tuple[Any, int]] = []
    for key in CHANCE.sample(nameless, min(wanted, len(nameless))):
        entries, record = stream(f"{about}:{key}"), reads.get(cls, key)
        if record is not None and [event] == [type(entry.event) for entry in entries]:
            found.append((record, entries[0].position))
    return found


def anew(record: Any, event: type[Any], telling: Telling) -> Event:
    name = telling.name()
    told: Event = event(telling.at, BY, name, evolve(record, id=name))
    return told


def mixed(told: Retold, alone: list[Event], others: list[Event], known: list[tuple[Any, int]]) -> Retold:
    """Those and the others, in the places of the others and at the end of the log as chance will have it."""
    every = [*alone, *others]
    CHANCE.shuffle(every)
    places = [position for _, position in known]
    moved = tuple([Rewrite(place, event) for place, event in zip(places, every, strict=False)])
    left = iter(every[len(places) :])
    return Retold(
        tuple([next(left) if event in alone else event for event in told.events]),
        told.rewrites,
        told.dropped + tuple([(type(record), record.id) for record, _ in known]),
        told.moved + moved,
    )
