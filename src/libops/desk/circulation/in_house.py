"""Use in the house: counting what was read at the tables, and the report of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TypeVar

from attrs import frozen

from libops.base.decisions import Decision, Override, Reason, Refuse
from libops.base.errors import InvalidValue
from libops.base.events import Event
from libops.base.ids import LibraryCode
from libops.circulation.decide.in_house import count_use
from libops.circulation.events import ItemUsedInHouse
from libops.circulation.model import InHouseUse, Loan
from libops.circulation.policy.book import CirculationBook
from libops.desk.arguments import checks_arguments
from libops.desk.holders import Holders
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.items.model import Item
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get

__all__ = ["InHouseDesk", "InHouseReport"]

K = TypeVar("K", bound=Hashable)


@frozen
class InHouseReport:
    """Uses in one library from `first` to `last`, both included: in all, and by what was used, the most used first."""

    library: LibraryCode
    first: date
    last: date
    uses: int
    by_item_type: Mapping[str, int]
    by_shelving_location: Mapping[str, int]
    by_day: Mapping[date, int]
    by_item: Mapping[str, int]
    """By the item's identifier."""


@checks_arguments()
class InHouseDesk:
    """Use in the house without a patron. A loan for use in the house is `ops.circulation.check_out(on_site=True)`.

    >>> import libops
    >>> from datetime import date, datetime
    >>> from libops.testing.sample_library import ITEMS, sample_library
    >>> ops, guide = libops.open(clock=lambda: datetime.fromisoformat("2026-03-03T10:00Z")), ITEMS[0][0]
    >>> sample_library(ops)
    >>> ops.in_house.count(item=guide).result, ops.in_house.count(item=guide, uses=2).result
    (1, 3)
    >>> ops.in_house.report(date(2026, 3, 1), date(2026, 3, 31)).uses
    3
    """

    def __init__(self, shell: Shell, book: CirculationBook, library: LibraryCode, holders: Holders) -> None:
        self.shell = shell
        self.book = book
        self.library = library
        self.holders = holders

    def count(
        self,
        *,
        item: str,
        uses: int = 1,
        library: str | None = None,
        by: str = "desk",
        override: Override | None = None,
    ) -> Decision[int]:
        """Count that an item was used and left on a table; returns how often it was used that day, in every library.

        `item` is its barcode or identifier, `uses` how often, 1 or more. Refused: `barcode.no_item`, `item.on_loan` for
        what is on loan (take it back first), `item.withdrawn`. Raises `InvalidValue` for less than one use.
        """
        place = self.library if library is None else self.book.library(library)

        def load(reads: Reads) -> tuple[Item, Loan | None] | Refuse:
            use = self.holders.item(reads, item)
            if isinstance(use, Reason):
                return Refuse((use,))
            what, loan = reads.load(Get(kind_of(Item), use.holder_id), Get(kind_of(Loan), use.holder_id))
            return what, loan

        def decide(facts: tuple[Item, Loan | None], at: datetime) -> Decision[tuple[Event, ...]]:
            day = self.book.calendar(place).service_day(at)
            return count_use(*facts, place, day=day, at=at, by=by, uses=uses, override=override)

        def receive(plan: tuple[ItemUsedInHouse, ...], facts: object, at: datetime, alerts: object) -> int:
            return self.uses_on(plan[0].item_id, plan[0].day)

        return self.shell.act(Errand(load, decide, receive))

    def uses_on(self, item_id: str, day: date) -> int:
        """How often an item, by its identifier, was used on a day, in every library; 0 when it was not."""
        return sum(each.uses for each in Reads(self.shell.storage).find(InHouseUse, "by_item", item_id, day))

    def report(self, first: date, last: date, *, library: str | None = None) -> InHouseReport:
        """What was used in a library on these days, both included. Raises `InvalidValue` for days in wrong order."""
        if last < first:
            raise InvalidValue(f"use from {first} to {last}: the last day comes after the first, or is the same")
        place = self.library if library is None else self.book.library(library)
        asked = Find(kind_of(InHouseUse), "by_day", (place,), low=first, high=last + timedelta(1))
        found: list[InHouseUse] = Reads(self.shell.storage).load(asked)[0]
        return InHouseReport(
            place,
            first,
            last,
            sum(each.uses for each in found),
            counted((each.item_type, each.uses) for each in found),
            counted((each.shelving_location, each.uses) for each in found),
            dict(sorted(counted((each.day, each.uses) for each in found).items())),
            counted((str(each.item_id), each.uses) for each in found),
        )


def counted(uses: Iterable[tuple[K, int]]) -> dict[K, int]:
    """Uses added up, the most used first."""
    total: Counter[K] = Counter()
    for key, number in uses:
        total[key] += number
    return dict(total.most_common())
