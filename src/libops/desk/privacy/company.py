"""Company for what is forgotten nearly alone.

A store numbers its records by the commit that wrote them. Where a commit takes one single loan off its patron, the
number of the commit before stands by the patron. So some loans that were forgotten before are told anew in the same
commit, under new names and as of the same day, and which of them is told where in the log is left to chance. Those that
ended on the same day come first: beside others the one would be found by its day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from attrs import evolve, frozen

from libops.base.events import Event
from libops.bookings.events import BookingForgotten
from libops.bookings.model import Booking
from libops.circulation.events import HoldForgotten, LoanForgotten
from libops.circulation.model import ClosedHold, ClosedLoan
from libops.circulation.policy.privacy import company_wanted
from libops.desk.privacy.forgetting import CHANCE, Telling
from libops.desk.privacy.retelling import BY, Retold
from libops.desk.reads import Reads
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get, Logged, Rewrite, Storage

__all__ = ["Company"]

NEAR = 200
"""Company is taken from so many: two desks at once seldom take the same."""


@frozen
class Sort:
    """What is forgotten alike: the event that tells of it, the word for its record, and how those are found.

    `ended` is the field with the day that is told of its end. Index `by` has it behind fields with the values `equal`.
    """

    event: type[Any]
    cls: type[Any]
    word: str
    ended: str
    by: str
    equal: tuple[str, ...] = ()

    def day(self, event: Event) -> datetime:
        """The day, or for what left something the month, that an event tells of the end."""
        found: datetime = getattr(getattr(event, self.word), self.ended)
        return found


SORTS = (
    Sort(LoanForgotten, ClosedLoan, "loan", "closed_at", "by_closing_time"),
    Sort(HoldForgotten, ClosedHold, "hold", "closed_at", "by_closing_time"),
    Sort(BookingForgotten, Booking, "booking", "start", "by_patron", ("",)),
)


@frozen
class Known:
    """A forgotten record that may be there still: the day of its end, and where the log tells of it once that is known.

    Its name changes whenever it is told in another place.
    """

    day: datetime
    position: int | None = None


class Company:
    """Who was forgotten last, as far as this process knows: a return has no time to look for them anew."""

    def __init__(self, storage: Storage, stream: Callable[[str], list[Logged]]) -> None:
        self.storage = storage
        self.stream = stream
        self.known: dict[type[Any], dict[str, Known]] = {sort.cls: {} for sort in SORTS}

    def joined(self, told: Retold, reads: Reads, telling: Telling) -> Retold:
        """What is told, with company for the loans, holds and bookings in it where these are few."""
        for sort in SORTS:
            alone = [each for each in told.events if isinstance(each, sort.event)]
            if wanted := company_wanted(len(alone)):
                others = self.others(reads, sort, {sort.day(each) for each in alone}, wanted)
                told = mixed(told, alone, [anew(record, sort, telling) for record, _ in others], others)
        return told

    def committed(self, told: Retold) -> None:
        """What was told is company for those to come."""
        for sort in SORTS:
            known = self.known[sort.cls]
            for cls, key in told.dropped:
                if cls is sort.cls:
                    known.pop(key, None)
            at_the_end = [(None, event) for event in told.events[-NEAR:]]
            for position, event in (*at_the_end, *[(each.position, each.event) for each in told.moved]):
                if isinstance(event, sort.event):
                    known[getattr(event, sort.word).id] = Known(sort.day(event), position)
            for key in list(known)[:-NEAR]:
                known.pop(key, None)

    def others(self, reads: Reads, sort: Sort, days: Collection[datetime], wanted: int) -> list[tuple[Any, int]]:
        """Forgotten records, with the position of the event that tells of each."""
        kind, tried, found = kind_of(sort.cls), set[str](), list[tuple[Any, int]]()
        self.look(sort, days, wanted)
        chosen = self.chosen(sort, days, tried)
        while keys := list(islice(chosen, wanted - len(found))):
            tried.update(keys)
            records = reads.load(*[Get(kind, key) for key in keys])
            stale = False
            for key, record in zip(keys, records, strict=True):
                position = None if record is None else self.position(sort, key)
                if position is None:
                    stale = True
                    self.known[sort.cls].pop(key, None)
                else:
                    found.append((record, position))
            if stale:  # another desk has told it under a new name
                self.look(sort, days, wanted)
                chosen = self.chosen(sort, days, tried)
        return found

    def look(self, sort: Sort, days: Collection[datetime], wanted: int) -> None:
        """Learn of more where too few are known: of those days, or else of those that ended last."""
        known = self.known[sort.cls]
        for day in days:
            if sum(each.day == day for each in known.values()) < wanted:
                self.learn(sort, Find(kind_of(sort.cls), sort.by, (*sort.equal, day), limit=NEAR))
        if len(known) < wanted:
            self.learn(sort, Find(kind_of(sort.cls), sort.by, sort.equal, descending=True, limit=NEAR))

    def learn(self, sort: Sort, find: Find) -> None:
        for row in self.storage.read([find])[0]:
            if not row.record.patron_id:
                self.known[sort.cls].setdefault(row.record.id, Known(getattr(row.record, sort.ended)))

    def chosen(self, sort: Sort, days: Collection[datetime], tried: Collection[str]) -> Iterator[str]:
        """Those that are known and were not tried, as chance will have it, but those of these days first."""
        known = [item for item in list(self.known[sort.cls].items()) if item[0] not in tried]
        for of_the_days in (True, False):
            keys = [key for key, each in known if (each.day in days) is of_the_days]
            while keys:
                yield keys.pop(CHANCE.randrange(len(keys)))

    def position(self, sort: Sort, key: str) -> int | None:
        """Where the log tells of a forgotten record; None where it does not, or tells of it more than that."""
        known = self.known[sort.cls].get(key)
        if known is not None and known.position is not None:
            return known.position
        entries = self.stream(f"{sort.word}_id:{key}")
        return entries[0].position if [sort.event] == [type(entry.event) for entry in entries] else None


def anew(record: Any, sort: Sort, telling: Telling) -> Event:
    name = telling.name()
    told: Event = sort.event(telling.at, BY, name, evolve(record, id=name))
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
