"""Situations that no single option makes, but two or three together do."""

from __future__ import annotations

from libops.circulation.model import ClosedHold, Transit
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every

HISTORY = {"history": {"keep": "until-return"}}


def test_a_hold_called_off_while_its_item_travels_is_forgotten_in_the_transit_too(town) -> None:
    """The item still arrives; when it left says no more than the log does, to the day."""
    here = town(privacy=HISTORY)
    assert here.lend("book")
    hold = here.hold("book", this=True, pickup="NORTH").result.hold
    assert here.bring_back("book")
    assert hold.id == here.ops.transits.of_item("31234000000014").hold_id
    assert here.ops.holds.cancel(hold.id, reason="moved away")
    here.until("2026-03-05 06:00")
    here.night()
    (closed,) = every(here.ops.storage, kind_of(ClosedHold))
    (transit,) = every(here.ops.storage, kind_of(Transit))
    assert closed.patron_id is None
    assert (0, 0) == (transit.sent_at.hour, transit.sent_at.minute)
    assert here.bring_back("book", library="NORTH")
