"""What a person gets who asks what is kept about them (GDPR, article 15): all of it, and nothing about others."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

import libops
from libops.bookings import FileFacts
from libops.testing.fakes import FrozenClock
from libops.testing.sample_library import ITEMS, PATRONS, sample_library

ADA, BEN = PATRONS[0][0], PATRONS[1][0]
BOOK, OTHER = ITEMS[0][0], ITEMS[1][0]


@pytest.fixture(params=["memory", "sqlite"])
def ops(request, tmp_path):
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/town.db"
    clock = FrozenClock(datetime(2026, 3, 3, 10, tzinfo=UTC))
    with libops.open(url, clock=clock) as opened:
        sample_library(opened)
        opened.clock_in_hand = clock
        yield opened


def told(ops, card):
    exported = json.loads(json.dumps(ops.privacy.export(card)))
    return [each["event"] for each in exported["events"]]


def test_the_life_of_loans_is_told_open_and_closed_ones(ops) -> None:
    """In the order it happened, from the registration on."""
    assert ops.circulation.check_out(patron=ADA, item=BOOK)
    ops.clock_in_hand.forward(days=2)
    assert ops.circulation.renew(item=BOOK)
    assert ops.circulation.check_in(item=BOOK)
    assert ops.circulation.check_out(patron=ADA, item=OTHER)
    assert ops.circulation.check_out(patron=BEN, item=BOOK)
    expected = ["PatronRegistered", "ItemCheckedOut", "LoanRenewed", "ItemCheckedIn", "ItemCheckedOut"]
    assert expected == [name for name in told(ops, ADA) if name in expected]
    assert 1 == told(ops, BEN).count("ItemCheckedOut")


def test_a_loan_that_was_lost_is_told(ops) -> None:
    """Its events are the person's as long as the loss is theirs."""
    assert ops.circulation.check_out(patron=ADA, item=BOOK)
    assert ops.losses.declare_lost(item=BOOK)
    assert {"ItemCheckedOut", "ItemLost"} <= set(told(ops, ADA))


def test_who_else_had_a_part_in_it_is_left_blank(ops) -> None:
    """At a self-check the reader before says who they are: their return sets off the hold of the next."""
    assert ops.circulation.check_out(patron=ADA, item=BOOK, by=ADA)
    assert ops.holds.place(patron=BEN, item=BOOK, by=BEN)
    assert ops.circulation.check_in(item=BOOK, by=ADA)
    assert ["HoldPlaced", "HoldReady"] == [name for name in told(ops, BEN) if name.startswith("Hold")]
    ada, ben = ops.patrons.get(ADA), ops.patrons.get(BEN)
    for card, mine, other in ((ADA, ada, ben), (BEN, ben, ada)):
        exported = json.dumps(ops.privacy.export(card))
        assert f'"by": "{card}"' in exported
        for name in (other.id, other.card, other.name):
            assert name not in exported, mine.name


def test_bookings_waiting_and_jobs_are_told(ops) -> None:
    """Rooms and machines as well as books; the booking of the one before is not the waiting person's."""
    desk = ops.bookings
    assert desk.register(id="R-1", name="Study room", kind="room", slot_minutes=30)
    assert desk.stock(id="PLA", name="PLA, white")
    span = {"start": datetime(2026, 3, 4, 10, tzinfo=UTC), "end": datetime(2026, 3, 4, 11, tzinfo=UTC)}
    first = desk.make(resource="R-1", patron=ADA, by=ADA, **span).result
    assert desk.wait(resource="R-1", patron=BEN, **span)
    assert desk.cancel(first.id, by=ADA)
    file = FileFacts(name="owl.gcode", size=81_000, sha256="e3b0c442")
    assert desk.submit_job(patron=BEN, machine="3d printer", material="PLA", file=file)
    assert ["BookingMade", "BookingCancelled"] == [name for name in told(ops, ADA) if name.startswith("Booking")]
    assert {"WaitingJoined", "JobSubmitted"} <= set(told(ops, BEN))
    assert ADA not in json.dumps(ops.privacy.export(BEN))


def test_what_is_forgotten_is_not_told(ops) -> None:
    """A loan that no longer names the person is nobody's."""
    assert ops.circulation.check_out(patron=ADA, item=BOOK)
    loan = ops.circulation.loan_of(BOOK)
    assert ops.circulation.check_in(item=BOOK)
    ada = ops.patrons.get(ADA)
    assert 1 == ops.privacy.forget(ada.id, [loan.id], ops.shell.clock(), whatever_rules=True)
    assert "ItemCheckedOut" not in told(ops, ADA)
