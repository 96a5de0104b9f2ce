"""Items between libraries: may this one be sent, and what happens when a transit is called off?"""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from libops.base.decisions import Decision, Permit, Refuse
from libops.base.events import Event
from libops.base.ids import ItemId, LibraryCode
from libops.circulation.decide.hold_facts import ItemOfTitle
from libops.circulation.events import HoldReleased, ItemSentInTransit, TransitCancelled
from libops.circulation.model import Hold, ItemState, Transit, TransitReason
from libops.circulation.policy.holds import reasons

__all__ = ["TransitFacts", "TransitPlan", "cancel_transit", "let_go", "send_item", "send_on"]


@frozen
class TransitFacts:
    """What an act on a way depends on: the item as it stands, where, and the hold that it travels for."""

    library: LibraryCode
    one: ItemOfTitle
    title: str
    hold: Hold | None = None


@frozen
class TransitPlan:
    """The way, and the events."""

    transit: Transit
    events: tuple[Event, ...]


def send_item(
    facts: TransitFacts, to: LibraryCode, *, at: datetime, by: str, reason: TransitReason = TransitReason.MANUAL
) -> Decision[TransitPlan]:
    """Send an item to another library. It is on one way at a time, and must be there to be sent."""
    item, state = facts.one.item, facts.one.state
    if facts.one.transit is not None:
        return Refuse((reasons.ITEM_IN_TRANSIT(destination=facts.one.transit.destination),))
    if state not in (ItemState.AVAILABLE, ItemState.IN_PROCESS):
        return Refuse((reasons.ITEM_NOT_HERE(state=state.value),))
    if to == facts.library:
        return Refuse((reasons.TRANSIT_SAME_PLACE(library=to),))
    transit = Transit(item.id, item.bib_id, facts.library, to, reason, at, state)
    return Permit(TransitPlan(transit, (ItemSentInTransit(at, by, item.id, transit),)))


def send_on(facts: TransitFacts, to: LibraryCode, *, at: datetime, by: str) -> Decision[TransitPlan]:
    """Send an item along with its rotating collection.

    One that nobody has scanned since the collection's last move goes on from where it was sent to. One that is on its
    way to a patron, on loan or not there to be sent is left where it is: it follows when it comes back.
    """
    transit = facts.one.transit
    if transit is None or transit.reason is not TransitReason.ROTATION:
        return send_item(facts, to, at=at, by=by, reason=TransitReason.ROTATION)
    events: tuple[Event, ...] = (TransitCancelled(at, by, transit.item_id, "the collection moves on"),)
    if transit.destination == to:
        return Refuse((reasons.ITEM_IN_TRANSIT(destination=to),))
    after = Transit(
        transit.item_id, transit.bib_id, transit.destination, to, TransitReason.ROTATION, at, transit.restores
    )
    return Permit(TransitPlan(after, (*events, ItemSentInTransit(at, by, transit.item_id, after))))


def cancel_transit(facts: TransitFacts, *, at: datetime, by: str, why: str) -> Decision[TransitPlan]:
    """Call a transit off: the item has not left. A hold that it was for waits again in its old place."""
    transit = facts.one.transit
    if transit is None:
        return Refuse((reasons.NOT_IN_TRANSIT(barcode=facts.one.item.barcode or facts.one.item.id),))
    if not why.strip():
        return Refuse((reasons.HOLD_WHY_MISSING(act="cancel the transit"),))
    events: tuple[Event, ...] = (TransitCancelled(at, by, transit.item_id, why),)
    if facts.hold is not None and facts.hold.item_id == transit.item_id:
        events += (HoldReleased(at, by, facts.hold.id, transit.item_id, why),)
    return Permit(TransitPlan(transit, events))


def let_go(
    item_id: ItemId, hold: Hold | None, transit: Transit | None, *, at: datetime, by: str, why: str
) -> tuple[Event, ...]:
    """An item that is not to be had any more, missing or withdrawn, is on no way and set aside for nobody (FOLIO).

    `hold` is the one that it was caught for: it waits again in its old place.
    """
    events: tuple[Event, ...] = () if transit is None else (TransitCancelled(at, by, item_id, why),)
    return events if hold is None else (*events, HoldReleased(at, by, hold.id, item_id, why))
