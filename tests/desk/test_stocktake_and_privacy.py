"""A stocktake in a library that forgets: what came back is not taken for lent, and nobody gets another's loan."""

from __future__ import annotations

import pytest

import libops
from libops.desk.settings.loading import default_settings
from libops.patrons import HistoryConsent
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import sample_library

ADA, BEN = "21234000000017", "21234000000025"
BOOK = "31234000000014"


def town(keep: str) -> libops.Operations:
    plain = default_settings().canonical()
    plain["privacy"] = {"history": {"keep": keep}}
    ops = libops.open(settings=plain, clock=FrozenClock(), ids=CountingIds())
    sample_library(ops)
    return ops


@pytest.mark.parametrize("keep", ["always", "never"])
def test_what_came_back_and_was_forgotten_at_once_came_back(keep) -> None:
    """Returned while others count, and scanned on its shelf afterwards: no error of the records."""
    ops = town(keep)
    assert ops.circulation.check_out(patron=ADA, item=BOOK)
    ops.clock.forward(days=1)
    assert ops.inventory.open_stocktake(id="spring", name="One book", items=[BOOK])
    ops.clock.forward(minutes=20)
    assert ops.circulation.check_in(item=BOOK)
    ops.clock.forward(minutes=20)
    assert ops.inventory.scan("spring", [BOOK], device="desk")
    assert ops.inventory.close_counting("spring")
    assert () == ops.inventory.result("spring").findings


def test_taking_a_result_back_does_not_lend_to_an_earlier_reader() -> None:
    """Ben wants his history kept, Ada does not: when her loan is forgotten, his of last month is not the last one."""
    ops = town("always")
    assert ops.patrons.change(ADA, history=HistoryConsent.FORGET)
    assert ops.circulation.check_out(patron=BEN, item=BOOK)
    ops.clock.forward(days=3)
    assert ops.circulation.check_in(item=BOOK)
    assert ops.circulation.check_out(patron=ADA, item=BOOK)
    ops.clock.forward(minutes=10)
    assert ops.inventory.open_stocktake(id="spring", name="One book", items=[BOOK])
    assert ops.inventory.scan("spring", [BOOK], device="desk")
    assert ops.inventory.close_counting("spring")
    result = ops.inventory.result("spring")
    assert ops.inventory.accept_stocktake("spring", reviewed=result.fingerprint)
    assert ops.circulation.loan_of(BOOK) is None
    ops.clock.forward(days=1)
    ops.run_due()
    assert ops.inventory.undo_stocktake("spring", why="the wrong shelf")
    assert ops.circulation.loan_of(BOOK) is None
