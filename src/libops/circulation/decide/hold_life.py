"""What becomes of a hold between placing and filling: suspended, moved, cancelled, released, run out of time."""

from __future__ import annotations

from datetime import datetime, timedelta

from attrs import evolve, frozen

from libops.base.decisions import Decision, Permit, Reason, Refuse, weigh
from libops.base.events import Event
from libops.base.ids import HoldId, IdSource, LibraryCode
from libops.circulation.decide.arrival import Arrival, arrive
from libops.circulation.decide.facts import case_of
from libops.circulation.decide.hold_facts import HoldFacts
from libops.circulation.events import (
    HoldCancelled,
    HoldExpired,
    HoldMoved,
    HoldPickupChanged,
    HoldReleased,
    HoldResumed,
    HoldSuspended,
    ItemLeftOnHoldShelf,
)
from libops.circulation.model import Hold, HoldEnding, HoldPlace, HoldState, ShelfClearance
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.holds import ExpiryRun, HoldPolicy, NextInLine, moved_between, reasons
from libops.fees.decide import Act, charge
from libops.fees.model import Cause

__all__ = [
    "HoldActPlan",
    "cancel_hold",
    "change_pickup",
    "lapse_hold",
    "move_hold",
    "release_hold",
    "reorder_holds",
    "resume_hold",
    "suspend_hold",
]


INSTANT = timedelta(microseconds=1)


@frozen
class HoldActPlan:
    """The events, and where the item goes that was caught for the hold, if it had one."""

    events: tuple[Event, ...]
    arrival: Arrival | None = None


def decided(found: list[Reason], events: tuple[Event, ...]) -> Decision[HoldActPlan]:
    verdict = weigh(found)
    if verdict.refusing:
        return Refuse(verdict.refusing, verdict.alerts)
    return Permit(HoldActPlan(events), verdict.alerts)


def wrong_state(facts: HoldFacts, act: str, *allowed: HoldState) -> list[Reason]:
    state = facts.hold.state
    return [] if state in allowed else [reasons.HOLD_WRONG_STATE(state=state.value, act=act)]


def policy_of(facts: HoldFacts, book: CirculationBook, at: datetime) -> HoldPolicy:
    """The hold policy for the item that was caught, of today; what a policy says by default where there is no item."""
    if facts.item is None:
        return HoldPolicy()
    today = book.calendar(facts.library).service_day(at)
    return book.terms(case_of(facts.library, facts.patron, facts.item, facts.bib, today, book)).holds or HoldPolicy()


def suspend_hold(facts: HoldFacts, *, at: datetime, by: str, until: datetime | None = None) -> Decision[HoldActPlan]:
    """Pass a waiting hold over until a time, or until it is resumed; it keeps its place in the queue."""
    found = wrong_state(facts, "suspend", HoldState.WAITING)
    if until is not None and until <= at:
        found.append(reasons.HOLD_SUSPENSION(until=until))
    return decided(found, (HoldSuspended(at, by, facts.hold.id, until),))


def resume_hold(facts: HoldFacts, *, at: datetime, by: str) -> Decision[HoldActPlan]:
    """Let a suspended hold be filled again."""
    found = wrong_state(facts, "resume", HoldState.WAITING)
    if not found and not facts.hold.suspended(at):
        found.append(reasons.HOLD_WRONG_STATE(state="not suspended", act="resume"))
    return decided(found, (HoldResumed(at, by, facts.hold.id),))


def change_pickup(
    facts: HoldFacts, book: CirculationBook, pickup: LibraryCode, *, at: datetime, by: str
) -> Decision[HoldActPlan]:
    """Pick up elsewhere. An item that waits already is sent on from the hold shelf.

    One on its way goes where its slip says, and on from there, or stays at the new place if it comes by (Evergreen has
    a right for it, UPDATE_PICKUP_LIB_FROM_TRANSIT, and writes the way anew).
    """
    found = []
    if pickup not in facts.pickup_places:
        found.append(reasons.HOLD_PICKUP(library=pickup))
    if found:
        return decided(found, ())
    hold, patron = facts.hold, facts.patron
    local = book.holds.local_library(pickup=pickup, patron_home=patron.home_library, category=patron.category)
    changed = HoldPickupChanged(at, by, hold.id, pickup, local)
    if facts.arrival is None or facts.arrival.hold is None or facts.arrival.ready is None:
        return Permit(HoldActPlan((changed,)), goes_on(facts, pickup))
    moved = evolve(facts.arrival.hold, hold=evolve(hold, pickup_library=pickup, local_library=local))
    arrival = arrive(evolve(facts.arrival, hold=moved), book, at=at, by=by)
    left = () if arrival.transit is None else left_on_shelf(facts, at, by)
    return Permit(HoldActPlan((changed, *left, *arrival.events), arrival), arrival.alerts)


def goes_on(facts: HoldFacts, pickup: LibraryCode) -> tuple[Reason, ...]:
    """What the desk is told of an item that is on its way to another library than the one where it is awaited now."""
    transit = facts.transit
    if transit is None or transit.hold_id != facts.hold.id or transit.destination == pickup:
        return ()
    return (reasons.HOLD_GOES_ON(destination=transit.destination, pickup=pickup),)


def left_on_shelf(facts: HoldFacts, at: datetime, by: str) -> tuple[Event, ...]:
    """The item of a hold that is over stands on the hold shelf until somebody takes it off (FOLIO's clearance)."""
    ready = facts.ready
    if ready is None:
        return ()
    clearance = ShelfClearance(ready.item_id, ready.bib_id, ready.pickup_library, at)
    return (ItemLeftOnHoldShelf(at, by, ready.item_id, clearance),)


def move_hold(facts: HoldFacts, position: int, *, at: datetime, by: str, why: str) -> Decision[HoldActPlan]:
    """Give a hold another position in the queue of its title, counted from 1. The log keeps who moved it and why.

    `facts.queue` is the queue of the title without the hold, at least up to that position.
    """
    found = wrong_state(facts, "move", HoldState.WAITING)
    if not why.strip():
        found.append(reasons.HOLD_WHY_MISSING(act="move"))
    hold = facts.hold
    own = HoldPlace(
        hold.id,
        hold.id,
        "",
        hold.bib_id,
        hold.patron_id,
        hold.pickup_library,
        "",
        hold.cut,
        hold.priority,
        hold.queued_at,
    )
    changes = () if found else moved_between(facts.queue, own, position)
    events = tuple(HoldMoved(at, by, place.hold_id, cut, priority, time, why) for place, cut, priority, time in changes)
    return decided(found, events)


def reorder_holds(
    queue: tuple[Hold, ...], order: tuple[HoldId, ...], *, at: datetime, by: str, why: str
) -> Decision[HoldActPlan]:
    """Put these waiting holds of a title at the head of its queue, in this order. The log keeps who did it and why."""
    waiting = {hold.id: hold for hold in queue if hold.state is HoldState.WAITING}
    found = [reasons.HOLD_UNKNOWN(hold=hold_id) for hold_id in order if hold_id not in waiting]
    if not why.strip():
        found.append(reasons.HOLD_WHY_MISSING(act="reorder"))
    cut = min((hold.cut for hold in waiting.values()), default=0) - 1
    events = tuple(
        HoldMoved(at, by, hold_id, cut, 0, at + number * INSTANT, why) for number, hold_id in enumerate(order)
    )
    return decided(found, events)


def after_item(facts: HoldFacts, book: CirculationBook, at: datetime, by: str, policy: HoldPolicy) -> Arrival | None:
    """Where an item on the hold shelf goes once its hold is over."""
    if facts.arrival is None or facts.hold.state is not HoldState.READY:
        return None
    if policy.next_in_line is NextInLine.AT_CHECK_IN:
        return None
    return arrive(evolve(facts.arrival, ready=None, hold=None), book, at=at, by=by)


def cancel_hold(
    facts: HoldFacts, book: CirculationBook, *, at: datetime, by: str, reason: str
) -> Decision[HoldActPlan]:
    """Give a hold up, for a stated reason. The item that waited for it goes to the next in line."""
    if not reason.strip():
        return decided([reasons.HOLD_WHY_MISSING(act="cancel")], ())
    hold = facts.hold
    events = (HoldCancelled(at, by, hold.id, hold.patron_id, reason), *left_on_shelf(facts, at, by))
    arrival = after_item(facts, book, at, by, policy_of(facts, book, at))
    if arrival is None:
        return Permit(HoldActPlan(events))
    return Permit(HoldActPlan(events + arrival.events, arrival), arrival.alerts)


def release_hold(facts: HoldFacts, *, at: datetime, by: str, why: str) -> Decision[HoldActPlan]:
    """Take the item from a hold that has one; the hold waits again, in its old place."""
    found = wrong_state(facts, "release", HoldState.READY)
    if not why.strip():
        found.append(reasons.HOLD_WHY_MISSING(act="release"))
    hold = facts.hold
    if hold.item_id is None:
        return decided(found, ())
    return decided(found, (HoldReleased(at, by, hold.id, hold.item_id, why), *left_on_shelf(facts, at, by)))


def lapse_hold(
    facts: HoldFacts, book: CirculationBook, *, at: datetime, by: str, ids: IdSource, by_run: bool = True
) -> Decision[HoldActPlan]:
    """End a hold whose time is over: unfilled, or on the hold shelf, where the item goes to the next in line (D7).

    `by_run` is set for the daily run, which the policy may let wait for an open day or keep out altogether (D6).
    """
    hold = facts.hold
    policy = policy_of(facts, book, at)
    on_shelf = hold.state is HoldState.READY
    reason = not_yet(facts, book, policy, at, by_run=by_run)
    if reason is not None:
        return Refuse((reason,))
    ending = HoldEnding.EXPIRED_ON_SHELF if on_shelf else HoldEnding.EXPIRED_UNFILLED
    events: tuple[Event, ...] = (HoldExpired(at, by, hold.id, hold.patron_id, ending), *left_on_shelf(facts, at, by))
    fee = policy.expiry_fee
    if on_shelf and fee is not None and fee.amount and facts.account is not None:
        act = Act(at, by, facts.library)
        charged = charge(
            facts.account,
            act,
            amount=fee,
            cause=Cause.HOLD_NOT_COLLECTED,
            ids=ids,
            policy=book.accounts,
            item_id=hold.item_id,
        )
        events += charged.result.events if isinstance(charged, Permit) else ()
    arrival = after_item(facts, book, at, by, policy)
    if arrival is None:
        return Permit(HoldActPlan(events))
    return Permit(HoldActPlan(events + arrival.events, arrival), arrival.alerts)


def not_yet(
    facts: HoldFacts, book: CirculationBook, policy: HoldPolicy, at: datetime, *, by_run: bool
) -> Reason | None:
    """Why the hold does not end now."""
    hold, calendar = facts.hold, book.calendar(facts.hold.pickup_library)
    today = calendar.service_day(at)
    if hold.state is not HoldState.READY:
        lapsed = hold.lapses_at is not None and hold.lapses_at < at
        unwanted = hold.wanted_until is not None and hold.wanted_until < today
        over = hold.state is HoldState.WAITING and (lapsed or unwanted)
        return None if over else reasons.HOLD_NOT_DUE(until=hold.lapses_at or hold.wanted_until or "")
    until = None if facts.ready is None else facts.ready.keep_until
    if until is None or until >= at:
        return reasons.HOLD_NOT_DUE(until=until or "")
    waits = policy.expiry_run is ExpiryRun.ON_OPEN_DAYS and not calendar.is_open_day(today)
    if by_run and (waits or policy.expiry_run is ExpiryRun.BY_HAND):
        return reasons.HOLD_RUN_WAITS(run=policy.expiry_run.value)
    return None
