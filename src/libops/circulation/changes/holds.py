"""What each event about holds changes: the hold, its places in queues, the item set aside, the patron's count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from libops.base.errors import NotFound
from libops.base.events import Change, Changes, Drop, Put, Records, removing, replacing
from libops.base.ids import HoldId, ItemId
from libops.circulation.events.holds import (
    HoldCancelled,
    HoldEvent,
    HoldExpired,
    HoldFilled,
    HoldForgotten,
    HoldMoved,
    HoldPickupChanged,
    HoldPlaced,
    HoldReady,
    HoldReleased,
    HoldResumed,
    HoldRetitled,
    HoldShipped,
    HoldSuspended,
    ItemLeftOnHoldShelf,
    ItemTakenOffHoldShelf,
    ShelfEndMoved,
)
from libops.circulation.model.holds import (
    ClosedHold,
    Hold,
    HoldEnding,
    HoldPlace,
    HoldState,
    ReadyHold,
    ShelfClearance,
    places_of,
    retitled,
)
from libops.patrons.standing import Standing, hold_counted

__all__ = ["HOLD_CHANGES"]


def hold_of(records: Records, hold_id: HoldId) -> Hold:
    hold = records.get(Hold, hold_id)
    if hold is None:
        raise NotFound(f"there is no hold {hold_id!r}: the log is not in order")
    return hold


def put(hold: Hold) -> Iterator[Change]:
    """The hold, with its places in queues while it waits."""
    yield Put(hold)
    if hold.state is HoldState.WAITING:
        for place in places_of(hold):
            yield Put(place)


def caught(hold: Hold, state: HoldState, item_id: ItemId) -> Iterator[Change]:
    """A hold that has its item stands in no queue."""
    if hold.state is HoldState.WAITING:
        for place in places_of(hold):
            yield Drop(HoldPlace, place.key)
    yield Put(evolve(hold, state=state, item_id=item_id))


def placed(event: HoldPlaced, records: Records) -> Iterable[Change]:
    hold = event.hold
    yield from put(hold)
    yield Put(hold_counted(records.get(Standing, hold.patron_id) or Standing(hold.patron_id)))


def suspended(event: HoldSuspended, records: Records) -> Iterable[Change]:
    return put(evolve(hold_of(records, event.hold_id), suspended_from=event.at, suspended_until=event.until))


def resumed(event: HoldResumed, records: Records) -> Iterable[Change]:
    return put(evolve(hold_of(records, event.hold_id), suspended_from=None, suspended_until=None))


def moved(event: HoldMoved, records: Records) -> Iterable[Change]:
    hold = hold_of(records, event.hold_id)
    return put(evolve(hold, cut=event.cut, priority=event.priority, queued_at=event.queued_at))


def title_merged(event: HoldRetitled, records: Records) -> Iterable[Change]:
    hold = hold_of(records, event.hold_id)
    after = retitled(hold, event.gone, event.into, event.item_id)
    if hold.state is HoldState.WAITING:
        for place in places_of(hold):
            yield Drop(HoldPlace, place.key)
    ready = None if hold.item_id is None else records.get(ReadyHold, hold.item_id)
    if ready is not None and ready.hold_id == hold.id:
        yield Put(evolve(ready, bib_id=after.bib_id))
    yield from put(after)


def pickup_changed(event: HoldPickupChanged, records: Records) -> Iterable[Change]:
    hold = hold_of(records, event.hold_id)
    return put(evolve(hold, pickup_library=event.pickup_library, local_library=event.local_library))


def shipped(event: HoldShipped, records: Records) -> Iterable[Change]:
    hold = hold_of(records, event.hold_id)
    if hold.state is HoldState.READY:
        yield Drop(ReadyHold, event.item_id)
    yield from caught(hold, HoldState.IN_TRANSIT, event.item_id)
    yield Put(event.transit)


def ready(event: HoldReady, records: Records) -> Iterable[Change]:
    yield from caught(hold_of(records, event.hold_id), HoldState.READY, event.item_id)
    yield Put(event.ready)


def shelf_end_moved(event: ShelfEndMoved, records: Records) -> Iterable[Change]:
    ready = records.get(ReadyHold, event.item_id)
    if ready is not None:
        yield Put(evolve(ready, keep_until=event.until))


def released(event: HoldReleased, records: Records) -> Iterable[Change]:
    hold = hold_of(records, event.hold_id)
    if hold.state is HoldState.READY:
        yield Drop(ReadyHold, event.item_id)
    yield from put(evolve(hold, state=HoldState.WAITING, item_id=None))


def left_on_shelf(event: ItemLeftOnHoldShelf, records: Records) -> Iterable[Change]:
    yield replacing(records, event.clearance, event.item_id)


def taken_off_shelf(event: ItemTakenOffHoldShelf, records: Records) -> Iterable[Change]:
    return removing(records, ShelfClearance, event.item_id)


def filled(event: HoldFilled, records: Records) -> Iterable[Change]:
    return ended(event, records, HoldEnding.FILLED, item_id=event.item_id)


def cancelled(event: HoldCancelled, records: Records) -> Iterable[Change]:
    return ended(event, records, HoldEnding.CANCELLED, reason=event.reason)


def expired(event: HoldExpired, records: Records) -> Iterable[Change]:
    return ended(event, records, event.ending)


def forgotten(event: HoldForgotten, records: Records) -> Iterable[Change]:
    return (Put(event.hold),)


def ended(
    event: HoldEvent, records: Records, ending: HoldEnding, *, item_id: ItemId | None = None, reason: str = ""
) -> Iterator[Change]:
    hold = hold_of(records, event.hold_id)
    yield Drop(Hold, hold.id)
    if hold.state is HoldState.WAITING:
        for place in places_of(hold):
            yield Drop(HoldPlace, place.key)
    elif hold.state is HoldState.READY and hold.item_id is not None:
        yield Drop(ReadyHold, hold.item_id)
    yield Put(
        ClosedHold(
            hold.id,
            hold.patron_id or None,
            hold.bib_id,
            hold.level,
            hold.pickup_library,
            hold.placed_at,
            hold.patron_category,
            ending,
            event.at,
            item_id or hold.item_id,
            reason,
        )
    )
    yield Put(hold_counted(records.get(Standing, hold.patron_id) or Standing(hold.patron_id), -1))


HOLD_CHANGES: Changes = {
    HoldPlaced: placed,
    HoldSuspended: suspended,
    HoldResumed: resumed,
    HoldMoved: moved,
    HoldRetitled: title_merged,
    HoldPickupChanged: pickup_changed,
    HoldShipped: shipped,
    HoldReady: ready,
    ShelfEndMoved: shelf_end_moved,
    HoldReleased: released,
    ItemLeftOnHoldShelf: left_on_shelf,
    ItemTakenOffHoldShelf: taken_off_shelf,
    HoldFilled: filled,
    HoldCancelled: cancelled,
    HoldExpired: expired,
    HoldForgotten: forgotten,
}
