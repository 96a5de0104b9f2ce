"""Limits and blocks: how much a patron may have at once, and which standing stops which act.

A limit absent (`None`) is no limit; a limit of 0 means none at all. Whether reaching the number already refuses, or
only passing it, is the `Boundary`: libraries refuse a loan when the number of loans is reached, but many let a debt
stand exactly at its limit.

>>> Boundary.REACHED.stops(20, 20), Boundary.PASSED.stops(20, 20)
(True, False)
>>> LimitPolicy(items_out=20, by_item_type=(ItemTypeLimit(item_types=("dvd", "game"), limit=5),)).items_out
20
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from attrs import field, frozen

from libops.base.bounds import at_least_zero
from libops.base.decisions import Weight
from libops.base.errors import InvalidValue
from libops.base.ids import LibraryCode
from libops.base.money import Money
from libops.base.periods import Period

__all__ = [
    "Boundary",
    "ClaimsCounting",
    "CountBlock",
    "DebtBlock",
    "ItemLimitScope",
    "ItemTypeLimit",
    "LimitPolicy",
    "LimitScope",
    "OnSiteCounting",
    "PatronAction",
    "StandingBlock",
]


class PatronAction(Enum):
    """An act that a limit or a block may stop."""

    # There is one of each: Python's own hash of the name is a call for every look-up.
    __hash__ = object.__hash__

    CHECK_OUT = "check-out"
    CHECK_OUT_ON_SITE = "check-out-on-site"
    RENEW = "renew"
    RENEW_AUTOMATICALLY = "renew-automatically"
    PLACE_HOLD = "place-hold"
    CAPTURE_HOLD = "capture-hold"
    """Setting a returned item aside for this patron's hold."""
    PICK_UP = "pick-up"
    """Taking out an item that waits for this patron."""
    BOOK = "book"
    """Reserving equipment, a room or a machine."""


class Boundary(Enum):
    """Whether the number itself already stops the act."""

    REACHED = "reached"
    """At the number the act is refused (loan counts in Koha, Evergreen, FOLIO and rero; overdue count in rero)."""
    PASSED = "passed"
    """Only above the number the act is refused (Koha's debt limit for automatic renewals)."""

    def stops(self, actual: int, limit: int) -> bool:
        """Whether `actual` stops the act under `limit`."""
        return actual >= limit if self is REACHED else actual > limit


REACHED = Boundary.REACHED


class OnSiteCounting(Enum):
    """How on-site loans count (Koha offers both)."""

    TOGETHER = "together"
    """An on-site loan counts as a loan like any other."""
    APART = "apart"
    """On-site loans have a limit of their own, `on_site_items`, and count in no other."""


class LimitScope(Enum):
    """Which of the patron's loans are counted."""

    EVERYWHERE = "everywhere"
    """All of the patron's loans (rero)."""
    PER_LIBRARY = "per-library"
    """Only those made at the library of this desk, so that each library has its own count (ddd's overdue rule)."""


class ItemLimitScope(Enum):
    """Which loans count against the limit that a rule hands out (FOLIO differs from the others)."""

    ALL_LOANS = "all-loans"
    """All loans in scope, whatever the rule matched."""
    WITHIN_RULE = "within-rule"
    """Only loans of items that the rule's own item criteria match; ignored if the rule names none (FOLIO)."""


class ClaimsCounting(Enum):
    """Whether loans claimed returned count as items out."""

    COUNTED = "counted"
    NOT_COUNTED = "not-counted"
    """A loan the patron claims to have returned leaves room for another (FOLIO)."""


def acts(*, but: frozenset[PatronAction] = frozenset()) -> tuple[PatronAction, ...]:
    return tuple(action for action in PatronAction if action not in but)


BORROWING = (
    PatronAction.CHECK_OUT,
    PatronAction.RENEW,
    PatronAction.RENEW_AUTOMATICALLY,
)
REQUESTING = (*BORROWING, PatronAction.PLACE_HOLD, PatronAction.PICK_UP, PatronAction.BOOK)
EVERYTHING = acts(but=frozenset({PatronAction.CAPTURE_HOLD}))


@frozen(kw_only=True)
class ItemTypeLimit:
    """How many items of one type, or of a group of types together, a patron may have out.

    `item_types` names item types or groups of them; a loan counts if its type is any of them.
    """

    item_types: tuple[str, ...]
    limit: int = field(validator=at_least_zero)
    kinds: frozenset[str] = field(init=False, eq=False, repr=False)

    @kinds.default
    def _kinds(self) -> frozenset[str]:
        return frozenset(self.item_types)


@frozen(kw_only=True)
class CountBlock:
    """A count about the patron that stops acts: overdue items, lost items, claims, overdue recalls."""

    limit: int = field(validator=at_least_zero)
    boundary: Boundary = Boundary.REACHED
    stops: tuple[PatronAction, ...] = REQUESTING
    weight: Weight = Weight.OVERRIDABLE
    """E9: `confirm` asks the desk only (Koha's "confirm" for overdues), `overridable` needs a right to lift it."""
    scope: LimitScope = LimitScope.EVERYWHERE


@frozen(kw_only=True)
class DebtBlock:
    """A debt that stops acts."""

    limit: Money
    boundary: Boundary = Boundary.PASSED
    stops: tuple[PatronAction, ...] = REQUESTING
    weight: Weight = Weight.OVERRIDABLE


@frozen(kw_only=True)
class StandingBlock:
    """A yes-or-no standing of the patron (expired card, restriction, bad address) that stops acts."""

    stops: tuple[PatronAction, ...] = EVERYTHING
    weight: Weight = Weight.OVERRIDABLE


@frozen(kw_only=True)
class LimitPolicy:
    """How much a patron may have, and what stops them meanwhile.

    Each count is absent for no limit and 0 for none at all (E5). `items_out_per_library` is how many items lent at one
    library a patron may have, asked at that library's desk; with `control.limits = "item-home"` (or `item-holding`) how
    many that one library owns (or keeps). `by_library` gives a library a number of its own in place of it (rero's
    exceptions). A block that is absent never stops anything.
    """

    items_out: int | None = field(default=None, validator=at_least_zero)
    items_out_boundary: Boundary = Boundary.REACHED
    items_out_weight: Weight = Weight.OVERRIDABLE
    items_out_per_library: int | None = field(default=None, validator=at_least_zero)
    by_library: Mapping[LibraryCode, int] = field(factory=dict)
    by_item_type: tuple[ItemTypeLimit, ...] = ()
    item_limit_scope: ItemLimitScope = ItemLimitScope.ALL_LOANS
    on_site: OnSiteCounting = OnSiteCounting.TOGETHER
    on_site_items: int | None = field(default=None, validator=at_least_zero)
    """How many on-site loans at once, beside what other limits say of them where they count together (Koha)."""
    claims: ClaimsCounting = ClaimsCounting.COUNTED
    overdue: CountBlock | None = None
    overdue_recalls: CountBlock | None = None
    lost: CountBlock | None = None
    claims_returned: CountBlock | None = None
    """Stops when the patron has claimed so often that they returned what the library cannot find."""
    debt: DebtBlock | None = None
    expired: StandingBlock | None = StandingBlock()
    """A card past its expiry; leave `renew` out of `stops` where expired patrons may renew (Evergreen's option)."""
    expiry_alert: Period | None = None
    """Say at check-out that the card expires within this period."""
    restricted: StandingBlock | None = StandingBlock()
    """A restriction set by the library, until its end date if it has one."""
    bad_address: StandingBlock | None = None
    counts_all_alike: bool = field(init=False, eq=False, repr=False)
    """Whether every open loan counts as an item out, wherever it is used and whatever is claimed of it."""

    @counts_all_alike.default
    def _counts_all_alike(self) -> bool:
        together, counted = self.on_site is OnSiteCounting.TOGETHER, self.claims is ClaimsCounting.COUNTED
        return together and counted and self.item_limit_scope is ItemLimitScope.ALL_LOANS

    def __attrs_post_init__(self) -> None:
        for library, limit in self.by_library.items():
            if limit < 0:
                raise InvalidValue(f"limit {limit} of library {library!r} is below 0: write 0 for none at all")

    @property
    def counts_by_library(self) -> bool:
        """Whether any library has a number of its own."""
        return bool(self.by_library) or self.items_out_per_library is not None

    def items_out_at(self, library: LibraryCode) -> int | None:
        """How many items a patron may have out of one library: its own number, or the one for every library."""
        return self.by_library.get(library, self.items_out_per_library)
