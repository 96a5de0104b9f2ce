"""A library under the eyes of somebody who has the whole store in hand and wants to know who had what."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import libops
from libops.base.decisions import Override
from libops.base.ids import ALPHABET, sortable_id
from libops.circulation.model import ClaimResolution
from libops.desk.settings.loading import default_settings
from libops.patrons import HistoryConsent
from libops.storage.kinds import all_kinds
from libops.storage.rebuild import every, log_of
from libops.testing.fakes import FrozenClock
from libops.testing.sample_library import sample_library
from libops.wire.events import event_to_text
from libops.wire.json import as_json

__all__ = [
    "ADA",
    "BEN",
    "BERLIN",
    "BOOK",
    "GIVEN_UP",
    "OTHER",
    "STORIES",
    "THIRD",
    "Town",
    "late_at_the_other_house",
    "lost_for_good",
    "paid_together",
]


BERLIN = ZoneInfo("Europe/Berlin")
ADA, BEN = "21234000000017", "21234000000025"
BOOK, OTHER, THIRD = "31234000000014", "31234000000022", "31234000000063"
GIVEN_UP = Override(
    {"loss.not_over", "loss.not_settled"}, "Mira", "too long ago", {"loss.end_early", "loss.end_unsettled"}
)
ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


class Running(FrozenClock):
    """A clock that goes on by a millisecond whenever somebody looks: no two acts happen at once."""

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


class Town:
    """A library of two houses with every kind of fee; `more` are further tables of its settings."""

    def __init__(self, keep: str, url: str = "memory:", *, more: Mapping[str, Any] | None = None, **given: Any) -> None:
        plain = default_settings().canonical()
        plain["privacy"] = {"history": {"keep": keep}, "with_fees": {"keep": "until-return"}}
        plain["suspension_policies"] = {"days": {"days": 1, "per": "7 days"}}
        plain["fallback"]["suspension"] = "days"
        plain["item_types"]["book"]["default_price"] = "20.00 EUR"
        plain["hold_policies"]["standard"] |= {"fee": "0.50 EUR", "expiry_fee": "1.00 EUR"}
        plain["recall_policies"] = {"standard": {"terms": {"guaranteed": "2 weeks", "return_within": "7 days"}}}
        plain["fallback"]["recall"] = "standard"
        plain["accounts"] = {"refund_to": "payer"}
        plain["libraries"]["EAST"] = {"name": "East branch", "calendar": "main"}
        plain |= more or {}
        self.clock, numbers = Running(), count(1)
        self.ops = libops.open(
            url,
            settings=plain,
            clock=self.clock,
            ids=lambda: sortable_id(int(self.clock.at.timestamp() * 1000), next(numbers)),
            **given,
        )
        sample_library(self.ops)
        self.at_night = False
        self.acts: dict[Any, tuple[int, int]] = {}
        """From which position to which the log tells of an act; by day with all that follows on it at once."""
        store: Any = self.ops.storage
        apply = store.apply
        self.public = self.values("")

        def watched(batch: Any) -> int:
            last: int = apply(batch)
            first = last - len(batch.events)
            act = (self.clock.at, last if self.at_night else 0)
            self.acts[act] = (self.acts.get(act, (first, last))[0], last)
            return last

        store.apply = watched

    def do(self, verb: Any, **arguments: Any) -> Any:
        """One act, a minute after the last, which has to be allowed."""
        self.clock.forward(minutes=1)
        answer = verb(**arguments)
        assert answer, answer
        return answer

    def settle(self, card: str) -> None:
        owed = self.ops.fees.balance(card)
        if owed.amount > 0:
            self.do(self.ops.fees.pay, patron=card, amount=owed)

    def texts(self) -> Iterator[str]:
        """Every record of every kind and every event of the log."""
        for kind in all_kinds():
            yield from (as_json(record, kind.cls) for record in every(self.ops.storage, kind))
        yield from map(event_to_text, log_of(self.ops.storage))

    def night(self) -> None:
        """A day passes, and what the time brings is done."""
        self.clock.forward(days=1)
        self.at_night = True
        self.ops.run_due()
        self.at_night = False

    def values(self, *names: str) -> set[str]:
        """What could be looked up elsewhere: identifiers, and times finer than a day, also those of identifiers."""
        found: set[str] = set()
        for text in self.texts():
            if any(name in text for name in names):
                leaves = [leaf for leaf in strings(json.loads(text)) if re.search(r"\d", leaf) and len(leaf) > 5]
                times = [at for leaf in leaves for at in times_in(leaf)]
                found |= {leaf for leaf in leaves if not is_time(leaf)}
                found |= {f"{at:%Y-%m-%d %H:%M:%S.%f}" for at in times if at.astimezone(BERLIN).time() != time(0)}
        return found

    def joined(self, card: str, *labels: str) -> set[str]:
        """Values that stand both by the patron and by the items, and did not before the first loan."""
        ada = self.ops.patrons.get(card)
        items = [name for label in labels for name in (label, self.ops.items.get(label).id)]
        return (self.values(ada.id, card) & self.values(*items)) - self.public

    def neighbors(self, card: str, *labels: str) -> list[tuple[int, int]]:
        """Acts of which the log still tells both about the patron and about an item."""
        ada = self.ops.patrons.get(card)
        items = [name for label in labels for name in (label, self.ops.items.get(label).id)]
        told = {entry.position: event_to_text(entry.event) for entry in self.ops.events}
        found = []
        for first, last in self.acts.values():
            act = [told[place] for place in range(first + 1, last + 1) if place in told]
            if any(ada.id in text for text in act) and any(name in text for text in act for name in items):
                found.append((first, last))
        return found


def is_time(leaf: str) -> bool:
    return re.match(r"\d{4}-\d\d-\d\dT", leaf) is not None


def times_in(leaf: str) -> Iterator[datetime]:
    """The time that a value is, or those in which its identifiers were made."""
    if is_time(leaf):
        yield datetime.fromisoformat(leaf)
    for part in ID.findall(leaf):
        milliseconds = 0
        for one in part[:10]:
            milliseconds = milliseconds * 32 + ALPHABET.index(one)
        yield datetime.fromtimestamp(milliseconds // 1000, UTC) + timedelta(milliseconds=milliseconds % 1000)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from (key, *strings(part))
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def late_at_the_other_house(town: Town) -> None:
    """A book comes back late, at the branch, is fined and sent home, and the next reader already waits for it."""
    ops = town.ops
    town.do(ops.circulation.check_out, patron=ADA, item=BOOK)
    town.clock.forward(days=40)
    town.do(ops.holds.place, patron=BEN, item=BOOK)
    town.do(ops.circulation.check_in, item=BOOK, library="EAST")
    town.settle(ADA)
    town.do(ops.circulation.check_in, item=BOOK, library="MAIN")


def lost_and_found(town: Town) -> None:
    """A book is lost and paid, and found again, and paid back; another is said to be back, and is."""
    ops = town.ops
    town.do(ops.circulation.check_out, patron=ADA, item=BOOK)
    town.do(ops.losses.declare_lost, item=BOOK)
    town.settle(ADA)
    town.do(ops.circulation.check_in, item=BOOK, library="EAST")
    town.do(ops.circulation.check_out, patron=ADA, item=OTHER)
    town.do(ops.losses.claim_returned, item=OTHER)
    town.do(ops.losses.resolve_claim, item=OTHER, resolution=ClaimResolution.FOUND_BY_LIBRARY)


def lost_for_good(town: Town) -> None:
    """A book is lost and paid and never comes back; in the end the library waits for it no more."""
    ops = town.ops
    town.do(ops.circulation.check_out, patron=ADA, item=BOOK)
    town.clock.forward(days=17)
    town.do(ops.losses.declare_lost, item=BOOK)
    town.settle(ADA)
    town.clock.forward(days=91)
    town.do(ops.losses.end, item=BOOK, override=GIVEN_UP)


def waited_for(town: Town) -> None:
    """A hold costs something and recalls the loan of one whose history is kept; it is filled, and returned too late."""
    ops = town.ops
    assert ops.patrons.change(BEN, history=HistoryConsent.KEEP)
    town.do(ops.circulation.check_out, patron=BEN, item=BOOK)
    town.clock.forward(days=3)
    town.do(ops.holds.place, patron=ADA, item=BOOK, recall=True)
    town.do(ops.circulation.check_in, item=BOOK)
    town.do(ops.circulation.check_out, patron=ADA, item=BOOK)
    town.clock.forward(days=60)
    town.do(ops.circulation.check_in, item=BOOK)
    town.settle(ADA)


def paid_together(town: Town) -> None:
    """Two books late and one payment for both and for a card; the next book is out and late, and not paid in full."""
    ops = town.ops
    for label in (BOOK, OTHER, THIRD):
        town.do(ops.circulation.check_out, patron=ADA, item=label)
    town.clock.forward(days=40)
    town.do(ops.circulation.check_in, item=BOOK, library="EAST")
    town.do(ops.fees.charge, patron=ADA, amount="2.00 EUR")
    town.do(ops.circulation.check_in, item=OTHER)
    town.settle(ADA)
    town.do(ops.circulation.check_in, item=THIRD)
    town.do(ops.fees.pay, patron=ADA, amount="0.10 EUR")


def called_off(town: Town) -> None:
    """A hold recalls the loan of somebody whose history is kept, costs something, and is not needed after all."""
    ops = town.ops
    assert ops.patrons.change(BEN, history=HistoryConsent.KEEP)
    town.do(ops.circulation.check_out, patron=BEN, item=BOOK)
    town.clock.forward(days=3)
    hold = town.do(ops.holds.place, patron=ADA, item=BOOK, recall=True).result.hold
    town.do(ops.holds.cancel, hold=hold.id, reason="not needed")
    town.settle(ADA)


STORIES = (late_at_the_other_house, lost_and_found, lost_for_good, waited_for, paid_together, called_off)
