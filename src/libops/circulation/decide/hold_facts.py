"""The facts that decisions about holds and ways between libraries are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from attrs import field, frozen

from libops.base.ids import BibId, HoldId, LibraryCode, PatronId
from libops.catalog.model import BibRecord
from libops.circulation.model import (
    Hold,
    HoldLevel,
    HoldPlace,
    ItemState,
    Loan,
    OpenRecords,
    ReadyHold,
    ShelfClearance,
    Transit,
    item_state,
)
from libops.fees.decide.facts import AccountFacts
from libops.items.model import Item
from libops.patrons.model import Patron
from libops.patrons.standing import Standing

__all__ = [
    "ArrivalFacts",
    "Candidate",
    "HoldFacts",
    "ItemOfTitle",
    "MatchFacts",
    "PlaceHoldFacts",
    "QueueHead",
    "Wanted",
    "bib_target",
    "group_target",
    "hold_filled_by",
    "item_target",
    "open_records",
    "targets_of",
]


def open_records(
    item: Item, loan: Loan | None, ready: ReadyHold | None, transit: Transit | None, *, in_process: bool = False
) -> OpenRecords:
    """Which records are open for an item, as far as circulation keeps them. A withdrawn item is nothing else."""
    if item.withdrawn:
        return OpenRecords(withdrawn=True)
    return OpenRecords(
        on_loan=loan is not None,
        awaiting_pickup=ready is not None,
        in_transit=transit is not None,
        declared_lost=loan is not None and loan.declared_lost_at is not None,
        aged_to_lost=loan is not None and loan.aged_to_lost_at is not None,
        claimed_returned=loan is not None and loan.claimed_returned_at is not None,
        missing=item.missing_since is not None,
        in_process=in_process,
    )


def bib_target(bib_id: str) -> str:
    """The target of a hold on any item of a title."""
    return f"bib:{bib_id}"


def item_target(item_id: str) -> str:
    """The target of a hold on one item."""
    return f"item:{item_id}"


def group_target(bib_id: str, volume: str) -> str:
    """The target of a hold on any item of one volume."""
    return f"group:{bib_id}:{volume}"


def targets_of(item: Item) -> tuple[str, ...]:
    """The queues that an item serves: its title's, its volume's, its own.

    >>> from libops.base.ids import BibId, ItemId
    >>> targets_of(Item(ItemId("i1"), BibId("b1"), LibraryCode("MAIN"), LibraryCode("MAIN"), enumeration="v.2"))
    ('bib:b1', 'item:i1', 'group:b1:v.2')
    """
    found = (bib_target(item.bib_id), item_target(item.id))
    return (*found, group_target(item.bib_id, item.enumeration)) if item.enumeration else found


def hold_filled_by(
    item: Item, patron_id: PatronId, holds: Iterable[Hold], ready: ReadyHold | None, transit: Transit | None
) -> Hold | None:
    """Which of the patron's own holds a checkout of the item fills: the one it was caught for, else the oldest."""
    caught = {None if ready is None else ready.hold_id, None if transit is None else transit.hold_id}
    own = sorted((hold for hold in holds if hold.patron_id == patron_id), key=lambda hold: (hold.queued_at, hold.id))
    for hold in own:
        if hold.id in caught and hold.item_id == item.id:
            return hold
    served = targets_of(item)
    return next((hold for hold in own if hold.item_id is None and any(t in served for t in hold.targets)), None)


GONE = frozenset(
    {
        ItemState.MISSING,
        ItemState.DECLARED_LOST,
        ItemState.AGED_TO_LOST,
        ItemState.CLAIMED_RETURNED,
        ItemState.WITHDRAWN,
    }
)


@frozen
class ItemOfTitle:
    """An item that a hold could be filled with, and the records that are open for it."""

    item: Item
    loan: Loan | None = None
    ready: ReadyHold | None = None
    transit: Transit | None = None
    in_process: bool = False
    clearance: ShelfClearance | None = None

    @property
    def state(self) -> ItemState:
        """The item's circulation state."""
        return item_state(open_records(self.item, self.loan, self.ready, self.transit, in_process=self.in_process))

    @property
    def on_shelf(self) -> bool:
        """Whether the item stands there for everybody, and not on a hold shelf still that is to be cleared."""
        return self.state is ItemState.AVAILABLE and self.clearance is None and self.circulates

    @property
    def serves(self) -> bool:
        """Whether the item can fill a hold sooner or later: it is not gone, and it may leave the house."""
        return self.state not in GONE and not self.item.not_for_loan

    @property
    def circulates(self) -> bool:
        """Whether the item fills holds as it is: it serves, and need not be mended before."""
        return self.serves and not (self.item.damaged or self.item.in_repair)


@frozen(kw_only=True)
class Wanted:
    """What a patron asks for, as it came to the desk. `count` holds are placed at once, all or none."""

    level: HoldLevel
    targets: tuple[str, ...]
    target_bibs: tuple[BibId, ...]
    pickup_library: LibraryCode
    wanted_until: date | None = None
    suspended: bool = False
    suspended_until: datetime | None = None
    recall: bool = False
    count: int = 1
    note: str = ""


@frozen
class PlaceHoldFacts:
    """What placing a hold depends on.

    `items` are those that could fill it. `own_holds` are the patron's holds on the title, `placed_today` and
    `suspended` count the patron's holds in force. `pickup_places` are the libraries with a pickup counter. `borrowers`
    are those who have the items, asked for where one may be recalled.
    """

    library: LibraryCode
    patron: Patron
    standing: Standing
    bib: BibRecord
    wanted: Wanted
    items: tuple[ItemOfTitle, ...]
    account: AccountFacts
    pickup_places: frozenset[LibraryCode]
    own_holds: tuple[Hold, ...] = ()
    placed_today: int = 0
    suspended: int = 0
    overdue: tuple[Loan, ...] = ()
    borrowers: Mapping[PatronId, Patron] = field(factory=dict)


@frozen
class HoldFacts:
    """What an act on one hold depends on. `account` is asked for where a fee may be due.

    `item`, `ready` and `transit` are what was caught for the hold and where it is.
    """

    library: LibraryCode
    hold: Hold
    patron: Patron
    standing: Standing
    bib: BibRecord
    item: Item | None = None
    ready: ReadyHold | None = None
    account: AccountFacts | None = None
    arrival: ArrivalFacts | None = None
    queue: tuple[HoldPlace, ...] = ()
    pickup_places: frozenset[LibraryCode] = frozenset()
    transit: Transit | None = None


@frozen
class QueueHead:
    """The first places of one indexed queue; `more` says that it goes on behind them."""

    index: str
    places: tuple[HoldPlace, ...]
    more: bool = False


@frozen
class Candidate:
    """A hold that an item might fill, and its patron."""

    hold: Hold
    patron: Patron
    standing: Standing
    library: LibraryCode
    overdue: tuple[Loan, ...] = ()


NO_CANDIDATES: Mapping[HoldId, Candidate] = {}


@frozen
class MatchFacts:
    """What an item in hand can be matched with: the heads of its queues and the holds that stand there."""

    item: Item
    bib: BibRecord
    library: LibraryCode
    heads: tuple[QueueHead, ...] = ()
    candidates: Mapping[HoldId, Candidate] = field(default=NO_CANDIDATES)


@frozen
class ArrivalFacts:
    """An item in hand at a library, with nobody having it on loan any more.

    `hold` is the one the item was caught for, if it is still in force. `stands_at` is the library where it stands for a
    while, as part of a rotating collection; None where it belongs where the return settings say. `clearance` is set
    while it stands on a hold shelf, with its hold over.
    """

    match: MatchFacts
    transit: Transit | None = None
    ready: ReadyHold | None = None
    hold: Candidate | None = None
    in_process: bool = False
    stands_at: LibraryCode | None = None
    clearance: ShelfClearance | None = None
