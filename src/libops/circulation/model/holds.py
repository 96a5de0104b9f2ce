"""Holds: what a patron waits for, the hold's places in the queues of its title, and the item set aside at last.

No position is stored. A waiting hold has a `HoldPlace` in the queue of each thing that could fill it, and the queue is
the order of those places. An item set aside is stored under the item, so that it cannot wait for two patrons.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from attrs import evolve, frozen

from libops.base.errors import InvalidValue
from libops.base.ids import BibId, HoldId, ItemId, LibraryCode, PatronId
from libops.circulation.model.loans import Waived

__all__ = [
    "ClosedHold",
    "Hold",
    "HoldEnding",
    "HoldLevel",
    "HoldPlace",
    "HoldState",
    "HoldTarget",
    "ReadyHold",
    "ShelfClearance",
    "TargetRefusal",
    "places_of",
    "retitled",
]


class HoldLevel(Enum):
    """What a hold asks for."""

    TITLE = "title"
    """Any item of the bibliographic record."""
    ITEM_GROUP = "item_group"
    """Any item of one volume or part."""
    ITEM = "item"
    """This very item."""
    ANY_OF = "any_of"
    """The first that comes of several titles or items."""


class HoldState(Enum):
    """Where a hold stands. A suspended hold is a waiting one with `suspended_until`."""

    WAITING = "waiting"
    IN_TRANSIT = "in_transit"
    """Its item is on the way to the pickup library."""
    READY = "ready"
    """Its item waits on the hold shelf."""


class HoldEnding(Enum):
    """How a hold ended."""

    FILLED = "filled"
    CANCELLED = "cancelled"
    EXPIRED_UNFILLED = "expired_unfilled"
    EXPIRED_ON_SHELF = "expired_on_shelf"


@frozen(weakref_slot=False)
class Hold:
    """A hold in force. Times are in UTC.

    `targets` are what may fill it (`bib:...`, `item:...` or `group:BIB:VOLUME`) and `target_bibs` their titles. The
    queue goes by `cut` (the lower first; staff move a hold with it), `priority` (the lower first) and `queued_at`,
    which is `placed_at` unless staff moved the hold. `local_library` is the library at which the hold counts as
    local, empty where it never does. `suspended_from` and `suspended_until` bound a suspension; one without end has
    `suspended_until` None. `lapses_at` is when it expires unfilled, `wanted_until` the patron's own limit, on the
    shelf as well. `item_id` is the item that was caught for it. `waived` is what staff set aside when they placed it,
    which is not asked again when it is filled. Until `stalled_until` only items at the pickup library fill it.
    """

    id: HoldId
    patron_id: PatronId
    bib_id: BibId
    level: HoldLevel
    targets: tuple[str, ...]
    target_bibs: tuple[BibId, ...]
    pickup_library: LibraryCode
    placed_at: datetime
    queued_at: datetime
    patron_category: str
    patron_library: LibraryCode
    local_library: str = ""
    cut: int = 0
    priority: int = 0
    state: HoldState = HoldState.WAITING
    suspended_from: datetime | None = None
    suspended_until: datetime | None = None
    lapses_at: datetime | None = None
    wanted_until: date | None = None
    item_id: ItemId | None = None
    recall: bool = False
    rule: str = ""
    policy: str = ""
    batch: str = ""
    """What several holds placed at once have in common (a book club's), else empty."""
    note: str = ""
    waived: Waived | None = None
    stalled_until: datetime | None = None

    def waives(self, *codes: str) -> bool:
        """Whether staff set one of these reasons aside when they placed the hold."""
        return self.waived is not None and not set(codes).isdisjoint(self.waived.codes)

    def suspended(self, at: datetime) -> bool:
        """Whether the hold is suspended at an instant."""
        return suspended(self.suspended_from, self.suspended_until, at)


def suspended(since: datetime | None, until: datetime | None, at: datetime) -> bool:
    return since is not None and since <= at and (until is None or at < until)


@frozen(weakref_slot=False)
class HoldPlace:
    """A waiting hold's place in the queue of one target; a hold any of several things may fill has one in each."""

    key: str
    hold_id: HoldId
    target: str
    bib_id: BibId
    patron_id: PatronId
    pickup_library: LibraryCode
    local_library: str
    cut: int
    priority: int
    queued_at: datetime
    suspended_from: datetime | None = None
    suspended_until: datetime | None = None

    def suspended(self, at: datetime) -> bool:
        """Whether the hold is suspended at an instant."""
        return suspended(self.suspended_from, self.suspended_until, at)


@frozen(weakref_slot=False)
class ReadyHold:
    """An item set aside for a patron, stored under the item. `keep_until` is its last instant on the hold shelf."""

    item_id: ItemId
    hold_id: HoldId
    patron_id: PatronId
    bib_id: BibId
    pickup_library: LibraryCode
    ready_at: datetime
    keep_until: datetime | None = None


@frozen(weakref_slot=False)
class ShelfClearance:
    """An item that still stands on the hold shelf of `library` though its hold is over, stored under the item.

    Its hold ran out of time, was cancelled, released or moved to another pickup library, and nobody has taken the item
    off yet: a check-in does. Who it waited for is not said here, so that nothing has to be forgotten.
    """

    item_id: ItemId
    bib_id: BibId
    library: LibraryCode
    since: datetime


@frozen
class TargetRefusal:
    """An item that was not chosen to be fetched for a hold, and the reason code that says why."""

    item_id: ItemId
    code: str


@frozen
class HoldTarget:
    """The item that one library was asked to fetch for a waiting hold; no item where none is left to ask for.

    `tried` are the libraries that were asked in this round and did not deliver, `loops` the rounds that are over.
    `refused` are the other items of the title, as they were when the item was chosen.
    """

    hold_id: HoldId
    item_id: ItemId | None
    library: LibraryCode | None
    targeted_at: datetime
    tried: tuple[LibraryCode, ...] = ()
    loops: int = 0
    refused: tuple[TargetRefusal, ...] = ()


@frozen
class ClosedHold:
    """A hold that has ended. `patron_id` is None once it has been anonymized."""

    id: HoldId
    patron_id: PatronId | None
    bib_id: BibId
    level: HoldLevel
    pickup_library: LibraryCode
    placed_at: datetime
    patron_category: str
    ending: HoldEnding
    closed_at: datetime
    item_id: ItemId | None = None
    reason: str = ""


def places_of(hold: Hold) -> tuple[HoldPlace, ...]:
    """The places in queues that a hold has while it waits. Raises `InvalidValue` for a hold that asks for nothing."""
    if not hold.targets:
        raise InvalidValue(f"hold {hold.id!r} asks for nothing: give a title, an item group or items")
    return tuple(
        HoldPlace(
            f"{hold.id}/{number}",
            hold.id,
            target,
            bib_id,
            hold.patron_id,
            hold.pickup_library,
            hold.local_library,
            hold.cut,
            hold.priority,
            hold.queued_at,
            hold.suspended_from,
            hold.suspended_until,
        )
        for number, (target, bib_id) in enumerate(zip(hold.targets, hold.target_bibs, strict=True))
    )


def retitled(hold: Hold, gone: BibId, into: BibId, item_id: ItemId | None = None) -> Hold:
    """A hold that asks for another title in place of one that is gone; nothing is asked for twice.

    With `item_id`, the title is not gone: that item has left it, and what is asked of others stays.
    """

    def moves(asked: str, bib: BibId) -> bool:
        return (bib == gone and item_id is None) or asked == f"item:{item_id}"

    def target(asked: str) -> str:
        if asked == f"bib:{gone}":
            return f"bib:{into}"
        volume = f"group:{gone}:"
        return f"group:{into}:{asked.removeprefix(volume)}" if asked.startswith(volume) else asked

    asked = zip(hold.targets, hold.target_bibs, strict=True)
    wanted = dict([(target(each), into) if moves(each, bib) else (each, bib) for each, bib in asked])
    first = into if hold.bib_id == gone and gone not in wanted.values() else hold.bib_id
    return evolve(hold, bib_id=first, targets=tuple(wanted), target_bibs=tuple(wanted.values()))
