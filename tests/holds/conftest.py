"""A town with three libraries that fill each other's holds; a test sets the options that it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest

import libops
from libops.testing.fakes import CountingIds, FrozenClock

TITLE = (
    '{"leader": "00000nam a2200000 a 4500", "fields": [{"001": "%s"}, '
    '{"245": {"ind1": "0", "ind2": "0", "subfields": [{"a": "%s"}]}}]}\n'
)
WEEK = dict.fromkeys(("tuesday", "wednesday", "thursday", "friday", "saturday"), "10:00-18:00")


class Town:
    """A library system with a few titles, items and patrons, and short words for what tests do."""

    def __init__(self, policy: dict[str, Any], more: dict[str, Any]) -> None:
        self.clock = FrozenClock()
        plain: dict[str, Any] = {
            "currency": "EUR",
            "libraries": {
                "MAIN": {"name": "Main library", "calendar": "week"},
                "EAST": {"name": "East branch", "calendar": "week"},
                "WEST": {"name": "West branch", "calendar": "week"},
                "BUS": {
                    "name": "Book bus",
                    "calendar": "week",
                    "service_points": {"bus": {"name": "On board", "pickup": False}},
                },
            },
            "calendars": {"week": {"zone": "Europe/Berlin", "weekly": WEEK}},
            "patron_categories": {"adult": {"name": "Adult"}, "staff": {"name": "Staff"}},
            "item_types": {"book": {"name": "Book"}, "dvd": {"name": "DVD"}, "map": {"name": "Map"}},
            "loan_policies": {"four-weeks": {"due": {"period": "4 weeks"}, **more.pop("loan", {})}},
            "hold_policies": {"standard": policy},
            "fallback": {"loan": "four-weeks", "holds": "standard", **more.pop("fallback", {})},
            **more,
        }
        self.ops = libops.open(settings=plain, clock=self.clock, ids=CountingIds(), library="MAIN")
        text = TITLE % ("t1", "Braiding sweetgrass") + TITLE % ("t2", "The sea around us")
        self.ops.catalog.import_marc(BytesIO(text.encode()))
        self.bibs = {bib.title: bib.id for bib in self.ops.catalog.all()}
        self.bib = self.bibs["Braiding sweetgrass"]
        self.other_bib = self.bibs["The sea around us"]
        self.patrons = 0
        self.items = 0

    def item(self, library: str = "MAIN", *, bib: str = "", item_type: str = "book", **more: Any) -> str:
        """One more item; its barcode."""
        self.items += 1
        barcode = f"3123400000{self.items:04}"
        asked = {"home_library": library, "item_type": item_type, "call_number": f"581.6 {self.items}", **more}
        assert self.ops.items.add(bib or self.bib, barcode=barcode, **asked)
        return barcode

    def patron(self, library: str = "MAIN", *, category: str = "adult", **more: Any) -> str:
        """One more patron; the card."""
        self.patrons += 1
        card = f"2123400000{self.patrons:04}"
        more.setdefault("birth_date", date(1990, 5, 1))
        name = ("Ada Flores", "Ben Okafor", "Clara Lindqvist", "Dora Novak", "Emil Sato", "Fay Moreau")[
            self.patrons % 6
        ]
        assert self.ops.patrons.register(name=name, card=card, category=category, home_library=library, **more)
        return card

    def lend(self, item: str, card: str | None = None, **more: Any) -> str:
        """Lend an item, to somebody new if nobody is named; the card."""
        card = card or self.patron()
        answer = self.ops.circulation.check_out(patron=card, item=item, **more)
        assert isinstance(answer, libops.Permit), answer
        return card

    def hold(self, card: str | None = None, **asked: Any) -> str:
        """Place a hold, one on the first title if nothing is named; its identifier. A minute goes by."""
        if not asked.keys() & {"bib", "item", "any_of"}:
            asked["bib"] = self.bib
        answer = self.ops.holds.place(patron=card or self.patron(), **asked)
        assert isinstance(answer, libops.Permit), answer
        self.clock.forward(minutes=1)
        return answer.result.hold.id

    def refused(self, card: str | None = None, **asked: Any) -> list[str]:
        """The codes with which a hold is refused; empty when it would be taken."""
        if not asked.keys() & {"bib", "item", "any_of"}:
            asked["bib"] = self.bib
        answer = self.ops.holds.place(patron=card or self.patron(), commit=False, **asked)
        return [] if isinstance(answer, libops.Permit) else [reason.code for reason in answer.reasons]

    def back(self, item: str, library: str = "MAIN") -> Any:
        """Scan an item at the return desk of a library; the receipt."""
        answer = self.ops.circulation.check_in(item=item, library=library)
        assert isinstance(answer, libops.Permit), answer
        return answer.result

    def state(self, item: str) -> str:
        """The item's circulation state."""
        return self.ops.transits.state_of(item).value


@pytest.fixture
def town() -> Callable[..., Town]:
    """Makes a town: hold policy options by name; `more` are other tables of the settings."""

    def made(*, more: dict[str, Any] | None = None, **policy: Any) -> Town:
        return Town(policy, dict(more or {}))

    return made
