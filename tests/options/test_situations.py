"""Situations that no single option makes, but two or three together do."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from libops.circulation.model import ClosedHold, Transit
from libops.storage.kinds import all_kinds, kind_of
from libops.storage.rebuild import every
from libops.wire.json import as_json

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
    assert time(0) == transit.sent_at.astimezone(ZoneInfo("Europe/Berlin")).time()
    assert here.bring_back("book", library="NORTH")


CLOSES = {"lost_policies": {"standard": {"loan": "lost-closes-loan"}}}


def lost_and_lent_again(here, to: str) -> None:
    """Ada lost the book, and paid ten euros of it; it turned up, and the desk lent it although it is missing."""
    assert here.lend("book")
    here.until("2026-04-20 12:00")
    here.night()
    assert here.ops.losses.declare_lost("31234000000014")
    assert here.ops.fees.pay(patron="21234000000017", amount="10.00 EUR")
    assert ["item.missing"] == here.codes(here.lend("book", to=to))
    assert here.lend("book", to=to, override=here.allow("item.missing"))


@pytest.mark.parametrize("overdue_on_return", ["lost-return-leaves-overdue", "lost-return-charges-new-overdue"])
@pytest.mark.parametrize("to", ["Ben", "Ada"])
def test_a_lost_item_that_was_lent_again_is_not_lost_by_whoever_has_it_now(town, overdue_on_return, to) -> None:
    """The night leaves the new loan alone; its return pays back who lost the item, by the day it was lent again."""
    here = town(lost_policies={"standard": {"loan": "lost-closes-loan", "overdue_on_return": overdue_on_return}})
    lost_and_lent_again(here, to)
    here.until("2026-04-25 12:00")
    here.night()
    loan = here.loan("book")
    assert loan is not None, "not ended by what is known of the loan before"
    answer = here.bring_back("book", returned_at=None)
    assert ["item.was_lost"] == here.codes(answer)
    assert ("-3.20 EUR", "0.00 EUR") == (here.owed("Ada"), here.owed("Ben"))
    assert None is here.ops.losses.lost_item("31234000000014")
    assert 0 == here.ops.patrons.standing("21234000000017").lost


def test_whoever_has_a_lost_item_now_may_lose_it_again(town) -> None:
    """Ada gets back what she paid, for the book was there; Ben is charged, late days and all."""
    here = town(**CLOSES)
    lost_and_lent_again(here, "Ben")
    here.until("2026-05-20 12:00")
    assert here.ops.losses.declare_lost("31234000000014")
    assert ("-3.20 EUR", "28.00 EUR") == (here.owed("Ada"), here.owed("Ben"))
    assert [0, 1] == [here.ops.patrons.standing(card).lost for card in ("21234000000017", "21234000000025")]
    assert here.bring_back("book")
    assert ("-3.20 EUR", "3.00 EUR") == (here.owed("Ada"), here.owed("Ben"))


def test_a_hold_whose_item_was_deleted_from_the_shelf_lapses_like_any_other(town) -> None:
    """The desk was told and deleted it all the same; the nightly run goes on, and Ben may hold another item."""
    here = town()
    hold = here.hold("book", this=True).result.hold
    assert here.bring_back("book")
    assert ["item.has_hold"] == here.codes(here.ops.items.delete("31234000000014"))
    allow = here.allow("item.has_hold", right="items.withdraw_with_hold")
    assert here.ops.items.delete("31234000000014", override=allow)
    here.until("2026-03-20 06:00")
    assert 1 == sum(step.acts for step in here.night().steps if step.name == "holds")
    assert [] == here.ops.holds.ready_at("MAIN")
    assert hold.id not in [each.id for each in here.ops.holds.of_patron("21234000000025")]
    assert here.hold("second book", this=True)


def test_a_hold_whose_item_was_deleted_can_be_cancelled_or_released(town) -> None:
    """By staff, before its time on the shelf is over."""
    for act in ("cancel", "release", "change_pickup"):
        here = town()
        hold = here.hold("book", this=True).result.hold
        assert here.bring_back("book")
        allow = here.allow("item.has_hold", right="items.withdraw_with_hold")
        assert here.ops.items.delete("31234000000014", override=allow)
        if act == "cancel":
            assert here.ops.holds.cancel(hold.id, reason="the book is gone")
            assert [] == here.ops.holds.of_patron("21234000000025")
        elif act == "release":
            assert here.ops.holds.release(hold.id, why="the book is gone")
        else:
            assert here.ops.holds.change_pickup(hold.id, "NORTH")
        if act != "change_pickup":
            assert [] == here.ops.holds.ready_at("MAIN")


def test_a_closing_is_announced_past_a_hold_whose_item_was_deleted(town) -> None:
    """Nothing waits there any longer: no date is moved."""
    here = town()
    assert here.hold("book", this=True)
    assert here.bring_back("book")
    allow = here.allow("item.has_hold", right="items.withdraw_with_hold")
    assert here.ops.items.delete("31234000000014", override=allow)
    assert () == here.ops.closings.announce("MAIN", date(2026, 3, 5), date(2026, 3, 12)).shelf


def test_who_paid_for_an_erased_patron_is_forgotten_with_what_is_left_of_the_payment(town) -> None:
    """The amount stays for the books, the name of the grandmother does not: in no record, and not in the log."""
    here = town(accounts={"overpayment": "kept-as-credit"})
    assert here.ops.fees.charge(patron="21234000000017", amount="2.00 EUR")
    assert here.ops.fees.pay(patron="21234000000017", amount="3.00 EUR", payer="Grandma Flores")
    assert "-1.00 EUR" == here.owed("Ada")
    allow = here.allow("patron.has_balance", right="patron.remove_with_balance")
    assert here.ops.privacy.erase("21234000000017", override=allow)
    everything = [as_json(record, kind.cls) for kind in all_kinds() for record in every(here.ops.storage, kind)]
    assert [] == [text for text in [*everything, *map(str, here.ops.events)] if "Grandma" in text]
