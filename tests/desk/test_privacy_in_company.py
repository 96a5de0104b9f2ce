"""A loan that is forgotten alone is told in company: the number of its commit leads to several, and to the day."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import libops
from libops.circulation.model import ClosedHold, ClosedLoan
from libops.circulation.policy.privacy import CROWD
from libops.desk.settings import default_settings
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.rebuild import log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import ITEMS, sample_library

READERS = 20


def town(keep: str, url: str) -> tuple[libops.Operations, list[str]]:
    plain = default_settings().canonical()
    plain["privacy"] = {"history": {"keep": keep}}
    ops = libops.open(url, settings=plain, clock=FrozenClock(), ids=CountingIds())
    sample_library(ops)
    cards = [f"2123499900{number:04}" for number in range(READERS)]
    for card in cards:
        assert ops.patrons.register(name=f"Reader {card[-2:]}", category="adult", card=card)
    return ops, cards


def versions(ops: libops.Operations, cls: type[Any]) -> list[int]:
    return [row.version for row in ops.storage.scan(kind_of(cls), page=1_000).rows]


@pytest.mark.parametrize("url", ["memory:", "sqlite:///{}/town.db"])
@pytest.mark.parametrize("keep", ["never", "until-return"])
def test_the_number_beside_a_patron_s_leads_to_several_loans(tmp_path, keep, url) -> None:
    """One reader after the other brings a book back and is forgotten before the next comes."""
    ops, cards = town(keep, url.format(tmp_path))
    label, beside = ITEMS[0][0], []
    for card in cards:
        assert ops.circulation.check_out(patron=card, item=label)
        ops.clock.forward(minutes=10)
        assert ops.circulation.check_in(item=label)
        ops.run_due(only=["privacy"])
        (mine,) = (
            row.version
            for row in ops.storage.scan(kind_of(Standing), page=1_000).rows
            if row.record.patron_id == ops.patrons.get(card).id
        )
        found = Counter(versions(ops, ClosedLoan))
        beside.append(found[mine + 1])
    assert beside == [min(number, CROWD) for number in range(1, READERS + 1)]
    assert READERS == len(versions(ops, ClosedLoan))
    told = [type(event).__name__ for event in log_of(ops.storage)]
    assert READERS == told.count("LoanForgotten")
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))
    ops.close()


def test_holds_that_were_given_up_have_company_too() -> None:
    """Each is called off and forgotten alone."""
    ops, cards = town("until-return", "memory:")
    for card in cards:
        hold = ops.holds.place(patron=card, item=ITEMS[0][0]).result.hold
        assert ops.holds.cancel(hold.id, reason="not needed")
        ops.clock.forward(minutes=10)
        ops.run_due(only=["hold-privacy"])
    found = Counter(versions(ops, ClosedHold))
    assert CROWD == found[max(found)]
    assert READERS == sum(found.values())
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))
