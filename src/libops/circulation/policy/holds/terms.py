"""Hold policies as data: what a rule grants to a patron who wants an item that is not in hand.

>>> HoldPolicy(in_all=0).in_all, HoldPolicy().in_all
(0, None)
"""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from libops.base.bounds import at_least_zero
from libops.base.ids import LibraryCode
from libops.base.money import Money
from libops.base.periods import Period
from libops.circulation.policy.due import ClosedDays, RecallTerms
from libops.circulation.policy.terms import AgeTerms

__all__ = [
    "ExpiryRun",
    "HoldPolicy",
    "HoldScope",
    "ItemLevel",
    "NextInLine",
    "OnShelf",
    "PickupMatch",
    "RecallPolicy",
    "SecondScan",
    "SuspendedCounting",
]


class HoldScope(Enum):
    """Whose items may fill the hold of a patron."""

    NOWHERE = "nowhere"
    """Such items cannot be held."""
    OWN_LIBRARY = "own-library"
    """Only items owned by the patron's home library."""
    GROUP = "group"
    """Items of the libraries in a group with the patron's home library."""
    ANYWHERE = "anywhere"


class OnShelf(Enum):
    """Whether an item that stands on the shelf can be held (D4)."""

    ALWAYS = "always"
    """Yes; staff fetch it (Koha "yes", FOLIO's page)."""
    IF_ANY_OUT = "if-any-out"
    """When at least one item of the title is out; staff fetch the others (Koha)."""
    IF_ALL_OUT = "if-all-out"
    """Only when no item that the patron may hold is there (Koha)."""
    NEVER = "never"
    """Only items that are out; those on the shelf are for whoever comes, and are not on the pull list."""
    ONLY_AVAILABLE = "only-available"
    """Only what stands on the shelf can be held (ddd)."""


class ItemLevel(Enum):
    """Whether a patron may ask for one item rather than for the title."""

    NO = "no"
    YES = "yes"
    ONLY = "only"
    """Every hold names its item."""


class PickupMatch(Enum):
    """Whether the pickup library must be the item's own (D2)."""

    ANY = "any"
    HOME = "home"
    """The library that owns the item."""
    HOLDING = "holding"
    """The library where it is kept now."""
    GROUP = "group"
    """A library in a group with the one that owns it."""


class SuspendedCounting(Enum):
    """Whether suspended holds count against the limit."""

    COUNTED = "counted"
    NOT_COUNTED = "not-counted"


class ExpiryRun(Enum):
    """When the end of the shelf time is acted upon (D6)."""

    ON_ANY_DAY = "on-any-day"
    """The daily run frees the item on closed days as well."""
    ON_OPEN_DAYS = "on-open-days"
    """The run waits until the pickup library opens again."""
    BY_HAND = "by-hand"
    """Never by the run: staff clear the shelf."""


class NextInLine(Enum):
    """What becomes of an item that was not picked up (D7)."""

    AT_ONCE = "at-once"
    """The next hold gets it at once, and it travels if need be."""
    AT_CHECK_IN = "at-check-in"
    """When it is next scanned."""


class SecondScan(Enum):
    """What a second check-in of an item on the hold shelf does to its last day."""

    KEEP = "keep"
    """Nothing (FOLIO)."""
    RESTART = "restart"
    """The shelf time begins anew."""


@frozen(kw_only=True)
class HoldPolicy:
    """What a patron may hold, where, how often and for how long.

    Each limit is absent for no limit and 0 for none at all. A period that is absent never ends.
    """

    allowed: HoldScope = HoldScope.ANYWHERE
    on_shelf: OnShelf = OnShelf.ALWAYS
    item_level: ItemLevel = ItemLevel.YES
    pickup_libraries: tuple[LibraryCode, ...] | None = None
    """Where it can be picked up; absent: at every library that has a pickup counter."""
    pickup_match: PickupMatch = PickupMatch.ANY
    per_day: int | None = field(default=None, validator=at_least_zero)
    """How many holds in force a patron may have placed on one day."""
    per_record: int | None = field(default=1, validator=at_least_zero)
    """How many holds of one patron on one title."""
    in_all: int | None = field(default=None, validator=at_least_zero)
    suspended: SuspendedCounting = SuspendedCounting.COUNTED
    age: AgeTerms = field(factory=AgeTerms)
    """The age a patron must have to hold such items (D11 says what holds for an unknown birth date)."""
    priority: int = 0
    """The place in the queue before time counts; the lower goes first."""
    expire_unfilled: Period | None = None
    """A hold that was not filled this long after it was placed lapses."""
    shelf_time: Period | None = None
    """How long an item waits for its patron; absent: for good."""
    shelf_closed_days: ClosedDays = ClosedDays.KEEP_END_OF_DAY
    """How closed days count (D5): `count-open-days` for open days only, `keep-end-of-day` for calendar days, the
    others for calendar days whose end moves out of closed days."""
    second_scan: SecondScan = SecondScan.KEEP
    expiry_run: ExpiryRun = ExpiryRun.ON_ANY_DAY
    next_in_line: NextInLine = NextInLine.AT_ONCE
    fee: Money | None = None
    """Charged when the hold is placed."""
    expiry_fee: Money | None = None
    """Charged when the patron does not pick the item up."""


@frozen(kw_only=True)
class RecallPolicy:
    """Whether a hold may shorten the loan of somebody else, and how (D9). Its fine is the fine policy's own."""

    allowed: bool = True
    terms: RecallTerms = field(factory=RecallTerms)
    per_record: int | None = field(default=None, validator=at_least_zero)
    """How many loans of one title may be recalled at once."""
