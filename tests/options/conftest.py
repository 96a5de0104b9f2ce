"""A small town for trying out one option at a time: two libraries, three patrons, a few items, one rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import libops
from libops.base.decisions import Override
from libops.catalog.model import BibRecord
from libops.circulation.model import Loan
from libops.desk.operations import Operations
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import sample_library

BERLIN = ZoneInfo("Europe/Berlin")
CARDS = {"Ada": "21234000000017", "Ben": "21234000000025", "Clara": "21234000000033"}
ITEMS = {
    "book": "31234000000014",
    "second book": "31234000000022",
    "film": "31234000000030",
    "record": "31234000000048",
    "third book": "31234000000063",
}
"""Book and film are of one title (a recording, by its record), the others of another."""

SETTINGS: dict[str, Any] = {
    "currency": "EUR",
    "libraries": {
        "TOWN": {"name": "Town libraries", "calendar": "tuesday-to-saturday"},
        "MAIN": {"name": "Main library", "parent": "TOWN"},
        "NORTH": {"name": "North branch", "parent": "TOWN", "calendar": "weekends-too"},
    },
    "calendars": {
        "tuesday-to-saturday": {
            "zone": "Europe/Berlin",
            "weekly": {
                "tuesday": "10:00-18:00",
                "wednesday": "10:00-18:00",
                "thursday": ["10:00-13:00", "15:00-19:00"],
                "friday": "10:00-18:00",
                "saturday": "10:00-14:00",
            },
        },
        "weekends-too": {
            "zone": "Europe/Berlin",
            "weekly": dict.fromkeys(
                ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "08:00-20:00"
            ),
        },
    },
    "patron_categories": {"adult": {"name": "Adult"}, "child": {"name": "Child"}, "staff": {"name": "Staff"}},
    "item_types": {
        "book": {"name": "Book", "default_price": "25.00 EUR"},
        "media": {"name": "Media"},
        "dvd": {"name": "DVD", "parent": "media"},
        "cd": {"name": "CD", "parent": "media"},
        "reference": {"name": "Reference"},
    },
    "loan_policies": {"standard": {"due": {"period": "2 weeks"}}},
    "limit_policies": {"standard": {}},
    "fine_policies": {"standard": {"amount": "0.20 EUR"}},
    "lost_policies": {"standard": {}},
    "hold_policies": {"standard": {"shelf_time": "7 days"}},
    "fallback": {
        "loan": "standard",
        "limits": "standard",
        "fine": "standard",
        "lost": "standard",
        "holds": "standard",
    },
}


def laid_over(plain: Any, changes: Any) -> Any:
    """Settings with changes: tables are joined key by key, anything else is replaced."""
    if not isinstance(plain, Mapping) or not isinstance(changes, Mapping):
        return deepcopy(changes)
    found = dict(plain)
    for key, change in changes.items():
        found[key] = laid_over(found[key], change) if key in found else deepcopy(change)
    return found


class Town:
    """The town at 3 March 2026, a Tuesday, at 11 in the morning."""

    def __init__(self, changes: Mapping[str, Any], plugins: Sequence[Any] = ()) -> None:
        self.clock = FrozenClock()
        self.settings = laid_over(deepcopy(SETTINGS), changes)
        self.ops: Operations = libops.open(
            settings=self.settings, clock=self.clock, ids=CountingIds(), library="MAIN", plugins=plugins
        )
        sample_library(self.ops)

    def lend(self, item: str = "book", *, to: str = "Ada", **more: Any) -> Any:
        """A patron takes an item; the answer."""
        return self.ops.circulation.check_out(patron=CARDS[to], item=ITEMS[item], **more)

    def renew(self, item: str = "book", **more: Any) -> Any:
        """A loan is renewed; the answer."""
        return self.ops.circulation.renew(item=ITEMS[item], **more)

    def bring_back(self, item: str = "book", **more: Any) -> Any:
        """An item is scanned at the return desk; the answer."""
        return self.ops.circulation.check_in(item=ITEMS[item], **more)

    def hold(self, item: str = "book", *, by: str = "Ben", **more: Any) -> Any:
        """A patron holds the title of an item, or with `this` the item itself; the answer."""
        if more.pop("this", False):
            return self.ops.holds.place(patron=CARDS[by], item=ITEMS[item], **more)
        return self.ops.holds.place(patron=CARDS[by], bib=self.ops.items.get(ITEMS[item]).bib_id, **more)

    def due(self, item: str = "book") -> str:
        """When an item is due, on the clock of the town."""
        loan = self.loan(item)
        assert loan is not None, f"nobody has the {item}"
        return "never" if loan.due is None else f"{loan.due.astimezone(BERLIN):%Y-%m-%d %H:%M:%S}"

    def loan(self, item: str = "book") -> Loan | None:
        """The open loan of an item."""
        return self.ops.circulation.loan_of(ITEMS[item])

    def owed(self, who: str = "Ada") -> str:
        """What a patron owes."""
        return str(self.ops.fees.balance(CARDS[who]))

    def change(self, item: str = "book", **fields: Any) -> None:
        """Set fields of an item."""
        if fields:
            assert self.ops.items.change(ITEMS[item], **fields)

    def patron(self, who: str = "Ada", **fields: Any) -> None:
        """Set fields of a patron."""
        if fields:
            assert self.ops.patrons.change(CARDS[who], **fields)

    def until(self, written: str) -> None:
        """Let it become this time, on the clock of the town: `2026-03-20 12:00`."""
        self.clock.at = datetime.fromisoformat(written).replace(tzinfo=BERLIN).astimezone(UTC)

    def night(self) -> Any:
        """The nightly run."""
        return self.ops.run_due()

    @staticmethod
    def codes(answer: Any) -> list[str]:
        """The reason codes of an answer: of a refusal, or the alerts of a permit."""
        return [reason.code for reason in (getattr(answer, "reasons", ()) or answer.alerts)]

    @staticmethod
    def allow(*codes: str, right: str = "") -> Override:
        """Set these codes aside; `right` is what lifts them where that takes one."""
        return Override(frozenset(codes), "Mira", "the desk says so", frozenset({right}))

    def bibs(self) -> list[BibRecord]:
        """The titles there are."""
        return list(self.ops.catalog.all())

    def loans(self) -> list[Loan]:
        """All open loans."""
        return list(every(self.ops.storage, kind_of(Loan)))


@pytest.fixture
def town() -> Iterator[Callable[..., Town]]:
    """Open a town with the settings changed: `town(loan_policies={"standard": {...}})`.

    When the test is over the log alone still gives every record.
    """
    opened: list[Town] = []

    def open_town(plugins: Sequence[Any] = (), **changes: Any) -> Town:
        opened.append(Town(changes, plugins))
        return opened[-1]

    yield open_town
    for each in opened:
        assert stored(each.ops.storage) == rebuilt(log_of(each.ops.storage))
        each.ops.close()


@pytest.fixture
def born() -> Callable[[int], date]:
    """A birthday on which somebody is so many years old on 3 March 2026."""
    return lambda years: date(2026 - years, 3, 1)
