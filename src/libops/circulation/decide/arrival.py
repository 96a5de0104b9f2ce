"""Where does an item go that is in hand: to a patron who waits, to another library, or back on the shelf?"""

from __future__ import annotations

from datetime import datetime

from attrs import evolve, frozen

from libops.base.decisions import Check, Reason
from libops.base.events import Event
from libops.base.ids import LibraryCode
from libops.circulation.decide.hold_facts import ArrivalFacts, Candidate
from libops.circulation.decide.match import Considered, checks_of, match_hold, terms_for
from libops.circulation.events import HoldReady, HoldReleased, HoldShipped, ItemArrived, ItemSentInTransit, ItemStayed
from libops.circulation.model import Hold, HoldState, ItemState, ReadyHold, Transit, TransitReason
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.holds import HoldPolicy, SecondScan, reasons, shelf_end

__all__ = ["Arrival", "arrive"]


@frozen
class Arrival:
    """What becomes of the item, what the desk is told, and the events.

    `hold` is the one it is for and `patron` the name of who waits, `language` what they read, `ready` its place on the
    hold shelf, `transit` its way; none of them: it goes to the shelf.
    """

    events: tuple[Event, ...] = ()
    alerts: tuple[Reason, ...] = ()
    hold: Hold | None = None
    ready: ReadyHold | None = None
    transit: Transit | None = None
    patron: str = ""
    considered: tuple[Considered, ...] = ()
    state: ItemState = ItemState.AVAILABLE
    language: str = ""

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every hold that was considered, for a trace."""
        return checks_of(self.considered)


def arrive(facts: ArrivalFacts, book: CirculationBook, *, at: datetime, by: str) -> Arrival:
    """Decide where an item goes that was scanned at a library and is on loan to nobody."""
    item, here, transit = facts.match.item, facts.match.library, facts.transit
    if facts.in_process and facts.hold is not None:
        return taken_from(facts, facts.hold, at, by)
    if facts.ready is not None and facts.hold is not None:
        return on_hold_shelf(facts, facts.ready, facts.hold, book, at, by)
    if transit is None:
        return shelved(facts, book, at, by)
    arrived = ItemArrived(at, by, item.id, here, transit.destination)
    caught = facts.hold if facts.hold is not None and facts.hold.hold.state is HoldState.IN_TRANSIT else None
    if caught is not None:
        arrival = to_patron(facts, caught, book, at, by)
    elif transit.destination != here and transit.hold_id is None:
        arrival = sent_on(facts, transit, book, at, by)
    else:
        arrival = shelved(evolve(facts, in_process=transit.restores is ItemState.IN_PROCESS), book, at, by)
    told, onward = arrival.alerts, arrival.transit
    # Not where it set out from, nor where it is wanted by now: there it has not gone astray.
    if transit.source != here and onward is not None and onward.destination == transit.destination:
        told = (reasons.WRONG_ARRIVAL(destination=transit.destination), *told)
    return evolve(arrival, events=(arrived, *arrival.events), alerts=told)


def sent_on(facts: ArrivalFacts, transit: Transit, book: CirculationBook, at: datetime, by: str) -> Arrival:
    """On to where it was going; one that was only going home is first for whoever waits for it (Koha, FOLIO)."""
    arrival = Arrival()
    if transit.reason is TransitReason.HOME and not facts.in_process:
        arrival = for_next(facts, book, at, by)
        if arrival.hold is not None:
            return arrival
    onward = sent(facts, transit.destination, transit.reason, transit.restores, at, by)
    return evolve(onward, considered=arrival.considered)


def taken_from(facts: ArrivalFacts, candidate: Candidate, at: datetime, by: str) -> Arrival:
    """An item that is looked at first serves nobody: the hold that it was caught for waits for another."""
    item, transit, hold = facts.match.item, facts.transit, candidate.hold
    events: tuple[Event, ...] = (HoldReleased(at, by, hold.id, item.id, "not fit to be lent"),)
    if transit is not None:
        events = (ItemArrived(at, by, item.id, facts.match.library, transit.destination), *events)
    alert = reasons.HOLD_ITEM_TAKEN_BACK(patron=candidate.patron.name)
    return Arrival(events, (alert,), state=ItemState.IN_PROCESS)


def on_hold_shelf(
    facts: ArrivalFacts, ready: ReadyHold, candidate: Candidate, book: CirculationBook, at: datetime, by: str
) -> Arrival:
    """An item set aside is scanned again: its last day stays or begins anew; elsewhere, it goes where it is awaited."""
    policy, patron = terms_for(facts.match, candidate, book, at).holds or HoldPolicy(), candidate.patron
    awaited = candidate.hold.pickup_library
    if ready.pickup_library == awaited == facts.match.library and policy.second_scan is SecondScan.KEEP:
        alert = reasons.ITEM_FOR_HOLD(patron=patron.name, until=ready.keep_until or "")
        arrival = Arrival((), (alert,), candidate.hold, ready, None, patron.name, state=ItemState.AWAITING_PICKUP)
        return evolve(arrival, language=patron.language)
    return to_patron(facts, candidate, book, at, by)


def to_patron(facts: ArrivalFacts, candidate: Candidate, book: CirculationBook, at: datetime, by: str) -> Arrival:
    """On the hold shelf, or on the way to the library where it is picked up."""
    hold, item, here, name = candidate.hold, facts.match.item, facts.match.library, candidate.patron.name
    if hold.pickup_library != here:
        transit = Transit(
            item.id, item.bib_id, here, hold.pickup_library, TransitReason.HOLD, at, ItemState.AVAILABLE, hold.id
        )
        alert = reasons.ITEM_TO_SEND(library=hold.pickup_library, patron=name)
        events = (HoldShipped(at, by, hold.id, item.id, transit),)
        return Arrival(events, (alert,), hold, None, transit, name, state=ItemState.IN_TRANSIT)
    policy = terms_for(facts.match, candidate, book, at).holds or HoldPolicy()
    until = shelf_end(policy, at=at, calendar=book.calendar(here), wanted_until=hold.wanted_until)
    ready = ReadyHold(item.id, hold.id, hold.patron_id, hold.bib_id, here, at, until)
    alert = reasons.ITEM_FOR_HOLD(patron=name, until=until or "")
    return Arrival(
        (HoldReady(at, by, hold.id, item.id, ready),),
        (alert,),
        hold,
        ready,
        None,
        name,
        state=ItemState.AWAITING_PICKUP,
        language=candidate.patron.language,
    )


def for_next(facts: ArrivalFacts, book: CirculationBook, at: datetime, by: str) -> Arrival:
    """The hold that the item fills, and where it goes for it; without one, only what was considered."""
    matched = match_hold(facts.match, book, at=at)
    if matched.hold is None:
        return Arrival(considered=matched.considered)
    arrival = to_patron(facts, facts.match.candidates[matched.hold.id], book, at, by)
    return evolve(arrival, considered=matched.considered)


def shelved(facts: ArrivalFacts, book: CirculationBook, at: datetime, by: str) -> Arrival:
    """Nobody has a claim on the item yet: a hold, else the place where it belongs."""
    item, here = facts.match.item, facts.match.library
    if facts.in_process:
        return Arrival(state=ItemState.IN_PROCESS)
    wanted = for_next(facts, book, at, by)
    if wanted.hold is not None:
        return wanted
    destination = facts.stands_at or book.returns.destination(item, here)
    if item.withdrawn or destination == here:
        kept = (
            ()
            if item.withdrawn or item.holding_library == here
            else (ItemStayed(at, by, item.id, here, item.holding_library),)
        )
        state = ItemState.WITHDRAWN if item.withdrawn else ItemState.AVAILABLE
        return Arrival(kept, considered=wanted.considered, state=state)
    arrival = sent(facts, destination, TransitReason.HOME, ItemState.AVAILABLE, at, by)
    return evolve(arrival, considered=wanted.considered)


def sent(
    facts: ArrivalFacts, destination: LibraryCode, reason: TransitReason, restores: ItemState, at: datetime, by: str
) -> Arrival:
    """On the way to another library."""
    item = facts.match.item
    transit = Transit(item.id, item.bib_id, facts.match.library, destination, reason, at, restores)
    alert = reasons.ITEM_TO_SEND(library=destination, patron="")
    events = (ItemSentInTransit(at, by, item.id, transit),)
    return Arrival(events, (alert,), None, None, transit, state=ItemState.IN_TRANSIT)
