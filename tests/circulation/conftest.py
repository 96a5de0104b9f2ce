"""A counter where loans are asked for on plain facts: one town, one patron, one novel, and the policies under test."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import evolve

from libops.base.decisions import Decision, Override, Permit, Refuse
from libops.catalog.model import BibRecord
from libops.circulation.decide.check_in import check_in
from libops.circulation.decide.check_out import check_out
from libops.circulation.decide.facts import CheckInFacts, CheckOutFacts, RenewFacts
from libops.circulation.decide.renew import renew
from libops.circulation.events import RenewedBy
from libops.circulation.model import Loan
from libops.desk.settings.loading import load_settings
from libops.fees.decide.facts import AccountFacts
from libops.items.model import Item
from libops.patrons.model import Patron
from libops.patrons.standing import Standing, counted_as

NOON = datetime(2026, 3, 4, 11, tzinfo=UTC)
"""A Wednesday, twelve o'clock in Lindenau."""

TOWN = {
    "currency": "EUR",
    "libraries": {
        "MAIN": {"name": "Main library", "calendar": "town"},
        "NORTH": {"name": "North branch", "calendar": "branch"},
    },
    "calendars": {
        "town": {"zone": "Europe/Berlin", "weekly": dict.fromkeys(["tuesday", "wednesday", "thursday"], "10:00-18:00")},
        "branch": {"zone": "Europe/Berlin", "weekly": {"wednesday": "14:00-18:00"}},
    },
    "patron_categories": {"adult": {"name": "Adult"}, "child": {"name": "Child"}},
    "item_types": {
        "novel": {"name": "Novel"},
        "media": {"name": "Media"},
        "dvd": {"name": "DVD", "parent": "media", "default_price": "15.00 EUR"},
        "cd": {"name": "Compact disc", "parent": "media"},
        "map": {"name": "Map"},
    },
}


class Counter:
    """Asks the pure decisions: no store, no clock. Facts may be changed before asking."""

    def __init__(self, loan: Any = None, limits: Any = None, fine: Any = None, **more: Any) -> None:
        loan = {"due": {"period": "2 weeks"}, **(loan or {})}
        rules = more.pop("rules", [])
        fallback = {"loan": "loan", **more.pop("fallback", {})}
        settings = {**TOWN, "loan_policies": {"loan": loan}, "rules": rules, "fallback": fallback, **more}
        if limits is not None:
            settings["limit_policies"] = {"limits": limits}
            fallback.setdefault("limits", "limits")
        if fine is not None:
            settings["fine_policies"] = {"fine": fine}
            fallback["fine"] = "fine"
        self.book = load_settings(settings).book
        self.bib = BibRecord("bib-1", "The Left Hand of Darkness")
        self.item = Item("item-1", self.bib.id, "MAIN", "MAIN", "31234000000014", "novel")
        self.patron = Patron("ada", "Ada Flores", "adult", "MAIN", expires=date(2027, 3, 4))
        self.standing = Standing(self.patron.id)

    def loan(self, name: str = "loan-1", **more: Any) -> Loan:
        """An open loan of the patron's, of another item unless said otherwise; due in a week."""
        given = {
            "item_id": f"item-of-{name}",
            "bib_id": "bib-9",
            "library": "MAIN",
            "checked_out_at": datetime(2026, 2, 25, 11, tzinfo=UTC),
            "due": datetime(2026, 3, 11, 22, 59, tzinfo=UTC),
            "item_type": "novel",
            **more,
        }
        counted = counted_as(given["item_type"], given["library"])
        fixed = {"patron_id": self.patron.id, "patron_category": "adult", "counted_as": counted, "rule": "fallback"}
        names = {"policy": "v1", "loan_policy": "loan", "fine": "fine"}
        return Loan(name, **{**fixed, **names, **given})

    def out(self, *, at: datetime = NOON, override: Override | None = None, ask: Any = None, **facts: Any) -> Any:
        """Ask for a checkout."""
        known = CheckOutFacts("MAIN", self.patron, self.standing, self.item, self.bib)
        asked = {"at": at, "loan_id": "loan-new", "by": "ruth", "override": override, **(ask or {})}
        return check_out(evolve(known, **facts), self.book, **asked)

    def renew(
        self,
        *,
        at: datetime = NOON,
        renewed_by: RenewedBy = RenewedBy.STAFF_UNSEEN,
        loan: Any = None,
        override: Override | None = None,
        ask: Any = None,
        **facts: Any,
    ) -> Any:
        """Ask for a renewal of the novel, which the patron has out."""
        lent = self.loan(**{"item_id": self.item.id, "bib_id": self.bib.id, **(loan or {})})
        account = AccountFacts(self.standing, "EUR")
        known = RenewFacts("MAIN", self.patron, self.standing, self.item, self.bib, lent, renewed_by, account=account)
        asked = {"at": at, "by": "ruth", "override": override, **(ask or {})}
        return renew(evolve(known, **facts), self.book, **asked)

    def back(
        self, *, at: datetime = NOON, loan: Any = None, override: Override | None = None, ask: Any = None, **facts: Any
    ) -> Any:
        """Ask for a check-in of the novel, which the patron has out; `loan=False`: which nobody has."""
        lent = None if loan is False else self.loan(**{"item_id": self.item.id, **(loan or {})})
        account = AccountFacts(self.standing, "EUR")
        known = CheckInFacts("MAIN", self.item, self.bib, lent, self.patron if lent else None, account)
        asked = {"at": at, "by": "ruth", "override": override, **(ask or {})}
        return check_in(evolve(known, **facts), self.book, **asked)

    @staticmethod
    def codes(answer: Decision[Any]) -> list[str]:
        """The codes of the reasons that refuse; none when the answer is yes."""
        return [] if isinstance(answer, Permit) else [reason.code for reason in answer.reasons]

    @staticmethod
    def alerts(answer: Permit[Any] | Refuse) -> list[str]:
        """The codes of what the desk is told."""
        return [reason.code for reason in answer.alerts]


@pytest.fixture(scope="session")
def counter() -> type[Counter]:
    """Makes a counter with the policies under test."""
    return Counter
