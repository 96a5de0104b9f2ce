"""Somebody with the whole store in hand tries to find out who had what: by equal values, by the order of the log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import count, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import libops
from libops.base.ids import sortable_id
from libops.circulation.model import ClaimResolution, ClosedLoan
from libops.desk.settings import default_settings
from libops.storage.kinds import all_kinds, kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.fakes import FrozenClock
from libops.testing.sample_library import sample_library
from libops.wire.events import event_to_text
from libops.wire.json import as_json

BERLIN = ZoneInfo("Europe/Berlin")
ADA, BEN = "21234000000017", "21234000000025"
BOOK, OTHER, THIRD = "31234000000014", "31234000000022", "31234000000063"
ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


class Town:
    """A library of two houses with every kind of fee, in which no two acts happen in the same minute."""

    def __init__(self, keep: str) -> None:
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
        self.clock, numbers = FrozenClock(), count(1)
        self.ops = libops.open(
            settings=plain,
            clock=self.clock,
            ids=lambda: sortable_id(int(self.clock().timestamp() * 1000), next(numbers)),
        )
        sample_library(self.ops)
        self.acts: list[tuple[int, int]] = []
        store: Any = self.ops.storage
        apply, self.public = store.apply, self.values("")

        def watched(batch: Any) -> int:
            last: int = apply(batch)
            self.acts.append((last - len(batch.events), last))
            return last

        store.apply = watched

    def do(self, verb: Any, **arguments: Any) -> Any:
        """One act, a minute after the last."""
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

    def values(self, *names: str) -> set[str]:
        """What could be looked up elsewhere: identifiers, their milliseconds, and times finer than a day."""
        found: set[str] = set()
        for text in self.texts():
            if any(name in text for name in names):
                leaves = [leaf for leaf in strings(json.loads(text)) if re.search(r"\d", leaf) and len(leaf) > 5]
                found |= {leaf for leaf in leaves if not self.begins_a_day(leaf)}
                found |= {one[:10] for leaf in leaves for one in ID.findall(leaf)}
        return found

    def begins_a_day(self, leaf: str) -> bool:
        """Whether a value is a time no finer than a day of the library's."""
        try:
            return time(0) == datetime.fromisoformat(leaf).astimezone(BERLIN).time()
        except ValueError:
            return False

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
        for first, last in self.acts:
            act = [told[place] for place in range(first + 1, last + 1)]
            if any(ada.id in text for text in act) and any(name in text for text in act for name in items):
                found.append((first, last))
        return found


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from (key, *strings(part))
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def amounts(rows: Any) -> list[Any]:
    """What each line is and on which day; within the day the order is not kept."""
    lines = [row.line for row in rows]
    return sorted((line.at.astimezone(BERLIN).date(), str(line.kind), line.amount.amount) for line in lines)


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


def waited_for(town: Town) -> None:
    """A hold that costs something and recalls another's loan; it is filled, read, and returned too late."""
    ops = town.ops
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


@pytest.mark.parametrize("keep", ["until-return", "never"])
@pytest.mark.parametrize("story", [late_at_the_other_house, lost_and_found, waited_for, paid_together])
def test_neither_equal_values_nor_the_order_of_the_log_tell_who_had_what(story, keep) -> None:
    """No identifier, millisecond or time stands by both any more, and no act has both sides left in the log."""
    town = Town(keep)
    story(town)
    labels = (BOOK, OTHER) if story is paid_together else (BOOK, OTHER, THIRD)
    before = town.ops.fees.statement(ADA), town.ops.patrons.standing(ADA)
    if keep == "until-return":
        assert set() != town.joined(ADA, *labels)
        assert [] != town.neighbors(ADA, *labels)
    town.clock.forward(days=1)
    town.ops.run_due()
    night = sortable_id(int(town.clock().timestamp() * 1000), 0)[:10]
    assert set() == {each for each in town.joined(ADA, *labels) if not each.startswith(night)}
    assert [] == town.neighbors(ADA, *labels)
    assert (before[0].balance, before[1]) == (town.ops.fees.statement(ADA).balance, town.ops.patrons.standing(ADA))
    assert stored(town.ops.storage) == rebuilt(log_of(town.ops.storage))


def test_an_account_goes_on_after_its_lines_were_told_anew() -> None:
    """What was settled together stays settled, what is open stays open and can be paid, and the next night is alike."""
    town = Town("until-return")
    paid_together(town)
    for night in range(2):
        lines = town.ops.fees.statement(ADA).rows
        town.clock.forward(days=1)
        town.ops.run_due()
        told = town.ops.fees.statement(ADA).rows
        assert amounts(lines) == amounts(told)
        assert {False, True} == {row.line.loan_id is None for row in told if row.line.cause is not None} or night == 1
        town.settle(ADA)
    assert 0 == town.ops.fees.balance(ADA).amount
    assert [] == [row.line.loan_id for row in told if row.line.loan_id is not None]
    assert set() == town.joined(ADA, BOOK, OTHER, THIRD) - {
        one for one in town.joined(ADA, BOOK, OTHER, THIRD) if len(one) == 10
    }
    assert stored(town.ops.storage) == rebuilt(log_of(town.ops.storage))


def test_the_amount_of_a_fine_does_not_tell_which_loan_was_so_late() -> None:
    """A loan that left a fine is told to the month, one that left nothing to the day."""
    town = Town("until-return")
    ops = town.ops
    town.do(ops.circulation.check_out, patron=BEN, item=OTHER)
    town.do(ops.circulation.check_out, patron=ADA, item=BOOK)
    town.clock.forward(days=2)
    town.do(ops.circulation.check_in, item=OTHER)
    town.clock.forward(days=38)
    back = town.clock()
    town.do(ops.circulation.check_in, item=BOOK)
    town.settle(ADA)
    town.clock.forward(days=1)
    ops.run_due()
    loans = {loan.item_id: loan for loan in every(ops.storage, kind_of(ClosedLoan))}
    late, punctual = loans[ops.items.get(BOOK).id], loans[ops.items.get(OTHER).id]
    times = [at.astimezone(BERLIN) for at in (late.checked_out_at, late.due, late.returned_at, late.closed_at)]
    assert {1} == {at.day for at in times}
    assert back.month == times[-1].month
    assert timedelta(2) == punctual.returned_at - punctual.checked_out_at


def test_the_log_says_of_a_forgotten_loan_what_statistics_need_and_no_more() -> None:
    """One event at the end of the log for each; where the others stood there are gaps without a patron or an item."""
    town = Town("until-return")
    late_at_the_other_house(town)
    town.clock.forward(days=1)
    town.ops.run_due()
    told = list(log_of(town.ops.storage))
    names = [type(event).__name__ for event in told]
    assert 1 == names.count("LoanForgotten")
    assert 0 == names.count("ItemCheckedOut") + names.count("ItemCheckedIn")
    (loan,) = every(town.ops.storage, kind_of(ClosedLoan))
    assert (None, "book", "adult") == (loan.patron_id, loan.item_type, loan.patron_category)
    gaps = [event_to_text(event) for event in told if type(event).__name__ == "EventForgotten"]
    assert len(gaps) > 3
    assert all({"at", "by"} == set(json.loads(text)) for text in gaps)
    assert all(first <= last for first, last in pairwise(entry.position for entry in town.ops.events))
