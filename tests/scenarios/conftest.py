"""A library from `examples/settings/`, and what it answers at the desk, in words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from libops.base.decisions import Override, Permit
from libops.base.money import Money
from libops.catalog.model import BibRecord
from libops.circulation.decide.check_in import check_in
from libops.circulation.decide.check_out import check_out
from libops.circulation.decide.facts import CheckInFacts, CheckOutFacts, RenewFacts
from libops.circulation.decide.renew import renew
from libops.circulation.events import RenewedBy
from libops.circulation.model import Loan
from libops.desk.settings.loading import Settings, load_settings
from libops.fees.decide.facts import AccountFacts
from libops.items.model import Item
from libops.patrons.model import Patron
from libops.patrons.standing import Standing

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "settings"
CONFIRMED = Override(["item.parts_to_count", "loan.rental_fee", "patron.age_unknown"], "ruth", "seen")


@cache
def settings(name: str) -> Settings:
    """The settings of a file, read once."""
    return load_settings(FOLDER / f"{name}.toml")


class Library:
    """Asks the rules of one settings file; times are what the library's clocks show."""

    def __init__(self, name: str) -> None:
        self.settings = settings(name)
        self.book = self.settings.book
        self.first = next(iter(self.settings.calendars))

    def instant(self, text: str, library: str) -> datetime:
        """A moment as the clocks of a library show it."""
        zone: ZoneInfo = self.book.calendar(library).zone_info
        return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)

    def shown(self, moment: datetime | None, library: str) -> str:
        """A moment as a receipt shows it."""
        zone = self.book.calendar(library).zone_info
        return "no due date" if moment is None else f"{moment.astimezone(zone):%a %d %b %H:%M}"

    def facts(self, category: str, item_type: str, library: str, given: dict[str, Any]) -> CheckOutFacts:
        """Patron and item; `given` changes fields of either, of the standing, or of the facts."""
        patron = Patron("ada", "Ada Flores", category, library, expires=date(2026, 12, 31), birth_date=date(1990, 6, 9))
        item = Item("item-1", "bib-1", library, library, item_type=item_type)
        standing, more = Standing("ada"), {}
        for name, value in given.items():
            if hasattr(patron, name):
                patron = evolve(patron, **{name: value})
            elif hasattr(standing, name):
                standing = evolve(standing, **{name: value})
            elif hasattr(item, name):
                item = evolve(item, **{name: value})
            else:
                more[name] = value
        return evolve(CheckOutFacts(library, patron, standing, item, BibRecord("bib-1", "Dune")), **more)

    def answer(self, decided: Any, moment: Any, library: str) -> str:
        """The answer in words: until when, or why not."""
        if isinstance(decided, Permit):
            return f"until {self.shown(moment(decided.result), library)}"
        return "no: " + ", ".join(reason.code for reason in decided.reasons)

    def lent(
        self, category: str, item_type: str, at: str, library: str, confirmed: bool, given: dict[str, Any]
    ) -> tuple[CheckOutFacts, Any]:
        facts = self.facts(category, item_type, library, given)
        asked: dict[str, Any] = {"override": CONFIRMED} if confirmed else {}
        at_once = self.instant(at, library)
        asked["next_booking"] = facts.next_booking
        return facts, check_out(facts, self.book, at=at_once, loan_id="loan-1", by="ruth", **asked)

    def lends(
        self, category: str, item_type: str, at: str, *, library: str = "", confirmed: bool = False, **given: Any
    ) -> str:
        """Lend such an item to such a patron."""
        library = library or self.first
        _, decided = self.lent(category, item_type, at, library, confirmed, given)
        return self.answer(decided, lambda plan: plan.loan.due, library)

    def loan(
        self, category: str, item_type: str, at: str, library: str, given: dict[str, Any]
    ) -> tuple[CheckOutFacts, Loan]:
        facts, decided = self.lent(category, item_type, at, library, True, given)
        assert isinstance(decided, Permit), decided
        return facts, decided.result.loan

    def renews(
        self,
        category: str,
        item_type: str,
        lent: str,
        at: str,
        *,
        library: str = "",
        renewed_by: RenewedBy = RenewedBy.STAFF_UNSEEN,
        waiting: dict[str, Any] | None = None,
        changed: dict[str, Any] | None = None,
        **given: Any,
    ) -> str:
        """Renew what was lent then; `waiting` are facts of the renewal, `changed` fields of the loan."""
        library = library or self.first
        facts, loan = self.loan(category, item_type, lent, library, given)
        known = RenewFacts(
            library, facts.patron, facts.standing, facts.item, facts.bib, evolve(loan, **(changed or {})), renewed_by
        )
        known = evolve(known, **(waiting or {}))
        booked = known.next_booking
        decided = renew(known, self.book, at=self.instant(at, library), by="ruth", next_booking=booked)
        return self.answer(decided, lambda plan: plan.until, library)

    def fines(
        self,
        category: str,
        item_type: str,
        lent: str,
        back: str,
        *,
        library: str = "",
        changed: dict[str, Any] | None = None,
        **given: Any,
    ) -> str:
        """What it costs to bring back then what was lent then."""
        library = library or self.first
        facts, loan = self.loan(category, item_type, lent, library, given)
        known = CheckInFacts(
            library,
            facts.item,
            facts.bib,
            evolve(loan, **(changed or {})),
            facts.patron,
            AccountFacts(facts.standing, self.settings.currency),
        )
        decided = check_in(known, self.book, at=self.instant(back, library), by="ruth")
        charged = dict(decided.result.charged)
        return str(charged.get("overdue", Money(0, self.settings.currency)))


@pytest.fixture
def library() -> type[Library]:
    """Opens the library of a settings file by its name."""
    return Library
