"""Two readers wait: one for a film that is out, one for a book on the shelf."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from libops.base.decisions import Override, Permit
from libops.desk.operations import Operations

__all__ = ["asked_for", "picked_up", "pulled", "set_aside"]

CARD_COMES = ("new card is in the mail", ["loan.expired_patron"])


def asked_for(ops: Operations, teller: Any, shelf: Mapping[str, str], card: str, by: str) -> None:
    """A hold on what is out, with an override that stays with it."""
    why, rights = CARD_COMES
    override = Override(["patron.expired"], by, why, rights)
    placed = ops.holds.place(patron=card, item=shelf["film"], by=by, override=override)
    assert isinstance(placed, Permit), placed
    expected = ops.holds.forecast(placed.result.hold.id).typical
    assert expected is not None
    teller.tell(
        "Clara telephones: she would like the film that Ben has. Ruth lets her old card pass once more, and the hold "
        f"keeps that in mind for the day it comes: {expected:%d %B}, the desk reckons, and promises nothing."
    )


def set_aside(ops: Operations, teller: Any, shelf: Mapping[str, str]) -> None:
    """What came back is not anybody's: the receipt said for whom it is."""
    (ready,) = ops.holds.ready_at()
    assert ready.keep_until is not None
    refused = ops.circulation.preview_check_out(patron="21234000000017", item=shelf["film"])
    teller.tell(f"It waits for Clara until {ready.keep_until:%d %B}. Ada, who is quick, does not get it:")
    teller.answer(refused)


def pulled(ops: Operations, teller: Any, shelf: Mapping[str, str], card: str, by: str) -> None:
    """A book on the shelf is asked for from home, fetched by the pull list, and told of."""
    placed = ops.holds.place(patron=card, item=shelf["novel"], by=card)
    assert isinstance(placed, Permit), placed
    teller.tell("At night Ben asks from home for the book that Ada had. Next morning it is on the pull list:")
    (line,) = ops.holds.pull_list()
    teller.show(line.slip())
    ops.circulation.check_in(item=shelf["novel"], by=by)
    ops.notices.deliver_due()
    teller.tell("Tom fetches it and scans it; it goes on the hold shelf, and a message to Ben.")


def picked_up(ops: Operations, teller: Any, shelf: Mapping[str, str], card: str, by: str) -> None:
    """The film is collected, and the hold is filled."""
    why, rights = CARD_COMES
    teller.tell("Clara comes for the film.")
    override = Override(["patron.expired"], by, why, rights)
    teller.answer(ops.circulation.check_out(patron=card, item=shelf["film"], by=by, override=override))
