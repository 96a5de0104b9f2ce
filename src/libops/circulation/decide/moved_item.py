"""An item that was cataloged under the wrong title moves to another: who has it, and who waits for it, follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import evolve, field, frozen

from libops.base.decisions import Decision, Permit, Reason
from libops.base.events import Event
from libops.base.ids import BibId, PatronId
from libops.circulation.decide.hold_facts import item_target, targets_of
from libops.circulation.decide.transit import let_go
from libops.circulation.events import HoldReleased, HoldRetitled, ItemLeftOnHoldShelf, LoanRetitled, TransitRetitled
from libops.circulation.model import Hold, Loan, ReadyHold, ShelfClearance, Transit
from libops.circulation.policy.holds.reasons import HOLD_ITEM_TAKEN_BACK
from libops.items.model import Item
from libops.patrons.model import Patron

__all__ = ["MovedItemFacts", "follow_item"]


@frozen
class MovedItemFacts:
    """An item as it is on its new title, and what is open for it since it was on the old one, `gone`.

    `holds` are those that ask for this very item, and the one that it was caught for.
    """

    item: Item
    gone: BibId
    loan: Loan | None = None
    transit: Transit | None = None
    ready: ReadyHold | None = None
    clearance: ShelfClearance | None = None
    holds: tuple[Hold, ...] = ()
    patrons: Mapping[PatronId, Patron] = field(factory=dict)


def follow_item(facts: MovedItemFacts, *, at: datetime, by: str) -> Decision[tuple[Event, ...]]:
    """Let the loan, the way and the holds on this very item follow it to its new title.

    A hold on the old title that the item was caught for waits again in its old place, which is told: the patron asked
    for another work. One that the item still fills, as one of several titles, keeps it. An item that is missing as
    well is on no way any more, and set aside for nobody.
    """
    item, into = facts.item, facts.item.bib_id
    if into == facts.gone:
        return Permit(())
    caught = next((hold for hold in facts.holds if hold.item_id == item.id), None)
    transit, ready, events = facts.transit, facts.ready, list[Event]()
    if item.missing_since is not None:
        events += let_go(item.id, caught, transit, at=at, by=by, why="missing")
        caught = transit = ready = None
    if facts.loan is not None:
        events.append(LoanRetitled(at, by, facts.loan.id, item.id, into))
    if transit is not None:
        events.append(TransitRetitled(at, by, item.id, into))
    asking = [hold for hold in facts.holds if item_target(item.id) in hold.targets]
    events += [HoldRetitled(at, by, hold.id, facts.gone, into, item.id) for hold in asking]
    left, told = facts.clearance, list[Reason]()
    if caught is not None and set(caught.targets).isdisjoint(targets_of(item)):
        events.append(HoldReleased(at, by, caught.id, item.id, "cataloged under another title"))
        told.append(_told(facts, caught))
        left = None if ready is None else ShelfClearance(item.id, into, ready.pickup_library, at)
    if left is not None:
        events.append(ItemLeftOnHoldShelf(at, by, item.id, evolve(left, bib_id=into)))
    return Permit(tuple(events), tuple(told))


def _told(facts: MovedItemFacts, hold: Hold) -> Reason:
    patron = facts.patrons.get(hold.patron_id)
    return HOLD_ITEM_TAKEN_BACK(patron=hold.patron_id if patron is None else patron.name)
