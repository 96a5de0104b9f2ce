"""The queue of a title: a total, stable order of places, computed whenever somebody asks.

Every order is by cut, priority and time within one pickup library or one local library; only whether a hold is local
or near depends on the item. So the first of the whole queue is among the firsts of a few indexed queues, however
long the queue is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import Enum

from attrs import frozen

from libops.base.ids import HoldId, LibraryCode
from libops.circulation.model.holds import Hold, HoldPlace, HoldState
from libops.circulation.policy.holds.network import HoldSettings, LocalTo, QueueKey
from libops.items.model import Item

__all__ = ["PositionView", "Rank", "Standpoint", "heads_to_read", "moved_between", "positions", "queue_order", "rank"]

Rank = tuple[int | datetime | str, ...]

FARTHEST = 1 << 30
INSTANT = timedelta(microseconds=1)


@frozen
class Standpoint:
    """From where a queue is looked at: where the item is now, who owns and who keeps it, and its type."""

    here: LibraryCode
    item_home: str = ""
    item_holding: str = ""
    item_type: str = ""

    @classmethod
    def of(cls, item: Item, here: LibraryCode) -> Standpoint:
        """The standpoint of an item that is in hand at a library."""
        return cls(here, item.home_library, item.holding_library, item.item_type)

    def local_library(self, settings: HoldSettings) -> str:
        """The library whose holds are local to the item; empty where none is."""
        if self.item_type in settings.local_without_item_types:
            return ""
        return self.item_home if settings.local_to is LocalTo.ITEM_HOME else self.item_holding


def rank(place: HoldPlace | Hold, settings: HoldSettings, standpoint: Standpoint, *, remote: bool = False) -> Rank:
    """Where a hold stands in the order; the lower goes first. `remote` ranks it as if it were local and near nobody."""
    found: list[int | datetime | str] = []
    for key in settings.keys:
        if key is QueueKey.CUT:
            found.append(place.cut)
        elif key is QueueKey.PRIORITY:
            found.append(place.priority)
        elif key is QueueKey.TIME:
            found.append(place.queued_at)
        elif key is QueueKey.LOCAL_FIRST:
            local = standpoint.local_library(settings)
            found.append(0 if local and place.local_library == local and not remote else 1)
        elif key is QueueKey.PICKUP_HERE:
            found.append(0 if place.pickup_library == standpoint.here and not remote else 1)
        else:
            near = settings.proximity.get(standpoint.here, {})
            own = 0 if place.pickup_library == standpoint.here else FARTHEST
            found.append(FARTHEST if remote else near.get(place.pickup_library, own))
    found.append(place.hold_id if isinstance(place, HoldPlace) else place.id)
    return tuple(found)


def queue_order(places: Iterable[HoldPlace], settings: HoldSettings, standpoint: Standpoint) -> tuple[HoldPlace, ...]:
    """The places in the order in which they are served; of a hold with several places, the first counts."""
    served: dict[HoldId, HoldPlace] = {}
    for place in sorted(places, key=lambda place: rank(place, settings, standpoint)):
        served.setdefault(place.hold_id, place)
    return tuple(served.values())


def heads_to_read(settings: HoldSettings, standpoint: Standpoint) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Which indexed queues hold the first of the whole queue: pairs of an index and the library it is asked for."""
    heads: list[tuple[str, tuple[str, ...]]] = [("by_queue", ())]
    local = standpoint.local_library(settings)
    if QueueKey.LOCAL_FIRST in settings.keys and local:
        heads.append(("by_local", (local,)))
    near: dict[str, None] = {}
    if QueueKey.PICKUP_HERE in settings.keys or QueueKey.PROXIMITY in settings.keys:
        near[standpoint.here] = None
    if QueueKey.PROXIMITY in settings.keys:
        near |= dict.fromkeys(settings.proximity.get(standpoint.here, ()))
    return (*heads, *(("by_pickup", (library,)) for library in near))


class PositionView(Enum):
    """How systems number a queue that has items set aside (D3)."""

    READY_UNNUMBERED = "ready-unnumbered"
    """A hold whose item is caught has position 0, and those that wait count from 1 (Koha)."""
    ALL_NUMBERED = "all-numbered"
    """All count from 1, those whose item is caught in front (FOLIO)."""


def positions(
    holds: Iterable[Hold],
    settings: HoldSettings,
    standpoint: Standpoint,
    *,
    view: PositionView = PositionView.READY_UNNUMBERED,
) -> dict[HoldId, int]:
    """The position of each hold of a title, numbered as the view says, without gaps."""
    waiting: list[HoldId] = []
    caught: list[HoldId] = []
    for hold in sorted(holds, key=lambda hold: rank(hold, settings, standpoint)):
        (waiting if hold.state is HoldState.WAITING else caught).append(hold.id)
    if view is PositionView.ALL_NUMBERED:
        return {hold_id: number for number, hold_id in enumerate([*caught, *waiting], 1)}
    return {**dict.fromkeys(caught, 0), **{hold_id: number for number, hold_id in enumerate(waiting, 1)}}


def moved_between(
    queue: Sequence[HoldPlace], moved: HoldPlace, position: int
) -> list[tuple[HoldPlace, int, int, datetime]]:
    """What puts a hold at a position (from 1): the places that change with their new cut, priority and time.

    `queue` is the head of the queue without the moved one, at least up to that position. Mostly one place changes;
    where two neighbors leave no instant between them, those before it move up by an instant as well.
    """
    ahead, behind = list(queue[: position - 1]), queue[position - 1 : position]
    if behind:
        cut, priority, at = behind[0].cut, behind[0].priority, behind[0].queued_at - INSTANT
    elif ahead:
        cut, priority, at = ahead[-1].cut, ahead[-1].priority, ahead[-1].queued_at + INSTANT
        return [(moved, cut, priority, at)]
    else:
        return []
    changes = [(moved, cut, priority, at)]
    for place in reversed(ahead):
        if (place.cut, place.priority, place.queued_at) < (cut, priority, at):
            break
        at -= INSTANT
        changes.append((place, cut, priority, at))
    return changes
