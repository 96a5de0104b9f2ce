"""What is forgotten alone is told in company: the number of its commit leads to several that ended on the same day."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

import libops
from libops.bookings.model import Booking
from libops.circulation.model import ClosedHold, ClosedLoan
from libops.circulation.policy.privacy import CROWD
from libops.desk.settings.loading import default_settings
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


def test_bookings_of_what_is_lent_have_company_too() -> None:
    """One reader after the other books the camera for a day, does not need it after all, and is forgotten alone."""
    ops, cards = town("until-return", "memory:")
    assert ops.bookings.register(id="camera", name="Camera", kind="camera", item=ITEMS[0][0])
    start = ops.clock().replace(hour=10, minute=0) + timedelta(days=2)
    for card in cards:
        booking = ops.bookings.make(resource="camera", patron=card, start=start, end=start + timedelta(hours=2)).result
        assert ops.bookings.cancel(booking.id)
        ops.clock.forward(minutes=10)
        ops.run_due(only=["booking-privacy"])
    rows = ops.storage.scan(kind_of(Booking), page=1_000).rows
    found = Counter(row.version for row in rows)
    assert CROWD == found[max(found)]
    assert [""] * READERS == [row.record.patron_id for row in rows]
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_company_ended_on_the_same_day_where_so_many_did() -> None:
    """Weeks with one return a day lie behind; the eighth return of today is told with the seven before it."""
    ops, cards = town("never", "memory:")
    for number, card in enumerate(cards):
        assert ops.circulation.check_out(patron=card, item=ITEMS[0][0])
        ops.clock.forward(minutes=10)
        assert ops.circulation.check_in(item=ITEMS[0][0])
        if number < READERS - CROWD:
            ops.clock.forward(days=1)
    rows = ops.storage.scan(kind_of(ClosedLoan), page=1_000).rows
    last = max(row.version for row in rows)
    days = [row.record.closed_at for row in rows if row.version == last]
    assert [max(row.record.closed_at for row in rows)] * CROWD == days
    assert READERS - CROWD + 1 == len({row.record.closed_at for row in rows})


def test_two_desks_on_one_file_take_company_from_each_other(tmp_path) -> None:
    """Each remembers whom it told of last; what the other has told anew meanwhile it looks for again."""
    ops, cards = town("never", f"sqlite:///{tmp_path / 'town.db'}")
    other = libops.open(f"sqlite:///{tmp_path / 'town.db'}", settings=ops.settings, clock=ops.clock)
    for number, card in enumerate(cards):
        desk = (ops, other)[number % 3 == 0]
        assert desk.circulation.check_out(patron=card, item=ITEMS[0][0])
        ops.clock.forward(minutes=10)
        assert desk.circulation.check_in(item=ITEMS[0][0])
        found = Counter(versions(ops, ClosedLoan))
        assert min(number + 1, CROWD) == found[max(found)]
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))
    other.close()
    ops.close()
