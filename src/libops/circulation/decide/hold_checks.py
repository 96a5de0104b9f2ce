"""What holds mean to a checkout: an item set aside, a title that others wait for, the patron's own hold."""

from __future__ import annotations

from datetime import datetime

from libops.base.decisions import Reason
from libops.base.events import Event
from libops.circulation.decide.facts import CheckOutFacts
from libops.circulation.decide.question import NOT_ASKED, CheckFunction, LoanQuestion, NotAsked, answered, asked_of
from libops.circulation.events import HoldFilled, HoldReleased, TransitCancelled
from libops.circulation.model import Hold, HoldPlace, Loan
from libops.circulation.policy.holds import reasons

__all__ = ["HOLD_CHECKS", "hold_events", "picking_up"]

Found = Reason | NotAsked | None


def picking_up(facts: CheckOutFacts) -> bool:
    """Whether the patron picks up what was set aside for them."""
    return facts.ready is not None and facts.ready.patron_id == facts.patron.id


@asked_of("ready")
def awaiting_pickup(question: LoanQuestion) -> Found:
    """An item set aside goes to the patron it waits for, and to nobody else."""
    ready = question.facts.ready
    if ready is None or picking_up(question.facts):
        return None
    return reasons.ITEM_AWAITING_PICKUP(until=ready.keep_until or "")


@asked_of("transit")
def in_transit(question: LoanQuestion) -> Found:
    """An item on the way is not there to be lent, unless staff have it in hand and say so."""
    transit = question.facts.transit
    return None if transit is None else reasons.ITEM_IN_TRANSIT(destination=transit.destination)


@asked_of("waiting")
def held_for_others(question: LoanQuestion) -> Found:
    """Others wait, and stand before the patron in the queue."""
    facts, loan = question.facts, question.terms.loan
    if loan is None or picking_up(facts):
        return NOT_ASKED
    if not facts.waiting:
        return None
    own = facts.own_hold
    others = [
        place
        for place in facts.waiting
        if place.patron_id != facts.patron.id
        and not place.suspended(question.at)
        and (own is None or order(place) < order(own))
    ]
    return answered(loan.held_for_others, reasons.HELD_FOR_OTHERS, title=facts.bib.title) if others else None


def order(place: HoldPlace | Hold) -> tuple[int, int, datetime]:
    return place.cut, place.priority, place.queued_at


HOLD_CHECKS: tuple[tuple[str, CheckFunction], ...] = (
    ("awaiting pickup", awaiting_pickup),
    ("in transit", in_transit),
    ("held for others", held_for_others),
)


def hold_events(facts: CheckOutFacts, loan: Loan, at: datetime, by: str) -> tuple[Event, ...]:
    """What a checkout does to holds: it fills the patron's own, and ends the way the item was on."""
    events: list[Event] = []
    if facts.transit is not None:
        events.append(TransitCancelled(at, by, loan.item_id, "checked out"))
    if facts.caught_for is not None:
        events.append(HoldReleased(at, by, facts.caught_for.id, loan.item_id, "checked out to another patron"))
    if facts.own_hold is not None:
        events.append(HoldFilled(at, by, facts.own_hold.id, loan.patron_id, loan.item_id, loan.id))
    return tuple(events)
