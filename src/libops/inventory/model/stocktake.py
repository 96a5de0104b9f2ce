"""A stocktake's records: the session, the list frozen at its start, the scans, the devices, and what was corrected.

The session never holds a list, so that a session of 100,000 scans is as quick to write to as one of ten.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.base.ids import ItemId, LibraryCode, StocktakeId
from libops.base.texts import an_identifier, not_blank
from libops.classification import KeyRange
from libops.inventory.model.shelf import Place, ShelfItem, ShelfStatus

__all__ = [
    "STANDARD_TERMS",
    "STOCKTAKE_TRANSITIONS",
    "Correction",
    "CorrectionKind",
    "CorrectionState",
    "ExpectedItem",
    "LateScans",
    "OrderCheck",
    "RepeatedScan",
    "Stocktake",
    "StocktakeAct",
    "StocktakeDevice",
    "StocktakeRange",
    "StocktakeScan",
    "StocktakeState",
    "StocktakeTerms",
]


class StocktakeState(Enum):
    """Where a counting session stands."""

    COUNTING = "counting"
    CLOSED = "closed"
    """Counting has ended; the result is reviewed."""
    ACCEPTED = "accepted"
    CANCELED = "canceled"


class StocktakeAct(Enum):
    """What can be done with a counting session."""

    SCAN = "scan"
    CLOSE = "close"
    REOPEN = "reopen"
    ACCEPT = "accept"
    UNDO = "undo"
    CANCEL = "cancel"


STOCKTAKE_TRANSITIONS: Mapping[StocktakeState, Mapping[StocktakeAct, StocktakeState]] = {
    StocktakeState.COUNTING: {
        StocktakeAct.SCAN: StocktakeState.COUNTING,
        StocktakeAct.CLOSE: StocktakeState.CLOSED,
        StocktakeAct.CANCEL: StocktakeState.CANCELED,
    },
    StocktakeState.CLOSED: {
        StocktakeAct.SCAN: StocktakeState.CLOSED,
        StocktakeAct.REOPEN: StocktakeState.COUNTING,
        StocktakeAct.ACCEPT: StocktakeState.ACCEPTED,
        StocktakeAct.CANCEL: StocktakeState.CANCELED,
    },
    StocktakeState.ACCEPTED: {StocktakeAct.UNDO: StocktakeState.CLOSED},
    StocktakeState.CANCELED: {},
}
"""Which act leads from which state to which; an act that is not there is not legal."""


class RepeatedScan(Enum):
    """What it means when one barcode is read at two places."""

    SUSPECT_DUPLICATE = "suspect_duplicate"
    """Two items may carry one barcode: reported, for a person to look at both places."""
    LAST_COUNTS = "last_counts"
    """The item was put right while counting (or tags are read many times): the last read says where it stands."""


class OrderCheck(Enum):
    """Whether the order of the scans is the order on the shelf."""

    SCAN_ORDER = "scan_order"
    """Items were scanned one by one along the shelf."""
    OFF = "off"
    """Items were read in bulk, as some RFID wands do: their order says nothing."""


class LateScans(Enum):
    """What happens to offline scans that arrive after counting was closed."""

    TAKE = "take"
    """They count until the result is accepted."""
    REFUSE = "refuse"
    """They are refused; reopen the session to take them."""


@frozen(kw_only=True)
class StocktakeTerms:
    """How a library counts. Frozen into the session at its start, so that its result can be reckoned again.

    `clock_tolerance` is in minutes: a loan or return that close to a scan never makes an alarm. `new_run_after` is in
    seconds: a pause that long starts a new run along the shelf; with None only the device says where one starts.
    """

    order_check: OrderCheck = OrderCheck.SCAN_ORDER
    repeated_scan: RepeatedScan = RepeatedScan.SUSPECT_DUPLICATE
    late_scans: LateScans = LateScans.TAKE
    clock_tolerance: int = field(default=0)
    new_run_after: int | None = field(default=None)

    @clock_tolerance.validator
    def _not_negative(self, attribute: object, value: int) -> None:
        if value < 0:
            raise InvalidValue(f"clock tolerance {value} is negative: give minutes, 0 for none")

    @new_run_after.validator
    def _positive(self, attribute: object, value: int | None) -> None:
        if value is not None and value < 1:
            raise InvalidValue(f"a new run after {value} seconds is no pause: give 1 or more, or None")


STANDARD_TERMS = StocktakeTerms()
"""One by one along the shelf, clocks trusted, late scans taken."""


@frozen(kw_only=True)
class StocktakeRange:
    """What is counted: a library, one of its shelving locations, a stretch of call numbers there, or a list of items.

    `location` None means all locations. `listed` marks a list: the items expected are the range, wherever they stand,
    and the order in which they are met is not checked.
    `call_numbers` is the stretch as people write it ("500-599") and `keys`
    what the scheme's `range` makes of it; None means all.
    """

    library: LibraryCode
    location: str | None = None
    keys: KeyRange | None = None
    call_numbers: str = ""
    listed: bool = False

    def is_here(self, place: Place) -> bool:
        """Whether an item of that place belongs to the shelves that are counted."""
        return self.library == place.library and self.location in (None, place.location)

    def holds(self, item: ShelfItem) -> bool:
        """Whether an item belongs to the range. A list holds nothing by rule; its items are named at the start."""
        return not self.listed and self.is_here(item.place) and self.spans(item.sort_key)

    def spans(self, sort_key: str) -> bool:
        """Whether a sort key lies in the stretch that is counted."""
        return self.keys is None or sort_key in self.keys

    def overlaps(self, other: StocktakeRange) -> bool:
        """Whether two ranges can count the same item; lists are not compared."""
        return (
            self.library == other.library
            and not (self.listed or other.listed)
            and (self.location is None or other.location in (None, self.location))
            and (
                self.keys is None
                or other.keys is None
                or (self.keys.low < other.keys.high and other.keys.low < self.keys.high)
            )
        )


@frozen(kw_only=True)
class Stocktake:
    """One counting session: what is counted, how many items were expected at its start, and where it stands."""

    id: StocktakeId = field(validator=an_identifier)
    name: str = field(validator=not_blank)
    range: StocktakeRange
    terms: StocktakeTerms
    expected: int
    state: StocktakeState
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None = None
    accepted_at: datetime | None = None
    accepted_by: str = ""
    canceled_why: str = ""


@frozen(kw_only=True)
class ExpectedItem:
    """An item of the range as the records had it when the session was opened. Keyed by session and item."""

    session_id: StocktakeId
    item: ShelfItem

    @property
    def key(self) -> str:
        """`session:item`."""
        return f"{self.session_id}:{self.item.item_id}"


@frozen
class StocktakeScan:
    """One read of a barcode or tag. Keyed by session, device and the device's own running number.

    `run` names the stretch of shelf that is being walked (a range end, a cart); scans of one device and run lie side
    by side in the order of their numbers. `location` is the shelving location the device was set to, None if none.
    """

    session_id: StocktakeId
    device: str
    number: int = field()
    text: str
    at: datetime
    run: str = ""
    location: str | None = None

    @number.validator
    def _counts_from_one(self, attribute: object, value: int) -> None:
        if value < 1:
            raise InvalidValue(f"scan number {value} is below 1: a device numbers its scans from 1 up")

    @property
    def key(self) -> str:
        """`session:device:number`, the number in eight digits so that keys sort as scanned."""
        return f"{self.session_id}:{self.device}:{self.number:08d}"


@frozen
class StocktakeDevice:
    """How far a device has come, so that counting resumes where it stopped. Keyed by session and device."""

    session_id: StocktakeId
    device: str
    scans: int
    last_number: int
    last_at: datetime

    @property
    def key(self) -> str:
        """`session:device`."""
        return f"{self.session_id}:{self.device}"


class CorrectionKind(Enum):
    """What an accepted stocktake changes in the records."""

    MARK_MISSING = "mark_missing"
    MARK_FOUND = "mark_found"
    """An item that was missing, lost or claimed returned stands on its shelf: it is available again."""
    CHECK_IN = "check_in"
    """An item on loan or on its way stands on its shelf: it is checked in, which ends its loan or transit."""
    REINSTATE = "reinstate"
    """A withdrawn item is taken back into the collection."""
    CHANGE_LOCATION = "change_location"
    """The item stays where it was found, and its record follows."""


class CorrectionState(Enum):
    """Whether a correction stands."""

    APPLIED = "applied"
    UNDONE = "undone"
    LEFT = "left"
    """Not undone, because the item has changed again since."""


@frozen(kw_only=True)
class Correction:
    """One item's correction with what was before, so that it can be undone. Keyed by session, item and kind."""

    session_id: StocktakeId
    item_id: ItemId
    kind: CorrectionKind
    before_status: ShelfStatus
    after_status: ShelfStatus
    before_place: Place
    after_place: Place
    state: CorrectionState = CorrectionState.APPLIED

    @property
    def key(self) -> str:
        """`session:item:kind`."""
        return f"{self.session_id}:{self.item_id}:{self.kind.value}"

    def stands(self, item: ShelfItem) -> bool:
        """Whether an item still is what this correction made of it."""
        if self.kind is CorrectionKind.CHANGE_LOCATION:
            return item.place == self.after_place
        return item.status is self.after_status
